"""Lines of stories, as a pipe:

stories around a day | what each shows (| vectors, with the semantic extra) | ties | lines and possibly related
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

import numpy as np

from pipelines.adapters.warehouse import as_json
from pipelines.core import story_lines
from pipelines.core.duplicates import originality
from pipelines.core.nouns import ClusterItem, StoryTie
from pipelines.core.stories import LINE_WINDOW, is_telling
from pipelines.core.text import folded
from pipelines.stages.placing import Shelf, start_of_day
from pipelines.stages.protocols import Row

_LINE_TEXT = 3_000
_VECTOR_TEXT = 500  # characters below the title
_MOST_VECTORS = 3  # articles of a story that are asked for their meaning: a dozen cost a second
_VECTORS_KEPT = timedelta(days=14)


@dataclass(frozen=True, slots=True)
class Liner:
    """Finds lines.

    Attributes:
        bodies: names of bodies and acts, case-folded, as they are shown; they tie stories across languages.
        meaning: gives texts vectors; None: without the semantic extra.
    """

    bodies: Mapping[str, str]
    meaning: story_lines.Meaning | None = None
    _folded: dict[str, str] = field(default_factory=dict)

    def line(self, shelf: Shelf, day: date, firm: Sequence[StoryTie], now: datetime) -> int:
        """Give each story of a day without a line one; those that nobody was told of are decided again.

        Args:
            firm: ties within a language, found as the day's articles were placed.

        Returns:
            How many stories joined the line of another.
        """
        rows = shelf.tx.query("cluster/stories_near", since=day - LINE_WINDOW, until=day + story_lines.LINE_DAYS,
                              today=start_of_day(now))  # fmt: skip
        wanted = [r for r in rows if r["line_id"] is None or (r["is_open"] and r["first_day"] == day)]
        if not wanted:
            return 0
        near = [r for r in rows if abs(r["first_day"] - day) <= story_lines.LINE_DAYS or r in wanted]
        judge = story_lines.LineJudge([self._sketch(shelf, r) for r in near], self._centroids(shelf, near, now))
        ids = [r["story_id"] for r in wanted]
        lines = {r["story_id"]: r["line_id"] for r in rows if r["story_id"] not in set(ids)}
        found = list(story_lines.lines_of(judge, ids, lines, firm))
        _store(shelf, found, {r["story_id"]: r["line_id"] for r in wanted}, now)
        return sum(line_id != story_id for story_id, line_id, _, _ in found)

    def _sketch(self, shelf: Shelf, row: Row) -> story_lines.StorySketch:
        items = shelf.items(row["ids"])
        profiles = shelf.profiles(items).values()
        words = [f" {folded(f'{i.title} {i.text[:_LINE_TEXT]}')} " for i in items]
        return story_lines.StorySketch(
            story_id=row["story_id"],
            language=row["language"],
            day=row["first_day"],
            bodies=frozenset(shown for alias, shown in self._aliases() if any(alias in w for w in words)),
            names=frozenset(n for p in profiles for n in p.names if " " in n),
            numbers=frozenset(n for p in profiles for n in p.numbers if is_telling(n)),
            topics=frozenset(row["topics"] or ()),
        )

    def _aliases(self) -> list[tuple[str, str]]:
        """Names of bodies as they stand between words, and as they are shown."""
        if not self._folded:
            self._folded.update({f" {folded(alias)} ": shown for alias, shown in self.bodies.items()})
        return list(self._folded.items())

    def _centroids(self, shelf: Shelf, rows: Sequence[Row], now: datetime) -> dict[int, story_lines.Vectors]:
        if self.meaning is None:
            return {}
        chosen = {r["story_id"]: sorted(shelf.items(r["ids"]), key=originality)[:_MOST_VECTORS] for r in rows}
        known = _vectors(shelf, self.meaning, [i for items in chosen.values() for i in items], now)
        by_story = {s: np.stack([known[i.article_id] for i in items]) for s, items in chosen.items()}
        return story_lines.centred(by_story, {r["story_id"]: r["language"] for r in rows})


def _vectors(
    shelf: Shelf, meaning: story_lines.Meaning, items: Sequence[ClusterItem], now: datetime
) -> dict[int, story_lines.Vectors]:
    """Vectors by article: those of earlier runs from the warehouse, the others made and stored."""
    ids = as_json([i.article_id for i in items])
    rows = shelf.tx.query("cluster/vectors", ids=ids, model=meaning.version)
    known = {r["article_id"]: np.asarray(r["vector"], np.float32) for r in rows}
    missing = [i for i in items if i.article_id not in known]
    if missing:
        made = meaning.vectors([f"{i.title}\n{i.text[:_VECTOR_TEXT]}" for i in missing])
        known |= {i.article_id: v for i, v in zip(missing, made, strict=True)}
        shelf.tx.run("cluster/add_vectors",
                     rows=[{"article_id": i.article_id, "model": meaning.version, "seen_at": now,
                            "vector": [float(x) for x in known[i.article_id]]} for i in missing])  # fmt: skip
        shelf.tx.run("cluster/drop_vectors", before=now - _VECTORS_KEPT)
    return known


def _store(
    shelf: Shelf,
    found: Sequence[tuple[int, int, StoryTie | None, list[StoryTie]]],
    before: Mapping[int, int | None],
    now: datetime,
) -> None:
    standing = {"version": story_lines.RULE_VERSION, "known_from": now, "known_to": None}
    changed = [f for f in found if f[1] != before[f[0]]]
    again = sorted(f[0] for f in found if before[f[0]] is not None)
    moved = sorted(f[0] for f in changed if before[f[0]] is not None)
    if moved:
        shelf.tx.run("cluster/close_lines", ids=as_json(moved), now=now)
    if again:
        shelf.tx.run("cluster/close_related", ids=as_json(again), now=now)
    shelf.tx.run("cluster/add_lines",
                 rows=[{"line_id": line_id, "story_id": story_id, **_told(into), **standing}
                       for story_id, line_id, into, _ in changed])  # fmt: skip
    shelf.tx.run("cluster/add_related",
                 rows=[{"story_id": t.story_id, "other_id": t.other_id, "similarity": t.similarity,
                        "reason": t.reason, "method": t.method, **standing} for f in found for t in f[3]])  # fmt: skip


def _told(tie: StoryTie | None) -> Row:
    if tie is None:
        return {"similarity": 1.0, "reason": "opened", "other_id": None, "method": None}
    return {"similarity": tie.similarity, "reason": tie.reason, "other_id": tie.other_id, "method": tie.method}
