"""Cluster, as a pipe:

    kept, not placed | copies (stages/copying.py) | stories, language by language | lines across languages

Work is proportional to what is new and to the window, never to history. One transaction: placed or not placed.
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime

from pipelines.adapters.warehouse import as_json
from pipelines.core import stories
from pipelines.core.nouns import ClusterItem, Copy, Counted, StoryLink
from pipelines.core.text import folded, names_of, numbers_of
from pipelines.stages.copying import place_copies
from pipelines.stages.protocols import Row, Transaction, Writer

_TELLING_DIGITS = 2  # "9" is in every text, "1,280,000" is not
_LINE_TEXT = 3_000


def cluster(warehouse: Writer, bodies: Mapping[str, str], now: datetime) -> Counted:
    """Place every kept article that has no story: copies first, then stories, then lines.

    Args:
        bodies: names of bodies and acts, case-folded, as they are shown; they tie stories across languages.

    Returns:
        Counts of articles placed, copies, stories opened and lines joined, and a row for each copy.
    """
    ids = [r["article_id"] for r in warehouse.query("cluster/unplaced")]
    if not ids:
        return Counted(stage="cluster", counts={"placed": 0})
    with warehouse.transaction() as tx:
        new = _items(tx, ids)
        copies = place_copies(tx, ids, now)
        links = [link for language in _languages(new) for link in _stories(tx, new, language, now)]
        lines = _lines(tx, new, bodies, now)
    opened = sum(link.reason == "opened" for link in links)
    return Counted(
        stage="cluster",
        counts={"placed": len(links), "copies": len(copies), "stories": opened, "lines": lines},
        rows=tuple(_told(c, new) for c in copies),
    )


def _items(tx: Transaction, ids: Sequence[int]) -> list[ClusterItem]:
    return [ClusterItem(**r) for r in tx.query("cluster/items", ids=as_json(sorted(set(ids))))]


def _languages(items: Sequence[ClusterItem]) -> list[str | None]:
    return sorted({i.language for i in items}, key=str)


def _seen_day(item: ClusterItem, now: datetime) -> date:
    return (item.first_seen_at or now).astimezone(UTC).date()


def _stories(tx: Transaction, new: Sequence[ClusterItem], language: str | None, now: datetime) -> list[StoryLink]:
    days = [i.published_day or _seen_day(i, now) for i in new if i.language == language]
    window = tx.query(
        "cluster/window", language=language, since=min(days) - stories.WINDOW, until=max(days) + stories.WINDOW
    )
    placed = {r["article_id"]: r["story_id"] for r in window if r["story_id"] is not None}
    links = stories.cluster(_items(tx, [r["article_id"] for r in window]), placed)
    opened = [link for link in links if link.reason == "opened"]
    tx.run(
        "cluster/add_stories",
        rows=[{"story_id": link.story_id, "language": language, "first_article_id": link.article_id,
               "created_at": now} for link in opened],
    )  # fmt: skip
    standing = {"version": stories.RULE_VERSION, "known_from": now, "known_to": None}
    tx.run("cluster/add_story_articles", rows=[{**asdict(link), **standing} for link in links])
    return links


def _lines(tx: Transaction, new: Sequence[ClusterItem], bodies: Mapping[str, str], now: datetime) -> int:
    """Give each story without a line the line of the likest story in another language, or one of its own."""
    earliest = min(i.published_day or _seen_day(i, now) for i in new)
    rows = tx.query("cluster/stories_since", since=earliest - stories.LINE_DAYS)
    sketches = {r["story_id"]: _sketch(r, _items(tx, r["ids"]), bodies) for r in rows}
    judge = stories.LineJudge(list(sketches.values()))
    line_of = {r["story_id"]: r["line_id"] for r in rows if r["line_id"] is not None}
    found: list[Row] = []
    for row in (r for r in rows if r["line_id"] is None):
        story_id = row["story_id"]
        likest = _likest(judge, sketches[story_id], [sketches[s] for s in line_of])
        line_of[story_id] = line_of[likest[0]] if likest else story_id
        similarity, reason = (likest[1], likest[2]) if likest else (1.0, "opened")
        found.append({"line_id": line_of[story_id], "story_id": story_id, "similarity": similarity, "reason": reason,
                      "version": stories.RULE_VERSION, "known_from": now, "known_to": None})  # fmt: skip
    tx.run("cluster/add_lines", rows=found)
    return sum(r["line_id"] != r["story_id"] for r in found)


def _likest(
    judge: stories.LineJudge, sketch: stories.StorySketch, others: Sequence[stories.StorySketch]
) -> tuple[int, float, str] | None:
    scored = [(*judge.similarity(sketch, o), o.story_id) for o in others]
    score, reason, story_id = max(scored, key=lambda s: (s[0], -s[2]), default=(0.0, "", 0))
    return (story_id, score, reason) if score >= stories.LINE_AT_LEAST else None


def _sketch(row: Row, items: Sequence[ClusterItem], bodies: Mapping[str, str]) -> stories.StorySketch:
    texts = [f"{i.title}\n{i.text[:_LINE_TEXT]}" for i in items]
    words = [f" {folded(t)} " for t in texts]
    return stories.StorySketch(
        story_id=row["story_id"],
        language=row["language"],
        day=row["first_day"],
        bodies=frozenset(shown for alias, shown in bodies.items() if any(f" {folded(alias)} " in w for w in words)),
        names=frozenset(n for t in texts for n in names_of(t) if " " in n),
        numbers=frozenset(n for t in texts for n in numbers_of(t) if len(n) >= _TELLING_DIGITS and not _is_year(n)),
        topics=frozenset(row["topics"] or ()),
    )


def _is_year(number: str) -> bool:
    return len(number) == 4 and number[:2] in {"19", "20"}  # noqa: PLR2004


def _told(copy: Copy, items: Sequence[ClusterItem]) -> Row:
    outlets = {i.article_id: i.outlet_id for i in items}
    return {"copy": copy.article_id, "outlet": outlets.get(copy.article_id), "original": copy.original_id,
            "rule": copy.rule, "containment": copy.containment, "why": copy.why}  # fmt: skip
