"""OPML in and out: what other readers export is read, what is broken is told, and nothing keeps us busy."""

import re
import time
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.adapters.opml import ListedFeed, OpmlUnreadable, OutlinedOutlet, read_opml, write_opml

AGES = 60.0  # seconds; what is bounded takes one or two


def opml(outlines: str) -> bytes:
    return f'<?xml version="1.0"?>\n<opml version="2.0"><head/>\n<body>{outlines}</body></opml>'.encode()


def refused(body: bytes) -> str:
    with pytest.raises(OpmlUnreadable) as told:
        read_opml(body, "feeds.opml")
    assert "\n" not in str(told.value)
    return str(told.value)


def test_an_outline_is_its_address_title_language_and_home() -> None:
    listed = read_opml(
        opml(
            '<outline type="rss" text="Harbour &amp; Herald" title="x" '
            'xmlUrl="https://herald.example/rss?a=1&amp;copy=2" '
            'htmlUrl="https://herald.example/" language="en-IE"/>'
        ),
        "feeds.opml",
    )
    assert listed.feeds == (
        ListedFeed(
            url="https://herald.example/rss?a=1&copy=2",
            title="Harbour & Herald",
            language="en-IE",
            home="https://herald.example/",
        ),
    )


def test_feeds_are_found_in_groups_of_any_depth_in_their_order_and_each_once() -> None:
    listed = read_opml(
        opml(
            '<outline text="A"><outline text="B"><outline text="one" xmlUrl="http://a.example/1"/></outline></outline>'
            '<outline title="two" xmlUrl=" http://a.example/2 "/><outline text="again" xmlUrl="http://a.example/1"/>'
        ),
        "feeds.opml",
    )
    assert [(f.url, f.title) for f in listed.feeds] == [("http://a.example/1", "one"), ("http://a.example/2", "two")]


def test_what_is_no_feed_is_told_apart() -> None:
    listed = read_opml(
        opml(
            '<outline type="include" text="more" url="https://lists.example/more.opml"/>'
            '<outline type="link" text="page" htmlUrl="https://pages.example/"/>'
            '<outline type="rss" text="nowhere" xmlUrl=" "/>'
        ),
        "feeds.opml",
    )
    assert (listed.feeds, listed.lists, listed.pages, listed.unaddressed) == (
        (),
        ("https://lists.example/more.opml",),
        ("https://pages.example/",),
        ("nowhere",),
    )


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "iso-8859-1", "utf-16", "windows-1252"])
def test_letters_are_read_by_the_declared_charset(charset: str) -> None:
    declared = "utf-8" if charset == "utf-8-sig" else charset
    text = f'<?xml version="1.0" encoding="{declared}"?><opml><body><outline text="é" xmlUrl="http://a.example/é"/></body></opml>'
    (feed,) = read_opml(text.encode(charset), "feeds.opml").feeds
    assert (feed.title, feed.url) == ("é", "http://a.example/é")


@pytest.mark.parametrize(
    "outermost", ['<opml version="1.0">', "<OPML>", '<o:opml xmlns:o="http://opml.org/spec2">'], ids=str
)
def test_old_loud_and_namespaced_documents_are_read(outermost: str) -> None:
    name = re.split(r"[ >]", outermost[1:])[0]
    prefix = "o:" if name.startswith("o:") else ""
    body = f'{outermost}<{prefix}body><{prefix}outline XMLURL="http://a.example/"/></{prefix}body></{name}>'
    assert [f.url for f in read_opml(body.encode(), "feeds.opml").feeds] == ["http://a.example/"]


def test_a_document_without_feeds_lists_none() -> None:
    assert read_opml(opml(""), "feeds.opml").feeds == ()


BROKEN = {
    "nothing": (b"", "feeds.opml:1: empty"),
    "blanks": (b"\n\n", "empty"),
    "half of it": (opml('<outline text="a" xmlUrl="http://a.example/"/>')[:-9], "feeds.opml:3: no well-formed XML"),
    "a bare ampersand": (opml('<outline text="a&b" xmlUrl="http://a.example/"/>'), "feeds.opml:3: no well-formed XML"),
    "a web page": (b"<html><body/></html>", "feeds.opml:1: no OPML: its outermost element is html"),
    "a feed": (b'<rss version="2.0"><channel/></rss>', "no OPML: its outermost element is rss"),
    "JSON": (b'{"feeds": []}', "feeds.opml:1: no well-formed XML"),
    "bytes": (bytes(range(256)), "not readable as utf-8"),
    "a charset that is none": (b'<?xml version="1.0" encoding="rot13"?><opml/>', "said to be rot13"),
    "a control character": (opml('<outline text="a&#7;" xmlUrl="http://a.example/"/>'), "no well-formed XML"),
    "entities": (
        b'<!DOCTYPE opml [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>\n<opml><body><outline text="&b;"/></body></opml>',
        "feeds.opml:1: declares entities",
    ),
    "a file of this machine": (
        b'<!DOCTYPE opml [<!ENTITY a SYSTEM "file:///etc/hostname">]>\n<opml><body>&a;</body></opml>',
        "declares entities",
    ),
    "an abyss": (opml('<outline text="a">' * 50_000 + "</outline>" * 50_000), "over 100 deep"),
    "too much": (b"<opml>" + b" " * 10_000_001, "over 10 MB"),
}


@pytest.mark.parametrize(("body", "told"), BROKEN.values(), ids=BROKEN.keys())
def test_what_is_broken_or_made_to_exhaust_is_refused_in_one_line(body: bytes, told: str) -> None:
    assert told in refused(body)


HEAVY = {
    "50,000 feeds": (
        "".join(f'<outline text="t" xmlUrl="http://h{i}.example/" category="/a/{i}"/>' for i in range(50_000)),
        50_000,
    ),
    "one feed in 50,000 groups": (
        "".join(f'<outline text="g{i}"><outline xmlUrl="http://a.example/"/></outline>' for i in range(50_000)),
        1,
    ),
    "one feed of 300,000 categories": (
        f'<outline xmlUrl="http://a.example/" category="{",".join(str(i) for i in range(300_000))}"/>',
        1,
    ),
    "comments that begin like elements": ("<!--" + "<a <!" * 1_000_000 + "-->", 0),
    "many small comments": ("<!-- -->" * 500_000, 0),
}


@pytest.mark.parametrize(("outlines", "feeds"), HEAVY.values(), ids=HEAVY.keys())
def test_a_heavy_document_is_bounded_work(outlines: str, feeds: int) -> None:
    began = time.monotonic()
    assert len(read_opml(opml(outlines), "feeds.opml").feeds) == feeds
    assert time.monotonic() - began < AGES


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(
    st.text("<>/=\"'&;#x!-?[] \nopmlutinexUr:", max_size=80) | st.binary(max_size=60).map(lambda b: b.decode("latin-1"))
)
def test_any_text_within_a_document_is_read_or_refused(text: str) -> None:
    try:
        assert isinstance(read_opml(opml(text), "feeds.opml").feeds, tuple)
    except OpmlUnreadable as told:
        assert str(told).startswith("feeds.opml:")  # noqa: PT017 (either is right)


def outlet(*feeds: ListedFeed, publisher: str = "Harbour Media", name: str = "Harbour Herald") -> OutlinedOutlet:
    return OutlinedOutlet(publisher=publisher, name=name, language="en", home="https://herald.example/", feeds=feeds)


def test_what_is_written_is_opml_of_publishers_outlets_and_feeds() -> None:
    one, two = (ListedFeed(url=f"https://herald.example/{n}", title=n) for n in ("one", "two"))
    text = write_opml("Watch", [outlet(one), outlet(name="Other", publisher="Another"), outlet(two, name="Gazette")])
    root = ET.fromstring(text)  # noqa: S314 (our own)
    assert (root.tag, root.get("version"), root.findtext("head/title")) == ("opml", "2.0", "Watch")
    groups = [(p.get("text"), [o.get("text") for o in p]) for p in root.findall("body/outline")]
    assert groups == [("Harbour Media", ["Harbour Herald", "Gazette"]), ("Another", ["Other"])]
    written = root.find("body/outline/outline/outline")
    assert written is not None
    assert written.attrib == {
        "type": "rss",
        "text": "one",
        "title": "one",
        "xmlUrl": "https://herald.example/one",
        "htmlUrl": "https://herald.example/",
        "language": "en",
    }


def test_a_sitemap_is_marked_and_read_again_as_one() -> None:
    feed = ListedFeed(url="https://herald.example/news.xml", title="Herald", is_sitemap=True)
    (again,) = read_opml(write_opml("Watch", [outlet(feed)]).encode(), "feeds.opml").feeds
    assert again.is_sitemap


@pytest.mark.parametrize("wrong", ["a\x00b", "a\x0bb", "\x1b[31m", "\ud800", "\uffff"])
@pytest.mark.parametrize("place", ["title", "outlet", "feed", "address"])
def test_what_xml_cannot_hold_is_refused_wherever_it_stands(wrong: str, place: str) -> None:
    feed = ListedFeed(url="https://a.example/" + wrong * (place == "address"), title="t" + wrong * (place == "feed"))
    with pytest.raises(OpmlUnreadable, match="character that XML cannot"):
        write_opml("w" + wrong * (place == "title"), [outlet(feed, name="n" + wrong * (place == "outlet"))])


printable = st.text(
    st.characters(blacklist_categories=("Cs", "Cc", "Zs", "Zl", "Zp"), blacklist_characters="\uffff\ufffe")
)


@settings(derandomize=True, database=None, deadline=None, max_examples=100)
@given(st.lists(st.tuples(printable, printable), max_size=5, unique_by=lambda pair: pair[0]))
def test_addresses_and_titles_survive_writing_and_reading(pairs: list[tuple[str, str]]) -> None:
    feeds = [ListedFeed(url=f"https://a.example/{path}", title=f"t{title}") for path, title in pairs]
    again = read_opml(write_opml("Watch", [outlet(*feeds)]).encode(), "feeds.opml").feeds
    assert [f.url for f in again] == [f.url for f in feeds]
    assert [f.title[:1] for f in again] == ["t"] * len(feeds)
