"""Which of the things a page, a feed and an extractor say is believed. Candidates in, choices out."""

import re
from collections.abc import Collection, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from pipelines.core.agencies import is_agency
from pipelines.core.bylines import names_in, organisation_in, without_degree
from pipelines.core.dates import read_date
from pipelines.core.nouns import UNDATED, Dated
from pipelines.core.text import folded, one_line
from pipelines.core.url_key import is_http, is_same_site

_SUFFIX = re.compile(r"\s+(?:[|–—·»•:‹›]|-{1,2})\s+|\s*[|ㅣ]\s*")
_TIGHT = re.compile(r"[-–—/]([^-–—/|]+)$")  # "Ministers agree-Politics": only a section or a site's name goes so
_MOST_AUTHORS = 10
# "/2025/04/01/", "/2025-04-01-pledge", "/2025/0401/", "/20250401/", and a name that opens with day and time:
# "/A2025040114320005196".
_DAY_IN_PATH = re.compile(
    r"/(?:[A-Z]{1,3})?((?:19|20)\d\d)[/-]?(0[1-9]|1[0-2])[/-]?(0[1-9]|[12]\d|3[01])(?=[/_-]|$|(?:[01]\d|2[0-3])[0-5]\d\d+)"
)
# What each place says for its title, in votes: fitted once to one half of a set of pages, and as good on the other.
# A headline for search engines differs from the one on the page; og:title and the title tag often follow it.
_TITLE_VOTES = {
    "jsonld": 2.5,
    "only_h1": 2.0,
    "article_h1": 1.0,
    "og": 1.0,
    "heading": 1.0,
    "first_h1": 0.5,
    "twitter": 0.5,
    "title": 0.5,
}
_ECHO_VOTES = 0.25  # a place that repeats the title tag to the letter is filled from it, and no second witness
_HEADS = frozenset({"only_h1", "article_h1", "first_h1"})
_STRANGER_VOTES = 0.1
_LEAST_SHARED_CHARS = 4
_STEM_CHARS = 5
_FIELDS = frozenset({"jsonld", "microdata", "rel", "meta", "feed"})  # made for names; a byline on the page is prose


def choose_title(
    candidates: Sequence[tuple[str, str]], site_names: Sequence[str] = (), sections: Sequence[str] = ()
) -> str | None:
    """The title with the most votes; each candidate without the site's name or section behind a bar or dash.

    A part behind a separator goes where it is a site's name or a section, or where another candidate is the title
    without it.

    Args:
        candidates: who says it, and what: jsonld, only_h1, article_h1, og, heading, first_h1, twitter, title.
        site_names: the site's name in any form, its host among them.
        sections: what the page names as its section.
    """
    sites = {folded(s) for s in site_names}
    around = sites | {folded(s) for s in sections}
    votes: dict[str, float] = {}
    shown: dict[str, str] = {}
    for who, said in candidates:
        others = {folded(c) for _, c in candidates if c is not said}
        title = _without_site(said, others, around)
        key = folded(title)
        if key and key not in sites:
            votes[key] = votes.get(key, 0.0) + _votes(who, said, candidates, sites)
            shown.setdefault(key, title)
    if not votes:
        return one_line(candidates[0][1]) if candidates else None
    return one_line(shown[max(votes, key=lambda k: votes[k])])


def _votes(who: str, said: str, candidates: Sequence[tuple[str, str]], sites: Collection[str]) -> float:
    if who != "title" and who not in _HEADS and ("title", said) in candidates:
        return _ECHO_VOTES
    if who in _HEADS and _is_strange(said, [c for w, c in candidates if w not in _HEADS], sites):
        return _STRANGER_VOTES
    return _TITLE_VOTES.get(who, 0.1)


def _is_strange(head: str, others: Sequence[str], sites: Collection[str]) -> bool:
    """True for a heading that shares no word with what the page says of its title elsewhere: a logo, an appeal.

    The site's own name, which appeals and title tags both have, does not count.
    """
    site = {w[:_STEM_CHARS] for s in sites for w in s.split()}
    mine = {w[:_STEM_CHARS] for w in folded(head).split() if len(w) >= _LEAST_SHARED_CHARS} - site
    theirs = {w[:_STEM_CHARS] for o in others for w in folded(o).split()}
    return len(others) > 1 and bool(mine) and not mine & theirs


def _without_site(title: str, others: Collection[str], around: Collection[str]) -> str:
    for found in reversed(list(_SUFFIX.finditer(title))):
        head, tail = title[: found.start()], title[found.end() :]
        if folded(tail) in around or folded(head) in others:
            title = head
    tight = _TIGHT.search(title)
    if tight and folded(tight[1]) in around:
        title = title[: tight.start()]
    first = _SUFFIX.search(title)
    return title[first.end() :] if first and folded(title[: first.start()]) in around else title


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
    byline = next((names for who, names in people if who == "byline"), ())
    if first:
        return (byline if _completes(byline, first) else first)[:_MOST_AUTHORS]
    desks = next((names for who, raw in candidates if (names := _desks(who, raw, sites))), ())
    return desks or _declared_outlet(candidates, sites)


def _desks(who: str, raw: Sequence[str], sites: Collection[str]) -> tuple[str, ...]:
    """Organisations that a field names; a byline on the page is believed of agencies only."""
    named = (n for text in raw for n in organisation_in(text, sites))
    return tuple(dict.fromkeys(n for n in named if who in _FIELDS or is_agency(n)))[:_MOST_AUTHORS]


def _declared_outlet(candidates: Sequence[tuple[str, Sequence[str]]], sites: Collection[str]) -> tuple[str, ...]:
    """The outlet itself, where its article's own node declares it as the author, and nobody else is named anywhere.

    Its host will do: "herald.example".
    """
    declared = [one_line(text) or "" for who, raw in candidates if who == "jsonld" for text in raw]
    named = (n for text in declared for n in ([text] if folded(text) in sites else organisation_in(text)))
    return tuple(dict.fromkeys(named))[:1]


def _completes(byline: Sequence[str], known: Sequence[str]) -> bool:
    """True where a byline has all who are known and more, each with a name of his own."""
    shown, listed = ({without_degree(n) for n in names} for names in (byline, known))
    return shown > listed and not any(k in n for n in shown - listed for k in listed)


def _people(who: str, raw: Sequence[str], sites: Collection[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(n for text in raw for n in names_in(text, sites, is_field=who in _FIELDS)))


def choose_date(candidates: Sequence[tuple[str, str]], entry: Dated, now: datetime) -> Dated:
    """The first date that the page gives, as an instant where a later place or the feed knows it of about that day.

    Without any date of the page it is the feed's, and without that nothing.
    """
    read = [found for who, raw in candidates if (found := read_date(raw, now, source=who)).precision]
    if not read:
        return entry if entry.precision else UNDATED
    first = read[0]
    return next((d for d in (*read, entry) if d.at and _is_about(first, d.at)), first)


def _is_about(known: Dated, moment: datetime) -> bool:
    """True where a moment may fall on a known day, wherever on earth its clock hangs."""
    day = known.day or (known.at.date() if known.at else None)
    return day is not None and abs((moment.date() - day).days) <= 1


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
