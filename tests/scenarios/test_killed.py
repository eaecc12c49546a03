"""Killed anywhere: the demo is ended by SIGKILL at some point, taken up again, and ends as if nothing had been.

Allowed to differ: attempts, polls and times. A poll whose answer was not archived is lost until the next pass, so
what it would have listed comes a pass later.
"""

import json
import os
import random
import signal
import subprocess
import sys
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest

from pipelines.adapters.warehouse import Published
from pipelines.demo.world import moment

from .killed_play import KINDS
from .playing import ROOT, Archived, Outcome, address, archived, is_conditional, logged, offending, opened_copy

SEED = 20261108
SAMPLE = 3
WHOLE = 40
_SHORT = moment("d3 18:30")  # a copy, the correction and the removal have been seen by then
_END = moment("d6 07:30")


@dataclass(frozen=True, slots=True)
class Undisturbed:
    """A demo that nobody killed: how it ended, the points it met, and its commits when each digest was told."""

    outcome: Outcome
    files: set[str]
    met: dict[str, int]
    digests: list[int]


def play(folder: Path, until: datetime, *point: str) -> subprocess.CompletedProcess[str]:
    folder.mkdir(exist_ok=True)
    path = os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])
    return subprocess.run(
        [sys.executable, "-m", "tests.scenarios.killed_play", str(folder), until.isoformat(), *point],
        env={**os.environ, "PYTHONPATH": path}, capture_output=True, text=True, check=False, timeout=300,
    )  # fmt: skip


def undisturbed(folder: Path, until: datetime) -> Undisturbed:
    ended = play(folder, until)
    assert ended.returncode == 0, ended.stderr
    with Published.open(folder / "warehouse") as reader:
        return Undisturbed(Outcome.of(reader), digest_files(folder), **json.loads(ended.stdout))


def digest_files(demo: Path) -> set[str]:
    return {p.name for p in (demo / "warehouse" / "digests").iterdir()}


@pytest.fixture(scope="module")
def short(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    return undisturbed(tmp_path_factory.mktemp("short"), _SHORT)


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Undisturbed:
    return undisturbed(tmp_path_factory.mktemp("whole"), _END)


def drawn(seed: str, many: int) -> list[tuple[str, float]]:
    """Kinds of points in turn, each with how far into the run it lies."""
    draw = random.Random(seed)
    return [(KINDS[i % len(KINDS)], round(draw.random(), 4)) for i in range(many)]


@pytest.mark.parametrize(("kind", "share"), drawn(f"{SEED} sample", SAMPLE))
def test_a_demo_killed_at_a_point_ends_as_an_undisturbed_one(
    short: Undisturbed, tmp_path: Path, kind: str, share: float
) -> None:
    killed_and_resumed(tmp_path, short, _SHORT, kind, 1 + int(share * short.met[kind]))


@pytest.mark.slow
@pytest.mark.parametrize(("kind", "share"), drawn(f"{SEED} whole", WHOLE))
def test_a_demo_killed_at_any_of_forty_points_ends_as_an_undisturbed_one(
    whole: Undisturbed, tmp_path: Path, kind: str, share: float
) -> None:
    killed_and_resumed(tmp_path, whole, _END, kind, 1 + int(share * whole.met[kind]))


@pytest.mark.parametrize("before_the_end", [0, 1], ids=["published", "remembered"])
def test_a_demo_killed_while_a_digest_is_told_has_its_files_in_the_end(
    short: Undisturbed, tmp_path: Path, before_the_end: int
) -> None:
    killed_and_resumed(tmp_path, short, _SHORT, "after_commit", short.digests[-1] - before_the_end)


@pytest.mark.slow
@pytest.mark.parametrize("kind", KINDS)
def test_a_demo_killed_again_and_again_ends_as_an_undisturbed_one(
    whole: Undisturbed, tmp_path: Path, kind: str
) -> None:
    """Each process comes some way further than the one before it."""
    for number in range(20, 200, 20):
        if play(tmp_path / "demo", _END, kind, str(number)).returncode == 0:
            break
        assert soundness(tmp_path / "demo", tmp_path / f"copy-{number}") == {}
    compare(tmp_path / "demo", whole, _END)


def killed_and_resumed(folder: Path, reference: Undisturbed, until: datetime, kind: str, number: int) -> None:
    demo = folder / "demo"
    killed = play(demo, until, kind, str(number))
    assert killed.returncode == -signal.SIGKILL, killed.stderr
    before = len(logged(demo / "requests.jsonl"))
    held = archived(demo / "warehouse" / "archive")
    assert soundness(demo, folder / "copy") == {}
    compare(demo, reference, until)
    assert repeated(held, demo / "requests.jsonl", before) == []


def soundness(demo: Path, copy: Path) -> object:
    """The rows that offend a check right after the kill; looked at in a copy."""
    with opened_copy(demo / "warehouse", copy) as warehouse:
        # Roll-ups are the last stage of a pass: killed before it, they are as of the last pass that ended.
        return {name: rows for name, rows in offending(warehouse).items() if name != "rollups"}


def compare(demo: Path, reference: Undisturbed, until: datetime) -> None:
    resumed = play(demo, until)
    assert resumed.returncode == 0, resumed.stderr
    with Published.open(demo / "warehouse") as reader:
        assert offending(reader) == {}
        twins = first_by_chance(reader)
        mine, theirs = (o.without_articles(twins) for o in (Outcome.of(reader), reference.outcome))
        assert mine.differences(theirs) == {}
    assert digest_files(demo) == reference.files
    assert not (demo / "warehouse" / "archive" / "unfinished.json").exists()


def first_by_chance(reader: Published) -> frozenset[int]:
    """Articles that two feeds list, in their plain and their AMP form, where a poll was lost with its process.

    The one whose poll was not lost is the first to list them then, and its form is the one that is read.
    """
    if not reader.sql("select 1 from polls where outcome = 'interrupted' limit 1"):
        return frozenset()
    rows = reader.sql("select article_id from entries group by article_id having count(distinct feed_id) > 1")
    return frozenset(r["article_id"] for r in rows if r["article_id"] is not None)


def repeated(held: list[Archived], log_file: Path, before: int) -> list[str]:
    """What the second process asked for although the first had archived it: pages ever, the rest at that time."""
    later = logged(log_file)[before:]
    pages = {a.asked for a in held if a.purpose in {"first", "revisit"}}
    found = [address(r) for r in later if address(r) in pages and not is_conditional(r)]
    timed = {(a.asked, a.at) for a in held if a.purpose in {"poll", "robots", "revisit"}}
    return found + [address(r) for r in later if (address(r), datetime.fromisoformat(r["now"])) in timed]
