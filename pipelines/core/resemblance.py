"""How alike two texts are: found by few sampled shingles, judged by all of them, by numbers and by names.

    text --sample--> fingerprints, which the warehouse joins        --resemblance--> containment, numbers, names

The share of the shorter text that stands in the other does not mind what an outlet cut or added. It cannot tell court
reports apart, which share their wording and differ in figures and names: these are compared beside it.
"""

import re
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipelines.core.text import folded, hash_of, numbers_of, sentences_of, shingles

SAMPLE_ONE_IN = 16
FEWEST_SAMPLED = 2  # of any text with so many shingles, so that it can be found at all
SHORT_SAMPLE = 8  # texts with so few sampled shingles are candidates by a single one
LEAST_SAMPLED_SHARE = 0.125  # of the smaller sample: half of a text is never so seldom sampled, a formula nearly always
REPEATED_ON = 3  # articles of an outlet: a line in so many is the outlet's
_NAME = re.compile(r"(?<![\w’'-])[^\W\d_](?:[\w’'-]*\w)+")
_FIRST_LETTER = re.compile(r"\w")


@dataclass(frozen=True, slots=True)
class Print:
    """What a text is compared by."""

    shingles: frozenset[int]
    numbers: frozenset[str]
    names: frozenset[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Resemblance:
    """Two texts side by side.

    Attributes:
        shared: shingles in both.
        one, other: shingles of each.
        numbers, names: those in both over the fewer; 1 where either text has none.
    """

    shared: int
    one: int
    other: int
    numbers: float
    names: float

    @property
    def containment(self) -> float:
        """Share of the shorter text's shingles that stand in the other; 0 where a text is empty."""
        fewer = min(self.one, self.other)
        return self.shared / fewer if fewer else 0.0


def resemblance(one: str, other: str) -> Resemblance:
    """How alike two texts are, whichever is named first."""
    mine, theirs = print_of(one), print_of(other)
    return Resemblance(
        shared=len(mine.shingles & theirs.shingles),
        one=len(mine.shingles),
        other=len(theirs.shingles),
        numbers=overlap(mine.numbers, theirs.numbers),
        names=overlap(mine.names, theirs.names),
    )


@lru_cache(maxsize=1024)  # some 50 kB each
def print_of(text: str) -> Print:
    """All shingles, numbers and names of a text."""
    return Print(shingles(text), numbers_of(text), name_words(text))


def name_words(text: str) -> frozenset[str]:
    """Capitalised words that open no sentence, case-folded, one by one.

    Runs of them are no measure: a word cut or put in between makes two other runs, and every edit looks like news.
    """
    openings = {
        found.start() for s in sentences_of(text) if (found := _FIRST_LETTER.search(text, s.start, s.end)) is not None
    }
    return frozenset(
        m.group().casefold() for m in _NAME.finditer(text) if m.group()[0].isupper() and m.start() not in openings
    )


def overlap(one: frozenset[str], other: frozenset[str]) -> float:
    """Shared over the fewer; 1 where either has none: nothing speaks against."""
    return len(one & other) / min(len(one), len(other)) if one and other else 1.0


def sample(text: str) -> frozenset[int]:
    """The sampled shingles of a text: those that 16 divides, about 34 of a usual article.

    A short text of which fewer than two are sampled is represented by its smallest as well.
    """
    return sampled(shingles(text))


def sampled(every: frozenset[int]) -> frozenset[int]:
    """The sample of a text, by all of its shingles."""
    chosen = frozenset(s for s in every if s % SAMPLE_ONE_IN == 0)
    return chosen if len(chosen) >= FEWEST_SAMPLED else chosen | frozenset(sorted(every)[:FEWEST_SAMPLED])


def may_share_a_text(shared: int, one: int, other: int) -> bool:
    """True where so many shared of two samples of these sizes make the texts worth reading side by side.

    Depends on the two alone, so that neither order nor batches play a role. The warehouse asks the same in SQL.
    """
    fewer = min(one, other)
    return shared >= max(1 if fewer <= SHORT_SAMPLE else 2, LEAST_SAMPLED_SHARE * fewer)


def text_hash(text: str) -> int | None:
    """One number for a text whatever its case, marks and spacing; None for a text without words."""
    words = folded(text)
    return hash_of(words) if words else None


def without_repeated(texts: Sequence[tuple[str, str]]) -> list[str]:
    """Texts of (outlet, text) without the lines that three or more articles of one outlet have.

    For texts that reach us as they are. In the warehouse, extraction has done so already, with the memory of the days
    before. A text of which less than half would stay is a version of others, and stays whole.
    """
    often: Counter[tuple[str, str]] = Counter()
    for outlet, text in texts:
        often.update({(outlet, key) for line in text.split("\n") if (key := folded(line))})
    repeated = {line for line, articles in often.items() if articles >= REPEATED_ON}
    return [_without(outlet, text, repeated) for outlet, text in texts]


def _without(outlet: str, text: str, repeated: Collection[tuple[str, str]]) -> str:
    kept = "\n".join(line for line in text.split("\n") if (outlet, folded(line)) not in repeated)
    return kept if 2 * len(kept) >= len(text) else text
