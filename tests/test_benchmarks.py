"""The benchmarks run, print every row, and measure what they say: no figure of theirs is judged here."""

import gzip
import json
import runpy
import subprocess
import sys
from collections import Counter
from pathlib import Path
from typing import Any

import feedparser
import pytest
import trafilatura

from benchmarks.clustering.invented import invent
from benchmarks.copying import history
from benchmarks.copying import score as copying_score
from benchmarks.costs import cpu_seconds
from benchmarks.extracting import contest, score
from benchmarks.extracting.report import percentile
from benchmarks.polling.invented import feed
from benchmarks.polling.plan import Plan
from benchmarks.polling.server import Outlets
from tests.quality.corpora import real_data

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


def extraction(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.extraction", "--demo", "--most", "6", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


@pytest.fixture(scope="module")
def read() -> dict[str, Any]:
    names = ("presswatch", "presswatch, two workers", "trafilatura with metadata", "trafilatura alone")
    ended = extraction(*(word for name in names for word in ("--only", name)), "--json")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    answer: dict[str, Any] = json.loads(ended.stdout)
    return answer


def test_every_contestant_reads_the_pages_of_the_press_and_tells_its_costs(read: dict[str, Any]) -> None:
    assert (read["pages"], read["source"]) == (6, "the demo press")
    assert read["bytes"] > 6 * 3000
    assert [row["name"] for row in read["contestants"]] == [
        "presswatch", "presswatch, two workers", "trafilatura alone", "trafilatura with metadata",
    ]  # fmt: skip
    for row in read["contestants"]:
        assert row["overall"]["body"] > 0.9, row
        assert (row["overall"]["missing"], row["failed"]) == (0.0, {})
        assert row["pages_per_cpu_s"] > 0
        assert row["wall_s"] > 0
        assert row["peak_mb"] >= row["idle_mb"] > 10
        assert set(row["by_corpus"]) == set(read["corpora"])


def test_workers_read_what_one_process_reads_and_fields_not_looked_for_have_no_score(read: dict[str, Any]) -> None:
    rows = {row["name"]: row for row in read["contestants"]}
    assert rows["presswatch"]["overall"] == rows["presswatch, two workers"]["overall"]
    assert rows["presswatch"]["p95_cpu_ms"] > 0
    assert rows["presswatch, two workers"]["p95_cpu_ms"] is None
    assert rows["trafilatura alone"]["overall"]["title"] is None
    assert rows["trafilatura with metadata"]["overall"]["date"] == 1.0


def test_aims_are_told_where_what_they_compare_was_run(read: dict[str, Any]) -> None:
    measured = {aim["aim"]: aim["measured"] for aim in read["aims"]}
    assert measured["pages per CPU-second, to trafilatura with metadata"] > 0
    ours, peer = (read["contestants"][place]["overall"]["title"] for place in (0, 3))
    assert measured["title, above the best peer"] == ours - peer
    assert measured["two workers, to one, in wall time"] is None


def test_a_peer_that_is_not_there_says_what_to_install_and_one_that_fails_is_an_exit_code(tmp_path: Path) -> None:
    nobody, broken = tmp_path / "nobody", tmp_path / "python"
    ended = extraction("--only", "trafilatura alone", "--only", "goose3", "--peers-python", str(nobody))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    lines = ended.stdout.splitlines()
    assert lines[0].startswith("6 pages of the demo press, ")
    assert any(line.startswith("goose3  ") and "not installed: pip install 'goose3[all]" in line for line in lines)
    assert any(line.startswith("trafilatura alone  ") and line.endswith(trafilatura.__version__) for line in lines)
    broken.write_text('#!/bin/sh\ntest "$1" = -c && exit 0\necho "no such module" >&2; exit 3\n')
    broken.chmod(0o755)
    ended = extraction("--only", "goose3", "--only", "trafilatura alone", "--peers-python", str(broken))
    assert ended.returncode == 1
    assert "could not run: no such module" in ended.stdout
    assert trafilatura.__version__ in ended.stdout


def test_a_page_that_fails_costs_a_contestant_that_page_alone(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    for name, body in (("one", b"good"), ("two", b"bad"), ("three", b"good")):
        (tmp_path / name).write_bytes(body)
    rows = [{"id": n, "path": str(tmp_path / n), "url": ""} for n in ("one", "two", "three")]
    (tmp_path / "pages.jsonl").write_text("".join(json.dumps(r) + "\n" for r in rows))
    monkeypatch.setattr(sys, "argv", ["contestant", str(tmp_path), "tried", "2"])

    def choosy(body: bytes, url: str) -> contest.Said:
        if body == b"bad":
            raise ValueError("no")
        nested: Any = [["2026-11-09"], "2026-11-10"]
        return contest.Said(text=body.decode() + url, author=["A. Two", *nested], date=nested)

    contest.run(choosy, version="1")
    told = json.loads(capsys.readouterr().out)
    assert told["failed"] == {"two": "ValueError: no"}
    assert set(told["cpu_ms"]) == {"one", "two", "three"}
    noted = [json.loads(line) for line in (tmp_path / "tried.jsonl").read_text().splitlines()]
    assert [(r["id"], r["text"]) for r in noted] == [("one", "good"), ("two", None), ("three", "good")]
    assert (noted[0]["author"], noted[0]["date"]) == (["A. Two", "2026-11-09", "2026-11-10"], "2026-11-09")


@pytest.mark.parametrize(
    "body",
    [
        "Schön, wie gewählt".encode(),
        "<meta charset=iso-8859-2>Źle wybrał".encode("iso-8859-2"),
        "Schön".encode("cp1252"),
    ],
)
def test_pages_are_decoded_as_browsers_do(body: bytes) -> None:
    assert contest.decoded(body).rpartition(">")[2] in {"Schön, wie gewählt", "Źle wybrał", "Schön"}


def test_the_95th_percentile_is_a_value_that_19_of_20_do_not_exceed() -> None:
    assert percentile([float(n) for n in range(1, 21)], 0.95) == 19.0
    assert percentile([3.0, 1.0], 0.95) == 3.0
    assert percentile([], 0.95) is None


SAID: list[dict[str, Any]] = [
    {},
    {"text": "Ministers agreed on Tuesday that hotlines share one form.", "title": "a pledge",
     "author": "B. One; A. Two", "date": "2026-11-09T23:30:00-0500"},
    {"text": "Ministers agreed on Tuesday, and more was said than that. A note of the editors stands here below.",
     "title": "A Pledge | Herald", "author": ["A. Two", "B. One"], "date": "2026-11-09"},
    {"text": "Too short", "title": "«A» pledge!", "author": ["B. One"], "date": "9 November"},
    {"text": "nothing of all this is in the true text at all", "author": [" "], "date": "2026-11-10T00:10:00Z"},
]  # fmt: skip
TRUE: list[dict[str, Any]] = [
    {"text": "Ministers agreed on Tuesday that hotlines share one form.", "title": "A pledge",
     "author": ["A. Two", "B. One"], "date": "2026-11-10", "optional": ["A note of the editors stands here below."]},
    {"text": "Ministers agreed on Tuesday that hotlines share one form.", "title": "Pledged", "title_alt": ["A pledge"],
     "author": "A. Two; B. One", "date": "2026-11-10T01:00:00+02:00"},
    {"title": "A pledge"},
]  # fmt: skip


def test_a_score_counts_shingles_and_whole_fields() -> None:
    found = score.of_page(TRUE[0], SAID[1])
    assert found == {"precision": 1.0, "recall": 1.0, "missing": 0.0, "title": 1.0, "author": 1.0, "date": 1.0}
    half = score.of_page(TRUE[0], {"text": "Ministers agreed on Tuesday that clerks were late and sorry."})
    assert (half["precision"], half["recall"]) == (2 / 7, 2 / 6)
    assert score.of_page(TRUE[2], {}) == {"title": 0.0}
    assert score.summary([{"precision": 1.0, "recall": 0.5}, {"recall": 0.5}])["body"] == pytest.approx(2 / 3)


def test_the_score_is_that_of_the_script_beside_the_real_pages() -> None:
    script = real_data() / "score_extraction.py"
    if not script.exists():
        pytest.skip(f"not in {real_data()}")
    theirs = runpy.run_path(str(script))
    ours, told = [], []
    for truth in TRUE:
        for said in SAID:
            ours.append(score.of_page(truth, said))
            told.append(theirs["score_page"](truth, said))
    named = {
        "precision": "shp",
        "recall": "shr",
        "title": "t_lo",
        "author": "a_set",
        "date": "d_day",
        "missing": "miss",
    }
    for mine, other in zip(ours, told, strict=True):
        assert mine == {name: other[key] for name, key in named.items() if other.get(key) is not None}
    whole, summed = theirs["summarize"](told), score.summary(ours)
    assert summed["body"] == pytest.approx(whole["sh_f1"])
    assert [summed[n] for n in ("title", "author", "date")] == [
        pytest.approx(whole[n]) for n in ("title_loose", "author_set", "date_day")
    ]


STORIES_OURS = ("--only", "presswatch, rules alone", "--only", "presswatch, whole stage")


def stories(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.stories", "--a-day", "240", "--real", "none.jsonl", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def test_rules_alone_and_the_whole_stage_make_the_same_stories_of_an_invented_day() -> None:
    ended = stories(*STORIES_OURS, "--json")
    assert ended.returncode == 0, ended.stdout + ended.stderr
    alone, whole = json.loads(ended.stdout)
    assert alone["invented_b_cubed"] == whole["invented_b_cubed"] > 0.9
    assert alone["real_b_cubed"] is None
    for row in (alone, whole):
        assert row["cpu_s"] > 0
        assert row["peak_mb"] >= row["idle_mb"] > 10


def test_the_table_of_stories_tells_what_is_not_installed_and_whether_the_aim_is_met(tmp_path: Path) -> None:
    nobody = str(tmp_path / "python")
    ended = stories("--only", "presswatch, rules alone", "--only", "single pass", "--peers-python", nobody)
    assert ended.returncode == 0, ended.stdout + ended.stderr
    lines = ended.stdout.splitlines()
    assert lines[0].startswith("240 invented articles of one day in 12 languages, 0 of real days")
    assert any(x.startswith("single pass  ") and "not installed: pip install 'scikit-learn" in x for x in lines)
    assert lines[-1].startswith("aim, the invented day under 60 CPU-s: ")


def test_an_invented_day_is_the_same_for_a_seed_and_has_look_alikes_and_single_reports() -> None:
    day = invent(days=1, a_day=300, languages=("en", "fr"))
    assert day == invent(days=1, a_day=300, languages=("en", "fr"))
    assert day != invent(days=1, a_day=300, languages=("en", "fr"), seed=8)
    assert [a.number for a in day] == list(range(1, 301))
    sizes = Counter(Counter((a.language, a.event) for a in day).values())
    assert sizes[1] > 10
    assert max(sizes) > 5


def duplicates(*words: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "benchmarks.duplicates", "--demo", *words]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300, check=False)


def test_copies_are_found_alike_at_hand_and_in_a_warehouse_and_a_peer_that_is_not_there_says_so(tmp_path: Path) -> None:
    ours = ("presswatch", "presswatch, in a warehouse")
    names = (word for name in (*ours, "rensa at .5") for word in ("--only", name))
    ended = duplicates(*names, "--json", "--peers-python", str(tmp_path / "nobody"))
    assert ended.returncode == 0, ended.stdout + ended.stderr
    answer = json.loads(ended.stdout)
    *found, peer = answer["contestants"]
    for row in found:
        assert (row["precision"], row["recall"], row["merged"]) == (1.0, 1.0, 0.0), row["name"]
        assert row["peak_mb"] >= row["idle_mb"] > 1
        assert row["texts_per_cpu_s"] == pytest.approx(answer["texts"] / row["cpu_s"])
    assert peer["problem"].startswith("not installed: pip install 'rensa")
    assert [aim["measured"] for aim in answer["aims"]] == [1.0, 1.0, 0.0, None, None]


def test_the_score_of_copies_is_by_pairs_of_one_origin() -> None:
    kinds = ("base", "copy", "rewrite", "template", "template", "base")
    texts = [{"origin": str(n // 3), "kind": kind} for n, kind in enumerate(kinds)]
    assert copying_score.scores(texts, [0, 0, 2, 3, 3, 3]) == {
        "precision": 1.0, "recall": 1.0, "recall_all": 4 / 6, "merged": 1.0,
    }  # fmt: skip
    assert copying_score.scores(texts, [0] * 6)["precision"] == 6 / 15


def test_a_batch_finds_its_copies_in_a_generated_history(tmp_path: Path) -> None:
    history.make(tmp_path, 3_000, 60)
    told = history.place(tmp_path, 40)
    assert (told["articles"], told["fingerprints"]) > (3_000, 3_000 * 34)
    assert told["copies"] == told["wanted"] == 12
