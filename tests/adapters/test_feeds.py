"""Feed documents: every format, every identity, and any bytes at all."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.adapters.feeds import MOST_ENTRIES, parse_feed
from pipelines.adapters.loose_dates import read_loosely
from pipelines.core.nouns import Entry, ParsedFeed
from pipelines.core.reasons import Reason, Rejected
from tests.builders import FEED_URL, NOW, make_rss

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="fr"><title>Courrier</title>
<entry><id>tag:courrier.example,2026:1</id><title type="html">Le &lt;b&gt;sommet&lt;/b&gt;</title>
<link rel="alternate" href="https://courrier.example/n/1"/><published>2026-11-24T10:00:00+01:00</published>
<updated>2026-11-24T11:00:00Z</updated><author><name>Ana Novak</name></author><summary>Un accord.</summary></entry>
<entry><id>tag:courrier.example,2026:2</id><title>Deux</title><link href="/n/2"/>
<updated>2026-11-24T09:00:00Z</updated></entry></feed>"""
RDF = """<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"
 xmlns="http://purl.org/rss/1.0/" xmlns:dc="http://purl.org/dc/elements/1.1/"><channel rdf:about="https://kurier.example/">
<title>Kurier</title><link>https://kurier.example/</link></channel>
<item rdf:about="https://kurier.example/n/1"><title>Eins</title><link>https://kurier.example/n/1</link>
<dc:date>2026-11-24T09:30:00+01:00</dc:date><dc:creator>Karl Weiss</dc:creator></item></rdf:RDF>"""
SITEMAP = """<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"
 xmlns:news="http://www.google.com/schemas/sitemap-news/0.9"><url><loc> https://herald.example/n/1 </loc><news:news>
<news:publication><news:name>Harbour Herald</news:name><news:language>en-GB</news:language></news:publication>
<news:publication_date>2026-11-24</news:publication_date>
<news:title>Ministers agree &amp; sign</news:title></news:news></url>
<url><loc>https://herald.example/n/2</loc><lastmod>2026-11-24T09:00:00Z</lastmod></url></urlset>"""


def json_feed(*items: Any, **over: Any) -> bytes:
    return json.dumps({"version": "https://jsonfeed.org/version/1.1", "title": "H", "items": items, **over}).encode()


def parsed(body: bytes | str, **over: Any) -> ParsedFeed:
    found = parse_feed(body.encode() if isinstance(body, str) else body, url=FEED_URL, now=NOW, **over)
    assert isinstance(found, ParsedFeed), found
    return found


def test_rss_is_read_with_all_that_it_says() -> None:
    inside = (
        "<guid isPermaLink='false'>n-1</guid><pubDate>Tue, 24 Nov 2026 10:00:00 +0100</pubDate>"
        "<description>&lt;p&gt;A &lt;b&gt;short&lt;/b&gt; summary&lt;/p&gt;</description><author>Ana Novak</author>"
        "<source url='https://wire.example/'>Nordwire</source>"
    )
    feed = parsed(
        make_rss(
            ("Ministers & envoys", "https://herald.example/n/1"),
            inside=inside,
            extra="<language>en-gb</language><ttl>45</ttl>",
        )
    )
    assert (feed.format, feed.language, feed.ttl_minutes) == ("rss20", "en", 45)
    entry = feed.entries[0]
    assert (entry.url, entry.title, entry.summary) == (
        "https://herald.example/n/1",
        "Ministers & envoys",
        "A short summary",
    )
    assert (entry.author, entry.publisher_name, entry.declared_id) == ("Ana Novak", "Nordwire", "n-1")
    assert entry.published.at == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert (entry.identity, entry.identity_kind) == ("id:n-1", "id")


def test_atom_is_read_and_its_first_date_is_the_published_one() -> None:
    feed = parsed(ATOM)
    assert feed.format == "atom10"
    one, two = feed.entries
    assert (one.title, one.author, one.summary) == ("Le sommet", "Ana Novak", "Un accord.")
    assert one.published.declared == "2026-11-24T10:00:00+01:00"
    assert two.published.at == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
    assert two.url == "https://feeds.harbour-herald.example/n/2"
    assert [e.identity_kind for e in feed.entries] == ["id", "id"]


def test_rdf_is_read() -> None:
    feed = parsed(RDF)
    entry = feed.entries[0]
    assert (feed.format, entry.title, entry.url, entry.author) == (
        "rss10",
        "Eins",
        "https://kurier.example/n/1",
        "Karl Weiss",
    )
    assert entry.published.at == datetime(2026, 11, 24, 8, 30, tzinfo=UTC)


def test_a_news_sitemap_is_read() -> None:
    feed = parsed(SITEMAP)
    one, two = feed.entries
    assert feed.format == "news_sitemap"
    assert (one.url, one.title, one.language) == ("https://herald.example/n/1", "Ministers agree & sign", "en")
    assert (one.published.day, one.published.at, one.publisher_name) == (date(2026, 11, 24), None, "Harbour Herald")
    assert two.published.at == datetime(2026, 11, 24, 9, 0, tzinfo=UTC)


def test_a_json_feed_is_read() -> None:
    item = {
        "id": 17,
        "url": "https://herald.example/n/1",
        "title": "Ministers agree",
        "content_html": "<p>A pledge</p>",
        "date_published": "2026-11-24T10:00:00+01:00",
        "authors": [{"name": "Ana Novak"}, {"name": "Piet Maas"}],
    }
    feed = parsed(json_feed(item, language="en-US"))
    entry = feed.entries[0]
    assert (feed.format, feed.language) == ("json11", "en")
    assert (entry.identity, entry.title, entry.summary) == ("id:17", "Ministers agree", "A pledge")
    assert (entry.author, entry.published.at) == ("Ana Novak, Piet Maas", datetime(2026, 11, 24, 9, 0, tzinfo=UTC))


@pytest.mark.parametrize(
    "version", ["https://jsonfeed.org/version/1", "http://www.jsonfeed.org/version/1.0", "1", None]
)
def test_a_json_feed_is_known_by_its_items_whatever_its_version(version: str | None) -> None:
    assert parsed(json_feed({"id": "1", "external_url": "https://herald.example/1"}, version=version)).entries[0].url


def test_a_byte_order_mark_hides_no_json_feed() -> None:
    assert parsed(b"\xef\xbb\xbf \n" + json_feed({"id": "1"})).format == "json11"


@pytest.mark.parametrize("authors", [5, True, "Ana Novak", {"name": "Ana Novak"}, [None, 5, "x", {}], [[]], None])
def test_authors_of_any_shape_end_no_json_feed(authors: object) -> None:
    feed = parsed(json_feed({"id": "1", "authors": authors}, {"id": "2"}))
    assert [e.identity for e in feed.entries] == ["id:1", "id:2"]


@pytest.mark.parametrize(
    "name",
    ["id", "url", "title", "content_text", "content_html", "summary", "date_published", "author", "external_url"],
)
@pytest.mark.parametrize("value", [5, True, [], ["x"], {"a": 1}, "", 1.5e300])
def test_fields_of_any_shape_end_no_json_feed(name: str, value: object) -> None:
    assert len(parsed(json_feed({name: value}, {"id": "2"})).entries) == 2


def texts_of(entry: Entry) -> list[str]:
    values = [
        entry.identity,
        entry.url,
        entry.title,
        entry.summary,
        entry.author,
        entry.publisher_name,
        entry.declared_id,
        entry.language,
        entry.published.raw,
        entry.published.declared,
    ]
    return [v for v in values if v is not None]


def test_half_characters_of_a_json_feed_never_reach_what_is_stored() -> None:
    half = "x\ud800y"
    item = {
        "id": half,
        "url": f"https://herald.example/{half}",
        "title": half,
        "content_text": half,
        "date_published": half,
        "authors": [{"name": half}],
    }
    for text in texts_of(parsed(json_feed(item, language=half)).entries[0]):
        text.encode()


@pytest.mark.parametrize(
    "title",
    [
        "<html></html>",
        "<!doctype html>",
        "<frameset></frameset>",
        "</body></html>",
        "<",
        "&",
        "<!--",
        "<?xml?>",
        "<body><body>",
        "]]>",
        "<svg><title>",
        "&#11;&#0;",
        "\u202e",
    ],
)
def test_markup_of_any_kind_in_a_title_ends_no_feed(title: str) -> None:
    assert len(parsed(make_rss((title, "https://herald.example/1"), ("Two", "https://herald.example/2"))).entries) == 2


@pytest.mark.parametrize(
    "raw", ["1 Jan 99999999999999999999 00:00:00", "Tue, 24 Nov 2026 10:00:00 +99999999999999", "9" * 5000, "😀"]
)
def test_a_date_of_any_kind_ends_no_feed(raw: str) -> None:
    feed = parsed(make_rss(("One", "https://herald.example/1"), inside=f"<pubDate>{raw}</pubDate>"))
    assert feed.entries[0].published.at is None


@pytest.mark.parametrize(
    "link",
    [
        "http://[::1",
        "https://herald.example:port/",
        "//",
        "https://www.google.com/url?q=" * 2_000,
        "\\\\x",
        "http://a b/",
    ],
)
def test_a_link_of_any_kind_ends_no_feed(link: str) -> None:
    assert len(parsed(make_rss(("One", link), ("Two", "https://herald.example/2"))).entries) == 2


def when(raw: str, language: str | None = None) -> tuple[datetime | None, date | None]:
    published = (
        parsed(make_rss(("One", "https://h.example/1"), inside=f"<pubDate>{raw}</pubDate>"), language=language)
        .entries[0]
        .published
    )
    return published.at, published.day


def test_a_date_in_words_is_read_with_the_feeds_language() -> None:
    assert when("mer, 16 nov 2022 10:00 +0100", "fr")[0] == datetime(2022, 11, 16, 9, 0, tzinfo=UTC)
    assert when("24. November 2026 10:00 GMT", "de")[0] == datetime(2026, 11, 24, 10, 0, tzinfo=UTC)


@pytest.mark.parametrize("raw", ["mer, 16 nov 2022 23:30", "2022/11/16 23:30:00", "Wed, 16 Nov 2022 23:30:00"])
def test_a_time_of_an_unknown_zone_is_a_day_whoever_reads_it(raw: str) -> None:
    assert when(raw, "fr") == (None, date(2022, 11, 16))


@pytest.mark.parametrize(
    ("raw", "language"),
    [
        ("Tue, 24 Nov 2026", "en"),
        ("24 Nov 2026", "en"),
        ("mer, 16 nov 2022", "fr"),
        ("24. November 2026", "de"),
        ("16 noviembre 2022", "es"),
    ],
)
def test_a_date_without_a_time_is_never_given_midnight(raw: str, language: str) -> None:
    at, day = when(raw, language)
    assert at is None
    assert day in {None, date(2026, 11, 24), date(2022, 11, 16)}


def test_a_zone_written_as_gmt_and_hours_is_never_read_as_utc() -> None:
    assert when("Tue, 24 Nov 2026 10:00:00 GMT+9")[0] in {None, datetime(2026, 11, 24, 1, 0, tzinfo=UTC)}


@pytest.mark.parametrize(
    "raw",
    [
        "0000-00-00",
        "yesterday",
        "2 hours ago",
        "now",
        "Tue",
        "1758",
        "2031-01-01T00:00:00Z",
        "Thu, 01 Jan 1970 00:00:00 GMT",
    ],
)
def test_a_date_that_nobody_can_know_stays_unknown(raw: str) -> None:
    assert when(raw) == (None, None)


@pytest.mark.parametrize("raw", ["yesterday", "2 hours ago", "November 2026", "2026", "at ten", "x" * 500, ""])
def test_loose_reading_fills_nothing_in_from_today(raw: str) -> None:
    assert read_loosely(raw, "en") is None


def kinds(items: Sequence[tuple[str, str, str]]) -> list[tuple[str, str]]:
    """Identities of items of (guid, link, date)."""
    listed = "".join(
        f"<item><title>T</title>{_guid(g)}{_element('link', x)}{_element('pubDate', d)}</item>" for g, x, d in items
    )
    feed = parsed(f'<rss version="2.0"><channel><title>H</title>{listed}</channel></rss>')
    return [(e.identity_kind, e.identity) for e in feed.entries]


def _element(name: str, text: str) -> str:
    return f"<{name}>{text}</{name}>" if text else ""


def _guid(text: str) -> str:
    return _element("guid", text).replace("<guid>", '<guid isPermaLink="false">')


def link(n: int) -> str:
    return f"https://herald.example/n/{n}"


def test_ids_hold_where_they_are_unique_and_nearly_all_there() -> None:
    found = kinds([(f"g{n}" if n else "", link(n), "") for n in range(20)])
    assert found[0] == ("link", "link:herald.example/n/0")
    assert {k for k, _ in found[1:]} == {"id"}


def test_too_few_ids_or_doubled_ids_do_not_hold() -> None:
    assert {k for k, _ in kinds([(f"g{n}" if n > 1 else "", link(n), "") for n in range(20)])} == {"link"}
    assert {k for k, _ in kinds([("same", link(n), "") for n in range(5)])} == {"link"}


def test_a_shared_link_is_told_apart_by_date_and_then_by_title() -> None:
    found = kinds(
        [
            ("", link(1), "Tue, 24 Nov 2026 10:00:00 GMT"),
            ("", link(1), "Tue, 24 Nov 2026 11:00:00 GMT"),
            ("", link(1), ""),
        ]
    )
    assert [k for k, _ in found] == ["link_date", "link_date", "link_title"]
    assert len({i for _, i in found}) == 3


def test_tracking_does_not_make_another_identity() -> None:
    assert kinds([("", link(1) + "?utm_source=a", "")]) == kinds([("", link(1) + "?utm_source=b", "")])


@given(
    st.lists(
        st.tuples(
            st.sampled_from(["", "a", "b", "c"]),
            st.sampled_from(["", link(1), link(2), link(1) + "#x"]),
            st.sampled_from(["", "Tue, 24 Nov 2026 10:00:00 GMT"]),
        ),
        max_size=12,
    )
)
def test_every_item_of_a_document_has_an_identity_of_its_own(items: list[tuple[str, str, str]]) -> None:
    found = kinds(items) if items else []
    assert len(found) == len(items)
    assert len({i for _, i in found}) == len(items)
    assert found == (kinds(items) if items else [])


def test_identities_do_not_depend_on_the_order_of_distinct_items() -> None:
    items = [("", link(n), "") for n in range(6)]
    assert sorted(kinds(items)) == sorted(kinds(items[::-1]))


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.EMPTY_BODY),
        (b" \n\t", Reason.EMPTY_BODY),
        (b"<html><body>Not found</body></html>", Reason.NOT_A_FEED),
        (b"%PDF-1.4", Reason.NOT_A_FEED),
        (b'{"error": "no"}', Reason.NOT_A_FEED),
        (b"null", Reason.NOT_A_FEED),
        (b"\x00\x01\x02", Reason.NOT_A_FEED),
        (b"<sitemapindex/>", Reason.NOT_A_FEED),
    ],
)
def test_what_is_no_feed_is_named(body: bytes, reason: Reason) -> None:
    found = parse_feed(body, url=FEED_URL, now=NOW)
    assert isinstance(found, Rejected)
    assert found.reason is reason


def test_a_feed_that_lists_nothing_today_is_a_feed() -> None:
    assert parsed(make_rss()).entries == ()
    assert parsed(json_feed()).entries == ()


def test_broken_markup_loses_no_whole_item() -> None:
    body = make_rss(("One", link(1)), ("Two", link(2))).replace(b"</channel></rss>", b"<item><title>Three & half")
    assert [e.title for e in parsed(body).entries][:2] == ["One", "Two"]


def test_an_entity_bomb_and_an_outside_entity_are_not_opened() -> None:
    bomb = (
        '<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">'
        '<!ENTITY f SYSTEM "file:///etc/hostname">]><rss version="2.0"><channel><title>T</title>'
        "<item><title>x &f; y</title><link>https://herald.example/1</link></item></channel></rss>"
    )
    with open("/etc/hostname", encoding="utf-8") as file:  # noqa: PTH123
        secret = file.read().strip()
    found = parse_feed(bomb.encode(), url=FEED_URL, now=NOW)
    assert not secret or secret not in repr(found)


def test_a_file_name_as_body_opens_no_file() -> None:
    assert isinstance(parse_feed(b"/etc/hostname", url=FEED_URL, now=NOW), Rejected)
    assert isinstance(parse_feed(b"http://127.0.0.1:9/", url=FEED_URL, now=NOW), Rejected)


def test_a_feed_without_end_is_read_up_to_a_limit() -> None:
    body = make_rss(*((f"Item {n}", link(n)) for n in range(MOST_ENTRIES + 10)))
    assert len(parsed(body).entries) == MOST_ENTRIES


@pytest.mark.parametrize(
    ("charset", "declared"),
    [("utf-8", "utf-8"), ("iso-8859-1", "iso-8859-1"), ("windows-1250", "windows-1250"), ("utf-16", "utf-16")],
)
def test_charsets_are_read_as_declared(charset: str, declared: str) -> None:
    text = make_rss(("Gipfel für später", link(1))).decode().replace('encoding="utf-8"', f'encoding="{declared}"')
    assert parsed(text.encode(charset)).entries[0].title == "Gipfel für später"


pieces = st.sampled_from(
    [
        b"<rss version='2.0'>",
        b"<channel>",
        b"<item>",
        b"</item>",
        b"<title>",
        b"<link>http://[",
        b"<pubDate>1 Jan 9999999999999",
        b"<entry>",
        b"<feed xmlns='http://www.w3.org/2005/Atom'>",
        b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'>",
        b"<url><loc>x",
        b"{",
        b'{"items": [',
        b'{"id": ',
        b"]}",
        b"<![CDATA[",
        b"&#0;",
        b"\xff\xfe",
        b"\xef\xbb\xbf",
        b"</",
        b"<guid>",
        b"]]>",
    ]
)
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["name", "x"]), inner, max_size=2),
    max_leaves=4,
)
fields = st.sampled_from(["id", "url", "title", "authors", "author", "content_html", "date_published", "external_url"])
feeds_of_json = st.lists(st.dictionaries(fields, values, max_size=5) | values, max_size=4).map(
    lambda i: json.dumps({"items": i}).encode()
)


@settings(max_examples=300)
@given(st.binary(max_size=200) | st.lists(pieces | st.binary(max_size=6), max_size=25).map(b"".join) | feeds_of_json)
def test_any_bytes_give_a_feed_that_can_be_stored_or_a_named_reason(body: bytes) -> None:
    found = parse_feed(body, url=FEED_URL, headers={"content-type": "text/xml; charset=x"}, now=NOW)
    if isinstance(found, Rejected):
        assert found.reason in {Reason.EMPTY_BODY, Reason.NOT_A_FEED}
    else:
        for text in (t for e in found.entries for t in texts_of(e)):
            text.encode()
