"""What is remembered of a feed after an attempt. Pure: state and answer in, state out."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from pipelines.core import polling
from pipelines.core.nouns import Feed, FeedState, PollOutcome, Response
from pipelines.core.polling import Pace
from pipelines.core.reasons import Reason, Rejected


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """What one attempt brought, as far as the state is concerned.

    Attributes:
        outcome: what is recorded of it.
        document_age: the freshness that the document states of itself (`<ttl>`, `sy:updatePeriod`); None if none.
        is_cut: the document ended early.
        spacing: the mean time between two entries of the feed before this poll; None: not known.
    """

    response: Response | Rejected
    outcome: PollOutcome
    document_age: timedelta | None = None
    is_cut: bool = False
    spacing: timedelta | None = None


def current(state: FeedState | None, feed: Feed) -> FeedState:
    """The state to go on from; validators, redirects and what stopped the feed belong to its address alone."""
    if state is None:
        return FeedState(feed_id=feed.feed_id, url=feed.url)
    if state.url == feed.url:
        return state
    return FeedState(
        feed_id=feed.feed_id, url=feed.url, last_attempt_at=state.last_attempt_at,
        last_success_at=state.last_success_at, last_new_at=state.last_new_at,
    )  # fmt: skip


def attempted(state: FeedState, feed: Feed, now: datetime, *, is_conditional: bool) -> FeedState:
    """The state that is stored before the request leaves: a run that dies then has had its turn, and no more.

    What the answer would have taught is not known yet, so the next turn comes as soon as the floor allows.
    """
    waiting = polling.floor_for(feed, state.allowed_age) * (1 + polling.jitter(feed.feed_id))
    return replace(
        state,
        last_attempt_at=now,
        next_poll_at=now + waiting,
        unconditional_at=state.unconditional_at if is_conditional else now,
    )


def after(state: FeedState, feed: Feed, heard: Heard, now: datetime) -> FeedState:
    """The state after an answer.

    Validators are replaced together on a document that could be read, renewed on 304, and never taken from one that
    could not. Those of a document that ended early are the whole one's: to send them back would be to be told that
    nothing changed, so the last whole document's stay. A feed that always ends so is believed the second time.
    """
    if heard.outcome.reason is Reason.HOST_PAUSED:
        return state  # nothing was asked, so nothing was learned
    state = _rescheduled(state, feed, heard, now)
    if heard.outcome.reason is not None:
        return state
    return _redirected(_succeeded(state, heard, now), heard.response, now)


def pace_of(state: FeedState, feed: Feed) -> Pace:
    """The interval as learned, or as configured where nothing was learned yet."""
    return Pace(minutes=state.poll_minutes or feed.poll_minutes, drift=state.drift)


def _rescheduled(state: FeedState, feed: Feed, heard: Heard, now: datetime) -> FeedState:
    response, reason = heard.response, heard.outcome.reason
    headers = response.headers if isinstance(response, Response) else {}
    age = polling.longer_age(polling.header_age(headers, now), heard.document_age)
    if reason is not None or (isinstance(response, Response) and response.is_unchanged):
        age = age if age is not None else state.allowed_age  # RFC 9111 4.3.4: what a 304 leaves out still holds
    pace = pace_of(state, feed)
    if reason is None and polling.is_on_time(state.last_success_at, pace, state.allowed_age, now):
        floor = polling.floor_for(feed, age)
        pace = polling.adapted(pace, _known_share(heard.outcome), floor, heard.spacing)
    back_off = state.back_off + polling.severity(reason) if reason is not None else 0.0
    asked = polling.retry_after(headers, now)
    forbidden = max(asked or timedelta(), polling.header_age(headers, now) or timedelta())
    waiting = polling.wait(feed, pace=pace, back_off=back_off, allowed_age=age, retry_after=asked)
    is_gone = reason is Reason.REMOVED
    return replace(
        state,
        failures=state.failures + 1 if reason is not None else 0,
        back_off=back_off,
        allowed_age_seconds=None if age is None else int(age.total_seconds()),
        poll_minutes=pace.minutes,
        drift=pace.drift,
        next_poll_at=now + waiting,
        not_before=now + forbidden if forbidden else None,
        stopped_reason="gone" if is_gone else state.stopped_reason,
    )


def _known_share(outcome: PollOutcome) -> float:
    return outcome.known / outcome.listed if outcome.listed else 1.0


def _succeeded(state: FeedState, heard: Heard, now: datetime) -> FeedState:
    response, outcome = heard.response, heard.outcome
    if isinstance(response, Rejected):  # a success has an answer
        return state
    etag, last_modified, is_unchanged = response.etag, response.last_modified, response.is_unchanged
    is_cut = heard.is_cut and not state.was_cut
    if is_unchanged:
        etag, last_modified = etag or state.etag, last_modified or state.last_modified
    return replace(
        state,
        etag=state.etag if is_cut else etag,
        last_modified=state.last_modified if is_cut else last_modified,
        validators_url=state.validators_url if is_unchanged or is_cut else response.final_url,
        was_cut=is_cut,
        last_success_at=now,
        last_new_at=now if outcome.new else state.last_new_at,
        unchanged_polls=state.unchanged_polls + 1 if is_unchanged else 0,
        empty_polls=state.empty_polls if is_unchanged else (0 if outcome.listed else state.empty_polls + 1),
    )


def _redirected(state: FeedState, response: Response | Rejected, now: datetime) -> FeedState:
    """Since when a permanent redirect has pointed where; it is proposed to people, never followed in silence."""
    if isinstance(response, Rejected) or not response.permanent:
        return replace(state, redirect_url=None, redirect_since=None)
    if response.final_url == state.redirect_url:
        return state
    return replace(state, redirect_url=response.final_url, redirect_since=now)
