"""The table of a benchmark of extraction, and how far its aims were reached."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Told = dict[str, Any]

OURS, BASE = "presswatch", "trafilatura with metadata"
ONE, TWO = "presswatch, one worker", "presswatch, two workers"
FIELDS = ("body", "title", "author", "date", "missing")
_SPEED_UP = 1.8
_QUALITY = "".join(f" {name:>8}" for name in FIELDS)
_HEAD = f"{'':28}{_QUALITY} {'failed':>7} {'pages/CPU-s':>12} {'p95 CPU-ms':>11} {'peak MB':>8} {'idle MB':>8}"


def percentile(values: Sequence[float], share: float) -> float | None:
    """The least value that this share of the values does not exceed."""
    ordered = sorted(values)
    return ordered[max(0, -(-int(share * 100) * len(ordered) // 100) - 1)] if ordered else None


def aims(rows: Sequence[Told]) -> list[Told]:
    """What was to be shown, as measured; None where the rows that it takes were not run."""
    found = {row["name"]: row for row in rows if not row.get("problem")}
    ours, base, one, two = (found.get(name) for name in (OURS, BASE, ONE, TWO))
    speed = ours["pages_per_cpu_s"] / base["pages_per_cpu_s"] if ours and base else None
    workers = one["wall_s"] / two["wall_s"] if one and two else None
    return [
        {"aim": f"pages per CPU-second, to {BASE}", "measured": speed, "limit": 1.0},
        {"aim": "two workers, to one, in wall time", "measured": workers, "limit": _SPEED_UP},
        *(_ahead(name, ours, list(found.values())) for name in FIELDS[:-1]),
    ]


def _ahead(name: str, ours: Told | None, rows: Sequence[Told]) -> Told:
    """How far a field of ours lies above the best peer's."""
    theirs = [s for r in rows if not r["name"].startswith(OURS) and (s := r["overall"][name]) is not None]
    own = ours["overall"][name] if ours else None
    return {
        "aim": f"{name}, above the best peer",
        "measured": own - max(theirs) if own and theirs else None,
        "limit": 0.0,
    }


def table(told: Told) -> str:
    """Everything for people."""
    about = (
        f"{told['pages']} pages of {told['source']}, {told['bytes'] / told['pages'] / 1000:.0f} kB on average, "
        f"input {told['input']}; '-': not looked for"
    )
    rows = told["contestants"]
    corpora = list(dict.fromkeys(c for row in rows for c in row.get("by_corpus", ())))
    return "\n".join([
        about, "", _HEAD, *(_line(row) for row in rows), "",
        *(line for corpus in corpora for line in _of_corpus(corpus, rows, told["corpora"][corpus])),
        *(_aim(aim) for aim in told["aims"]),
    ])  # fmt: skip


def _line(row: Told) -> str:
    if row.get("problem"):
        return f"{row['name']:28} {row['problem']}"
    memory = f" {row['peak_mb']:8.0f} {row['idle_mb']:8.0f}"
    p95 = f"{'-':>11}" if row["p95_cpu_ms"] is None else f"{row['p95_cpu_ms']:11.1f}"
    costs = f"{len(row['failed']):7} {row['pages_per_cpu_s']:12.1f} {p95}{memory}"
    return f"{row['name']:28}{_fields(row['overall'])} {costs}  {row['version']}"


def _of_corpus(corpus: str, rows: Sequence[Told], pages: int) -> Iterator[str]:
    yield f"{f'{corpus}, {pages} pages':28}{_QUALITY}"
    for row in rows:
        if not row.get("problem"):
            yield f"{row['name']:28}{_fields(row['by_corpus'][corpus])}"
    yield ""


def _fields(scores: Mapping[str, float | None]) -> str:
    return "".join(f" {'-' if scores[name] is None else format(scores[name], '.3f'):>8}" for name in FIELDS)


def _aim(aim: Told) -> str:
    if aim["measured"] is None:
        return f"aim: {aim['aim']}: not measured"
    said = "met" if aim["measured"] >= aim["limit"] else "missed"
    return f"aim: {aim['aim']}: {aim['measured']:.3f} of {aim['limit']:g}, {said}"
