"""The archive site: every link of its own leads somewhere in it, and nothing comes from afar."""

import posixpath
import re
from typing import Any
from urllib.parse import urlsplit

import feedparser
from lxml import html

from pipelines.adapters.site import site_pages
from pipelines.core.digest_archive import stories_of, summed
from tests.adapters.test_rendering import HOSTILE, content


def days(count: int = 3, **over: Any) -> list[dict[str, Any]]:
    """The same stories, told on some days in a row."""
    told = []
    for n in range(count):
        day = f"2026-11-{20 + n}"
        told.append({**content(**over), "day": day, "digest_id": day})
    return told


def test_every_link_of_the_site_leads_to_a_file_of_it_or_to_an_article() -> None:
    pages = dict(site_pages(days()))
    articles = {f"https://outlet-{n}.example/story" for n in range(1, 6)} | {"https://herald.example/9"}
    met: set[str] = set()
    for path, text in pages.items():
        if path.endswith(".html"):
            for link in {str(a) for a in html.document_fromstring(text).xpath("//a/@href | //link/@href")}:
                if urlsplit(link).scheme:
                    assert link in articles
                else:
                    met.add(posixpath.normpath(posixpath.join(posixpath.dirname(path), link)))
    assert met == set(pages), "and every file is led to"


def test_nothing_of_the_site_comes_from_afar_and_nothing_hostile_runs() -> None:
    for path, text in site_pages(days(title=HOSTILE)):
        assert not re.search(r"<(?:img|script|iframe|object|video|audio)\b|@import", text), path
        if path.endswith(".html"):
            assert html.document_fromstring(text).xpath("//script | //@src | //@onerror") == []


def test_a_story_has_a_page_with_all_its_days() -> None:
    (story,) = [s for s in stories_of(days()) if s.line_id == 1]
    assert [d.day for d in story.days] == ["2026-11-20", "2026-11-21", "2026-11-22"]
    page = dict(site_pages(days()))["stories/1.html"]
    assert all(f"../digests/2026-11-{n}.html" in page for n in (20, 21, 22))


def test_its_rss_is_read_by_a_reader_and_lists_each_digest_once() -> None:
    text = dict(site_pages(days(), "https://digests.example/watch"))["feed.xml"]
    feed = feedparser.parse(text)
    assert not feed.bozo
    assert [e.link for e in feed.entries] == [
        f"https://digests.example/watch/digests/2026-11-{n}.html" for n in (22, 21, 20)
    ]
    assert len({e.id for e in feed.entries}) == 3
    assert feed.entries[0].published_parsed is not None


def test_trends_add_up_the_numbers_of_the_digests() -> None:
    told = days()
    counts = dict(summed(told, "by_language", "language", "articles"))
    assert counts["en"] == 3 * {r["language"]: r["articles"] for r in told[0]["numbers"]["by_language"]}["en"]
