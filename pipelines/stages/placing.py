"""Stories and their headlines, as a pipe:

    new articles, day by day | window of a language | cluster | places that are new or have changed | headlines

A day's articles that no digest has told of are decided together, however many passes they came in.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, date, datetime

from pipelines.adapters.warehouse import as_json
from pipelines.core import headlines, stories
from pipelines.core.likeness import Profile, profile_of
from pipelines.core.nouns import ClusterItem, StoryLink, StoryTie
from pipelines.stages.protocols import Row, Transaction


@dataclass(slots=True)
class Shelf:
    """The articles that a run has read, by id, so that none is read twice."""

    tx: Transaction
    judged: frozenset[int] = frozenset()  # articles that a person's decisions are about: their stories are not reopened
    _items: dict[int, ClusterItem] = field(default_factory=dict)
    _profiles: dict[int, Profile] = field(default_factory=dict)

    def items(self, ids: Iterable[int]) -> list[ClusterItem]:
        """Articles, in order of their ids."""
        wanted = sorted(set(ids))
        missing = [i for i in wanted if i not in self._items]
        if missing:
            rows = self.tx.query("cluster/items", ids=as_json(missing))
            self._items |= {r["article_id"]: ClusterItem(**r) for r in rows}
        return [self._items[i] for i in wanted if i in self._items]

    def profiles(self, items: Iterable[ClusterItem]) -> dict[int, Profile]:
        """What the articles show, by id."""
        found = {}
        for item in items:
            if item.article_id not in self._profiles:
                self._profiles[item.article_id] = profile_of(item)
            found[item.article_id] = self._profiles[item.article_id]
        return found

    def put_back(self, before: date) -> None:
        """Let go of the articles of earlier days: a month in one go needs no memory for a month."""
        old = [i for i, item in self._items.items() if (stories.days_of(item) or before) < before]
        for article_id in old:
            self._items.pop(article_id)
            self._profiles.pop(article_id, None)


@dataclass(frozen=True, slots=True)
class Placed:
    """What placing decided: the articles' places, those that moved, ties, and the stories that were touched."""

    links: tuple[StoryLink, ...] = ()
    moved: frozenset[int] = frozenset()
    ties: tuple[StoryTie, ...] = ()
    touched: frozenset[int] = frozenset()


def place(shelf: Shelf, new: Sequence[ClusterItem], day: date, language: str | None, now: datetime) -> Placed:
    """Place the new articles of one day and language among the stories of the days around it.

    Args:
        new: the articles without a place, of this day and language.
    """
    tx = shelf.tx
    window = tx.query("cluster/window", language=language, since=day - stories.LINE_WINDOW,
                      until=day + stories.WINDOW, today=start_of_day(now))  # fmt: skip
    new_ids = {i.article_id for i in new}
    rows = [r for r in window if r["story_id"] is not None or r["article_id"] in new_ids]
    standing = _standing(rows, day, shelf.judged)
    items = shelf.items(r["article_id"] for r in rows)
    found = stories.cluster(items, standing, shelf.profiles(items))
    changed = [link for link in found.links if standing.provisional.get(link.article_id) != link.story_id]
    moved = frozenset(link.article_id for link in changed) & standing.provisional.keys()
    add_places(tx, changed, moved, {link.article_id: language for link in changed}, now)
    touched = {link.story_id for link in found.links} | {standing.provisional[m] for m in moved}
    return Placed(tuple(changed), moved, found.ties, frozenset(touched))


def start_of_day(now: datetime) -> datetime:
    """The start of the UTC day: what was decided since may be decided again."""
    return now.astimezone(UTC).replace(hour=0, minute=0, second=0, microsecond=0)


def _standing(rows: Sequence[Row], day: date, judged: frozenset[int]) -> stories.Standing:
    """What is fixed and what is not. The article a story is called after leaves it only if all may."""
    known = [r for r in rows if r["story_id"] is not None]
    closed = {r["story_id"] for r in known if r["article_id"] in judged}
    free = [r for r in known if r["is_open"] and r["day"] == day and r["story_id"] not in closed]
    whole = Counter(r["story_id"] for r in free)
    provisional = {r["article_id"]: r["story_id"] for r in free
                   if r["article_id"] != r["story_id"] or whole[r["story_id"]] == r["articles"]}  # fmt: skip
    return stories.Standing(
        placed={r["article_id"]: r["story_id"] for r in known if r["article_id"] not in provisional},
        provisional=provisional,
        since={r["story_id"]: r["first_day"] for r in known},
    )


def add_places(
    tx: Transaction, links: Sequence[StoryLink], moved: frozenset[int], languages: Mapping[int, str | None],
    now: datetime, version: str = stories.RULE_VERSION,
) -> None:  # fmt: skip
    """Store places; those of moved articles take the stead of the ones before, which stand as of their time."""
    if moved:
        tx.run("cluster/close_places", ids=as_json(sorted(moved)), now=now)
    opened = [link for link in links if link.article_id == link.story_id]
    tx.run("cluster/add_stories",
           rows=[{"story_id": link.story_id, "language": languages[link.article_id],
                  "first_article_id": link.article_id, "created_at": now} for link in opened])  # fmt: skip
    standing = {"version": version, "known_from": now, "known_to": None}
    tx.run("cluster/add_story_articles", rows=[{**asdict(link), **standing} for link in links])


def leave_empty(tx: Transaction, touched: Iterable[int], now: datetime) -> list[int]:
    """Take stories without an article out of their lines; gives the others."""
    ids = sorted(set(touched))
    empty = [r["story_id"] for r in tx.query("cluster/empty_stories", ids=as_json(ids))] if ids else []
    if empty:
        for statement in ("cluster/close_lines", "cluster/close_related", "cluster/close_headlines"):
            tx.run(statement, ids=as_json(empty), now=now)
    return sorted(set(ids) - set(empty))


def choose_headlines(tx: Transaction, touched: Sequence[int], now: datetime) -> int:
    """A headline for each story that was touched, where it is another than before; how many changed."""
    rows = tx.query("cluster/titles", ids=as_json(list(touched))) if touched else []
    by_story: dict[int, list[Row]] = {}
    for row in rows:
        by_story.setdefault(row["story_id"], []).append(row)
    chosen = {s: headlines.headline_of([_titled(r) for r in found]) for s, found in by_story.items()}
    changed = {s: h for s, h in chosen.items() if h is not None
               and (h.article_id, h.title) != (by_story[s][0]["headline_of"], by_story[s][0]["headline"])}  # fmt: skip
    if changed:
        tx.run("cluster/close_headlines", ids=as_json(sorted(changed)), now=now)
    tx.run("cluster/add_headlines",
           rows=[{"story_id": s, "article_id": h.article_id, "headline": h.title, "typical": h.typical,
                  "reason": h.reason, "version": headlines.RULE_VERSION, "known_from": now, "known_to": None}
                 for s, h in sorted(changed.items())])  # fmt: skip
    return len(changed)


def _titled(row: Row) -> headlines.Titled:
    return headlines.Titled(**{n: row[n] for n in headlines.Titled.__slots__})
