"""Publish, as a pipe: did anything change? | a row that says so | a new copy for readers, whole and atomically."""

import json
from datetime import datetime
from pathlib import Path
from typing import Protocol

from pipelines.core.nouns import Counted
from pipelines.stages.protocols import Writer


class Publishing(Writer, Protocol):
    """What publishing needs of the warehouse besides writing."""

    folder: Path

    def schema_version(self) -> int:
        """Number of the newest migration."""
        ...

    def publish(self) -> Path:
        """Hand readers a new copy."""
        ...


def publish(warehouse: Publishing, now: datetime) -> Counted:
    """Hand readers a new copy, unless nothing has changed since the last."""
    last = next(iter(warehouse.query("publish/last")), None)
    counted = warehouse.query("publish/counts")[0]
    if last is not None and _is_current(warehouse, last, counted):
        return Counted(stage="publish", counts={"published": 0, "publish_id": last["publish_id"]})
    publish_id = last["publish_id"] + 1 if last is not None else 1
    with warehouse.transaction() as tx:
        tx.run("publish/add", publish_id=publish_id, now=now, schema_version=warehouse.schema_version(),
               row_counts=counted["row_counts"])  # fmt: skip
    warehouse.publish()
    return Counted(stage="publish", counts={"published": 1, "publish_id": publish_id})


def _is_current(warehouse: Publishing, last: dict[str, object], counted: dict[str, object]) -> bool:
    """True where readers hold exactly this: same rows, nothing newer, and the copy of the last publish was made."""
    if json.loads(str(last["row_counts"])) != json.loads(str(counted["row_counts"])):
        return False
    newest, at = counted["newest"], last["published_at"]
    if isinstance(newest, datetime) and isinstance(at, datetime) and newest > at:
        return False
    try:
        manifest = json.loads((warehouse.folder / "published" / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return bool(manifest["row_counts"].get("publishes") == last["publish_id"])
