"""What a pass costs, stage by stage, beside the bare libraries on the same documents, in one run.

    python benchmarks/stages.py

Plays the demo into a temporary folder and counts CPU seconds; then parses the archived feeds with feedparser alone
and the archived pages with trafilatura alone. Compare the ratios: absolute times depend on the machine and its load.
"""

import io
import tempfile
import time
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import feedparser
import trafilatura

from pipelines.adapters.archive import Archive, Place
from pipelines.adapters.feeds import parse_feed
from pipelines.adapters.pages import read_page
from pipelines.adapters.warehouse import Published, Warehouse
from pipelines.core.nouns import Page, Response
from pipelines.demo.play import prepare, schedule
from pipelines.demo.press import ALL_FAULTS, Fault, Press
from pipelines.demo.server import PressServer
from pipelines.monitor import STAGES


def main() -> None:
    """Print the cost of each stage, then the ratios to the bare libraries."""
    with tempfile.TemporaryDirectory() as folder:
        spent, counts = _play(Path(folder))
        print(f"{'stage':10} {'CPU-s':>8} {'per pass':>9}")
        passes = counts["passes"]
        for stage in (*STAGES, "digest"):
            print(f"{stage:10} {spent[stage]:8.2f} {spent[stage] / passes * 1000:7.0f} ms")
        print(f"{passes} passes, {counts['polls']} polls, {counts['pages']} pages, {counts['kept']} articles kept\n")
        _compare(Path(folder) / "warehouse")


def _play(folder: Path) -> tuple[dict[str, float], Counter[str]]:
    spent: defaultdict[str, float] = defaultdict(float)
    counts: Counter[str] = Counter()
    steps = list(schedule())
    with PressServer(Press.load(ALL_FAULTS - {Fault.SLOW_DRIP}), steps[0].at) as server:
        monitor = prepare(folder, server.port)
        with monitor.open_warehouse("benchmark") as warehouse:
            for step in steps:
                server.now = step.at
                if step.is_digest:
                    spent["digest"] += _cpu(partial(monitor.tell, warehouse, step.at))
                    continue
                counts["passes"] += 1
                for stage in STAGES:
                    spent[stage] += _cpu(partial(monitor.run_stage, stage, warehouse, step.at))
            counts.update(_counts(warehouse))
    return spent, counts


def _counts(warehouse: Warehouse) -> dict[str, int]:
    row = warehouse.sql(
        "select (select count(*) from polls) as polls, (select count(*) from fetches where outcome = 'page') as pages,"
        " (select count(*) from articles where state = 'kept') as kept"
    )[0]
    return {name: int(n) for name, n in row.items()}


def _compare(warehouse: Path) -> None:
    archive = Archive(warehouse / "archive", datetime.now(UTC))
    with Published.open(warehouse) as published:
        feeds = _documents(archive, published, "polls")
        pages = _documents(archive, published, "fetches")
    now = datetime.now(UTC)
    _ratio("feeds", len(feeds), {
        "feedparser alone": lambda: [feedparser.parse(io.BytesIO(r.body)) for r in feeds],
        "presswatch": lambda: [parse_feed(r.body, url=r.final_url, headers=r.headers, now=now) for r in feeds],
    })  # fmt: skip
    _ratio("pages", len(pages), {
        "trafilatura with metadata": lambda: [trafilatura.bare_extraction(r.body, with_metadata=True) for r in pages],
        "presswatch": lambda: [read_page(_page(r), None, prior=None, now=now) for r in pages],
    })  # fmt: skip


def _documents(archive: Archive, published: Published, table: str) -> list[Response]:
    rows = published.sql(f"select warc_file, warc_offset from {table} where warc_file is not null")  # noqa: S608
    return [archive.read(Place(r["warc_file"], r["warc_offset"])) for r in rows]


def _page(response: Response) -> Page:
    return Page(url=response.url, final_url=response.final_url, body=response.body, charset=response.charset)


def _ratio(what: str, count: int, ways: dict[str, Callable[[], Iterable[object]]]) -> None:
    """Best of three runs each, as milliseconds a document and as a ratio to the first way."""
    costs = {name: min(_cpu(way) for _ in range(3)) for name, way in ways.items()}
    first = next(iter(costs.values()))
    for name, cost in costs.items():
        print(f"{count} {what}  {name:26} {cost / count * 1000:7.2f} CPU-ms each   {cost / first:5.2f}")


def _cpu(work: Callable[[], object]) -> float:
    start = time.process_time()
    work()
    return time.process_time() - start


if __name__ == "__main__":
    main()
