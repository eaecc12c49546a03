"""Dates as outlets write them. The raw string is kept, the reader is named, and unknown stays unknown.

Order of readers: ISO 8601, RFC 822 with a zone table, digits as epoch seconds. What they leave goes to the
library readers of the adapters. Forms that forced a line stand beside it. A time without a zone is some clock's,
and nobody says whose: its day is kept, the instant is unknown (docs/decisions/0015).
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
    "BST": 60, "IST": 60, "MSK": 180, "TRT": 180, "SAST": 120, "HKT": 480, "SGT": 480, "JST": 540, "KST": 540,
    "AEST": 600, "AEDT": 660, "NZST": 720, "NZDT": 780,
}  # fmt: skip
_ZONE_NAME = re.compile(r"\b(" + "|".join(_ZONES) + r")\b\.?\s*$")
# What email.utils knows besides (RFC 822, section 5.1). Any other letters it reads as UTC, and we do not.
_HAS_ZONE = re.compile(
    r"(?:[+-]\d{2}:?\d{2}|(?<=\d)Z|\b(?:UTC?|GMT|Z|[AECMP][SD]T|" + "|".join(_ZONES) + r"))\.?\s*(?:\([^()]*\)\s*)?$",
    re.IGNORECASE,
)
# As in "GMT+9", and "GMT+0100 (Central European Standard Time)" of JavaScript.
_HOURS_BEHIND_GMT = re.compile(r"\b(?:GMT|UTC)\s*([+-])\s*(\d{1,2})(?::?(\d{2}))?\s*(?:\([^()]*\)\s*)?$", re.IGNORECASE)
_CLOCK = re.compile(r"\d:\d")
# email.utils reads "7:47 PM EST" as 07:47 UTC.
_HALF_DAY = re.compile(r"(?<=\d)\s*([ap])\.?m\b\.?", re.IGNORECASE)
# "+01" alone is how PostgreSQL prints an offset, "[Europe/Vienna]" behind one how Java does (RFC 9557).
_ISO = re.compile(
    r"^\s*(\d{4})-(\d{2})-(\d{2})(?:[T ](\d{2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?"
    r"\s*(Z|UTC|GMT|[+-]\d{2}(?::?\d{2})?|" + "|".join(_ZONES) + r")?(?:\[[\w/+-]+\])?)?\s*$",
    re.IGNORECASE,
)
_SLASHED = re.compile(r"^\s*(\d{4})/(\d{1,2})/(\d{1,2})(?=\s|$)")  # feedparser reads 2020/1/10 as 1 November
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
    found = _ISO.match(_SLASHED.sub(lambda m: f"{m[1]}-{m[2]:0>2}-{m[3]:0>2}", raw))
    if not found:
        return None
    year, month, day, hour, minute, second, offset = found.groups()
    if hour is None:
        return _date(year, month, day)
    try:
        moment = datetime(int(year), int(month), int(day), int(hour), int(minute), int(second or 0), tzinfo=UTC)
    except ValueError:
        return None
    zone = _offset(offset)
    return moment.replace(tzinfo=zone) if zone else moment.date()


def _date(year: str, month: str, day: str) -> date | None:
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _offset(text: str | None) -> timezone | None:
    """The zone that an offset or a name of one stands for; None for none, and for one of a day and more."""
    if text is None:
        return None
    if text.upper() in {"Z", "UTC", "GMT"}:
        return UTC
    if text.upper() in _ZONES:
        return timezone(timedelta(minutes=_ZONES[text.upper()]))
    sign = -1 if text[0] == "-" else 1
    digits = text[1:].replace(":", "").ljust(4, "0")
    minutes = sign * (int(digits[:2]) * 60 + int(digits[2:]))
    return timezone(timedelta(minutes=minutes)) if abs(minutes) < 24 * 60 else None


def _epoch(raw: str) -> datetime | None:
    found = _EPOCH.match(raw)
    if not found:
        return None
    digits = found.group(1)
    return datetime.fromtimestamp(int(digits[:10] if len(digits) == 13 else digits), tz=UTC)  # noqa: PLR2004 (ms)


def has_clock(raw: str) -> bool:
    """True where a date in words has a time: readers give midnight where there is none, and we do not."""
    return bool(_CLOCK.search(raw))


def is_instant(raw: str) -> bool:
    """True where a date in words has a time and its zone: readers take UTC for a zone that is missing."""
    return has_clock(raw) and bool(_HAS_ZONE.search(raw) or _HOURS_BEHIND_GMT.search(raw))


def _rfc822(raw: str) -> datetime | date | None:
    try:
        half = _HALF_DAY.search(raw)
        raw = _HALF_DAY.sub("", raw)
        parsed = parsedate_tz(raw)
        if parsed is None or parsed[0] < EARLIEST.year:
            return None
        if not is_instant(raw):
            return date(*parsed[:3])
        hour = parsed[3] % 12 + 12 * (half[1] in "pP") if half else parsed[3]
        zone = timezone(timedelta(minutes=_minutes(raw, parsed[9])))
        return datetime(*parsed[:3], hour, *parsed[4:6], tzinfo=zone)
    except (ValueError, OverflowError):  # 0000-00-00, the 31st of June, a year of twenty digits
        return None


def _minutes(raw: str, seconds: int | None) -> int:
    """The offset of an RFC 822 date: by name, as GMT and hours, or as parsed.

    "-0000" is an instant in UTC (RFC 5322, section 3.3).
    """
    if zone := _ZONE_NAME.search(raw):
        return _ZONES[zone.group(1)]
    if behind := _HOURS_BEHIND_GMT.search(raw):
        sign, hours, minutes = behind.groups()
        return (-1 if sign == "-" else 1) * (int(hours) * 60 + int(minutes or 0))
    return (seconds or 0) // 60
