"""What is wrong on this machine or in this warehouse, and how to mend it."""

import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pipelines.adapters.embedder import broken_embedder, missing_embedder
from pipelines.adapters.warehouse import Published, Warehouse
from pipelines.config import Sources, load_sources
from pipelines.core.errors import ConfigError, PresswatchError, WarehouseBusy
from pipelines.core.learning import learned_from
from pipelines.settings import Settings

_LEAST_FREE_BYTES = 2_000_000_000
_CHECKS = ("conservation", "uniqueness", "orphans", "rollups", "counts", "manners")
_MOST_NAMED = 300  # characters of feeds' names in one finding


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """One thing looked at. `level` is ok, note or problem; `mend` says what to do."""

    level: str
    what: str
    mend: str = ""


def examine(settings: Settings) -> Iterator[Finding]:
    """Look at everything, in the order in which it would stop a run."""
    yield _python()
    yield from _sources(settings.sources)
    yield from _folder(settings.warehouse)
    yield from _warehouse(settings.warehouse)


def _python() -> Finding:
    version = ".".join(map(str, sys.version_info[:3]))
    return Finding(level="ok", what=f"Python {version}")


def _sources(path: Path) -> Iterator[Finding]:
    try:
        sources = load_sources(path)
    except ConfigError as wrong:
        for problem in wrong.problems:
            yield Finding(level="problem", what=problem, mend=f"edit {path} there")
        return
    yield Finding(level="ok", what=f"{path}: {len(sources.outlets)} outlets, {len(sources.feeds())} feeds enabled")
    if sources.monitor.contact.endswith("example.org"):
        yield Finding(level="note", what=f"{path}: monitor.contact is still the example's address",
                      mend="put one at which outlets can reach you")  # fmt: skip
    yield _semantic(sources)


def _semantic(sources: Sources) -> Finding:
    if sources.meaning is None:
        return Finding(level="note", what="matching by meaning is not asked for: what no query matches is off topic",
                       mend="a section meaning in sources.yaml asks for it; see docs/topics.md")  # fmt: skip
    model = sources.meaning.model
    return semantic_finding(missing_embedder(model), broken_embedder(model))


def semantic_finding(missing: str | None, broken: str | None = None) -> Finding:
    """What the semantic extra gives, or what is lost because it is missing or broken."""
    lost = "what no query matches is off topic, so more is missed, most in languages with few terms; and judgements"
    if missing is not None:
        return Finding(level="note", what=f"{missing}: {lost} teach nothing",
                       mend="pip install 'presswatch[semantic]' (Linux on x86-64 with AVX2, or macOS)")  # fmt: skip
    if broken is not None:
        return Finding(level="problem", what=f"{broken}: {lost} teach nothing",
                       mend="pip install --force-reinstall 'presswatch[semantic]'")  # fmt: skip
    return Finding(level="ok", what="the semantic extra works: it is asked what queries leave undecided")


def _folder(folder: Path) -> Iterator[Finding]:
    if not folder.exists():
        yield Finding(level="note", what=f"{folder}: does not exist yet", mend="the first `presswatch run` makes it")
        return
    if not folder.is_dir():
        yield Finding(level="problem", what=f"{folder}: is no folder", mend="choose another with --warehouse DIR")
        return
    free = shutil.disk_usage(folder).free
    level = "ok" if free >= _LEAST_FREE_BYTES else "problem"
    yield Finding(level=level, what=f"{folder}: {free / 1e9:.1f} GB free on its disk",
                  mend="" if level == "ok" else "free some: a full disk stops every run")  # fmt: skip
    if (folder / "archive" / "unfinished.json").exists():
        yield Finding(level="note", what="a run has ended in the middle, or is going on",
                      mend="nothing: the next `presswatch run` goes on from there")  # fmt: skip


def _warehouse(folder: Path) -> Iterator[Finding]:
    if not (folder / "state" / "warehouse.duckdb").exists():
        return
    try:
        with Warehouse.open(folder, who="presswatch doctor") as warehouse:
            yield Finding(level="ok", what=f"the warehouse opens; schema version {warehouse.schema_version()}")
            for name in _CHECKS:
                yield _checked(name, len(warehouse.query(f"checks/{name}")))
            yield from map(_lesson, warehouse.query("learn/last"))
            for row in warehouse.query("sources/trouble"):
                yield Finding(level="note", what=f"feeds {row['kind']}: {row['feeds']}, {row['named'][:_MOST_NAMED]}",
                              mend="presswatch sources check says of each what to do")  # fmt: skip
    except WarehouseBusy as busy:
        yield Finding(level="note", what=str(busy), mend="its checks are left out; ask again when it has ended")
    except PresswatchError as broken:
        yield Finding(level="problem", what=str(broken), mend="restore the folder from a backup")
    try:
        with Published.open(folder):
            yield Finding(level="ok", what="the published copy opens")
    except PresswatchError as broken:
        yield Finding(level="problem", what=str(broken), mend="`presswatch run` publishes anew")


def _lesson(row: dict[str, Any]) -> Finding:
    """What the judgements of people taught, whether or not it is used with the prompts of today."""
    if row["lesson"] is None:
        when = f"{row['learned_at']:%Y-%m-%d}"
        return Finding(level="note", what=f"judgements taught nothing on {when}: {row['refused']}",
                       mend="judge more articles, of both kinds and in several languages")  # fmt: skip
    lesson = learned_from(row["lesson"])
    f1 = f"F1 {lesson.held_out_f1:.2f} held out, {lesson.prompts_f1:.2f} by the prompts alone"
    return Finding(level="ok", what=f"learned from {lesson.relevant + lesson.irrelevant} judgements: {f1}")


def _checked(name: str, offending: int) -> Finding:
    if offending == 0:
        return Finding(level="ok", what=f"{name}: holds")
    return Finding(level="problem", what=f"{name}: {offending} rows offend",
                   mend=f"see them with warehouse/statements/checks/{name}.sql and report them")  # fmt: skip
