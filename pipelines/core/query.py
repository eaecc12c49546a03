"""Topic queries: term groups combined by all, any, none and nearness. Pure evaluation over the hits of a document."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace

from pipelines.core.lexicon import Hit

MOST_HITS = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Expression:
    """One node of a query. A leaf names a term group; an inner node combines its parts.

    Attributes:
        kind: group | all | any | none | near.
        within: for near, the most words between the outermost hits.
    """

    kind: str
    group: str = ""
    parts: tuple["Expression", ...] = ()
    within: int = 0


def interned(expression: Expression, pool: dict[Expression, Expression]) -> Expression:
    """The expression with equal parts made one object, so that each is evaluated once a document."""
    parts = tuple(interned(p, pool) for p in expression.parts)
    whole = replace(expression, parts=parts)
    return pool.setdefault(whole, whole)


Found = tuple[Hit, ...] | None


class Evaluation:
    """Expressions over the hits of one document, each evaluated once.

    Attributes:
        hits: by group, in order of their first word; at most `MOST_HITS` of a group count, which bounds the work
            on a text of nothing but the topic's words.
    """

    def __init__(self, hits: Iterable[Hit]) -> None:
        self.hits: dict[str, list[Hit]] = {}
        for hit in hits:
            group = self.hits.setdefault(hit.group, [])
            if len(group) < MOST_HITS:
                group.append(hit)
        # The expression is kept beside its result: an id alone may be given again to another.
        self._known: dict[int, tuple[Expression, Found]] = {}

    def holds(self, expression: Expression) -> Found:
        """The hits by which an expression holds, in order; None where it does not hold."""
        key = id(expression)
        if key not in self._known:
            self._known[key] = (expression, self._evaluated(expression))
        return self._known[key][1]

    def is_within(self, expression: Expression, words: int) -> bool:
        """True where the parts of a `near` stand within so many words, be it more than it asks for."""
        return _near([self.holds(part) or () for part in expression.parts], words) is not None

    def _evaluated(self, expression: Expression) -> Found:
        if expression.kind == "group":
            return tuple(self.hits.get(expression.group, ())) or None
        results = [self.holds(part) for part in expression.parts]
        if expression.kind == "none":
            return None if any(r is not None for r in results) else ()
        if expression.kind == "any":
            return None if all(r is None for r in results) else _united(results)
        if any(r is None for r in results):
            return None
        return _united(results) if expression.kind == "all" else _near([r or () for r in results], expression.within)


def _united(results: Iterable[Found]) -> tuple[Hit, ...]:
    return tuple(sorted({h for r in results if r for h in r}, key=_order))


def _order(hit: Hit) -> tuple[int, int, str, str]:
    return (hit.first, hit.last, hit.group, hit.term)


def _near(results: Sequence[tuple[Hit, ...]], within: int) -> Found:
    """Hits of all parts with at most `within` words between the outermost; the order of the parts does not matter.

    Each hit is tried as the leftmost, with the next hit of every other part, and as the rightmost, with the one
    before. A part that holds without a hit of its own (`none`) asks for no nearness.
    """
    parts = [(hits, [h.first for h in hits]) for hits in results if hits]
    kept: set[Hit] = set()
    for i, (hits, _) in enumerate(parts):
        others = parts[:i] + parts[i + 1 :]
        for hit in hits:
            for beside in (_next_of, _last_of):
                partners = [beside(other, firsts, hit) for other, firsts in others]
                if all(p is not None and _distance(hit, p) <= within for p in partners):
                    kept.update((hit, *(p for p in partners if p is not None)))
    return tuple(sorted(kept, key=_order)) or None


def _next_of(hits: Sequence[Hit], firsts: Sequence[int], hit: Hit) -> Hit | None:
    place = bisect_left(firsts, hit.first)
    return hits[place] if place < len(hits) else None


def _last_of(hits: Sequence[Hit], firsts: Sequence[int], hit: Hit) -> Hit | None:
    place = bisect_right(firsts, hit.first)
    return hits[place - 1] if place else None


def _distance(one: Hit, other: Hit) -> int:
    """Words between two hits; 0 where they touch or overlap."""
    return max(0, max(one.first, other.first) - min(one.last, other.last) - 1)


def is_possible(expression: Expression, groups: Collection[str]) -> bool:
    """False where an expression cannot hold in a text that has hits of these groups at most: a necessary condition."""
    if expression.kind == "group":
        return expression.group in groups
    if expression.kind == "none":
        return True
    parts = (is_possible(part, groups) for part in expression.parts)
    return any(parts) if expression.kind == "any" else all(parts)


def groups_of(expression: Expression) -> set[str]:
    """The term groups that an expression names."""
    own = {expression.group} if expression.kind == "group" else set()
    return own.union(*(groups_of(p) for p in expression.parts)) if expression.parts else own
