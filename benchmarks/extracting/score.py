"""How well pages were read: the definitions of the article-extraction benchmark, field by field.

    one truth, one reading -> measures of a page, each 0..1 or absent | summary of many pages

Body F1 counts shingles of four words: precision and recall are means over pages, F1 is their harmonic mean. A paragraph
that the truth calls optional joins it where the reading has half of it. A title is right loosely: case and punctuation
folded. An author set is right whole or not at all. A day is right as written or in UTC. A text under 20 characters is
missing. The whole score, with more measures, is the script that comes with the pages; a test holds both together.
"""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime
from statistics import fmean
from typing import Any

Row = Mapping[str, Any]
Measures = dict[str, float]
Shingles = Counter[tuple[str, ...]]

SHINGLE = 4
_LEAST_CHARACTERS = 20
_DATE_ALONE = 10  # characters
_WORD = re.compile(r"\w+")
_BETWEEN_NAMES = re.compile(r"\s*(?:;|\||\n)\s*")
_ZONE = re.compile(r"([+-]\d{2})(\d{2})$")
_INVISIBLE = dict.fromkeys(map(ord, "\u200b\u200c\u200d\u2060\ufeff\u00ad"), "")


def of_page(truth: Row, said: Row) -> Measures:
    """The measures that a page's truth allows."""
    return {**_body(truth, said), **_title(truth, said), **_authors(truth, said), **_day(truth, said)}


def summary(pages: Iterable[Measures]) -> dict[str, float | None]:
    """Means over the pages that have a measure; F1 from the mean precision and recall."""
    rows = list(pages)
    means = {
        name: fmean(values) if (values := [row[name] for row in rows if name in row]) else None
        for name in ("precision", "recall", "title", "author", "date", "missing")
    }
    p, r = means.pop("precision"), means.pop("recall")
    f1 = None if p is None and r is None else 2 * p * r / (p + r) if p and r else 0.0
    return {"body": f1, **means}


def shingles(text: str | None) -> Shingles:
    """Runs of four words with their counts; a shorter text is one run."""
    words = _WORD.findall(text or "")
    runs = range(max(len(words) - SHINGLE + 1, min(len(words), 1)))
    return Counter(tuple(words[i : i + SHINGLE]) for i in runs)


def _body(truth: Row, said: Row) -> Measures:
    if not truth.get("text"):
        return {}
    text = said.get("text") or ""
    found = shingles(text)
    wanted = shingles("\n".join([truth["text"], *_joined(truth.get("optional") or (), found)]))
    common = (found & wanted).total()
    measures = {"missing": float(len(text.strip()) < _LEAST_CHARACTERS)}
    if found:
        measures["precision"] = common / found.total()
    if wanted:
        measures["recall"] = common / wanted.total()
    return measures


def _joined(paragraphs: Sequence[str], found: Shingles) -> list[str]:
    wanted = [(paragraph, shingles(paragraph)) for paragraph in paragraphs]
    return [paragraph for paragraph, s in wanted if s and 2 * (s & found).total() >= s.total()]


def _title(truth: Row, said: Row) -> Measures:
    if not truth.get("title"):
        return {}
    right = {folded(t) for t in (truth["title"], *(truth.get("title_alt") or ()))}
    return {"title": float(folded(said.get("title")) in right)}


def _authors(truth: Row, said: Row) -> Measures:
    return {"author": float(_names(said.get("author")) == _names(truth["author"]))} if truth.get("author") else {}


def _names(written: str | Iterable[str] | None) -> set[str]:
    names = _BETWEEN_NAMES.split(written) if isinstance(written, str) else written or ()
    return {folded(name) for name in names} - {""}


def _day(truth: Row, said: Row) -> Measures:
    return {"date": float(bool(days(said.get("date")) & days(truth["date"])))} if truth.get("date") else {}


def days(written: str | None) -> set[date]:
    """The days that an ISO date or moment may be called by: as written, and in UTC."""
    text = (written or "").strip()
    try:
        found = {date.fromisoformat(text[:_DATE_ALONE])}
    except ValueError:
        return set()
    try:
        moment = datetime.fromisoformat(_ZONE.sub(r"\1:\2", text.replace("Z", "+00:00")))
    except ValueError:
        return found
    is_moment = len(text) > _DATE_ALONE and moment.tzinfo is not None
    return found | ({moment.astimezone(UTC).date()} if is_moment else set())


def folded(text: str | None) -> str:
    """Words alone, in one case."""
    composed = unicodedata.normalize("NFC", text or "").translate(_INVISIBLE)
    return " ".join(_WORD.findall(composed.casefold()))
