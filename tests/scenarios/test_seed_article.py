"""The article that this product began from: matched, and shown in the first digest with its own words."""

from collections.abc import Iterator
from datetime import UTC, datetime
from html import escape
from itertools import pairwise
from pathlib import Path

import pytest
import yaml

from pipelines.adapters.warehouse import Warehouse
from pipelines.config import load_sources
from pipelines.core.digest import Content
from pipelines.demo.play import demo_sources
from pipelines.monitor import Monitor
from pipelines.settings import MappedHost, Settings

from .loopback import Document, SmallWeb
from .playing import evaluation

_FEED = "http://seed.press.test/feed.xml"
_PAGE = "http://seed.press.test/my-europe/pledges-made-in-brussels"
_NOW = datetime(2026, 11, 24, 5, 30, tzinfo=UTC)


@pytest.fixture(scope="module")
def text() -> str:
    return evaluation("seed/article.txt").read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory, text: str) -> Iterator[tuple[Warehouse, Content]]:
    """The warehouse after one pass over the article, and the first digest."""
    folder = tmp_path_factory.mktemp("seed")
    documents = {_FEED: Document(_feed(text), "application/rss+xml"), _PAGE: Document(_page(text))}
    with SmallWeb(documents) as web:
        monitor = _monitor(folder, web.port)
        with monitor.open_warehouse() as warehouse:
            monitor.run_pass(warehouse, _NOW)
            yield warehouse, monitor.tell(warehouse, _NOW.replace(hour=6))


def _title(text: str) -> str:
    return text.strip().splitlines()[0]


def _feed(text: str) -> bytes:
    item = f"<item><title>{escape(_title(text))}</title><link>{_PAGE}</link><guid>{_PAGE}</guid></item>"
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Seed</title>{item}</channel></rss>'.encode()


def _page(text: str) -> bytes:
    """The article in a plain page, clutter included, published on the morning of the pass."""
    paragraphs = "\n".join(f"<p>{escape(p, quote=False)}</p>" for p in text.strip().splitlines()[1:] if p.strip())
    return f"""<!doctype html><html lang="en"><head><title>{escape(_title(text))}</title>
<meta property="article:published_time" content="2026-11-24T05:00:00+00:00"></head>
<body><nav><a href="/">Home</a></nav><main><article><h1>{escape(_title(text))}</h1>
{paragraphs}</article></main><footer>Invented outlet</footer></body></html>""".encode()


def _monitor(folder: Path, port: int) -> Monitor:
    values = demo_sources()
    values["publishers"] = [{"id": "seed", "name": "Seed"}]
    values["outlets"] = [{"id": "seed", "name": "Seed", "publisher": "seed", "country": "BE", "language": "en",
                          "feeds": [{"id": "seed", "url": _FEED}]}]  # fmt: skip
    sources = folder / "sources.yaml"
    sources.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")
    hosts = (MappedHost(name="press.test", address="127.0.0.1", port=port),)
    return Monitor(Settings(sources=sources, warehouse=folder / "warehouse", hosts=hosts), load_sources(sources))


def test_the_seed_article_is_on_the_topic_of_the_summit(told: tuple[Warehouse, Content]) -> None:
    topics = {r["topic"] for r in told[0].sql("select topic from mentions")}
    assert "summit" in topics
    (article,) = told[0].sql("select state, language, is_partial from articles")
    assert article == {"state": "kept", "language": "en", "is_partial": False}


def test_its_text_is_read_whole(told: tuple[Warehouse, Content], text: str) -> None:
    (stored,) = told[0].sql("select text, title from article_texts")
    assert stored["title"] == _title(text)
    lines = [" ".join(line.split()) for line in text.splitlines() if line.strip()]
    credited = [line for line, behind in pairwise(lines) if behind.startswith("Copyright")]
    captions = [line for line in lines if any(c.startswith(line) for c in credited)]  # once whole, once cut short
    paragraphs = [p for p in lines if len(p.split()) > 20 and "Copyright" not in p and p not in captions]
    read = " ".join(stored["text"].split())
    assert len(paragraphs) > 10
    assert [p for p in paragraphs if p not in read] == []
    assert captions
    assert [c for c in captions if c in read] == []


def test_every_quotation_read_from_it_is_exactly_its_text(told: tuple[Warehouse, Content]) -> None:
    (stored,) = told[0].sql("select text from article_texts")
    quotes = told[0].sql("select text, start_offset, end_offset from quotes")
    assert len(quotes) >= 5
    assert [q for q in quotes if stored["text"][q["start_offset"] : q["end_offset"]] != q["text"]] == []


def test_the_first_digest_shows_it_on_top_with_an_extract_that_stands_in_its_text(
    told: tuple[Warehouse, Content],
) -> None:
    warehouse, content = told
    (stored,) = warehouse.sql("select text from article_texts")
    assert content["is_first"]
    (top,) = content["top_stories"]
    assert top["url"] == _PAGE
    assert stored["text"][top["sentence"]["start"] : top["sentence"]["end"]] == top["sentence"]["text"]
    assert content["numbers"]["articles"] == content["numbers"]["publishers"] == 1


def test_the_first_digest_gives_a_quotation_of_it_that_stands_in_its_text(told: tuple[Warehouse, Content]) -> None:
    warehouse, content = told
    (stored,) = warehouse.sql("select text from article_texts")
    assert len(content["quotes"]) == 1
    for quote in content["quotes"]:
        assert quote["url"] == _PAGE
        assert len(quote["text"].split()) >= 6
        assert stored["text"][quote["start"] : quote["end"]] == quote["text"]
