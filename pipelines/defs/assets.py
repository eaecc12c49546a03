"""The graph: feeds -> entries -> pages -> articles -> mentions -> stories -> published -> digest.

Values live in the warehouse, not in I/O managers: each asset takes the entries in its state and moves them on.
"""

from collections.abc import Mapping, Sequence

import dagster as dg

from pipelines.core.nouns import Counted
from pipelines.defs.resources import MonitorResource

OWNERS = ["team:presswatch"]
WRITER_POOL = "warehouse_writer"
_WORST_SHOWN = 50

feeds = dg.AssetSpec(
    "feeds",
    group_name="press",
    kinds={"rss"},
    owners=OWNERS,
    description="The outlets' feeds on the web, as `sources.yaml` names them. Not ours: only polled.",
)


def materialized(*done: Counted) -> dg.MaterializeResult[None]:
    """Counts as numbers, so that Dagster plots them, and a table of what happened, at most 50 rows."""
    counts = {name: count for c in done for name, count in c.counts.items()}
    rows = [row for c in done for row in c.rows]
    table = _table(rows[:_WORST_SHOWN], len(rows)) if rows else "nothing to tell"
    return dg.MaterializeResult(metadata={**counts, "what_happened": dg.MetadataValue.md(table)})


def _table(rows: Sequence[Mapping[str, object]], total: int) -> str:
    """A markdown table of rows that need not have the same columns."""
    names = list(dict.fromkeys(n for row in rows for n in row))
    lines = ["| " + " | ".join(names) + " |", "|" + "---|" * len(names)]
    lines += ["| " + " | ".join(_cell(row.get(n)) for n in names) + " |" for row in rows]
    if total > len(rows):
        lines.append(f"\n{total:,} in all; the first {len(rows)} are shown.")
    return "\n".join(lines)


def _cell(value: object) -> str:
    text = "" if value is None else str(value)
    return text.replace("|", "\\|").replace("\n", " ")[:160]


def _step(presswatch: MonitorResource, *stages: str) -> dg.MaterializeResult[None]:
    with presswatch.writing(f"Dagster, {stages[-1]}") as (monitor, warehouse, now):
        done = [monitor.run_stage(stage, warehouse, now) for stage in stages]
        if stages[-1] == "publish":
            monitor.send_waiting(warehouse, now)
        return materialized(*done)


@dg.asset(deps=[feeds], group_name="ingest", kinds={"python", "duckdb"}, owners=OWNERS, pool=WRITER_POOL)
def entries(presswatch: MonitorResource) -> dg.MaterializeResult[None]:
    """One row an item of a feed, in exactly one state. Polls every feed that is due, conditionally."""
    return _step(presswatch, "configure", "poll")


@dg.asset(deps=[entries], group_name="ingest", kinds={"python", "duckdb"}, owners=OWNERS, pool=WRITER_POOL)
def pages(presswatch: MonitorResource) -> dg.MaterializeResult[None]:
    """One WARC record a page, as served: text only, robots.txt obeyed, once, and again for revisions."""
    return _step(presswatch, "fetch")


@dg.asset(deps=[pages], group_name="reading", kinds={"python", "duckdb"}, owners=OWNERS, pool=WRITER_POOL)
def articles(presswatch: MonitorResource) -> dg.MaterializeResult[None]:
    """Title, text, authors, dates and language read out of the archived pages; revisions of those seen again."""
    return _step(presswatch, "extract")


@dg.asset(deps=[articles], group_name="reading", kinds={"python", "duckdb"}, owners=OWNERS, pool=WRITER_POOL)
def mentions(presswatch: MonitorResource) -> dg.MaterializeResult[None]:
    """One row an article and topic it matches, with score and evidence; the rest is off topic, by name."""
    return _step(presswatch, "match")


@dg.asset(deps=[mentions], group_name="reading", kinds={"python", "duckdb"}, owners=OWNERS, pool=WRITER_POOL)
def stories(presswatch: MonitorResource) -> dg.MaterializeResult[None]:
    """Copies under their original, the articles about one event together, and events across languages."""
    return _step(presswatch, "cluster")


@dg.asset(deps=[stories], group_name="telling", kinds={"duckdb"}, owners=OWNERS, pool=WRITER_POOL)
def published(presswatch: MonitorResource) -> dg.MaterializeResult[None]:
    """The copy of the warehouse that everybody reads, with its roll-ups and outages; replaced whole."""
    return _step(presswatch, "load", "publish")


@dg.asset(deps=[published], group_name="telling", kinds={"jinja", "duckdb"}, owners=OWNERS, pool=WRITER_POOL)
def digest(presswatch: MonitorResource) -> dg.MaterializeResult[None]:
    """The report of the window that closed last, in `digests/` and by mail. Told once, sent once, given again equal."""
    with presswatch.writing("Dagster, digest") as (monitor, warehouse, now):
        told = monitor.tell_all(warehouse, now)
        sent = monitor.send_all(warehouse, told, now)
        content = told[0]
        path = monitor.settings.warehouse / "digests" / f"{content['digest_id']}.html"
    numbers = content["numbers"]
    return dg.MaterializeResult(
        metadata={
            "day": content["day"],
            "articles": numbers["articles"],
            "outlets": numbers["outlets"],
            "publishers": numbers["publishers"],
            "changed": len(content["changed"]),
            "late": len(content["late"]),
            "feeds_troubled": len(content["coverage"]["troubled"]),
            "digests": len(told),
            **{f"mail_{state}": sum(c.counts[state] for c in sent) for state in ("sent", "waiting", "uncertain")},
            "file": dg.MetadataValue.path(str(path.absolute())),
            "top_stories": dg.MetadataValue.md(
                "\n".join(f"- [{i['headline']}]({i['url']}) ({i['outlet']})" for i in content["top_stories"]) or "none"
            ),
        }
    )
