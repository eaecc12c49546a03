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


def test_no_rows_are_said_to_be_none(demo: Demo) -> None:
    assert demo.call("sql", "from entries where false").succeeded().out == "no rows\n"
    assert demo.call("--json", "sql", "from entries where false").succeeded().json() == []


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


def test_the_prompt_says_that_nothing_is_published(demo: Demo, tmp_path: Path) -> None:
    called = demo.call("--warehouse", tmp_path / "none", "sql", stdin=b"select 1\n")
    assert "nothing is published yet" in called.err
    assert "Traceback" not in called.err
