"""A batch of new articles against a generated history on the disk: what finding their copies costs.

    python -m benchmarks.copying.history make FOLDER ARTICLES DAYS     a warehouse with so much history
    python -m benchmarks.copying.history batch FOLDER SIZE             opens it, places a batch, tells its costs

Most of the history is made by SQL: articles of random sampled shingles, two of 34 out of a small pool, as formulas are.
On each of the last 30 days stand real texts too, which three in ten of the batch carry with cuts and additions.
"""

import json
import random
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

from benchmarks.copying.texts import prose
from benchmarks.costs import cpu_seconds, peak_bytes
from pipelines.adapters.warehouse import Warehouse, as_json, chunks
from pipelines.core.nouns import ClusterItem
from pipelines.core.resemblance import sample, text_hash
from pipelines.stages.copying import place_copies

_END = datetime(2026, 11, 24, 8, tzinfo=UTC)
_REAL_TEXTS = 300
_SENTENCES = 14
_COPIES = 0.3  # of the batch
_AT_ONCE = 1_000_000


def _sql(name: str) -> str:
    return Path(__file__).with_name(f"{name}.sql").read_text(encoding="utf-8")


def store(warehouse: Warehouse, items: Sequence[ClusterItem], *, is_known: bool = False) -> None:
    """Articles as `match` leaves them, in warehouses of benchmarks; `is_known`: with what the stage makes of them."""
    for some in chunks([_row(i) for i in items], 500):
        warehouse.sql(_sql("rows"), {"rows": as_json(some)})
        for name in ("stored", "known") if is_known else ("stored",):
            warehouse.sql(_sql(name))


def _row(item: ClusterItem) -> dict[str, object]:
    return {
        "article_id": item.article_id, "outlet_id": item.outlet_id, "text": item.text, "seen": item.first_seen_at,
        "shingles": sorted(sample(item.text)), "text_hash": text_hash(item.text),
    }  # fmt: skip


def make(folder: Path, articles: int, days: int) -> None:
    """A warehouse with so many articles of so many days before the batch's, and the real texts among the last 30."""
    with Warehouse.open(folder, who="benchmark") as warehouse:
        for start in range(0, articles, _AT_ONCE):
            named = {"from": start, "to": min(articles, start + _AT_ONCE), "articles": articles, "days": days,
                     "end": _END - timedelta(days=1)}  # fmt: skip
            with warehouse.transaction() as tx:
                tx.sql(_sql("numbers"), named)
                tx.sql(_sql("made"))
        store(warehouse, list(_real_texts()), is_known=True)
        warehouse.sql("force checkpoint")


def _real_texts() -> Iterator[ClusterItem]:
    chance = random.Random(7)
    for n in range(_REAL_TEXTS):
        seen = _END - timedelta(days=1 + n % 29)
        yield ClusterItem(article_id=-1 - n, outlet_id=f"paper-{n}", publisher="", language="en", title="",
                          text=prose(chance, _SENTENCES), first_seen_at=seen)  # fmt: skip


def _batch(size: int) -> list[ClusterItem]:
    known, chance, items = [i.text for i in _real_texts()], random.Random(11), list[ClusterItem]()
    for n in range(size):
        text = prose(chance, _SENTENCES)
        if n < size * _COPIES:
            lines = known[n % len(known)].split("\n")
            text = "\n".join([*lines[: chance.randint(9, _SENTENCES)], prose(chance, 2)])
        items.append(ClusterItem(article_id=-100_000 - n, outlet_id=f"daily-{n % 40}", publisher="", language="en",
                                 title="", text=text, first_seen_at=_END))  # fmt: skip
    return items


def place(folder: Path, size: int) -> dict[str, object]:
    """Open the warehouse, place a batch in one transaction, and tell what that cost; storing it is not counted."""
    items = _batch(size)
    with Warehouse.open(folder, who="benchmark") as warehouse:
        store(warehouse, items)
        (held,) = warehouse.sql(
            "select (select count(*) from articles) as articles, (select count(*) from fingerprints) as rows"
        )
        idle, cpu, wall = peak_bytes(), cpu_seconds(), time.monotonic()
        with warehouse.transaction() as tx:
            copies = place_copies(tx, [i.article_id for i in items], _END)
        used, waited = cpu_seconds() - cpu, time.monotonic() - wall
    return {
        "articles": held["articles"], "fingerprints": held["rows"], "batch": size, "cpu_s": used, "wall_s": waited,
        "idle_mb": idle / 1e6, "peak_mb": peak_bytes() / 1e6, "copies": len(copies), "wanted": int(size * _COPIES),
        "disk_gb": (folder / "state" / "warehouse.duckdb").stat().st_size / 1e9,
    }  # fmt: skip


if __name__ == "__main__":
    if sys.argv[1] == "make":
        make(Path(sys.argv[2]), int(sys.argv[3]), int(sys.argv[4]))
    else:
        print(json.dumps(place(Path(sys.argv[2]), int(sys.argv[3]))))
