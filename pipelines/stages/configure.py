"""Configure: what sources.yaml says of outlets and feeds, with validity, before anything is polled.

Sources | rows | the same as in the warehouse? else close and add, in one transaction
"""

from datetime import datetime

from pipelines.adapters.warehouse import as_json
from pipelines.config import OutletConfig, Sources
from pipelines.core.errors import ClockWentBack
from pipelines.core.nouns import Counted
from pipelines.stages.protocols import Row, Writer


def configure(warehouse: Writer, sources: Sources, now: datetime) -> Counted:
    """Bring `outlets` and `feeds` up to sources.yaml. Disabled feeds are not valid.

    Raises:
        ClockWentBack: `now` lies before the last publish. This stage is the first of a pass: nothing is written then.
    """
    _refuse_past(warehouse, now)
    outlets = as_json(sorted((_outlet_row(o) for o in sources.outlets), key=lambda r: str(r["outlet_id"])))
    feeds = as_json(sorted((r for o in sources.outlets for r in _feed_rows(o)), key=lambda r: str(r["feed_id"])))
    _configure_voices(warehouse, sources, now)
    told = {"outlets": len(sources.outlets), "feeds": len(sources.feeds())}
    held = warehouse.query("configure/is_current", outlets=outlets, feeds=feeds)[0]
    if held == {**told, "same_outlets": told["outlets"], "same_feeds": told["feeds"]}:
        return Counted(stage="configure", counts=told)
    with warehouse.transaction() as tx:
        tx.run("configure/close_outlets", outlets=outlets, now=now)
        tx.run("configure/add_outlets", outlets=outlets, now=now)
        tx.run("configure/close_feeds", feeds=feeds, now=now)
        tx.run("configure/add_feeds", feeds=feeds, now=now)
    return Counted(stage="configure", counts=told)


def _configure_voices(warehouse: Writer, sources: Sources, now: datetime) -> None:
    """Who may be named as a speaker, and whose voice that is."""
    rows = {g.name: {"name": g.name, "kind": g.kind, "role": g.role, "voice": g.group} for g in sources.gazetteer}
    voices = as_json([rows[name] for name in sorted(rows)])
    held = warehouse.query("configure/voices_are_current", voices=voices)[0]
    if held == {"voices": len(rows), "same_voices": len(rows)}:
        return
    with warehouse.transaction() as tx:
        tx.run("configure/close_voices", voices=voices, now=now)
        tx.run("configure/add_voices", voices=voices, now=now)


def _refuse_past(warehouse: Writer, now: datetime) -> None:
    last = warehouse.query("load/last_publish")[0]["published_at"]
    if last is not None and now < last:
        raise ClockWentBack(
            f"the clock says {now:%Y-%m-%d %H:%M} UTC, but {last:%Y-%m-%d %H:%M} was published already; "
            "set the machine's clock (or PRESSWATCH_NOW) right"
        )


def _outlet_row(outlet: OutletConfig) -> Row:
    return {
        "outlet_id": outlet.id,
        "name": outlet.name,
        "publisher": outlet.publisher,
        "tier": outlet.tier,
        "country": outlet.country,
        "language": outlet.language,
        "kind": outlet.kind,
        "rights": outlet.rights,
    }


def _feed_rows(outlet: OutletConfig) -> list[Row]:
    return [
        {
            "feed_id": feed.id,
            "outlet_id": outlet.id,
            "url": feed.url,
            "kind": feed.kind,
            "language": feed.language or outlet.language,
            "poll_minutes": feed.poll_minutes,
        }
        for feed in outlet.feeds
        if feed.enabled
    ]
