"""Which sitemaps of an index are asked for: those that changed, and those that could not be had before."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.core.nouns import Part

MOST_PARTS = 5  # a poll: an index of a whole archive is not walked through


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """What is remembered of a sitemap, as in the table `feed_parts`."""

    url: str
    modified_raw: str | None
    etag: str | None = None
    last_modified: str | None = None
    is_pending: bool = False
    asked_at: datetime | None = None


def wanted_parts(named: Sequence[Part], known: Mapping[str, Known]) -> list[str]:
    """Addresses to ask for now, at most `MOST_PARTS`, those that are owed to us first.

    Args:
        named: the parts of the index as read, the newest first; empty for an index that is unchanged.
        known: by address, what is remembered.
    """
    owed = [url for url, part in known.items() if part.is_pending]
    changed = [p.url for p in named if _has_changed(p, known.get(p.url))]
    return list(dict.fromkeys([*owed, *changed]))[:MOST_PARTS]


def _has_changed(part: Part, known: Known | None) -> bool:
    """A part without a date may always have changed: its validators will tell."""
    return known is None or part.modified_raw is None or part.modified_raw != known.modified_raw
