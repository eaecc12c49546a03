"""The one door to dateparser: dates in words, when everything stricter has failed."""

import warnings
from datetime import date, datetime
from typing import Any

import dateparser

from pipelines.core.dates import has_clock

_SETTINGS: dict[str, Any] = {
    "STRICT_PARSING": True,  # a missing day, month or year is not filled in from today
    "PARSERS": ["absolute-time"],  # "yesterday" depends on when it is read
}
_LONGEST = 60


def read_loosely(raw: str, language: str | None) -> datetime | date | None:
    """A date in words such as `mer, 16 nov 2022 10:00 +0100`, or None.

    Returns:
        An aware datetime where the words have a time and its zone; of any other the day alone, as written.
    """
    if len(raw) > _LONGEST:
        return None
    languages = [language.split("-")[0].lower()] if language else None
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # dateparser's own deprecations
        try:
            found = dateparser.parse(raw, languages=languages, settings=_SETTINGS)
        except (ValueError, OverflowError, TypeError):
            return None
    return found if found is None or (found.tzinfo and has_clock(raw)) else found.date()
