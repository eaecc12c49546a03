"""Load, as a pipe:

    what changed since the last publish | touched days | roll-ups anew
    feeds | health | outages that begin and end

One transaction; a roll-up of a day is deleted and filled, so twice is once.
"""

from collections.abc import Sequence
from datetime import UTC, datetime

from pipelines.adapters.warehouse import as_json
from pipelines.core.nouns import Counted, Rhythm
from pipelines.core.outages import Health, Outage, outage_of
from pipelines.stages.protocols import Row, Writer

_BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


def load(warehouse: Writer, now: datetime) -> Counted:
    """Bring roll-ups and outages up to the tables they are made of.

    Returns:
        Counts of days refreshed and of outages that began and ended, and a row for each feed that is out.
    """
    since = warehouse.query("load/last_publish")[0]["published_at"] or _BEGINNING
    days = [r["published_day"] for r in warehouse.query("load/touched_days", since=since)]
    health = warehouse.query("load/feed_health")
    begun, ended, out = _outages(health, now)
    if days or begun or ended:
        with warehouse.transaction() as tx:
            for step in ("clear_topic_days", "fill_topic_days", "clear_outlet_days", "fill_outlet_days"):
                tx.run(f"load/{step}", days=as_json(days))
            tx.run("load/close_outages", rows=ended)
            tx.run("load/open_outages", rows=begun)
    counts = {"days": len(days), "outages_begun": len(begun), "outages_ended": len(ended), "feeds_out": len(out)}
    return Counted(stage="load", counts=counts, rows=tuple(out))


def _outages(health: Sequence[Row], now: datetime) -> tuple[list[Row], list[Row], list[Row]]:
    begun, ended, out = [], [], []
    for row in health:
        outage = outage_of(_health(row), now)
        standing = row["outage"]
        if standing is not None and (outage is None or outage.kind != standing):
            ended.append({"feed_id": row["feed_id"], "to_at": row["last_new_at"] or row["last_success_at"] or now,
                          "known_to": now})  # fmt: skip
            standing = None
        if outage is not None:
            out.append({"feed": row["feed_id"], "kind": outage.kind, "detail": outage.detail})
            if standing is None:
                begun.append(_begun(row["feed_id"], outage, now))
    return begun, ended, out


def _begun(feed_id: str, outage: Outage, now: datetime) -> Row:
    return {"feed_id": feed_id, "from_at": outage.from_at, "to_at": None, "kind": outage.kind,
            "detail": outage.detail, "known_from": now, "known_to": None}  # fmt: skip


def _health(row: Row) -> Health:
    batches = row["batches"]
    rhythm = Rhythm(batches=batches, first_at=row["first_at"], last_at=row["last_at"]) if batches else None
    return Health(
        feed_id=row["feed_id"],
        last_success_at=row["last_success_at"],
        failures=row["failures"] or 0,
        rhythm=rhythm,
        empty_polls=row["empty_polls"] or 0,
        is_query=row["kind"] == "query",
        stopped_reason=row["stopped_reason"],
    )
