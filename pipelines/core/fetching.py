"""What becomes of a fetch: pure decisions on answers that are no page, retries, fallbacks and revisits."""

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TypeVar
from urllib.parse import urlsplit

from pipelines.core.nouns import Response
from pipelines.core.reasons import TEMPORARY_REASONS, Reason, Rejected, Stage, State

T = TypeVar("T")

MOST_ATTEMPTS = 4
MOST_PAGES_PER_HOST = 150  # a pass: at two seconds a page a host takes five minutes, and the next pass goes on
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


# How guards against robots say that they answered instead of the outlet: Cloudflare, DataDome and AWS WAF, each as
# its documentation has it.
_CHALLENGES = (("cf-mitigated", "challenge"), ("x-datadome", "protected"), ("x-amzn-waf-action", "challenge"),
               ("x-amzn-waf-action", "captcha"))  # fmt: skip
_CONSENT_HOSTS = ("consent.", "cmp.", "consentement.", "myprivacy.")  # consent.yahoo.com, myprivacy.dpgmedia.nl


def refusal(response: Response) -> Rejected | None:
    """Why an answer holds no page of the outlet; None where it does, and for 304."""
    for name, value in _CHALLENGES:
        if not response.is_ok and response.headers.get(name, "").lower() == value:
            return Rejected(reason=Reason.CHALLENGE, detail=f"HTTP {response.status}, {name}: {value}")
    reason = response.rejection()
    if reason is not None:
        return Rejected(reason=reason, detail=f"HTTP {response.status}")
    host = urlsplit(response.final_url).hostname or ""
    if response.redirects and host.startswith(_CONSENT_HOSTS) and host != urlsplit(response.url).hostname:
        return Rejected(reason=Reason.CONSENT_WALL, detail=f"led to {host}")
    return None


def in_one_pass(tasks: Iterable[T], host_of: Callable[[T], str]) -> list[T]:
    """The tasks of one pass, in their order: no more for a host than its gap leaves time for."""
    taken: Counter[str] = Counter()
    chosen = []
    for task in tasks:
        taken[host_of(task)] += 1
        if taken[host_of(task)] <= MOST_PAGES_PER_HOST:
            chosen.append(task)
    return chosen


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
