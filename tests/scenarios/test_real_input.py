"""Real feeds and real pages through the whole pipeline: every entry in one state, sums reconcile, twice is once."""

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit
from xml.sax.saxutils import escape

import pytest
import yaml

from pipelines.adapters.warehouse import Warehouse
from pipelines.config import load_sources
from pipelines.core.reasons import State
from pipelines.demo.play import demo_sources
from pipelines.monitor import Monitor
from pipelines.settings import MappedHost, Settings

from .loopback import Asked, Document, SmallWeb, path_of
from .playing import Row, evaluation, offending, tables

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
_FEEDS_HOST = "http://feeds.press.test"
_PAGES_FEED = "http://pages.press.test/all.xml"
_REAL_HOSTS_FAIL = ("connection", "robots_unavailable", "timeout", "tls")


@dataclass(frozen=True, slots=True)
class Ran:
    """Two passes over real input, more than an hour apart.

    Attributes:
        pages: address on loopback -> file, for every real page.
        feeds: the names of the feed documents.
        log: the requests of each pass.
        states: every table after each pass.
    """

    folder: Path
    pages: dict[str, str]
    feeds: list[str]
    log: tuple[list[Asked], list[Asked]]
    states: tuple[dict[str, list[tuple[Any, ...]]], dict[str, list[tuple[Any, ...]]]]
    offending: dict[str, list[Row]]


@pytest.fixture(scope="module")
def ran(tmp_path_factory: pytest.TempPathFactory) -> Ran:
    feeds = sorted(p for p in evaluation("feeds").iterdir() if p.name != "expected.jsonl")
    pages = {_invented(t["url"], number): t["file"] for number, t in enumerate(_truth())}
    folder = tmp_path_factory.mktemp("real")
    documents = {f"{_FEEDS_HOST}/{quote(p.name)}": Document(p.read_bytes(), _feed_type(p)) for p in feeds}
    documents |= {
        url: Document(gzip.decompress((evaluation("pages") / file).read_bytes())) for url, file in pages.items()
    }
    documents[_PAGES_FEED] = Document(_listing(list(pages)), "application/rss+xml")
    with SmallWeb(documents) as web:
        monitor = _monitor(folder, [*(f"{_FEEDS_HOST}/{quote(p.name)}" for p in feeds), _PAGES_FEED], web.port)
        with monitor.open_warehouse() as warehouse:
            for _ in range(4):  # one pass asks a host for no more pages than its gap leaves time for
                monitor.run_pass(warehouse, NOW)
            first, log = tables(warehouse), list(web.log)
            monitor.run_pass(warehouse, NOW + timedelta(minutes=90))
            second, found = tables(warehouse), offending(warehouse)
        later = web.log[len(log) :]
    return Ran(folder=folder, pages=pages, feeds=[p.name for p in feeds], log=(log, later), states=(first, second),
               offending=found)  # fmt: skip


def _truth() -> list[dict[str, Any]]:
    with gzip.open(evaluation("pages") / "truth.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def _invented(url: str, number: int) -> str:
    """The address of a real page with an invented host: its path and query are what outlets really use."""
    host = re.sub(r"[^a-z0-9]+", "-", (urlsplit(url).hostname or "none").lower()).strip("-")
    path = quote(path_of(url), safe="/?&=%+:;,@!$'()*~.-_")
    # Two pages of the set may share an address once fragments are gone.
    return f"http://{host}.press.test{path}" + (f"{'&' if '?' in path else '?'}n={number}" if number % 2 else "")


def _listing(urls: list[str]) -> bytes:
    items = "".join(f"<item><link>{escape(u)}</link><guid>{escape(u)}</guid></item>" for u in urls)
    return f'<?xml version="1.0"?><rss version="2.0"><channel><title>Pages</title>{items}</channel></rss>'.encode()


def _feed_type(path: Path) -> str:
    return "application/json" if path.suffix == ".json" else "application/xml"


def _monitor(folder: Path, urls: list[str], port: int) -> Monitor:
    values = demo_sources()
    values["monitor"] |= {"host_gap_seconds": 0, "request_seconds": 5}
    values["publishers"] = [{"id": "real", "name": "Real"}]
    feeds = [{"id": f"feed-{number}", "url": url} for number, url in enumerate(urls)]
    values["outlets"] = [{"id": "real", "name": "Real", "publisher": "real", "country": "BE", "language": "en",
                          "feeds": feeds}]  # fmt: skip
    sources = folder / "sources.yaml"
    sources.write_text(yaml.safe_dump(values, allow_unicode=True), encoding="utf-8")
    hosts = (MappedHost(name="press.test", address="127.0.0.1", port=port),)
    return Monitor(Settings(sources=sources, warehouse=folder / "warehouse", hosts=hosts), load_sources(sources))


@pytest.fixture(scope="module")
def warehouse(ran: Ran) -> Iterator[Warehouse]:
    with Warehouse.open(ran.folder / "warehouse", who="a test") as opened:
        yield opened


def test_every_entry_of_real_feeds_stands_in_one_state_with_a_named_reason(ran: Ran, warehouse: Warehouse) -> None:
    rows = warehouse.sql("select state, reason, stage, next_attempt_at from entries")
    assert len(rows) > len(ran.pages) + 700
    assert {r["state"] for r in rows} <= {*State} - {State.LISTED}
    assert [r for r in rows if r["reason"] is None and r["state"] != State.KEPT] == []
    assert [r for r in rows if (r["state"] == State.WAITING) != (r["next_attempt_at"] is not None)] == []


def test_the_sums_reconcile_with_what_the_feeds_listed(ran: Ran, warehouse: Warehouse) -> None:
    assert ran.offending == {}
    (sums,) = warehouse.sql("select sum(new)::int as listed, (select count(*)::int from entries) as entries from polls")
    assert sums["listed"] == sums["entries"]


def test_every_real_feed_was_polled_once_a_pass_and_all_but_those_in_no_known_format_were_read(
    ran: Ran, warehouse: Warehouse
) -> None:
    polls = warehouse.sql("select url, outcome, reason from polls where started_at = $now", {"now": NOW})
    assert len(polls) == len({p["url"] for p in polls}) == len(ran.feeds) + 1
    failed = [p for p in polls if p["outcome"] == "failed"]
    assert {p["reason"] for p in failed} <= {"not_a_feed"}
    assert len(failed) <= 3


def test_an_entry_whose_host_cannot_be_reached_waits_or_ends_with_a_reason(warehouse: Warehouse) -> None:
    rows = warehouse.sql("select url, state, reason, detail from entries where url not like '%press.test%'")
    outcomes = Counter((r["state"], r["reason"]) for r in rows)
    assert sum(outcomes.values()) > 700
    unread = {reason for state, reason in outcomes if state in {State.WAITING, State.REJECTED, State.GIVEN_UP}}
    assert unread <= {*_REAL_HOSTS_FAIL, "no_link", "not_http", "bad_url"}
    kept = [r for r in rows if r["state"] in {State.KEPT, State.OFF_TOPIC}]
    assert [r for r in kept if "from the feed's own words; page: " not in r["detail"]] == []


_NOT_AN_ARTICLE = {
    "no_text", "too_short", "consent_wall", "challenge", "tdm_reserved", "login_wall", "index_page", "soft_404",
    "video_page", "gallery", "script_only", "unparsable", "extractor_failed", "wrong_language",
}  # fmt: skip


def test_every_real_page_was_fetched_and_is_an_article_or_has_a_named_reason(ran: Ran, warehouse: Warehouse) -> None:
    rows = warehouse.sql("select e.url, e.state, e.reason, e.article_id from entries as e where e.feed_id = $feed",
                         {"feed": f"feed-{len(ran.feeds)}"})  # fmt: skip
    assert {r["url"] for r in rows} == set(ran.pages)
    asked = Counter(a.url for a in ran.log[0])
    fetched = [r for r in rows if (r["state"], r["reason"]) != (State.DUPLICATE, "same_url")]
    assert [r["url"] for r in fetched if asked[r["url"]] != 1] == []
    articles = {r["article_id"] for r in warehouse.sql("select article_id from articles")}
    named = {State.KEPT: False, State.OFF_TOPIC: False, State.DUPLICATE: False, State.REJECTED: True}
    assert {r["state"] for r in rows} <= set(named)
    without = [r for r in rows if named[r["state"]]]
    assert {r["reason"] for r in without} <= _NOT_AN_ARTICLE
    assert len(without) < len(rows) * 0.1
    assert {r["article_id"] for r in rows if r["state"] in {State.KEPT, State.OFF_TOPIC}} <= articles


def test_no_text_quality_or_date_of_a_real_page_is_out_of_range(warehouse: Warehouse) -> None:
    rows = warehouse.sql("select url, quality, words, published_day, published_at from articles")
    assert [r for r in rows if not 0 <= r["quality"] <= 1 or r["words"] < 1] == []
    future = NOW + timedelta(days=2)
    assert [r for r in rows if r["published_at"] and r["published_at"] > future] == []


def test_a_second_pass_an_hour_and_a_half_later_asks_only_conditionally_and_only_what_is_due(
    ran: Ran, warehouse: Warehouse
) -> None:
    unread = {p["url"] for p in warehouse.sql("select distinct url from polls where outcome = 'failed'")}
    first, later = ran.log
    feeds = {a.url for a in first if a.url.startswith(_FEEDS_HOST) or a.url == _PAGES_FEED}
    assert [a.url for a in later if not a.is_conditional and a.url not in unread] == []
    kept = {r["url"] for r in warehouse.sql("select url from articles where state = 'kept'")}
    assert {a.url for a in later} - feeds <= kept, "besides feeds, only revisits of kept articles are due"
    assert Counter(a.url for a in later).most_common(1)[0][1] == 1
    assert {a.status for a in later if a.url not in unread} == {304}


def test_a_second_pass_changes_nothing_but_the_ledger_of_requests(ran: Ran) -> None:
    first, second = ran.states
    changed = {name for name in first if first[name] != second[name]}
    # Of the entries, only those whose host cannot be reached change: they are due again, and count one more attempt.
    assert changed <= {"polls", "feed_states", "publishes", "fetches", "revisits", "entries", "requests"}
    settled = [[row for row in rows["entries"] if State.WAITING not in row] for rows in ran.states]
    assert settled[0] == settled[1]
