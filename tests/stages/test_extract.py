"""Extracting, day by day: what pages say is stored, what outlets repeat is left out, and only outlets change."""

import asyncio
import json
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

import pytest

from pipelines.adapters.archive import Archive
from pipelines.adapters.pages import EXTRACTOR, Reading
from pipelines.adapters.warc_reading import WarcFile
from pipelines.adapters.warehouse import Warehouse
from pipelines.core.details import Lookout
from pipelines.core.lexicon import lexicons
from pipelines.core.lines import LineMemory, line_keys
from pipelines.core.matching import Topic, Watch
from pipelines.core.nouns import Counted
from pipelines.core.query import Expression
from pipelines.stages.archived import Desk as Extracting
from pipelines.stages.asking import Desk as PollDesk
from pipelines.stages.extract import extract
from pipelines.stages.fetch import fetch
from pipelines.stages.match import match_drafts
from pipelines.stages.poll import poll
from pipelines.stages.protocols import Writer
from pipelines.stages.replay import Desk as Replaying
from pipelines.stages.replay import preview, replay
from tests.builders import (
    Died,
    DyingWriter,
    FakeHttp,
    Inline,
    make_feed,
    make_page,
    make_response,
    make_rss,
    prose,
)

T = TypeVar("T")
Rows = list[dict[str, Any]]
DAY, HOUR = timedelta(days=1), timedelta(hours=1)
FIRST = datetime(2026, 11, 2, 8, tzinfo=UTC)
SITE = "https://herald.example"
ZONE = ZoneInfo("Europe/Brussels")
PROMPT = "Readers along the coast find each vote of the council in one weekly overview."
WATCH = Watch(
    topics=tuple(
        Topic(topic_id=t, name=t, query=Expression(kind="group", group=t)) for t in ("law", "pledge", "fishing")
    ),
    lexicons=lexicons(
        {"law": {"any": ["regulation"]}, "pledge": {"any": ["pledge"]}, "fishing": {"any": ["trawlers"]}}
    ),
    version="v",
)


class Better(Inline):
    """Reads pages as an extractor of the next version does."""

    def __init__(self, better: Callable[[Reading], Reading]) -> None:
        self._better = better

    def map(self, function: Callable[..., T], items: Any) -> Iterator[T]:
        for item in items:
            read = function(*item)
            yield self._better(read) if isinstance(read, Reading) else read  # type: ignore[misc]


def by_next_version(read: Reading) -> Reading:
    return replace(read, article=replace(read.article, extractor="next-1"))


def longer(read: Reading) -> Reading:
    article = replace(read.article, extractor="next-1", text=f"{read.article.text}\n{prose(91, 3)}")
    return replace(read, article=article)


def seeing_more(read: Reading) -> Reading:
    article = replace(
        read.article, section="Coast", tags=("Fish",), licence="free", wire=("dpa",), correction="Correction: none.",
        sources=(("title", "h1"), ("authors", "byline"), ("published", "meta")), dropped_lines=1,
    )  # fmt: skip
    return replace(read, article=article)


class Outlet:
    """One outlet whose pages are listed, fetched, read and matched when a test says so."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.warehouse = Warehouse.open(folder)
        self.reading = Inline()
        self.pages: dict[str, bytes] = {}

    def publish(
        self, *pages: tuple[str, str], now: datetime, head: str = "", ending: bytes = b"", writer: Writer | None = None
    ) -> Counted:
        """A pass over these pages, by path and text; its extraction may die with its writer."""
        made = {f"{SITE}/{path}": make_page(f"Report on {path}", text, head) for path, text in pages}
        self.pages |= {url: body.replace(b"</body>", ending + b"</body>") for url, body in made.items()}
        feed = make_feed()
        body = make_rss(*((f"Report on {path}", f"{SITE}/{path}") for path, _ in pages))
        with_feed = FakeHttp({feed.url: make_response(feed.url, body=body)})
        archive = self.archive(now)
        asyncio.run(poll(self.warehouse, PollDesk(http=with_feed, archive=archive, reading=Inline()), [feed], now))
        archive.close(settled=True)
        self.fetch(now)
        counted = self.extract(now, writer)
        self.match(now)
        return counted

    def visit(self, path: str, text: str, *, now: datetime, head: str = "") -> Counted:
        """A pass at which the page, due for a revisit, says this."""
        self.pages[f"{SITE}/{path}"] = make_page(f"Report on {path}", text, head)
        self.fetch(now)
        return self.extract(now)

    def archive(self, now: datetime) -> Archive:
        return Archive.open(self.folder / "archive", now)

    def fetch(self, now: datetime) -> None:
        headers = {"content-type": "text/html"}
        http = FakeHttp({u: make_response(u, body=b, headers=headers) for u, b in self.pages.items()})
        archive = self.archive(now)
        asyncio.run(fetch(self.warehouse, http, archive, now))
        archive.close(settled=True)

    def extract(self, now: datetime, writer: Writer | None = None) -> Counted:
        return extract(writer or self.warehouse, self.desk(now), now)

    def match(self, now: datetime) -> None:
        match_drafts(self.warehouse, WATCH, Lookout(), now)

    def desk(self, now: datetime) -> Extracting:
        return Extracting(archive=self.archive(now), reading=self.reading, watch=WATCH, lookout=Lookout(), zone=ZONE)

    def replaying(self, reading: Inline | None = None) -> Replaying:
        return Replaying(reading=reading or self.reading, watch=WATCH, lookout=Lookout(), zone=ZONE, sites={})

    def files(self) -> list[WarcFile]:
        archive = self.folder / "archive"
        return [
            WarcFile(name=p.name, path=p, within=p.relative_to(archive).as_posix())
            for p in sorted(archive.rglob("*.warc.gz"))
        ]

    def would_change(self, now: datetime) -> dict[str, int]:
        *_, seen = preview(self.warehouse, self.replaying(), self.files(), now, 5)
        assert seen.counts["ours"] > 0
        return dict(seen.changes)

    def article(self, path: str) -> dict[str, Any]:
        (row,) = self.warehouse.sql(
            "select a.*, t.text from articles as a join article_texts as t using (article_id, revision)"
            " where a.url = $url",
            {"url": f"{SITE}/{path}"},
        )
        return row

    def rows(self, sql: str) -> Rows:
        return self.warehouse.sql(sql)

    def held(self) -> list[Rows]:
        """What reading has left behind."""
        tables = ("page_lines", "repeated_lines", "articles", "article_texts", "mentions", "revisions")
        return [self.rows(f"select * from {t} order by all") for t in tables]  # noqa: S608


@pytest.fixture
def outlet(tmp_path: Path) -> Iterator[Outlet]:
    made = Outlet(tmp_path / "w")
    yield made
    made.warehouse.close()


def page(seed: int, *more: str) -> str:
    return "\n".join([prose(seed, 5), prose(seed + 40, 5), *more])


HEAD = """
<meta property="article:section" content="Europe"><meta name="keywords" content="Coast, Council">
<meta name="author" content="Ada Quill">
<script type="application/ld+json">{"@context": "https://schema.org", "@type": "NewsArticle",
 "headline": "Report on a", "datePublished": "2026-11-02T06:00:00+00:00", "isAccessibleForFree": false,
 "license": "https://licences.example/by", "author": [{"@type": "Person", "name": "Ada Quill"},
 {"@type": "Organization", "name": "AFP"}]}</script>
"""
NOTICE = "Correction: an earlier report gave the wrong day of the sitting."


def test_what_a_page_says_beside_its_words_is_stored_with_who_said_it(outlet: Outlet) -> None:
    outlet.publish(("a", page(1, NOTICE)), now=FIRST, head=HEAD)
    found = outlet.article("a")
    assert (found["section"], found["tags"], found["licence"]) == (
        "Europe",
        ["Coast", "Council"],
        "https://licences.example/by",
    )
    assert (found["wire"], found["correction"]) == (["AFP"], NOTICE)
    assert (found["title_source"], found["authors_source"], found["date_source"]) == (
        "jsonld", "jsonld", "jsonld:iso",
    )  # fmt: skip
    assert found["flags"] == ["paywalled"]


def test_what_is_wrong_with_a_record_is_named(outlet: Outlet) -> None:
    outlet.publish(("a", prose(1, 4)), now=FIRST)
    assert outlet.article("a")["flags"] == ["no_authors", "no_date", "short"]
    assert outlet.article("a")["tags"] == []


def test_an_article_whose_page_is_nested_deeper_than_is_read_says_so(outlet: Outlet) -> None:
    outlet.publish(("a", page(1)), now=FIRST, head=HEAD, ending=b"<div>" * 300)
    assert outlet.article("a")["flags"] == ["paywalled", "beyond_parser"]


def test_a_line_on_two_pages_of_one_day_goes_from_pages_of_the_next(outlet: Outlet) -> None:
    outlet.publish(("a", page(1, PROMPT)), now=FIRST)
    outlet.publish(("b", page(2, PROMPT)), now=FIRST + 2 * HOUR)
    outlet.publish(("c", page(3, PROMPT)), now=FIRST + DAY)
    outlet.publish(("d", page(4, PROMPT)), now=FIRST + DAY + 2 * HOUR)
    assert [PROMPT in outlet.article(p)["text"] for p in "abcd"] == [True, True, False, False]
    assert ["lines_dropped" in outlet.article(p)["flags"] for p in "abcd"] == [False, False, True, True]
    [line] = outlet.rows("select * from repeated_lines")
    assert line == {
        "outlet_id": "herald", "line": next(iter(line_keys(PROMPT))), "pages": 2, "first_day": FIRST.date(),
        "last_day": FIRST.date(), "version": "lines-1", "known_from": (FIRST + DAY).date(), "known_to": None,
    }  # fmt: skip


def test_a_replay_reads_every_page_by_the_memory_of_its_own_day(outlet: Outlet) -> None:
    for n, name in enumerate("abcd"):
        outlet.publish((name, page(n, PROMPT)), now=FIRST + n * DAY)
    assert [PROMPT in outlet.article(p)["text"] for p in "abcd"] == [True, True, False, False]
    assert outlet.would_change(FIRST + 9 * DAY) == {}


def test_a_replay_adopts_what_another_reading_says_beside_the_words_once_and_keeps_what_stood(outlet: Outlet) -> None:
    outlet.publish(("a", page(1)), now=FIRST, head=HEAD)
    before, later = outlet.article("a"), FIRST + DAY
    outlet.reading = Better(seeing_more)
    told = {"section", "tags", "licence", "wire", "correction", "sources", "flags"}
    assert set(outlet.would_change(later)) == told
    for n, changed in enumerate((1, 0)):
        [counted] = replay(outlet.warehouse, outlet.replaying(), outlet.archive(later), outlet.files(), later + n * DAY)
        assert counted.counts.get("changed", 0) == changed
    after = outlet.article("a")
    names = ("section", "tags", "licence", "wire", "correction", "title_source", "authors_source", "flags")
    assert [after[n] for n in names] == [
        "Coast", ["Fish"], "free", ["dpa"], "Correction: none.", "h1", "byline", ["paywalled", "lines_dropped"],
    ]  # fmt: skip
    assert after["text"] == before["text"]
    [then] = outlet.warehouse.sql("select * from articles_at($t)", {"t": FIRST + HOUR})
    assert [then[n] for n in names] == [before[n] for n in names]


def test_a_corrected_article_is_replayed_with_the_facts_of_its_first_page_and_the_words_of_its_last(
    outlet: Outlet,
) -> None:
    outlet.publish(("a", page(1, PROMPT)), now=FIRST, head=HEAD)
    outlet.visit("a", f"{prose(1, 2)}\n{NOTICE}", now=FIRST + DAY)
    assert outlet.article("a")["flags"] == ["short", "paywalled"]
    assert outlet.would_change(FIRST + 2 * DAY) == {}


def test_a_page_seen_again_on_a_later_day_is_read_by_the_memory_of_its_first(outlet: Outlet) -> None:
    outlet.publish(("a", page(1, PROMPT)), ("b", page(2, PROMPT)), now=FIRST)
    seen = outlet.publish(("c", page(3, PROMPT)), now=FIRST + DAY)
    assert seen.counts == {"articles": 1, "revisited": 2}
    assert outlet.rows("select * from revisions") == []
    assert outlet.article("a")["revision"] == 1


def test_what_is_remembered_is_the_text_before_lines_were_dropped(outlet: Outlet) -> None:
    for n in (0, 1, 20, 40):
        outlet.publish((f"n{n}", page(n, PROMPT)), now=FIRST + n * DAY)
    assert [PROMPT in outlet.article(p)["text"] for p in ("n1", "n20", "n40")] == [True, False, False]
    [line] = outlet.rows("select pages, last_day, known_to from repeated_lines")
    assert line == {"pages": 2, "last_day": (FIRST + 20 * DAY).date(), "known_to": None}
    days = outlet.rows("select distinct day from page_lines order by all")
    assert [r["day"] for r in days] == [(FIRST + n * DAY).date() for n in (20, 40)]


def test_a_line_that_no_page_of_28_days_had_is_forgotten_and_stays_known_as_of_then(outlet: Outlet) -> None:
    outlet.publish(("a", page(1, PROMPT)), ("b", page(2, PROMPT)), now=FIRST)
    outlet.publish(("c", page(3, PROMPT)), now=FIRST + DAY)
    outlet.publish(("d", page(4, PROMPT)), now=FIRST + 31 * DAY)
    assert [PROMPT in outlet.article(p)["text"] for p in "cd"] == [False, True]
    assert outlet.rows("select known_from, known_to from repeated_lines") == [
        {"known_from": date(2026, 11, 3), "known_to": date(2026, 12, 3)}
    ]
    assert outlet.would_change(FIRST + 40 * DAY) == {}


def test_versions_of_one_story_on_three_days_keep_their_lines(outlet: Outlet) -> None:
    outlet.publish(("a", page(1)), now=FIRST)
    outlet.publish(("a-2", page(1, prose(7, 2))), now=FIRST + DAY)
    outlet.publish(("a-3", page(1, prose(8, 2))), now=FIRST + 2 * DAY)
    assert outlet.rows("select * from repeated_lines") == []
    assert outlet.article("a-3")["text"].startswith(prose(1, 5))


def test_the_warehouse_learns_what_the_memory_of_one_call_does(outlet: Outlet) -> None:
    texts = [page(n, *([PROMPT] if n % 2 else []), *([prose(99, 2)] if n % 3 else [])) for n in range(7)]
    memory = LineMemory()
    for n, text in enumerate(texts):
        outlet.publish((f"n{n}", text), now=FIRST + 2 * n * HOUR)
        memory.add(text)
    outlet.publish(("last", page(50)), now=FIRST + DAY)
    assert {r["line"] for r in outlet.rows("select line from repeated_lines")} == memory.repeated()
    assert len(memory.repeated()) == 2


@pytest.mark.parametrize("at", [1, 2, 3, 4], ids=["learning", "reading", "one visit", "the other"])
def test_killed_in_any_transaction_and_taken_up_it_remembers_and_learns_as_undisturbed(
    outlet: Outlet, tmp_path: Path, at: int
) -> None:
    undisturbed, later = Outlet(tmp_path / "undisturbed"), FIRST + DAY
    for each in (outlet, undisturbed):
        each.publish(("a", page(1, PROMPT)), ("b", page(2, PROMPT)), now=FIRST)
    undisturbed.publish(("c", page(3, PROMPT)), now=later)
    with pytest.raises(Died):
        outlet.publish(("c", page(3, PROMPT)), now=later, writer=DyingWriter(outlet.warehouse, at=at))
    for _ in range(2):
        outlet.extract(later)
        outlet.match(later)
    assert outlet.held() == undisturbed.held()
    undisturbed.warehouse.close()


def test_the_order_and_batches_of_a_day_change_no_text_of_the_next(outlet: Outlet, tmp_path: Path) -> None:
    turned = Outlet(tmp_path / "turned")
    pages = [(f"n{n}", page(n, *([PROMPT] if n % 2 else [prose(99, 2)]))) for n in range(6)]
    outlet.publish(*pages, now=FIRST)
    for n, one in enumerate(reversed(pages)):
        turned.publish(one, now=FIRST + 2 * n * HOUR)
    for each in (outlet, turned):
        each.publish(("last", page(60, PROMPT, prose(99, 2))), now=FIRST + DAY)
    learned = "select * from repeated_lines order by all"
    assert outlet.rows(learned) == turned.rows(learned)
    assert outlet.article("last")["text"] == turned.article("last")["text"] == page(60)
    turned.warehouse.close()


def test_a_change_read_by_the_same_extractor_is_the_outlets_with_its_correction_and_topics(outlet: Outlet) -> None:
    outlet.publish(("a", page(1)), now=FIRST, head=HEAD)
    before = outlet.rows("select topic from mentions where known_to is null order by all")
    changed = f"{prose(1, 2)}\nThe trawlers of the coastal states are named in the draft regulation now.\n{NOTICE}"
    seen = outlet.visit("a", changed, now=FIRST + 2 * HOUR, head=HEAD)
    assert seen.counts == {"revised": 1, "revisited": 1}
    found = outlet.article("a")
    assert (found["revision"], found["correction"], found["flags"]) == (2, NOTICE, ["short", "paywalled"])
    assert {r["kind"] for r in outlet.rows("select kind from revisions")} == {"text"}
    topics = outlet.rows("select topic from mentions where known_to is null order by all")
    assert {"topic": "fishing"} not in before
    assert {"topic": "fishing"} in topics
    then = FIRST + HOUR
    as_of = outlet.warehouse.sql("select flags, correction, revision from articles_at($then)", {"then": then})
    assert as_of == [{"flags": ["paywalled"], "correction": None, "revision": 1}]
    evidence = outlet.rows("select evidence from mentions where known_to is null")
    hits = [hit for row in evidence for hit in json.loads(row["evidence"])]
    assert hits
    assert all(found["text"][h["start"] :].startswith(h["words"]) for h in hits if h["part"] == "text")


def test_an_article_that_leaves_its_topics_stays_what_it_was_told_as(outlet: Outlet) -> None:
    outlet.publish(("a", page(1)), now=FIRST)
    before = outlet.rows("select topic, known_from from mentions where known_to is null order by all")
    plain = "The boats lay in the harbour all day while the wind turned to the north and then to the east. " * 4
    assert outlet.visit("a", plain, now=FIRST + 2 * HOUR).counts["revised"] == 1
    assert outlet.article("a")["state"] == "kept"
    assert outlet.rows("select topic, known_from from mentions where known_to is null order by all") == before


def test_what_another_extractor_reads_otherwise_is_no_change_of_the_outlets(outlet: Outlet) -> None:
    outlet.publish(("a", page(1)), now=FIRST)
    outlet.reading = Better(longer)
    seen = outlet.visit("a", page(1), now=FIRST + 2 * HOUR)
    assert (seen.counts, seen.rows) == ({"reread": 1, "revisited": 1}, ())
    assert outlet.rows("select kind, before, after from revisions") == [
        {"kind": "reread", "before": EXTRACTOR, "after": "next-1: text"}
    ]
    found = outlet.article("a")
    assert (found["extractor"], found["revision"]) == ("next-1", 2)
    assert found["text"].endswith(prose(91, 3))
    assert [r["revision"] for r in outlet.rows("select revision from articles_before")] == [1]


def test_after_a_like_reading_by_another_extractor_the_next_change_is_the_outlets(outlet: Outlet) -> None:
    outlet.publish(("a", page(1)), now=FIRST)
    outlet.reading = Better(by_next_version)
    assert outlet.visit("a", page(1), now=FIRST + 2 * HOUR).counts == {"revisited": 1}
    assert outlet.article("a")["extractor"] == "next-1"
    outlet.visit("a", page(1, prose(7, 2)), now=FIRST + 8 * HOUR)
    assert [r["kind"] for r in outlet.rows("select kind from revisions")] == ["text"]


def test_after_a_replay_that_reads_alike_the_next_change_is_the_outlets(outlet: Outlet) -> None:
    outlet.publish(("a", page(1)), now=FIRST)
    outlet.reading = Better(by_next_version)
    at = FIRST + 2 * HOUR
    list(replay(outlet.warehouse, outlet.replaying(), outlet.archive(at), outlet.files(), at))
    assert outlet.rows("select * from revisions") == []
    outlet.visit("a", page(1, prose(7, 2)), now=FIRST + 8 * HOUR)
    assert [r["kind"] for r in outlet.rows("select kind from revisions")] == ["text"]


def test_a_difference_that_is_not_told_is_compared_once(outlet: Outlet) -> None:
    outlet.publish(("a", f"{page(1)}\nThe fine is 1,280,000 euros a year for each of the ministers."), now=FIRST)
    before = outlet.article("a")
    otherwise = f"{page(1)}\nThe fine is 1280000 euros a year for each of the ministers."
    assert outlet.visit("a", otherwise, now=FIRST + 2 * HOUR).counts == {"revisited": 1}
    after = outlet.article("a")
    assert after["content_hash"] != before["content_hash"]
    assert {**after, "content_hash": 0} == {**before, "content_hash": 0}
    assert outlet.rows("select * from revisions") == []


def test_two_visits_that_waited_are_compared_one_after_the_other(outlet: Outlet) -> None:
    outlet.publish(("a", page(1)), now=FIRST)
    for n, hours in ((7, 2), (8, 8)):
        outlet.pages[f"{SITE}/a"] = make_page("Report on a", page(1, prose(n, 2)))
        outlet.fetch(FIRST + hours * HOUR)
    assert outlet.extract(FIRST + 9 * HOUR).counts == {"revised": 2, "revisited": 2}
    assert [r["revision"] for r in outlet.rows("select revision from article_texts order by all")] == [1, 2, 3]
    assert outlet.article("a")["text"].endswith(prose(8, 2))


def test_every_check_holds_after_days_of_changes(outlet: Outlet) -> None:
    for n, name in enumerate("abc"):
        outlet.publish((name, page(n, PROMPT)), now=FIRST + n * DAY)
    outlet.visit("a", page(1, prose(7, 2)), now=FIRST + 3 * DAY)
    checks = ("conservation", "counts", "orphans", "uniqueness")
    assert {c: outlet.warehouse.query(f"checks/{c}") for c in checks} == {c: [] for c in checks}


def test_a_wall_tells_something_only_where_the_outlet_has_said_both(outlet: Outlet) -> None:
    walled, free = HEAD, HEAD.replace('"isAccessibleForFree": false', '"isAccessibleForFree": true')
    told = "select articles, said_paywalled, said_free, paywalled_share, paywall_is_telling from outlet_paywalls"
    outlet.publish(("a", page(1)), now=FIRST)
    assert [list(r.values()) for r in outlet.rows(told)] == [[1, 0, 0, None, None]]
    outlet.publish(("b", page(2)), now=FIRST + 2 * HOUR, head=walled)
    assert [list(r.values()) for r in outlet.rows(told)] == [[2, 1, 0, 1.0, False]]
    outlet.publish(("c", page(3)), now=FIRST + 4 * HOUR, head=free)
    assert [list(r.values()) for r in outlet.rows(told)] == [[3, 1, 1, 0.5, True]]
