"""Digest windows in the readers' time zone. Each begins where the one before ends, on days of 23 and 25 hours too."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """The half-open time [start, end) that a digest is about, in UTC, and the day on which it closes."""

    day: date
    start: datetime
    end: datetime


def window_of(day: date, closes_at: time, zone: ZoneInfo) -> Window:
    """The window that closes on `day`. A closing time that the clock skips or repeats is taken at its first turn."""
    return Window(day=day, start=_moment(day - timedelta(days=1), closes_at, zone), end=_moment(day, closes_at, zone))


def newest_window(now: datetime, closes_at: time, zone: ZoneInfo) -> Window:
    """The last window that has closed by now."""
    today = now.astimezone(zone).date()
    window = window_of(today, closes_at, zone)
    return window if window.end <= now else window_of(today - timedelta(days=1), closes_at, zone)


def _moment(day: date, closes_at: time, zone: ZoneInfo) -> datetime:
    return datetime.combine(day, closes_at, tzinfo=zone).astimezone(UTC)
