"""A person's decisions over the rules' stories: two articles must be of one story, or must not.

    rules' places | standing judgements --judged--> places

Judgements win over the rules on every run, the later over the earlier. The rules' places are never changed by them:
undone, a judgement leaves no trace, as if it had never been made.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

RULE_VERSION = "judgements-1"


class Verdict(StrEnum):
    """What a person said of two articles."""

    JOIN = "join"
    SPLIT = "split"


@dataclass(frozen=True, slots=True, kw_only=True)
class Judgement:
    """A decision on the stories of two articles.

    Attributes:
        number: in order of decision; a later one wins over an earlier one that says otherwise.
        verdict: `join`: the whole story of `other` belongs to that of `one`. `split`: `other` leaves the story of
            `one`, alone or with the articles that must be with it; if `other` opened that story, `one` leaves.
    """

    number: int
    verdict: Verdict
    one: int
    other: int


def standing(judgements: Iterable[Judgement]) -> list[Judgement]:
    """Those that hold, in order of decision: an earlier one gives way where it contradicts what came later."""
    kept: list[Judgement] = []
    together = _Sets()
    apart: list[tuple[int, int]] = []
    for judgement in sorted(judgements, key=lambda j: j.number, reverse=True):
        one, other = judgement.one, judgement.other
        if judgement.verdict is Verdict.SPLIT:
            if not together.are_one(one, other):
                apart.append((one, other))
                kept.append(judgement)
        elif not any({together.root(a), together.root(b)} == {together.root(one), together.root(other)}
                     for a, b in apart):  # fmt: skip
            together.join(one, other)
            kept.append(judgement)
    return kept[::-1]


def judged(places: Mapping[int, int], judgements: Sequence[Judgement]) -> dict[int, int]:
    """Places of articles in stories after a person's decisions.

    Args:
        places: article -> story, as the rules have it. A story is called after one of its articles; an article whom
            the rules put with one that a judgement took elsewhere goes where that one goes.
        judgements: in any order; those about articles that have no place say nothing.

    Returns:
        A place for the same articles. Stories that no judgement touches are as they were.
    """
    known = [j for j in judgements if j.one in places and j.other in places and j.one != j.other]
    return _Places(places, standing(known)).found()


class _Places:
    """The rules' stories as trees, an article below the one its story is called after, and where they are cut."""

    def __init__(self, places: Mapping[int, int], judgements: Sequence[Judgement]) -> None:
        self._places = places
        self._joins = [(j.one, j.other) for j in judgements if j.verdict is Verdict.JOIN]
        self._splits = [(j.one, j.other) for j in judgements if j.verdict is Verdict.SPLIT]
        self._cuts: set[int] = set()
        while self._cut_more():
            pass

    def found(self) -> dict[int, int]:
        names = self._merged().names
        return {a: names.get(part := self._part(a), part) for a in self._places}

    def _part(self, article_id: int) -> int:
        """The story of an article: upwards, to a cut or to the top."""
        seen: set[int] = set()
        while article_id not in self._cuts and article_id not in seen:
            seen.add(article_id)
            above = self._places.get(article_id)
            if above is None or above == article_id:
                return article_id
            article_id = above
        return article_id

    def _merged(self) -> "_Sets":
        merged = _Sets()
        for one, other in self._joins:
            merged.join(self._part(one), self._part(other))
        return merged

    def _cut_more(self) -> bool:
        """Part one pair that must be apart and is not; False where there is none."""
        merged = self._merged()
        for one, other in self._splits:
            if merged.are_one(self._part(one), self._part(other)):
                self._cuts |= self._parting(one, other)
                return True
        return False

    def _parting(self, one: int, other: int) -> set[int]:
        """Where to cut: below the top, so that the story keeps its name; else whatever joins the two stories."""
        for article_id in (other, one):
            if self._part(article_id) != article_id:
                return {article_id}
        return {a for pair in self._joins for a in pair} - self._cuts


class _Sets:
    """Sets that grow together; each is named after the first of the pair that made it."""

    def __init__(self) -> None:
        self._above: dict[int, int] = {}

    def root(self, one: int) -> int:
        while (above := self._above.get(one, one)) != one:
            one = above
        return one

    def are_one(self, one: int, other: int) -> bool:
        return self.root(one) == self.root(other)

    def join(self, one: int, other: int) -> None:
        if not self.are_one(one, other):
            self._above[self.root(other)] = self.root(one)

    @property
    def names(self) -> dict[int, int]:
        return {a: self.root(a) for a in self._above}


def touched(judgements: Iterable[Judgement]) -> frozenset[int]:
    """The articles that judgements are about."""
    return frozenset(a for j in judgements for a in (j.one, j.other))
