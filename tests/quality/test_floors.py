"""Floors refuse a fall, and lowering one takes a reason; on a small set of invented pairs of URLs."""

import json
from dataclasses import replace
from pathlib import Path

import pytest

from tests.quality import floors, raise_floors
from tests.quality.corpora import CORPORA, Corpus
from tests.quality.floors import Floors, Lowered

SAME = {"a": "https://herald.press.test/1?utm_source=feed", "b": "https://herald.press.test/1", "same": True}
MISSED = {"a": "https://herald.press.test/1", "b": "https://other.press.test/2", "same": True}
APART = {"a": "https://herald.press.test/1", "b": "https://herald.press.test/2", "same": False}

FLOOR = Floors(how="by hand", corpus="0", floors={"recall": 0.8})


@pytest.fixture
def urls() -> Corpus:
    return next(c for c in CORPORA if c.name == "urls")


def put(folder: Path, *pairs: dict[str, object]) -> Path:
    """A folder of real data that holds these pairs of URLs alone."""
    (folder / "urls").mkdir(parents=True, exist_ok=True)
    (folder / "urls/dev.jsonl").write_text("".join(json.dumps(p) + "\n" for p in pairs), encoding="utf-8")
    return folder


def run(folder: Path, *more: str) -> int:
    return raise_floors.main(["urls", "--real-data", str(folder), "--floors", str(folder / "floors.json"), *more])


def same_found(folder: Path) -> float:
    return floors.read(folder / "floors.json")["urls"].floors["same_found"]


def test_a_value_under_its_floor_is_named_with_both_numbers() -> None:
    assert floors.fallen({"recall": 0.8}, {"recall": 0.7994}) == ["recall is 0.7994, under its floor of 0.8"]


def test_a_value_on_its_floor_holds() -> None:
    assert floors.fallen({"recall": 0.29, "precision": 0.943}, {"recall": 0.29, "precision": 0.9431}) == []


def test_a_floor_without_a_measure_does_not_hold() -> None:
    assert floors.fallen({"recall": 0.8}, {}) == ["recall is not measured, and has a floor of 0.8"]


def test_a_floor_is_the_value_cut_never_rounded_up() -> None:
    assert [floors.rounded(v) for v in (0.9426551, 0.9999, 1.0, 0.29)] == [0.942, 0.999, 1.0, 0.29]


def test_a_floor_given_up_is_a_floor_lowered() -> None:
    without = replace(FLOOR, floors={})
    with pytest.raises(ValueError, match="recall is not measured"):
        floors.raised(FLOOR, without, None)
    lowered = floors.raised(FLOOR, without, "the set has no labels any more").lowered
    assert lowered == (Lowered(measure="recall", before=0.8, after=None, reason="the set has no labels any more"),)


def test_earlier_lowerings_stay_on_record() -> None:
    once = floors.raised(FLOOR, replace(FLOOR, floors={"recall": 0.7}), "first")
    twice = floors.raised(once, replace(FLOOR, floors={"recall": 0.6}), "second")
    assert [(one.after, one.reason) for one in twice.lowered] == [(0.7, "first"), (0.6, "second")]


def test_floors_read_back_as_written(tmp_path: Path) -> None:
    known = {"urls": floors.raised(FLOOR, replace(FLOOR, floors={"recall": 0.7}), "first")}
    floors.write(known, tmp_path / "floors.json")
    assert floors.read(tmp_path / "floors.json") == known


def test_better_rules_raise_the_floor(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(put(tmp_path, SAME, MISSED, APART)) == 0
    assert same_found(tmp_path) == 0.5
    assert run(put(tmp_path, SAME, APART)) == 0
    assert same_found(tmp_path) == 1.0
    assert "urls same_found: 0.5 -> 1.0" in capsys.readouterr().out


def test_worse_rules_are_refused_and_nothing_is_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(put(tmp_path, SAME, APART))
    before = (tmp_path / "floors.json").read_bytes()
    assert run(put(tmp_path, SAME, MISSED, APART)) == 1
    assert (tmp_path / "floors.json").read_bytes() == before
    assert "same_found is 0.5000, under its floor of 1.0" in capsys.readouterr().err


def test_a_reason_lowers_the_floor_and_is_recorded(tmp_path: Path) -> None:
    run(put(tmp_path, SAME, APART))
    assert run(put(tmp_path, SAME, MISSED, APART), "--lower", "harder pairs came in") == 0
    (lowered,) = floors.read(tmp_path / "floors.json")["urls"].lowered
    assert lowered == Lowered(measure="same_found", before=1.0, after=0.5, reason="harder pairs came in")


def test_an_empty_reason_is_none(tmp_path: Path) -> None:
    with pytest.raises(SystemExit) as refused:
        run(put(tmp_path, SAME, APART), "--lower", "  ")
    assert refused.value.code == 2


def test_a_set_that_is_absent_is_said_and_leaves_the_floors(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(tmp_path) == 1
    assert not (tmp_path / "floors.json").exists()
    assert "urls: not in" in capsys.readouterr().err


def test_the_digest_of_a_set_is_of_every_byte_and_every_name(tmp_path: Path, urls: Corpus) -> None:
    whole = replace(urls, files=("urls/*",))
    digests = {whole.digest(put(tmp_path, SAME)), whole.digest(put(tmp_path, SAME, APART))}
    (tmp_path / "urls/dev.jsonl").rename(tmp_path / "urls/other.jsonl")
    assert len(digests | {whole.digest(tmp_path)}) == 3


def test_the_digest_of_a_set_does_not_depend_on_where_it_lies(tmp_path: Path, urls: Corpus) -> None:
    assert urls.digest(put(tmp_path / "here", SAME)) == urls.digest(put(tmp_path / "there", SAME))
