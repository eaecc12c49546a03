"""How these tests play the demo, and what they compare of two warehouses.

press | schedule, up to a moment | monitor | the four checks after every step | Outcome
"""

import json
import os
import re
import shutil
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from warcio.archiveiterator import ArchiveIterator
from warcio.exceptions import ArchiveLoadFailed

from pipelines.adapters.warehouse import Published, Reader, Warehouse
from pipelines.config import load_sources
from pipelines.core.digest import Content
from pipelines.core.nouns import Counted
from pipelines.demo.play import Step, demo_sources, play, prepare, schedule
from pipelines.demo.press import ALL_FAULTS, Fault, Press, Request, Response
from pipelines.demo.server import PressServer
from pipelines.monitor import Monitor
from pipelines.settings import MappedHost

Row = dict[str, Any]
Logged = dict[str, Any]

CHECKS = ("conservation", "uniqueness", "orphans", "rollups", "counts")
WITHOUT_DRIP = ALL_FAULTS - {Fault.SLOW_DRIP}
ROOT = Path(__file__).parents[2]
_CRAWL_DELAY = re.compile(rb"^Crawl-delay:.*\n", re.MULTILINE)
_VALIDATORS = frozenset({"if-none-match", "if-modified-since"})


class Unhurried(Press):
    """The press without the pauses its robots.txt asks for: these runs test what is done, not how slowly."""

    def respond(self, request: Request, now: datetime) -> Response:
        response = super().respond(request, now)
        if request.path != "/robots.txt":
            return response
        return replace(response, body=_CRAWL_DELAY.sub(b"", response.body))


def play_until(
    folder: Path,
    until: datetime,
    *,
    press: Press | None = None,
    log_file: Path | None = None,
    open_warehouse: Callable[[Monitor], Warehouse] = Monitor.open_warehouse,
    told: Callable[[Step, list[Counted] | Content], None] = lambda _, __: None,
) -> None:
    """Play the demo, or go on with it, up to and with the step at `until`."""
    press = press or Unhurried.load(WITHOUT_DRIP)
    play(folder, until=until, told=told, press=press, log_file=log_file, open_warehouse=open_warehouse)


def steps_until(until: datetime) -> list[Step]:
    return [s for s in schedule() if s.at <= until]


def offending(reader: Reader) -> dict[str, list[Row]]:
    """The rows of every statement that must give none, where it gives some."""
    found = {name: reader.query(f"checks/{name}") for name in CHECKS}
    return {name: rows for name, rows in found.items() if rows}


@contextmanager
def opened_copy(warehouse: Path, into: Path) -> Iterator[Warehouse]:
    """A writer on a copy of a warehouse folder, so that looking at it changes nothing."""
    shutil.copytree(warehouse, into)
    with Warehouse.open(into, who="a test") as copy:
        yield copy


@contextmanager
def monitor_at(
    folder: Path, press: Press, now: datetime, *, is_reversed: bool = False
) -> Iterator[tuple[Monitor, PressServer]]:
    """A monitor of a demo folder and the press it watches; on request with all lists of its sources turned round."""
    with PressServer(press, now) as server:
        monitor = prepare(folder, server.port)
        if is_reversed:
            monitor = Monitor(monitor.settings, load_sources(_reversed_sources(monitor.settings.sources)))
        yield monitor, server


def _reversed_sources(path: Path) -> Path:
    values = demo_sources()
    values["outlets"] = [{**o, "feeds": o["feeds"][::-1]} for o in values["outlets"][::-1]]
    values["publishers"].reverse()
    path.write_text(yaml.safe_dump(values, allow_unicode=True, sort_keys=False), encoding="utf-8")
    return path


def take(monitor: Monitor, server: PressServer, warehouse: Warehouse, steps: Iterable[Step]) -> None:
    """Some steps of the schedule, one after the other."""
    for step in steps:
        server.now = step.at
        if step.is_digest:
            monitor.tell(warehouse, step.at)
        else:
            monitor.run_pass(warehouse, step.at)


def watching(monitor: Monitor, *names: str, port: int) -> Monitor:
    """A monitor for which these names, and names under them, are on loopback."""
    hosts = tuple(MappedHost(name=name, address="127.0.0.1", port=port) for name in names)
    return Monitor(replace(monitor.settings, hosts=hosts), monitor.sources)


@dataclass(frozen=True)
class Outcome:
    """What two runs must agree on: everything but attempts and times. Each part is a set, so order plays no role."""

    parts: dict[str, frozenset[Any]] = field(default_factory=dict)

    @classmethod
    def of(cls, reader: Published | Warehouse) -> "Outcome":
        plain = {name: frozenset(tuple(r.values()) for r in reader.sql(text)) for name, text in _COMPARED.items()}
        groups = {name: _partition(reader.sql(text)) for name, text in _PARTITIONS.items()}
        return cls({**plain, **groups})

    def without(self, *names: str) -> "Outcome":
        return Outcome({n: p for n, p in self.parts.items() if n not in names})

    def without_articles(self, ids: frozenset[int]) -> "Outcome":
        """Without what is said of these articles; in groups, without them."""
        return Outcome({
            name: frozenset(tuple(sorted(set(row) - ids)) for row in part) if name in _PARTITIONS
            else frozenset(row for row in part if ids.isdisjoint(v for v in row if isinstance(v, int)))
            for name, part in self.parts.items()
        })  # fmt: skip

    def differences(self, other: "Outcome") -> dict[str, tuple[list[Any], list[Any]]]:
        """Part -> what only this one has, what only the other has; equal parts are left out."""
        found = {}
        for name, part in self.parts.items():
            mine, theirs = part - other.parts[name], other.parts[name] - part
            if mine or theirs:
                found[name] = (sorted(mine, key=str), sorted(theirs, key=str))
        return found


# Never a time, an attempt, or the name of a file in the archive.
_COMPARED = {
    "listed": "select feed_id, identity, url_key from entries",
    # Of two feeds that list one page, the first to list it has it fetched; a lost poll may make the other the first.
    "entries": """select url_key, article_id,
          string_agg(concat_ws(' ', state, reason, stage), ', ' order by state) as ends
        from entries group by all""",
    # The address fetched is that of the first listing too: of one page with and without a tracking parameter.
    "articles": """select article_id, regexp_replace(url, '[?].*', '') as url, outlet_id, state, title, content_hash,
        revision, published_at, published_day, language, is_partial, is_paywalled, gone_at is not null as is_gone,
        section, array_to_string(tags, '|') as tags, licence, array_to_string(wire, '|') as wire, correction,
        title_source, authors_source, array_to_string(flags, '|') as flags
        from articles""",
    "texts": "select article_id, revision, title, text, content_hash from article_texts",
    "keys": "select url_key, article_id from article_keys",
    "mentions": "select article_id, topic, round(score, 9) as score, is_about from mentions where known_to is null",
    "copies": "select article_id, original_id, rule from copies where known_to is null",
    "quotes": "select article_id, revision, speaker, text, start_offset, end_offset from quotes",
    "terms": "select article_id, revision, term, start_offset, is_quoted from terms_used",
    "page_lines": "select outlet_id, article_id, line from page_lines",
    "repeated_lines": "select outlet_id, line from repeated_lines where known_to is null",
    "revisions": "select article_id, revision, kind, before, after from revisions",
    "told": "select distinct article_id from digest_items",
}
_PARTITIONS = {
    "stories": "select story_id as id, article_id from story_articles where known_to is null",
    "lines": """select l.line_id as id, s.article_id from story_lines as l join story_articles as s using (story_id)
        where l.known_to is null and s.known_to is null""",
}


def _partition(rows: list[Row]) -> frozenset[Any]:
    groups: dict[int, set[int]] = {}
    for row in rows:
        groups.setdefault(row["id"], set()).add(row["article_id"])
    return frozenset(tuple(sorted(g)) for g in groups.values())


def tables(reader: Warehouse | Published) -> dict[str, list[tuple[Any, ...]]]:
    """Every row of every table."""
    names = [r["t"] for r in reader.sql(
        "select table_name as t from duckdb_tables() where database_name = 'warehouse' order by all")]  # fmt: skip
    return {n: [tuple(r.values()) for r in reader.sql(f'select * from "{n}" order by all')] for n in names}  # noqa: S608


def logged(log_file: Path) -> list[Logged]:
    """Every request of a log file."""
    return [json.loads(line) for line in log_file.read_text(encoding="utf-8").splitlines()]


def is_conditional(request: Logged) -> bool:
    return bool(_VALIDATORS & set(request["headers"]))


def address(request: Logged) -> str:
    """What was asked for, as a URL."""
    query = f"?{request['query']}" if request["query"] else ""
    return f"http://{request['host']}{request['path']}{query}"


@dataclass(frozen=True, slots=True)
class Archived:
    """One whole record of the archive."""

    purpose: str
    asked: str
    at: datetime


def archived(folder: Path) -> list[Archived]:
    """Every whole record under an archive folder, a torn one at the end left out."""
    found = []
    for path in sorted(folder.rglob("*.warc.gz")):
        with path.open("rb") as file, suppress(ArchiveLoadFailed, EOFError):
            for record in ArchiveIterator(file):
                record.content_stream().read()
                if record.rec_type == "response":
                    headers = record.rec_headers
                    found.append(
                        Archived(
                            purpose=headers.get_header("WARC-Presswatch-Purpose"),
                            asked=headers.get_header("WARC-Presswatch-Asked"),
                            at=datetime.fromisoformat(headers.get_header("WARC-Date")),
                        )
                    )
    return found


def evaluation(name: str) -> Path:
    """A set of the real data; the test is skipped where it is not on this machine."""
    folder = Path(os.environ.get("PRESSWATCH_EVAL") or ROOT.parent / "shared" / "eval")
    if not (folder / name).exists():
        pytest.skip(f"{folder / name} is not here; set PRESSWATCH_EVAL to the folder of real data")
    return folder / name
