"""Pages: what they say of themselves, in whatever markup and charset."""

import json
from datetime import UTC, date, datetime, timedelta
from html import escape
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.language import language_of
from pipelines.adapters.markup import declared, decoded, news_sitemap, parse_page, plain_text
from pipelines.adapters.pages import read_feed_text, read_page
from pipelines.adapters.robots import MAX_CRAWL_DELAY, RobotsAnswer, ask_robots
from pipelines.core.dates import dated
from pipelines.core.nouns import Article, Entry, Page
from pipelines.core.reasons import Reason, Rejected
from pipelines.core.text import folded
from tests.builders import NOW, make_entry, make_page, prose

URL = "https://www.harbour-herald.example/n/1"


def read(
    body: bytes, *, charset: str | None = None, entry: Entry | None = None, prior: str | None = "en"
) -> tuple[Article, Rejected | None]:
    found = read_page(Page(url=URL, final_url=URL, body=body, charset=charset), entry, prior=prior, now=NOW)
    return found.article, found.rejected


def article(body: bytes, charset: str | None = None) -> Article:
    found, rejected = read(body, charset=charset)
    assert rejected is None
    return found


def jsonld(value: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(value)}</script>'


NEWS = {
    "@context": "https://schema.org",
    "@type": "NewsArticle",
    "headline": "Ministers agree on a pledge",
    "datePublished": "2026-11-24T10:00:00+01:00",
    "dateModified": "2026-11-24T11:00:00Z",
    "author": [{"@type": "Person", "name": "Ana Novak"}, {"@type": "Person", "name": "Piet Maas"}],
    "isAccessibleForFree": False,
}


@pytest.mark.parametrize(
    "value",
    [
        NEWS,
        [NEWS],
        {"@graph": [{"@type": "WebPage"}, NEWS]},
        {"@type": "WebPage", "mainEntity": NEWS},
        {**NEWS, "@type": ["Thing", "ReportageNewsArticle"]},
    ],
)
def test_json_ld_is_believed_in_each_of_its_shapes(value: object) -> None:
    found = article(make_page(head=jsonld(value)))
    assert (found.title, found.authors) == ("Ministers agree on a pledge", ("Ana Novak", "Piet Maas"))
    assert found.published.declared == "2026-11-24T10:00:00+01:00"
    assert found.published.source == "jsonld:iso"
    assert found.modified.at == datetime(2026, 11, 24, 11, 0, tzinfo=UTC)
    assert found.is_paywalled is True


@pytest.mark.parametrize(
    "script",
    [
        "{",
        '{"@type": "NewsArticle", "headline": "x"',
        "[[[[",
        "null",
        "5",
        '"x"',
        '{"@type": 5}',
        '{"@graph": 5}',
        "[" * 3_000,
        '{"@type": "NewsArticle", "author": 5, "headline": [], "datePublished": {}}',
    ],
)
def test_broken_json_ld_is_left_out_and_the_rest_is_read(script: str) -> None:
    found = article(make_page(head=f'<script type="application/ld+json">{script}</script>'))
    assert found.title == "Ministers agree on a pledge"
    assert found.authors == ()
    assert "Aldmouth" in found.text


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("//<![CDATA[\n", "\n//]]>"),
        ("<!--", "-->"),
        ("/* <![CDATA[ */", "/* ]]> */"),
        ("", ";"),
        ("", '{"@type": "WebSite"}'),
        ('{"@graph": [ // own node\n', ", ]}"),
    ],
)
def test_json_ld_is_read_out_of_what_templates_put_around_it(before: str, after: str) -> None:
    wrapped = f'<script type="Application/LD+JSON; charset=utf-8">{before}{json.dumps(NEWS)}{after}</script>'
    found = article(make_page(head=wrapped))
    assert (found.authors, found.published.source) == (("Ana Novak", "Piet Maas"), "jsonld:iso")


def test_what_looks_like_a_comment_in_a_string_stays_in_it() -> None:
    node = {**NEWS, "license": "https://licence.example/by/,}", "author": "Ana Novak"}
    assert article(make_page(head=jsonld(node).replace("}</script>", ",}</script>"))).licence == node["license"]


@pytest.mark.parametrize(
    "nodes",
    [
        [{**NEWS, "headline": "Another story", "author": "Rosa Lind"}, NEWS],
        {"@graph": [{"@type": "NewsArticle", "@id": f"{URL}#a", "url": URL}, {**NEWS, "@id": f"{URL}#a"}]},
        [NEWS, {"@type": "ItemList", "itemListElement": [{**NEWS, "headline": "Other", "author": "Rosa Lind"}] * 9}],
    ],
)
def test_the_pages_own_node_is_told_from_other_stories_and_from_references(nodes: object) -> None:
    assert article(make_page(head=jsonld(nodes))).authors == ("Ana Novak", "Piet Maas")


def test_an_author_is_followed_to_his_node_whether_references_come_before_it_or_not() -> None:
    who = {"@type": "Person", "@id": "#ana"}
    graph = {"@graph": [{**NEWS, "author": who}, {**who, "name": "Ana Novak"}]}
    assert article(make_page(head=jsonld(graph))).authors == ("Ana Novak",)


def test_structured_data_gives_the_moment_to_the_second_and_its_zone() -> None:
    node = {**NEWS, "datePublished": "2026-11-24T23:45:30.250+02:00"}
    found = article(make_page(head=jsonld(node) + '<meta name="date" content="2026-11-24">')).published
    assert (found.declared, found.at) == ("2026-11-24T23:45:30+02:00", datetime(2026, 11, 24, 21, 45, 30, tzinfo=UTC))


def test_a_time_without_a_zone_in_a_page_is_a_day_and_its_words_are_kept() -> None:
    found = article(make_page(head=jsonld({**NEWS, "datePublished": "2026-11-24T23:45:30"}))).published
    assert (found.declared, found.at, found.raw) == ("2026-11-24", None, "2026-11-24T23:45:30")


def headed(heading: str, *, under: str = "", head: str = "") -> Article:
    page = make_page(head=head).decode()
    opening = page.index("<h1")
    rest = page[page.index("</h1>") + 5 :]
    return article(f"{page[:opening]}<h1>{heading}</h1>{under}{rest}".encode())


def test_a_kicker_in_the_headline_is_left_out_unless_the_page_calls_itself_so_elsewhere() -> None:
    heading = '<span class="title__overline">Harbours</span><span> - </span><span>States sign the pledge</span>'
    og = '<meta property="og:title" content="{}">'
    assert headed(heading, head=og.format("At sea: States sign the pledge")).title == "States sign the pledge"
    both = headed(heading, head=og.format("Harbours: States sign the pledge") + jsonld({**NEWS, "headline": ""}))
    assert folded(both.title or "") == "harbours states sign the pledge"


def test_an_appeal_over_the_article_is_no_headline() -> None:
    head = '<meta property="og:title" content="States sign the pledge"><title>States sign the pledge | Herald</title>'
    under = '<h2>States sign the pledge</h2><span class="author">Ana Novak</span>'
    found = headed("Support our newsroom today", under=under, head=head)
    assert (found.title, found.authors) == ("States sign the pledge", ("Ana Novak",))


@pytest.mark.parametrize(
    ("shown", "day"),
    [
        ('<div class="date">Ana Novak • 17 November 2026</div>', date(2026, 11, 17)),
        ('<div class="date">Published: November 17, 2026</div>', date(2026, 11, 17)),
        ("<time>17 November 2026</time>", date(2026, 11, 17)),
        ('<div class="date">Last updated: 17 November 2026</div>', None),
        ('<div class="date">Stand: 17. November 2026</div>', None),
        ('<div class="date">Season 2026</div>', None),
    ],
)
def test_a_date_beside_the_headline_is_read_and_a_change_is_none(shown: str, day: date | None) -> None:
    assert headed("Ministers agree on a pledge", under=shown).published.day == day


def test_a_date_in_data_that_no_parser_reads_is_the_last_resort() -> None:
    data = '<script>self.push("{\\"datePublished\\":\\"2026-11-24T10:00:00+01:00\\"}")</script>'
    assert article(make_page(head=data)).published.declared == "2026-11-24T10:00:00+01:00"
    other = data.replace("11-24", "11-20")
    assert article(make_page(head=data + other)).published.precision is None


def test_links_of_other_stories_authors_and_long_words_beside_a_byline_name_nobody() -> None:
    others = '<p><a rel="author">Rosa Lind</a></p>'
    assert headed("Ministers agree", under=f'<p>by <a rel="author">Ana Novak</a></p>{others}').authors == ("Ana Novak",)
    life = f'<p class="author">I write and go cheering for Harbour Rowing. {prose(1, 2)}</p>'
    assert headed("Ministers agree", under=f'<p class="author">Ana Novak</p>{life}').authors == ("Ana Novak",)


def test_microdata_is_read() -> None:
    body = (
        make_page()
        .decode()
        .replace(
            "<p>",
            '<span itemprop="author"><span itemprop="name">Ana Novak</span></span>'
            '<time itemprop="datePublished" datetime="2026-11-24T10:00:00+01:00">today</time><p>',
            1,
        )
    )
    found = article(body.encode())
    assert found.authors == ("Ana Novak",)
    assert (found.published.at, found.published.source) == (datetime(2026, 11, 24, 9, 0, tzinfo=UTC), "microdata:iso")


def test_open_graph_is_read() -> None:
    head = (
        '<meta property="og:title" content="Ministers agree on a pledge | Harbour Herald">'
        '<meta property="og:site_name" content="Harbour Herald">'
        '<meta property="article:published_time" content="2026-11-24">'
        '<meta name="author" content="By Ana Novak">'
        '<meta property="og:url" content="https://harbour-herald.example/n/1-pledge">'
    )
    found = article(make_page(title="Ministers agree on a pledge | Harbour Herald", head=head))
    assert (found.title, found.authors) == ("Ministers agree on a pledge", ("Ana Novak",))
    assert (found.published.at, found.published.day) == (None, date(2026, 11, 24))
    assert found.canonical_url == "https://harbour-herald.example/n/1-pledge"


def test_a_plain_page_is_read_and_what_it_does_not_say_stays_unknown() -> None:
    found = article(make_page())
    assert (found.title, found.authors, found.canonical_url, found.is_paywalled) == (
        "Ministers agree on a pledge",
        (),
        None,
        None,
    )
    assert found.published.precision is None
    assert (found.language, found.language_source) == ("en", "text")
    assert found.text.startswith(prose(1, 1))
    assert found.extractor.startswith("trafilatura-")


def test_the_feed_is_believed_where_the_page_says_nothing() -> None:
    entry = make_entry(
        title="From the feed", author="Ana Novak", published=dated(NOW - timedelta(hours=1), source="feed:iso")
    )
    found, _ = read(make_page(), entry=entry)
    assert found.title == "Ministers agree on a pledge"
    assert found.authors == ("Ana Novak",)
    assert found.published.at == NOW - timedelta(hours=1)


def test_a_line_that_repeats_the_title_is_no_text() -> None:
    found = article(make_page(text=f"Ministers agree on a PLEDGE\n{prose(1, 6)}\n{prose(2, 6)}"))
    assert "PLEDGE" not in found.text


@pytest.mark.parametrize(
    "spoiler",
    [
        "\x00",
        "\x0b",
        "\x1f",
        "\ufffe",
        "\uffff",
        "&#11;",
        "&#0;",
        "&#xFFFF;",
        "&#xB;",
        "&#xD800;",
        "&#1114112;",
        "&#x1F;",
    ],
)
def test_a_character_that_xml_forbids_loses_no_page(spoiler: str) -> None:
    body = make_page().decode().replace("ministers", f"min{spoiler}isters", 1)
    found, rejected = read(body.encode())
    assert rejected is None
    assert len(found.text) > 500


@pytest.mark.parametrize(
    ("charset", "header", "meta"),
    [
        ("utf-8", "utf-8", None),
        ("utf-8", None, None),
        ("utf-8", "iso-8859-1", None),
        ("utf-8", None, "iso-8859-1"),
        ("iso-8859-1", "iso-8859-1", None),
        ("iso-8859-1", None, "iso-8859-1"),
        ("windows-1252", None, None),
        ("windows-1250", "windows-1250", None),
        ("windows-1250", None, "windows-1250"),
        ("iso-8859-2", "iso-8859-2", "utf-8"),
        ("utf-8-sig", "iso-8859-1", None),
        ("utf-16", None, None),
        ("utf-16", "utf-8", None),
        ("windows-1252", "nonsense", None),
        ("windows-1252", "undefined", None),
        ("windows-1252", "", None),
        ("windows-1252", "utf-8", "utf-8"),
    ],
)
def test_a_page_is_decoded_whatever_it_declares(charset: str, header: str | None, meta: str | None) -> None:
    text = f"<html><head>{f'<meta charset={meta}>' if meta else ''}</head><p>Größe für Österreich"
    assert "Größe für Österreich" in decoded(text.encode(charset), header)


CHARSETS = [
    "utf-8",
    "undefined",
    "idna",
    "punycode",
    "utf-7",
    "hex",
    "base64",
    "rot13",
    "unicode_escape",
    "raw_unicode_escape",
    "mbcs",
    "utf-16",
    "utf-32",
    "big5",
    "x" * 500,
    "",
    " ",
    "utf\0",
    "../../etc",
    "ß",
]


@given(st.binary(max_size=80), st.sampled_from(CHARSETS) | st.none() | st.text(max_size=8))
def test_any_bytes_in_any_charset_give_a_text(body: bytes, charset: str | None) -> None:
    assert isinstance(decoded(body, charset), str)
    assert isinstance(
        decoded(b'<meta charset="' + (charset or "").encode("utf-8", "ignore") + b'">\xff' + body, None), str
    )


@pytest.mark.parametrize("charset", CHARSETS)
def test_a_charset_that_does_not_exist_loses_no_page(charset: str) -> None:
    body = make_page().decode().replace("ministers", "députés", 1).encode("windows-1252")
    assert len(article(body, charset).text) > 500


def test_half_a_character_never_comes_out_of_a_page() -> None:
    body = make_page().replace(b"ministers", b"min\xed\xa0\x80isters \\ud800", 1)
    for charset in (None, "utf-8", "utf-7"):
        article(body, charset).text.encode()


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        (b"", Reason.NO_TEXT),
        (b"   ", Reason.NO_TEXT),
        (b"<html></html>", Reason.NO_TEXT),
        (b"<!-- x -->", Reason.NO_TEXT),
        (make_page(text="Only a teaser here."), Reason.TOO_SHORT),
        (
            make_page(text="We value your privacy. We and our partners use cookies. Accept all. Reject all."),
            Reason.CONSENT_WALL,
        ),
    ],
)
def test_what_is_no_article_is_named(body: bytes, reason: Reason) -> None:
    _, rejected = read(body)
    assert rejected is not None
    assert rejected.reason is reason


tags = st.sampled_from(
    [
        b"<p>",
        b"</p>",
        b"<div>",
        b"<table>",
        b"<script>",
        b"<html>",
        b"<body>",
        b"<head>",
        b"<article>",
        b"<!--",
        b"<![CDATA[",
        b"&#11;",
        b"<title>",
        b"<meta charset=",
        b"\xff",
        b"<svg>",
        b"<frameset>",
        b"<plaintext>",
        b"<time datetime='0000-00-00'>",
        b'<link rel="canonical" href="http://[">',
        b"words of a text ",
    ]
)


@given(st.lists(tags | st.binary(max_size=5), max_size=30).map(b"".join))
def test_any_bytes_give_an_article_or_a_named_reason(body: bytes) -> None:
    found, rejected = read(body)
    found.text.encode()
    assert rejected is not None or len(found.text.split()) >= 1


def test_the_feeds_own_words_stand_as_a_partial_article() -> None:
    found = read_feed_text(make_entry(title="Ministers agree", summary=prose(1, 3), author="By Ana Novak"), prior="en")
    assert found.rejected is None
    assert (found.article.is_partial, found.article.extractor, found.article.authors) == (True, "feed", ("Ana Novak",))
    assert found.article.quality <= 0.5


@pytest.mark.parametrize("over", [{"title": None}, {"summary": None}, {"title": " "}, {"summary": " \n"}])
def test_a_feed_without_title_or_words_stands_for_nothing(over: dict[str, str | None]) -> None:
    found = read_feed_text(make_entry(**{"title": "Ministers agree", "summary": "A pledge.", **over}), prior="en")
    assert found.rejected is not None
    assert found.rejected.reason is Reason.NO_TEXT


# what a page declares


def test_what_a_page_says_beside_its_words_is_kept_with_who_said_it() -> None:
    node = {
        **NEWS,
        "articleSection": ["Politics", "World"],
        "keywords": ["Safety", "EU"],
        "license": {"@type": "CreativeWork", "url": "https://licence.example/by"},
        "provider": {"@type": "Organization", "name": "Reuters"},
    }
    found = article(make_page(head=jsonld(node)))
    assert found.section == "Politics"
    assert found.tags == ("Safety", "EU")
    assert found.licence == "https://licence.example/by"
    assert found.wire == ("Reuters",)
    assert dict(found.sources)["title"] == "jsonld"
    assert dict(found.sources)["published"] == "jsonld:iso"


def test_every_field_chosen_says_who_said_it() -> None:
    head = f"""<link rel="canonical" href="{URL}"><link rel="license" href="https://licence.example/sa">
    <meta property="article:section" content="World"><meta property="article:modified_time" content="2026-11-24">"""
    found = article(make_page(head=head + jsonld({"@type": "NewsArticle", "isAccessibleForFree": "False"})))
    said = {"canonical": "link", "licence": "link", "section": "meta", "modified": "meta:iso", "paywall": "jsonld"}
    assert said.items() <= dict(found.sources).items()
    assert "authors" not in dict(found.sources)


def test_section_and_tags_stand_in_metas_where_no_node_has_them() -> None:
    head = """<meta property="article:section" content="World"><meta property="article:tag" content="Safety">
    <meta property="article:tag" content="EU"><link rel="license" href="https://licence.example/sa">"""
    found = article(make_page(head=head))
    assert (found.section, found.tags, found.licence) == ("World", ("Safety", "EU"), "https://licence.example/sa")


@pytest.mark.parametrize("odd", [7, [], {}, [[["x"]]], {"name": {"name": 3}}, None, True])
def test_odd_values_beside_the_words_lose_no_page(odd: object) -> None:
    node = {**NEWS, "articleSection": odd, "keywords": odd, "license": odd, "provider": odd, "creditText": odd}
    assert article(make_page(head=jsonld(node))).title


def test_a_tdm_reservation_in_a_page_is_seen() -> None:
    for content, expected in (("1", True), ("0", False), ("maybe", None)):
        tree = parse_page(make_page(head=f'<meta name="tdm-reservation" content="{content}">'), None)
        assert declared(tree).tdm_reserved is expected
    assert declared(parse_page(make_page(), None)).tdm_reserved is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (True, True),
        (False, False),
        ("False", False),
        ("true", True),
        ("http://schema.org/False", False),
        ("https://schema.org/True", True),
        ("", None),
        ("metered", None),
    ],
)
def test_free_access_is_read_in_each_spelling(value: object, *, expected: bool | None) -> None:
    assert (
        declared(parse_page(make_page(head=jsonld({**NEWS, "isAccessibleForFree": value})), None)).is_free is expected
    )


def test_a_part_behind_a_wall_and_another_storys_wall_are_told_apart() -> None:
    story = {k: v for k, v in NEWS.items() if k != "isAccessibleForFree"}
    part = {"@type": "WebPageElement", "isAccessibleForFree": False}
    other = {**NEWS, "headline": "Another story", "isAccessibleForFree": True}
    assert article(make_page(head=jsonld([{**story, "hasPart": part}, other]))).is_paywalled is True
    assert article(make_page(head=jsonld([story, other]))).is_paywalled is None


def test_scripts_and_styles_are_no_visible_text() -> None:
    tree = parse_page(b"<body><script>var x</script><style>p {}</style><p>Seen</p> tail</body>", None)
    assert declared(tree).visible_text.split() == ["Seen", "tail"]


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>A <b>bold</b> word</p>", "A bold word"),
        ("plain", "plain"),
        ("a &amp; b", "a & b"),
        ("", None),
        (None, None),
        ("  ", None),
        ("<p> </p>", None),
        ("<script>x</script>y", "y"),
        ("3 < 4", "3 < 4"),
        ("a\x00b", "ab"),
    ],
)
def test_markup_becomes_plain_text(markup: str | None, text: str | None) -> None:
    assert plain_text(markup) == text


@given(
    st.text(max_size=60)
    | st.lists(
        st.sampled_from(
            ["<html>", "</html>", "<body>", "<!doctype html>", "<frameset>", "&#11;", "x", "<", ">", "<?xml?>"]
        )
    ).map("".join)
)
def test_any_markup_becomes_plain_text_or_nothing(markup: str) -> None:
    found = plain_text(markup)
    assert found is None or found.encode()


def test_a_sitemap_of_sitemaps_is_no_news_sitemap() -> None:
    assert news_sitemap(b'<sitemapindex xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"/>') is None
    assert news_sitemap(b"<urlset>") is None
    assert news_sitemap(b"") is None


# language


TEXTS = {
    "en": "The ministers agreed on a joint pledge and will report on it before the summit next year.",
    "fr": "Les ministres ont signé un engagement et en rendront compte avant le sommet de l'année prochaine.",
    "de": "Die Minister haben sich auf eine gemeinsame Zusage geeinigt und werden im Sommer darüber berichten.",
    "es": "Los ministros acordaron un compromiso conjunto e informarán sobre él antes de la cumbre del próximo año.",
    "it": "I ministri hanno concordato un impegno comune e ne riferiranno prima del vertice del prossimo anno.",
    "nl": "De ministers zijn het eens geworden over een gezamenlijke belofte en zullen er voor de top over berichten.",
    "pl": "Ministrowie uzgodnili wspólne zobowiązanie i przedstawią sprawozdanie przed przyszłorocznym szczytem.",
    "pt": "Os ministros acordaram um compromisso conjunto e vão apresentar um relatório antes da cimeira.",
}


@pytest.mark.parametrize("language", TEXTS)
def test_the_language_of_a_text_is_read_from_the_text(language: str) -> None:
    assert language_of(TEXTS[language], "fi") == (language, "text")


def test_a_short_text_takes_the_feeds_language_and_nothing_is_guessed() -> None:
    assert language_of("Summit", "fr") == ("fr", "feed")
    assert language_of("12 345 !", None) == (None, None)
    assert language_of("", None) == (None, None)


# robots.txt


ROBOTS = (
    "User-agent: *\nDisallow: /private\nCrawl-delay: 3\n\nUser-agent: Presswatch\nDisallow: /archive\nCrawl-delay: 5\n"
)


@pytest.mark.parametrize(
    ("status", "body", "path", "verdict"),
    [
        (200, "User-agent: *\nDisallow: /private", "/private/1", "disallowed"),
        (200, "User-agent: *\nDisallow: /private", "/n/1", "allowed"),
        (200, ROBOTS, "/archive/1", "disallowed"),
        (200, ROBOTS, "/private/1", "allowed"),
        (200, "", "/n/1", "allowed"),
        (200, "User-agent: *\nDisallow: /", "/n/1", "disallowed"),
        (200, "User-agent: *\nDisallow:", "/n/1", "allowed"),
        (200, "User-agent: *\nDisallow: /*?print", "/n/1?print", "disallowed"),
        (200, "<html>not robots</html>", "/n/1", "allowed"),
        (404, None, "/n/1", "allowed"),
        (403, None, "/n/1", "allowed"),
        (500, None, "/n/1", "unavailable"),
        (503, None, "/n/1", "unavailable"),
        (None, None, "/n/1", "unavailable"),
    ],
)
def test_robots_are_obeyed(status: int | None, body: str | None, path: str, verdict: str) -> None:
    found = ask_robots(status, body, f"https://herald.example{path}")
    assert found.verdict == verdict
    assert found.is_allowed is (verdict == "allowed")


def test_a_crawl_delay_is_ours_and_bounded() -> None:
    assert ask_robots(200, ROBOTS, URL).crawl_delay == 5.0
    assert ask_robots(200, "User-agent: *\nCrawl-delay: 86400", URL).crawl_delay == MAX_CRAWL_DELAY
    assert ask_robots(200, "User-agent: *\nCrawl-delay: 0.5", URL).crawl_delay == 0.5


@given(
    st.text(max_size=200)
    | st.lists(
        st.sampled_from(
            [
                "User-agent: *",
                "Disallow: /",
                "Crawl-delay: nan",
                "Crawl-delay: -5",
                "Crawl-delay: inf",
                "Allow: *$",
                "Sitemap: x",
                "\n",
                "%",
            ]
        )
    ).map("\n".join)
)
def test_any_robots_file_gives_an_answer_with_a_sound_delay(body: str) -> None:
    found = ask_robots(200, body, URL)
    assert isinstance(found, RobotsAnswer)
    assert 0.0 <= found.crawl_delay <= MAX_CRAWL_DELAY


def test_escapes_in_a_title_are_kept_as_words() -> None:
    assert article(make_page(title="Less & <more>")).title == "Less & <more>"
    assert escape("<more>") not in str(article(make_page(title="Less & <more>")).title)


@pytest.mark.parametrize("encoding", ["utf-8", "iso-8859-1"])
def test_a_page_that_begins_as_xml_is_a_page(encoding: str) -> None:
    body = f'<?xml version="1.0" encoding="{encoding}"?>\n<html><body><p>Seen in full.</p></body></html>'.encode(
        encoding
    )
    tree = parse_page(body, None)
    assert tree is not None
    assert declared(tree).visible_text == "Seen in full."


def listing(stories: int) -> bytes:
    cards = "".join(
        f'<article><h2><a href="/n/{n}">Ministers meet for round {n}</a></h2><p>{prose(n, 1)}</p></article>'
        for n in range(stories)
    )
    return f"<html><head><title>Politics</title></head><body><main>{cards}</main></body></html>".encode()


def test_a_list_of_stories_is_named_and_what_it_says_is_told_beside() -> None:
    found, rejected = read(listing(12))
    assert rejected is not None
    assert rejected.reason is Reason.INDEX_PAGE
    assert found.title == "Politics"


def test_a_frame_that_a_script_would_fill_is_named() -> None:
    body = b"<html><head><title>Herald</title></head><body><div id='app'></div><script>run()</script></body></html>"
    found, rejected = read(body)
    assert rejected is not None
    assert (rejected.reason, found.title) == (Reason.SCRIPT_ONLY, "Herald")


def test_a_player_with_a_caption_is_a_video_page() -> None:
    body = b"<html><body><h1>The summit in pictures</h1><video src='a.mp4'></video><p>Watch it here.</p></body></html>"
    _, rejected = read(body)
    assert rejected is not None
    assert rejected.reason is Reason.VIDEO_PAGE


def test_the_declared_body_is_read_where_the_page_shows_none_of_it() -> None:
    node = {**NEWS, "articleBody": f"<p>{prose(1, 6)}</p><p>{prose(2, 6)}</p>"}
    found = article(make_page(text="Loading.", head=jsonld(node)))
    assert found.text == f"{prose(1, 6)}\n{prose(2, 6)}"


def long_page(*blocks: str, head: str = "", before: str = "", after: str = "") -> bytes:
    """A page with each block inside its article."""
    return (
        f"<html lang='en'><head><title>Ministers agree</title>{head}</head><body>{before}"
        f"<article><h1>Ministers agree</h1>{''.join(blocks)}</article>{after}</body></html>"
    ).encode()


_SAID = (
    "agreed", "amended", "asked", "budget", "chapter", "council", "delegates", "director", "draft", "envoy", "figures",
    "forty", "harbour", "hotline", "law", "minister", "money", "night", "number", "office", "parliament", "pledge",
    "ports", "quarter", "region", "report", "spring", "summit", "vote",
)  # fmt: skip


def unlike(seed: int) -> str:
    """A sentence of forty words that has no four in a row with another: what a text has is told by such."""
    chance = Random(seed)
    return " ".join(chance.choice(_SAID) for _ in range(40)).capitalize() + "."


def paragraphs_of(*seeds: int) -> str:
    return "".join(f"<p>{unlike(seed)}</p>" for seed in seeds)


OWN = paragraphs_of(1, 11, 21)


@pytest.mark.parametrize("name", ["newsletter", "c-related__list", "relatedPosts", "post-author-bio", "inline CTABox"])
def test_a_block_that_is_named_as_something_else_is_not_of_the_article(name: str) -> None:
    block = f'<div class="{name}"><p>{unlike(40)}</p></div>'
    assert unlike(40) not in article(long_page(paragraphs_of(1, 11), block, paragraphs_of(21))).text


def test_a_block_that_holds_the_article_may_be_named_as_it_likes() -> None:
    assert unlike(11) in article(long_page(f'<div class="promo">{OWN}</div>')).text


def test_the_next_story_in_a_page_is_not_of_this_one() -> None:
    following = f"<article><h1>Ports law delayed</h1>{paragraphs_of(51, 61, 71, 81)}</article>"
    found = article(long_page(OWN, after=following))
    assert (unlike(21) in found.text, unlike(51) in found.text) == (True, False)


def test_a_teaser_within_the_article_is_not_of_it() -> None:
    teaser = f"<article><h3><a href='/n/2'>Ports law delayed</a></h3><p>{unlike(51)}</p></article>"
    found = article(long_page(paragraphs_of(1, 11), teaser, paragraphs_of(21)))
    assert (unlike(21) in found.text, unlike(51) in found.text) == (True, False)


UPDATES = [(f"Round {n} ends", unlike(n)) for n in (41, 51, 61, 71)]
LIVE = {
    "@type": "LiveBlogPosting",
    "headline": "Ministers agree",
    "liveBlogUpdate": [{"@type": "BlogPosting", "headline": h, "articleBody": b} for h, b in UPDATES],
}


def test_the_updates_of_a_live_blog_are_its_text_though_they_are_articles_of_their_own() -> None:
    updates = "".join(
        f"<article><h3><a href='#{n}'>{h}</a></h3><p>{b}</p></article>" for n, (h, b) in enumerate(UPDATES)
    )
    found = article(long_page(OWN, after=f"<div class='liveblog'>{updates}</div>", head=jsonld(LIVE)))
    assert [b for _, b in UPDATES if found.text.count(b) != 1] == []
    assert unlike(1) in found.text


def test_a_live_blog_that_a_script_would_fill_is_read_from_what_it_declares() -> None:
    body = f"<html><head><title>Live</title>{jsonld(LIVE)}</head><body><div id='app'></div></body></html>".encode()
    assert [line in article(body).text for update in UPDATES for line in update] == [True] * 8


@pytest.mark.parametrize("odd", [5, None, "x", [5, None], [{"articleBody": 5}], {"articleBody": ["x"]}])
def test_odd_updates_lose_no_page(odd: object) -> None:
    assert article(make_page(head=jsonld({**LIVE, "liveBlogUpdate": odd}))).text


def test_a_text_parted_by_an_advertisement_is_put_together() -> None:
    part = '<div class="entry-content">{}</div>'
    parts = f"{part.format(paragraphs_of(1, 11, 21, 31))}<div>Advertisement</div>{part.format(paragraphs_of(51, 61))}"
    page = f"<html><head><title>Ministers agree</title></head><body><h1>Ministers agree</h1><div>{parts}</div></body>"
    assert [n for n in (1, 31, 51, 61) if unlike(n) not in article(page.encode()).text] == []


@pytest.mark.parametrize(
    "lead", ['<p class="article__lead">{}</p>', "<div class='Standfirst'><span>{}</span></div>", "<h2>{}</h2>"]
)
def test_a_lead_in_the_header_of_an_article_is_part_of_its_text(lead: str) -> None:
    said = unlike(90)
    head = f'<title>Ministers agree</title><meta property="og:description" content="{said}">'
    header = f"<header><div><h1>Ministers agree</h1></div>{lead.format(said)}</header>"
    page = f"<html><head>{head}</head><body>{header}<div class='text'>{OWN}</div></body></html>"
    assert article(page.encode()).text.startswith(said)


@pytest.mark.parametrize("encoding", ["windows-1252", "latin-1"])
def test_words_that_were_encoded_twice_are_mended_in_title_and_text(encoding: str) -> None:
    said = f"Für Österreich – so die Größe – gilt „eine“ Zusage. {prose(1, 6)}"
    page = make_page("Für Österreich gilt die Zusage", said)
    twice = page.decode().encode().decode(encoding, "replace" if encoding == "latin-1" else "strict").encode()
    found = article(twice)
    assert (found.title, found.text) == ("Für Österreich gilt die Zusage", said)


@pytest.mark.parametrize(
    "said",
    ["« Voilà ! », a dit l’élu : « à »", "POLÍTICA À “PRAÇA”", "Ângela e Ã são letras", "È vero: «è» così", "Ä–Ö, Å–Æ"],
)
def test_rare_letters_and_the_outlets_own_quotation_marks_stay(said: str) -> None:
    text = f"{said} {prose(1, 6)}"
    assert article(make_page(text=text)).text == text


def test_the_feeds_own_words_are_mended_too() -> None:
    entry = make_entry(title="Zusage fÃ¼r Ã–sterreich", summary=f"FÃ¼r alle. {unlike(1)}")
    found = read_feed_text(entry, prior="de").article
    assert (found.title, found.text.split(".")[0]) == ("Zusage für Österreich", "Für alle")


def test_a_notice_in_english_on_a_page_in_another_language_is_named() -> None:
    notice = "This content is not available in your region. " * 7
    page = make_page(text=notice).replace(b"<html>", b"<html lang='pl'>")
    _, rejected = read(page, prior="pl")
    assert rejected is not None
    assert rejected.reason is Reason.WRONG_LANGUAGE
    assert read(page, prior="en")[1] is None


def test_none_of_the_clutter_of_a_page_with_share_bars_and_prompts_is_text() -> None:
    caption = "Delegates of the summit stand before the council building in Brussels, Belgium, Monday Nov. 4."
    credit = "Copyright Harbour Pictures/AP"
    bar = "<p>Share this article<span>Comments</span></p>"
    found = article(
        long_page(
            f"<figure><img alt='{caption}'><figcaption>{caption} <span>{credit}</span></figcaption></figure>",
            f"<p>{caption}</p><p>{caption} {credit}</p><p>{credit}</p>",
            "<p>By <a rel='author' href='/a'>Ada Marsh</a></p>",
            bar,
            "<p>Share this article<span>Close Button</span></p>",
            "<p>Copy/paste the article video embed link below:<span>Copy to clipboard</span><span>Copied</span></p>",
            OWN,
            bar,
            "<h2>You might also like</h2><p>Council weighs a plan for the ports, says minister</p>",
            "<p>From a single ledger: the long road to the pledge</p>",
        )
    )
    assert found.text.split("\n") == [unlike(n) for n in (1, 11, 21)]
