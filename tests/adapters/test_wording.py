"""A digest's own words in English, French and German: all of them, with the same places for names and numbers."""

import io
import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from pipelines.adapters.rendering import render_digest
from pipelines.adapters.wording import LANGUAGES, direction, wording
from tests.adapters.test_rendering import content

TEMPLATES = Path(__file__).parents[2] / "pipelines/templates"
OTHERS = [language for language in LANGUAGES if language != "en"]
IN_CODE = {("date unknown",), ("language unknown",)}


def asked_for() -> set[tuple[str, ...]]:
    """Every message of the templates, singular and plural."""
    found: set[tuple[str, ...]] = {*IN_CODE}
    for path in TEMPLATES.glob("*.j2"):
        with path.open("rb") as template:
            for _, _, message, _ in babel_extract(template, ("_", "ngettext"), [], {}):
                parts = message if isinstance(message, tuple) else (message,)
                found.add(tuple(part for part in parts if isinstance(part, str)))
    return found


def catalogue(language: str) -> Catalog:
    return read_po(io.BytesIO((TEMPLATES / "locale" / f"{language}.po").read_bytes()), locale=language)


def texts(value: Any) -> tuple[str, ...]:
    return value if isinstance(value, tuple) else (value,)


@pytest.mark.parametrize("language", OTHERS)
def test_each_message_is_translated_and_no_other_is_kept(language: str) -> None:
    translated = {texts(m.id) for m in catalogue(language) if m.id and all(texts(m.string))}
    assert translated == asked_for()


@pytest.mark.parametrize("language", OTHERS)
def test_a_translation_has_the_places_of_its_message(language: str) -> None:
    pairs = [p for m in catalogue(language) if m.id for p in zip(texts(m.id), texts(m.string), strict=True)]
    assert [(english, other) for english, other in pairs if places(english) != places(other)] == []


def places(text: str) -> set[str]:
    return set(re.findall(r"%\(\w+\)s", text))


@pytest.mark.parametrize(
    ("language", "day", "moment", "number", "polish"),
    [
        ("en", "Tuesday 24 November 2026", "24 Nov, 14:05", "1,234.5", "Polish"),
        ("fr", "mardi 24 novembre 2026", "24 nov., 14:05", "1\u202f234,5", "polonais"),
        ("de", "Dienstag, 24. November 2026", "24. Nov., 14:05", "1.234,5", "Polnisch"),
    ],
)
def test_dates_and_numbers_are_written_as_the_language_does(
    language: str, day: str, moment: str, number: str, polish: str
) -> None:
    words = wording(language)
    at = datetime(2026, 11, 24, 13, 5, tzinfo=UTC).isoformat()
    written = (words.day("2026-11-24"), words.moment(at, ZoneInfo("Europe/Brussels")), words.number(1234.5))
    assert written == (day, moment, number)
    assert words.language_name("pl") == polish


@pytest.mark.parametrize(("language", "heading"), [("fr", "À la une"), ("de", "Das Wichtigste")])
def test_a_digest_in_another_language_keeps_headlines_as_they_are(language: str, heading: str) -> None:
    told = {**content(title="Ministers agree"), "language": language}
    page, text = (render_digest(told, kind).decode() for kind in ("html", "text"))
    assert f"<h2>{heading}</h2>" in page
    assert heading.upper() in text
    assert 'lang="en"' in page, "a headline in another language than the digest's says so"
    for english in ("Top stories", "Key quotes", "Why it is here", "independent publisher", "Coverage confidence"):
        assert english not in page
        assert english not in text


def test_what_is_written_from_right_to_left_is_shown_so() -> None:
    assert [direction(code) for code in ("ar", "he", "en", None)] == ["rtl", "rtl", "ltr", "ltr"]
    told = content()
    told["top_stories"][0]["language"] = "ar"
    assert 'lang="ar" dir="rtl"' in render_digest(told, "html").decode()
