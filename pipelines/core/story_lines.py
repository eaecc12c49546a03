"""Story lines across languages: by vectors where there are any, else by shared acts, bodies, names and numbers.

    stories of a window --sketches--> ties (is_one_line or possibly related), each with its similarity and reason

What a story shows is compared as it stands: no text is translated.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

import numpy as np
import numpy.typing as npt

from pipelines.core.nouns import StoryTie

RULE_VERSION = "lines-2"  # 2: possibly related is told apart; by vectors where there are any
LINE_DAYS = timedelta(days=2)
LINE_AT_LEAST = 0.35
MAYBE_AT_LEAST = 0.25
MEANING_AT_LEAST = 0.5  # cosine of centred centroids
MEANING_MAYBE = 0.4
_LEAST_TO_CENTRE = 3  # stories of a language: the mean of fewer is the stories themselves
_LEAST_NAMES = 2  # shared, where no number is
_MOST_SHOWN = 5
_MOST_HOLDERS = 0.2  # of the stories: what more of them show finds no candidates
_FEW_STORIES = 20  # so few are compared each with each

Vectors = npt.NDArray[np.float32]


class Meaning(Protocol):
    """What gives texts vectors, whatever their language."""

    @property
    def version(self) -> str:
        """Name and version of the model."""
        ...

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """A row of length 1 for each text."""
        ...


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

    @property
    def shown(self) -> frozenset[str]:
        """Names, numbers and bodies together."""
        return self.names | self.numbers | self.bodies


class LineJudge:
    """Judges whether stories of different languages tell of one event, among the stories of a window.

    What few stories share tells more: a name or number weighs log(1 + stories / stories that show it).

    Args:
        centroids: by story, from `centred`; stories without one are judged by what they show.
    """

    def __init__(self, sketches: Sequence[StorySketch], centroids: Mapping[int, Vectors] | None = None) -> None:
        held = Counter(x for s in sketches for x in (*s.names, *s.numbers, *s.bodies))
        self._weights = {x: math.log(1 + len(sketches) / n) for x, n in held.items()}
        self._sketches = {s.story_id: s for s in sketches}
        self._centroids = centroids or {}
        self._holders: dict[str, list[int]] = defaultdict(list)
        most = max(_FEW_STORIES, _MOST_HOLDERS * len(sketches))
        for sketch in sketches:
            for shown in sketch.shown:
                if held[shown] <= most:
                    self._holders[shown].append(sketch.story_id)

    def ties(self, story_id: int, others: frozenset[int]) -> list[StoryTie]:
        """Ties of a story to some of the others, the likest first, one line before possibly related."""
        sketch = self._sketches[story_id]
        near = {o for shown in sketch.shown for o in self._holders.get(shown, ())} & others
        found = [tie for o in sorted(near) if (tie := self.judge(sketch, self._sketches[o])) is not None]
        return sorted(found, key=lambda t: (not t.is_one_line, -t.similarity, t.other_id))

    def judge(self, one: StorySketch, other: StorySketch) -> StoryTie | None:
        """What two stories have to do with each other; None: nothing that could be shown."""
        if one.language == other.language or not _are_close(one.day, other.day):
            return None
        mine, theirs = self._centroids.get(one.story_id), self._centroids.get(other.story_id)
        told = self._told(one, other)
        if mine is not None and theirs is not None:
            score, method, least = float(mine @ theirs), "meaning", MEANING_MAYBE
            is_one = score >= MEANING_AT_LEAST and bool(told)
        else:
            score, method, least = self.similarity(one, other), "names", MAYBE_AT_LEAST
            is_one = score >= LINE_AT_LEAST and _is_shared(one, other) and bool(one.topics & other.topics)
        if score < least or (method == "names" and not told):
            return None
        return StoryTie(story_id=one.story_id, other_id=other.story_id, similarity=round(score, 4),
                        reason=", ".join(told) or "meaning", method=method, is_one_line=is_one)  # fmt: skip

    def similarity(self, one: StorySketch, other: StorySketch) -> float:
        """0 to 1, by what they show."""
        names, numbers = self._cosine(one.names, other.names), self._cosine(one.numbers, other.numbers)
        return round(0.45 * names + 0.4 * numbers + 0.15 * self._cosine(one.bodies, other.bodies), 4)

    def _told(self, one: StorySketch, other: StorySketch) -> list[str]:
        """Shared names and numbers, the rarest first."""
        shared = (one.names & other.names) | (one.numbers & other.numbers)
        return sorted(shared, key=lambda x: (-self._weights[x], x))[:_MOST_SHOWN]

    def _cosine(self, one: frozenset[str], other: frozenset[str]) -> float:
        shared = one & other
        if not shared:
            return 0.0
        return self._sum(shared) / math.sqrt(self._sum(one) * self._sum(other))

    def _sum(self, shown: frozenset[str]) -> float:
        return sum(self._weights[x] ** 2 for x in shown)


def centred(vectors: Mapping[int, Vectors], languages: Mapping[int, str | None]) -> dict[int, Vectors]:
    """Centroids of stories, each language's own mean taken away, of length 1 again.

    Vectors of one language lie close together whatever they say; without this step stories of one language look
    liker than translations do. A language of fewer than three stories is left out: its mean would be its stories.

    Args:
        vectors: by story, a row for each of its articles that has one.
        languages: by story.
    """
    means = {s: v.mean(axis=0) for s, v in vectors.items() if len(v)}
    by_language: dict[str | None, list[int]] = defaultdict(list)
    for story_id in sorted(means):
        by_language[languages[story_id]].append(story_id)
    found: dict[int, Vectors] = {}
    for story_ids in by_language.values():
        if len(story_ids) >= _LEAST_TO_CENTRE:
            middle = np.mean([means[s] for s in story_ids], axis=0)
            found |= {s: _unit(means[s] - middle) for s in story_ids}
    return found


def _unit(vector: Vectors) -> Vectors:
    length = float(np.linalg.norm(vector))
    return vector / length if length else vector


def lines_of(
    judge: LineJudge, stories: Sequence[int], line_of: Mapping[int, int], firm: Sequence[StoryTie]
) -> Iterator[tuple[int, int, StoryTie | None, list[StoryTie]]]:
    """A line for each story that needs one, in their order; a story can join the line of one before it.

    Args:
        stories: those without a line, the earliest first.
        line_of: lines of the others.
        firm: ties within a language; a story that goes on with another is of its line, if no other language has it.

    Yields:
        Story, its line, the tie that put it there (None: it opened the line), ties to stories it may be related to.
    """
    lines = dict(line_of)
    by_story: dict[int, list[StoryTie]] = defaultdict(list)
    for tie in firm:
        by_story[tie.story_id].append(tie)
    for story_id in stories:
        # The same event told these days comes before what goes on from days ago: that is related, at the least.
        found = judge.ties(story_id, frozenset(lines)) + by_story[story_id]
        into = next((t for t in found if t.is_one_line and t.other_id in lines), None)
        lines[story_id] = lines[into.other_id] if into else story_id
        maybe = [replace(t, is_one_line=False) for t in found if lines.get(t.other_id) != lines[story_id]]
        yield story_id, lines[story_id], into, maybe[:_MOST_SHOWN]


def _is_shared(one: StorySketch, other: StorySketch) -> bool:
    """A number of both, or two names: one name alone is in the news of any day."""
    return bool(one.numbers & other.numbers) or len(one.names & other.names) >= _LEAST_NAMES


def _are_close(one: date | None, other: date | None) -> bool:
    return one is not None and other is not None and abs(one - other) <= LINE_DAYS
