"""All digests that were told, as one archive: stories over their days, and counts over all."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from pipelines.core.digest_content import Content


@dataclass(frozen=True, slots=True)
class StoryDay:
    """A story as one digest told it."""

    digest_id: str
    day: str
    item: Content


@dataclass(frozen=True, slots=True)
class Story:
    """A story over its days, the first first; its headline is that of the last."""

    line_id: int
    days: list[StoryDay] = field(default_factory=list)

    @property
    def headline(self) -> str:
        """As the last digest had it."""
        return str(self.days[-1].item["headline"])


def stories_of(digests: Sequence[Content]) -> list[Story]:
    """Every story that a digest told at length, in the order in which they began."""
    stories: dict[int, Story] = {}
    for digest in digests:
        for item in _items(digest):
            story = stories.setdefault(item["line_id"], Story(item["line_id"]))
            story.days.append(StoryDay(digest["digest_id"], digest["day"], item))
    return list(stories.values())


def _items(digest: Content) -> Iterator[Content]:
    for section in ("top_stories", "elsewhere", "late"):
        yield from digest[section]
    for group in digest["by_topic"]:
        yield from group["items"]


def summed(digests: Sequence[Content], part: str, key: str, count: str) -> list[tuple[str, int]]:
    """Counts of a part of the numbers over all digests, the largest first: ("voices", "voice", "quotations")."""
    total: Counter[str] = Counter()
    for digest in digests:
        rows: Sequence[Mapping[str, Any]] = digest["numbers"][part]
        total.update({row[key]: row[count] for row in rows})
    return sorted(total.items(), key=lambda x: (-x[1], x[0]))
