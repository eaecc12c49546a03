"""The one door to Babel: a digest's own words, and its dates and numbers, in English, French or German.

English stands in the templates; the others in `templates/locale/*.po`, read as they are at run time.
"""

import gettext
import io
from dataclasses import dataclass
from datetime import date, datetime
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from babel.numbers import format_decimal, format_percent

LANGUAGES = ("en", "fr", "de")
_LOCALES = {"en": "en_GB", "fr": "fr", "de": "de"}
_LONG_DAY = {"en": "EEEE d MMMM y", "fr": "EEEE d MMMM y", "de": "EEEE, d. MMMM y"}
_RIGHT_TO_LEFT = frozenset({"ar", "arc", "ckb", "dv", "fa", "he", "ku", "ps", "sd", "ug", "ur", "yi"})


@dataclass(frozen=True, slots=True)
class Wording:
    """How a digest writes in one language."""

    language: str
    locale: Locale
    translations: gettext.NullTranslations

    def day(self, iso: str) -> str:
        """`Tuesday 24 November 2026`."""
        return format_date(date.fromisoformat(iso), _LONG_DAY[self.language], locale=self.locale)

    def short_day(self, iso: str) -> str:
        """`24 Nov`."""
        return format_skeleton("MMMd", date.fromisoformat(iso), locale=self.locale)

    def numeric_day(self, iso: str) -> str:
        """`24/11`, which any font has."""
        return format_skeleton("Md", date.fromisoformat(iso), locale=self.locale)

    def moment(self, iso: str | None, zone: ZoneInfo) -> str:
        """`24 Nov, 14:30` in the readers' zone; a date alone without a time; `date unknown`."""
        if iso is None:
            return self.translations.gettext("date unknown")
        if len(iso) == len("2026-11-11"):
            return self.short_day(iso)
        local = datetime.fromisoformat(iso).astimezone(zone)
        return f"{self.short_day(local.date().isoformat())}, {format_time(local, 'HH:mm', locale=self.locale)}"

    def language_name(self, code: str | None) -> str:
        """The name of a language in this one; its code where it has none."""
        if code is None or code == "und":
            return self.translations.gettext("language unknown")
        return str(self.locale.languages.get(code, code))

    def number(self, value: float) -> str:
        """`1,234.5` or `1.234,5`."""
        return str(format_decimal(value, locale=self.locale))

    def share(self, part: int, whole: int) -> str:
        """`25 %`, and nothing of nothing."""
        return str(format_percent(part / whole if whole else 0, locale=self.locale))


def direction(code: str | None) -> str:
    """`rtl` for a language that is written from right to left."""
    return "rtl" if code in _RIGHT_TO_LEFT else "ltr"


@cache
def wording(language: str) -> Wording:
    """The wording of one of `LANGUAGES`."""
    return Wording(language, Locale.parse(_LOCALES[language]), _translations(language))


def _translations(language: str) -> gettext.NullTranslations:
    if language == "en":
        return gettext.NullTranslations()
    source = (files("pipelines") / "templates" / "locale" / f"{language}.po").read_bytes()
    compiled = io.BytesIO()
    write_mo(compiled, read_po(io.BytesIO(source), locale=language))
    compiled.seek(0)
    return gettext.GNUTranslations(compiled)
