"""The one door to lxml: plain text out of markup, news sitemaps, and what a page declares about itself."""

import html as html_entities
import json
import re
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import chain, islice
from typing import Any
from urllib.parse import urljoin

from lxml import etree, html

from pipelines.core.text import folded, one_line, tidy
from pipelines.core.url_key import url_key

# lxml ships no types; these are its elements.
Tree = Any

_NEWS = "{http://www.google.com/schemas/sitemap-news/0.9}"
_SITEMAP = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
_ARTICLE_TYPES = frozenset(
    {"Article", "NewsArticle", "ReportageNewsArticle", "BackgroundNewsArticle", "AnalysisNewsArticle", "BlogPosting",
     "OpinionNewsArticle", "ReviewNewsArticle", "LiveBlogPosting", "Report", "AdvertiserContentArticle",
     "SocialMediaPosting", "TechArticle", "ScholarlyArticle", "AskPublicNewsArticle"}
)  # fmt: skip
_PUBLISHED_META = ("article:published_time", "og:article:published_time", "og:published_time", "datePublished", "date",
                   "dc.date", "dc.date.issued", "dcterms.created", "dcterms.date", "dcterms.issued", "parsely-pub-date",
                   "sailthru.date", "pubdate", "publishdate", "publish_date", "publish-date", "publication_date",
                   "cxenseparse:recs:publishtime", "bt:pubdate", "rnews:datepublished")  # fmt: skip
_MODIFIED_META = ("article:modified_time", "og:updated_time", "dateModified", "lastmod")
_HIDDEN = frozenset({"script", "style", "noscript", "template", "head", "title"})
_MOST_JSONLD_CHARS = 400_000
_MOST_JSONLD_DEPTH = 12
_MOST_NODES = 400


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
    heads = [text for h1 in tree.iter("h1") if (text := _text(h1))]
    graph = _Graph.of(tree)
    nodes = graph.own(heads, [url, metas.get("og:url"), _attribute(tree, "//link[@rel='canonical']", "href")])
    node: dict[str, Any] = nodes[0] if nodes else {}
    page = graph.first("WebPage")
    free = next((n["isAccessibleForFree"] for n in nodes if "isAccessibleForFree" in n), None)
    return Declared(
        titles=_pairs(
            ("jsonld", node.get("headline")),
            ("article_h1", _first_text(tree, "//article//h1 | //main//h1")),
            ("only_h1" if len(heads) == 1 else "first_h1", heads[0] if heads else None),
            ("og", metas.get("og:title")),
            ("twitter", metas.get("twitter:title")),
            ("title", _first_text(tree, "//title")),
        ),
        authors=_author_lists(tree, metas, graph, node),
        published=_pairs(
            ("jsonld", node.get("datePublished")),
            *(("meta", metas.get(name.lower())) for name in _PUBLISHED_META),
            ("microdata", _attribute(tree, "//*[@itemprop='datePublished']", "datetime", "content")),
            ("time", _attribute(tree, "//article//time[@datetime] | //main//time[@datetime]", "datetime")),
            ("jsonld_page", page.get("datePublished")),
            ("time", _attribute(tree, "//time[@datetime]", "datetime")),
            ("shown", _shown_date(tree)),
        ),
        modified=_pairs(
            ("jsonld", node.get("dateModified")),
            *(("meta", metas.get(name.lower())) for name in _MODIFIED_META),
            ("microdata", _attribute(tree, "//*[@itemprop='dateModified']", "datetime", "content")),
            ("jsonld_page", page.get("dateModified")),
        ),
        language=(tree.get("lang") or metas.get("og:locale") or "").replace("_", "-").split("-")[0].lower() or None,
        canonical=tuple(
            str(u) for u in (_attribute(tree, "//link[@rel='canonical']", "href"), metas.get("og:url")) if u
        ),
        site_names=_site_names(metas, graph, node),
        is_free=None if free is None else str(free).lower() not in {"false", "0", "http://schema.org/false"},
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


def _updates(node: dict[str, Any]) -> tuple[str, ...]:
    """Headline and text of each update of a live blog (schema.org/LiveBlogPosting)."""
    updates = node.get("liveBlogUpdate")
    listed = [u for u in (updates if isinstance(updates, list) else [updates])[:_MOST_NODES] if isinstance(u, dict)]
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


def _site_names(metas: dict[str, str], graph: "_Graph", node: dict[str, Any]) -> tuple[str, ...]:
    publisher = graph.names(node.get("publisher"))
    found = [metas.get("og:site_name"), metas.get("application-name"), *publisher, graph.first("WebSite").get("name")]
    return tuple(dict.fromkeys(n for name in found if isinstance(name, str) and (n := one_line(name))))


def _tag_lists(
    tree: Tree, metas: dict[str, str], graph: "_Graph", node: dict[str, Any]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """What the page is tagged with, by whom: `article:tag` stands once for each tag (ogp.me)."""
    repeated = [m.get("content") or "" for m in tree.xpath("//meta[@property='article:tag']")[:_MOST_NODES]]
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
                "cxenseparse:author")  # fmt: skip


def _author_metas(tree: Tree) -> list[str | None]:
    """What meta elements say of authors; a name may stand several times, one author each (ogp.me, arrays)."""
    said: dict[str, list[str | None]] = {name: [] for name in _AUTHOR_META}
    for meta in tree.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").strip().lower()
        if name in said and meta.get("content"):
            said[name].append(meta.get("content"))
    return [value for name in _AUTHOR_META for value in said[name][:_MOST_BYLINES]]


_AUTHOR_CLASS = re.compile(
    r"(?:^|[\s_-])(?:authors?|by-?lines?|autor(?:en|es|i)?|auteurs?|writers?|reporters?|redacteur)(?:$|[\s_-])"
)
_NOT_THE_AUTHOR = re.compile(
    r"comment|quote|testimonial|related|teaser|avatar|bio|social|follow|recommend|sidebar|footer|caption|tooltip|cite"
)
_MOST_BYLINE_CHARS = 100
_MOST_BYLINES = 6
_BYLINE_REACH = 250  # elements behind the headline


def _author_lists(
    tree: Tree, metas: dict[str, str], graph: "_Graph", node: dict[str, Any]
) -> tuple[tuple[str, tuple[str, ...]], ...]:
    """Who is named as author, by whom, the most trusted first."""
    microdata = [_text(e) for e in tree.xpath("//*[@itemprop='author']//*[@itemprop='name']")] or [
        _text(e) for e in tree.xpath("//*[@itemprop='author'][not(@itemscope)]")[:_MOST_BYLINES]
    ]
    candidates: list[tuple[str, list[str | None]]] = [
        ("jsonld", list(graph.names(node.get("author")) or graph.names(node.get("creator")))),
        ("microdata", microdata),
        ("byline", _bylines(tree)),
        ("rel", [_text(e) for e in tree.xpath("//a[contains(concat(' ', @rel, ' '), ' author ')]")[:_MOST_BYLINES]]),
        ("meta", _author_metas(tree)),
        ("twitter", [metas.get("twitter:data1")] if "by" in (metas.get("twitter:label1") or "").lower() else []),
    ]  # fmt: skip
    said = ((who, tuple(n for name in names if name and (n := _unescaped(name)))) for who, names in candidates)
    return tuple((who, names) for who, names in said if names)


def _bylines(tree: Tree) -> list[str | None]:
    """What the first short text behind the headline says whose class promises an author; links in it one by one.

    Names that stand apart, each in an element of the same class, are taken together.
    """
    head = next(tree.iter("h1"), None)
    behind = islice(tree.iter() if head is None else following(head), _BYLINE_REACH)
    for element in chain(behind, _just_before(head)):
        if _is_byline(element) and (text := _text(element)) and len(text) <= _MOST_BYLINE_CHARS:
            alike = [s for s in element.itersiblings() if _is_byline(s) and s.get("class") == element.get("class")]
            return [name for one in [element, *alike][:_MOST_BYLINES] for name in _names_apart(one)]
    return []


_DATE_CLASS = re.compile(r"(?:^|[\s_-])(?:publish\w*|date|datum|fecha|data|time|timestamp|posted|info)(?:$|[\s_-])")
_A_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MOST_DATE_CHARS = 40


def _shown_date(tree: Tree) -> str | None:
    """The first short text behind the headline whose class promises a date, and that has a year."""
    head = next(tree.iter("h1"), None)
    for element in islice(following(head) if head is not None else (), _BYLINE_REACH):
        if isinstance(element.tag, str) and _DATE_CLASS.search((element.get("class") or "").lower()):
            text = _text(element)
            if text and len(text) <= _MOST_DATE_CHARS and _A_YEAR.search(text):
                return text
    return None


def _just_before(head: Tree | None) -> list[Tree]:
    """The elements beside a headline that stand before it."""
    if head is None:
        return []
    return [e for sibling in head.itersiblings(preceding=True) for e in islice(sibling.iter(), _MOST_BYLINES * 4)]


def _is_byline(element: Tree) -> bool:
    if not isinstance(element.tag, str):
        return False
    named = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    return bool(_AUTHOR_CLASS.search(named)) and not _NOT_THE_AUTHOR.search(named)


def _names_apart(byline: Tree) -> list[str]:
    links = list(dict.fromkeys(t for a in byline.iter("a") if (t := _text(a))))
    text = _text(byline)
    return links if len(links) > 1 else [text] if text else []


_CODE = re.compile(r"[{};]\s|function\s*\(|=\s*[\"']|#[\w-]+\s*\{")


def paragraphs(tree: Tree) -> list[tuple[int, str]]:
    """The text of every `p` with a number for the place that it stands in; code left out.

    A place is an element, with those beside it that have its name and its class: a text parted by an advertisement.
    """
    numbers: dict[object, int] = {}  # holds the elements: lxml makes a new object for one that nobody holds
    found = []
    for element in tree.iter("p"):
        text = _text(element)
        if text and not _CODE.search(text):
            found.append((numbers.setdefault(_place_of(element.getparent()), len(numbers)), text))
    return found


def _place_of(parent: Tree) -> object:
    named = parent.get("class")
    return (parent.getparent(), parent.tag, named) if named else parent


def following(element: Tree) -> Iterator[Tree]:
    """Every element behind one, in the order of the document."""
    for sibling in element.itersiblings():
        yield from sibling.iter()
    for ancestor in element.iterancestors():
        for sibling in ancestor.itersiblings():
            yield from sibling.iter()


@dataclass(frozen=True, slots=True)
class _Graph:
    """The nodes of a page's JSON-LD, whatever they stand in, and what references lead to."""

    nodes: tuple[dict[str, Any], ...]
    by_id: dict[str, dict[str, Any]]

    @classmethod
    def of(cls, tree: Tree) -> "_Graph":
        """Blocks that do not parse, or are longer than any article's, are left out."""
        nodes: list[dict[str, Any]] = []
        for script in tree.xpath("//script[@type='application/ld+json']"):
            text = script.text or ""
            if len(text) <= _MOST_JSONLD_CHARS:
                nodes += islice(_nodes_of(_json_of(text)), _MOST_NODES)
        by_id: dict[str, dict[str, Any]] = {}
        for node in nodes:
            name = node.get("@id")
            if isinstance(name, str) and len(node) > 1:
                by_id.setdefault(name, node)
        return cls(tuple(nodes[:_MOST_NODES]), by_id)

    def own(self, heads: list[str], urls: list[str | None]) -> list[dict[str, Any]]:
        """Article nodes, the page's own first: the one that has its headline or its address."""
        articles = [n for n in self.nodes if _kinds(n) & _ARTICLE_TYPES]
        titles = {folded(h) for h in heads}
        keys = {key for url in urls if url and (key := url_key(url))}
        return sorted(articles, key=lambda n: -self._fit(n, titles, keys))

    def first(self, kind: str) -> dict[str, Any]:
        """The first node of a type; an empty one if there is none."""
        return next((n for n in self.nodes if kind in _kinds(n)), {})

    def names(self, who: object, depth: int = 0) -> tuple[str, ...]:
        """The names of people and organisations, through lists and references."""
        if isinstance(who, str):
            return (who,)
        if isinstance(who, list) and depth < _MOST_JSONLD_DEPTH:
            return tuple(name for one in who[:20] for name in self.names(one, depth + 1))
        if isinstance(who, dict) and depth < _MOST_JSONLD_DEPTH:
            if "name" in who:
                return self.names(who["name"], depth + 1)
            known = self.by_id.get(str(who.get("@id")))
            return self.names(known.get("name"), depth + 1) if known else ()
        return ()

    @staticmethod
    def _fit(node: dict[str, Any], titles: set[str], keys: set[str]) -> int:
        place = node.get("mainEntityOfPage")
        places = [node.get("url"), node.get("@id"), place.get("@id") if isinstance(place, dict) else place]
        has_place = any(isinstance(p, str) and url_key(p) in keys for p in places)
        headline = node.get("headline")
        return 2 * (isinstance(headline, str) and folded(headline) in titles) + 2 * has_place


def _kinds(node: dict[str, Any]) -> set[str]:
    kinds = node.get("@type")
    return {str(k) for k in kinds} if isinstance(kinds, list) else {str(kinds)}


def _json_of(text: str) -> object:
    for readable in (text, html_entities.unescape(text)):  # some CMSs escape the quotes of their JSON
        try:
            return json.loads(readable, strict=False)
        except (ValueError, RecursionError):
            continue
    return None


def _nodes_of(value: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Every object with a type, parents before what is in them."""
    if depth > _MOST_JSONLD_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes_of(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for inner in value.values():
            if isinstance(inner, (dict, list)):
                yield from _nodes_of(inner, depth + 1)


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


def mend_texts(tree: Tree, mended: Callable[[str], str]) -> None:
    """Put each text of a tree, and each `content` of a meta element, through a repair; code is left as it is."""
    for element in tree.iter():
        if isinstance(element.tag, str) and (element.tag not in {"script", "style"} or _is_jsonld(element)):
            element.text = mended(element.text) if element.text else element.text
        if element.tag == "meta" and element.get("content"):
            element.set("content", mended(element.get("content")))
        element.tail = mended(element.tail) if element.tail else element.tail


def _is_jsonld(element: Tree) -> bool:
    return bool(element.get("type") == "application/ld+json")
