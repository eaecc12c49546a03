"""What becomes of a fetch: pure decisions on retries, fallbacks and revisits."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from pipelines.core.reasons import TEMPORARY_REASONS, Reason, Rejected, Stage, State

MOST_ATTEMPTS = 4
LONGEST_RETRY = timedelta(hours=24)
_FIRST_RETRY = timedelta(hours=1)
# After first sight; most corrections come on the first day.
REVISIT_AFTER = (timedelta(hours=1), timedelta(hours=6), timedelta(hours=24), timedelta(days=7))
# The address itself is wrong or unsafe: the feed's own words would vouch for a page that nobody could open.
_NO_FALLBACK = frozenset(
    {Reason.PRIVATE_ADDRESS, Reason.BAD_URL, Reason.TOO_MANY_REDIRECTS, Reason.NOT_FOUND, Reason.REMOVED}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Move:
    """An entry's next state. `stage` is None for a final one."""

    state: State
    stage: Stage | None
    reason: Reason | None = None
    detail: str | None = None
    attempts: int = 0
    next_attempt_at: datetime | None = None


def after_page(attempts: int) -> Move:
    """The page is archived: read it."""
    return Move(state=State.LISTED, stage=Stage.EXTRACT, attempts=attempts + 1)


def after_failure(
    failed: Rejected, *, attempts: int, has_feed_text: bool, retry_after: timedelta | None, now: datetime
) -> Move:
    """Retry what may pass; then fall back to the feed's own text; then end, with the reason.

    Args:
        attempts: requests before this one.
        has_feed_text: the feed tells enough to stand for the page.
        retry_after: as the server asked.
    """
    attempts += 1
    detail = failed.detail or None
    if failed.reason in TEMPORARY_REASONS and attempts < MOST_ATTEMPTS:
        waiting = min(max(_FIRST_RETRY * attempts, retry_after or timedelta()), LONGEST_RETRY)
        return Move(
            state=State.WAITING, stage=Stage.FETCH, reason=failed.reason, detail=detail, attempts=attempts,
            next_attempt_at=now + waiting,
        )  # fmt: skip
    if has_feed_text and failed.reason not in _NO_FALLBACK:
        return Move(state=State.LISTED, stage=Stage.EXTRACT, reason=failed.reason, detail=detail, attempts=attempts)
    return Move(state=_final(failed.reason), stage=None, reason=failed.reason, detail=detail, attempts=attempts)


def _final(reason: Reason) -> State:
    if reason in {Reason.NOT_FOUND, Reason.REMOVED}:
        return State.GONE
    return State.GIVEN_UP if reason in TEMPORARY_REASONS else State.REJECTED


def next_revisit(step: int, first_seen_at: datetime, now: datetime) -> tuple[int, datetime | None]:
    """The next step of the cooling schedule that lies ahead, and when; None after the last."""
    for following in range(step, len(REVISIT_AFTER)):
        at = first_seen_at + REVISIT_AFTER[following]
        if at > now:
            return following, at
    return len(REVISIT_AFTER), None
