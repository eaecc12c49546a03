"""When a feed's quiet is an outage: it fails, was stopped, lists nothing, or is silent against its own baseline."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.core.nouns import Rhythm
from pipelines.core.polling import SILENT_GAPS

FAILING_AFTER = 2  # polls in a row
EMPTY_AFTER = 2  # documents in a row of a search service
SILENT_AT_LEAST = timedelta(hours=24)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """A feed's signs of life.

    Attributes:
        rhythm: of the 28 days before its last news; None if it never brought any.
        is_query: a search service answers: one that finds nothing twice is broken or shut.
        stopped_reason: why it is not asked at all; None: it is.
    """

    feed_id: str
    last_success_at: datetime | None
    failures: int
    rhythm: Rhythm | None = None
    empty_polls: int = 0
    is_query: bool = False
    stopped_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A gap that began at `from_at` (None: it never worked). `kind` is stopped, failing, empty or silent."""

    kind: str
    from_at: datetime | None
    detail: str


def outage_of(health: Health, now: datetime) -> Outage | None:
    """The outage a feed is in, or None."""
    if health.stopped_reason is not None:
        detail = "its address is gone (410): it is asked no more until sources.yaml names another"
        return Outage(kind="stopped", from_at=health.last_success_at, detail=detail)
    if health.failures >= FAILING_AFTER:
        return Outage(kind="failing", from_at=health.last_success_at, detail=f"{health.failures} polls failed in a row")
    if health.is_query and health.empty_polls >= EMPTY_AFTER:
        since = health.rhythm.last_at if health.rhythm else None
        return Outage(kind="empty", from_at=since, detail=f"found nothing {health.empty_polls} times in a row")
    return _silence(health.rhythm, now) if health.rhythm else None


def _silence(rhythm: Rhythm, now: datetime) -> Outage | None:
    gap, quiet = rhythm.gap, now - rhythm.last_at
    if gap is None or quiet <= max(SILENT_AT_LEAST, SILENT_GAPS * gap):
        return None
    usual = max(1, round(gap / timedelta(hours=1)))
    detail = f"nothing new for {quiet / timedelta(hours=1):.0f} h; usually every {usual} h"
    return Outage(kind="silent", from_at=rhythm.last_at, detail=detail)
