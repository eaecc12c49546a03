"""What a feed is worth, from its last poll: a verdict in one word, and what to do."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from pipelines.core.reasons import Reason

STALE_AFTER = timedelta(days=30)
PROPOSED_AFTER = timedelta(days=7)  # a permanent redirect that has stood so long is meant so
_ANOTHER = "look whether the outlet has another feed"
_FORBIDDEN = frozenset({401, 402, 403, 406, 451})


class Verdict(StrEnum):
    """One word for a feed."""

    OK = "OK"
    MOVED = "moved"
    EMPTY = "empty"
    STALE = "stale"
    BLOCKED = "blocked"
    NOT_A_FEED = "not a feed"
    DEAD = "dead"
    UNREACHABLE = "unreachable"  # no answer, or the server's own failure: it is tried again by itself
    WAITING = "not asked yet"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What is known of a feed.

    Attributes:
        asked_at: its last poll; None: never asked.
        newest_at: the newest date among all its entries; None: no entry has one.
        redirect_url: where a permanent redirect leads since `redirect_since`.
    """

    feed_id: str
    url: str
    asked_at: datetime | None
    status: int | None = None
    reason: Reason | None = None
    detail: str | None = None
    entries: int = 0
    empty_polls: int = 0
    newest_at: datetime | None = None
    redirect_url: str | None = None
    redirect_since: datetime | None = None
    stopped_reason: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A verdict with what was seen and what to do; `to_do` is empty where nothing is."""

    verdict: Verdict
    seen: str
    to_do: str = ""


def judge(seen: Seen, now: datetime) -> Judged:
    """The verdict on a feed."""
    if seen.asked_at is None:
        return Judged(verdict=Verdict.WAITING, seen="never asked", to_do="ask again in an hour: its host wants a pause")
    if seen.reason is not None:
        return _failed(seen, seen.reason)
    if seen.redirect_url is not None and seen.redirect_since is not None:
        return _moved(seen.redirect_url, seen.redirect_since, now)
    if seen.entries == 0 or seen.empty_polls:
        return Judged(verdict=Verdict.EMPTY, seen="lists nothing", to_do=_ANOTHER)
    if seen.newest_at is not None and now - seen.newest_at > STALE_AFTER:
        told = f"newest entry is {(now - seen.newest_at).days} days old"
        return Judged(verdict=Verdict.STALE, seen=told, to_do=_ANOTHER)
    return Judged(verdict=Verdict.OK, seen=f"{seen.entries:,} entries known")


def is_proposed(seen: Seen, now: datetime) -> bool:
    """True if a new address is to be proposed: its permanent redirect has stood for seven days."""
    return seen.redirect_url is not None and seen.redirect_since is not None and (
        now - seen.redirect_since >= PROPOSED_AFTER
    )  # fmt: skip


def _moved(to: str, since: datetime, now: datetime) -> Judged:
    told = f"leads to {to} since {since:%Y-%m-%d}"
    if now - since < PROPOSED_AFTER:
        return Judged(verdict=Verdict.MOVED, seen=told, to_do="wait: it is proposed once it has stood for seven days")
    return Judged(verdict=Verdict.MOVED, seen=told, to_do="take over the new address, as the difference shows")


_NO_NAME = ("DNSError", "Name or service not known", "nodename nor servname", "No address associated")


def _failed(seen: Seen, reason: Reason) -> Judged:
    told = f"HTTP {seen.status}" if seen.status is not None and seen.status != 200 else (seen.detail or reason)  # noqa: PLR2004
    if seen.stopped_reason is not None or reason in {Reason.NOT_FOUND, Reason.REMOVED}:
        return Judged(verdict=Verdict.DEAD, seen=told, to_do="find its new address: presswatch sources discover HOME")
    if reason is Reason.CONNECTION and any(sign in (seen.detail or "") for sign in _NO_NAME):
        return Judged(verdict=Verdict.DEAD, seen="its host's name is unknown", to_do="find the outlet's new site")
    if seen.status in _FORBIDDEN or reason in {Reason.CHALLENGE, Reason.THROTTLED}:
        return Judged(verdict=Verdict.BLOCKED, seen=told, to_do="ask the outlet for access; until then let it rest")
    if reason in {Reason.NOT_A_FEED, Reason.EMPTY_BODY, Reason.NOT_HTML, Reason.TOO_COSTLY, Reason.TOO_LARGE}:
        return Judged(
            verdict=Verdict.NOT_A_FEED, seen=told, to_do="find the feed's address: presswatch sources discover HOME"
        )
    if reason in {Reason.PRIVATE_ADDRESS, Reason.BAD_URL, Reason.TOO_MANY_REDIRECTS, Reason.CLIENT_ERROR}:
        return Judged(verdict=Verdict.DEAD, seen=told, to_do="correct its address in sources.yaml")
    return Judged(verdict=Verdict.UNREACHABLE, seen=told, to_do="nothing: it is tried again by itself")
