"""Presswatch's stage on a real warehouse: articles stored, then fingerprints, candidates, pairs and copies in one pass.

python -m benchmarks.copying.by_warehouse FOLDER NAME
"""

import tempfile
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from benchmarks.copying.by_presswatch import items
from benchmarks.copying.contest import Groups, run
from benchmarks.copying.history import store
from pipelines import __version__
from pipelines.adapters.warehouse import Warehouse
from pipelines.core.resemblance import without_repeated
from pipelines.stages.copying import place_copies

_NOW = datetime(2026, 11, 24, 8, tzinfo=UTC)


def group(texts: Sequence[dict[str, str]]) -> Iterable[int]:
    """Each text's group. What extraction leaves out before is left out here, and storing counts as well."""
    bare = without_repeated([(t["outlet"], t["text"]) for t in texts])
    groups = Groups(len(texts))
    seen = [replace(i, text=b, first_seen_at=_NOW) for i, b in zip(items(texts), bare, strict=True)]
    with tempfile.TemporaryDirectory(prefix="presswatch-duplicates-") as made, Warehouse.open(Path(made)) as warehouse:
        store(warehouse, seen)
        with warehouse.transaction() as tx:
            for copy in place_copies(tx, list(range(len(texts))), _NOW):
                groups.join(copy.article_id, copy.original_id)
    return [groups.of(n) for n in range(len(texts))]


if __name__ == "__main__":
    run(group, version=__version__)
