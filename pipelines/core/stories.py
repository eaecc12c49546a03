"""Stories: the articles about one event, by average-link clustering that can be explained in one line.

Similarity of two articles of one language = 0.6 cosine of TF-IDF words and word pairs + 0.3 shared names
+ 0.1 shared numbers. Groups are joined while their mean similarity is at least 0.16 (docs/decisions/0006).
Stories of earlier runs are fixed seeds: they can grow and are never joined with each other, so ids are stable.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from itertools import pairwise

import numpy as np
import numpy.typing as npt

from pipelines.core.duplicates import originality
from pipelines.core.nouns import ClusterItem, StoryLink
from pipelines.core.text import names_of, numbers_of, words_of

RULE_VERSION = "stories-2"
WINDOW = timedelta(days=3)
CUT = 0.16
_WORDS, _NAMES, _NUMBERS = 0.6, 0.3, 0.1
_TITLE_TIMES = 3
_LONGEST_TEXT = 6_000  # characters; what a report is about stands before that
_LEAST_WORD = 3

Floats = npt.NDArray[np.float64]


@dataclass(slots=True)
class _Group:
    members: list[int]
    story_id: int | None
    since: date | None
    links: dict[int, float] = field(default_factory=dict)


def cluster(items: Sequence[ClusterItem], placed: Mapping[int, int]) -> list[StoryLink]:
    """Place the articles that have no story yet.

    Args:
        items: articles of the window, new and placed, of one language.
        placed: article -> story, for those placed earlier.

    Returns:
        A link for each article that was not placed. The story's id is the id of the article that opened it,
        the likeliest original of its group.
    """
    if not items or all(i.article_id in placed for i in items):
        return []
    ordered = sorted(items, key=originality)
    groups = _seeds(ordered, placed)
    _join(groups, similarities(ordered), ordered)
    return [link for g in groups for link in _links(g, ordered, placed)]


def _seeds(items: Sequence[ClusterItem], placed: Mapping[int, int]) -> list[_Group]:
    groups: dict[int, _Group] = {}
    alone = []
    for index, item in enumerate(items):
        story_id = placed.get(item.article_id)
        if story_id is None:
            alone.append(_Group([index], None, _day(item)))
        else:
            groups.setdefault(story_id, _Group([], story_id, _day(item))).members.append(index)
    return [*groups.values(), *alone]


def _join(groups: list[_Group], similarity: Floats, items: Sequence[ClusterItem]) -> None:
    """Join the two likest groups until none are like enough; two stories of earlier runs never join."""
    count = len(groups)
    means = np.zeros((count, count))
    for i in range(count):
        for j in range(i):
            means[i, j] = means[j, i] = _mean(groups[i], groups[j], similarity, items)
    np.fill_diagonal(means, -1.0)
    alive = np.ones(count, dtype=bool)
    while count > 1:
        i, j = divmod(int(np.argmax(means)), len(groups))
        best = float(means[i, j])
        if best < CUT:
            break
        i, j = (i, j) if groups[i].story_id is not None or groups[j].story_id is None else (j, i)
        _absorb(groups, i, j, best)
        means[j, :] = means[:, j] = -1.0
        alive[j] = False
        count -= 1
        for k in np.flatnonzero(alive):
            if k != i:
                means[i, k] = means[k, i] = _mean(groups[i], groups[k], similarity, items)
    groups[:] = [g for g in groups if g.members]


def _absorb(groups: list[_Group], into: int, gone: int, similarity: float) -> None:
    keeper, absorbed = groups[into], groups[gone]
    for member in absorbed.members:
        keeper.links[member] = similarity
    keeper.members += absorbed.members
    absorbed.members = []


def _mean(one: _Group, other: _Group, similarity: Floats, items: Sequence[ClusterItem]) -> float:
    if one.story_id is not None and other.story_id is not None:
        return -1.0
    days = [d for d in (_day(items[i]) for g in (one, other) for i in g.members) if d is not None]
    if days and max(days) - min(days) > 2 * WINDOW:  # a story that goes on is a story line, not one event
        return -1.0
    return float(similarity[np.ix_(one.members, other.members)].mean())


def _links(group: _Group, items: Sequence[ClusterItem], placed: Mapping[int, int]) -> list[StoryLink]:
    opener = items[min(group.members)].article_id
    story_id = group.story_id if group.story_id is not None else opener
    links = []
    for member in sorted(group.members):
        article_id = items[member].article_id
        if article_id not in placed:
            opened = article_id == story_id
            similarity = 1.0 if opened else round(group.links.get(member) or max(group.links.values()), 4)
            links.append(StoryLink(article_id=article_id, story_id=story_id, similarity=similarity,
                                   reason="opened" if opened else "similar"))  # fmt: skip
    return links


def _day(item: ClusterItem) -> date | None:
    return item.published_day or (item.first_seen_at.date() if item.first_seen_at else None)


def similarities(items: Sequence[ClusterItem]) -> Floats:
    """Pairwise similarity, 0 to 1, of articles of one language; the diagonal is 1."""
    texts = [f"{(i.title + '. ') * _TITLE_TIMES}{i.text[:_LONGEST_TEXT]}" for i in items]
    words = _cosine([_word_counts(t) for t in texts])
    names = _cosine([Counter(n for name in names_of(t) for n in name.split()) for t in texts])
    numbers = _cosine([Counter(numbers_of(t)) for t in texts])
    result = _WORDS * words + _NAMES * names + _NUMBERS * numbers
    np.fill_diagonal(result, 1.0)
    return result


def _word_counts(text: str) -> Counter[str]:
    words = [w.folded for w in words_of(text) if len(w.folded) >= _LEAST_WORD]
    return Counter(words) + Counter(f"{a} {b}" for a, b in pairwise(words))


def _cosine(counts: Sequence[Counter[str]]) -> Floats:
    """Cosine of TF-IDF vectors (sublinear term frequency, smoothed idf).

    Terms of one article alone get no column, only their share of the length: they are most of all terms.
    """
    held = Counter(t for c in counts for t in c)
    terms = {t: i for i, t in enumerate(sorted(t for t, n in held.items() if n > 1))}
    total = len(counts)
    matrix = np.zeros((total, len(terms) + 1))
    for row, count in enumerate(counts):
        rest = 0.0
        for term, times in count.items():
            weight = (1 + math.log(times)) * (math.log((1 + total) / (1 + held[term])) + 1)
            if term in terms:
                matrix[row, terms[term]] = weight
            else:
                rest += weight * weight
        norm = math.sqrt(float((matrix[row] ** 2).sum()) + rest)
        if norm:
            matrix[row] /= norm
    product: Floats = matrix @ matrix.T
    return product


@dataclass(frozen=True, slots=True, kw_only=True)
class StorySketch:
    """What a story shows across languages: bodies and acts, names, telling numbers, its day."""

    story_id: int
    language: str | None
    day: date | None
    bodies: frozenset[str]
    names: frozenset[str]
    numbers: frozenset[str]
    topics: frozenset[str]


LINE_DAYS = timedelta(days=2)
LINE_AT_LEAST = 0.35


class LineJudge:
    """Judges whether stories of different languages tell of one event, among the stories of a window.

    What few stories share tells more: a name or number weighs log(1 + stories / stories that show it).
    """

    def __init__(self, sketches: Sequence[StorySketch]) -> None:
        held = Counter(x for s in sketches for x in (*s.names, *s.numbers, *s.bodies))
        self._weights = {x: math.log(1 + len(sketches) / n) for x, n in held.items()}

    def similarity(self, one: StorySketch, other: StorySketch) -> tuple[float, str]:
        """0 to 1, and what they share. A shared number, or two shared names, are demanded."""
        names, numbers = one.names & other.names, one.numbers & other.numbers
        if one.language == other.language or not _are_close(one.day, other.day) or not one.topics & other.topics:
            return 0.0, ""
        if not numbers and len(names) < 2:  # noqa: PLR2004
            return 0.0, ""
        score = 0.45 * self._cosine(one.names, other.names) + 0.4 * self._cosine(one.numbers, other.numbers)
        score += 0.15 * self._cosine(one.bodies, other.bodies)
        told = sorted((*names, *numbers), key=lambda x: (-self._weights[x], x))
        return round(score, 4), ", ".join(told[:5])

    def _cosine(self, one: frozenset[str], other: frozenset[str]) -> float:
        both = self._sum(one) * self._sum(other)
        return self._sum(one & other) / math.sqrt(both) if both else 0.0

    def _sum(self, shown: frozenset[str]) -> float:
        return sum(self._weights[x] ** 2 for x in shown)


def _are_close(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= LINE_DAYS
