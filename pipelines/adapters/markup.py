"""The one door to lxml: plain text out of markup, news sitemaps, and what a page declares about itself."""

import html as html_entities
import re
import sys
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urljoin

from lxml import etree, html

from pipelines.adapters.headlines import (
    MOST_BYLINES,
    bylines,
    headline,
    own_head,
    rel_authors,
    shown_date,
    text_of,
)
from pipelines.adapters.jsonld import MOST_CHARS, Graph
from pipelines.core.text import folded, one_line, tidy

# lxml ships no types; these are its elements.
Tree = Any

_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_PUBLISHED_META = ("article:published_time", "og:article:published_time", "og:published_time", "datePublished", "date",
                   "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date", "dcterms.issued", "parsely-pub-date",
                   "sailthru.date", "pubdate", "publishdate", "publish_date", "publish-date", "publication_date",
                   "cxenseparse:recs:publishtime", "bt:pubdate", "rnews:datepublished")  # fmt: skip
_MODIFIED_META = ("article:modified_time", "og:updated_time", "dateModified", "lastmod")
_MOST_REPEATED = 400  # `article:tag`s, updates of a live blog
_HIDDEN = frozenset({"script", "style", "noscript", "template", "head", "title"})


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
    canonical: tuple[tuple[str, str], ...] = ()
    site_names: tuple[str, ...] = ()
    # Some outlets set it on every page, whatever is behind the wall: only counting per outlet can tell.
    is_free: bool | None = None
    sections: tuple[tuple[str, str], ...] = ()
    tags: tuple[tuple[str, tuple[str, ...]], ...] = ()
    licences: tuple[tuple[str, str], ...] = ()
    providers: tuple[str, ...] = ()  # whom the article's own node credits besides its authors
    tdm_reserved: bool | None = None
    body: str = field(default="", repr=False)  # `articleBody` of the page's own node
    updates: tuple[str, ...] = field(default=(), repr=False)  # of a live blog, in the order of the page
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


def declared(tree: Tree, url: str | None = None) -> Declared:
    """Everything a page declares, each place read once.

    Args:
        tree: the parsed page.
        url: its address, to tell its own node in JSON-LD from those of other stories it shows.
    """
    metas = _metas(tree)
    heads = [text for h1 in tree.iter("h1") if (text := text_of(h1))]
    graph = Graph.of(jsonld_blocks(tree))
    nodes = graph.own(heads, [url, metas.get("og:url"), _attribute(tree, "//link[@rel='canonical']", "href")])
    node: dict[str, Any] = nodes[0] if nodes else {}
    page = graph.first("WebPage")
    told = [node.get("headline"), metas.get("og:title"), metas.get("twitter:title"), _first_text(tree, "//title")]
    titles = [folded(t) for t in told if isinstance(t, str)]
    head = own_head(tree, titles)
    first_h1 = next((headline(h, titles) for h in tree.iter("h1") if text_of(h)), None)
    published = _published(tree, metas, node, page, head)
    return Declared(
        titles=_pairs(
            ("jsonld", node.get("headline")),
            ("article_h1", next((headline(h, titles) for h in tree.xpath("(//article//h1 | //main//h1)[1]")), None)),
            ("only_h1" if len(heads) == 1 else "first_h1", first_h1),
            ("og", metas.get("og:title")),
            ("heading", headline(head, titles) if head is not None and head.tag == "h2" else None),
            ("twitter", metas.get("twitter:title")),
            ("title", _first_text(tree, "//title")),
        ),
        authors=_author_lists(tree, metas, graph, node, head),
        published=published or _pairs(("source", _date_in_source(tree))),
        modified=_pairs(
            ("jsonld", node.get("dateModified")),
            *(("meta", metas.get(name.lower())) for name in _MODIFIED_META),
            ("microdata", _attribute(tree, "//*[@itemprop='dateModified']", "datetime", "content")),
            ("jsonld_page", page.get("dateModified")),
        ),
        language=(tree.get("lang") or metas.get("og:locale") or "").replace("_", "-").split("-")[0].lower() or None,
        canonical=tuple(
            (who, str(u).strip())
            for who, u in (("link", _attribute(tree, "//link[@rel='canonical']", "href")), ("og", metas.get("og:url")))
            if u
        ),
        site_names=_site_names(metas, graph, node),
        is_free=_is_free(graph.alike(nodes)),
        sections=_pairs(
            *(("jsonld", name) for name in graph.names(node.get("articleSection"))[:1]),
            *(("meta", metas.get(name)) for name in ("article:section", "og:article:section", "parsely-section")),
            ("microdata", _attribute(tree, "//meta[@itemprop='articleSection']", "content")),
        ),
        tags=_tag_lists(tree, metas, graph, node),
        licences=_pairs(
            ("jsonld", _address_of(node.get("license"))),
            ("link", _attribute(tree, "//link[@rel='license'] | //a[@rel='license']", "href")),
            *(("meta", metas.get(name)) for name in ("dcterms.license", "dc.rights.license")),
        ),
        providers=tuple(
            n for key in ("provider", "sourceOrganization", "creditText") for n in graph.names(node.get(key))
        ),
        tdm_reserved={"1": True, "0": False}.get((metas.get("tdm-reservation") or "").strip()),
        body=_body(node),
        updates=_updates(node),
        visible_text=_visible_text(tree),
    )


def jsonld_blocks(tree: Tree) -> list[str]:
    """The text of each script of JSON-LD, as written."""
    return [script.text or "" for script in tree.iter("script") if _is_jsonld(script)]


def _published(
    tree: Tree, metas: dict[str, str], node: dict[str, Any], page: dict[str, Any], head: Tree | None
) -> tuple[tuple[str, str], ...]:
    return _pairs(
        ("jsonld", node.get("datePublished")),
        *(("meta", metas.get(name.lower())) for name in _PUBLISHED_META),
        ("microdata", _attribute(tree, "//*[@itemprop='datePublished']", "datetime", "content")),
        ("time", _attribute(tree, "//article//time[@datetime] | //main//time[@datetime]", "datetime")),
        ("jsonld_page", page.get("datePublished")),
        ("time", _attribute(tree, "//time[@datetime]", "datetime")),
        ("shown", shown_date(head)),
    )


_PUBLISHED_KEY = re.compile(r"datePublished[\\\"']{1,4}\s*:\s*[\\\"']{1,4}([^\"'\\<>]{8,40})[\\\"']")
_MOST_SOURCES = 20


def _date_in_source(tree: Tree) -> str | None:
    """The one `datePublished` in scripts and attributes that are no JSON-LD that parses; None for two days or none."""
    places = tree.xpath("//script[contains(., 'datePublished')]/text() | //@*[contains(., 'datePublished')]")
    found = {m[1] for place in places[:_MOST_SOURCES] for m in _PUBLISHED_KEY.finditer(place[:MOST_CHARS])}
    return min(found) if len({value[:10] for value in found}) == 1 else None


def _is_free(nodes: list[dict[str, Any]]) -> bool | None:
    """What an article's own node, or a part of it, says of its price; anything but a plain yes or no says nothing."""
    parts = [p for n in nodes for p in _listed(n.get("hasPart")) if isinstance(p, dict)]
    said = [str(n["isAccessibleForFree"]).lower() for n in (*nodes, *parts) if "isAccessibleForFree" in n]
    plain = [s.removeprefix("http://schema.org/").removeprefix("https://schema.org/") for s in said]
    return next((_YES_OR_NO[s] for s in plain if s in _YES_OR_NO), None)


_YES_OR_NO = {"true": True, "1": True, "yes": True, "false": False, "0": False, "no": False}


def _listed(value: object) -> list[object]:
    return value if isinstance(value, list) else [value]


def _updates(node: dict[str, Any]) -> tuple[str, ...]:
    """Headline and text of each update of a live blog (schema.org/LiveBlogPosting)."""
    updates = node.get("liveBlogUpdate")
    listed = [u for u in (updates if isinstance(updates, list) else [updates])[:_MOST_REPEATED] if isinstance(u, dict)]
    said = ((plain_text(h) if isinstance(h := u.get("headline"), str) else None, _body(u)) for u in listed)
    return tuple("\n".join(line for line in (headline, body) if line) for headline, body in said if body)


def _body(node: dict[str, Any]) -> str:
    """The text that an article's node carries; some CMSs put markup there, some escape it."""
    said = node.get("articleBody")
    if not isinstance(said, str):
        return ""
    said = html_entities.unescape(said)
    parts = re.split(r"(?i)</p>|<br\s*/?>|\n", said) if "<" in said else said.split("\n")
    return "\n".join(line for part in parts if (line := plain_text(part)))


def _site_names(metas: dict[str, str], graph: Graph, node: dict[str, Any]) -> tuple[str, ...]:
    publisher = graph.names(node.get("publisher"))
    found = [metas.get("og:site_name"), metas.get("application-name"), *publisher, graph.first("WebSite").get("name")]
    return tuple(dict.fromkeys(n for name in found if isinstance(name, str) and (n := one_line(name))))


def _tag_lists(
    tree: Tree, metas: dict[str, str], graph: Graph, node: dict[str, Any]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the page is tagged with, by whom: `article:tag` stands once for each tag (ogp.me)."""
    repeated = [m.get("content") or "" for m in tree.xpath("//meta[@property='article:tag']")[:_MOST_REPEATED]]
    lists: list[tuple[str, list[str]]] = [
        ("jsonld", list(graph.names(node.get("keywords")))),
        ("og", repeated),
        *(("meta", [metas[name]]) for name in ("news_keywords", "keywords", "parsely-tags") if name in metas),
    ]
    said = ((who, tuple(t for raw in tags if (t := _unescaped(raw)))) for who, tags in lists)
    return tuple((who, tags) for who, tags in said if tags)


def _address_of(value: object) -> object:
    """A licence is an address or a CreativeWork with one (schema.org/license)."""
    return (value.get("url") or value.get("@id") or value.get("name")) if isinstance(value, dict) else value


def _pairs(*candidates: tuple[str, object]) -> tuple[tuple[str, str], ...]:
    found = ((who, _unescaped(what)) for who, what in candidates if isinstance(what, str))
    return tuple((who, what) for who, what in found if what)


def _unescaped(text: str) -> str | None:
    """On one line. Outlets escape what is escaped already ("Kühlt&uuml;rme" in stuttgarter-zeitung.de's JSON-LD)."""
    return one_line(html_entities.unescape(html_entities.unescape(text)))


def _metas(tree: Tree) -> dict[str, str]:
    metas: dict[str, str] = {}
    for meta in tree.iter("meta"):
        name = meta.get("property") or meta.get("name") or meta.get("itemprop")
        if name and meta.get("content"):
            metas.setdefault(name.strip().lower(), meta.get("content"))
    return metas


_AUTHOR_META = ("author", "article:author", "byl", "dc.creator", "parsely-author", "sailthru.author",
                "cxenseparse:author", "articleauthor")  # fmt: skip


def _author_metas(tree: Tree) -> list[str | None]:
    """What meta elements say of authors; a name may stand several times, one author each (ogp.me, arrays)."""
    said: dict[str, list[str | None]] = {name: [] for name in _AUTHOR_META}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        if name in said and meta.get("content"):
            said[name].append(meta.get("content"))
    return [value for name in _AUTHOR_META for value in said[name][:MOST_BYLINES]]


def _author_lists(
    tree: Tree, metas: dict[str, str], graph: Graph, node: dict[str, Any], head: Tree | None
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Who is named as author, by whom, the most trusted first."""
    microdata = [text_of(e) for e in tree.xpath("//*[@itemprop='author']//*[@itemprop='name']")] or [
        text_of(e) for e in tree.xpath("//*[@itemprop='author'][not(@itemscope)]")[:MOST_BYLINES]
    ]
    candidates: list[tuple[str, list[str | None]]] = [
        ("jsonld", list(graph.names(node.get("author")) or graph.names(node.get("creator")))),
        ("microdata", microdata),
        ("byline", bylines(tree, head)),
        ("rel", rel_authors(tree)),
        ("meta", _author_metas(tree)),
        ("twitter", [metas.get("twitter:data1")] if "by" in (metas.get("twitter:label1") or "").lower() else []),
    ]  # fmt: skip
    said = ((who, tuple(n for name in names if name and (n := _unescaped(name)))) for who, names in candidates)
    return tuple((who, names) for who, names in said if names)


_CODE = re.compile(r"[{};]\s|function\s*\(|=\s*[\"']|#[\w-]+\s*\{")


def paragraphs(tree: Tree) -> list[tuple[int, str]]:
    """The text of every `p` with a number for the place that it stands in; code left out.

    A place is an element, with those beside it that have its name and its class: a text parted by an advertisement.
    """
    numbers: dict[object, int] = {}  # holds the elements: lxml makes a new object for one that nobody holds
    found = []
    for element in tree.iter("p"):
        text = text_of(element)
        if text and not _CODE.search(text):
            found.append((numbers.setdefault(_place_of(element.getparent()), len(numbers)), text))
    return found


def _place_of(parent: Tree) -> object:
    named = parent.get("class")
    return (parent.getparent(), parent.tag, named) if named else parent


def _first_text(tree: Tree, path: str) -> str | None:
    found = tree.xpath(f"({path})[1]")
    return text_of(found[0]) if found else None


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


def mend_texts(tree: Tree, mended: Callable[[str], str]) -> None:
    """Put each text of a tree, and each `content` of a meta element, through a repair; code is left as it is."""
    for element in tree.iter():
        if isinstance(element.tag, str) and (element.tag not in {"script", "style"} or _is_jsonld(element)):
            element.text = mended(element.text) if element.text else element.text
        if element.tag == "meta" and element.get("content"):
            element.set("content", mended(element.get("content")))
        element.tail = mended(element.tail) if element.tail else element.tail


def _is_jsonld(element: Tree) -> bool:
    return "ld+json" in (element.get("type") or "").lower()  # "Application/LD+JSON; charset=utf-8" is some
