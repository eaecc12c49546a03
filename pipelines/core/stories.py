"""Stories: the articles about one event, by average-link clustering that can be explained in one line.

    articles of a window --Likeness--> sums of similarities --join while the mean is 0.16--> links and ties

Stories of earlier days are fixed seeds: they can grow and are never joined with each other, so ids are stable.
Articles placed earlier today may be decided again, so that the day's stories depend on its articles and not on the
batches in which they came (docs/decisions/0019).
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from pipelines.core.duplicates import originality
from pipelines.core.likeness import Floats, Likeness, Profile, profile_of
from pipelines.core.nouns import ClusterItem, StoryLink, StoryTie

RULE_VERSION = "stories-3"  # 3: numbers weigh as names do, a day's stories are decided together
CUT = 0.16
WINDOW = timedelta(days=3)  # a longer pause ends a story
LONGEST_STORY = 2 * WINDOW  # what goes on after that is another story of the same line
LINE_WINDOW = timedelta(days=7)
MAYBE_CUT = 0.7 * CUT  # two stories as like as this may be related, if they share a name or a number
_MOST_MAYBE = 3
_MOST_REASONS = 5
_LEAST_NAME = 4  # letters of a single word: "Le" and "Un" are capitalised in headlines
_TELLING_DIGITS = 2  # "9" is in every text, "1,280,000" is not
_NEVER = 1 << 30


@dataclass(frozen=True, slots=True, kw_only=True)
class Standing:
    """What earlier runs decided on the articles of a window.

    Attributes:
        placed: article -> story, where that stays.
        provisional: article -> story, where it may be decided again; such a story keeps its id if it can.
        since: story -> its first day, which may lie before the window.
    """

    placed: Mapping[int, int] = field(default_factory=dict)
    provisional: Mapping[int, int] = field(default_factory=dict)
    since: Mapping[int, date] = field(default_factory=dict)


NOTHING_STANDS = Standing()


@dataclass(frozen=True, slots=True)
class Clustered:
    """A link for each article that had no fixed place, and what the new stories have to do with others."""

    links: tuple[StoryLink, ...] = ()
    ties: tuple[StoryTie, ...] = ()


def cluster(
    items: Sequence[ClusterItem], standing: Standing = NOTHING_STANDS, profiles: Mapping[int, Profile] | None = None
) -> Clustered:
    """Place the articles that have no fixed place.

    Args:
        items: all articles of the window, of one language, in any order.
        standing: what is decided.
        profiles: by article id, of those that have been read before.

    Returns:
        Links and ties. A story's id is the id of one of its articles: of its likeliest original when it was opened.
    """
    ordered = sorted(items, key=originality)
    if all(i.article_id in standing.placed for i in ordered):
        return Clustered()
    known = profiles or {}
    read = [known.get(i.article_id) or profile_of(i) for i in ordered]
    groups = _Groups(ordered, read, standing)
    groups.join()
    opened = {row: _name(groups.members[row], ordered, standing.provisional) for row in groups.alive()}
    return Clustered(tuple(_links(groups, opened)), tuple(_ties(groups, opened)))


def days_of(item: ClusterItem) -> date | None:
    """The day an article is of: declared, or else seen."""
    return item.published_day or (item.first_seen_at.date() if item.first_seen_at else None)


class _Groups:
    """Groups of free articles and, behind them, fixed stories; the sums of similarities between them.

    Rows are groups of free articles, columns the same groups and then the stories. The mean of two groups is the sum
    over the product of their sizes. A joined group lives on in the row of its likelier original.
    """

    def __init__(self, items: Sequence[ClusterItem], profiles: Sequence[Profile], standing: Standing) -> None:
        self.items, self.profiles = items, profiles
        self.free = [i for i, item in enumerate(items) if item.article_id not in standing.placed]
        self.stories = sorted({s for i in items if (s := standing.placed.get(i.article_id)) is not None})
        place = {s: n for n, s in enumerate(self.stories)}
        fixed = [(place[standing.placed[item.article_id]], i) for i, item in enumerate(items)
                 if item.article_id in standing.placed]  # fmt: skip
        self.members = [[i] for i in self.free] + [[] for _ in self.stories]
        for story, i in sorted(fixed):
            self.members[len(self.free) + story].append(i)
        self.joined: dict[int, tuple[int, float]] = {}  # free article -> story's column, mean when it joined
        self.likenesses: dict[int, float] = {}
        self._sums = self._summed(Likeness(profiles))
        self._sizes = np.array([len(m) for m in self.members], np.float32)
        self._first, self._last = self._days(standing.since)
        self._alive = np.ones(len(self.members), bool)

    def _summed(self, likeness: Likeness) -> Floats:
        count = len(self.free)
        sums = np.zeros((count, len(self.members)), np.float32)
        fixed = [i for m in self.members[count:] for i in m]
        starts = np.cumsum([0] + [len(m) for m in self.members[count:]])[:-1]
        row = 0
        for block, similar in likeness.rows(self.free):
            these = slice(row, row + len(block))
            sums[these, :count] = similar[:, self.free]
            if fixed:
                sums[these, count:] = np.add.reduceat(similar[:, fixed], starts, axis=1)
            row += len(block)
        return sums

    def _days(self, since: Mapping[int, date]) -> tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]]:
        """First and last day of each group as ordinals; a group without a date fits everywhere."""
        first, last = np.full(len(self.members), _NEVER), np.full(len(self.members), -_NEVER)
        for group, members in enumerate(self.members):
            days = [d.toordinal() for i in members if (d := days_of(self.items[i])) is not None]
            story = self.stories[group - len(self.free)] if group >= len(self.free) else None
            known = [since[story].toordinal()] if story is not None and story in since else []
            if days:
                first[group], last[group] = min(days + known), max(days)
        return first, last

    def alive(self) -> list[int]:
        """Rows of the groups that joined no story."""
        return [int(r) for r in np.flatnonzero(self._alive[: len(self.free)])]

    def join(self) -> None:
        """Join the two likest groups until none are like enough."""
        count = len(self.free)
        means = np.stack([self.means(row) for row in range(count)])
        likest = means.argmax(axis=1)
        best = means[np.arange(count), likest]
        while (score := float(best[row := int(best.argmax())])) >= CUT:
            other = int(likest[row])
            into, gone = (other, row) if other >= count else (min(row, other), max(row, other))
            self._absorb(into, gone, score)
            means[gone], best[gone] = -1.0, -1.0
            means[:, gone] = -1.0
            if into < count:
                means[into] = self.means(into)
            means[:, into] = self._column(into)
            # Elsewhere the mean with the joined group lies between the means with its parts: no row gets likelier.
            again = np.flatnonzero(self._alive[:count] & ((likest == gone) | (likest == into)))
            again = np.union1d(again, [into]) if into < count else again
            likest[again] = means[again].argmax(axis=1)
            best[again] = means[again, likest[again]]

    def means(self, row: int) -> Floats:
        """Mean similarity of a group to all others; -1 where they may not be joined."""
        means: Floats = np.where(self._may_join(row), self.plain_means(row), np.float32(-1.0))
        means[row] = -1.0
        return means

    def plain_means(self, row: int) -> Floats:
        """Mean similarity of a group to all others, joinable or not."""
        means: Floats = self._sums[row] / (self._sizes * self._sizes[row])
        return means

    def _column(self, group: int) -> Floats:
        count = len(self.free)
        may = self._may_join(group)[:count]
        column: Floats = np.where(may, self._sums[:, group] / (self._sizes[:count] * self._sizes[group]), -1.0)
        if group < count:
            column[group] = -1.0
        return column

    def _may_join(self, group: int) -> npt.NDArray[np.bool_]:
        """Alive, no pause of more than `WINDOW` between them, and together no longer than `LONGEST_STORY`."""
        first, last = self._first[group], self._last[group]
        dated = (self._first < _NEVER) & (first < _NEVER)
        pause = np.maximum(self._first, first) - np.minimum(self._last, last)
        span = np.maximum(self._last, last) - np.minimum(self._first, first)
        fits = (pause <= WINDOW.days) & (span <= LONGEST_STORY.days)
        allowed: npt.NDArray[np.bool_] = self._alive & (~dated | fits)
        return allowed

    def _absorb(self, into: int, gone: int, score: float) -> None:
        count = len(self.free)
        for row in (into, gone):
            if row < count:
                for member in self.members[row]:
                    self.likenesses.setdefault(member, score)
        if into < count:
            self._sums[into] += self._sums[gone]
        else:
            self.joined |= dict.fromkeys(self.members[gone], (into, score))
        self._sums[:, into] += self._sums[:, gone]
        self._sizes[into] += self._sizes[gone]
        self._first[into] = min(self._first[into], self._first[gone])
        self._last[into] = max(self._last[into], self._last[gone])
        self.members[into] = self.members[into] + self.members[gone]
        self._alive[gone] = False


def _name(members: Sequence[int], items: Sequence[ClusterItem], provisional: Mapping[int, int]) -> int:
    """The id of a new story: one that it had already, or else that of its likeliest original."""
    ids = [items[i].article_id for i in sorted(members)]
    had = Counter(provisional.get(i) for i in ids)
    return max(ids, key=lambda i: (had[i] if provisional.get(i) == i else 0, -ids.index(i)))


def _links(groups: _Groups, opened: Mapping[int, int]) -> Iterator[StoryLink]:
    for row, story_id in opened.items():
        for member in sorted(groups.members[row]):
            article_id = groups.items[member].article_id
            if article_id == story_id:
                yield StoryLink(article_id=article_id, story_id=story_id, similarity=1.0, reason="opened")
            else:
                yield _similar(article_id, story_id, groups.likenesses[member])
    for member, (column, _) in sorted(groups.joined.items()):
        story_id = groups.stories[column - len(groups.free)]
        yield _similar(groups.items[member].article_id, story_id, groups.likenesses[member])


def _similar(article_id: int, story_id: int, similarity: float) -> StoryLink:
    return StoryLink(article_id=article_id, story_id=story_id, similarity=round(similarity, 4), reason="similar")


def _ties(groups: _Groups, opened: Mapping[int, int]) -> Iterator[StoryTie]:
    """The story that each new one goes on with, days later, and those it may be related to."""
    count = len(groups.free)
    ids = {**opened, **{count + n: s for n, s in enumerate(groups.stories)}}
    for row, story_id in opened.items():
        means = groups.plain_means(row)
        near = sorted((-float(means[k]), other, k) for k, other in ids.items() if k != row and means[k] >= MAYBE_CUT)
        found = [(-score, k, other) for score, other, k in near if k >= count or other < story_id]
        for score, column, other in found[:_MOST_MAYBE]:
            shared = _shared(groups, row, column)
            if score >= CUT or shared:
                yield StoryTie(
                    story_id=story_id, other_id=other, similarity=round(score, 4),
                    reason=", ".join(shared) or "words", method="words", is_one_line=score >= CUT,
                )  # fmt: skip


def _shared(groups: _Groups, one: int, other: int) -> list[str]:
    """Names and telling numbers of both, names first."""
    mine, theirs = (_shown_by(groups.profiles[i] for i in groups.members[g]) for g in (one, other))
    return sorted(mine & theirs, key=lambda x: (x[0].isdigit(), -len(x), x))[:_MOST_REASONS]


def _shown_by(profiles: Iterable[Profile]) -> set[str]:
    """Names and numbers that tell something of what articles are about."""
    shown: set[str] = set()
    for profile in profiles:
        shown |= {n for n in profile.names if " " in n or len(n) >= _LEAST_NAME}
        shown |= {n for n in profile.numbers if is_telling(n)}
    return shown


def is_telling(number: str) -> bool:
    """False for single digits and for years, which any two reports may share."""
    return len(number) >= _TELLING_DIGITS and not (len(number) == 4 and number[:2] in {"19", "20"})  # noqa: PLR2004
