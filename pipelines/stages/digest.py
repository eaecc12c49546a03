"""Digest, as a pipe:

    day | window | knowledge as of the last publish | composed | stored with its items | content

A digest that was told is given again from its stored content. Composed anew from the tables as of then, it must
be equal: an asset check proves it.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.adapters.warehouse import Reader, as_json
from pipelines.core.digest import COMPOSER, Brief, Content, Known, Told, compose, rows_of
from pipelines.core.digest_numbers import VOLUME_DAYS, Record, Seen, baseline
from pipelines.core.errors import NothingKnown, OlderComposer
from pipelines.core.nouns import Quote
from pipelines.core.windows import Window, newest_window, window_of
from pipelines.stages.protocols import Row, Writer

MOST_CLOSE_CALLS = 10
_LATE_AFTER = timedelta(hours=12)  # before as_of: a feed that has not answered since then is late
_BLIND_AFTER = timedelta(days=1)  # before the moment of telling: so is one, if nobody has asked since then
_BASELINE = timedelta(days=VOLUME_DAYS + 2)


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """One of several digests: when it closes, and for whom it is.

    Attributes:
        topics: the ids of those it tells of; None: whatever is kept.
        recipients: mail addresses.
    """

    closes_at: time
    zone: ZoneInfo
    brief: Brief
    topics: tuple[str, ...] | None = None
    recipients: tuple[str, ...] = ()

    @property
    def edition_id(self) -> str:
        """Its id in sources.yaml."""
        return self.brief.edition


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
    stored = stored_content(warehouse, edition, scope.window.day)
    if stored is not None:
        return stored
    content = compose_from(warehouse, edition, scope)
    newest = warehouse.query("digest/last", edition=edition.edition_id, day=scope.window.day)[0]["newest_day"]
    if newest is None or newest < scope.window.day:
        row = {
            "digest_id": content["digest_id"], "digest_day": scope.window.day, "window_from": scope.window.start,
            "window_to": scope.window.end, "known_after": scope.known_after, "as_of": scope.as_of,
            "publish_id": scope.publish_id, "composed_at": now, "composer": COMPOSER, "content": content,
            "edition": edition.edition_id,
        }  # fmt: skip
        with warehouse.transaction() as tx:
            tx.run("digest/add", rows=[row])
            tx.run("digest/add_items", rows=rows_of(content))
    return content


def stored_content(reader: Reader, edition: Edition, day: date) -> Content | None:
    """A digest as it was told, or None.

    Raises:
        OlderComposer: an older version told it, and this one cannot render it.
    """
    stored = next(iter(reader.query("digest/stored", edition=edition.edition_id, day=day)), None)
    if stored is not None and stored["composer"] != COMPOSER:
        raise OlderComposer(
            f"the digest of {day} was told by an older version ({stored['composer']}); its files are in digests/"
        )
    return json.loads(stored["content"]) if stored else None


def told_contents(reader: Reader) -> list[Content]:
    """Every digest that was told and can be rendered, oldest first."""
    return [json.loads(r["content"]) for r in reader.query("digest/all") if r["composer"] == COMPOSER]


def waiting_contents(reader: Reader, now: datetime) -> list[Content]:
    """Digests that somebody is still to be sent, and that may be sent now."""
    rows = reader.query("deliver/waiting_letters", now=now)
    return [json.loads(r["content"]) for r in rows if r["composer"] == COMPOSER]


def untold(reader: Reader, edition: Edition, now: datetime) -> tuple[list[Told], float | None]:
    """Articles that the edition has not told of, as of the last publish, and how many a usual day brings."""
    published = _publish_at(reader, now)
    if published is None:
        return [], None
    day = now.astimezone(edition.zone).date()
    last = reader.query("digest/last", edition=edition.edition_id, day=day + timedelta(days=1))[0]
    scope = Scope(
        window=Window(day=day, start=now - timedelta(days=1), end=now), as_of=published["published_at"], moment=now,
        known_after=last["known_after"], publish_id=published["publish_id"],
    )  # fmt: skip
    known = _known(reader, edition, scope)
    usual = baseline(known.record, scope.window, VOLUME_DAYS) or baseline(known.record, scope.window, 7)
    return list(known.new), usual.mean if usual else None


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
    known_after = reader.query("digest/last", edition=edition.edition_id, day=window.day)[0]["known_after"]
    return Scope(
        window=window, known_after=known_after, as_of=published["published_at"], publish_id=published["publish_id"],
        moment=min(as_of or now, window.end),
    )  # fmt: skip


def _publish_at(reader: Reader, moment: datetime) -> Row | None:
    return next(iter(reader.query("digest/publish_at", moment=moment)), None)


def compose_from(reader: Reader, edition: Edition, scope: Scope) -> Content:
    """Compose from the tables as of the scope's moment; nothing that came to be known later has any part."""
    known = _known(reader, edition, scope)
    content = compose(known, scope.window, edition.brief, is_first=scope.known_after is None)
    plain: Content = json.loads(as_json(content))
    return plain


def _known(reader: Reader, edition: Edition, scope: Scope) -> Known:
    then = {"as_of": scope.as_of}
    since = {**then, "known_after": scope.known_after}
    mine = {"edition": edition.edition_id, "day": scope.window.day}
    topics = {"topics": list(edition.topics) if edition.topics is not None else None}
    late_before = max(scope.as_of - _LATE_AFTER, scope.moment - _BLIND_AFTER)
    feeds = reader.query("digest/feeds", **then, late_before=late_before)
    return Known(
        new=[_told(r) for r in reader.query("digest/articles", **since, **topics)],
        told_lines={r["line_id"]: r["first_day"] for r in reader.query("digest/told_lines", **then, **mine)},
        changes=[_plain(r) for r in reader.query("digest/changes", **since, **mine)],
        terms=[_plain(r) for r in reader.query("digest/terms", **since, **topics)],
        feeds=[_plain(r) for r in feeds],
        unread=reader.query("digest/unread", **since),
        close_calls=reader.query("digest/close_calls", **since, **topics, most=MOST_CLOSE_CALLS),
        record=_record(reader, edition, scope, len(feeds)),
        voices={r["name"]: r["voice"] for r in reader.query("digest/voices", **then)},
    )


def _record(reader: Reader, edition: Edition, scope: Scope, feeds: int) -> Record:
    since, topics = scope.window.day - _BASELINE, list(edition.topics) if edition.topics is not None else None
    days = reader.query("digest/daily", as_of=scope.as_of, since=since, topics=topics)
    seen = reader.query(
        "digest/seen", as_of=scope.as_of, since=since, until=scope.window.day, zone=edition.brief.time_zone
    )
    return Record(
        daily={r["published_day"]: r["articles"] for r in days},
        seen={r["day"]: Seen(feeds_out=r["feeds_out"], feeds_answered=r["feeds_answered"]) for r in seen},
        watching_since=reader.query("digest/watching_since", as_of=scope.as_of)[0]["day"],
        feeds=feeds,
    )


def differing_digests(reader: Reader, editions: Sequence[Edition]) -> list[str]:
    """Ids of digests that are not what the tables as of then give: must be none.

    Those of an edition that is no longer configured, or told by an older version, are left alone.
    """
    known = {e.edition_id: e for e in editions}
    differing = []
    for row in reader.query("digest/all"):
        edition = known.get(row["edition"])
        if edition is None or row["composer"] != COMPOSER:
            continue
        window = Window(day=row["digest_day"], start=row["window_from"], end=row["window_to"])
        scope = Scope(window=window, known_after=row["known_after"], as_of=row["as_of"], publish_id=0,
                      moment=min(row["composed_at"], window.end))  # fmt: skip
        if compose_from(reader, edition, scope) != json.loads(row["content"]):
            differing.append(row["digest_id"])
    return differing


def _told(row: Row) -> Told:
    topics = tuple((t["topic"], t["score"], t["is_about"]) for t in row["topics"])
    evidence = json.loads(row.pop("evidence"))  # also of a prompt, which is no word of the article's
    in_title, in_text = (tuple(str(e["words"]) for e in evidence if e["part"] == part) for part in ("title", "text"))
    quotes = tuple(Quote(**q) for q in row["quotes"] or ())
    return Told(**{**row, "topics": topics, "in_title": in_title, "in_text": in_text, "quotes": quotes})


def _plain(row: Row) -> dict[str, Any]:
    """A row as values that go into JSON; instants in UTC."""
    return {
        k: v.astimezone(UTC).isoformat(timespec="minutes") if isinstance(v, datetime) else v for k, v in row.items()
    }
