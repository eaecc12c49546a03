"""Generated days for digests: passes at odd hours, late pages, corrections, removals, copies, days without any pass.

The rows are written as the stages write them; the same seed gives the same days.
"""

import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pipelines.adapters.warehouse import Warehouse
from tests.builders import prose

FIRST = datetime(2026, 9, 20, 5, 0, tzinfo=UTC)  # sixty days from here hold the end of summer time
ZONE = ZoneInfo("Europe/Brussels")
_TOPICS = ("summit", "regulation")
_LANGUAGES = ("en", "en", "fr", "pl", "ar")
_ARTICLE = """insert into articles by name
    select $id as article_id, $url as url, $outlet as outlet_id, $title as title, $at::timestamptz as published_at,
      $day::date as published_day, $lang as language, false as is_partial, 1.0 as quality, 'kept' as state,
      1 as revision, $now::timestamptz as first_seen_at, $now::timestamptz as updated_at"""
_TEXT = """insert into article_texts by name
    select $id as article_id, 1 as revision, $title as title, $text as text, $now::timestamptz as seen_at"""
_MENTION = """insert into mentions by name
    select $id as article_id, $topic as topic, $score as score, $about as is_about, $evidence::json as evidence,
      $now::timestamptz as known_from"""
_STORY = """insert into story_articles by name
    select $line as story_id, $id as article_id, $now::timestamptz as known_from"""


@dataclass
class Days:
    """A watch that goes on.

    Attributes:
        kept: when each article came to be known.
        changed: (article, kind) of every change.
    """

    warehouse: Warehouse
    seed: int
    kept: dict[int, datetime] = field(default_factory=dict)
    changed: list[tuple[int, str, datetime]] = field(default_factory=list)
    publishes: int = 0

    def __post_init__(self) -> None:
        self.random = random.Random(self.seed)
        run = self.warehouse.sql
        for n in range(8):
            run("insert into outlets values ($id, $name, $publisher, $tier, 'BE', 'en', 'media', null, $at, null)",
                {"id": f"o{n}", "name": f"Outlet {n}", "publisher": f"p{n // 2}", "tier": n % 3 + 1,
                 "at": FIRST})  # fmt: skip
            run("insert into feeds values ($id, $outlet, $url, 'feed', 'en', 60, $at, null)",
                {"id": f"f{n}", "outlet": f"o{n}", "url": f"https://o{n}.example/rss", "at": FIRST})  # fmt: skip

    def moments(self, days: int) -> Iterator[datetime]:
        """Passes, some days none."""
        for day in range(days):
            if day % 13 != 7:  # a day on which the machine was off
                for hour in sorted(self.random.sample(range(16), self.random.randint(2, 5))):
                    yield FIRST + timedelta(days=day, hours=hour, minutes=self.random.randint(0, 59))

    def take(self, now: datetime) -> None:
        """One pass, published."""
        for n in range(8):
            if n != 3 or now.day % 9:  # one feed is out now and then
                self._poll(n, now)
        for _ in range(self.random.choice([0, 0, 1, 2, 3])):
            self._article(now)
        if self.kept and self.random.random() < 0.25:
            self._change(self.random.choice(sorted(self.kept)), now)
        self.publishes += 1
        self.warehouse.sql("insert into publishes values ($n, $at, 8, '{}')", {"n": self.publishes, "at": now})

    def _poll(self, feed: int, now: datetime) -> None:
        self.warehouse.sql(
            "insert into polls by name select $id as poll_id, $feed as feed_id, $now::timestamptz as started_at,"
            " $now::timestamptz as finished_at, 'new' as outcome",
            {"id": self.random.getrandbits(60), "feed": f"f{feed}", "now": now},
        )

    def _article(self, now: datetime) -> None:
        draw, article_id = self.random, len(self.kept) + 1
        published = draw.choice([now - timedelta(hours=2), now - timedelta(hours=2), now - timedelta(days=5), None])
        day = published.astimezone(ZONE).date() if published else None
        quote = f"The pledge numbered {article_id} binds every platform to report within a day"
        text = f"{prose(article_id, 3)} “{quote}”, said Ana Novak. {prose(article_id + 7, 3)}"
        line = article_id if draw.random() < 0.6 else draw.randint(max(1, article_id - 9), article_id)
        start = text.index(quote)
        self.kept[article_id] = now
        at = {"id": article_id, "now": now}
        row = {"url": f"https://press.example/{article_id}", "outlet": f"o{draw.randrange(8)}", "day": day,
               "title": f"Report {article_id}", "at": published, "lang": draw.choice(_LANGUAGES)}  # fmt: skip
        self.warehouse.sql(_ARTICLE, {**at, **row})
        self.warehouse.sql(_TEXT, {**at, "title": row["title"], "text": text})
        topic = {"topic": draw.choice(_TOPICS), "score": draw.choice([0.3, 0.9]), "about": draw.random() < 0.7}
        self.warehouse.sql(_MENTION, {**at, **topic, "evidence": json.dumps([{"words": "pledge", "part": "text"}])})
        self.warehouse.sql(_STORY, {**at, "line": line})
        told = {"text": quote, "start": start, "end": start + len(quote)}
        self.warehouse.sql("insert into quotes values ($id, 1, 'Ana Novak', $text, $start, $end, $now)", {**at, **told})

    def _change(self, article_id: int, now: datetime) -> None:
        kind = self.random.choice(["headline", "figures", "removed"])
        if kind == "removed":
            gone = self.warehouse.sql("select gone_at from articles where article_id = $id", {"id": article_id})
            if gone[0]["gone_at"] is not None:
                return
            self.warehouse.sql(
                "update articles set gone_at = $now where article_id = $id", {"id": article_id, "now": now}
            )
        after = f"after {now:%d %H:%M}"
        self.changed.append((article_id, kind, now))
        self.warehouse.sql(
            "insert into revisions values ($id, 2, $kind, 'before', $after, $now)",
            {"id": article_id, "kind": kind, "after": after, "now": now},
        )
