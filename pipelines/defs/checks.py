"""Asset checks: what must hold after every pass. Each is a query that must give no row."""

import dagster as dg

from pipelines.adapters.warehouse import Published
from pipelines.defs.assets import digest, published
from pipelines.defs.resources import MonitorResource
from pipelines.stages.digest import differing_digests

_SHOWN = 20


def _empty(presswatch: MonitorResource, name: str) -> dg.AssetCheckResult:
    with Published.open(presswatch.monitor().settings.warehouse) as reader:
        rows = reader.query(f"checks/{name}")
    table = "\n".join(f"- `{row}`" for row in rows[:_SHOWN]) or "nothing offends"
    return dg.AssetCheckResult(
        passed=not rows,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"offending_rows": len(rows), "rows": dg.MetadataValue.md(table)},
    )


@dg.asset_check(asset=published, blocking=True)
def conservation(presswatch: MonitorResource) -> dg.AssetCheckResult:
    """For every feed and day: entries listed ever = sum over their states, each valid and with its reason.

    If it fails, entries were lost: stop the schedule, keep the warehouse, and look at `rows`.
    """
    return _empty(presswatch, "conservation")


@dg.asset_check(asset=published, blocking=True)
def uniqueness(presswatch: MonitorResource) -> dg.AssetCheckResult:
    """No key stands twice in any table. If it fails, two writers were at work: find the second."""
    return _empty(presswatch, "uniqueness")


@dg.asset_check(asset=published)
def no_orphans(presswatch: MonitorResource) -> dg.AssetCheckResult:
    """Every kept article has a text and a topic, every text an article, every quotation stands in its text."""
    return _empty(presswatch, "orphans")


@dg.asset_check(asset=published)
def rollups_add_up(presswatch: MonitorResource) -> dg.AssetCheckResult:
    """The daily roll-ups equal the articles they are made of. If it fails, the next change of that day mends it."""
    return _empty(presswatch, "rollups")


@dg.asset_check(asset=published)
def counts_agree(presswatch: MonitorResource) -> dg.AssetCheckResult:
    """Articles are originals and copies; never more publishers than outlets, nor more outlets than articles."""
    return _empty(presswatch, "counts")


@dg.asset_check(asset=digest)
def rebuilt_equal(presswatch: MonitorResource) -> dg.AssetCheckResult:
    """Every digest, composed anew from the tables as of then, equals what was told."""
    monitor = presswatch.monitor()
    with Published.open(monitor.settings.warehouse) as reader:
        differing = differing_digests(reader, monitor.editions())
    return dg.AssetCheckResult(
        passed=not differing,
        severity=dg.AssetCheckSeverity.ERROR,
        metadata={"differing_digests": ", ".join(differing) or "none"},
    )
