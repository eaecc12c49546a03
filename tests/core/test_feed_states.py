"""What is remembered of a feed after an attempt."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.feed_states import Heard, after, attempted, current
from pipelines.core.nouns import FeedState, PollOutcome, Response
from pipelines.core.reasons import Reason, Rejected
from tests.builders import FEED_URL, NOW, Answer, make_feed, make_response, make_state

HOUR = timedelta(hours=1)
FEED = make_feed()


def heard(response: Answer, reason: Reason | None = None, age: timedelta | None = None, **outcome: Any) -> Heard:
    if reason is None:
        reason = response.reason if isinstance(response, Rejected) else response.rejection()
    told = PollOutcome(status=None, outcome="failed" if reason else "unchanged", reason=reason, **outcome)
    return Heard(response=response, outcome=told, document_age=age)


def remembered(
    response: Answer, reason: Reason | None = None, age: timedelta | None = None, *, new: int = 0, **state: Any
) -> FeedState:
    before = make_state(**{"etag": '"old"', "last_modified": "old", "last_attempt_at": NOW, "failures": 3,
                           "back_off": 3.0, **state})  # fmt: skip
    return after(before, FEED, heard(response, reason, age, new=new, listed=new, known=0), NOW)


def test_validators_are_replaced_together_by_a_document_that_was_read() -> None:
    state = remembered(make_response(headers={"etag": '"new"'}))
    assert (state.etag, state.last_modified, state.failures, state.last_success_at) == ('"new"', None, 0, NOW)
    assert remembered(make_response()).etag is None


def test_validators_are_not_saved_when_a_feed_could_not_be_parsed() -> None:
    state = remembered(make_response(headers={"etag": '"new"', "last-modified": "new"}), Reason.NOT_A_FEED)
    assert (state.etag, state.last_modified) == ('"old"', "old")
    assert (state.failures, state.last_success_at) == (4, None)


def test_a_304_keeps_the_validators_and_renews_those_it_brings() -> None:
    kept = remembered(make_response(status=304))
    assert (kept.etag, kept.last_modified, kept.failures, kept.last_success_at) == ('"old"', "old", 0, NOW)
    renewed = remembered(make_response(status=304, headers={"etag": '"new"'}))
    assert (renewed.etag, renewed.last_modified) == ('"new"', "old")


@pytest.mark.parametrize(
    ("answer", "back_off"),
    [
        (make_response(status=404), 4.0),
        (make_response(status=403), 4.0),
        (make_response(status=204), 4.0),
        (make_response(status=500), 3.5),
        (Rejected(reason=Reason.TIMEOUT), 3.25),
        (make_response(status=429), 3.25),
    ],
)
def test_a_failure_keeps_the_validators_and_waits_longer_by_its_severity(answer: Answer, back_off: float) -> None:
    state = remembered(answer)
    assert (state.etag, state.last_modified, state.failures) == ('"old"', "old", 4)
    assert state.back_off == back_off
    assert state.next_poll_at is not None
    assert state.next_poll_at >= NOW + (1 + back_off) * HOUR
    assert state.stopped_reason is None


def test_410_stops_a_feed_with_its_reason_and_nothing_else_does() -> None:
    assert remembered(make_response(status=410)).stopped_reason == "gone"
    assert remembered(make_response(status=404)).stopped_reason is None


def test_a_feed_that_comes_back_starts_afresh() -> None:
    state = remembered(make_response(), new=2)
    assert (state.failures, state.back_off, state.last_new_at) == (0, 0.0, NOW)
    assert remembered(make_response(), last_new_at=NOW - HOUR).last_new_at == NOW - HOUR


@pytest.mark.parametrize("status", [200, 304, 429, 500])
def test_what_the_server_asks_is_obeyed_on_any_answer_also_by_a_person(status: int) -> None:
    for headers in ({"retry-after": "36000"}, {"cache-control": "max-age=36000"}):
        state = remembered(make_response(status=status, headers=headers))
        assert state.next_poll_at is not None
        assert state.next_poll_at >= NOW + 10 * HOUR
        assert state.not_before == NOW + 10 * HOUR


def test_what_the_document_says_holds_over_unchanged_answers_too() -> None:
    first = remembered(make_response(), age=5 * HOUR)
    assert first.allowed_age == 5 * HOUR
    later = after(first, FEED, heard(make_response(status=304)), NOW + 6 * HOUR)
    assert later.allowed_age == 5 * HOUR
    assert later.next_poll_at is not None
    assert later.next_poll_at >= NOW + 11 * HOUR
    assert after(later, FEED, heard(make_response()), NOW + 12 * HOUR).allowed_age is None


def test_the_longer_of_what_server_and_document_say_holds() -> None:
    assert remembered(make_response(headers={"cache-control": "max-age=0"}), age=2 * HOUR).allowed_age == 2 * HOUR
    assert remembered(make_response(headers={"cache-control": "max-age=9000"}), age=HOUR).allowed_age == 2.5 * HOUR


def test_a_permanent_redirect_is_noted_since_when_and_never_followed_in_silence() -> None:
    moved = make_response(permanent=True, final_url="https://new.example/rss", redirects=("https://new.example/rss",))
    first = remembered(moved)
    assert (first.url, first.redirect_url, first.redirect_since) == (FEED_URL, "https://new.example/rss", NOW)
    later = after(first, FEED, heard(moved), NOW + HOUR)
    assert later.redirect_since == NOW
    back = after(later, FEED, heard(make_response()), NOW + 2 * HOUR)
    assert (back.redirect_url, back.redirect_since) == (None, None)


def test_a_redirect_to_a_failure_is_no_move() -> None:
    lost = make_response(status=404, permanent=True, final_url="https://new.example/", redirects=("x",))
    assert remembered(lost).redirect_url is None


def test_a_host_that_wanted_a_pause_teaches_nothing_of_its_other_feeds() -> None:
    before = make_state(failures=1, back_off=1.0, etag='"a"')
    assert after(before, FEED, heard(Rejected(reason=Reason.HOST_PAUSED)), NOW) == before


def test_validators_and_all_that_was_learned_belong_to_the_address() -> None:
    state = make_state(etag='"a"', last_modified="b", stopped_reason="gone", failures=9, back_off=9.0,
                       last_attempt_at=NOW, next_poll_at=NOW + 20 * HOUR)  # fmt: skip
    moved = current(state, make_feed(url="https://new.example/rss"))
    assert (moved.etag, moved.last_modified, moved.stopped_reason, moved.failures) == (None, None, None, 0)
    assert (moved.last_attempt_at, moved.next_poll_at) == (NOW, None)
    assert current(state, FEED) == state


def test_an_attempt_is_remembered_before_the_request_leaves() -> None:
    state = attempted(make_state(), FEED, NOW, is_conditional=True)
    assert (state.last_attempt_at, state.unconditional_at) == (NOW, None)
    assert state.next_poll_at is not None
    assert state.next_poll_at >= NOW + HOUR
    assert attempted(make_state(), FEED, NOW, is_conditional=False).unconditional_at == NOW


def test_documents_that_list_nothing_are_counted_and_unchanged_ones_leave_the_count() -> None:
    state = remembered(make_response())
    state = after(state, FEED, heard(make_response(status=304)), NOW)
    state = after(state, FEED, heard(make_response()), NOW)
    assert state.empty_polls == 2
    assert after(state, FEED, heard(make_response(), listed=1, known=1), NOW).empty_polls == 0


def walked(shares: list[tuple[int, int]], **state: Any) -> FeedState:
    """The state after polls on time, each with (known, listed)."""
    found, at = make_state(last_success_at=NOW, **state), NOW
    for known, listed in shares:
        at = at + timedelta(minutes=found.poll_minutes or 60)
        found = after(found, FEED, heard(make_response(), known=known, listed=listed, new=listed - known), at)
    return found


def test_two_polls_on_time_with_little_known_make_it_faster_but_never_below_the_floor() -> None:
    slow = {"poll_minutes": 240.0}
    assert walked([(1, 10)], **slow).poll_minutes == 240
    assert walked([(1, 10)] * 2, **slow).poll_minutes == 160
    assert walked([(1, 10)] * 40, **slow).poll_minutes == 60


def test_two_polls_on_time_with_nearly_all_known_make_it_slower_up_to_a_day() -> None:
    assert walked([(9, 10)]).poll_minutes == 60
    assert walked([(9, 10)] * 2).poll_minutes == 90
    assert walked([(10, 10)] * 60).poll_minutes == 24 * 60


def test_a_share_between_keeps_the_pace_and_breaks_the_row() -> None:
    assert walked([(5, 10)] * 9).poll_minutes == 60
    assert walked([(9, 10), (5, 10), (9, 10)]).poll_minutes == 60


def test_a_late_poll_says_nothing_about_the_pace() -> None:
    state = make_state(last_success_at=NOW - 30 * HOUR, poll_minutes=60.0, drift=1)
    late = after(state, FEED, heard(make_response(), known=10, listed=10), NOW)
    assert (late.poll_minutes, late.drift) == (60, 1)


answers = st.one_of(
    st.sampled_from([200, 304, 400, 403, 404, 429, 500, 503]).map(lambda status: make_response(status=status)),
    st.sampled_from([Reason.TIMEOUT, Reason.TLS, Reason.TOO_LARGE]).map(lambda reason: Rejected(reason=reason)),
)


@given(st.lists(st.tuples(answers, st.integers(0, 30), st.integers(0, 30)), max_size=12))
def test_whatever_happens_a_feed_is_asked_again_between_the_floor_and_a_day(
    story: list[tuple[Response | Rejected, int, int]],
) -> None:
    state, at = make_state(), NOW
    for answer, known, new in story:
        state = attempted(state, FEED, at, is_conditional=True)
        state = after(state, FEED, heard(answer, known=known, new=new, listed=known + new), at)
        assert state.next_poll_at is not None
        assert HOUR <= state.next_poll_at - at <= 24 * HOUR
        at = state.next_poll_at
    assert replace(state, url="x").feed_id == state.feed_id


def test_a_feed_is_never_asked_less_often_than_it_brings_an_entry() -> None:
    state, at = make_state(last_success_at=NOW), NOW
    for _ in range(40):
        at = at + timedelta(minutes=state.poll_minutes or 60)
        told = heard(make_response(), known=9, listed=10)
        state = after(state, FEED, replace(told, spacing=3 * HOUR), at)
    assert state.poll_minutes == 180


def test_the_validators_of_a_document_that_ended_early_are_not_taken_over_and_the_second_time_they_are() -> None:
    cut = replace(heard(make_response(headers={"etag": '"whole"'}), listed=3, new=3, known=0), is_cut=True)
    first = after(make_state(etag='"old"'), FEED, cut, NOW)
    assert (first.etag, first.was_cut) == ('"old"', True)
    assert after(first, FEED, cut, NOW).etag == '"whole"'


def test_validators_remember_the_address_that_gave_them() -> None:
    there = make_response(final_url="https://cdn.example/rss", redirects=("https://cdn.example/rss",))
    state = after(make_state(), FEED, heard(there), NOW)
    assert (state.url, state.validators_url) == (FEED_URL, "https://cdn.example/rss")
    assert after(state, FEED, heard(make_response(status=304)), NOW).validators_url == "https://cdn.example/rss"
