"""The door to DuckDB: one writer, whole transactions, whole copies."""

import json
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, date, datetime, timezone
from pathlib import Path
from typing import Any

import duckdb
import pytest

from pipelines.adapters.warehouse import Published, Warehouse, WriterLock, as_json, chunks, write_whole
from pipelines.core.errors import WarehouseBusy, WarehouseError
from pipelines.shipped import shipped
from tests.builders import NOW


@pytest.fixture
def warehouse(tmp_path: Path) -> Iterator[Warehouse]:
    with Warehouse.open(tmp_path / "w") as opened:
        yield opened


def pause(host: str = "press.test", until: Any = NOW) -> dict[str, Any]:
    return {"host": host, "until_at": until, "reason": "429", "known_from": NOW}


def hosts(warehouse: Warehouse | Published) -> list[str]:
    return [r["host"] for r in warehouse.sql("select host from host_pauses order by host")]


def test_migrations_are_applied_once_and_in_order(tmp_path: Path) -> None:
    for _ in range(3):
        with Warehouse.open(tmp_path / "w") as warehouse:
            applied = warehouse.sql("select version, name, applied_at from schema_migrations order by version")
    files = sorted(shipped("warehouse/migrations").glob("*.sql"))
    assert [r["name"] for r in applied] == [f.stem for f in files]
    assert [r["version"] for r in applied] == [int(f.stem[:4]) for f in files]


def test_opening_again_keeps_what_was_written(tmp_path: Path) -> None:
    with Warehouse.open(tmp_path / "w") as warehouse, warehouse.transaction() as tx:
        tx.run("poll/add_pauses", rows=[pause()])
    with Warehouse.open(tmp_path / "w") as warehouse:
        assert hosts(warehouse) == ["press.test"]
        assert warehouse.schema_version() == max(int(f.stem[:4]) for f in shipped("warehouse/migrations").glob("*.sql"))


def test_articles_and_drafts_of_the_third_schema_get_the_flags_that_their_rows_tell(tmp_path: Path) -> None:
    path = tmp_path / "w" / "state" / "warehouse.duckdb"
    path.parent.mkdir(parents=True)
    with duckdb.connect(str(path)) as old:
        old.execute("create table schema_migrations (version integer, name varchar, applied_at timestamptz)")
        for file in sorted(shipped("warehouse/migrations").glob("000[123]_*.sql")):
            old.execute(file.read_text(encoding="utf-8"))
            old.execute("insert into schema_migrations values (?, ?, now())", [int(file.name[:4]), file.stem])
        old.execute(
            "insert into articles"
            " (article_id, title, authors, published_day, language, words, is_partial, is_paywalled)"
            " values (1, 'Ministers agree', ['Ada Quill'], date '2026-11-02', 'en', 400, false, null),"
            " (2, ' ', [], null, null, 99, true, true)"
        )
        old.execute("insert into articles_before (article_id, title, words, known_to) values (1, 'A', 400, now())")
        old.execute("insert into drafts (article_id, title, language, is_partial) values (4, 'A', 'en', true)")
    every = ["no_title", "no_authors", "no_date", "no_language", "feed_text", "short", "paywalled"]
    with Warehouse.open(tmp_path / "w") as warehouse:
        found = warehouse.sql("select flags, tags, wire, section, title_source from articles order by article_id")
        assert [list(r.values()) for r in found] == [[[], [], [], None, None], [every, [], [], None, None]]
        waiting = warehouse.sql("select flags, tags, wire from drafts")
        assert waiting == [{"flags": ["no_authors", "no_date", "feed_text"], "tags": [], "wire": []}]
        then = warehouse.sql("select flags from articles_at(timestamptz '2026-01-01') where article_id = 1")
        assert then == [{"flags": ["no_authors", "no_date", "no_language"]}]


def test_copies_of_the_fifth_schema_are_pairs_and_their_articles_can_be_found_again(tmp_path: Path) -> None:
    path = tmp_path / "w" / "state" / "warehouse.duckdb"
    path.parent.mkdir(parents=True)
    with duckdb.connect(str(path)) as old:
        old.execute("create table schema_migrations (version integer, name varchar, applied_at timestamptz)")
        for file in sorted(shipped("warehouse/migrations").glob("000[12345]_*.sql")):
            old.execute(file.read_text(encoding="utf-8"))
            old.execute("insert into schema_migrations values (?, ?, now())", [int(file.name[:4]), file.stem])
        old.execute(
            "insert into articles (article_id, outlet_id, state) values (1, 'wire', 'kept'), (2, 'post', 'kept')"
        )
        old.execute(
            "insert into fingerprints "
            "select id, null, date '2026-11-02', 16 * n from range(5) as a(n), range(1, 3) as b(id)"
        )
        old.execute(
            "insert into copies by name select 2 as article_id, 1 as original_id, 'near_copy' as rule,"
            " 0.9 as containment, 1 as numbers_overlap, 1 as names_overlap, 0.25 as added_share"
        )
    with Warehouse.open(tmp_path / "w") as warehouse:
        found = warehouse.query("cluster/pairs_of", ids="[1]")
        assert [(p["one_id"], p["other_id"], p["score"], p["shared"]) for p in found] == [(1, 2, 0.9, 750)]
        assert (found[0]["one_shingles"], found[0]["other_shingles"]) == (833, 1000)
        keys = warehouse.sql("select article_id, outlet_id, sampled from copy_keys order by 1")
        assert [tuple(r.values()) for r in keys] == [(1, "wire", 5), (2, "post", 5)]


def test_every_table_and_column_says_what_it_is(warehouse: Warehouse) -> None:
    silent = warehouse.sql(
        "select table_name, column_name from duckdb_columns() where database_name = 'warehouse' and comment is null "
        "and table_name <> 'schema_migrations' and table_name in (select table_name from duckdb_tables())"
    )
    assert silent == []


def test_a_transaction_is_all(warehouse: Warehouse) -> None:
    with warehouse.transaction() as tx:
        tx.run("poll/add_pauses", rows=[pause("a")])
        tx.run("poll/add_pauses", rows=[pause("b")])
    assert hosts(warehouse) == ["a", "b"]


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt])
def test_a_transaction_is_nothing_where_anything_fails(warehouse: Warehouse, error: type[BaseException]) -> None:
    def write() -> None:
        with warehouse.transaction() as tx:
            tx.run("poll/add_pauses", rows=[pause()])
            raise error

    with pytest.raises(error):
        write()
    assert hosts(warehouse) == []


def test_after_a_refused_statement_the_next_transaction_works(warehouse: Warehouse) -> None:
    def write() -> None:
        with warehouse.transaction() as tx:
            tx.run("poll/add_pauses", rows=[pause("a")])
            tx.query("poll/host_pauses", now="no time")

    with pytest.raises(WarehouseError):
        write()
    with warehouse.transaction() as tx:
        tx.run("poll/add_pauses", rows=[pause("b")])
    assert hosts(warehouse) == ["b"]


def test_each_commit_is_told_and_none_that_was_rolled_back(warehouse: Warehouse) -> None:
    told: list[int] = []
    warehouse.committed = lambda: told.append(1)
    with warehouse.transaction() as tx:
        tx.run("poll/add_pauses", rows=[pause()])
    with pytest.raises(RuntimeError), warehouse.transaction():
        raise RuntimeError
    assert told == [1]


@pytest.mark.parametrize(
    "row",
    [
        pause(until="yes"),
        pause(until=12.5),
        {"host": "a", "until_at": NOW},
        pause(until=["2026"]),
        pause(until={"a": 1}),
    ],
)
def test_a_row_of_the_wrong_shape_is_an_error_and_never_a_silent_null(
    warehouse: Warehouse, row: dict[str, Any]
) -> None:
    with pytest.raises(WarehouseError, match="poll/add_pauses"), warehouse.transaction() as tx:
        tx.run("poll/add_pauses", rows=[pause("sound"), row])
    assert hosts(warehouse) == []


def test_no_rows_are_no_statement(warehouse: Warehouse) -> None:
    with warehouse.transaction() as tx:
        tx.run("poll/add_pauses", rows=[])
    assert hosts(warehouse) == []


def test_text_comes_back_as_it_went_in(warehouse: Warehouse) -> None:
    odd = ["é ü ł", "'; drop table host_pauses; --", '"\\', "子ども", "😀", "\u2028", "a\x00b", "", "null"]
    with warehouse.transaction() as tx:
        tx.run("poll/add_pauses", rows=[pause(text) for text in odd])
    assert hosts(warehouse) == sorted(odd, key=str.encode)


def test_half_a_character_is_a_named_refusal(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError), warehouse.transaction() as tx:
        tx.run("poll/add_pauses", rows=[pause("a\ud800")])


def test_times_come_back_aware_and_in_utc(warehouse: Warehouse) -> None:
    brussels = datetime(
        2026, 11, 24, 13, 0, tzinfo=timezone(datetime(2026, 1, 1, 1, tzinfo=UTC) - datetime(2026, 1, 1, tzinfo=UTC))
    )
    with warehouse.transaction() as tx:
        tx.run("poll/add_pauses", rows=[pause(until=brussels)])
    found = warehouse.sql("select until_at from host_pauses")[0]["until_at"]
    assert found == NOW
    assert found.utcoffset() == datetime.min.replace(tzinfo=UTC).utcoffset()


def test_a_statement_that_is_not_shipped_says_so(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError, match="poll/no_such"):
        warehouse.query("poll/no_such")


def test_an_error_of_sql_is_one_line_with_its_statement(warehouse: Warehouse) -> None:
    with pytest.raises(WarehouseError) as refused:
        warehouse.sql("select nothing from nowhere")
    assert "\n" not in str(refused.value)
    assert "nowhere" in str(refused.value)


def test_a_second_writer_is_refused_and_told_who_writes(tmp_path: Path) -> None:
    code = f"""
from pathlib import Path
from pipelines.adapters.warehouse import Warehouse
from pipelines.core.errors import WarehouseBusy
try:
    Warehouse.open(Path({str(tmp_path / "w")!r}), who="second")
except WarehouseBusy as busy:
    print(busy)
"""
    with Warehouse.open(tmp_path / "w", who="presswatch run"):
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    assert "presswatch run (pid " in told
    assert "since 20" in told
    assert len(told.splitlines()) == 1


def test_a_second_writer_in_the_same_process_is_refused_too(tmp_path: Path) -> None:
    with Warehouse.open(tmp_path / "w"), pytest.raises(WarehouseBusy, match="being written by presswatch"):
        Warehouse.open(tmp_path / "w")
    Warehouse.open(tmp_path / "w").close()


def test_a_lock_left_by_a_process_that_died_is_free(tmp_path: Path) -> None:
    (tmp_path / "writer.lock").write_text("presswatch run (pid 1, since 2020-01-01 00:00:00 UTC)")
    lock = WriterLock.take(tmp_path / "writer.lock", "next")
    assert (tmp_path / "writer.lock").read_text().startswith("next (pid ")
    lock.release()


def test_a_folder_that_is_a_file_is_refused_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "w").write_text("not a folder")
    with pytest.raises(WarehouseError, match="cannot be used as a warehouse") as refused:
        Warehouse.open(tmp_path / "w")
    assert "\n" not in str(refused.value)


def test_a_broken_database_is_refused_and_its_lock_given_back(tmp_path: Path) -> None:
    state = tmp_path / "w" / "state"
    state.mkdir(parents=True)
    (state / "warehouse.duckdb").write_bytes(b"this is no database" * 1000)
    for _ in range(2):
        with pytest.raises(WarehouseError, match=r"warehouse\.duckdb"):
            Warehouse.open(tmp_path / "w")


def test_readers_get_a_whole_copy_with_its_manifest(warehouse: Warehouse) -> None:
    with warehouse.transaction() as tx:
        tx.run("poll/add_pauses", rows=[pause("a"), pause("b")])
    path = warehouse.publish()
    with Published.open(warehouse.folder) as published:
        assert hosts(published) == ["a", "b"]
    manifest = json.loads(path.with_name("manifest.json").read_text())
    assert manifest["row_counts"]["host_pauses"] == 2
    assert manifest["schema_version"] == warehouse.schema_version()
    assert sorted(p.name for p in path.parent.iterdir()) == ["manifest.json", "presswatch.duckdb"]


def test_an_open_reader_keeps_its_copy_and_never_stops_the_writer(warehouse: Warehouse) -> None:
    with warehouse.transaction() as tx:
        tx.run("poll/add_pauses", rows=[pause("a")])
    warehouse.publish()
    with Published.open(warehouse.folder) as before:
        with warehouse.transaction() as tx:
            tx.run("poll/add_pauses", rows=[pause("b")])
        warehouse.publish()
        assert hosts(before) == ["a"]
        with Published.open(warehouse.folder) as after:
            assert hosts(after) == ["a", "b"]


def test_what_is_not_published_is_not_seen(warehouse: Warehouse) -> None:
    warehouse.publish()
    with warehouse.transaction() as tx:
        tx.run("poll/add_pauses", rows=[pause("later")])
    with Published.open(warehouse.folder) as published:
        assert hosts(published) == []


def test_a_publish_that_fails_leaves_the_copy_before(warehouse: Warehouse) -> None:
    path = warehouse.publish()
    before = path.read_bytes()
    path.with_suffix(".partial").mkdir()
    with warehouse.transaction() as tx:
        tx.run("poll/add_pauses", rows=[pause()])
    with pytest.raises(WarehouseError, match="could not be published"):
        warehouse.publish()
    assert path.read_bytes() == before


def test_nothing_published_yet_says_what_to_run(tmp_path: Path) -> None:
    with pytest.raises(WarehouseError, match="presswatch run"):
        Published.open(tmp_path)


WRITES = [
    "insert into host_pauses values ('x', now(), 'y')",
    "update host_pauses set host = 'x'",
    "delete from host_pauses",
    "drop table host_pauses",
    "create table t (a integer)",
    "create or replace view kept_articles as select 1",
    "alter table host_pauses add column x integer",
    "truncate host_pauses",
]


@pytest.mark.parametrize("statement", WRITES)
@pytest.mark.parametrize("locked", [True, False])
def test_the_published_copy_refuses_every_write(warehouse: Warehouse, statement: str, *, locked: bool) -> None:
    with warehouse.transaction() as tx:
        tx.run("poll/add_pauses", rows=[pause("a")])
    warehouse.publish()
    with Published.open(warehouse.folder) as published:
        if locked:
            published.lock_down()
        with pytest.raises(WarehouseError):
            published.sql(statement)
        assert hosts(published) == ["a"]


@pytest.mark.parametrize(
    "statement",
    [
        "select * from read_text('{}')",
        "select * from read_csv('{}')",
        "select * from '{}'",
        "select * from read_blob('{}')",
        "select * from glob('{}')",
        "copy host_pauses to '{}.out'",
        "attach '{}.db' as other",
        "export database '{}.dir'",
        "select * from read_csv('http://127.0.0.1:9/a.csv')",
        "install httpfs",
        "load httpfs",
        "copy (select 1) to '{}.out' (format csv)",
        "set enable_external_access = true",
        "reset enable_external_access",
        "set lock_configuration = false",
        "set threads = 1",
        "pragma profiling_output = '{}.out'",
        "select getenv('HOME')",
    ],
)
def test_a_locked_copy_reads_no_file_writes_none_and_keeps_its_lock(
    warehouse: Warehouse, tmp_path: Path, statement: str
) -> None:
    secret = tmp_path / "secret.csv"
    secret.write_text("a\n1\n")
    warehouse.publish()
    with Published.open(warehouse.folder) as published:
        published.lock_down()
        with pytest.raises(WarehouseError):
            published.sql(statement.format(secret))
    assert sorted(p.name for p in tmp_path.iterdir()) == ["secret.csv", "w"]


def test_values_become_json_exactly() -> None:
    assert json.loads(as_json({"a": NOW, "b": date(2026, 11, 24), "c": (1, 2), "d": frozenset({2, 1}), "e": None})) == {
        "a": "2026-11-24T12:00:00+00:00",
        "b": "2026-11-24",
        "c": [1, 2],
        "d": [1, 2],
        "e": None,
    }
    with pytest.raises(TypeError, match="object"):
        as_json(object())


def test_a_file_is_written_whole_or_not_at_all(tmp_path: Path) -> None:
    path = tmp_path / "deep" / "digest.html"
    write_whole(path, b"one")
    write_whole(path, b"two")
    assert path.read_bytes() == b"two"
    assert [p.name for p in path.parent.iterdir()] == ["digest.html"]


def test_chunks_hold_every_row_once_and_in_order() -> None:
    rows = [{"n": n} for n in range(10)]
    assert [len(c) for c in chunks(rows, 4)] == [4, 4, 2]
    assert [r for c in chunks(rows, 4) for r in c] == rows
    assert list(chunks([], 4)) == []


def test_the_file_is_in_the_format_that_was_decided(warehouse: Warehouse) -> None:
    warehouse.publish()
    with duckdb.connect() as connection:
        connection.execute(f"attach '{warehouse.folder}/published/presswatch.duckdb' as w (read_only)")
        tags = connection.execute("select tags from duckdb_databases() where database_name = 'w'").fetchall()
    assert "v1.5" in str(tags)
