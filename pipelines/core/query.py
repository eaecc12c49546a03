"""Topic queries: term groups per language, combined by all, any, none and nearness. Pure evaluation.

    groups, query --compile_query--> Query;  Query, title + text --hits_of--> Hit --evaluate--> what holds

A term is one word or a phrase; `*` at the start or end of a word stands for any letters:
`missbrauch*`, `*missbrauch*`, `child sexual abuse`. Case is folded and hyphens and apostrophes part words.
"""

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace

from pipelines.core.text import Word, words_of

ANY_LANGUAGE = "any"
MOST_HITS = 400


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found: words `first` to `last` (inclusive) of the document's word list."""

    group: str
    term: str
    first: int
    last: int


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


@dataclass(frozen=True, slots=True)
class _Pattern:
    """A term as word patterns; `*` at either end of one is a wildcard."""

    group: str
    term: str
    words: tuple[str, ...]


class Lexicon:
    """The term groups of one language, ready to be looked up word by word.

    A text's words mostly start no term, so the first word of each term is indexed: exact words in a dict,
    wildcards by what every distinct word resolves to, remembered.
    """

    def __init__(self, groups: Mapping[str, Iterable[str]]) -> None:
        self._exact: dict[str, list[_Pattern]] = {}
        self._wild: list[_Pattern] = []
        self._resolved: dict[str, tuple[_Pattern, ...]] = {}
        for group, terms in groups.items():
            for term in terms:
                words = _pattern_words(term)
                if words:
                    self._index(_Pattern(group, term, words))

    def _index(self, pattern: _Pattern) -> None:
        if "*" in pattern.words[0]:
            self._wild.append(pattern)
        else:
            self._exact.setdefault(pattern.words[0], []).append(pattern)

    def hits(self, words: Sequence[Word]) -> list[Hit]:
        """Every term that occurs, in order of its first word."""
        return [
            Hit(pattern.group, pattern.term, position, position + len(pattern.words) - 1)
            for position, word in enumerate(words)
            for pattern in self._starting_with(word.folded)
            if _continues(pattern, words, position)
        ]

    def _starting_with(self, word: str) -> tuple[_Pattern, ...]:
        known = self._resolved.get(word)
        if known is None:
            wild = (p for p in self._wild if _is_match(p.words[0], word))
            known = (*self._exact.get(word, ()), *wild)
            if len(self._resolved) < 200_000:  # noqa: PLR2004 (bounds memory on hostile text)
                self._resolved[word] = known
        return known


def _pattern_words(term: str) -> tuple[str, ...]:
    """Split a term as a text is split, keeping its wildcards."""
    words: list[str] = []
    for chunk in term.split():
        parts = words_of(chunk.replace("*", ""))
        for i, part in enumerate(parts):
            head = "*" if i == 0 and chunk.startswith("*") else ""
            tail = "*" if i == len(parts) - 1 and chunk.endswith("*") else ""
            words.append(f"{head}{part.folded}{tail}")
    return tuple(words)


def _is_match(pattern: str, word: str) -> bool:
    stem = pattern.strip("*")
    if pattern.startswith("*"):
        return stem in word if pattern.endswith("*") else word.endswith(stem)
    return word.startswith(stem) if pattern.endswith("*") else word == stem


def _continues(pattern: _Pattern, words: Sequence[Word], position: int) -> bool:
    if position + len(pattern.words) > len(words):
        return False
    following = pattern.words[1:]
    return all(_is_match(p, words[position + 1 + i].folded) for i, p in enumerate(following))


def lexicons(terms: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, Lexicon]:
    """A lexicon for each language named in `terms` (group -> language -> terms), and `any` with all of them.

    Universal terms (`any`: acts, bodies, acronyms) are part of every language. A language that has no terms
    of its own is read with `any`, which holds the terms of all.
    """
    languages = {language for group in terms.values() for language in group}
    by_language = {
        language: Lexicon({g: [*t.get(language, ()), *t.get(ANY_LANGUAGE, ())] for g, t in terms.items()})
        for language in languages - {ANY_LANGUAGE}
    }
    everything = Lexicon({g: list(dict.fromkeys(x for ts in t.values() for x in ts)) for g, t in terms.items()})
    return {**by_language, ANY_LANGUAGE: everything}


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


def term_problem(term: str) -> str | None:
    """What is wrong with a term as written, or None."""
    if not words_of(term.replace("*", "")):
        return f"term {term!r} has no word"
    if any("*" in chunk.strip("*") or not chunk.strip("*") for chunk in term.split()):
        return f"term {term!r}: * stands for letters at the start or end of a word only"
    return None


def groups_of(expression: Expression) -> set[str]:
    """The term groups that an expression names."""
    own = {expression.group} if expression.kind == "group" else set()
    return own.union(*(groups_of(p) for p in expression.parts)) if expression.parts else own
