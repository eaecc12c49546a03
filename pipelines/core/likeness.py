"""How alike articles of one language are: words, names and numbers, each as TF-IDF vectors.

    ClusterItem --profile_of--> Profile;   profiles --Likeness--> rows of similarities, 0 to 1

0.4 cosine of words and word pairs + 0.3 of names + 0.3 of numbers, these two up to four times that of the words. What
one of the two articles lacks is not held against them: its share goes to the words. So scripts without capitals, and
short reports without a figure, have a chance (docs/decisions/0019, with what was measured and what did not help).
"""

import math
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipelines.core.nouns import ClusterItem
from pipelines.core.text import names_of, numbers_of, tokens_of

_WORDS, _NAMES, _NUMBERS = 0.4, 0.3, 0.3
_MOST_OVER_WORDS = 4.0  # times: one name shared by two short notes on other things is no event
_TITLE_TIMES = 3
_LONGEST_TEXT = 6_000  # characters; what a report is about stands before that
_LEAD = 1_000  # characters; a number that stands there counts twice
_LEAST_WORD = 3  # letters of a plain word; "no", "of" and "in" tell nothing
_SLOPE = 1.2  # of the pivoted length: above 1 a short text is not thought unlike the others for its length alone
_LEAST_LENGTH = 0.5  # of its own length, whatever the pivot says: a text of three words is like nothing for sure
_COMMON = 8  # a term of every eighth article is common: those are multiplied as a dense block
_BLOCK = 256  # rows at a time

Floats = npt.NDArray[np.float32]
Integers = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Profile:
    """What stories need of an article. `names` are whole names, case-folded; `counts` have words and word pairs."""

    counts: Mapping[str, int]
    names: frozenset[str]
    numbers: Mapping[str, int]


def profile_of(item: ClusterItem) -> Profile:
    """The words, names and numbers of a title and the text below it."""
    text = f"{(item.title + '. ') * _TITLE_TIMES}{item.text[:_LONGEST_TEXT]}"
    words = [w for w in map(str.casefold, tokens_of(text)) if len(w) >= _LEAST_WORD or not w.isascii()]
    counts = Counter(words)
    counts.update(f"{a} {b}" for a, b in pairwise(words))
    numbers = Counter(numbers_of(text))
    numbers.update(numbers_of(text[: len(item.title) * _TITLE_TIMES + _LEAD]))
    return Profile(counts, names_of(text), numbers)


def similarities(items: Sequence[ClusterItem]) -> Floats:
    """Pairwise similarity of articles of one language; the diagonal is 1."""
    likeness = Likeness([profile_of(i) for i in items])
    result = np.concatenate([rows for _, rows in likeness.rows(range(len(items)))] or [np.zeros((0, 0), np.float32)])
    np.fill_diagonal(result, 1.0)
    return result


class Likeness:
    """Similarities among the articles of a window. How rare a term is, is counted in this window."""

    def __init__(self, profiles: Sequence[Profile]) -> None:
        self._words = _Vectors([p.counts for p in profiles])
        self._names = _Vectors([Counter(n for name in p.names for n in name.split()) for p in profiles])
        self._numbers = _Vectors([p.numbers for p in profiles])
        lengths = self._words.lengths
        usual = float(lengths[lengths > 0].mean()) if lengths.any() else 0.0
        pivoted = np.maximum(usual + _SLOPE * (lengths - usual), _LEAST_LENGTH * lengths)
        self._stretch = np.where(lengths > 0, lengths / np.where(pivoted > 0, pivoted, 1.0), 1.0).astype(np.float32)

    def rows(self, wanted: Sequence[int]) -> Iterator[tuple[Sequence[int], Floats]]:
        """Similarities of the wanted articles to all, in blocks: the articles of a block and their rows."""
        for start in range(0, len(wanted), _BLOCK):
            block = wanted[start : start + _BLOCK]
            yield block, self._block(np.asarray(block, dtype=np.int64))

    def _block(self, block: Integers) -> Floats:
        words = self._words.cosines(block) * self._stretch[block][:, None] * self._stretch[None, :]
        names, numbers = (
            np.minimum(_or_else(v, block, words), _MOST_OVER_WORDS * words) for v in (self._names, self._numbers)
        )
        result: Floats = np.clip(_WORDS * words + _NAMES * names + _NUMBERS * numbers, 0.0, 1.0)
        return result


def _or_else(vectors: "_Vectors", block: Integers, words: Floats) -> Floats:
    """Cosines, and those of the words where one of the two has nothing of the kind."""
    have = vectors.lengths > 0
    return np.where(have[block][:, None] & have[None, :], vectors.cosines(block), words)


class _Vectors:
    """TF-IDF vectors of length 1 (sublinear term frequency, smoothed idf), kept by term.

    A term of one article alone has no column, only its share of the length: such are most of all terms.

    Attributes:
        lengths: of the vectors before they were brought to 1.
    """

    def __init__(self, counts: Sequence[Mapping[str, int]]) -> None:
        held = Counter(t for c in counts for t in c)
        columns = {t: i for i, t in enumerate(t for t, n in held.items() if n > 1)}
        total = len(counts)
        idf = {t: math.log((1 + total) / (1 + n)) + 1 for t, n in held.items()}
        self.lengths = np.zeros(total)
        terms: list[int] = []
        weights: list[float] = []
        starts = [0]
        for row, count in enumerate(counts):
            square = 0.0
            for term, times in count.items():
                weight = (1 + math.log(times)) * idf[term]
                square += weight * weight
                column = columns.get(term)
                if column is not None:
                    terms.append(column)
                    weights.append(weight)
            self.lengths[row] = math.sqrt(square)
            starts.append(len(terms))
        self._total = total
        self._index(np.asarray(terms, np.int64), np.asarray(weights), np.asarray(starts, np.int64), len(columns))

    def _index(self, terms: Integers, weights: npt.NDArray[np.float64], starts: Integers, columns: int) -> None:
        rows = np.repeat(np.arange(self._total), np.diff(starts))
        weights = (weights / np.where(self.lengths > 0, self.lengths, 1.0)[rows]).astype(np.float32)
        often = np.bincount(terms, minlength=columns)
        common = np.flatnonzero(often * _COMMON > self._total)
        place = np.full(columns, -1, np.int64)
        place[common] = np.arange(len(common))
        is_common = place[terms] >= 0
        self._dense = np.zeros((self._total, len(common)), np.float32)
        self._dense[rows[is_common], place[terms[is_common]]] = weights[is_common]
        self._rows, self._terms, self._weights = rows[~is_common], terms[~is_common], weights[~is_common]
        self._starts = np.searchsorted(self._rows, np.arange(self._total + 1))
        order = np.argsort(self._terms, kind="stable")
        self._holders, self._held_weights = self._rows[order], self._weights[order]
        self._postings = np.searchsorted(self._terms[order], np.arange(columns + 1))

    def cosines(self, block: Integers) -> Floats:
        """Rows of the articles in the block, a column for each article."""
        result: Floats = self._dense[block] @ self._dense.T
        for place, row in enumerate(block):
            result[place] += self._rare(int(row))
        return result

    def _rare(self, row: int) -> Floats:
        mine = slice(self._starts[row], self._starts[row + 1])
        terms = self._terms[mine]
        first, sizes = self._postings[terms], self._postings[terms + 1] - self._postings[terms]
        at = np.arange(int(sizes.sum())) + np.repeat(first - np.cumsum(sizes) + sizes, sizes)
        products = np.repeat(self._weights[mine], sizes) * self._held_weights[at]
        return np.bincount(self._holders[at], weights=products, minlength=self._total).astype(np.float32)
