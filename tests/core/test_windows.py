"""Windows in the readers' time zone: they tile time, on days of 23 and 25 hours too."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.windows import newest_window, window_of

zones = st.sampled_from(["Europe/Brussels", "America/New_York", "Australia/Lord_Howe", "Asia/Kolkata", "UTC"])
days = st.dates(date(2024, 1, 1), date(2028, 12, 31))
clocks = st.times().map(lambda t: t.replace(second=0, microsecond=0))


@given(zones.map(ZoneInfo), days, clocks)
def test_each_window_begins_where_the_one_before_ends(zone: ZoneInfo, day: date, closes_at: time) -> None:
    before, after = window_of(day - timedelta(days=1), closes_at, zone), window_of(day, closes_at, zone)
    assert before.end == after.start < after.end


@given(zones.map(ZoneInfo), days, clocks, st.datetimes(datetime(2024, 1, 3), datetime(2028, 12, 29)))  # noqa: DTZ001 (made aware below)
def test_any_moment_is_in_exactly_one_window(zone: ZoneInfo, day: date, closes_at: time, naive: datetime) -> None:
    del day
    moment = naive.replace(tzinfo=UTC)
    newest = newest_window(moment, closes_at, zone)
    following = window_of(newest.day + timedelta(days=1), closes_at, zone)
    assert newest.end <= moment < following.end
    around = [window_of(newest.day + timedelta(days=n), closes_at, zone) for n in range(-1, 4)]
    assert sum(w.start <= moment < w.end for w in around) == 1


@pytest.mark.parametrize(
    ("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 11, 24), 24)]
)
def test_the_clock_s_change_makes_a_day_shorter_or_longer(day: date, hours: int) -> None:
    window = window_of(day, time(7, 0), ZoneInfo("Europe/Brussels"))
    assert window.end - window.start == timedelta(hours=hours)
