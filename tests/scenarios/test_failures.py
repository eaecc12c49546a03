"""What goes wrong around us: one clear line, exit code 1, no traceback, and what was committed stands."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path

import pytest

from pipelines.adapters.warehouse import Warehouse
from pipelines.demo.play import demo_sources, prepare, settings_for
from pipelines.demo.press import Press
from pipelines.demo.server import PressServer
from pipelines.demo.world import moment

from .playing import ROOT, WITHOUT_DRIP, Unhurried, offending

_NOW = moment("d1 12:30")
_LATER = moment("d1 18:30")


def presswatch(*arguments: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """The real command, in a process of its own and an environment without settings but those given."""
    inherited = {k: v for k, v in os.environ.items() if not k.startswith("PRESSWATCH_")}
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [Path(sys.executable).with_name("presswatch"), *arguments],
        env={**inherited, "PYTHONPATH": path, **environment},
        capture_output=True, text=True, check=False, timeout=120, stdin=subprocess.DEVNULL,
    )  # fmt: skip


def told_in_one_line(ended: subprocess.CompletedProcess[str], *words: str) -> None:
    """Exit code 1, and on standard error one line that holds the words."""
    assert ended.returncode == 1, ended.stderr
    lines = ended.stderr.strip().splitlines()
    assert len(lines) == 1, ended.stderr
    assert "Traceback" not in ended.stderr
    assert lines[0].startswith("presswatch: ")
    assert [w for w in words if w not in lines[0]] == []


@pytest.fixture(scope="module")
def press() -> Press:
    return Unhurried.load(WITHOUT_DRIP)


@pytest.fixture
def server(press: Press) -> Iterator[PressServer]:
    with PressServer(press, _NOW) as server:
        yield server


@pytest.fixture
def environment(server: PressServer, tmp_path: Path) -> dict[str, str]:
    """A demo folder with sources.yaml, at noon of day 1."""
    return dict(settings_for(prepare(tmp_path / "demo", server.port), _NOW))


# --- the disk


def mounted(folder: Path, size: str) -> Path:
    """A small disk of its own; the test is skipped where none can be mounted."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small disk takes root")
    folder.mkdir()
    done = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)],
        check=False,
        capture_output=True,
        text=True,
    )
    if done.returncode != 0:
        pytest.skip(f"a small disk cannot be mounted here: {done.stderr.strip()}")
    return folder


@pytest.fixture
def tiny_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 8 MB: too small for the first pass and its published copy."""
    yield mounted(tmp_path / "tiny", "8m")
    subprocess.run(["umount", str(tmp_path / "tiny")], check=True)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk on which a demo fits, until something else fills it."""
    yield mounted(tmp_path / "small", "64m")
    subprocess.run(["umount", str(tmp_path / "small")], check=True)


def left_on(folder: Path, spare: int) -> Path:
    """Fill a disk up to so many bytes; what fills it."""
    free = shutil.disk_usage(folder).free
    with (folder / "ballast").open("wb") as ballast:
        ballast.write(b"\0" * max(0, free - spare))
    return folder / "ballast"


def at(environment: dict[str, str], moment: datetime) -> dict[str, str]:
    return {**environment, "PRESSWATCH_NOW": moment.isoformat()}


def test_a_disk_too_small_for_a_first_pass_ends_it_in_one_line_and_the_warehouse_opens(
    environment: dict[str, str], tiny_disk: Path
) -> None:
    environment["PRESSWATCH_WAREHOUSE"] = str(tiny_disk / "warehouse")
    for _ in range(2):
        told_in_one_line(presswatch("run", **environment), str(tiny_disk), "No space left")
    shutil.copytree(tiny_disk / "warehouse", tiny_disk.parent / "roomier")
    with Warehouse.open(tiny_disk.parent / "roomier") as warehouse:
        assert warehouse.sql("select count(*) > 0 as is_filled from entries") == [{"is_filled": True}]
        assert {name: rows for name, rows in offending(warehouse).items() if name != "rollups"} == {}


@pytest.mark.parametrize("spare", [4_000_000, 1_000_000, 300_000, 20_000, 0])
def test_a_disk_that_fills_up_ends_a_run_in_one_line_and_what_was_committed_stands(
    server: PressServer, environment: dict[str, str], small_disk: Path, spare: int
) -> None:
    environment["PRESSWATCH_WAREHOUSE"] = str(small_disk / "warehouse")
    server.now = moment("d0 18:30")
    first = presswatch("run", **at(environment, server.now))
    assert first.returncode == 0, first.stderr
    before = rows_of(small_disk / "warehouse")
    ballast = left_on(small_disk, spare)
    server.now = _NOW
    told_in_one_line(presswatch("run", **environment), str(small_disk))
    ballast.unlink()
    held = rows_of(small_disk / "warehouse")
    assert {name: rows - held[name] for name, rows in before.items() if rows - held[name]} == {}
    server.now = _LATER
    again = presswatch("run", **at(environment, _LATER))
    assert again.returncode == 0, again.stderr
    with Warehouse.open(small_disk / "warehouse") as warehouse:
        assert offending(warehouse) == {}
        assert len(warehouse.sql("select entry_id from entries")) > len(before["entries"])


def rows_of(folder: Path) -> dict[str, set[int]]:
    """The ids that a warehouse holds; that it opens, and that its checks hold, is asked as well."""
    with Warehouse.open(folder) as warehouse:
        assert {name: rows for name, rows in offending(warehouse).items() if name != "rollups"} == {}
        return {
            "entries": {r["entry_id"] for r in warehouse.sql("select entry_id from entries")},
            "articles": {r["article_id"] for r in warehouse.sql("select article_id from articles")},
            "texts": {r["article_id"] for r in warehouse.sql("select article_id from article_texts")},
        }


# --- the warehouse


@pytest.mark.parametrize("command", [["run"], ["digest"]], ids=lambda c: c[0])
def test_a_locked_warehouse_says_who_holds_it(environment: dict[str, str], command: list[str]) -> None:
    folder = Path(environment["PRESSWATCH_WAREHOUSE"])
    with Warehouse.open(folder, who="somebody in a test") as warehouse:
        # Something is published, and no digest of it told: to tell one, `digest` must write.
        warehouse.sql("insert into publishes values (1, timestamptz '2026-11-01 00:00:00+00', 1, '{}')")
        warehouse.publish()
        told_in_one_line(presswatch(*command, **environment), str(folder), "somebody in a test", f"pid {os.getpid()}")


def test_the_lock_of_a_process_that_died_is_free(environment: dict[str, str]) -> None:
    folder = Path(environment["PRESSWATCH_WAREHOUSE"])
    (folder / "state").mkdir(parents=True)
    (folder / "state" / "writer.lock").write_text("presswatch run (pid 1, since 2026-11-01 00:00:00 UTC)")
    assert presswatch("run", "--until", "configure", **environment).returncode == 0


@pytest.mark.parametrize("command", [["run"], ["digest"], ["sql", "select 1"]], ids=lambda c: c[0])
def test_a_warehouse_that_is_a_file_is_named(environment: dict[str, str], tmp_path: Path, command: list[str]) -> None:
    file = tmp_path / "a-file"
    file.write_text("not a folder")
    told_in_one_line(presswatch(*command, **{**environment, "PRESSWATCH_WAREHOUSE": str(file)}), str(file))
    assert file.read_text() == "not a folder"


def test_a_warehouse_that_cannot_be_written_is_named(environment: dict[str, str]) -> None:
    # A folder under /proc refuses even root.
    told_in_one_line(
        presswatch("run", **{**environment, "PRESSWATCH_WAREHOUSE": "/proc/presswatch"}), "/proc/presswatch"
    )


def test_a_warehouse_file_that_is_not_a_database_is_named(environment: dict[str, str]) -> None:
    path = Path(environment["PRESSWATCH_WAREHOUSE"]) / "state" / "warehouse.duckdb"
    path.parent.mkdir(parents=True)
    path.write_bytes(b"this is no database" * 1000)
    told_in_one_line(presswatch("run", **environment), str(path))


def test_sql_before_anything_was_published_says_what_to_run(environment: dict[str, str]) -> None:
    told_in_one_line(presswatch("sql", "select 1", **environment), "nothing is published yet", "presswatch run")


def test_a_digest_before_anything_was_published_says_what_to_run(environment: dict[str, str]) -> None:
    told_in_one_line(presswatch("digest", **environment), "presswatch run")


# --- settings and sources


@pytest.mark.parametrize("command", [["run"], ["digest"], ["ui", "--port", "3999"]], ids=lambda c: c[0])
def test_missing_sources_are_named_with_what_to_do(tmp_path: Path, command: list[str]) -> None:
    missing = tmp_path / "nowhere" / "sources.yaml"
    told_in_one_line(
        presswatch("--sources", str(missing), "--warehouse", str(tmp_path / "w"), *command), str(missing), "--sources"
    )


def test_broken_sources_give_all_their_problems_at_once_with_their_lines(tmp_path: Path) -> None:
    sources = tmp_path / "sources.yaml"
    sources.write_text(_with_problems(), encoding="utf-8")
    ended = presswatch("--sources", str(sources), "--warehouse", str(tmp_path / "w"), "run")
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    lines = ended.stderr.strip().splitlines()
    found = {line.split(": ")[2]: line for line in lines}
    assert set(found) == {
        "monitor.colour", "monitor.time_zone", "topics[0].query", "outlets[0].publisher", "outlets[0].country",
        "outlets[0].feeds[0].url",
    }  # fmt: skip
    text = sources.read_text(encoding="utf-8").splitlines()
    for path, line in found.items():
        number = int(line.split(":")[2])
        assert line.startswith(f"presswatch: {sources}:{number}: "), line
        assert path.rpartition(".")[2].partition("[")[0] in text[number - 1], line
    assert not (tmp_path / "w").exists(), "nothing is made before the sources are read"


def _with_problems() -> str:
    return """monitor:
  name: Broken
  contact: test@example.org
  colour: blue
  time_zone: Europe/Atlantis
terms:
  child:
    en: [child]
topics:
- id: one
  name: One
  query: no_such_group
publishers:
- {id: known, name: Known}
outlets:
- id: first
  name: First
  publisher: unknown
  country: Belgium
  language: en
  feeds:
  - id: first
    url: not an address
"""


def test_sources_that_are_not_yaml_give_one_line_with_its_number(tmp_path: Path) -> None:
    sources = tmp_path / "sources.yaml"
    sources.write_text("monitor:\n  name: [unclosed\noutlets: []\n", encoding="utf-8")
    told_in_one_line(presswatch("--sources", str(sources), "run"), f"{sources}:", "not YAML")


@pytest.mark.parametrize(
    ("variable", "value"), [("PRESSWATCH_NOW", "yesterday"), ("PRESSWATCH_HOSTS", "press.test=nowhere")]
)
def test_a_setting_that_cannot_be_read_is_named(environment: dict[str, str], variable: str, value: str) -> None:
    told_in_one_line(presswatch("run", **{**environment, variable: value}), variable, value)


def test_a_clock_that_went_back_is_refused_before_anything_is_asked(
    server: PressServer, environment: dict[str, str]
) -> None:
    assert presswatch("run", **environment).returncode == 0
    asked = len(server.log)
    earlier = {**environment, "PRESSWATCH_NOW": moment("d0 18:30").isoformat()}
    told_in_one_line(presswatch("run", **earlier), "clock")
    assert len(server.log) == asked


# --- ports


def test_the_ui_names_a_port_that_is_in_use(environment: dict[str, str]) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        told_in_one_line(presswatch("ui", "--port", port, **environment), f"port {port}", "--port")


def test_the_demo_topic_is_the_shipped_one() -> None:
    """What these scenarios match with is what is shipped, not a topic of their own."""
    values = demo_sources()
    assert {t["id"] for t in values["topics"]} == {
        "summit", "regulation", "industry", "enforcement", "evidence", "survivors"
    }  # fmt: skip
