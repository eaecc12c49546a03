"""What exists in the invented world: its calendar, its outlets and its articles, as the YAML files beside this tell it.

outlets.yaml -> Outlet of Channel
texts/*.yaml -> Item (with its Correction); `Item.version(now)` is what its page says at a moment
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

import yaml

FIRST_DAY = date(2026, 11, 8)
ZONE = ZoneInfo("Europe/Brussels")

_FOLDER = Path(__file__).parent
OUTLETS_FILE = _FOLDER / "outlets.yaml"
TEXTS_FOLDER = _FOLDER / "texts"

_MOMENT = re.compile(r"d(\d+) (\d{1,2}):(\d{2})")
_SLUG = re.compile(r"[a-z0-9-]+")
_SECTION = re.compile(r"[a-z]+")
_NEEDED = frozenset({"slug", "published", "section", "kind", "title", "authors", "lead", "text"})
_ALLOWED = _NEEDED | {"topics", "event", "copy_of", "correction", "removed"}


class WorldError(ValueError):
    """A text file or the outlets file is wrong; says which file, which item, and what."""


class Kind(StrEnum):
    """What an article truly is, for tests of relevance."""

    ON_TOPIC = "on_topic"
    NEAR_MISS = "near_miss"
    OFF_TOPIC = "off_topic"


@dataclass(frozen=True, slots=True, kw_only=True)
class Channel:
    """One feed of an outlet, as configured."""

    feed_id: str
    url: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlet:
    """One invented publication."""

    outlet_id: str
    name: str
    publisher: str
    country: str
    language: str
    kind: str
    tier: int
    home: str
    host: str
    feeds: tuple[Channel, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Correction:
    """What an outlet changes in an article after publication."""

    at: datetime
    title: str
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """An article as its page says it at some moment."""

    title: str
    text: str
    changed_at: datetime

    @property
    def paragraphs(self) -> tuple[str, ...]:
        """The text cut at its blank lines; line breaks inside a paragraph mean nothing."""
        return tuple(" ".join(part.split()) for part in re.split(r"\n\s*\n", self.text.strip()))


@dataclass(frozen=True, slots=True, kw_only=True)
class Item:
    """One invented article: the fields of its text file, its address and its times in UTC."""

    outlet_id: str
    slug: str
    section: str
    kind: Kind
    title: str
    lead: str
    text: str
    url: str  # the canonical address, without a port
    published_at: datetime
    authors: tuple[str, ...] = ()
    topics: tuple[str, ...] = ()
    event: str | None = None
    copy_of: str | None = None  # "<outlet id>/<slug>" of the original
    correction: Correction | None = None
    removed_at: datetime | None = None

    @property
    def key(self) -> str:
        """`<outlet id>/<slug>`, the form that `copy_of` uses."""
        return f"{self.outlet_id}/{self.slug}"

    @property
    def path(self) -> str:
        """The path of its page."""
        return f"/{self.section}/{self.slug}"

    def is_published(self, now: datetime) -> bool:
        """True from its publication on, also after its removal."""
        return self.published_at <= now

    def is_removed(self, now: datetime) -> bool:
        """True once the outlet has taken it back."""
        return self.removed_at is not None and self.removed_at <= now

    def version(self, now: datetime) -> Version:
        """Title and text as they stand at `now`."""
        if self.correction is not None and self.correction.at <= now:
            return Version(title=self.correction.title, text=self.correction.text, changed_at=self.correction.at)
        return Version(title=self.title, text=self.text, changed_at=self.published_at)

    def changes(self, now: datetime) -> tuple[datetime, ...]:
        """Every moment up to `now` at which something about it changed."""
        moments = (self.published_at, self.correction.at if self.correction else None, self.removed_at)
        return tuple(moment for moment in moments if moment is not None and moment <= now)


def day(number: int) -> date:
    """The date of simulated day `number`."""
    return FIRST_DAY + timedelta(days=number)


def moment(text: str) -> datetime:
    """Read "d1 08:40" (simulated day, local time) as an instant in UTC."""
    found = _MOMENT.fullmatch(text)
    if not found:
        raise WorldError(f"{text!r} is not a moment; write one like 'd1 08:40'")
    number, hour, minute = (int(part) for part in found.groups())
    return datetime.combine(day(number), time(hour, minute), tzinfo=ZONE).astimezone(UTC)


def load_outlets(path: Path = OUTLETS_FILE) -> tuple[Outlet, ...]:
    """The outlets in the order of the file."""
    return tuple(_outlet(row) for row in yaml.safe_load(path.read_text(encoding="utf-8"))["outlets"])


def load_items(outlets: Iterable[Outlet], folder: Path = TEXTS_FOLDER) -> tuple[Item, ...]:
    """The articles of all outlets in order of publication. An outlet without a text file has none yet."""
    items = [item for outlet in outlets for item in _items_of(outlet, folder / f"{outlet.outlet_id}.yaml")]
    return tuple(sorted(items, key=lambda item: (item.published_at, item.key)))


def _outlet(row: dict[str, Any]) -> Outlet:
    feeds = tuple(
        Channel(feed_id=feed["id"], url=feed["url"], path=urlsplit(feed["url"]).path) for feed in row["feeds"]
    )
    return Outlet(
        outlet_id=row["id"],
        name=row["name"],
        publisher=row["publisher"],
        country=row["country"],
        language=row["language"],
        kind=row["kind"],
        tier=row["tier"],
        home=row["home"],
        host=urlsplit(row["home"]).netloc,
        feeds=feeds,
    )


def _items_of(outlet: Outlet, path: Path) -> list[Item]:
    if not path.exists():
        return []
    # The C loader is some eight times faster; PyYAML has it wherever libyaml was there to build with.
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    rows = yaml.load(path.read_text(encoding="utf-8"), Loader=loader) or []  # noqa: S506 (both are safe loaders)
    items = []
    for number, row in enumerate(rows, start=1):
        try:
            items.append(_item(outlet, row))
        except (ValueError, TypeError, KeyError, AttributeError) as wrong:
            slug = row.get("slug", "?") if isinstance(row, dict) else "?"
            raise WorldError(f"{path}: item {number} ({slug}): {wrong}") from wrong
    _refuse_doubles(path, items)
    return items


def _item(outlet: Outlet, row: dict[str, Any]) -> Item:
    _check(row)
    correction, removed = row.get("correction"), row.get("removed")
    return Item(
        outlet_id=outlet.outlet_id,
        slug=row["slug"],
        section=row["section"],
        kind=Kind(row["kind"]),
        title=row["title"],
        lead=" ".join(row["lead"].split()),
        text=row["text"],
        url=f"http://{outlet.host}/{row['section']}/{row['slug']}",
        published_at=moment(row["published"]),
        authors=tuple(row["authors"]),
        topics=tuple(row.get("topics", ())),
        event=row.get("event"),
        copy_of=row.get("copy_of"),
        correction=_correction(correction, row) if correction else None,
        removed_at=moment(removed) if removed else None,
    )


def _check(row: dict[str, Any]) -> None:
    missing, unknown = _NEEDED - set(row), set(row) - _ALLOWED
    if missing or unknown:
        raise WorldError(f"missing keys {sorted(missing)}, unknown keys {sorted(unknown)}")
    if not _SLUG.fullmatch(row["slug"]) or not _SECTION.fullmatch(row["section"]):
        raise WorldError(f"slug {row['slug']!r} or section {row['section']!r} cannot stand in an address")


def _correction(written: dict[str, str], row: dict[str, Any]) -> Correction:
    """A correction may leave the title or the text as it was."""
    return Correction(
        at=moment(written["at"]), title=written.get("title", row["title"]), text=written.get("text", row["text"])
    )


def _refuse_doubles(path: Path, items: list[Item]) -> None:
    seen: set[str] = set()
    for item in items:
        if item.slug in seen:
            raise WorldError(f"{path}: slug {item.slug!r} stands twice")
        seen.add(item.slug)
