"""Terminology, changes, windows, retries, outages: the small decisions."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.changes import Change, Reading, changes
from pipelines.core.details import Lookout, details_of, quote_rows, term_rows
from pipelines.core.fetching import (
    LONGEST_RETRY,
    MOST_ATTEMPTS,
    REVISIT_AFTER,
    Move,
    after_failure,
    after_page,
    next_revisit,
)
from pipelines.core.nouns import Quote, Rhythm
from pipelines.core.outages import Health, outage_of
from pipelines.core.page_kinds import LEAST_WORDS, quality, too_short, wall
from pipelines.core.quotes import Known, quotes_of
from pipelines.core.reasons import TEMPORARY_REASONS, WORKING_STATES, Reason, Rejected, Stage, State
from pipelines.core.terminology import WatchedTerm, terms_used
from pipelines.core.windows import Window, newest_window, window_of
from tests.builders import NOW, prose

HOUR, DAY = timedelta(hours=1), timedelta(days=1)
BRUSSELS = ZoneInfo("Europe/Brussels")


# terminology


def watched(term: str, language: str = "en") -> WatchedTerm:
    return WatchedTerm(language=language, term=term, preferred="agreed term")


def used(text: str, *terms: WatchedTerm, language: str | None = "en") -> list[str]:
    return [text[u.start : u.end] for u in terms_used(text, language, terms, ())]


@pytest.mark.parametrize(
    ("term", "text", "found"),
    [
        ("fake news", "Fake news and FAKE  NEWS, fake-news, fake newsroom", ["Fake news", "FAKE  NEWS", "fake-news"]),
        ("troll*", "trolls and trolling, a stroll", ["trolls", "trolling"]),
        ("*wahn*", "Datenwahnsinn", ["Datenwahnsinn"]),
        ("illegal migrant*", "illegal migrants, illegal\nmigrant", ["illegal migrants", "illegal\nmigrant"]),
    ],
)
def test_a_watched_term_is_found_where_it_is_used(term: str, text: str, found: list[str]) -> None:
    assert used(text, watched(term)) == found


def test_only_terms_of_the_texts_language_are_watched() -> None:
    assert used("fake news", watched("fake news", "fr")) == []
    assert used("fake news", watched("fake news"), language=None) == []


def test_of_two_terms_that_overlap_the_longer_is_noted() -> None:
    assert used("such fake news stories", watched("fake news"), watched("fake news stories")) == ["fake news stories"]


def test_a_term_inside_a_quotation_is_marked_as_quoted() -> None:
    text = "He said “this is all fake news and it will stay so”. Fake news it is."
    found = terms_used(text, "en", [watched("fake news")], quotes_of(text))
    assert [u.is_quoted for u in found] == [True, False]


def test_details_are_rows_with_exact_offsets() -> None:
    text = "“This is all fake news and it will stay so”, said Ana Novak."
    found = details_of(text, "en", Lookout(people=(Known(name="Ana Novak"),), terms=(watched("fake news"),)))
    quote, term = quote_rows(7, 2, found, NOW)[0], term_rows(7, 2, "en", found, NOW)[0]
    assert (quote["article_id"], quote["revision"], quote["speaker"]) == (7, 2, "Ana Novak")
    assert text[int(str(quote["start_offset"])) : int(str(quote["end_offset"]))] == quote["text"]
    assert text[int(str(term["start_offset"])) : int(str(term["end_offset"]))] == term["term"] == "fake news"
    assert term["is_quoted"] is True


# changes


def reading(text: str, title: str = "A title") -> Reading:
    return Reading(title=title, text=text, quotes=quotes_of(text))


def told(before: Reading, after: Reading) -> list[tuple[str, str | None, str | None]]:
    return [(c.kind, c.before, c.after) for c in changes(before, after)]


def test_the_same_article_has_not_changed() -> None:
    assert changes(reading(prose(1)), reading(prose(1))) == []
    assert changes(reading("It is so. It was."), reading("it is so.\nIt was")) == []


def test_another_headline_is_told_with_before_and_after() -> None:
    assert told(reading("It is.", "Old"), reading("It is.", "New")) == [("headline", "Old", "New")]


def test_another_figure_is_told_by_its_sentences() -> None:
    before, after = "The fine is 900,000 euros in all. Envoys met.", "The fine is 90,000 euros in all. Envoys met."
    assert told(reading(before), reading(after)) == [
        ("figures", "The fine is 900,000 euros in all.", "The fine is 90,000 euros in all."),
    ]


def test_a_quotation_gone_or_come_is_told() -> None:
    one, other = "“We will act on this before it ends.”", "“We will not act on this before May.”"
    kinds = told(reading(f"Envoys met. {one}"), reading(f"Envoys met. {other}"))
    assert kinds == [("quotes", one[1:-1], None), ("quotes", None, other[1:-1])]


def test_other_words_are_told_as_text_and_only_if_nothing_else_is() -> None:
    assert told(reading("Envoys met. They left."), reading("Envoys met. They stayed on.")) == [
        ("text", "They left.", "They stayed on."),
    ]
    assert told(reading("Envoys met."), reading("Envoys met. They left.")) == [("text", None, "They left.")]


def test_nothing_told_of_a_change_is_longer_than_a_short_extract() -> None:
    def long(word: str) -> str:
        return f"“{' '.join([word] * 60)}” it said. The sum of {' '.join([word] * 90)} is 12 in all."

    before, after = (
        reading(long("envoys")),
        reading(long("envoys").replace("12", "13").replace("envoys envoys”", "envoys again”")),
    )
    shown = [s for c in changes(before, after) for s in (c.before, c.after) if s]
    assert {c.kind for c in changes(before, after)} == {"figures", "quotes"}
    assert max(map(len, shown)) <= 280


@given(st.integers(0, 20), st.integers(0, 20))
def test_a_change_is_told_exactly_when_the_words_differ(one: int, other: int) -> None:
    assert bool(changes(reading(prose(one, 3)), reading(prose(other, 3)))) == (one != other)


def test_a_change_has_a_kind_that_readers_know() -> None:
    assert {c.kind for c in changes(reading("A b c.", "X"), reading("D e f.", "Y"))} <= {"headline", "text"}
    assert Change(kind="removed", before=None, after=None).kind == "removed"


# windows


days = st.dates(date(2020, 1, 1), date(2030, 12, 31))
times = st.times().map(lambda t: t.replace(second=0, microsecond=0))
zones = st.sampled_from(
    ["Europe/Brussels", "UTC", "America/St_Johns", "Pacific/Auckland", "Asia/Kathmandu", "Africa/Casablanca"]
)


@given(days, times, zones)
def test_windows_tile_without_gap_or_overlap(day: date, closes_at: time, zone: str) -> None:
    one, following = (window_of(d, closes_at, ZoneInfo(zone)) for d in (day, day + DAY))
    assert one.end == following.start
    assert timedelta(hours=22) <= one.end - one.start <= timedelta(hours=26)


@given(st.datetimes(datetime(2020, 1, 1), datetime(2030, 12, 31)), times, zones)  # noqa: DTZ001
def test_the_newest_window_has_closed_and_the_next_has_not(moment: datetime, closes_at: time, zone: str) -> None:
    now = moment.replace(tzinfo=UTC)
    newest = newest_window(now, closes_at, ZoneInfo(zone))
    assert newest.end <= now < window_of(newest.day + DAY, closes_at, ZoneInfo(zone)).end


@pytest.mark.parametrize(
    ("day", "hours"),
    [
        (date(2026, 3, 28), 24),
        (date(2026, 3, 29), 23),
        (date(2026, 3, 30), 24),
        (date(2026, 10, 24), 24),
        (date(2026, 10, 25), 25),
        (date(2026, 10, 26), 24),
    ],
)
def test_a_window_across_a_change_of_clocks_has_23_or_25_hours(day: date, hours: int) -> None:
    window = window_of(day, time(7, 0), BRUSSELS)
    assert window.end - window.start == timedelta(hours=hours)
    assert window.end.astimezone(BRUSSELS).time() == time(7, 0)


def test_a_closing_time_that_the_clock_skips_or_repeats_is_taken_once() -> None:
    assert window_of(date(2026, 3, 29), time(2, 30), BRUSSELS).end == datetime(2026, 3, 29, 1, 30, tzinfo=UTC)
    assert window_of(date(2026, 10, 25), time(2, 30), BRUSSELS).end == datetime(2026, 10, 25, 0, 30, tzinfo=UTC)


def test_a_window_is_open_until_the_very_moment_it_closes() -> None:
    closing = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
    assert newest_window(closing, time(7, 0), BRUSSELS) == Window(
        day=date(2026, 11, 24), start=closing - DAY, end=closing
    )
    assert newest_window(closing - timedelta(seconds=1), time(7, 0), BRUSSELS).day == date(2026, 11, 23)


# fetching


def failure(
    reason: Reason, *, attempts: int = 0, has_feed_text: bool = True, retry_after: timedelta | None = None
) -> Move:
    return after_failure(
        Rejected(reason=reason, detail="seen"),
        attempts=attempts,
        has_feed_text=has_feed_text,
        retry_after=retry_after,
        now=NOW,
    )


def test_a_page_is_read_next() -> None:
    move = after_page(2)
    assert (move.state, move.stage, move.attempts, move.reason) == (State.LISTED, Stage.EXTRACT, 3, None)


@pytest.mark.parametrize("reason", sorted(TEMPORARY_REASONS))
def test_what_may_pass_is_tried_again_later_and_later(reason: Reason) -> None:
    waits = []
    for attempts in range(MOST_ATTEMPTS - 1):
        move = failure(reason, attempts=attempts)
        assert (move.state, move.stage, move.reason, move.attempts) == (
            State.WAITING,
            Stage.FETCH,
            reason,
            attempts + 1,
        )
        assert move.next_attempt_at is not None
        waits.append(move.next_attempt_at - NOW)
    assert waits == sorted(set(waits))
    assert waits[0] >= HOUR


def test_retry_after_is_honoured_up_to_a_day() -> None:
    assert failure(Reason.THROTTLED, retry_after=5 * HOUR).next_attempt_at == NOW + 5 * HOUR
    assert failure(Reason.THROTTLED, retry_after=timedelta(seconds=5)).next_attempt_at == NOW + HOUR
    assert failure(Reason.THROTTLED, retry_after=90 * DAY).next_attempt_at == NOW + LONGEST_RETRY


def test_patience_ends_with_the_feeds_own_text_or_with_giving_up() -> None:
    fallen = failure(Reason.TIMEOUT, attempts=MOST_ATTEMPTS - 1)
    assert (fallen.state, fallen.stage, fallen.reason) == (State.LISTED, Stage.EXTRACT, Reason.TIMEOUT)
    ended = failure(Reason.TIMEOUT, attempts=MOST_ATTEMPTS - 1, has_feed_text=False)
    assert (ended.state, ended.stage, ended.reason) == (State.GIVEN_UP, None, Reason.TIMEOUT)


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        (Reason.NOT_FOUND, State.GONE),
        (Reason.REMOVED, State.GONE),
        (Reason.PRIVATE_ADDRESS, State.REJECTED),
        (Reason.BAD_URL, State.REJECTED),
        (Reason.TOO_MANY_REDIRECTS, State.REJECTED),
    ],
)
def test_a_page_that_nobody_can_open_is_not_stood_in_for(reason: Reason, state: State) -> None:
    move = failure(reason)
    assert (move.state, move.stage, move.reason, move.detail) == (state, None, reason, "seen")


@given(
    st.sampled_from(list(Reason)), st.integers(0, 9), st.booleans(), st.none() | st.timedeltas(timedelta(), 99 * DAY)
)
def test_every_failure_leads_to_one_sound_state(
    reason: Reason,
    attempts: int,
    has_text: bool,  # noqa: FBT001 (hypothesis gives by place)
    asked: timedelta | None,
) -> None:
    move = failure(reason, attempts=attempts, has_feed_text=has_text, retry_after=asked)
    assert (move.stage is not None) == (move.state in WORKING_STATES)
    assert (move.next_attempt_at is not None) == (move.state is State.WAITING)
    assert move.attempts == attempts + 1
    assert move.reason is reason
    assert move.next_attempt_at is None or HOUR <= move.next_attempt_at - NOW <= LONGEST_RETRY


def test_revisits_cool_down_and_end() -> None:
    step, seen, visits = 0, [], NOW
    while True:
        step, at = next_revisit(step, NOW, visits)
        if at is None:
            break
        seen.append(at - NOW)
        step, visits = step + 1, at
    assert tuple(seen) == REVISIT_AFTER


def test_a_revisit_missed_for_days_is_not_made_up_for() -> None:
    assert next_revisit(0, NOW - 2 * DAY, NOW) == (3, NOW + 5 * DAY)
    assert next_revisit(0, NOW - 99 * DAY, NOW) == (len(REVISIT_AFTER), None)


# outages


def health(rhythm: Rhythm | None = None, **over: object) -> Health:
    usual = Rhythm(batches=10, first_at=NOW - 20 * HOUR, last_at=NOW - 2 * HOUR)
    sound: dict[str, object] = {"feed_id": "f", "last_success_at": NOW - HOUR, "failures": 0, "rhythm": rhythm or usual}
    return Health(**{**sound, **over})  # type: ignore[arg-type]


def quiet(since: timedelta, *, over: timedelta, batches: int) -> Health:
    """A feed with its last news so long ago, after a number of batches over a time."""
    return health(Rhythm(batches=batches, first_at=NOW - since - over, last_at=NOW - since))


def test_a_sound_feed_is_in_no_outage() -> None:
    assert outage_of(health(), NOW) is None
    assert outage_of(health(failures=1), NOW) is None


def test_a_feed_that_fails_twice_is_failing_since_its_last_success() -> None:
    found = outage_of(health(failures=2), NOW)
    assert found is not None
    assert (found.kind, found.from_at) == ("failing", NOW - HOUR)
    never = Health(feed_id="f", last_success_at=None, failures=9)
    assert (found := outage_of(never, NOW)) is not None
    assert found.from_at is None


def test_a_feed_is_silent_against_its_own_rhythm() -> None:
    assert (found := outage_of(quiet(30 * HOUR, over=10 * HOUR, batches=11), NOW)) is not None
    assert (found.kind, found.from_at) == ("silent", NOW - 30 * HOUR)
    assert outage_of(quiet(10 * DAY, over=50 * DAY, batches=8), NOW) is None


def test_a_day_of_quiet_is_never_silence_and_two_batches_are_no_rhythm() -> None:
    assert outage_of(quiet(24 * HOUR, over=6 * HOUR, batches=60), NOW) is None
    assert outage_of(quiet(90 * DAY, over=DAY, batches=2), NOW) is None


def test_a_feed_that_was_stopped_is_out_at_once_and_stays_so() -> None:
    assert (found := outage_of(health(stopped_reason="gone"), NOW)) is not None
    assert (found.kind, found.from_at) == ("stopped", NOW - HOUR)


def test_a_search_service_that_finds_nothing_twice_is_out_and_an_outlets_feed_is_not() -> None:
    assert (found := outage_of(health(is_query=True, empty_polls=2), NOW)) is not None
    assert (found.kind, found.from_at) == ("empty", NOW - 2 * HOUR)
    assert outage_of(health(is_query=True, empty_polls=1), NOW) is None
    assert outage_of(health(empty_polls=9), NOW) is None


# kinds of pages


@pytest.mark.parametrize(
    "text",
    [
        "We value your privacy. We and our 812 partners use cookies. Accept all or reject all.",
        "Mit Ihrer Einwilligung … Alle akzeptieren … Datenschutz. Zustimmen und weiter.",
        "Votre consentement. Tout accepter. Politique de confidentialité. Nos partenaires.",
        "Twoja zgoda. Akceptuję. Polityka prywatności. Partnerzy.",
    ],
)
def test_a_consent_wall_is_named(text: str) -> None:
    found = wall(text)
    assert found is not None
    assert found.reason is Reason.CONSENT_WALL
    assert found.detail


def test_an_article_about_consent_is_no_wall() -> None:
    assert wall(f"{prose(1, 20)} Consent, cookies, privacy and partners were debated.") is None
    assert wall("Ministers debated privacy and cookies.") is None
    assert wall("") is None


def test_a_teaser_is_too_short_and_an_empty_page_has_no_text() -> None:
    assert too_short("word " * LEAST_WORDS) is None
    assert (found := too_short("word " * (LEAST_WORDS - 1))) is not None
    assert (found.reason, found.detail) == (Reason.TOO_SHORT, "39 words")
    assert (nothing := too_short(" \n")) is not None
    assert nothing.reason is Reason.NO_TEXT


@given(st.integers(0, 400), st.booleans(), st.booleans())
def test_quality_is_between_nothing_and_one(words: int, has_title: bool, has_date: bool) -> None:  # noqa: FBT001
    found = quality("word " * words, has_title=has_title, has_date=has_date)
    assert 0 <= found <= 1
    assert (found == 1.0) == (words >= 200 and has_title and has_date)


def test_a_text_in_an_unspaced_script_is_long_enough_by_its_characters() -> None:
    assert too_short("子" * LEAST_WORDS) is None


def test_quotes_of_a_reading_are_compared_folded() -> None:
    one = Reading(title="t", text="x", quotes=[Quote(text="We will act.", start=0, end=1)])
    other = Reading(title="T", text="X", quotes=[Quote(text="we will  act", start=0, end=1)])
    assert changes(one, other) == []
