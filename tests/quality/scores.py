"""Scores as their definitions say: precision and recall of decisions, of pairs in one group, and B-cubed."""

from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from math import comb


@dataclass(frozen=True, slots=True)
class Score:
    """Precision and recall, each 0..1; a side on which nothing could go wrong is 1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """Their harmonic mean."""
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def of_decisions(decided: Iterable[bool], truth: Iterable[bool]) -> Score:
    """Yes-or-no decisions against the truth."""
    counted = Counter(zip(decided, truth, strict=True))
    right, wrong, missed = counted[True, True], counted[True, False], counted[False, True]
    return Score(_share(right, right + wrong), _share(right, right + missed))


def of_pairs(groups: Sequence[Hashable], truth: Sequence[Hashable]) -> Score:
    """Pairs put into one group against the pairs that belong into one."""
    right = _pairs(zip(groups, truth, strict=True))
    return Score(_share(right, _pairs(groups)), _share(right, _pairs(truth)))


def b_cubed(groups: Sequence[Hashable], truth: Sequence[Hashable]) -> Score:
    """For each item, how much of its group belongs there and how much of its true group is there; then the mean."""
    ours, theirs, both = Counter(groups), Counter(truth), Counter(zip(groups, truth, strict=True))
    precision = sum(n * n / ours[group] for (group, _), n in both.items()) / len(groups)
    recall = sum(n * n / theirs[true] for (_, true), n in both.items()) / len(groups)
    return Score(precision, recall)


def kept_apart(groups: Sequence[Hashable]) -> float:
    """The share of items, all different in truth, that were not merged into another."""
    return _share(len(set(groups)), len(groups))


def _pairs(groups: Iterable[Hashable]) -> int:
    return sum(comb(n, 2) for n in Counter(groups).values())


def _share(part: int, whole: int) -> float:
    return part / whole if whole else 1.0
