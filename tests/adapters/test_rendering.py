"""Digests as HTML and text: the same content, the same bytes, and nothing of an outlet runs in a reader's mail."""

import json
import re
from datetime import date, datetime, time
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from lxml import html

from pipelines.adapters import rendering
from pipelines.core.digest import compose
from pipelines.core.nouns import Quote
from pipelines.core.windows import window_of
from tests.builders import make_brief, make_known, make_seen_feed, make_told


def render_digest(content: dict[str, Any], kind: str) -> str:
    return rendering.render_digest(content, kind).decode("utf-8")


WINDOW = window_of(date(2026, 11, 24), time(7, 0), ZoneInfo("Europe/Brussels"))
HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)> \"' & {{ 7*7 }}"
QUOTE = "The pledge binds every platform to report within a day"


def content(*, title: str = "Headline", **over: Any) -> dict[str, Any]:
    new = [
        make_told(
            1, title=title, text=f"{QUOTE}.", quotes=(Quote(text=QUOTE, start=0, end=len(QUOTE), speaker="Ana Novak"),)
        ),
        make_told(2, title=title, line_id=1, original_id=1, outlet=f"Copy {title}"),
        make_told(3, title=title, topics=(("regulation", 0.5, False),)),
        make_told(4, title=title, language="pl"),
        make_told(5, title=title, published_at=datetime(2026, 11, 20, tzinfo=ZoneInfo("UTC")), published_day=None),
    ]
    sound: dict[str, Any] = {
        "changes": [
            {
                "article_id": 9,
                "kind": k,
                "before": title,
                "after": title,
                "seen_at": "2026-11-24T05:00+00:00",
                "revision": 2,
                "url": "https://herald.example/9",
                "outlet": "Herald",
                "language": "en",
                "told": title,
            }
            for k in ("headline", "figures", "quotes", "text", "removed")
        ],
        "terms": [
            {
                "outlet": "Herald",
                "article_id": 9,
                "title": title,
                "term": title,
                "said": title,
                "uses": 2,
                "preferred": "agreed",
                "is_quoted": True,
                "language": "en",
                "url": "https://herald.example/9",
            }
        ],
        "feeds": [
            make_seen_feed(feed="a", outlet=title, trouble="failing", detail=title),
            make_seen_feed(feed="b"),
        ],
    }
    return compose(make_known(new, **{**sound, **over}), WINDOW, make_brief(), is_first=False)


@pytest.mark.parametrize("kind", ["html", "text"])
def test_the_same_content_gives_the_same_bytes(kind: str) -> None:
    once = render_digest(content(), kind)
    assert render_digest(content(), kind) == once
    assert render_digest(json.loads(json.dumps(content())), kind) == once


@pytest.mark.parametrize("kind", ["html", "text"])
@pytest.mark.parametrize("is_first", [True, False])
def test_a_quiet_day_is_rendered_and_says_so(kind: str, *, is_first: bool) -> None:
    quiet = compose(make_known(), WINDOW, make_brief(), is_first=is_first)
    text = " ".join(render_digest(quiet, kind).split())
    assert "quiet day" in text.lower()
    assert ("first digest" in text.lower()) is is_first


def test_hostile_titles_are_escaped_everywhere() -> None:
    page = render_digest(content(title=HOSTILE), "html")
    tree = html.document_fromstring(page)
    assert tree.xpath("//script | //img | //iframe") == []
    assert [a for e in tree.iter() for a in e.attrib if a.startswith("on")] == []
    assert "{{ 7*7 }}" in page
    assert "alert(1)" in tree.text_content()


def test_nothing_is_loaded_from_anywhere() -> None:
    page = render_digest(content(), "html")
    assert not re.search(r"<(?:img|script|link|iframe|object|video|audio)\b|url\((?!#gap)|@import|srcset|src=", page)


@pytest.mark.parametrize("kind", ["html", "text"])
def test_every_article_is_named_and_linked(kind: str) -> None:
    page = render_digest(content(), kind)
    assert all(f"https://outlet-{n}.example/story" in page for n in (1, 2, 3, 4, 5))
    assert QUOTE in page
    assert "Ana Novak" in page


def test_links_are_exactly_the_addresses_of_the_content() -> None:
    page = html.document_fromstring(render_digest(content(), "html"))
    links = {str(x) for x in page.xpath("//a/@href")}
    assert {x for x in links if not x.startswith("#")} == {f"https://outlet-{n}.example/story" for n in range(1, 6)} | {
        "https://herald.example/9"
    }


def test_an_address_with_quotation_marks_cannot_leave_its_attribute() -> None:
    hostile = 'https://herald.example/"onmouseover="x'
    tree = html.document_fromstring(
        render_digest(compose(make_known([make_told(1, url=hostile)]), WINDOW, make_brief(), is_first=False), "html")
    )
    assert hostile in tree.xpath("//a/@href")
    assert tree.xpath("//*[@onmouseover]") == []


@pytest.mark.parametrize("kind", ["html", "text"])
def test_times_are_in_the_readers_zone_and_dates_alone_have_none(kind: str) -> None:
    told = [
        make_told(1),
        make_told(2, published_at=None, published_day=date(2026, 11, 24)),
        make_told(3, published_at=None, published_day=None),
    ]
    page = render_digest(compose(make_known(told), WINDOW, make_brief(), is_first=False), kind)
    assert "23 Nov, 21:00" in page
    assert "24 Nov" in page.replace("24 Nov,", "")
    assert "date unknown" in page
    assert "Tuesday 24 November 2026" in page


def test_one_is_singular_and_more_are_plural() -> None:
    page = render_digest(content(), "text")
    assert "2 articles · 2 outlets · 1 independent publisher · 1 copy" in page


def test_no_other_form_is_known() -> None:
    with pytest.raises(KeyError):
        render_digest(content(), "pdf")
