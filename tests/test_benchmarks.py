"""The benchmarks run, print every row, and measure what they say: no figure of theirs is judged here."""

import gzip
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import feedparser
import pytest

from benchmarks.costs import cpu_seconds
from benchmarks.polling.invented import feed
from benchmarks.polling.plan import Plan
from benchmarks.polling.server import Outlets

ROOT = Path(__file__).parents[1]
FEEDS = 20
SMALL = ("--feeds", str(FEEDS), "--hosts", "5")
OURS_AND_THE_LOOP = ("--only", "presswatch", "--only", "bare loop", "--only", "bare loop + feedparser")


def benchmark(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.poll", *SMALL, *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def told() -> dict[str, Any]:
    ended = benchmark(*OURS_AND_THE_LOOP, "--json", "--rounds", "3")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def test_every_contestant_really_polls_every_feed_in_every_round(told: dict[str, Any]) -> None:
    rows = {row["name"]: row for row in told["contestants"]}
    assert set(rows) == {"presswatch", "bare loop", "bare loop + feedparser"}
    for row in rows.values():
        assert [r["answers"] for r in row["rounds"]] == [{"200": FEEDS}, {"304": FEEDS}, {"304": FEEDS}], row["name"]


def test_presswatch_and_feedparser_find_the_entries_that_were_invented(told: dict[str, Any]) -> None:
    assert told["entries"] > 25 * FEEDS
    for row in told["contestants"]:
        wanted = None if row["name"] == "bare loop" else told["entries"]
        assert [r["entries"] for r in row["rounds"]] == [wanted] * 3, row["name"]


def test_every_row_has_its_costs_and_every_aim_its_measure(told: dict[str, Any]) -> None:
    for row in told["contestants"]:
        assert all(r["cpu_ms_per_feed"] > 0 and r["wall_s"] > 0 for r in row["rounds"])
        assert row["peak_mb"] >= row["idle_mb"] > 1
    assert [aim["measured"] > 0 for aim in told["aims"]] == [True, True]


def test_the_table_has_a_row_for_each_and_says_what_is_not_installed(tmp_path: Path) -> None:
    nobody = tmp_path / "python"
    ended = benchmark("--only", "presswatch", "--only", "bare loop", "--only", "reader", "--peers-python", str(nobody))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    lines = ended.stdout.splitlines()
    assert lines[0].startswith("20 feeds on 5 hosts, ")
    for name, said in (("presswatch", "0.1.0"), ("bare loop", "aiohttp"), ("reader", "not installed: pip install")):
        (line,) = [x for x in lines if x.startswith(f"{name}  ")]
        assert said in line
    assert any("times the bare loop plus parsing: not measured" in x for x in lines)


def test_a_contestant_that_fails_is_a_row_and_an_exit_code_and_the_others_go_on(tmp_path: Path) -> None:
    broken = tmp_path / "python"
    broken.write_text('#!/bin/sh\ntest "$1" = -c && exit 0\necho "no such module" >&2; exit 3\n')
    broken.chmod(0o755)
    ended = benchmark("--only", "reader", "--only", "feedparser alone", "--peers-python", str(broken))
    assert ended.returncode == 1
    assert "not measured: no such module" in ended.stdout
    assert "feedparser alone" in ended.stdout.split("not measured: no such module")[1]


@pytest.mark.parametrize("number", range(6))
def test_an_invented_feed_is_well_formed_and_as_large_as_real_ones(number: int) -> None:
    body = feed(number, "http://paper0001.press.test")
    assert body == feed(number, "http://paper0001.press.test")
    assert 20_000 <= len(body) <= 45_000
    parsed = feedparser.parse(body)
    assert parsed.version in {"rss20", "atom10"}
    assert not parsed.bozo
    assert len({e.id for e in parsed.entries}) == len(parsed.entries) > 25
    assert all(e.title and e.link and e.published_parsed for e in parsed.entries)


def test_the_server_packs_only_for_who_unpacks_and_knows_its_own_validators(tmp_path: Path) -> None:
    folder = tmp_path / "feeds" / "paper.press.test"
    folder.mkdir(parents=True)
    (folder / "1.xml").write_bytes(b"<rss/>")
    outlets = Outlets.load(tmp_path)

    def asked(*headers: str) -> tuple[bytes, bytes]:
        head, _, body = outlets.answer(
            "\r\n".join(("GET /1.xml HTTP/1.1", "Host: paper.press.test", *headers))
        ).partition(b"\r\n\r\n")
        return head, body

    head, body = asked()
    assert body == b"<rss/>"
    assert gzip.decompress(asked("Accept-Encoding: gzip, br")[1]) == b"<rss/>"
    etag = head.partition(b"ETag: ")[2].partition(b"\r\n")[0].decode()
    assert asked(f"If-None-Match: {etag}")[0].startswith(b"HTTP/1.1 304 ")
    assert asked('If-None-Match: "another"')[0].startswith(b"HTTP/1.1 200 ")
    assert dict(outlets.answers) == {"200": 3, "304": 1}


@pytest.mark.skipif(not Path("/proc/self/stat").exists(), reason="without /proc only processes that ended are counted")
def test_the_time_of_a_worker_that_lives_on_is_counted() -> None:
    burn = "import time\nwhile time.process_time() < 0.5: pass\nprint(flush=True)\ninput()"
    before = cpu_seconds()
    with subprocess.Popen(
        [sys.executable, "-c", burn], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as worker:
        assert worker.stdout is not None
        worker.stdout.readline()
        alive = cpu_seconds() - before
        worker.communicate("\n")
    assert alive >= 0.45
    assert cpu_seconds() - before >= alive - 0.05  # counted once: the same time, now as an ended child's


def test_a_plan_is_read_as_it_was_saved(tmp_path: Path) -> None:
    plan = Plan(folder=str(tmp_path), port=8123, addresses=["http://paper.press.test/1.xml"], rounds=2)
    assert Plan.load(str(plan.save())) == plan
