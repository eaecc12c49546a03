"""Dates as outlets write them. The raw string is kept, the reader is named, and unknown stays unknown.

Order of readers: ISO 8601, RFC 822 with a zone table, digits as epoch seconds. What they leave goes to the
library readers of the adapters. Forms that forced a line stand beside it.
"""

import re
from datetime import UTC, date, datetime, timedelta, timezone
from email.utils import parsedate_tz
from zoneinfo import ZoneInfo

from pipelines.core.nouns import UNDATED, Dated

EARLIEST = datetime(1995, 1, 1, tzinfo=UTC)
LATEST_AHEAD = timedelta(hours=24)

# email.utils and feedparser read these as UTC; European outlets write them in RFC 822 dates.
_ZONES = {
    "CET": 60, "CEST": 120, "MET": 60, "MEST": 120, "EET": 120, "EEST": 180, "WET": 0, "WEST": 60,
    "BST": 60, "IST": 60, "MSK": 180,
}  # fmt: skip
_ZONE_NAME = re.compile(r"\b(" + "|".join(_ZONES) + r")\b\.?\s*$")
_HOURS_BEHIND_GMT = re.compile(r"\b(?:GMT|UTC)\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?\s*$", re.IGNORECASE)  # "GMT+9"
_CLOCK = re.compile(r"\d:\d")
_ISO = re.compile(
    r"^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2})?)?\s*$",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"^\s*(\d{4})/(\d{1,2})/(\d{1,2})\s*$")  # feedparser reads 2020/1/10 as 1 November
_EPOCH = re.compile(r"^\s*(\d{9,10}|\d{13})\s*$")  # feedparser reads epoch digits as the year 1758


def read_date(raw: str | None, now: datetime, source: str) -> Dated:
    """Read one date string; `source` is prefixed to the reader's name. UNDATED (with `raw`) if none can."""
    if not raw or not raw.strip():
        return UNDATED
    for name, reader in (("iso", _iso), ("epoch", _epoch), ("rfc822", _rfc822)):
        found = reader(raw)
        if found is not None and is_plausible(found, now):
            return dated(found, source=f"{source}:{name}", raw=raw)
    return Dated(raw=raw)


def dated(moment: datetime | date, *, source: str, raw: str | None = None) -> Dated:
    """A `Dated` of an aware datetime, or of a date alone."""
    if isinstance(moment, datetime):
        return Dated(declared=moment.isoformat(timespec="seconds"), at=moment.astimezone(UTC), source=source, raw=raw)
    return Dated(declared=moment.isoformat(), day=moment, source=source, raw=raw)


def is_plausible(moment: datetime | date, now: datetime) -> bool:
    """True from 1995 to a day ahead of now. Dates outside are typing errors or template defaults."""
    if isinstance(moment, datetime):
        return EARLIEST <= moment <= now + LATEST_AHEAD
    return EARLIEST.date() <= moment <= (now + LATEST_AHEAD).date()


def published_day(published: Dated, zone: ZoneInfo) -> date | None:
    """The day for readers: the instant in their time zone, or the date as declared. None if unknown."""
    return published.at.astimezone(zone).date() if published.at is not None else published.day


def _iso(raw: str) -> datetime | date | None:
    slashed = _SLASHED.match(raw)
    if slashed:
        return _date(*slashed.groups())
    found = _ISO.match(raw)
    if not found:
        return None
    year, month, day, hour, minute, second, offset = found.groups()
    if hour is None:
        return _date(year, month, day)
    try:
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC)
    except ValueError:
        return None
    # A time without a zone is taken as UTC: Atom and JSON Feed demand an offset, and those who omit it
    # mostly print UTC. The raw string is kept for whoever knows better.
    return moment.replace(tzinfo=_offset(offset))


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _offset(text: str | None) -> timezone:
    if text is None or text.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "")
    minutes = sign * (int(digits[:2]) * 60 + int(digits[2:]))
    return timezone(timedelta(minutes=minutes)) if abs(minutes) < 24 * 60 else UTC


def _epoch(raw: str) -> datetime | None:
    found = _EPOCH.match(raw)
    if not found:
        return None
    digits = found.group(1)
    return datetime.fromtimestamp(int(digits[:10] if len(digits) == 13 else digits), tz=UTC)  # noqa: PLR2004 (ms)


def has_clock(raw: str) -> bool:
    """True where a date in words has a time: readers give midnight where there is none, and we do not."""
    return bool(_CLOCK.search(raw))


def _rfc822(raw: str) -> datetime | date | None:
    try:
        parsed = parsedate_tz(raw)
        if parsed is None or parsed[0] < EARLIEST.year:
            return None
        if not has_clock(raw):
            return date(*parsed[:3])
        return datetime(*parsed[:6], tzinfo=timezone(timedelta(minutes=_minutes(raw, parsed[9]))))
    except (ValueError, OverflowError):  # 0000-00-00, the 31st of June, a year of twenty digits
        return None


def _minutes(raw: str, seconds: int | None) -> int:
    """The offset of an RFC 822 date: by name, as GMT and hours, or as parsed.

    `seconds` is None for "-0000" and for a missing zone; RFC 5322 3.3 reads both as UTC.
    """
    if zone := _ZONE_NAME.search(raw):
        return _ZONES[zone.group(1)]
    if behind := _HOURS_BEHIND_GMT.search(raw):
        sign, hours, minutes = behind.groups()
        return (-1 if sign == "-" else 1) * (int(hours) * 60 + int(minutes or 0))
    return (seconds or 0) // 60
