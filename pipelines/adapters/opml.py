"""The one door to listparser: subscription lists in OPML, read and written. Nothing is ever fetched.

bytes | text by its declared charset | well-formed? | listparser's reading of outlines -> Listed
publishers > outlets > feeds -> OPML 2.0
"""

import codecs
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from xml.etree import ElementTree as ET
from xml.parsers import expat

from listparser.opml import OpmlMixin

from pipelines.core.errors import PresswatchError
from pipelines.core.text import one_line

_MOST_BYTES = 10_000_000
_MOST_DEPTH = 100
_BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
_DECLARED = re.compile(rb"""^\s*<\?xml[^>]*?encoding\s*=\s*["']([A-Za-z0-9._-]+)["']""")
# Python knows encodings that are none of text (rot13), or that a short text keeps busy for minutes (punycode).
_CHARSETS = re.compile(
    r"utf-?(8|16|32)(-?[lb]e)?|(us-)?ascii|iso-8859-\d+|windows-125\d|cp125\d|koi8-[ru]"
    r"|gb2312|gbk|gb18030|big5|euc-(jp|kr)|shift_jis",
    re.IGNORECASE,
)
_UNPRINTABLE = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, section 2.2
_SITEMAP = "news_sitemap"


class OpmlUnreadable(PresswatchError):
    """A list of subscriptions cannot be read, or written as XML."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedFeed:
    """One outline with an address of a feed."""

    url: str
    title: str
    language: str | None = None  # as declared: en-US
    home: str | None = None
    is_sitemap: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Listed:
    """What an OPML document lists, each address once, in its order."""

    feeds: tuple[ListedFeed, ...] = ()
    lists: tuple[str, ...] = ()  # addresses of further lists
    pages: tuple[str, ...] = ()  # outlines that have a page and no feed
    unaddressed: tuple[str, ...] = ()  # titles of outlines whose address is blank


@dataclass(frozen=True, slots=True, kw_only=True)
class OutlinedOutlet:
    """An outlet as OPML shows it: a group of feeds within the group of its publisher."""

    publisher: str
    name: str
    language: str
    home: str | None
    feeds: tuple[ListedFeed, ...]


class _Outlines(OpmlMixin):
    """listparser's reading of outlines; its `parse` would fetch what looks like an address, and drops languages."""

    def __init__(self) -> None:
        super().__init__()
        self.harvest.update({"version": "", "feeds": [], "lists": [], "opportunities": [], "meta": {}})
        self.declared: dict[str, dict[str, str]] = {}
        self.unaddressed: list[str] = []

    def start_opml_outline(self, attrs: dict[str, str]) -> None:
        # Categories are compared with all before them, one address in 50,000 groups for minutes: they are not kept.
        super().start_opml_outline({name: value for name, value in attrs.items() if name != "category"})
        url = attrs.get("xmlurl", "").strip()
        if url in self.found_urls:
            self.found_urls[url][1]["categories"] = []
            self.declared.setdefault(url, attrs)
        elif "xmlurl" in attrs and not attrs.get("htmlurl", "").strip():
            self.unaddressed.append(attrs.get("text", "") or attrs.get("title", ""))


def read_opml(body: bytes, name: str) -> Listed:
    """The feeds of an OPML document.

    Args:
        name: what stands before each line number of a complaint.

    Raises:
        OpmlUnreadable: it is no OPML, is broken, or is made to exhaust us.
    """
    if len(body) > _MOST_BYTES:
        raise OpmlUnreadable(f"{name}: over {_MOST_BYTES // 1_000_000} MB; no list of feeds is that long, split it")
    text = _decoded(body, name)
    _refuse_broken(text, name)
    outlines = _Outlines()
    outlines.feed(text)
    harvest, declared = outlines.harvest, outlines.declared
    feeds = tuple(_feed(f["url"], f["title"], declared.get(f["url"], {})) for f in harvest["feeds"])
    return Listed(
        feeds=feeds,
        lists=tuple(x["url"] for x in harvest["lists"]),
        pages=tuple(x["url"] for x in harvest["opportunities"]),
        unaddressed=tuple(outlines.unaddressed),
    )


def _feed(url: str, title: str, declared: dict[str, str]) -> ListedFeed:
    return ListedFeed(
        url=url,
        title=one_line(title) or "",
        language=declared.get("language", "").strip() or None,
        home=declared.get("htmlurl", "").strip() or None,
        is_sitemap=declared.get("type", "").strip().lower() == _SITEMAP,
    )


def _decoded(body: bytes, name: str) -> str:
    charset = next((charset for bom, charset in _BOMS if body.startswith(bom)), None)
    declared = _DECLARED.search(body[:1000])
    charset = charset or (declared.group(1).decode("ascii") if declared else "utf-8")
    if not _CHARSETS.fullmatch(charset):
        raise OpmlUnreadable(f"{name}: its encoding is said to be {charset}; save it as UTF-8")
    try:
        return body.decode(charset).removeprefix("\ufeff")
    except (LookupError, UnicodeError) as unreadable:
        raise OpmlUnreadable(f"{name}: not readable as {charset}; save it as UTF-8") from unreadable


def _refuse_broken(text: str, name: str) -> None:
    """Whatever is not well-formed is told with its line: half a list would be taken for the whole."""
    parser = expat.ParserCreate(encoding="utf-8")  # whatever its declaration says: it is decoded already
    depth = 0

    def refuse(why: str) -> None:
        raise OpmlUnreadable(f"{name}:{parser.CurrentLineNumber}: {why}")

    def opened(tag: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth == 1 and tag.rpartition(":")[2].lower() != "opml":
            refuse(f"no OPML: its outermost element is {tag[:40]}")
        if depth > _MOST_DEPTH:
            refuse(f"outlines within outlines, over {_MOST_DEPTH} deep")

    def closed(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    def declares(*_entity: object) -> None:
        refuse("declares entities of its own; a list of feeds needs none")

    parser.StartElementHandler, parser.EndElementHandler, parser.EntityDeclHandler = opened, closed, declares
    try:
        parser.Parse(text.encode("utf-8"), True)  # noqa: FBT003 (is_final, positional only)
    except expat.ExpatError as broken:
        why = "empty" if not text.strip() else f"no well-formed XML: {expat.ErrorString(broken.code)}"
        raise OpmlUnreadable(f"{name}:{broken.lineno}: {why}") from broken


def write_opml(title: str, outlets: Iterable[OutlinedOutlet]) -> str:
    """OPML 2.0: a group for each publisher, in it one for each outlet, in it its feeds.

    Raises:
        OpmlUnreadable: a name or address holds a character that XML cannot.
    """
    opml = ET.Element("opml", version="2.0")
    ET.SubElement(ET.SubElement(opml, "head"), "title").text = _writable(title)
    body = ET.SubElement(opml, "body")
    groups: dict[str, ET.Element] = {}
    for outlet in outlets:
        if outlet.publisher not in groups:
            groups[outlet.publisher] = _outline(body, {"text": outlet.publisher, "title": outlet.publisher})
        within = _outline(groups[outlet.publisher], {"text": outlet.name, "title": outlet.name})
        for feed in outlet.feeds:
            _outline(within, _attributes(outlet, feed))
    ET.indent(opml)
    written = io.StringIO()
    ET.ElementTree(opml).write(written, encoding="unicode")
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + written.getvalue() + "\n"


def _attributes(outlet: OutlinedOutlet, feed: ListedFeed) -> dict[str, str]:
    return {
        "type": _SITEMAP if feed.is_sitemap else "rss",
        "text": feed.title,
        "title": feed.title,
        "xmlUrl": feed.url,
        **({"htmlUrl": outlet.home} if outlet.home else {}),
        "language": feed.language or outlet.language,
    }


def _outline(parent: ET.Element, attributes: dict[str, str]) -> ET.Element:
    return ET.SubElement(parent, "outline", {name: _writable(value) for name, value in attributes.items()})


def _writable(text: str) -> str:
    if _UNPRINTABLE.search(text):
        raise OpmlUnreadable(f"{text!r} holds a character that XML cannot; take it out of the file of sources")
    return text
