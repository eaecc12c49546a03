"""One demo, played whole by the real command, for all tests that ask about it."""

import fcntl
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import pytest

from .calling import Called, here, presswatch


@dataclass(frozen=True, slots=True)
class Demo:
    """A folder that `presswatch demo --keep` left behind.

    Attributes:
        told: what the command printed.
    """

    folder: Path
    told: Called

    @property
    def warehouse(self) -> Path:
        return self.folder / "warehouse"

    @property
    def env(self) -> Mapping[str, str]:
        return {
            "PRESSWATCH_SOURCES": str(self.folder / "sources.yaml"),
            "PRESSWATCH_WAREHOUSE": str(self.warehouse),
        }

    def call(self, *arguments: str | Path, stdin: bytes = b"", **env: str) -> Called:
        """A command about this demo, within this process."""
        return here(*arguments, stdin=stdin, env={**self.env, **env}, cwd=self.folder)

    def command(self, *arguments: str | Path, stdin: bytes = b"", **env: str) -> Called:
        """A command about this demo, in a process of its own."""
        return presswatch(*arguments, stdin=stdin, env={**self.env, **env}, cwd=self.folder)

    def one(self, query: str) -> str:
        """The one value of a query."""
        header, value = self.call("sql", query).succeeded().lines()
        assert header
        return value


@pytest.fixture(scope="session")
def original(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """Played once for all workers of this run: whoever comes second waits for the first. Nobody writes to it."""
    base = tmp_path_factory.getbasetemp()
    shared = base.parent if base.name.startswith("popen-") else base
    folder, told = shared / "demo-by-command", shared / "demo-by-command.json"
    with (shared / "demo-by-command.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not told.exists():
            called = presswatch("demo", "--keep", folder, cwd=shared)
            told.write_text(json.dumps([called.code, called.out, called.err]), encoding="utf-8")
    return Demo(folder, Called(*json.loads(told.read_text(encoding="utf-8"))))


@pytest.fixture(scope="session")
def demo(original: Demo, tmp_path_factory: pytest.TempPathFactory) -> Demo:
    """The worker's own copy: commands that take the writer's lock do not meet those of another worker."""
    return _copied(original, tmp_path_factory.mktemp("demo") / "kept")


@pytest.fixture
def spare(original: Demo, tmp_path: Path) -> Demo:
    """A copy that the test may change or break."""
    return _copied(original, tmp_path / "spare")


def _copied(demo: Demo, folder: Path) -> Demo:
    shutil.copytree(demo.folder, folder)
    return Demo(folder, demo.told)
