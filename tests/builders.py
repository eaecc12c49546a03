"""Builders of values for tests: sound by default, and each takes what the test is about by name."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from datetime import UTC, date, datetime, timedelta
from html import escape
from typing import Any, ParamSpec, TypeVar
from urllib.parse import urlsplit

from hypothesis import settings

from pipelines.adapters.http import PAGE, Want
from pipelines.adapters.warehouse import Warehouse
from pipelines.core.digest import Brief, Known, Told
from pipelines.core.digest_numbers import Record, Seen
from pipelines.core.nouns import Asked, ClusterItem, Entry, Feed, FeedState, Response
from pipelines.core.reasons import Reason, Rejected
from pipelines.stages.protocols import Transaction

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FEED_URL = "https://feeds.harbour-herald.example/rss"

P = ParamSpec("P")
T = TypeVar("T")
Answer = Response | Rejected

_TOWNS = ("Aldmouth", "Brackwater", "Cedarhythe", "Dunmere", "Eastfold", "Fernwick", "Greyhaven", "Holmstead")
_DOERS = ("ministers", "regulators", "members of parliament", "hotline analysts", "platform lawyers", "envoys")
_DEEDS = ("agreed on", "debated", "published", "postponed", "signed", "questioned", "welcomed", "amended")
_THINGS = ("the draft regulation", "a joint pledge", "the annual report", "new reporting duties", "the budget")


def steady_examples() -> None:
    """Have hypothesis draw the same examples on every run, and judge no time."""
    settings.register_profile("steady", derandomize=True, database=None, deadline=None, max_examples=60)
    settings.load_profile("steady")


def make_feed(**over: Any) -> Feed:
    sound: dict[str, Any] = {
        "feed_id": "herald-all",
        "url": FEED_URL,
        "outlet_id": "herald",
        "publisher": "harbour",
        "tier": 2,
        "language": "en",
        "poll_minutes": 60,
    }
    return Feed(**{**sound, **over})


def make_state(**over: Any) -> FeedState:
    return FeedState(**{"feed_id": "herald-all", "url": FEED_URL, **over})


def make_entry(**over: Any) -> Entry:
    return Entry(**{"identity": "id:1", "identity_kind": "id", "url": "https://harbour-herald.example/1", **over})


def make_response(
    url: str = FEED_URL, status: int = 200, body: bytes = b"", headers: Mapping[str, str] | None = None, **over: Any
) -> Response:
    return Response(
        **{"url": url, "final_url": url, "status": status, "headers": dict(headers or {}), "body": body, **over}
    )


def make_item(article_id: int, text: str, **over: Any) -> ClusterItem:
    sound: dict[str, Any] = {
        "article_id": article_id,
        "outlet_id": f"outlet-{article_id}",
        "publisher": f"publisher-{article_id}",
        "language": "en",
        "title": f"Report number {article_id}",
        "text": text,
        "published_at": datetime(2026, 11, 24, 8, article_id % 60, tzinfo=UTC),
        "published_day": date(2026, 11, 24),
        "first_seen_at": NOW,
    }
    return ClusterItem(**{**sound, **over})


def make_told(article_id: int, **over: Any) -> Told:
    sound: dict[str, Any] = {
        "article_id": article_id,
        "story_id": article_id,
        "line_id": article_id,
        "outlet": f"Outlet {article_id}",
        "publisher": f"publisher-{article_id}",
        "tier": 2,
        "country": "IE",
        "language": "en",
        "title": f"Headline {article_id}",
        "text": "The ministers of the coastal states agreed on a joint pledge. It takes effect in May.",
        "url": f"https://outlet-{article_id}.example/story",
        "published_at": datetime(2026, 11, 23, 20, 0, tzinfo=UTC),
        "published_day": date(2026, 11, 23),
        "first_seen_at": datetime(2026, 11, 23, 21, 0, tzinfo=UTC),
        "is_backlog": False,
        "is_partial": False,
        "is_tdm_reserved": False,
        "is_gone": False,
        "quality": 1.0,
        "original_id": None,
        "topics": (("summit", 0.8, True),),
        "in_title": (),
        "in_text": ("summit",),
        "quotes": (),
    }
    told = {**sound, **over}
    return Told(**{"aboutness": float(any(about for _, _, about in told["topics"])), **told})


def make_known(new: Sequence[Told] = (), **over: Any) -> Known:
    sound: dict[str, Any] = {
        "new": new,
        "told_lines": {},
        "changes": (),
        "terms": (),
        "feeds": (make_seen_feed(),),
        "unread": (),
        "record": make_record(),
        "voices": {},
    }
    return Known(**{**sound, **over})


def make_seen_feed(**over: Any) -> dict[str, Any]:
    sound = {"feed": "herald-all", "outlet": "Harbour Herald", "last_answer_at": "2026-11-24T05:00+00:00",
             "trouble": None, "detail": None}  # fmt: skip
    return {**sound, **over}


def make_record(**over: Any) -> Record:
    """A watch since the first of November, of one feed that answered on each day."""
    days = {date(2026, 1, 1) + timedelta(days=n): Seen(feeds_out=0, feeds_answered=1) for n in range(366)}
    return Record(**{"daily": {}, "seen": days, "watching_since": date(2026, 11, 1), "feeds": 1, **over})


def make_brief(**over: Any) -> Brief:
    sound: dict[str, Any] = {
        "title": "Summit watch",
        "topics": (("summit", "The summit"), ("regulation", "The regulation")),
        "languages": ("en", "fr"),
        "time_zone": "Europe/Brussels",
    }
    return Brief(**{**sound, **over})


def prose(seed: int, sentences: int = 12) -> str:
    """Invented policy news, one sentence unlike the next, the same for a seed."""
    return " ".join(
        f"In {_TOWNS[(seed * 3 + n) % 8]} the {_DOERS[(seed + n * 5) % 6]} {_DEEDS[(seed * 7 + n) % 8]} "
        f"{_THINGS[(seed + n) % 5]} number {seed * 100 + n} after a sitting of {n + 2} hours."
        for n in range(sentences)
    )


def make_rss(*items: tuple[str, str], inside: str = "", extra: str = "") -> bytes:
    """An RSS document of (title, link) items; `inside` goes into each item, `extra` into the channel."""
    listed = "".join(
        f"<item><title>{escape(title)}</title><link>{escape(link)}</link>{inside}</item>" for title, link in items
    )
    return (
        f'<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Harbour Herald</title>{extra}'
        f"{listed}</channel></rss>"
    ).encode()


def make_page(title: str = "Ministers agree on a pledge", text: str | None = None, head: str = "") -> bytes:
    paragraphs = "".join(f"<p>{escape(p)}</p>" for p in (text or f"{prose(1, 6)}\n{prose(2, 6)}").split("\n"))
    return (
        f"<!doctype html><html><head><title>{escape(title)}</title>{head}</head>"
        f"<body><article><h1>{escape(title)}</h1>{paragraphs}</article></body></html>"
    ).encode()


class Died(Exception):
    """The process is gone."""


class DyingWriter:
    """A warehouse whose process dies as it begins its nth transaction: what came before is committed."""

    def __init__(self, warehouse: Warehouse, *, at: int) -> None:
        self._warehouse, self._left = warehouse, at

    def transaction(self) -> AbstractContextManager[Transaction]:
        self._left -= 1
        if self._left == 0:
            raise Died
        return self._warehouse.transaction()

    def query(self, name: str, **parameters: object) -> list[dict[str, Any]]:
        return self._warehouse.query(name, **parameters)


class Inline:
    """Reads documents in this process: for tests of what is read, not of its limits."""

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T | Rejected:
        return function(*args, **kwargs)

    def map(self, function: Callable[..., T], items: Iterable[tuple[Any, ...]]) -> Iterator[T | Rejected]:
        return (function(*item) for item in items)


class FakeHttp:
    """A network that answers each address as told, and notes what it was asked.

    Implements the protocol `Http` of the stages. An address without an answer is a 404.
    """

    def __init__(self, answers: Mapping[str, Answer | Callable[[], Answer]] | None = None) -> None:
        self.answers = dict(answers or {})
        self.asked: list[tuple[str, dict[str, str]]] = []
        self._ledger: list[Asked] = []
        self.paused: set[str] = set()
        self.before_each: Callable[[str], None] = lambda _url: None

    async def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, valid_at: str | None = None, want: Want = PAGE,
        gap: float | None = None,
    ) -> Answer:  # fmt: skip
        del gap, valid_at
        if urlsplit(url).hostname in self.paused:
            return Rejected(reason=Reason.HOST_PAUSED)
        self.before_each(url)
        self.asked.append((url, dict(headers or {})))
        answer = self.answers.get(url, make_response(url, 404))
        found = answer() if callable(answer) else answer
        status = found.status if isinstance(found, Response) else None
        host = urlsplit(url).hostname or ""
        self._ledger.append(
            Asked(url=url, host=host, purpose=want.purpose, is_conditional=bool(headers), status=status)
        )
        return found

    def pause(self, hosts: Iterable[str]) -> None:
        self.paused.update(hosts)

    def take_asked(self) -> list[Asked]:
        taken, self._ledger = self._ledger, []
        return taken

    def urls(self) -> list[str]:
        return [url for url, _ in self.asked]
