"""When to poll and what to send."""

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core import polling
from pipelines.core.nouns import Feed, Rhythm
from pipelines.core.polling import FLOOR, FLOOR_TIER_1, LONGEST_WAIT
from tests.builders import FEED_URL, NOW, make_feed, make_state

MINUTE, HOUR = timedelta(minutes=1), timedelta(hours=1)
feeds = st.builds(
    lambda name, minutes, tier: make_feed(feed_id=name, poll_minutes=minutes, tier=tier),
    st.text(max_size=12),
    st.integers(30, 1440),
    st.sampled_from([1, 2, 3]),
)
spans = st.none() | st.timedeltas(timedelta(), timedelta(days=400))


@given(feeds, st.floats(0, 1e9), spans, spans)
def test_a_wait_is_between_the_floor_and_a_day(
    feed: Feed, back_off: float, age: timedelta | None, asked: timedelta | None
) -> None:
    waiting = polling.wait(feed, back_off=back_off, allowed_age=age, retry_after=asked)
    assert polling.floor_for(feed, age) <= waiting <= LONGEST_WAIT


@given(feeds, st.floats(0, 1e6), st.floats(0, 1e6), spans, spans)
def test_a_wait_never_falls_with_failures(
    feed: Feed, fewer: float, more: float, age: timedelta | None, asked: timedelta | None
) -> None:
    low, high = sorted((fewer, more))
    waits = [polling.wait(feed, back_off=n, allowed_age=age, retry_after=asked) for n in (low, high)]
    assert waits[0] <= waits[1]


@given(feeds, st.timedeltas(timedelta(), timedelta(days=400)), st.floats(0, 5))
def test_what_the_server_asks_is_waited_for_up_to_a_day(feed: Feed, asked: timedelta, back_off: float) -> None:
    assert polling.wait(feed, back_off=back_off, retry_after=asked) >= min(asked, LONGEST_WAIT)
    assert polling.wait(feed, back_off=back_off, allowed_age=asked) >= min(asked, LONGEST_WAIT)


@pytest.mark.parametrize(
    ("tier", "age", "floor"),
    [
        (1, 30 * MINUTE, FLOOR_TIER_1),
        (1, 5 * MINUTE, FLOOR_TIER_1),
        (1, timedelta(), FLOOR_TIER_1),
        (1, 31 * MINUTE, FLOOR),
        (1, None, FLOOR),
        (2, 5 * MINUTE, FLOOR),
        (3, 30 * MINUTE, FLOOR),
    ],
)
def test_half_an_hour_needs_tier_one_and_the_feeds_own_word(tier: int, age: timedelta | None, floor: timedelta) -> None:
    assert polling.floor_for(make_feed(tier=tier), age) == floor


def test_a_tier_one_feed_that_allows_it_may_be_asked_every_half_hour() -> None:
    feed = make_feed(tier=1, poll_minutes=30)
    assert FLOOR_TIER_1 <= polling.wait(feed, allowed_age=15 * MINUTE) <= 33 * MINUTE
    assert polling.wait(feed) >= FLOOR


@given(st.text(max_size=30))
def test_jitter_is_a_tenth_at_most_and_always_the_same_for_a_feed(feed_id: str) -> None:
    assert 0 <= polling.jitter(feed_id) < 0.1
    assert polling.jitter(feed_id) == polling.jitter(feed_id)


def test_jitter_spreads_feeds() -> None:
    assert len({polling.jitter(f"feed-{n}") for n in range(100)}) > 80


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("120", 2 * MINUTE),
        (" 3600 ", HOUR),
        ("0", timedelta()),
        ("999999999", LONGEST_WAIT),
        ("Tue, 24 Nov 2026 12:10:00 GMT", 10 * MINUTE),
        ("Tuesday, 24-Nov-26 12:10:00 GMT", 10 * MINUTE),
        ("Tue, 24 Nov 2026 14:10:00 +0200", 10 * MINUTE),
        ("Fri, 01 Jan 2027 00:00:00 GMT", LONGEST_WAIT),
        ("Tue, 24 Nov 2026 11:59:59 GMT", None),
        ("", None),
        ("soon", None),
        ("-5", None),
        ("1.5", None),
    ],
)
def test_retry_after_is_read_in_both_forms(value: str, expected: timedelta | None) -> None:
    assert polling.retry_after({"retry-after": value}, NOW) == expected


def test_no_retry_after_is_none() -> None:
    assert polling.retry_after({}, NOW) is None


HOSTILE = [
    "9" * 5_000,
    "Mon, 01 Jan 99999999999999999999 00:00:00 GMT",
    "Mon, 99999999999999999999 Jan 2027 00:00:00 GMT",
]


@pytest.mark.parametrize("value", HOSTILE, ids=["digits", "year", "day"])
def test_a_number_beyond_all_measure_in_retry_after_ends_nothing(value: str) -> None:
    assert polling.retry_after({"retry-after": value}, NOW) in {None, LONGEST_WAIT}


@pytest.mark.parametrize("value", HOSTILE, ids=["digits", "year", "day"])
def test_a_number_beyond_all_measure_in_caching_headers_ends_nothing(value: str) -> None:
    assert polling.header_age({"cache-control": f"max-age={value}"}, NOW) in {None, LONGEST_WAIT}
    assert polling.header_age({"expires": value}, NOW) in {None, LONGEST_WAIT}


@given(
    st.text(max_size=40)
    | st.lists(st.sampled_from(["Mon,", "1", "Jan", "2027", "00:00:00", "GMT", "99999"])).map(" ".join)
)
def test_any_header_gives_a_span_or_none(value: str) -> None:
    for found in (
        polling.retry_after({"retry-after": value}, NOW),
        polling.header_age({"cache-control": value, "expires": value}, NOW),
    ):
        assert found is None or timedelta() <= found <= LONGEST_WAIT


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ({"cache-control": "max-age=600"}, 10 * MINUTE),
        ({"cache-control": 'public, Max-Age="600", must-revalidate'}, 10 * MINUTE),
        ({"cache-control": "max-age=600", "expires": "Tue, 24 Nov 2026 14:00:00 GMT"}, 10 * MINUTE),
        ({"cache-control": "no-store", "expires": "Tue, 24 Nov 2026 14:00:00 GMT"}, 2 * HOUR),
        ({"cache-control": "s-maxage=600"}, None),
        ({"cache-control": "max-age=none"}, None),
        ({"expires": "Tue, 24 Nov 2026 11:00:00 GMT"}, None),
        ({"expires": "0"}, None),
        ({"expires": "-1"}, None),
        ({}, None),
        ({"cache-control": "max-age=99999999"}, LONGEST_WAIT),
    ],
)
def test_freshness_is_max_age_then_expires(headers: dict[str, str], expected: object) -> None:
    assert polling.header_age(headers, NOW) == expected


@pytest.mark.parametrize(
    ("headers", "document", "expected"),
    [
        (None, None, None),
        (10 * MINUTE, None, 10 * MINUTE),
        (None, 45 * MINUTE, 45 * MINUTE),
        (timedelta(), 45 * MINUTE, 45 * MINUTE),
        (2 * HOUR, 45 * MINUTE, 2 * HOUR),
        (None, timedelta(days=70), LONGEST_WAIT),
    ],
)
def test_the_longer_of_two_freshnesses_holds(
    headers: timedelta | None, document: timedelta | None, expected: timedelta | None
) -> None:
    assert polling.longer_age(headers, document) == expected


def test_validators_go_back_unchanged_to_their_own_address_only() -> None:
    state = make_state(etag='W/"a b"', last_modified="Mon, 23 Nov 2026 10:00:00 GMT")
    assert polling.conditional_headers(state, FEED_URL) == {
        "If-None-Match": 'W/"a b"',
        "If-Modified-Since": "Mon, 23 Nov 2026 10:00:00 GMT",
    }
    assert polling.conditional_headers(state, FEED_URL + "?new") == {}


def test_no_validator_is_ever_invented() -> None:
    assert polling.conditional_headers(None, FEED_URL) == {}
    assert polling.conditional_headers(make_state(last_success_at=NOW), FEED_URL) == {}
    assert polling.conditional_headers(make_state(etag="x"), FEED_URL) == {"If-None-Match": "x"}


def test_a_feed_never_asked_is_due() -> None:
    assert polling.is_due(None, make_feed(), NOW)
    assert polling.is_due(make_state(), make_feed(), NOW)


@pytest.mark.parametrize(
    ("last", "following", "due"),
    [
        (-HOUR, timedelta(), True),
        (-HOUR, MINUTE, False),
        (-29 * MINUTE, -MINUTE, False),
        (-HOUR, None, True),
        (-59 * MINUTE, timedelta(), False),
    ],
)
def test_due_is_after_the_next_time_and_never_before_the_floor(
    last: timedelta, following: timedelta | None, *, due: bool
) -> None:
    state = make_state(last_attempt_at=NOW + last, next_poll_at=None if following is None else NOW + following)
    assert polling.is_due(state, make_feed(), NOW) is due


def test_a_feed_that_is_gone_is_not_asked_again() -> None:
    assert not polling.is_due(make_state(last_attempt_at=NOW - 900 * HOUR, stopped_reason="gone"), make_feed(), NOW)


def test_a_persons_poll_may_come_before_its_turn_but_never_before_the_floor_or_what_the_server_asked() -> None:
    state = make_state(last_attempt_at=NOW - HOUR, next_poll_at=NOW + 9 * HOUR)
    assert polling.may_be_asked(state, make_feed(), NOW)
    assert not polling.may_be_asked(state, make_feed(), NOW - MINUTE)
    asked = make_state(last_attempt_at=NOW - HOUR, not_before=NOW + MINUTE)
    assert not polling.may_be_asked(asked, make_feed(), NOW)
    assert polling.may_be_asked(asked, make_feed(), NOW + MINUTE)


def suspect(quiet: timedelta, *, gap: timedelta = 2 * HOUR, batches: int = 9, **state: object) -> bool:
    last = NOW - quiet
    rhythm = Rhythm(batches=batches, first_at=last - (batches - 1) * gap, last_at=last)
    return polling.is_suspect(make_state(**{"unchanged_polls": 3, **state}), rhythm, NOW)


def test_a_304_is_doubted_after_five_of_the_feeds_own_gaps_and_at_most_daily() -> None:
    assert suspect(13 * HOUR)
    assert not suspect(9 * HOUR)
    assert suspect(31 * HOUR, gap=6 * HOUR)
    assert not suspect(29 * HOUR, gap=6 * HOUR)
    assert not suspect(48 * HOUR, unconditional_at=NOW - 23 * HOUR)
    assert suspect(48 * HOUR, unconditional_at=NOW - 24 * HOUR)


def test_a_usual_night_a_feed_that_answers_in_full_and_one_without_a_rhythm_are_not_doubted() -> None:
    assert not suspect(11 * HOUR, gap=HOUR)
    assert not suspect(48 * HOUR, unchanged_polls=0)
    assert not suspect(480 * HOUR, batches=2)
    assert not polling.is_suspect(make_state(unchanged_polls=9), None, NOW)
