"""How things are shown: colour and tables on a terminal, plain lines in a pipe, JSON for machines."""

import contextlib
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from pipelines.adapters.warehouse import as_json
from pipelines.core.nouns import Counted

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)
_MOST_ROWS_ON_TERMINAL = 500
_ONE_LINE = dict.fromkeys(map(ord, "\t\n\r\v\f\x1c\x1d\x1e\x85\u2028\u2029"), " ")


def line(text: str) -> None:
    """One line on standard output, as it is: tabs stay tabs, and `:cat:` is no picture."""
    sys.stdout.write(text + "\n")


def problem(text: str) -> None:
    """What went wrong, on standard error: one line each."""
    for part in text.splitlines():
        err.print(f"presswatch: {part}", markup=False, emoji=False, style="bold red" if err.is_terminal else None)


def as_json_line(value: object) -> None:
    """One JSON value on one line."""
    sys.stdout.write(as_json(value) + "\n")


def counted(done: Counted) -> None:
    """What a stage did, on one line."""
    told = ", ".join(f"{name.replace('_', ' ')} {n:,}" for name, n in done.counts.items() if n) or "nothing to do"
    if out.is_terminal:
        out.print(f"[bold]{done.stage:>10}[/bold]  {told}")
    else:
        line(f"{done.stage}: {told}")


@contextlib.contextmanager
def working(stages: Sequence[str]) -> Iterator[Callable[[Counted], None]]:
    """Tells of each stage as it ends; on a terminal, a spinner names the one that is going on."""
    following = iter((*stages[1:], "finishing"))
    if not out.is_terminal:
        yield counted
        return
    with out.status(f"{stages[0]}…") as status:

        def tell(done: Counted) -> None:
            counted(done)
            status.update(f"{next(following, 'finishing')}…")

        yield tell


@contextlib.contextmanager
def waiting(for_what: str) -> Iterator[None]:
    """A spinner on a terminal; elsewhere nothing."""
    if not out.is_terminal:
        yield
        return
    with out.status(f"{for_what}…"):
        yield


def rows(found: Sequence[Mapping[str, Any]]) -> None:
    """A table on a terminal, tab-separated lines with a header elsewhere."""
    if not found:
        line("no rows")
        return
    if not out.is_terminal:
        line("\t".join(found[0]))
        for row in found:
            line("\t".join(_cell(v) for v in row.values()))
        return
    table = Table(*(Column(Text(name)) for name in found[0]), header_style="bold")
    for row in found[:_MOST_ROWS_ON_TERMINAL]:
        table.add_row(*(Text(_cell(v)) for v in row.values()))
    out.print(table)
    if len(found) > _MOST_ROWS_ON_TERMINAL:
        line(f"{len(found):,} rows, the first {_MOST_ROWS_ON_TERMINAL} shown; a pipe gets all")


def _cell(value: object) -> str:
    if value is None:
        return "NULL" if out.is_terminal else ""
    if isinstance(value, (dict, list)):
        return as_json(value)
    return str(value).translate(_ONE_LINE)
