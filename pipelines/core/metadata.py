"""Which of the things a page, a feed and an extractor say is believed. Candidates in, choices out."""

import re
from collections.abc import Sequence
from datetime import datetime

from pipelines.core.dates import read_date
from pipelines.core.nouns import UNDATED, Dated
from pipelines.core.text import folded, one_line
from pipelines.core.url_key import is_http, is_same_site

_SUFFIX = re.compile(r"\s+(?:[|–—·»•:]|-{1,2})\s+")
_BYLINE_START = re.compile(r"^(?:by|von|par|door|di|por|autor(?:e|a)?|przez|de)\s*:?\s+(?=[^\W\d_])", re.IGNORECASE)
_NAME_SEPARATOR = re.compile(r"\s*(?:,|;|\||/|\s&\s|\band\b|\bund\b|\bet\b|\ben\b|\by\b|\be\b|\bi\b)\s*")
_NOT_A_NAME = re.compile(
    r"https?:|@|\d|www\.|^(?:redaktion|redazione|redacción|redactie|redação|redakcja|rédaction|editor|admin|staff|news|"
    r"newsroom|agency|dpa|afp|reuters|ap|efe|ansa|lusa|pap|anp)\b",
    re.IGNORECASE,
)
_MOST_NAME_WORDS = 5
_MOST_AUTHORS = 10


def choose_title(candidates: Sequence[tuple[str, str]], site_names: Sequence[str] = ()) -> str | None:
    """The first candidate, without the site's name behind a bar or dash.

    A part behind a separator goes where it is a site's name, or where another candidate is the title without it.
    """
    if not candidates:
        return None
    title = candidates[0][1]
    others = {folded(c) for _, c in candidates[1:]}
    sites = {folded(s) for s in site_names}
    for found in reversed(list(_SUFFIX.finditer(title))):
        head, tail = title[: found.start()], title[found.end() :]
        if folded(tail) in sites or folded(head) in others:
            title = head
    return one_line(title)


def choose_authors(candidates: Sequence[tuple[str, Sequence[str]]], site_names: Sequence[str] = ()) -> tuple[str, ...]:
    """The names of the first source that has any, one by one, without bylines' first words, roles and mailboxes."""
    sites = {folded(s) for s in site_names}
    for _, raw in candidates:
        names = [n for text in raw for n in _names(text) if folded(n) not in sites]
        if names:
            return tuple(dict.fromkeys(names))[:_MOST_AUTHORS]
    return ()


def _names(text: str) -> list[str]:
    text = _BYLINE_START.sub("", text.strip())
    parts = (p.strip(" .") for p in _NAME_SEPARATOR.split(text))
    return [p for p in parts if _is_name(p)]


def _is_name(text: str) -> bool:
    words = text.split()
    return 1 < len(words) <= _MOST_NAME_WORDS and not _NOT_A_NAME.search(text) and text != text.lower()


def choose_date(candidates: Sequence[tuple[str, str]], entry: Dated, now: datetime) -> Dated:
    """The first candidate with an instant, then the feed's instant, then the first date alone, then nothing."""
    read = [read_date(raw, now, source=who) for who, raw in candidates]
    ordered = [*(d for d in read if d.at), *([entry] if entry.at else []), *(d for d in read if d.day)]
    if ordered:
        return ordered[0]
    return entry if entry.precision else UNDATED


def choose_canonical(candidates: Sequence[str], final_url: str | None) -> str | None:
    """The page's own `rel=canonical` or `og:url`, where it is a page of the same site.

    A canonical that is only the site's front page is a template's mistake (seen on many outlets) and is left out.
    """
    for url in candidates:
        if is_http(url) and (final_url is None or is_same_site(url, final_url)):
            path = url.split("//", 1)[1].partition("/")[2]
            if path or final_url is None:
                return url
    return None
