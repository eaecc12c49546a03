"""One demo, played whole with every fault, for all tests that only look at it."""

import fcntl
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.adapters.warehouse import Published, Warehouse
from pipelines.core.digest import Content
from pipelines.core.nouns import Counted
from pipelines.demo.play import Step, play
from pipelines.demo.press import Press
from pipelines.monitor import Monitor

from .playing import Logged, logged, offending


@dataclass(frozen=True, slots=True)
class Played:
    """A demo that was played to its end.

    Attributes:
        steps: for each step its time, whether it was a digest, and the rows that offended a check after it.
        log: every request the press saw.
    """

    folder: Path
    steps: list[dict[str, Any]]
    log: list[Logged]

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse"


@pytest.fixture(scope="session")
def press() -> Press:
    return Press.load()


@pytest.fixture(scope="session")
def played(tmp_path_factory: pytest.TempPathFactory) -> Played:
    """Played once for all workers of this run: whoever comes second waits for the first."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    folder = shared / "whole-demo"
    with (shared / "whole-demo.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not (folder / "steps.json").exists():
            folder.mkdir()
            steps = json.dumps(_play(folder), default=str)
            (folder / "steps.json").write_text(steps, encoding="utf-8")
    steps = json.loads((folder / "steps.json").read_text(encoding="utf-8"))
    return Played(folder=folder, steps=steps, log=logged(folder / "requests.jsonl"))


def _play(folder: Path) -> list[dict[str, Any]]:
    opened: list[Warehouse] = []
    steps: list[dict[str, Any]] = []

    def open_warehouse(monitor: Monitor) -> Warehouse:
        opened.append(monitor.open_warehouse())
        return opened[0]

    def told(step: Step, _: list[Counted] | Content) -> None:
        steps.append({"at": step.at, "is_digest": step.is_digest, "offending": offending(opened[0])})

    play(folder, told=told, log_file=folder / "requests.jsonl", open_warehouse=open_warehouse)
    return steps


@pytest.fixture(scope="module")
def reader(played: Played) -> Iterator[Published]:
    """The copy that everybody reads, as the demo left it."""
    with Published.open(played.warehouse) as published:
        yield published


@pytest.fixture(scope="session")
def digests(played: Played) -> list[Content]:
    """Every digest file, in the order of days."""
    paths = sorted((played.warehouse / "digests").glob("*.json"))
    return [json.loads(path.read_text(encoding="utf-8")) for path in paths]
