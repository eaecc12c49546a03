"""How near a query came to holding, and what it still lacks: why an article was left out, and what had let it in."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.core.query import Evaluation, Expression

_IN_ONE_PASSAGE = 0.75  # every part of a nearness is there, not quite near enough
_APART = 0.4  # they stand in other passages, and may have nothing to do with each other
_PASSAGE = 3  # times the nearness asked for
_EXCLUDED = 0.5  # all is there, and a word that must not be


@dataclass(frozen=True, slots=True)
class Closeness:
    """What a query has on its most hopeful way.

    Attributes:
        share: 0..1 of what it asks for; 1 where it holds.
        lacks: what is missing on that way, in plain words; empty where it holds.
        weight: of the groups on that way.
    """

    share: float
    lacks: tuple[str, ...] = ()
    weight: float = 1.0


class Nearness:
    """How near expressions are to holding in one document, each looked at once.

    Of alternatives the nearest counts, of a conjunction the mean by what its parts weigh: "child" and "online" without
    a word of abuse are hardly a beginning. Parts that are all there but too far apart count three quarters in one
    passage, two fifths in several. The number orders articles for a second look, no more.

    Args:
        weights: of groups, as in the scoring of hits; 1 where none is named.
    """

    def __init__(self, evaluation: Evaluation, weights: Mapping[str, float]) -> None:
        self._evaluation, self._weights = evaluation, weights
        self._known: dict[int, tuple[Expression, Closeness]] = {}  # the expression too: an id may be given again

    def of(self, expression: Expression) -> Closeness:
        """How near an expression is to holding."""
        if id(expression) not in self._known:
            self._known[id(expression)] = (expression, self._looked_at(expression))
        return self._known[id(expression)][1]

    def _looked_at(self, expression: Expression) -> Closeness:
        if expression.kind == "group":
            return self._of_group(expression.group)
        if expression.kind == "none":
            return self._of_none(expression)
        # A `none` that holds is no merit: most texts do without most words.
        parts = [self.of(p) for p in expression.parts if p.kind != "none" or self._evaluation.holds(p) is None]
        if expression.kind == "any":
            return _nearest(parts)
        weight = sum(part.weight for part in parts)
        if self._evaluation.holds(expression) is not None:
            return Closeness(1.0, (), weight)
        share = sum(part.share * part.weight for part in parts) / (weight or 1.0)
        lacks = tuple(dict.fromkeys(lack for part in parts for lack in part.lacks))
        if expression.kind == "near" and not lacks:
            return self._apart(expression, weight)
        return Closeness(share * _IN_ONE_PASSAGE if expression.kind == "near" else share, lacks, weight)

    def _apart(self, expression: Expression, weight: float) -> Closeness:
        is_passage = self._evaluation.is_within(expression, _PASSAGE * expression.within)
        lacks = (f"{_words(expression)} within {expression.within} words",)
        return Closeness(_IN_ONE_PASSAGE if is_passage else _APART, lacks, weight)

    def _of_group(self, group: str) -> Closeness:
        weight = self._weights.get(group, 1.0)
        if group in self._evaluation.hits:
            return Closeness(1.0, (), weight)
        return Closeness(0.0, (f"a word of {group}",), weight)

    def _of_none(self, expression: Expression) -> Closeness:
        said = [_words(part) for part in expression.parts if self._evaluation.holds(part) is not None]
        return Closeness(_EXCLUDED, (f"without words of {', '.join(said)}",)) if said else Closeness(1.0)


def _nearest(parts: Sequence[Closeness]) -> Closeness:
    best = max(parts, key=lambda p: (p.share, p.weight, -len(p.lacks)))
    if best.share > 0:
        return best
    lacks = " or ".join(dict.fromkeys(lack for part in parts for lack in part.lacks))
    return Closeness(0.0, (lacks,), min(part.weight for part in parts))


def _words(expression: Expression) -> str:
    """An expression as a person would say it: its groups, joined."""
    if expression.kind == "group":
        return expression.group
    joiner = " or " if expression.kind == "any" else " and "
    parts = [part for part in expression.parts if part.kind != "none"]
    return joiner.join(dict.fromkeys(_bracketed(part) if len(parts) > 1 else _words(part) for part in parts))


def _bracketed(expression: Expression) -> str:
    return f"({_words(expression)})" if len(expression.parts) > 1 else _words(expression)
