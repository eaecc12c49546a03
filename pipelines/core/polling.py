"""When to poll, and what to send. Pure: the clock is an argument.

The rules are those of the polite poller (docs/operators.md): at least an hour between two attempts at one feed,
counted from the last attempt; half an hour only where the feed's own max-age or ttl allows it and the outlet is
of tier 1; max-age, Expires and Retry-After obeyed; a feed is never dead, only slow.
"""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pipelines.core.nouns import Feed, FeedState
from pipelines.core.text import hash_of

FLOOR = timedelta(minutes=60)
FLOOR_TIER_1 = timedelta(minutes=30)
LONGEST_WAIT = timedelta(hours=24)
_DIGITS = 6  # a day has 86,400 seconds
JITTER_SHARE = 0.1  # of the interval, from the feed's id: feeds spread out, one feed stays regular


def is_due(state: FeedState | None, now: datetime) -> bool:
    """True if a feed may be asked now. The floor counts from the last attempt, whatever became of it."""
    if state is None or state.last_attempt_at is None:
        return True
    if state.stopped_reason is not None or now - state.last_attempt_at < FLOOR_TIER_1:
        return False
    return state.next_poll_at is None or now >= state.next_poll_at


def floor_for(feed: Feed, allowed_age: timedelta | None) -> timedelta:
    """The least time between two attempts: 60 minutes, 30 for tier 1 where the feed itself allows it."""
    if feed.tier == 1 and allowed_age is not None and allowed_age <= FLOOR_TIER_1:
        return FLOOR_TIER_1
    return FLOOR


def wait(
    feed: Feed,
    *,
    failures: int = 0,
    allowed_age: timedelta | None = None,
    retry_after: timedelta | None = None,
) -> timedelta:
    """How long to wait after an attempt.

    Args:
        feed: its configured interval and its tier.
        failures: failed attempts in a row; the wait grows linearly with them.
        allowed_age: the feed's own max-age, Expires or ttl; None if it gave none.
        retry_after: as the server asked; honoured in full up to a day.

    Returns:
        Never less than the floor, never more than a day.
    """
    interval = max(timedelta(minutes=feed.poll_minutes), allowed_age or timedelta())
    longest = max(interval * (1 + failures), retry_after or timedelta(), floor_for(feed, allowed_age))
    return min(longest + longest * jitter(feed.feed_id), LONGEST_WAIT)


def jitter(feed_id: str) -> float:
    """0 to 0.1, always the same for a feed."""
    return (hash_of(feed_id) % 1000) / 1000 * JITTER_SHARE


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Retry-After in seconds or as an HTTP date (RFC 9110 10.2.3); None if absent, unreadable or past."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return _capped(value)
    until = _http_date(value)
    return min(until - now, LONGEST_WAIT) if until is not None and until > now else None


def allowed_age(headers: Mapping[str, str], ttl_minutes: int | None, now: datetime) -> timedelta | None:
    """How long a feed calls itself fresh: max-age before Expires (RFC 9111 5.3) before `<ttl>`."""
    for directive in headers.get("cache-control", "").lower().split(","):
        name, _, value = directive.strip().partition("=")
        if name == "max-age" and value.strip('"').isdecimal():
            return _capped(value.strip('"'))
    expires = _http_date(headers.get("expires", ""))
    if expires is not None and expires > now:
        return min(expires - now, LONGEST_WAIT)
    return min(timedelta(minutes=ttl_minutes), LONGEST_WAIT) if ttl_minutes else None


def conditional_headers(state: FeedState | None, url: str) -> dict[str, str]:
    """Both validators, unchanged, if they belong to this very address; never any of our own making."""
    if state is None or state.url != url:
        return {}
    pairs = (("If-None-Match", state.etag), ("If-Modified-Since", state.last_modified))
    return {name: value for name, value in pairs if value is not None}


def _capped(seconds: str) -> timedelta:
    """Seconds as written, a day at most; a number of any length is only long."""
    return min(timedelta(seconds=int(seconds[:6])), LONGEST_WAIT) if len(seconds) <= _DIGITS else LONGEST_WAIT


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
