"""`presswatch demo`: what it leaves, what it says, and that it can be stopped."""

import re
import shlex
import signal
import subprocess
import sys
from pathlib import Path

from pipelines.demo.play import DAYS
from pipelines.demo.press import Press

from .calling import COMMAND, environment, presswatch
from .conftest import Demo

MORNINGS = [Press.day(number).isoformat() for number in range(1, DAYS)]
FORMATS = ("html", "txt", "json", "eml")


def test_the_demo_leaves_a_warehouse_a_published_copy_an_archive_and_a_digest_for_each_morning(original: Demo) -> None:
    original.told.succeeded()
    assert (original.warehouse / "state" / "warehouse.duckdb").is_file()
    assert (original.warehouse / "published" / "presswatch.duckdb").is_file()
    assert len(list((original.warehouse / "archive").rglob("*.warc.gz"))) >= DAYS - 1
    digests = sorted(path.name for path in (original.warehouse / "digests").iterdir())
    assert digests == sorted(f"{day}.{suffix}" for day in MORNINGS for suffix in FORMATS)


def test_the_demo_tells_of_each_pass_and_each_digest(original: Demo) -> None:
    told = original.told.lines()
    passes = [
        line for line in told if re.match(r"\w{3} \d\d Nov \d\d:\d\d  pass: \d+ feeds polled, \d+ new entries", line)
    ]
    digests = [line for line in told if re.match(r"\w{3} \d\d Nov 07:30  digest of \d{4}-\d\d-\d\d: ", line)]
    assert len(passes) == 3 * (DAYS - 1) - 1
    assert [line.split("digest of ")[1][:10] for line in digests] == MORNINGS
    new = sum(int(re.findall(r"(\d+) new entries", line)[0]) for line in passes)
    assert str(new) == original.one("select count(*) from entries")
    assert digests[-1].endswith("a quiet day")


def test_the_demo_names_its_folder_and_the_digest_of_the_busiest_day(original: Demo) -> None:
    told = original.told.out
    assert f"Everything is in {original.folder}\n" in told
    named = Path(re.findall(r"busiest day: (\S+)", told)[0])
    assert named.is_file()
    counts = dict(re.findall(r"digest of (\S+): (\d+) articles", told))
    assert named.stem == max(counts, key=lambda day: int(counts[day]))


def test_the_commands_that_the_demo_proposes_work(demo: Demo) -> None:
    proposed = [line.strip() for line in demo.told.lines() if line.startswith("  presswatch ")]
    assert len(proposed) >= 2
    for line in proposed:
        called = presswatch(*shlex.split(line)[1:], cwd=demo.folder)
        assert (called.code, called.err) == (0, ""), line
        assert len(called.lines()) > 3


def test_a_demo_that_was_played_to_its_end_is_left_as_it_is(demo: Demo) -> None:
    before = {path: path.read_bytes() for path in (demo.warehouse / "digests").iterdir()}
    entries = demo.one("select count(*) from entries")
    told = demo.call("--json", "demo", "--keep", demo.folder).succeeded().json()
    assert told["folder"] == str(demo.folder)
    assert told["warehouse"] == str(demo.warehouse)
    assert {path: path.read_bytes() for path in (demo.warehouse / "digests").iterdir()} == before
    assert demo.one("select count(*) from entries") == entries


# A shell that runs the tests in the background has them ignore SIGINT, and their children inherit that.
_HEEDING_INTERRUPTS = (
    "import os, signal, sys; signal.signal(signal.SIGINT, signal.SIG_DFL); os.execv(sys.argv[1], sys.argv[1:])"
)


def test_a_demo_that_is_interrupted_says_so_in_one_line_and_leaves_a_sound_warehouse(tmp_path: Path) -> None:
    folder = tmp_path / "stopped"
    with subprocess.Popen(
        [sys.executable, "-c", _HEEDING_INTERRUPTS, COMMAND, "demo", "--keep", folder],
        env=environment(PYTHONUNBUFFERED="1"), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
    ) as playing:  # fmt: skip
        assert playing.stdout is not None
        assert playing.stderr is not None
        assert "pass:" in playing.stdout.readline()
        playing.send_signal(signal.SIGINT)
        told = playing.stderr.read()
    assert playing.returncode == 130, told
    assert told == "presswatch: stopped; the next run goes on from here\n"
    looked = presswatch("--warehouse", folder / "warehouse", "--sources", folder / "sources.yaml", "doctor")
    assert looked.code == 0, looked.out
    assert "conservation: holds" in looked.out
