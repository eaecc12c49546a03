"""The table of a benchmark of polling, and how far its aims were reached."""

from collections.abc import Iterator, Sequence
from typing import Any

Told = dict[str, Any]

BASE = "bare loop + feedparser"  # every ratio is to it: the least that a poller does who wants to know the entries
OURS = "presswatch"
_FIRST_AIM = 1.5
_UNCHANGED_AIM_MS = 1.0
_HEAD = f"{'':40} {'first poll':^16} {'round of 304s':^16} {'memory, MB':^13} {'wall, s':^15}"
_COLUMNS = (
    f"{'':40} {'CPU-ms':>8} {'ratio':>7} {'CPU-ms':>8} {'ratio':>7} {'idle':>6} {'peak':>6} {'first':>7} {'304s':>7}"
)


def aims(rows: Sequence[Told]) -> list[Told]:
    """What was to be shown, as measured; None where the rows that it takes were not run."""
    first, base = _cost_of(rows, OURS, 0), _cost_of(rows, BASE, 0)
    return [
        {
            "aim": f"first poll under {_FIRST_AIM} times the bare loop plus parsing",
            "measured": first / base if first and base else None,
            "limit": _FIRST_AIM,
        },
        {
            "aim": f"a round of 304s under {_UNCHANGED_AIM_MS} CPU-ms a feed, its share of transactions included",
            "measured": _cost_of(rows, OURS, 1),
            "limit": _UNCHANGED_AIM_MS,
        },
    ]


def table(told: Told) -> str:
    """Everything for people."""
    about = (
        f"{told['feeds']:,} feeds on {told['hosts']} hosts, {told['entries']:,} entries, "
        f"{told['bytes'] / 1e6:.1f} MB, input {told['input']}; CPU-ms a feed"
    )
    rows = told["contestants"]
    return "\n".join([
        about, "", _HEAD, _COLUMNS, *(_line(row, rows) for row in rows), "",
        *(_aim(aim) for aim in told["aims"]), *_hottest(told["hottest"]),
    ])  # fmt: skip


def _line(row: Told, rows: Sequence[Told]) -> str:
    if "missing" in row:
        return f"{row['name']:40} {row['missing']}"
    if row["problems"]:
        return f"{row['name']:40} not measured: {'; '.join(row['problems'])}"
    costs = "".join(f" {_number(_cost(row, n), 8)} {_number(_ratio(row, rows, n), 7)}" for n in (0, 1))
    walls = "".join(f" {_number(_least(row, n, 'wall_s'), 7)}" for n in (0, 1))
    return f"{row['name']:40}{costs} {row['idle_mb']:6.0f} {row['peak_mb']:6.0f}{walls}  {row['version']}"


def _number(value: float | None, width: int) -> str:
    return f"{'-':>{width}}" if value is None else f"{value:{width}.2f}"


def _ratio(row: Told, rows: Sequence[Told], number: int) -> float | None:
    cost, base = _cost(row, number), _cost_of(rows, BASE, number)
    return cost / base if cost is not None and base else None


def _cost_of(rows: Sequence[Told], name: str, number: int) -> float | None:
    return next((_cost(row, number) for row in rows if row["name"] == name), None)


def _cost(row: Told, number: int) -> float | None:
    return _least(row, number, "cpu_ms_per_feed")


def _least(row: Told, number: int, what: str) -> float | None:
    """Of the first round (0), or the least of the others (1): what disturbs a round only makes it dearer."""
    rounds = row["rounds"][:1] if number == 0 else row["rounds"][1:]
    return min((float(r[what]) for r in rounds), default=None)


def _aim(aim: Told) -> str:
    if aim["measured"] is None:
        return f"aim: {aim['aim']}: not measured"
    return f"aim: {aim['aim']}: {aim['measured']:.2f}, {'met' if aim['measured'] < aim['limit'] else 'missed'}"


def _hottest(rounds: Sequence[dict[str, Sequence[Told]]]) -> Iterator[str]:
    for number, functions in enumerate(rounds, start=1):
        for what, said in (("own", "functions by own time"), ("ours", "ours by whole time")):
            yield f"\n{f'round {number}, {said}':64} {'own':>6} {'whole':>6} {'calls':>10}"
            for f in functions[what]:
                yield f"{f['function'][:64]:64} {f['own_share']:6.1%} {f['whole_share']:6.1%} {f['calls']:10,}"
