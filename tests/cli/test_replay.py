"""`presswatch replay` on the played demo: nothing changes by itself, what changes is told first, then adopted, once."""

import json
import shutil
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

import pytest
import yaml

from pipelines.adapters.pages import Reading
from pipelines.adapters.warc_reading import WarcFile
from pipelines.adapters.warehouse import Published, Warehouse
from pipelines.core.nouns import Counted, Dated
from pipelines.core.reasons import Reason, Rejected
from pipelines.monitor import Monitor
from pipelines.settings import Settings
from pipelines.stages.digest import compose_from, differing_digests, scope_of
from pipelines.stages.replay import Preview

from .conftest import Demo

T = TypeVar("T")
Better = Callable[[Reading], Reading]
LATER = datetime(2026, 11, 21, 9, tzinfo=UTC)
CHECKS = ("conservation", "counts", "manners", "orphans", "rollups", "uniqueness")
PLAYED_PAGES = 142


class Readers:
    """Reads as the pipeline does, without processes, and then somewhat better."""

    def __init__(self, better: Better) -> None:
        self._better = better

    def map(self, function: Callable[..., T], items: Iterable[tuple[Any, ...]]) -> Iterator[T]:
        for item in items:
            read = function(*item)
            yield self._better(read) if isinstance(read, Reading) else read  # type: ignore[misc]

    async def run(self, function: Callable[..., T], /, *args: Any, **kwargs: Any) -> T:
        return function(*args, **kwargs)


def longer(read: Reading) -> Reading:
    """A new extractor: it finds another author, and a last paragraph in every page."""
    article = read.article
    more = f"{article.text}\nMore words stood here: 4,711 of them."
    return replace(
        read, article=replace(article, text=more, authors=(*article.authors, "Ada Quill"), extractor="new-2")
    )


def emptier(read: Reading) -> Reading:
    """A new extractor that reads nothing of any topic."""
    return replace(
        read, article=replace(read.article, title="Harbour", text="Boats lay in the harbour.", extractor="new-3")
    )


def earlier(read: Reading) -> Reading:
    """A new extractor that finds another date."""
    return replace(read, article=replace(read.article, published=Dated(day=date(2026, 10, 1), source="new")))


def refusing(read: Reading) -> Reading:
    """A new rule by which no page is an article."""
    return replace(read, rejected=Rejected(reason=Reason.TOO_SHORT))


def accepting(read: Reading) -> Reading:
    """A new rule by which every page with text is an article."""
    return replace(read, rejected=None) if read.article.text else read


class Bench:
    """A demo's warehouse, and replays of its own archive."""

    def __init__(self, demo: Demo) -> None:
        self.monitor = Monitor.from_settings(Settings(sources=demo.folder / "sources.yaml", warehouse=demo.warehouse))
        self.folder = demo.warehouse

    @property
    def files(self) -> list[WarcFile]:
        archive = self.folder / "archive"
        return [
            WarcFile(name=p.name, path=p, within=p.relative_to(archive).as_posix())
            for p in sorted(archive.rglob("*.warc.gz"))
        ]

    def by(self, better: Better) -> Monitor:
        """The monitor with other eyes."""
        return replace(self.monitor, reading=Readers(better))  # type: ignore[arg-type]

    def preview(self, better: Better) -> Preview:
        return list(self.by(better).preview_replay(self.files, LATER, 5))[-1]

    def replay(self, better: Better, now: datetime = LATER) -> list[Counted]:
        with self.monitor.open_warehouse() as warehouse:
            return self.by(better).replay(warehouse, self.files, now)

    def rows(self, query: str) -> list[dict[str, Any]]:
        with Published.open(self.folder) as published:
            return published.sql(query)

    def must_hold(self) -> None:
        """Every check of the pipeline, and every digest as it was told."""
        with Published.open(self.folder) as published:
            assert {c: published.query(f"checks/{c}") for c in CHECKS} == {c: [] for c in CHECKS}
            assert differing_digests(published, self.monitor.editions()) == []


@pytest.fixture
def bench(spare: Demo) -> Bench:
    return Bench(spare)


def changed(done: list[Counted]) -> int:
    return sum(c.counts.get("changed", 0) for c in done)


def test_by_the_same_reading_nothing_would_change(demo: Demo) -> None:
    told = json.loads(demo.call("--json", "replay", "--all", "--diff").succeeded().out)
    assert set(told["would_change"].values()) == {0}
    assert (told["counts"]["ours"], told["counts"]["pages"]) == (PLAYED_PAGES, PLAYED_PAGES)
    assert told["changes"] == []
    assert len(told["files"]) == 6


def test_a_preview_needs_no_lock_and_writes_nothing(spare: Demo) -> None:
    before = {p: p.read_bytes() for p in sorted(spare.warehouse.rglob("*")) if p.is_file() and "state" not in p.parts}
    with Warehouse.open(spare.warehouse, who="a writer"):
        told = spare.command("replay", "--all", "--diff").succeeded().out
    assert f"{PLAYED_PAGES} pages, {PLAYED_PAGES} of ours read again; 0 would change" in told
    assert {p: p.read_bytes() for p in before} == before


def test_a_new_extractor_is_previewed_adopted_and_adopted_once(bench: Bench) -> None:
    seen = bench.preview(longer)
    # Short ones are longer, unsigned ones are signed; what a longer text says of a topic may be in passing.
    assert set(seen.changes) - {"topics"} == {"text", "authors", "flags"}
    assert len(seen.shown) == 5
    kept = bench.rows("select article_id from articles where state = 'kept' and not is_partial and gone_at is null")
    assert changed(bench.replay(longer)) == seen.counts["changed"] > len(kept)
    assert changed(bench.replay(longer, LATER.replace(hour=10))) == 0
    assert bench.preview(longer).counts["changed"] == 0
    newest = bench.rows(
        "select t.text, a.authors, a.revision from articles a join article_texts t using (article_id, revision)"
        " where a.state = 'kept' and not a.is_partial"
    )
    assert all(r["text"].endswith("4,711 of them.") for r in newest)
    assert sum("Ada Quill" in r["authors"] for r in newest) >= len(newest) - 1  # one was cut by a wall
    bench.must_hold()


def test_readers_are_told_of_no_change_that_is_only_ours(bench: Bench) -> None:
    told = len(bench.rows("select * from digest_items"))
    bench.replay(longer)
    rereads = bench.rows(
        "select distinct article_id from revisions r join digest_items i using (article_id) where kind = 'reread'"
    )
    assert told
    assert rereads
    with bench.monitor.open_warehouse() as warehouse:
        scope = scope_of(warehouse, bench.monitor.edition(), LATER.replace(day=22))
        content = compose_from(warehouse, bench.monitor.edition(), scope)
    assert (content["changed"], content["numbers"]["articles"], content["late"]) == ([], 0, [])


def test_what_was_known_before_stays_known_as_of_then(bench: Bench) -> None:
    before = bench.rows("select article_id, published_day, state from articles order by all")
    bench.replay(earlier)
    assert bench.rows("select distinct published_day from articles where not is_partial") != []
    assert bench.rows("select article_id, published_day, state from articles order by all") != before
    then = "select article_id, published_day, state from articles_at(timestamptz '2026-11-20 00:00:00+00') order by all"
    assert bench.rows(then) == before
    bench.must_hold()


def test_articles_that_leave_the_topic_and_come_back_are_counted_right(bench: Bench) -> None:
    kept = "select article_id from articles where state = 'kept' order by all"
    before = bench.rows(kept)
    seen = bench.preview(emptier)
    assert seen.changes["decision"] > 50
    bench.replay(emptier)
    assert len(bench.rows(kept)) < 10
    bench.must_hold()
    bench.replay(lambda read: read, LATER.replace(hour=10))
    assert bench.rows(kept) == before
    bench.must_hold()
    assert bench.preview(lambda read: read).counts["changed"] == 0


def test_an_article_whose_page_would_give_none_stands_and_is_told(bench: Bench) -> None:
    before = bench.rows("select article_id, state, revision, updated_at from articles order by all")
    seen = bench.preview(refusing)
    assert {d.after for _, d in seen.shown} == {"rejected: too_short"}
    done = bench.replay(refusing)
    assert sum(c.counts.get("no_article_any_more", 0) for c in done) > 100
    assert bench.rows("select article_id, state, revision, updated_at from articles order by all") == before
    bench.must_hold()


def test_a_page_that_gave_no_article_is_taken_up_once_it_gives_one(bench: Bench) -> None:
    rejected = "select entry_id from entries where state = 'rejected' and fetch_id is not null"
    assert len(bench.rows(rejected)) == bench.preview(accepting).changes["decision"] == 1
    bench.replay(accepting)
    assert bench.rows(rejected) == []
    bench.must_hold()


def test_another_query_decides_the_archived_pages_anew(spare: Demo) -> None:
    bench, path = Bench(spare), spare.folder / "sources.yaml"  # digests of then are composed for the topics of then
    described = yaml.safe_load(path.read_text(encoding="utf-8"))
    del described["topics"][0]
    path.write_text(yaml.safe_dump(described, allow_unicode=True, sort_keys=False), encoding="utf-8")
    told = json.loads(spare.call("--json", "replay", "--all", "--diff").succeeded().out)
    assert told["would_change"]["topics"] > 0
    assert {told["would_change"][f] for f in ("title", "text", "authors", "date", "language")} == {0}
    spare.call("replay", "--all").succeeded()
    again = json.loads(spare.call("--json", "replay", "--all", "--diff").succeeded().out)
    assert set(again["would_change"].values()) == {0}
    bench.must_hold()


@pytest.fixture
def foreign(demo: Demo, tmp_path: Path) -> Path:
    """A day of the demo's archive as somebody else's file."""
    path = tmp_path / "others.warc.gz"
    shutil.copy(next((demo.warehouse / "archive/2026/11/10").glob("*.warc.gz")), path)
    return path


def test_somebodys_file_becomes_a_feed_whose_counts_add_up_and_twice_is_once(
    demo: Demo, foreign: Path, tmp_path: Path
) -> None:
    env = {"PRESSWATCH_WAREHOUSE": str(tmp_path / "new"), "PRESSWATCH_NOW": "2026-11-20T12:00:00+00:00"}
    call = partial(demo.call, **env)  # type: ignore[arg-type]
    call("run", "--until", "configure").succeeded()
    told = json.loads(call("--json", "replay", foreign).succeeded().out)
    assert told["files"]["others.warc.gz"]["new"] == told["files"]["others.warc.gz"]["listed"] == 25
    call = partial(call, PRESSWATCH_NOW="2026-11-20T13:00:00+00:00")
    again = json.loads(call("--json", "replay", foreign).succeeded().out)
    assert {k: again["files"]["others.warc.gz"].get(k) for k in ("listed", "new", "known")} == {
        "listed": 25, "new": 0, "known": 25}  # fmt: skip
    bench = Bench(demo)
    bench.folder = tmp_path / "new"
    bench.must_hold()
    states = bench.rows("select state, count(*) as n from entries where feed_id = 'warc:others.warc.gz' group by all")
    assert sum(r["n"] for r in states) == 25
    assert {r["state"] for r in states} == {"kept", "off_topic"}
    own = json.loads(call("--json", "replay", "--all", "--diff").succeeded().out)
    assert (own["counts"]["ours"], set(own["would_change"].values())) == (25, {0})


def test_a_copy_of_our_own_file_is_known_for_ours(demo: Demo, foreign: Path) -> None:
    told = json.loads(demo.call("--json", "replay", foreign, "--diff").succeeded().out)
    assert (told["counts"]["ours"], told["of_others"]) == (25, {})


def test_standard_input_is_read_as_a_file(demo: Demo, foreign: Path) -> None:
    told = demo.command("--json", "replay", "-", "--diff", stdin=foreign.read_bytes()).succeeded()
    assert json.loads(told.out)["counts"]["pages"] == 25


def test_days_choose_the_files_of_our_archive(demo: Demo) -> None:
    one = json.loads(demo.call("--json", "replay", "--day", "2026-11-10", "--diff").succeeded().out)
    since = json.loads(demo.call("--json", "replay", "--since", "2026-11-12", "--diff").succeeded().out)
    assert (len(one["files"]), len(since["files"])) == (1, 2)


WRONG = {
    "nothing to replay": ([], 2),
    "files and all": (["x.warc", "--all"], 2),
    "a day that is none": (["--day", "soon"], 2),
    "a file that is not there": (["nosuch.warc", "--diff"], 1),
    "a file that is no WARC file": (["sources.yaml", "--diff"], 1),
    "a day without files": (["--day", "1999-01-01", "--diff"], 1),
}


@pytest.mark.parametrize(("arguments", "code"), WRONG.values(), ids=WRONG.keys())
def test_wrong_calls_end_with_a_line_and_their_code(arguments: list[str], code: int, demo: Demo) -> None:
    called = demo.call("replay", *arguments)
    assert (called.code, called.out) == (code, "")
    assert "Traceback" not in called.err
    if code == 1:
        assert len(called.err.splitlines()) == 1
