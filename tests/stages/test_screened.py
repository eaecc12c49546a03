"""Which pages are left unread, and what is noted of one."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from pipelines.adapters.pages import read_page
from pipelines.core.lexicon import lexicons
from pipelines.core.matching import Topic, Watch, match
from pipelines.core.nouns import Dated, Entry, Page
from pipelines.core.query import Expression
from pipelines.core.screening import SCREENED, Screen
from pipelines.core.text import hash_of
from pipelines.stages.screened import SAMPLE, left_unread
from tests.builders import make_entry, make_page, make_response, prose

WATCH = Watch(
    topics=(Topic(topic_id="t", name="t", query=Expression(kind="group", group="act")),),
    lexicons=lexicons({"act": {"en": ["harbour act"]}}),
    version="v",
)
SCREEN = Screen.of(WATCH)
ARTICLE = '<meta property="og:type" content="article">'
DATED = Dated(declared="2026-11-24T07:00:00Z", at=datetime(2026, 11, 24, 7, tzinfo=UTC), source="feed")
SITE = "https://herald.example"
UNSAMPLED = next(f"{SITE}/{n}" for n in range(99) if hash_of(f"{SITE}/{n}") % SAMPLE)
SAMPLED = next(f"{SITE}/{n}" for n in range(999) if hash_of(f"{SITE}/{n}") % SAMPLE == 0)


def entry(**over: Any) -> Entry:
    return make_entry(**{"url": UNSAMPLED, "title": "Report on the harbour", "published": DATED, **over})


def left(text: str = "", head: str = ARTICLE, url: str = UNSAMPLED, **over: Any) -> Any:
    body = make_page("Report on the harbour", f"{prose(1, 20)}\n{text}\n{prose(2, 20)}", head)
    answer = make_response(url, body=body, headers={"content-type": "text/html"})
    return left_unread(SCREEN, {"url_key": url, "language": "en"}, entry(url=url, **over), answer)


def test_a_declared_article_whose_words_make_no_topic_possible_is_left_unread_with_what_its_feed_says() -> None:
    article = left().article
    assert (article.title, article.text, article.extractor) == ("Report on the harbour", "", SCREENED)
    assert (article.published, article.language, article.is_partial) == (DATED, "en", False)
    assert article.sources == (("title", "feed"), ("published", "feed"))


@pytest.mark.parametrize(
    "over",
    [
        {"text": "The Harbour Act was passed."},
        {"title": "Harbour Act passed"},  # by the feed, if not by the page
        {"summary": "The Harbour Act was passed."},
        {"head": ""},  # what kind of page it is, a reading tells
        {"head": f'{ARTICLE}<link rel="canonical" href="{SITE}/another">'},  # perhaps known by that address
        {"head": f'{ARTICLE}<meta name="tdm-reservation" content="1">'},
        {"title": None},
        {"published": Dated()},
        {"url": SAMPLED},  # for the lines that its outlet repeats, and control figures
    ],
)
def test_what_may_matter_otherwise_is_read(over: dict[str, Any]) -> None:
    assert left(**over) is None


def test_a_page_that_names_its_own_address_is_at_home_in_every_form_of_it() -> None:
    assert left(head=f'{ARTICLE}<link rel="canonical" href="{UNSAMPLED}/?utm_source=rss">') is not None


def test_nothing_that_is_left_unread_would_have_been_kept() -> None:
    for n in range(40):
        text = "The Harbour Act was passed." if n % 4 == 0 else prose(n, 3)
        body = make_page("Report", f"{prose(n, 20)}\n{text}\n{prose(n + 1, 20)}", ARTICLE)
        url = f"{SITE}/{n}"
        answer = make_response(url, body=body, headers={"content-type": "text/html"})
        read = read_page(Page(url=url, final_url=url, body=body), None, prior="en", now=DATED.at or datetime.now(UTC))
        is_kept = bool(match(WATCH, title="Report", text=read.article.text, language="en").topics)
        is_left = left_unread(SCREEN, {"url_key": url, "language": "en"}, entry(url=url), answer) is not None
        assert not (is_kept and is_left)
        assert is_kept == (n % 4 == 0)
        assert is_left == (n % 4 != 0 and hash_of(url) % SAMPLE != 0)


@pytest.mark.parametrize(
    ("said", "is_paywalled"),
    [('{"isAccessibleForFree": false}', True), ('{"isAccessibleForFree":"True"}', False), ("{}", None)],
)
def test_a_declared_wall_is_noted_without_reading(said: str, *, is_paywalled: bool | None) -> None:
    script = f'<script type="application/ld+json">{said}</script>'
    assert left(head=f"{ARTICLE}{script}").article.is_paywalled is is_paywalled


def test_a_date_alone_is_a_date() -> None:
    assert left(published=Dated(day=date(2026, 11, 24), source="feed")) is not None
