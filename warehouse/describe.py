"""Print the tables of the warehouse as Markdown, from the COMMENTs of a database made by the migrations.

`python warehouse/describe.py` prints the section; with `--write` it puts it into warehouse/README.md.
"""  # noqa: INP001 (a script beside the SQL, no package)

import re
import sys
import tempfile
from collections import defaultdict
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import Any

from pipelines.adapters.warehouse import Warehouse

Row = dict[str, Any]

HERE = Path(__file__).parent
README = HERE / "README.md"
BEGIN, END = "<!-- tables: written by describe.py -->", "<!-- end of tables -->"

# Of a statement: what follows these words is a table that it writes, or reads.
_WRITTEN = re.compile(r"\b(?:insert into|merge into|update|delete from)\s+(\w+)")
_READ = re.compile(r"\b(?:from|join)\s+(\w+)")

_RELATIONS = """
select table_name as name, comment, false as is_view from duckdb_tables()
where database_name = 'warehouse' and table_name <> 'schema_migrations'
union all
select view_name, comment, true from duckdb_views() where database_name = 'warehouse' and not internal
order by is_view, name
"""
_COLUMNS = """
select table_name as name, column_name as column, lower(data_type) as type, comment from duckdb_columns()
where database_name = 'warehouse' and not internal order by table_name, column_index
"""


def section() -> str:
    """The whole section, between its marks."""
    with tempfile.TemporaryDirectory() as folder, Warehouse.open(Path(folder), who="describe.py") as fresh:
        relations, rows = fresh.sql(_RELATIONS), fresh.sql(_COLUMNS)
    columns = {name: list(found) for name, found in groupby(rows, key=lambda r: str(r["name"]))}
    stages = _stages({r["name"] for r in relations})
    lines = [line for r in relations for line in _relation(r, columns[r["name"]], stages)]
    return "\n".join([BEGIN, "", *lines, END])


def _relation(relation: Row, columns: list[Row], stages: dict[tuple[str, str], set[str]]) -> Iterator[str]:
    name = relation["name"]
    comment = str(relation["comment"] or "").rstrip(".")
    yield f"### {name}{' (view)' if relation['is_view'] else ''}"
    yield ""
    told = [f"{verb} by {_listed(stages[verb, name])}" for verb in ("written", "read") if stages[verb, name]]
    yield f"{comment}.{' ' + '; '.join(told).capitalize() + '.' if told else ''}"
    yield ""
    if relation["is_view"]:
        yield "Columns: " + ", ".join(f"`{c['column']}`" for c in columns) + "."
    else:
        yield from ("| column | type | what it holds |", "|---|---|---|")
        yield from (f"| `{c['column']}` | {c['type']} | {_cell(c['comment'])} |" for c in columns)
    yield ""


def _stages(tables: set[str]) -> dict[tuple[str, str], set[str]]:
    """Which folder of statements writes a table, and which reads it."""
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for path in sorted((HERE / "statements").glob("*/*.sql")):
        code = "\n".join(line for line in path.read_text(encoding="utf-8").splitlines() if not line.startswith("--"))
        for verb, pattern in (("written", _WRITTEN), ("read", _READ)):
            for table in set(pattern.findall(code)) & tables:
                found[verb, table].add(path.parent.name)
    return found


def _listed(names: set[str]) -> str:
    return ", ".join(sorted(names))


def _cell(comment: str | None) -> str:
    return (comment or "").replace("|", "\\|")


def placed(text: str, tables: str) -> str:
    """The README with its section replaced."""
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    return f"{before}{tables}{after}"


if __name__ == "__main__":
    if "--write" in sys.argv[1:]:
        README.write_text(placed(README.read_text(encoding="utf-8"), section()), encoding="utf-8")
    else:
        sys.stdout.write(section() + "\n")
