"""The one door to lxml: plain text out of markup, news sitemaps, and what a page declares about itself."""

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from lxml import etree, html

from pipelines.core.text import one_line, tidy

# lxml ships no types; these are its elements.
Tree = Any

_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_ARTICLE_TYPES = frozenset(
    {"Article", "NewsArticle", "ReportageNewsArticle", "BackgroundNewsArticle", "AnalysisNewsArticle", "BlogPosting",
     "OpinionNewsArticle", "ReviewNewsArticle", "LiveBlogPosting", "Report", "AdvertiserContentArticle"}
)  # fmt: skip
_PUBLISHED_META = ("article:published_time", "og:article:published_time", "datePublished", "date", "dc.date",
                   "dcterms.created", "parsely-pub-date", "sailthru.date", "pubdate", "publication_date")  # fmt: skip
_MODIFIED_META = ("article:modified_time", "og:updated_time", "dateModified", "lastmod")
_HIDDEN = frozenset({"script", "style", "noscript", "template", "head", "title"})
_MOST_JSONLD_CHARS = 400_000
_MOST_JSONLD_DEPTH = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapEntry:
    """A `url` of a news sitemap (Google News sitemap 0.9)."""

    url: str | None
    title: str | None
    published: str | None
    language: str | None
    publisher: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Declared:
    """What a page says of itself, each field as the list of (who says it, what), the most trusted first."""

    titles: tuple[tuple[str, str], ...] = ()
    authors: tuple[tuple[str, tuple[str, ...]], ...] = ()
    published: tuple[tuple[str, str], ...] = ()
    modified: tuple[tuple[str, str], ...] = ()
    language: str | None = None
    canonical: tuple[str, ...] = ()
    site_names: tuple[str, ...] = ()
    is_free: bool | None = None
    tdm_reserved: bool | None = None
    visible_text: str = field(default="", repr=False)


def plain_text(markup: str | None) -> str | None:
    """The words of a fragment of HTML on one line; text without markup as it is; None if nothing is left."""
    if not markup or not markup.strip():
        return None
    if "<" not in markup and "&" not in markup:
        return one_line(markup)
    try:
        tree = html.fragment_fromstring(_xml_safe(markup), create_parent="div")
    except (etree.ParserError, ValueError, AssertionError):  # AssertionError: markup of nothing but <html>
        return None
    for skipped in tree.iter("script", "style"):
        skipped.text = None
    return one_line(" ".join(str(t) for t in tree.itertext()))


def news_sitemap(body: bytes) -> list[SitemapEntry] | None:
    """The entries of a news sitemap; None if the document is not a `urlset`."""
    root = _xml_root(body)
    if root is None or root.tag != f"{_SITEMAP}urlset":
        return None
    return [_sitemap_entry(node) for node in root.iter(f"{_SITEMAP}url")]


def sitemap_index(body: bytes) -> list[tuple[str, str | None]] | None:
    """The sitemaps that an index names, each with its `<lastmod>`; None if the document is not a `sitemapindex`."""
    root = _xml_root(body)
    if root is None or root.tag != f"{_SITEMAP}sitemapindex":
        return None
    named = (
        (one_line(n.findtext(f"{_SITEMAP}loc")), one_line(n.findtext(f"{_SITEMAP}lastmod")))
        for n in root.iter(f"{_SITEMAP}sitemap")
    )
    return [(address, modified) for address, modified in named if address]


def _xml_root(body: bytes) -> Tree | None:
    parser = etree.XMLParser(recover=True, resolve_entities=False, no_network=True, huge_tree=False)
    try:
        return etree.fromstring(body, parser)
    except etree.XMLSyntaxError:
        return None


@dataclass(frozen=True, slots=True, kw_only=True)
class FeedLink:
    """A feed that a page points to (HTML Living Standard 4.6.7.1, link type `alternate`)."""

    url: str
    title: str | None
    media_type: str


_FEED_TYPES = frozenset({"application/rss+xml", "application/atom+xml", "application/feed+json", "application/rdf+xml",
                         "application/json", "text/xml", "application/xml"})  # fmt: skip


def feed_links(body: bytes, charset: str | None, base: str) -> list[FeedLink]:
    """The feeds that a page declares, in its order, each address once."""
    tree = parse_page(body, charset)
    if tree is None:
        return []
    base = _joined(base, next((b.get("href") or "" for b in tree.iter("base")), "")) or base
    found: dict[str, FeedLink] = {}
    for node in tree.iter("link", "a"):
        relations = (node.get("rel") or "").lower().split()
        kind = (node.get("type") or "").partition(";")[0].strip().lower()
        address = (node.get("href") or "").strip()
        if not address or not ((kind in _FEED_TYPES and "alternate" in relations) or "feed" in relations):
            continue
        url = _joined(base, address)
        if url is not None:
            found.setdefault(url, FeedLink(url=url, title=one_line(node.get("title")), media_type=kind))
    return list(found.values())


def _joined(base: str, address: str) -> str | None:
    try:
        return urljoin(base, address)
    except ValueError:  # a bracket that is no IPv6 address
        return None


def _sitemap_entry(node: Tree) -> SitemapEntry:
    def text(path: str) -> str | None:
        return one_line(node.findtext(path))

    news = f"{_NEWS}news/{_NEWS}"
    return SitemapEntry(
        url=text(f"{_SITEMAP}loc"),
        title=text(f"{news}title"),
        published=text(f"{news}publication_date") or text(f"{_SITEMAP}lastmod"),
        language=text(f"{news}publication/{_NEWS}language"),
        publisher=text(f"{news}publication/{_NEWS}name"),
    )


# libxml2 compares each attribute of a tag with each: 100,000 in one take half a minute.
_MOST_ATTRIBUTES = 5_000
_LONG_TAG = re.compile(r"<[a-zA-Z][^<>]{20000,}")
_CHARSET = re.compile(r"charset\s*=\s*[\"']?\s*([a-z0-9][a-z0-9._:-]*)")
# Names that browsers read as their larger relatives (WHATWG Encoding, section 4.2).
_READ_AS = {"iso-8859-1": "windows-1252", "gb2312": "gb18030", "gbk": "gb18030", "shift_jis": "cp932",
            "euc-kr": "cp949"}  # fmt: skip


def parse_page(body: bytes, charset: str | None) -> Tree | None:
    """The tree of a page, or None where nothing can be parsed. A wrong declared charset is seen through."""
    # lxml refuses a text that declares an encoding, as XHTML pages do.
    text = _XML_DECLARATION.sub("", decoded(body, charset))
    if any(tag.group().count("=") > _MOST_ATTRIBUTES for tag in _LONG_TAG.finditer(text)):
        return None
    try:
        return html.document_fromstring(_xml_safe(text), parser=html.HTMLParser(huge_tree=False))
    except (etree.ParserError, etree.XMLSyntaxError, ValueError):
        return None


def decoded(body: bytes, charset: str | None) -> str:
    """Bytes as text: byte order mark, then UTF-8 if it holds, then the declared charsets, then windows-1252.

    UTF-8 is tried before any declaration because bytes that are valid UTF-8 by accident do not occur in
    texts of some length, while pages that declare another charset than they use do.
    """
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if body.startswith(mark):
            return body.decode(name, "replace")
    for charset_name in ("utf-8", charset, _meta_charset(body), "windows-1252"):
        if charset_name is None:
            continue
        try:
            return body.decode(charset_name)
        except (UnicodeError, LookupError, ValueError):  # ValueError: a name with a null character in it
            continue
    return body.decode("windows-1252", "replace")


def _meta_charset(body: bytes) -> str | None:
    found = _CHARSET.search(body[:4096].decode("ascii", "ignore").lower())
    return _READ_AS.get(found[1], found[1]) if found else None


# Everything but Char of XML 1.0, section 2.2; and references by number, which may name such a character.
_FORBIDDEN = re.compile("[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_REFERENCE = re.compile(r"&#(?:x([0-9a-f]{1,8})|([0-9]{1,8}));?", re.IGNORECASE)


def _xml_safe(text: str) -> str:
    """Without the characters and references that XML forbids: one of them makes lxml give nothing at all."""
    return _FORBIDDEN.sub(" ", _REFERENCE.sub(_allowed_reference, text))


def _allowed_reference(reference: re.Match[str]) -> str:
    code = int(reference[1], 16) if reference[1] else int(reference[2])
    return reference.group() if code <= sys.maxunicode and not _FORBIDDEN.match(chr(code)) else " "


def declared(tree: Tree) -> Declared:
    """Everything a page declares, in one pass over its parsed tree."""
    metas = _metas(tree)
    nodes = list(_jsonld_articles(tree))
    node: dict[str, Any] = nodes[0] if nodes else {}
    free = next((n["isAccessibleForFree"] for n in nodes if "isAccessibleForFree" in n), None)
    return Declared(
        titles=_pairs(
            ("jsonld", node.get("headline")),
            ("h1", _first_text(tree, "//article//h1")),
            ("og", metas.get("og:title")),
            ("h1", _first_text(tree, "//h1")),
            ("title", _first_text(tree, "//title")),
        ),
        authors=_author_lists(tree, metas, node),
        published=_pairs(
            ("jsonld", node.get("datePublished")),
            *(("meta", metas.get(name.lower())) for name in _PUBLISHED_META),
            ("microdata", _attribute(tree, "//*[@itemprop='datePublished']", "datetime", "content")),
            ("time", _attribute(tree, "//article//time[@datetime] | //main//time[@datetime]", "datetime")),
        ),
        modified=_pairs(
            ("jsonld", node.get("dateModified")),
            *(("meta", metas.get(name.lower())) for name in _MODIFIED_META),
        ),
        language=(tree.get("lang") or metas.get("og:locale") or "").replace("_", "-").split("-")[0].lower() or None,
        canonical=tuple(
            str(u) for u in (_attribute(tree, "//link[@rel='canonical']", "href"), metas.get("og:url")) if u
        ),
        site_names=tuple(n for n in (metas.get("og:site_name"), metas.get("application-name")) if n),
        is_free=None if free is None else str(free).lower() not in {"false", "0", "http://schema.org/false"},
        tdm_reserved={"1": True, "0": False}.get((metas.get("tdm-reservation") or "").strip()),
        visible_text=_visible_text(tree),
    )


def _pairs(*candidates: tuple[str, object]) -> tuple[tuple[str, str], ...]:
    found = ((who, one_line(what)) for who, what in candidates if isinstance(what, str))
    return tuple((who, what) for who, what in found if what)


def _metas(tree: Tree) -> dict[str, str]:
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        if name and meta.get("content"):
            metas.setdefault(name.strip().lower(), meta.get("content"))
    return metas


def _author_lists(tree: Tree, metas: dict[str, str], node: dict[str, Any]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    microdata = [_text(e) for e in tree.xpath("//*[@itemprop='author']//*[@itemprop='name']")]
    rel = [_text(e) for e in tree.xpath("//a[@rel='author']")]
    byline = [_text(e) for e in tree.xpath("//*[contains(concat(' ', @class, ' '), ' byline ')]//*[@class='author']")]
    candidates: list[tuple[str, list[str | None]]] = [
        ("jsonld", _jsonld_names(node.get("author"))),
        ("microdata", microdata),
        ("meta", [metas.get("author") or metas.get("article:author")]),
        ("rel", rel),
        ("byline", byline),
    ]
    return tuple((who, names) for who, found in candidates if (names := tuple(n for n in found if n)))


def _jsonld_names(author: object, depth: int = 0) -> list[str | None]:
    if isinstance(author, str):
        return [one_line(author)]
    if isinstance(author, dict):
        return _jsonld_names(author.get("name"), depth + 1) if depth < _MOST_JSONLD_DEPTH else []
    if isinstance(author, list) and depth < _MOST_JSONLD_DEPTH:
        return [n for a in author[:20] for n in _jsonld_names(a, depth + 1)]
    return []


def _jsonld_articles(tree: Tree) -> Iterator[dict[str, Any]]:
    """Article nodes of the page's JSON-LD, in document order; blocks that do not parse are left out."""
    for script in tree.xpath("//script[@type='application/ld+json']"):
        text = script.text or ""
        if len(text) > _MOST_JSONLD_CHARS:
            continue
        try:
            value = json.loads(text, strict=False)
        except (ValueError, RecursionError):
            continue
        yield from _article_nodes(value)


def _article_nodes(value: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _MOST_JSONLD_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _article_nodes(item, depth + 1)
    elif isinstance(value, dict):
        kinds = value.get("@type")
        if _ARTICLE_TYPES.intersection(kinds if isinstance(kinds, list) else [str(kinds)]):
            yield value
        yield from _article_nodes(value.get("@graph"), depth + 1)
        yield from _article_nodes(value.get("mainEntity"), depth + 1)


def _first_text(tree: Tree, path: str) -> str | None:
    found = tree.xpath(f"({path})[1]")
    return _text(found[0]) if found else None


def _text(element: Tree) -> str | None:
    return one_line(" ".join(str(t) for t in element.itertext()))


def _attribute(tree: Tree, path: str, *names: str) -> str | None:
    for element in tree.xpath(f"({path})[position() < 4]"):
        for name in names:
            if element.get(name):
                return str(element.get(name))
    return None


def _visible_text(tree: Tree) -> str:
    """The words a reader sees, in order; capped, because only their kind is judged."""
    parts: list[str] = []
    length = 0
    for event, element in etree.iterwalk(tree, events=("start", "end")):
        piece = element.text if event == "start" and not _is_hidden(element) else None
        if event == "end" and element is not tree:
            piece = element.tail
        if piece and not piece.isspace():
            parts.append(piece)
            length += len(piece)
        if length > 20_000:  # noqa: PLR2004
            break
    return tidy("\n".join(parts))


def _is_hidden(element: Tree) -> bool:
    return not isinstance(element.tag, str) or element.tag in _HIDDEN
