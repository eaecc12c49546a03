"""The table of the benchmark of duplicates, and how far its aims were reached."""

from collections.abc import Sequence
from typing import Any

Told = dict[str, Any]

OURS = "presswatch"
SMALL, LARGE = (1_000_000, 30), (10_000_000, 300)  # articles, days: as many a day, so that the window holds as many
BATCH = 1_000
_PRECISION, _RECALL, _MERGED = 0.985, 0.97, 1
_BATCH_CPU_S, _NO_SLOWER = 3.0, 2.0
_HEAD = (
    f"{'':28} {'precision':>9} {'recall':>7} {'with rewrites':>13} {'merged':>7} {'texts/CPU-s':>12} {'peak MB':>8} "
    f"{'idle MB':>8}"
)


def aims(rows: Sequence[Told], batches: Sequence[Told]) -> list[Told]:
    """What was to be shown, as measured; None where the rows that it takes were not run."""
    ours = next((r for r in rows if r["name"] == OURS and "problem" not in r), {})
    small, large = (b.get("cpu_s") for b in batches) if len(batches) == len((SMALL, LARGE)) else (None, None)
    slower = large / small if small and large else None
    return [
        {"aim": "precision, at least", "measured": ours.get("precision"), "limit": _PRECISION},
        {"aim": "recall without heavy rewrites, at least", "measured": ours.get("recall"), "limit": _RECALL},
        {"aim": "look-alike reports merged, at most", "measured": ours.get("merged"), "limit": _MERGED},
        {"aim": f"CPU-s of a batch over {SMALL[0]:,} articles, at most", "measured": small, "limit": _BATCH_CPU_S},
        {"aim": f"times that over {LARGE[0]:,}, at most", "measured": slower, "limit": _NO_SLOWER},
    ]


def table(told: Told) -> str:
    """Everything for people."""
    return "\n".join([
        f"{told['texts']} texts of {told['source']}, input {told['input']}", "", _HEAD,
        *map(_line, told["contestants"]), "", *map(_batch, told["batches"]), *map(_aim, told["aims"]),
    ])  # fmt: skip


def _line(row: Told) -> str:
    if row.get("problem"):
        return f"{row['name']:28} {row['problem']}"
    right = f"{row['precision']:9.3f} {row['recall']:7.3f} {row['recall_all']:13.3f} {row['merged']:7.0f}"
    memory = f"{row['peak_mb']:8.0f} {row['idle_mb']:8.0f}"
    return f"{row['name']:28} {right} {row['texts_per_cpu_s']:12.1f} {memory}  {row['version']}"


def _batch(row: Told) -> str:
    if row.get("problem"):
        return f"{row['name']}: {row['problem']}"
    costs = f"{row['cpu_s']:.2f} CPU-s, {row['wall_s']:.2f} s, peak {row['peak_mb']:.0f} MB"
    return f"{row['name']}, {row['disk_gb']:.1f} GB: {costs}, {row['copies']} of {row['wanted']} copies found"


def _aim(aim: Told) -> str:
    if aim["measured"] is None:
        return f"aim: {aim['aim']}: not measured"
    is_met = aim["measured"] <= aim["limit"] if "at most" in aim["aim"] else aim["measured"] >= aim["limit"]
    return f"aim: {aim['aim']}: {aim['measured']:.3f} of {aim['limit']:g}, {'met' if is_met else 'missed'}"
