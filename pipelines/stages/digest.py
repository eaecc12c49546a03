"""Digest, as a pipe:

    day | window | knowledge as of the last publish | composed | stored with its items | content

A digest that was told is given again from its stored content. Composed anew from the tables as of then, it must
be equal: an asset check proves it.
"""

import json
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.adapters.warehouse import Reader, as_json
from pipelines.core.deciding import PROMPT
from pipelines.core.digest import COMPOSER, Brief, Content, Known, Told, compose, rows_of
from pipelines.core.errors import NothingKnown
from pipelines.core.nouns import Quote
from pipelines.core.windows import Window, newest_window, window_of
from pipelines.stages.protocols import Row, Writer

_LATE_AFTER = timedelta(hours=12)  # before as_of: a feed that has not answered since then is late
_BLIND_AFTER = timedelta(days=1)  # before the moment of telling: so is one, if nobody has asked since then
_BASELINE = timedelta(days=40)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """When digests close, and for whom they are."""

    closes_at: time
    zone: ZoneInfo
    brief: Brief


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """What one digest is about: its window, and the knowledge (known_after, as_of] that is news in it.

    Attributes:
        moment: when it is told, or its window's end if that came first. Its last publish, `as_of`, may be older.
    """

    window: Window
    known_after: datetime | None
    as_of: datetime
    moment: datetime
    publish_id: int


def tell(warehouse: Writer, edition: Edition, now: datetime, day: date | None = None) -> Content:
    """The digest of a day: as it was told, or composed now and remembered as told.

    A day before the newest digest that was never told is composed without being remembered: what it would
    have told has been told since.

    Raises:
        NothingKnown: nothing had been published by then.
    """
    scope = scope_of(warehouse, edition, now, day)
    stored = stored_content(warehouse, scope.window.day)
    if stored is not None:
        return stored
    content = compose_from(warehouse, edition, scope)
    newest = warehouse.query("digest/last", day=scope.window.day)[0]["newest_day"]
    if newest is None or newest < scope.window.day:
        digest_id = scope.window.day.isoformat()
        row = {
            "digest_id": digest_id, "digest_day": scope.window.day, "window_from": scope.window.start,
            "window_to": scope.window.end, "known_after": scope.known_after, "as_of": scope.as_of,
            "publish_id": scope.publish_id, "composed_at": now, "composer": COMPOSER, "content": content,
        }  # fmt: skip
        with warehouse.transaction() as tx:
            tx.run("digest/add", rows=[row])
            tx.run("digest/add_items", rows=rows_of(digest_id, content))
    return content


def stored_content(reader: Reader, day: date) -> Content | None:
    """A digest as it was told, or None."""
    stored = next(iter(reader.query("digest/stored", day=day)), None)
    return json.loads(stored["content"]) if stored else None


def scope_of(
    reader: Reader, edition: Edition, now: datetime, day: date | None = None, as_of: datetime | None = None
) -> Scope:
    """Window and knowledge of a day's digest.

    The window is the 24 hours (23 or 25 where the clock changes) that close on the day. Where nothing had been
    published when it closed, because the watch is new, the first digest covers the 24 hours up to now.

    Raises:
        NothingKnown: nothing has been published.
    """
    window = window_of(day, edition.closes_at, edition.zone) if day else newest_window(
        now, edition.closes_at, edition.zone)  # fmt: skip
    if window.start > now:
        raise NothingKnown(f"the digest of {window.day} covers a time that has not come; choose an earlier --date")
    published = _publish_at(reader, min(as_of or now, window.end))
    if published is None:
        published = _publish_at(reader, as_of or now)
        today = now.astimezone(edition.zone).date()
        if published is None or window.day != today:
            raise NothingKnown(f"nothing was known by {window.end:%Y-%m-%d %H:%M} UTC; run `presswatch run` first")
        window = Window(day=today, start=now - timedelta(days=1), end=now)
    known_after = reader.query("digest/last", day=window.day)[0]["known_after"]
    return Scope(
        window=window, known_after=known_after, as_of=published["published_at"], publish_id=published["publish_id"],
        moment=min(as_of or now, window.end),
    )  # fmt: skip


def _publish_at(reader: Reader, moment: datetime) -> Row | None:
    return next(iter(reader.query("digest/publish_at", moment=moment)), None)


def compose_from(reader: Reader, edition: Edition, scope: Scope) -> Content:
    """Compose from the tables as of the scope's moment; nothing that came to be known later has any part."""
    known_as = {"as_of": scope.as_of, "known_after": scope.known_after}
    day = scope.window.day
    late_before = max(scope.as_of - _LATE_AFTER, scope.moment - _BLIND_AFTER)
    known = Known(
        new=[_told(r) for r in reader.query("digest/articles", **known_as)],
        told_lines={
            r["line_id"]: r["first_day"] for r in reader.query("digest/told_lines", as_of=scope.as_of, day=day)
        },
        changes=[_plain(r) for r in reader.query("digest/changes", day=day, **known_as)],
        terms=[_plain(r) for r in reader.query("digest/terms", **known_as)],
        feeds=[_plain(r) for r in reader.query("digest/feeds", as_of=scope.as_of, late_before=late_before)],
        daily={
            r["published_day"]: r["articles"]
            for r in reader.query("digest/daily", as_of=scope.as_of, since=day - _BASELINE)
        },
        watching_since=reader.query("digest/watching_since", as_of=scope.as_of)[0]["day"],
    )
    content = compose(known, scope.window, edition.brief, is_first=scope.known_after is None)
    plain: Content = json.loads(as_json(content))
    return plain


def differing_digests(reader: Reader, edition: Edition) -> list[date]:
    """Days whose stored digest is not what the tables as of then give: must be empty."""
    differing = []
    for row in reader.query("digest/all"):
        window = Window(day=row["digest_day"], start=row["window_from"], end=row["window_to"])
        scope = Scope(window=window, known_after=row["known_after"], as_of=row["as_of"], publish_id=0,
                      moment=min(row["composed_at"], window.end))  # fmt: skip
        if compose_from(reader, edition, scope) != json.loads(row["content"]):
            differing.append(row["digest_day"])
    return differing


def _told(row: Row) -> Told:
    topics = tuple((t["topic"], t["score"], t["is_about"]) for t in row["topics"])
    # A prompt is no word of the article's.
    evidence = tuple(dict.fromkeys(str(e["words"]) for e in json.loads(row["evidence"]) if e["part"] != PROMPT))
    quotes = tuple(Quote(**q) for q in row["quotes"] or ())
    return Told(**{**row, "topics": topics, "evidence": evidence, "quotes": quotes})


def _plain(row: Row) -> dict[str, Any]:
    """A row as values that go into JSON; instants in UTC."""
    return {
        k: v.astimezone(UTC).isoformat(timespec="minutes") if isinstance(v, datetime) else v for k, v in row.items()
    }
