"""Feed documents as values: feedparser for RSS, RDF and Atom, and the formats it lacks.

bytes | JSON Feed? news sitemap, or an index of them? else feedparser | identity -> ParsedFeed of Entry, or Rejected
"""

import calendar
import io
import json
import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any
from urllib.parse import urljoin

import feedparser
from feedparser.mixin import _FeedParserMixin

from pipelines.adapters.loose_dates import read_loosely
from pipelines.adapters.markup import news_sitemap, plain_text, sitemap_index
from pipelines.core.dates import dated, is_instant, is_plausible, read_date
from pipelines.core.nouns import UNDATED, Dated, Entry, ParsedFeed, Part
from pipelines.core.reasons import Reason, Rejected
from pipelines.core.text import hash_of, one_line
from pipelines.core.url_key import is_http, url_key

# feedparser ships no types; these are its dicts and time tuples.
Parsed = Any

MOST_ENTRIES = 2_000
_UNIQUE_ID_SHARE = 0.95
_SUMMARY_CHARS = 20_000
_TITLE_CHARS = 5_000  # of markup
_ADDRESS_CHARS = 8_000
_ID_CHARS = 2_000
_DATE_CHARS = 200
_AUTHOR_CHARS = 500
_MOST_ATTRIBUTES = 1_000
_ATTRIBUTE = re.compile(rb"=\s*[\"']")
_LONG_TAG = re.compile(rb"<[A-Za-z][^<>]{10000,}")
_MOST_UNREAD_DATES = 50  # of a document, tried in words: each costs 20 ms, and where fifty fail, so will the others
_MOST_PARTS = 50  # of a sitemap index, the newest
_LANGUAGE = re.compile(r"[a-z]{2,3}")
_MAP_ROOT = re.compile(rb"<(?:\w+:)?(urlset|sitemapindex)\b")
_TAIL = 65_536  # bytes: some outlets' servers add comments after the end
_ROOT = re.compile(rb"<((?:\w+:)?(?:rss|feed|rdf|urlset|sitemapindex))\b", re.IGNORECASE)
# RDF Site Summary 1.0, syndication module: how long a period is, in minutes.
_PERIODS = {"hourly": 60, "daily": 1440, "weekly": 10_080, "monthly": 43_200, "yearly": 525_600}


_sync_author_detail = _FeedParserMixin._sync_author_detail  # noqa: SLF001


def _sync_short_author(parser: Parsed, key: str = "author") -> None:
    context = parser._get_context()  # noqa: SLF001
    if isinstance(context.get(key), str):
        context[key] = context[key][:_AUTHOR_CHARS]
    _sync_author_detail(parser, key)


# feedparser searches an author for an address, at the cost of the square of its length: ten seconds for 64 kB. There
# is no other place between the document, in whatever charset and with whatever entities, and that search.
_FeedParserMixin._sync_author_detail = _sync_short_author  # noqa: SLF001


def parse_feed(
    body: bytes, *, url: str, headers: Mapping[str, str] | None = None, now: datetime, language: str | None = None
) -> ParsedFeed | Rejected:
    """Read a feed document.

    Args:
        body: the document as served; never a str, which feedparser would open.
        url: base of relative links.
        headers: of the response, for charset and base.
        now: dates later than a day ahead of it are not believed.
        language: the feed's, for dates in words.
    """
    if not body.strip():
        return Rejected(reason=Reason.EMPTY_BODY, detail=f"{len(body)} bytes")
    if any(len(_ATTRIBUTE.findall(tag.group())) > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(body)):
        # xml.sax looks for each attribute among all: 100,000 take minutes.
        return Rejected(reason=Reason.TOO_COSTLY, detail=f"a tag of more than {_MOST_ATTRIBUTES:,} attributes")
    parsed = _json_feed(body, now) or _sitemap(body, now) or _by_feedparser(body, url, headers or {}, now, language)
    if isinstance(parsed, Rejected):
        return parsed
    is_cut = _is_cut(body)
    entries = parsed.entries[:-1] if is_cut else parsed.entries  # the last may be half an entry, or half a link
    return replace(parsed, entries=_identified(entries[:MOST_ENTRIES]), is_cut=is_cut)


def _is_cut(body: bytes) -> bool:
    """True for a document that opens a feed's root element and never closes it. JSON cannot be read then at all."""
    opened = _ROOT.search(body[:_TAIL])
    if opened is None or body.lstrip()[:1] in {b"{", b"["}:
        return False
    return re.search(rb"</\s*" + re.escape(opened.group(1)) + rb"\s*>", body[-_TAIL:], re.IGNORECASE) is None


def _by_feedparser(
    body: bytes, url: str, headers: Mapping[str, str], now: datetime, language: str | None
) -> ParsedFeed | Rejected:
    kept = {k: v for k, v in headers.items() if k in {"content-type", "content-location", "content-language"}}
    # feedparser joins every attribute with a base if it has one: needless work where no xml:base is about.
    base = {"content-location": url} if b"xml:base" in body else {}
    try:
        parsed = feedparser.parse(
            io.BytesIO(_HALF.sub(_whole, body)), response_headers={**base, **kept},
            sanitize_html=False, resolve_relative_uris=False,
        )  # fmt: skip
    except MemoryError:
        raise  # a worker's limit was met, which says nothing of the document's kind
    except RecursionError:
        return Rejected(reason=Reason.TOO_COSTLY, detail="nested too deep")
    except Exception as failed:  # noqa: BLE001 (feedparser raises anything on hostile input)
        return Rejected(reason=Reason.NOT_A_FEED, detail=f"{type(failed).__name__}: {failed}"[:200])
    version = parsed.get("version", "")
    if not version and not parsed.entries:
        return Rejected(reason=Reason.NOT_A_FEED, detail=_told(parsed.get("bozo_exception")))
    feed_language = one_line(parsed.feed.get("language"))
    words = _Words(language or feed_language)
    return ParsedFeed(
        format=version or "unknown",
        entries=tuple(_entry(e, url, now, words) for e in parsed.entries[:MOST_ENTRIES]),
        language=_language(feed_language),
        ttl_minutes=_ttl(parsed.feed),
        older_url=_older(parsed.feed, url),
    )


# Half of a character by number: feedparser gives up the whole document for one. Two halves are how makers of feeds that
# count as JavaScript does write an emoji.
_HALF = re.compile(
    rb"&#(?:x0*(?P<hex>d[89a-f][0-9a-f]{2})|0*(?P<dec>5529[6-9]|55[3-9]\d\d|5[67]\d{3}));"
    rb"(?:&#(?:x0*(?P<hex2>d[c-f][0-9a-f]{2})|0*(?P<dec2>56(?:3[2-9]\d|[4-9]\d\d)|57[0-2]\d\d|573[0-3]\d|5734[0-3]));)?",
    re.IGNORECASE,
)


def _whole(found: re.Match[bytes]) -> bytes:
    """The character of two halves, else what stands for one that cannot be read."""
    first = int(found["hex"], 16) if found["hex"] else int(found["dec"])
    if not 0xD800 <= first < 0xE000:  # noqa: PLR2004 (57344 and more are whole)
        return found.group()
    second = int(found["hex2"] or b"0", 16) or int(found["dec2"] or 0)
    if first < 0xDC00 and second:  # noqa: PLR2004
        return b"&#%d;" % (0x10000 + ((first - 0xD800) << 10) + second - 0xDC00)
    return b"&#65533;"


def _ttl(feed: Parsed) -> int | None:
    """Minutes of RSS `<ttl>`; without one, of the syndication module's period over its frequency."""
    ttl = str(feed.get("ttl", "")).strip()
    if ttl.isdecimal() and len(ttl) < 6:  # noqa: PLR2004
        return int(ttl)
    period = _PERIODS.get(str(feed.get("sy_updateperiod", "")).strip().lower())
    times = str(feed.get("sy_updatefrequency", "1")).strip()
    return period // max(1, int(times)) if period and times.isdecimal() and len(times) < 6 else None  # noqa: PLR2004


def _older(feed: Parsed, url: str) -> str | None:
    """The document with the entries before these: RFC 5005's archives (4), else its pages (3)."""
    for relation in ("prev-archive", "next"):
        for link in feed.get("links", ()):
            address = one_line(link.get("href")) if link.get("rel") == relation else None
            if address and is_http(joined := _joined(url, address)):
                return joined
    return None


def _joined(base: str, address: str) -> str:
    """An absolute address; one that cannot be joined stays as it is, for the listing to refuse."""
    try:
        return urljoin(base, address)
    except ValueError:  # "http://[": a bracket that is no IPv6 address
        return address


def _language(declared: str | None) -> str | None:
    """`en` of `en-GB`; None for what is no language's code."""
    code = (declared or "").replace("_", "-").split("-")[0].strip().lower()
    return code if _LANGUAGE.fullmatch(code) else None


def _told(error: object) -> str:
    return f"{type(error).__name__}: {error}"[:200] if error else "no entries and no known root element"


def _id(declared: str | None) -> str | None:
    """The declared id on one line; of one that is longer than any honest one, its hash."""
    return str(hash_of(declared)) if declared and len(declared) > _ID_CHARS else one_line(declared)


class _Words:
    """Dates in words, in the language of a document, until too many of them could not be read."""

    def __init__(self, language: str | None) -> None:
        self._language = language
        self._unread = 0

    def read(self, raw: str) -> datetime | date | None:
        found = read_loosely(raw, self._language) if self._unread < _MOST_UNREAD_DATES else None
        self._unread += found is None
        return found


def _entry(item: Parsed, base: str, now: datetime, words: _Words) -> Entry:
    link = one_line((item.get("link") or "")[: _ADDRESS_CHARS + 1])
    source = item.get("source") or {}
    content = next((c.get("value") for c in item.get("content", ()) if c.get("value")), None)
    summary = plain_text((content or item.get("summary") or "")[:_SUMMARY_CHARS])
    return Entry(
        identity="",
        identity_kind="",
        declared_id=_id(item.get("id")),
        url=_joined(base, link) if link and len(link) <= _ADDRESS_CHARS else None,
        title=plain_text((item.get("title") or "")[:_TITLE_CHARS]),
        summary=summary,
        author=plain_text((item.get("author") or "")[:_AUTHOR_CHARS]),
        published=_date(item, now, words),
        language=_language(one_line(item.get("language"))),
        publisher_name=plain_text(source.get("title")) if isinstance(source, Mapping) else None,
        publisher_url=one_line(source.get("href")) if isinstance(source, Mapping) else None,
    )


def _date(item: Parsed, now: datetime, words: _Words) -> Dated:
    """The published date, else the updated one: ours first, then feedparser's, then dateparser's reading."""
    seen: Dated | None = None
    for name in ("published", "created", "updated"):
        raw = one_line((item.get(name) or "")[:_DATE_CHARS])
        if not raw:
            continue
        found = read_date(raw, now, source=f"feed:{name}")
        if found.precision is None:
            found = _by_libraries(raw, item.get(f"{name}_parsed"), now, f"feed:{name}", words)
        if found.precision is not None:
            return found
        seen = seen or found
    return seen or UNDATED


def _by_libraries(raw: str, parsed: Parsed, now: datetime, source: str, words: _Words) -> Dated:
    if parsed is not None and not raw.isdecimal():
        try:
            moment = datetime.fromtimestamp(calendar.timegm(parsed), tz=UTC)
        except (ValueError, OverflowError, OSError):  # 0000-00-00
            moment = None
        found: datetime | date | None = moment if moment is None or is_instant(raw) else moment.date()
        if found is not None and is_plausible(found, now):
            return dated(found, source=f"{source}:feedparser", raw=raw)
    found = words.read(raw)
    if found is not None and is_plausible(found, now):
        return dated(found, source=f"{source}:dateparser", raw=raw)
    return Dated(raw=raw)


def _json_feed(body: bytes, now: datetime) -> ParsedFeed | None:
    """JSON Feed 1.0 and 1.1 (jsonfeed.org/version/1.1); None if the document is not one."""
    if body.lstrip(b"\xef\xbb\xbf \t\r\n")[:1] != b"{":
        return None
    try:
        document = json.loads(body.decode("utf-8-sig", "replace"), strict=False)
    except (ValueError, RecursionError):
        return None
    # Version strings vary ("https://jsonfeed.org/version/1", "1.1", with and without www): only the items decide.
    if not isinstance(document, dict) or not isinstance(document.get("items"), list):
        return None
    items = [i for i in document["items"] if isinstance(i, dict)]
    language = _said(document.get("language"))
    return ParsedFeed(
        format="json11" if str(document.get("version", "")).endswith("1.1") else "json10",
        entries=tuple(_json_entry(i, now) for i in items[:MOST_ENTRIES]),
        language=_language(language),
        older_url=older if (older := _said(document.get("next_url"))) and is_http(older) else None,
    )


def _json_entry(item: Mapping[str, Any], now: datetime) -> Entry:
    """An item; whatever has not the type that the format gives it is left out."""
    content = _said(item.get("content_text")) or _said(item.get("content_html")) or _said(item.get("summary"))
    return Entry(
        identity="",
        identity_kind="",
        declared_id=_id(_said(item.get("id"))),
        url=one_line(_said(item.get("url")) or _said(item.get("external_url"))),
        title=plain_text((_said(item.get("title")) or "")[:_TITLE_CHARS]),
        summary=plain_text(content[:_SUMMARY_CHARS]) if content else None,
        author=one_line(", ".join(_json_authors(item))),
        published=read_date(_said(item.get("date_published")) or _said(item.get("date_modified")), now, "feed:json"),
        language=_language(_said(item.get("language"))),
    )


def _said(value: object) -> str | None:
    """A text, or a number as text (ids are written so); None for anything else."""
    if isinstance(value, bool) or not isinstance(value, (str, int, float)):
        return None
    return str(value).encode("utf-8", "ignore").decode("utf-8") or None  # half a character cannot be stored


def _json_authors(item: Mapping[str, Any]) -> list[str]:
    """`authors` of version 1.1, `author` of 1.0."""
    authors = item.get("authors")
    listed = authors if isinstance(authors, list) else [item.get("author")]
    return [name for a in listed[:20] if isinstance(a, dict) and (name := _said(a.get("name")))]


def _sitemap(body: bytes, now: datetime) -> ParsedFeed | None:
    root = _MAP_ROOT.search(body[:4096])
    if root is None:
        return None
    return _sitemap_parts(body, now) if root.group(1) == b"sitemapindex" else _sitemap_entries(body, now)


def _sitemap_parts(body: bytes, now: datetime) -> ParsedFeed | None:
    """An index of sitemaps (sitemaps.org 0.9): its parts, the newest first, those without a date last."""
    found = sitemap_index(body)
    if found is None:
        return None
    dates = [(read_date(modified, now, "sitemap"), address, modified) for address, modified in found]
    newest = sorted(dates, key=lambda d: d[0].at or _midnight(d[0].day), reverse=True)
    parts = tuple(Part(url=a, modified_raw=m) for _, a, m in newest[:_MOST_PARTS] if is_http(a))
    return ParsedFeed(format="sitemap_index", entries=(), parts=parts)


def _midnight(day: date | None) -> datetime:
    return datetime.min.replace(tzinfo=UTC) if day is None else datetime(day.year, day.month, day.day, tzinfo=UTC)


def _sitemap_entries(body: bytes, now: datetime) -> ParsedFeed | None:
    found = news_sitemap(body)
    if found is None:
        return None
    entries = tuple(
        Entry(
            identity="",
            identity_kind="",
            url=e.url,
            title=e.title,
            published=read_date(e.published, now, "sitemap"),
            language=_language(e.language),
            publisher_name=e.publisher,
        )
        for e in found[:MOST_ENTRIES]
    )
    return ParsedFeed(format="news_sitemap", entries=entries)


def _identified(entries: Sequence[Entry]) -> tuple[Entry, ...]:
    """Entries with what makes each the same item in the next poll.

    The declared id, where ids are unique and nearly all entries have one; else the link's key, where no two
    entries share it; else link and date; else link and title. RSS demands no guid (rssboard.org/rss-specification).
    """
    keyed = [replace(e, url_key=url_key(e.url) if e.url and is_http(e.url) else None) for e in entries]
    ids = Counter(e.declared_id for e in keyed if e.declared_id)
    ids_hold = bool(keyed) and len(ids) >= _UNIQUE_ID_SHARE * len(keyed) and all(n == 1 for n in ids.values())
    links = Counter(_link(e) for e in keyed)
    seen: Counter[str] = Counter()
    found = []
    for entry in keyed:
        kind, identity = _identity(entry, ids_hold=ids_hold, link_is_unique=links[_link(entry)] == 1)
        seen[identity] += 1
        # A document that lists one item twice, word for word: the second is an entry too, and ends as a duplicate.
        nth = f"#{seen[identity]}" if seen[identity] > 1 else ""
        found.append(replace(entry, identity=identity + nth, identity_kind=kind))
    return tuple(found)


def _link(entry: Entry) -> str:
    return entry.url_key or (entry.url if entry.url and not is_http(entry.url) else None) or ""


def _identity(entry: Entry, *, ids_hold: bool, link_is_unique: bool) -> tuple[str, str]:
    link = _link(entry)
    if ids_hold and entry.declared_id:
        return "id", f"id:{entry.declared_id}"
    if link and link_is_unique:
        return "link", f"link:{link}"
    if entry.published.declared:
        return (
            "link_date",
            f"link_date:{hash_of(f'{link} {entry.published.declared} {entry.declared_id} {entry.title}')}",
        )
    return "link_title", f"link_title:{hash_of(f'{link} {entry.title} {entry.summary} {entry.declared_id}')}"
