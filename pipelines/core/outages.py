"""When a feed's quiet is an outage: it fails, or it is silent against its own rhythm."""

from dataclasses import dataclass
from datetime import datetime, timedelta

FAILING_AFTER = 2  # polls in a row
SILENT_GAPS = 5  # of its own usual gap between polls that listed something new
SILENT_AT_LEAST = timedelta(hours=24)
_LEAST_BATCHES = 3  # less is no rhythm


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """A feed's signs of life.

    Attributes:
        batches: polls that listed something new, from `first_at` to `last_new_at`.
    """

    feed_id: str
    last_success_at: datetime | None
    last_new_at: datetime | None
    failures: int
    first_at: datetime | None
    batches: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Outage:
    """A gap that began at `from_at` (None: it never worked). `kind` is failing or silent."""

    kind: str
    from_at: datetime | None
    detail: str


def outage_of(health: Health, now: datetime) -> Outage | None:
    """The outage a feed is in, or None."""
    if health.failures >= FAILING_AFTER:
        return Outage(kind="failing", from_at=health.last_success_at, detail=f"{health.failures} polls failed in a row")
    if health.last_new_at is None or health.first_at is None or health.batches < _LEAST_BATCHES:
        return None
    gap = (health.last_new_at - health.first_at) / (health.batches - 1)
    quiet = now - health.last_new_at
    if quiet > max(SILENT_AT_LEAST, SILENT_GAPS * gap):
        usual = max(1, round(gap.total_seconds() / 3600))
        detail = f"nothing new for {quiet.total_seconds() / 3600:.0f} h; usually every {usual} h"
        return Outage(kind="silent", from_at=health.last_new_at, detail=detail)
    return None
