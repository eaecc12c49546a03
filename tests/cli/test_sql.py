"""`presswatch sql`: read-only, for people and for scripts, also while the pipeline writes."""

import fcntl
import os
import pty
import subprocess
import termios
from pathlib import Path

import pytest

from pipelines.adapters.warehouse import Warehouse

from .calling import COMMAND, environment
from .conftest import Demo


def test_rows_are_tab_separated_under_a_header_where_nobody_looks(demo: Demo) -> None:
    called = demo.command("sql", "select state, count(*) as n from entries group by all order by all").succeeded()
    header, *rows = [line.split("\t") for line in called.lines()]
    assert header == ["state", "n"]
    assert sum(int(n) for _, n in rows) == int(demo.one("select count(*) from entries"))


def test_null_is_empty_and_white_space_does_not_break_rows(demo: Demo) -> None:
    query = "select null as a, E'x\\ty\\nz' as b, [1, null] as c, {'k': date '2026-11-10'} as d, true as e, 'ü' as f"
    called = demo.call("sql", query).succeeded()
    assert called.out == 'a\tb\tc\td\te\tf\n\tx y z\t[1, null]\t{"k": "2026-11-10"}\tTrue\tü\n'


def test_words_are_shown_as_they_are_stored(demo: Demo) -> None:
    stored = "[bold]x[/bold] :warning: :cat: \\[y] 'z' \u00ad&amp;"
    called = demo.call("sql", "select '" + stored.replace("'", "''") + "' as a").succeeded()
    assert called.out == f"a\n{stored}\n"


def test_a_carriage_return_does_not_break_rows(demo: Demo) -> None:
    assert len(demo.call("sql", "select 'a' || chr(13) || 'b' as c").succeeded().lines()) == 2


def test_rows_are_a_table_on_a_terminal(demo: Demo) -> None:
    controlling, terminal = pty.openpty()
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, b"\x28\x00\x78\x00\x00\x00\x00\x00")
    with subprocess.Popen(
        [COMMAND, "sql", "select 'left' as one, null as two"],
        env={**environment(**demo.env), "TERM": "xterm"}, stdout=terminal, stdin=terminal, stderr=subprocess.PIPE,
    ) as asking:  # fmt: skip
        assert asking.wait(60) == 0
    shown = os.read(controlling, 65536).decode()
    os.close(terminal)
    os.close(controlling)
    assert "one" in shown
    assert "left" in shown
    assert "NULL" in shown
    assert "│" in shown
    assert "\t" not in shown


def test_json_is_one_array_of_row_objects(demo: Demo) -> None:
    called = demo.call("--json", "sql", "select entry_id, title, first_listed_at from entries order by 1 limit 3")
    found = called.succeeded().json()
    assert [list(row) for row in found] == [["entry_id", "title", "first_listed_at"]] * 3
    assert all(row["first_listed_at"].endswith("+00:00") for row in found)
    assert called.out.count("\n") == 1


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("null", {None}),
        ("1.5::decimal(4,2)", {1.5, "1.50"}),
        ("sum(1)", {1}),
        ("interval 90 minute", {"1:30:00", "01:30:00", 5400}),
        ("time '10:00'", {"10:00:00"}),
        ("'a'::blob", {"a", "61", "YQ=="}),
        ("'6f0e1f0e-0000-4000-8000-000000000000'::uuid", {"6f0e1f0e-0000-4000-8000-000000000000"}),
        ("'nan'::double", {None, "nan"}),
        ("'inf'::double", {None, "inf"}),
        ("date '2026-11-10'", {"2026-11-10"}),
        ("timestamptz '2026-11-10 07:30:00+01'", {"2026-11-10T06:30:00+00:00"}),
    ],
)
def test_a_value_of_every_type_goes_into_json(value: str, expected: set[object], demo: Demo) -> None:
    called = demo.call("--json", "sql", f"select {value} as v")
    assert called.code == 0, called.err.splitlines()[-1]
    (row,) = called.json()
    assert row["v"] in expected


def test_a_value_of_every_type_goes_into_a_list_as_text(demo: Demo) -> None:
    called = demo.call("sql", "select [interval 1 day] as a, [1.5::decimal(4,2)] as b, {'t': time '10:00'} as c")
    assert called.code == 0, called.err.splitlines()[-1]


def test_columns_of_one_name_are_both_shown(demo: Demo) -> None:
    assert demo.call("sql", "select 1 as a, 2 as a").succeeded().lines()[1] == "1\t2"


def test_no_rows_are_said_to_be_none(demo: Demo) -> None:
    assert demo.call("sql", "from entries where false").succeeded().out == "no rows\n"
    assert demo.call("--json", "sql", "from entries where false").succeeded().json() == []


@pytest.mark.parametrize("query", ["", "  ", "-- only a remark", ";"])
def test_a_query_that_asks_nothing_is_no_crash(query: str, demo: Demo) -> None:
    called = demo.call("sql", query)
    assert called.code in {0, 1, 2}
    assert "Traceback" not in called.err


REFUSED = {
    "a table is not dropped": "drop table entries",
    "rows are not deleted": "delete from entries",
    "rows are not added": "insert into publishes select * from publishes",
    "rows are not changed": "update entries set state = 'kept'",
    "tables are not made": "create table mine as select 1",
    "views are not made": "create view mine as select 1",
    "a second statement does not write either": "select 1; drop table entries",
    "files are not read": "select * from read_text('/etc/hostname')",
    "csv files are not read": "select * from read_csv('/etc/passwd')",
    "files are not read by name": "select * from '/etc/passwd'",
    "folders are not listed": "select * from glob('/etc/*')",
    "files are not written": "copy entries to 'entries.csv'",
    "the database is not exported": "export database 'everything'",
    "other databases are not opened": "attach 'other.duckdb'",
    "the writer's file is not opened": "attach 'warehouse/state/warehouse.duckdb' as w",
    "extensions are not installed": "install httpfs",
    "extensions are not loaded": "load httpfs",
    "the network is not asked": "select * from read_csv('http://127.0.0.1:9/x.csv')",
    "settings are not opened again": "set enable_external_access = true",
    "settings are not opened globally": "set global enable_external_access = true",
    "the lock on settings stays": "set lock_configuration = false",
    "what is no SQL is refused": "selec 1",
    "what does not exist is named": "from nosuchtable",
}


@pytest.mark.parametrize("query", REFUSED.values(), ids=REFUSED.keys())
def test_what_a_reader_may_not_do_is_refused_in_one_line(query: str, demo: Demo) -> None:
    published = demo.warehouse / "published" / "presswatch.duckdb"
    before, files = published.read_bytes(), set(demo.folder.iterdir())
    called = demo.call("sql", query)
    assert called.failed_with_one_line().startswith("query: ")
    assert "root:" not in called.out
    assert published.read_bytes() == before
    assert set(demo.folder.iterdir()) == files


def test_readers_read_while_a_writer_holds_the_lock_and_see_the_last_publish(spare: Demo) -> None:
    entries = spare.one("select count(*) from entries")
    with Warehouse.open(spare.warehouse, who="a long run") as warehouse, warehouse.transaction() as writing:
        writing.sql("delete from entries")
        assert spare.one("select count(*) from entries") == entries


def test_a_new_publish_is_what_the_next_query_sees(spare: Demo) -> None:
    with Warehouse.open(spare.warehouse, who="a run") as warehouse:
        with warehouse.transaction() as writing:
            writing.sql("delete from entries where state = 'off_topic'")
        warehouse.publish()
    assert spare.one("select count(*) from entries where state = 'off_topic'") == "0"


def test_the_prompt_takes_a_statement_a_line_and_goes_on_after_an_error(demo: Demo) -> None:
    lines = b"select 1 as a\n\nselec\nselect 2 as b;\nquit\nselect 3 as c\n"
    called = demo.command("sql", stdin=lines)
    assert (called.code, called.out) == (0, "a\n1\nb\n2\n")
    (line,) = called.err.splitlines()
    assert "Parser Error" in line


def test_the_prompt_ends_with_its_input_and_survives_a_line_that_asks_nothing(demo: Demo) -> None:
    called = demo.command("sql", stdin=b";\n-- a remark\nselect 1 as a")
    assert "Traceback" not in called.err
    assert called.code == 0
    assert called.lines()[-2:] == ["a", "1"]


def test_the_prompt_speaks_json_when_told_so(demo: Demo) -> None:
    called = demo.call("--json", "sql", stdin=b"select 1 as a\nselect 2 as b\n").succeeded()
    answers: list[object] = list(called.objects())
    assert answers == [[{"a": 1}], [{"b": 2}]]


def test_the_prompt_says_that_nothing_is_published(demo: Demo, tmp_path: Path) -> None:
    called = demo.call("--warehouse", tmp_path / "none", "sql", stdin=b"select 1\n")
    assert "nothing is published yet" in called.err
    assert "Traceback" not in called.err
