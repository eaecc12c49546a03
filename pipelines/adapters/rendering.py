"""The one door to Jinja: a digest's content as HTML and as plain text. The same content gives the same bytes."""

from collections.abc import Mapping
from datetime import UTC, date, datetime
from functools import cache
from typing import Any
from zoneinfo import ZoneInfo

from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

# English names of the languages that outlets of Europe write in; others are shown by their code.
_LANGUAGES = {
    "bg": "Bulgarian", "cs": "Czech", "da": "Danish", "de": "German", "el": "Greek", "en": "English", "es": "Spanish",
    "et": "Estonian", "fi": "Finnish", "fr": "French", "ga": "Irish", "hr": "Croatian", "hu": "Hungarian",
    "it": "Italian", "lt": "Lithuanian", "lv": "Latvian", "mt": "Maltese", "nl": "Dutch", "no": "Norwegian",
    "pl": "Polish", "pt": "Portuguese", "ro": "Romanian", "ru": "Russian", "sk": "Slovak", "sl": "Slovenian",
    "sv": "Swedish", "uk": "Ukrainian",
}  # fmt: skip
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
           "November", "December")  # fmt: skip


def render_digest(content: Mapping[str, Any], kind: str) -> str:
    """A digest as `html` or `text`."""
    name = {"html": "digest.html.j2", "text": "digest.txt.j2"}[kind]
    return _environment().get_template(name).render(d=content, zone=ZoneInfo(content["window"]["time_zone"]))


@cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("pipelines", "templates"),
        autoescape=select_autoescape(["html.j2"], default=False),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters |= {"day": _day, "moment": _moment, "language": _language, "plural": _plural}
    return environment


def _day(iso: str) -> str:
    """`Wednesday 11 November 2026`."""
    day = date.fromisoformat(iso)
    return f"{_WEEKDAYS[day.weekday()]} {day.day} {_MONTHS[day.month - 1]} {day.year}"


def _moment(iso: str | None, zone: ZoneInfo) -> str:
    """`11 Nov, 14:30` in the readers' zone; a date alone without a time; `date unknown`."""
    if iso is None:
        return "date unknown"
    if len(iso) == len("2026-11-11"):
        day = date.fromisoformat(iso)
        return f"{day.day} {_MONTHS[day.month - 1][:3]}"
    moment = datetime.fromisoformat(iso).astimezone(zone or UTC)
    return f"{moment.day} {_MONTHS[moment.month - 1][:3]}, {moment:%H:%M}"


def _language(code: str | None) -> str:
    return _LANGUAGES.get(code or "", code or "language unknown")


def _plural(count: int, one: str, many: str | None = None) -> str:
    """`1 article`, `3 articles`."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
