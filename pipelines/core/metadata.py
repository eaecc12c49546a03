"""Which of the things a page, a feed and an extractor say is believed. Candidates in, choices out."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from pipelines.core.bylines import is_agency, names_in, organisation_in
from pipelines.core.dates import read_date
from pipelines.core.nouns import UNDATED, Dated
from pipelines.core.text import folded, one_line
from pipelines.core.url_key import is_http, is_same_site

_SUFFIX = re.compile(r"\s+(?:[|–—·»•:‹›]|-{1,2})\s+|\s*[|ㅣ]\s*")
_MOST_AUTHORS = 10
_DAY_IN_PATH = re.compile(r"/((?:19|20)\d\d)[/-](0[1-9]|1[0-2])[/-](0[1-9]|[12]\d|3[01])(?=[/_-]|$)")
# What each place says for its title, in votes: fitted once to one half of a set of pages, and as good on the other.
# A headline for search engines differs from the one on the page; og:title and the title tag often follow it.
_TITLE_VOTES = {
    "jsonld": 2.5,
    "only_h1": 2.0,
    "article_h1": 1.0,
    "og": 1.0,
    "first_h1": 0.5,
    "twitter": 0.5,
    "title": 0.5,
}
_FIELDS = frozenset({"jsonld", "microdata", "rel", "meta", "feed"})  # made for names; a byline on the page is prose


def choose_title(candidates: Sequence[tuple[str, str]], site_names: Sequence[str] = ()) -> str | None:
    """The title with the most votes; each candidate without the site's name behind a bar or dash.

    A part behind a separator goes where it is a site's name, or where another candidate is the title without it.

    Args:
        candidates: who says it, and what: jsonld, only_h1, article_h1, og, first_h1, twitter, title.
        site_names: the site's name in any form, its host among them.
    """
    sites = {folded(s) for s in site_names}
    votes: dict[str, float] = {}
    shown: dict[str, str] = {}
    for who, said in candidates:
        others = {folded(c) for _, c in candidates if c is not said}
        title = _without_site(said, others, sites)
        key = folded(title)
        if key and key not in sites:
            votes[key] = votes.get(key, 0.0) + _TITLE_VOTES.get(who, 0.1)
            shown.setdefault(key, title)
    if not votes:
        return one_line(candidates[0][1]) if candidates else None
    return one_line(shown[max(votes, key=lambda k: votes[k])])


def _without_site(title: str, others: Collection[str], sites: Collection[str]) -> str:
    for found in reversed(list(_SUFFIX.finditer(title))):
        head, tail = title[: found.start()], title[found.end() :]
        if folded(tail) in sites or folded(head) in others:
            title = head
    return title


def choose_authors(candidates: Sequence[tuple[str, Sequence[str]]], site_names: Sequence[str] = ()) -> tuple[str, ...]:
    """The people that the first source with any names; agencies and desks where no source names people.

    The page's byline wins over a field that names only some of its people.

    Args:
        candidates: who says it, and what, the most trusted first.
        site_names: no author is one of these.
    """
    sites = {folded(s) for s in site_names}
    people = [(who, _people(who, raw, sites)) for who, raw in candidates]
    first = next((names for _, names in people if names), ())
    apart = [names for (who, names), (_, raw) in zip(people, candidates, strict=True)
             if who == "byline" and len(raw) == len(names) > 1]  # fmt: skip
    if first:
        return (apart[0] if apart and set(apart[0]) > set(first) else first)[:_MOST_AUTHORS]
    return next((names for who, raw in candidates if (names := _desks(who, raw, sites))), ()) or _declared_outlet(
        candidates
    )


def _desks(who: str, raw: Sequence[str], sites: Collection[str]) -> tuple[str, ...]:
    """Organisations that a field names; a byline on the page is believed of agencies only."""
    named = (n for text in raw for n in organisation_in(text, sites))
    return tuple(dict.fromkeys(n for n in named if who in _FIELDS or is_agency(n)))[:_MOST_AUTHORS]


def _declared_outlet(candidates: Sequence[tuple[str, Sequence[str]]]) -> tuple[str, ...]:
    """The outlet itself, where its article's own node declares it as the author, and nobody else is named anywhere."""
    declared = (n for who, raw in candidates if who == "jsonld" for text in raw for n in organisation_in(text))
    return tuple(dict.fromkeys(declared))[:1]


def _people(who: str, raw: Sequence[str], sites: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for text in raw for n in names_in(text, sites, is_field=who in _FIELDS)))


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


def choose_original(candidates: Sequence[str], final_url: str | None) -> str | None:
    """The page on another site that the page gives as its canonical one: whose text it carries; None: no other's.

    The front page of another site is a template's mistake, as it is of the same one.
    """
    elsewhere = (u for u in candidates if is_http(u) and final_url is not None and not is_same_site(u, final_url))
    return next((u for u in elsewhere if urlsplit(u).path.strip("/")), None)


def host_names(url: str | None) -> tuple[str, ...]:
    """What a site is called by its host: `www.mbl.is` also as `mbl.is` and `mbl`."""
    if not url or not is_http(url):
        return ()
    host = (urlsplit(url).hostname or "").removeprefix("www.")
    return tuple(dict.fromkeys((host, host.rpartition(".")[0])))


def date_in_url(url: str | None) -> list[tuple[str, str]]:
    """The day in an address such as `/2025/04/01/story`, as a candidate; nothing where there is none, or two."""
    days = set(_DAY_IN_PATH.findall(urlsplit(url).path)) if url and is_http(url) else set()
    return [("url", "-".join(next(iter(days))))] if len(days) == 1 else []
