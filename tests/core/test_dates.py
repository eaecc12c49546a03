"""Dates as outlets write them: read rightly or not at all."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.dates import EARLIEST, LATEST_AHEAD, dated, is_plausible, published_day, read_date
from pipelines.core.nouns import UNDATED, Dated, Precision
from tests.builders import NOW

INSTANTS = [
    ("2026-11-24T10:00:00Z", "2026-11-24T10:00:00+00:00"),
    ("2026-11-24T10:00:00+01:00", "2026-11-24T09:00:00+00:00"),
    ("2026-11-24T10:00:00+0100", "2026-11-24T09:00:00+00:00"),
    ("2026-11-24T10:00:00.123456+01:00", "2026-11-24T09:00:00+00:00"),
    ("2026-11-24 10:00:00 UTC", "2026-11-24T10:00:00+00:00"),
    ("2026-11-24 10:00:00 CET", "2026-11-24T09:00:00+00:00"),
    ("2026-11-24 10:00:00+01", "2026-11-24T09:00:00+00:00"),
    ("2026-11-24T10:00:00+01:00[Europe/Vienna]", "2026-11-24T09:00:00+00:00"),
    ("  2026-11-24T10:00Z  ", "2026-11-24T10:00:00+00:00"),
    ("2026-11-24T10:00:00-05:30", "2026-11-24T15:30:00+00:00"),
    ("Tue, 24 Nov 2026 10:00:00 GMT", "2026-11-24T10:00:00+00:00"),
    ("Tue, 24 Nov 2026 10:00:00 +0100", "2026-11-24T09:00:00+00:00"),
    ("Tue, 24 Nov 2026 10:00:00 -0000", "2026-11-24T10:00:00+00:00"),
    ("24 Nov 2026 10:00:00 EST", "2026-11-24T15:00:00+00:00"),
    ("Tue, 24 Nov 2026 10:00:00 CET", "2026-11-24T09:00:00+00:00"),
    ("Thu, 14 May 2026 10:00:00 CEST", "2026-05-14T08:00:00+00:00"),
    ("Thu, 14 May 2026 10:00:00 BST", "2026-05-14T09:00:00+00:00"),
    ("Thu, 14 May 2026 10:00:00 EEST", "2026-05-14T07:00:00+00:00"),
    ("Thu, 14 May 2026 10:00:00 WEST", "2026-05-14T09:00:00+00:00"),
    ("Tue, 24 Nov 2026 10:00:00 JST", "2026-11-24T01:00:00+00:00"),
    ("Tue Nov 24 2026 10:00:00 GMT+0100 (Central European Standard Time)", "2026-11-24T09:00:00+00:00"),
    ("November 24, 2026, 07:47 PM EST", "2026-11-25T00:47:00+00:00"),
    ("24 Nov 2026 12:05 a.m. GMT", "2026-11-24T00:05:00+00:00"),
    ("Tue, 24 Nov 2026 10:00:00 EET", "2026-11-24T08:00:00+00:00"),
    ("1700000000", "2023-11-14T22:13:20+00:00"),
    ("1700000000000", "2023-11-14T22:13:20+00:00"),
]


@pytest.mark.parametrize(("raw", "at"), INSTANTS)
def test_an_instant_is_read_with_its_zone(raw: str, at: str) -> None:
    found = read_date(raw, NOW, "feed")
    assert found.at == datetime.fromisoformat(at)
    assert found.precision is Precision.SECOND
    assert found.raw == raw
    assert (found.source or "").startswith("feed:")


def test_the_declared_offset_is_kept_in_what_was_declared() -> None:
    assert read_date("2026-11-24T10:00:00+01:00", NOW, "feed").declared == "2026-11-24T10:00:00+01:00"
    assert read_date("Tue, 24 Nov 2026 10:00:00 CET", NOW, "feed").declared == "2026-11-24T10:00:00+01:00"


@pytest.mark.parametrize(
    ("raw", "day"),
    [
        ("2026-11-24", date(2026, 11, 24)),
        ("2020/1/10", date(2020, 1, 10)),
        ("2020/10/1", date(2020, 10, 1)),
        ("1995-01-01", date(1995, 1, 1)),
    ],
)
def test_a_date_without_a_time_stays_a_date(raw: str, day: date) -> None:
    found = read_date(raw, NOW, "feed")
    assert (found.day, found.at, found.declared, found.precision) == (day, None, day.isoformat(), Precision.DAY)


@pytest.mark.parametrize(
    "raw",
    [
        "2026-11-24T23:30:00",
        "2026-11-24 23:30",
        "2026-11-24T23:30:00+9900",
        "Tue, 24 Nov 2026 23:30:00",
        "Tue, 24 Nov 2026 23:30:00 XYZ",
        "November 24, 2026, 11:30 PM",
    ],
)
def test_a_time_of_an_unknown_zone_is_known_to_the_day_alone(raw: str) -> None:
    found = read_date(raw, NOW, "feed")
    assert (found.day, found.at, found.precision) == (date(2026, 11, 24), None, Precision.DAY)
    assert (found.declared, found.raw) == ("2026-11-24", raw)


@pytest.mark.parametrize(
    "raw",
    [
        "0000-00-00",
        "0000-00-00 00:00:00",
        "0000-00-00T00:00:00Z",
        "2026-02-30",
        "2026-13-01",
        "31 Jun 2026 10:00:00 GMT",
        "mer, 16 nov 2022",
        "yesterday",
        "soon",
        "1758",
        "12",
        "9999999999",
        "1994-12-31",
        "1970-01-01T00:00:00Z",
        "0",
        "2026-11-26T12:00:00Z",
        "2031-01-01",
        "Thu, 01 Jan 1970 00:00:00 GMT",
        "2026-11-24T25:00:00Z",
        "null",
        "None",
        "-",
        "{{ date }}",
        "2020/13/45",
    ],
)
def test_what_cannot_be_read_or_believed_stays_unknown_with_its_words(raw: str) -> None:
    assert read_date(raw, NOW, "feed") == Dated(raw=raw)


@pytest.mark.parametrize("raw", [None, "", "   ", "\n"])
def test_nothing_is_undated(raw: str | None) -> None:
    assert read_date(raw, NOW, "feed") == UNDATED


def test_a_zone_written_as_gmt_and_hours_is_never_read_as_utc() -> None:
    at = read_date("Tue, 24 Nov 2026 10:00:00 GMT+9", NOW, "feed").at
    assert at in {None, datetime(2026, 11, 24, 1, 0, tzinfo=UTC)}


@pytest.mark.parametrize(
    "raw", ["1 Jan 99999999999999999999 00:00:00", "Tue, 99999999999999999999 Nov 2026 10:00:00 GMT"]
)
def test_a_number_too_large_for_a_calendar_is_unknown(raw: str) -> None:
    assert read_date(raw, NOW, "feed") == Dated(raw=raw)


pieces = st.sampled_from(
    [
        "Tue,",
        "24",
        "Nov",
        "2026",
        "10:00:00",
        "GMT",
        "CET",
        "+0100",
        "T",
        "-",
        "/",
        ":",
        "0",
        "99999999999",
        "Z",
        " ",
        "+9999",
    ]
)


@given(st.text() | st.lists(pieces, max_size=8).map(" ".join) | st.lists(pieces, max_size=8).map("".join))
def test_any_string_gives_a_dated_and_never_an_error(raw: str) -> None:
    found = read_date(raw, NOW, "feed")
    assert found.at is None or EARLIEST <= found.at <= NOW + LATEST_AHEAD
    assert (found.at is None) or (found.day is None)
    assert (found.source is None) == (found.precision is None)


@given(st.datetimes(datetime(1995, 1, 2), datetime(2026, 11, 24)), st.integers(-14 * 4, 14 * 4))  # noqa: DTZ001
def test_an_iso_instant_survives_being_written_with_any_offset(moment: datetime, quarters: int) -> None:
    zone = timedelta(minutes=15 * quarters)
    at = moment.replace(microsecond=0, tzinfo=UTC)
    written = f"{(at + zone).replace(tzinfo=None).isoformat()}{_offset(zone)}"
    assert read_date(written, NOW, "feed").at == at


def _offset(zone: timedelta) -> str:
    minutes = int(zone.total_seconds()) // 60
    return f"{'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"


def test_plausible_is_from_1995_to_a_day_ahead() -> None:
    assert is_plausible(EARLIEST, NOW)
    assert not is_plausible(EARLIEST - timedelta(seconds=1), NOW)
    assert is_plausible(NOW + timedelta(hours=24), NOW)
    assert not is_plausible(NOW + timedelta(hours=24, seconds=1), NOW)
    assert not is_plausible(date(1994, 12, 31), NOW)


def test_the_day_for_readers_is_that_of_their_zone() -> None:
    late = dated(datetime(2026, 11, 23, 23, 30, tzinfo=UTC), source="feed:iso")
    assert published_day(late, ZoneInfo("Europe/Brussels")) == date(2026, 11, 24)
    assert published_day(late, ZoneInfo("UTC")) == date(2026, 11, 23)
    assert published_day(dated(date(2026, 11, 23), source="feed:iso"), ZoneInfo("Pacific/Auckland")) == date(
        2026, 11, 23
    )
    assert published_day(UNDATED, ZoneInfo("UTC")) is None
