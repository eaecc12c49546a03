"""When to poll, and what to send. Pure: the clock is an argument.

The rules are those of the polite poller (docs/politeness.md): at least an hour between two attempts at one feed,
counted from the last attempt; half an hour only where the feed's own max-age or ttl allows it and the outlet is
of tier 1; max-age, Expires, ttl and Retry-After obeyed; a feed is never dead, only slow.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

from pipelines.core.nouns import Feed, FeedState, Rhythm
from pipelines.core.reasons import Reason
from pipelines.core.text import hash_of

FLOOR = timedelta(minutes=60)
FLOOR_TIER_1 = timedelta(minutes=30)
LONGEST_WAIT = timedelta(hours=24)
WATCHDOG_EVERY = timedelta(hours=24)
SUSPECT_AT_LEAST = timedelta(hours=12)  # newsrooms sleep: a usual night is no lie
SILENT_GAPS = 5  # of a feed's own usual gap: longer is silence
_DIGITS = 6  # a day has 86,400 seconds
_JITTER_SHARE = 0.1  # of the interval, from the feed's id: feeds spread out, one feed stays regular

# The share of known entries that says whether a feed is asked too seldom or too often, as Media Cloud's rss-fetcher
# measures it, and how many polls on time in a row must say so.
_FEW_KNOWN, _MANY_KNOWN = 0.33, 0.67
_POLLS_THAT_DECIDE = 2
_FASTER, _SLOWER = 2 / 3, 3 / 2
_LATE_AFTER = 1.5  # intervals since the last success: what came later says nothing about the rhythm

# How much a failed poll adds to the back-off, in intervals. Hard: the document is not there, and waiting mends
# nothing by itself. Soft: the server is at fault. Temporary: the way there was.
_HARD, _SOFT, _TEMPORARY = 1.0, 0.5, 0.25
_SOFT_REASONS = frozenset(
    {Reason.SERVER_ERROR, Reason.EMPTY_BODY, Reason.BAD_ENCODING, Reason.TLS, Reason.TOO_COSTLY, Reason.WORKER_DIED}
)
_TEMPORARY_REASONS = frozenset({Reason.TIMEOUT, Reason.CONNECTION, Reason.THROTTLED})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pace:
    """How often a feed is asked, learned from the share of its entries that were known already.

    Attributes:
        minutes: the interval now.
        drift: polls on time in a row that found it too slow (below 0) or too fast (above 0).
    """

    minutes: float
    drift: int = 0


def may_be_asked(state: FeedState | None, feed: Feed, now: datetime) -> bool:
    """True if no rule of manners forbids a request now: what `presswatch sources check` goes by.

    The floor counts from the last attempt, whatever became of it.
    """
    if state is None or state.last_attempt_at is None:
        return True
    if state.stopped_reason is not None or (state.not_before is not None and now < state.not_before):
        return False
    return now - state.last_attempt_at >= floor_for(feed, state.allowed_age)


def is_due(state: FeedState | None, feed: Feed, now: datetime) -> bool:
    """True if a feed is to be asked now."""
    if not may_be_asked(state, feed, now):
        return False
    return state is None or state.next_poll_at is None or now >= state.next_poll_at


def floor_for(feed: Feed, allowed_age: timedelta | None) -> timedelta:
    """The least time between two attempts: 60 minutes, 30 for tier 1 where the feed itself allows it."""
    if feed.tier == 1 and allowed_age is not None and allowed_age <= FLOOR_TIER_1:
        return FLOOR_TIER_1
    return FLOOR


def wait(
    feed: Feed,
    *,
    pace: Pace | None = None,
    back_off: float = 0.0,
    allowed_age: timedelta | None = None,
    retry_after: timedelta | None = None,
) -> timedelta:
    """How long to wait after an attempt.

    Args:
        feed: its configured interval and its tier.
        pace: the interval as learned; None: as configured.
        back_off: intervals added for failures in a row (`severity`); the wait grows linearly with them.
        allowed_age: the feed's own max-age, Expires or ttl; None if it gave none.
        retry_after: as the server asked; honoured in full up to a day.

    Returns:
        Never less than the floor, never more than a day.
    """
    minutes = pace.minutes if pace else feed.poll_minutes
    interval = max(timedelta(minutes=minutes), allowed_age or timedelta(), floor_for(feed, allowed_age))
    longest = max(interval * (1 + min(back_off, 1_000.0)), retry_after or timedelta())
    return min(longest + longest * jitter(feed.feed_id), LONGEST_WAIT)


def severity(reason: Reason) -> float:
    """What a failure adds to the back-off, in intervals: hard 1, soft a half, temporary a quarter."""
    if reason in _TEMPORARY_REASONS:
        return _TEMPORARY
    return _SOFT if reason in _SOFT_REASONS else _HARD


def adapted(pace: Pace, known_share: float, floor: timedelta, spacing: timedelta | None) -> Pace:
    """The pace after a poll on time: faster where few entries were known, slower where nearly all were.

    No feed is asked less often than it brings an entry: a story waits no longer for us than for its outlet
    (docs/decisions/0012).

    Args:
        pace: before the poll.
        known_share: 0..1 of the entries listed; 1 for an unchanged document.
        floor: of the feed (`floor_for`).
        spacing: the mean time between two of its entries; None: not known.

    Returns:
        An interval between the floor and the spacing, a day at most.
    """
    says = -1 if known_share < _FEW_KNOWN else 1 if known_share > _MANY_KNOWN else 0
    drift = pace.drift + says if pace.drift * says > 0 else says
    if abs(drift) < _POLLS_THAT_DECIDE:
        return replace(pace, drift=drift)
    longest = max(min(spacing or LONGEST_WAIT, LONGEST_WAIT), floor)
    minutes = timedelta(minutes=pace.minutes * (_SLOWER if drift > 0 else _FASTER))
    return Pace(minutes=min(max(minutes, floor), longest) / timedelta(minutes=1))


def is_on_time(last_success_at: datetime | None, pace: Pace, waited: timedelta | None, now: datetime) -> bool:
    """True for a poll that came about when it was due: not the first, and not after failures or a standstill.

    Args:
        last_success_at: None for a first poll.
        pace: the interval.
        waited: how long the feed itself, or its server, asked to wait.
        now: the time of the poll.
    """
    if last_success_at is None:
        return False
    usual = max(timedelta(minutes=pace.minutes), waited or timedelta())
    return now - last_success_at <= usual * _LATE_AFTER + FLOOR_TIER_1


def is_suspect(state: FeedState, rhythm: Rhythm | None, now: datetime) -> bool:
    """True if a feed that answers 304 has been silent for five of its own gaps: the server may lie.

    It is asked once without validators then, at most daily.
    """
    gap = rhythm.gap if rhythm else None
    if gap is None or rhythm is None or not state.unchanged_polls:
        return False
    if state.unconditional_at is not None and now - state.unconditional_at < WATCHDOG_EVERY:
        return False
    return now - rhythm.last_at > max(gap * SILENT_GAPS, SUSPECT_AT_LEAST)


def jitter(feed_id: str) -> float:
    """0 to 0.1, always the same for a feed."""
    return (hash_of(feed_id) % 1000) / 1000 * _JITTER_SHARE


def retry_after(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """Retry-After in seconds or as an HTTP date (RFC 9110 10.2.3); None if absent, unreadable or past."""
    value = headers.get("retry-after", "").strip()
    if value.isdecimal():
        return _capped(value)
    until = _http_date(value)
    return min(until - now, LONGEST_WAIT) if until is not None and until > now else None


def header_age(headers: Mapping[str, str], now: datetime) -> timedelta | None:
    """How long an answer calls itself fresh: max-age before Expires (RFC 9111 5.3); None if it does not say."""
    for directive in headers.get("cache-control", "").lower().split(","):
        name, _, value = directive.strip().partition("=")
        if name == "max-age" and value.strip('"').isdecimal():
            return _capped(value.strip('"'))
    expires = _http_date(headers.get("expires", ""))
    return min(expires - now, LONGEST_WAIT) if expires is not None and expires > now else None


def longer_age(said_by_headers: timedelta | None, said_by_document: timedelta | None) -> timedelta | None:
    """The feed's own freshness: the longer of what the server and the document say, a day at most.

    A `max-age=0` is meant for caches; it does not undo a `<ttl>` that the outlet's editors set.
    """
    said = [age for age in (said_by_headers, said_by_document) if age is not None]
    return min(max(said), LONGEST_WAIT) if said else None


def conditional_headers(state: FeedState | None, url: str) -> dict[str, str]:
    """Both validators, unchanged, if they belong to this very address; never any of our own making."""
    if state is None or state.url != url:
        return {}
    return validators_of(state.etag, state.last_modified)


def validators_of(etag: str | None, last_modified: str | None) -> dict[str, str]:
    """The headers of a conditional request (RFC 9110 13.1); empty where there is no validator."""
    pairs = (("If-None-Match", etag), ("If-Modified-Since", last_modified))
    return {name: value for name, value in pairs if value is not None}


def _capped(seconds: str) -> timedelta:
    """Seconds as written, a day at most; a number of any length is only long."""
    return min(timedelta(seconds=int(seconds)), LONGEST_WAIT) if len(seconds) <= _DIGITS else LONGEST_WAIT


def _http_date(value: str) -> datetime | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, TypeError, OverflowError):
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)
