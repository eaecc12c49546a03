"""Cluster, as a pipe:

    kept, not placed | copies (stages/copying.py) | day by day: stories, language by language, and lines | judgements

Work is proportional to what is new and to the window, never to history. One transaction: placed or not placed.
"""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime

from pipelines.adapters.warehouse import as_json
from pipelines.core import stories
from pipelines.core.judgements import Judgement, touched
from pipelines.core.nouns import ClusterItem, Copy, Counted
from pipelines.core.story_lines import Meaning
from pipelines.stages.copying import place_copies
from pipelines.stages.judging import differing, judge
from pipelines.stages.lining import Liner
from pipelines.stages.placing import Placed, Shelf, choose_headlines, leave_empty, place
from pipelines.stages.protocols import Row, Transaction, Writer


def cluster(
    warehouse: Writer, bodies: Mapping[str, str], now: datetime, *,
    judgements: Sequence[Judgement] = (), meaning: Meaning | None = None,
) -> Counted:  # fmt: skip
    """Place every kept article that has no story: copies first, then stories, then lines; then what a person decided.

    Args:
        bodies: names of bodies and acts, case-folded, as they are shown; they tie stories across languages.
        judgements: those of a person that stand; they win over the rules.
        meaning: gives texts vectors, for lines across languages; without it names and numbers decide.

    Returns:
        Counts of articles placed and moved, copies, stories opened, lines joined and places judged, and a row for
        each copy.
    """
    ids = [r["article_id"] for r in warehouse.query("cluster/unplaced")]
    if not ids and not differing(warehouse, judgements):
        return Counted(stage="cluster", counts={"placed": 0})
    liner = Liner(bodies, meaning)
    with warehouse.transaction() as tx:
        new = _items(tx, ids)
        copies = place_copies(tx, ids, now) if ids else []
        shelf = Shelf(tx, touched(judgements))
        placed, lines = _stories(shelf, new, liner, now)
        judged = judge(tx, judgements, now)
        alive = leave_empty(tx, judged.touched.union(*(p.touched for p in placed)), now)
        lines += sum(liner.line(shelf, day, (), now) for day in judged.days)
        choose_headlines(tx, alive, now)
    links = [link for p in placed for link in p.links]
    return Counted(
        stage="cluster",
        counts={
            "placed": len(new), "moved": sum(len(p.moved) for p in placed), "copies": len(copies),
            "stories": sum(link.reason == "opened" for link in links), "lines": lines, "judged": judged.places,
        },
        rows=tuple(_told(c, new) for c in copies),
    )  # fmt: skip


def _stories(shelf: Shelf, new: Sequence[ClusterItem], liner: Liner, now: datetime) -> tuple[list[Placed], int]:
    """Day by day, the earliest first: each day's stories stand when the next day's are found."""
    placed, lines = [], 0
    by_day: dict[date, dict[str | None, list[ClusterItem]]] = {}
    for item in new:
        by_day.setdefault(item.published_day or _seen_day(item, now), {}).setdefault(item.language, []).append(item)
    for day, by_language in sorted(by_day.items()):
        shelf.put_back(day - stories.LINE_WINDOW)
        found = [place(shelf, by_language[x], day, x, now) for x in sorted(by_language, key=str)]
        lines += liner.line(shelf, day, [t for p in found for t in p.ties], now)
        placed += found
    return placed, lines


def _items(tx: Transaction, ids: Sequence[int]) -> list[ClusterItem]:
    return [ClusterItem(**r) for r in tx.query("cluster/items", ids=as_json(sorted(set(ids))))]


def _seen_day(item: ClusterItem, now: datetime) -> date:
    return (item.first_seen_at or now).astimezone(UTC).date()


def _told(copy: Copy, items: Sequence[ClusterItem]) -> Row:
    outlets = {i.article_id: i.outlet_id for i in items}
    return {"copy": copy.article_id, "outlet": outlets.get(copy.article_id), "original": copy.original_id,
            "rule": copy.rule, "containment": copy.containment, "why": copy.why}  # fmt: skip
