"""The one door to DuckDB: the writer's file, the published copy, and SQL from files.

    Warehouse.open(folder)  --lock, migrate, views-->  with warehouse.transaction(): run("poll/add_entries", rows=[…])
    Published.open(folder)  --read-only-->             query("explain/entries", url_key="…")

Rows go in as one JSON parameter named `rows`; each statement file names the types it expects
(`from_json_strict`), so a wrong row is an error and never a silent NULL.
"""

import contextlib
import fcntl
import json
import math
import os
import shutil
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from datetime import time as clock
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Any, Protocol, Self, TextIO
from uuid import UUID

import duckdb

from pipelines.core.errors import WarehouseBusy, WarehouseError
from pipelines.shipped import shipped

Row = dict[str, Any]

_LOCK_ASKED_EVERY = 0.2  # seconds
_ROW_GROUP_ROWS = 32_768
_ZSTD_FROM_CHARS = 512  # longer strings are stored with zstd: 4,040 -> 1,444 bytes an article
_INTERRUPTED = "Query interrupted"  # how DuckDB tells of a Ctrl-C that comes while a statement is prepared


class Reader(Protocol):
    """What reading needs: a statement by name, named parameters, rows as dicts."""

    def query(self, name: str, **parameters: object) -> list[Row]:
        """Rows of a statement file."""
        ...


@dataclass(slots=True)
class _Session:
    """Statement files on one DuckDB connection."""

    connection: duckdb.DuckDBPyConnection

    def query(self, name: str, **parameters: object) -> list[Row]:
        """Rows of `warehouse/statements/<name>.sql`, each a dict; times are aware and in UTC."""
        return self.sql(_statement(name), parameters, name)

    def run(self, name: str, **parameters: object) -> None:
        """Execute `warehouse/statements/<name>.sql`; `rows` is handed over as JSON."""
        if "rows" in parameters:
            if not parameters["rows"]:
                return
            parameters["rows"] = as_json(parameters["rows"])
        self._execute(_statement(name), parameters, name)

    def sql(self, text: str, parameters: Mapping[str, object] | None = None, name: str = "query") -> list[Row]:
        """Rows of any SQL text."""
        cursor = self._execute(text, parameters or {}, name)
        columns = _unique([c[0] for c in cursor.description or ()])
        return [dict(zip(columns, values, strict=True)) for values in cursor.fetchall()]

    def _execute(self, text: str, parameters: Mapping[str, object], name: str) -> duckdb.DuckDBPyConnection:
        try:
            done = self.connection.execute(text, dict(parameters)) if parameters else self.connection.execute(text)
        except duckdb.InterruptException as interrupted:  # DuckDB answers Ctrl-C in its own way
            raise KeyboardInterrupt from interrupted
        except (duckdb.Error, RuntimeError) as refused:  # RuntimeError: half a character, which is no text
            if str(refused) == _INTERRUPTED:
                raise KeyboardInterrupt from refused
            raise WarehouseError(f"{name}: {_first_line(refused)}") from refused
        # DuckDB gives None for a text without any statement, whatever its stubs say.
        if not isinstance(done, duckdb.DuckDBPyConnection):
            raise WarehouseError(f"{name}: no statement in it")
        return done


def _unique(names: Sequence[str]) -> list[str]:
    """Columns of one name told apart as a, a_1, a_2: a row is a dict, and none may be lost."""
    taken: dict[str, int] = {}
    unique = []
    for name in names:
        wanted = name
        while wanted in taken:
            taken[name] += 1
            wanted = f"{name}_{taken[name]}"
        taken.setdefault(wanted, 0)
        unique.append(wanted)
    return unique


@dataclass(slots=True)
class Warehouse:
    """The writer: one process at a time, one connection, all state in one folder.

    Attributes:
        folder: holds state/, published/, archive/ and digests/.
        committed: called after each commit; tests stop the process there.
    """

    folder: Path
    session: _Session
    _lock: "WriterLock"
    committed: Callable[[], None] = field(default=lambda: None)
    changes: int = 0

    @classmethod
    def open(cls, folder: Path, *, who: str = "presswatch", patience: float = 0.0) -> Self:
        """Take the writer's lock, open or create the database, bring it up to the newest migration.

        Args:
            folder: made if it does not exist.
            who: told to whoever else wants to write.
            patience: seconds to wait for another writer.

        Raises:
            WarehouseBusy: somebody else is writing, still after that time.
            WarehouseError: the folder or the file cannot be used.
        """
        path = folder / "state" / "warehouse.duckdb"
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as refused:
            raise WarehouseError(
                f"{folder}: cannot be used as a warehouse: {refused.strerror}; choose another with --warehouse DIR"
            ) from refused
        with contextlib.ExitStack() as undo:
            lock = WriterLock.take(folder / "state" / "writer.lock", who, patience)
            undo.callback(lock.release)
            session = _Session(_connect(path, read_only=False))
            undo.callback(session.connection.close)
            warehouse = cls(folder=folder, session=session, _lock=lock)
            warehouse._migrate()
            undo.pop_all()
        return warehouse

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file and give the lock back."""
        self.session.connection.close()
        self._lock.release()

    @contextlib.contextmanager
    def transaction(self) -> Iterator[_Session]:
        """All or nothing. On an error everything since the start is rolled back and the error goes on."""
        self.session.sql("begin transaction", name="begin")
        try:
            yield self.session
            self.session.sql("commit", name="commit")
        except BaseException:
            with contextlib.suppress(duckdb.Error, WarehouseError):
                self.session.connection.execute("rollback")
            raise
        self.changes += 1
        self.committed()

    def query(self, name: str, **parameters: object) -> list[Row]:
        """Rows of a statement file."""
        return self.session.query(name, **parameters)

    def sql(self, text: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Rows of any SQL text."""
        return self.session.sql(text, parameters)

    def schema_version(self) -> int:
        """Number of the newest migration applied."""
        return int(self.session.sql("select max(version) as v from schema_migrations")[0]["v"])

    def _migrate(self) -> None:
        self.session.sql(
            "create table if not exists schema_migrations (version integer, name varchar, applied_at timestamptz)"
        )
        done = {r["version"] for r in self.session.sql("select version from schema_migrations")}
        paths = sorted(shipped("warehouse/migrations").glob("*.sql"))
        newest = max(int(path.name.split("_")[0]) for path in paths)
        if max(done, default=0) > newest:
            raise WarehouseError(
                f"{self.folder}: schema version {max(done)} is newer than this program's {newest}; update presswatch"
            )
        for path in paths:
            version = int(path.name.split("_")[0])
            if version not in done:
                with self.transaction() as tx:
                    tx.sql(path.read_text(encoding="utf-8"), name=path.name)
                    tx.sql(
                        "insert into schema_migrations values ($version, $name, $now)",
                        {"version": version, "name": path.stem, "now": datetime.now(UTC)},
                    )
        with self.transaction() as tx:
            for path in sorted(shipped("warehouse/views").glob("*.sql")):
                tx.sql(path.read_text(encoding="utf-8"), name=path.name)

    def publish(self) -> Path:
        """Hand readers a new copy, whole and atomically: checkpoint, copy, check, fsync, replace.

        The writer stays open: DuckDB holds its own file lock, and after a checkpoint the file on disk is complete.

        Raises:
            WarehouseError: the copy could not be written or does not open.
        """
        target = self.folder / "published" / "presswatch.duckdb"
        source = self.folder / "state" / "warehouse.duckdb"
        partial = target.with_suffix(".partial")
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            self.session.sql("force checkpoint", name="checkpoint")
            shutil.copyfile(source, partial)
            counts = _checked_counts(partial)
            _fsync(partial)
            partial.replace(target)
            _fsync(target.parent)
            write_whole(target.with_name("manifest.json"), as_json(counts, indent=1).encode())
        except OSError as refused:
            with contextlib.suppress(OSError):
                partial.unlink(missing_ok=True)
            raise WarehouseError(
                f"{target}: could not be published: {refused.strerror}; readers keep the copy before"
            ) from refused
        return target


class Published:
    """The copy that everybody reads. Opened read-only; never blocks the writer."""

    def __init__(self, path: Path) -> None:
        if not path.exists():
            raise WarehouseError(f"{path}: nothing is published yet; run `presswatch run` or `presswatch demo` first")
        self.session = _Session(_connect(path, read_only=True))

    @classmethod
    def open(cls, folder: Path) -> Self:
        """The published copy of a warehouse folder."""
        return cls(folder / "published" / "presswatch.duckdb")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.session.connection.close()

    def query(self, name: str, **parameters: object) -> list[Row]:
        """Rows of a statement file."""
        return self.session.query(name, **parameters)

    def sql(self, text: str, parameters: Mapping[str, object] | None = None) -> list[Row]:
        """Rows of any SQL text; a statement that would write is refused by the read-only file."""
        return self.session.sql(text, parameters)

    def lock_down(self) -> None:
        """No files, no network, no settings: for statements that come from people."""
        self.session.sql("set enable_external_access = false")
        self.session.sql("set lock_configuration = true")


@dataclass(slots=True)
class WriterLock:
    """An advisory lock on a file that says who holds it and since when. It dies with its process."""

    file: TextIO

    @classmethod
    def take(cls, path: Path, who: str, patience: float = 0.0) -> Self:
        """Take the lock, waiting at most `patience` seconds for it.

        Raises:
            WarehouseBusy: it is held; the message says by whom.
        """
        try:
            file = path.open("a+", encoding="utf-8")
        except OSError as refused:
            raise WarehouseError(f"{path}: {refused.strerror}; give this user the folder") from refused
        deadline = time.monotonic() + patience
        while not _locked(file):
            if time.monotonic() >= deadline:
                file.seek(0)
                holder = file.read().strip() or "another process"
                file.close()
                raise WarehouseBusy(f"{path.parent.parent}: being written by {holder}; wait for it or stop it")
            time.sleep(_LOCK_ASKED_EVERY)
        with contextlib.suppress(OSError):  # a full disk must not cost us a lock that we hold: only its note is lost
            file.truncate(0)
            file.write(f"{who} (pid {os.getpid()}, since {datetime.now(UTC):%Y-%m-%d %H:%M:%S} UTC)")
            file.flush()
        return cls(file)

    def release(self) -> None:
        """Give the lock back."""
        with contextlib.suppress(OSError):
            self.file.close()


def _locked(file: TextIO) -> bool:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def _connect(path: Path, *, read_only: bool) -> duckdb.DuckDBPyConnection:
    connection = duckdb.connect()
    try:
        connection.execute("set TimeZone = 'UTC'")
        if read_only:
            connection.execute(f"attach {_quoted(path)} as warehouse (read_only)")
        else:
            connection.execute(f"set global zstd_min_string_length = {_ZSTD_FROM_CHARS}")
            connection.execute(
                f"attach {_quoted(path)} as warehouse (storage_version 'v1.5.0', row_group_size {_ROW_GROUP_ROWS})"
            )
        connection.execute("use warehouse")
    except duckdb.Error as refused:
        connection.close()
        raise WarehouseError(f"{path}: {_first_line(refused)}") from refused
    return connection


def _quoted(path: Path) -> str:
    return "'" + str(path).replace("'", "''") + "'"


def _checked_counts(path: Path) -> Row:
    with contextlib.closing(_connect(path, read_only=True)) as connection:
        session = _Session(connection)
        tables = session.sql(
            "select table_name from duckdb_tables() where database_name = 'warehouse' order by table_name"
        )
        counts = {
            t["table_name"]: session.sql(f'select count(*) as n from "{t["table_name"]}"')[0]["n"]  # noqa: S608
            for t in tables
        }
        newest = session.sql("select max(first_seen_at) as t from articles")[0]["t"]
        version = session.sql("select max(version) as v from schema_migrations")[0]["v"]
    return {"row_counts": counts, "schema_version": version, "newest_first_seen_at": newest}


@cache
def _statement(name: str) -> str:
    path = shipped("warehouse/statements") / f"{name}.sql"
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError as missing:
        raise WarehouseError(f"{path}: the statement {name} is not shipped; the installation is broken") from missing


def as_json(value: object, *, indent: int | None = None) -> str:
    """JSON for a parameter or a file: times as ISO 8601, unknown as null."""
    try:
        return json.dumps(value, default=_json_value, ensure_ascii=False, indent=indent, allow_nan=False)
    except ValueError:  # NaN and Infinity are no JSON
        return json.dumps(_finite(value), default=_json_value, ensure_ascii=False, indent=indent, allow_nan=False)


def _finite(value: object) -> object:
    """NaN and Infinity as null, at whatever depth."""
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {k: _finite(v) for k, v in value.items()}
    return [_finite(v) for v in value] if isinstance(value, (list, tuple)) else value


def _json_value(value: object) -> object:
    if isinstance(value, (datetime, date, clock)):
        return value.isoformat()
    if isinstance(value, (timedelta, UUID)):
        return str(value)
    if isinstance(value, Decimal):
        return float(value)
    if isinstance(value, bytes):
        return value.decode("utf-8", "backslashreplace")
    if isinstance(value, (tuple, frozenset)):
        return sorted(value) if isinstance(value, frozenset) else list(value)
    raise TypeError(f"{type(value).__name__} does not go into JSON")


def _first_line(error: BaseException) -> str:
    return str(error).strip().split("\n", maxsplit=1)[0]


def _fsync(path: Path) -> None:
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that readers see the old one or the new one, never a part."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_name(path.name + ".partial")
    try:
        partial.write_bytes(content)
        _fsync(partial)
        partial.replace(path)
    except OSError:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise


def chunks(rows: Sequence[Row], size: int) -> Iterator[Sequence[Row]]:
    """Rows in runs of at most `size`."""
    for start in range(0, len(rows), size):
        yield rows[start : start + size]
