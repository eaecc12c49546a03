"""Feed servers on loopback that live in simulated time and judge their client by the polite poller's checklist.

    request | which feed | judge (breaches, kinds) | the feed's own behaviour | remember what was given -> answer

The test sets `web.now` before each pass and calls `web.lost` after a crash: what a dead process had neither archived
nor recorded it cannot know, and is not blamed for.
"""

import socket
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from email.utils import format_datetime, parsedate_to_datetime
from enum import StrEnum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

from pipelines.settings import MappedHost

FLOOR, FLOOR_TIER_1 = timedelta(minutes=60), timedelta(minutes=30)
DAY = timedelta(hours=24)
LATEST = DAY * 1.1
MOST_REDIRECTS = 5
CONTACT = "desk@watch.example"


class Breach(StrEnum):
    """What a client must never do. Each is a column that must be zero."""

    UNCONDITIONAL_AGAIN = "unconditional_again"
    STALE_VALIDATOR = "stale_validator"  # out of sequence: given once, but not by the last whole answer
    INCOMPLETE_VALIDATORS = "incomplete_validators"  # one of two
    MIXED_VALIDATORS = "mixed_validators"  # each given, never together
    FOREIGN_VALIDATOR = "foreign_validator"  # given by another address
    MADE_UP_VALIDATOR = "made_up_validator"
    OTHER_CONDITION = "other_condition"  # If-Match, If-Range, Range ...
    COOKIE = "cookie"
    REFERRER = "referrer"
    QUERY = "query"
    METHOD = "method"
    NO_CONTACT = "no_contact"
    UNKNOWN_ADDRESS = "unknown_address"
    OLD_ADDRESS = "old_address"  # the configured address before it was changed
    TOO_EARLY = "too_early"  # before the allowed floor
    TOO_FRESH = "too_fresh"  # within max-age or Expires
    WITHIN_TTL = "within_ttl"
    RETRY_AFTER = "retry_after"
    TOO_LATE = "too_late"
    HOST_PAUSED = "host_paused"  # a later pass, within the pause of a 429
    HOST_JUST_PAUSED = "host_just_paused"  # the same pass, after a 429
    AFTER_GONE = "after_gone"
    TWICE = "twice"  # one address, one moment
    ADOPTED_REDIRECT = "adopted_redirect"
    TOO_MANY_REDIRECTS = "too_many_redirects"
    PARALLEL = "parallel"  # two requests at one host at once


class Kind(StrEnum):
    """How a request for a document asked."""

    CONDITIONAL = "conditional"
    FIRST = "first"
    CHANGED_URL = "changed_url"
    NOTHING_TO_SEND = "nothing_to_send"  # no whole answer brought a validator, or the one that did was lost
    WATCHDOG = "watchdog"
    AGAIN = "again"


@dataclass(frozen=True, slots=True)
class Validators:
    """The two that an answer gave, as opaque strings of Latin-1 (one character is one byte)."""

    etag: str | None = None
    last_modified: str | None = None

    @property
    def any(self) -> bool:
        return self.etag is not None or self.last_modified is not None


NONE = Validators()


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What is sent.

    Attributes:
        cut: so many bytes of the body are sent, then the connection is closed; None: all.
        is_silent: the connection is closed without a byte.
        is_reset: the same, and not in good order.
        late: seconds before the first byte.
        drip: seconds between two bytes of the body; the first comes after as long.
        is_readable: the body is a document that a client can read whole.
    """

    status: int = 200
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    cut: int | None = None
    is_silent: bool = False
    is_reset: bool = False
    late: float = 0.0
    drip: float = 0.0
    is_readable: bool = True

    def header(self, name: str) -> str | None:
        return next((v for n, v in self.headers if n.lower() == name.lower()), None)

    @property
    def validators(self) -> Validators:
        return Validators(self.header("etag"), self.header("last-modified"))

    @property
    def is_whole(self) -> bool:
        return self.status == 200 and self.is_readable and not self.is_lost

    @property
    def is_lost(self) -> bool:
        return self.cut is not None or self.is_silent or self.is_reset or self.drip > 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """One request as a feed's behaviour sees it.

    Attributes:
        nth: counts the turns at the feed from 1; the hops of one turn share it.
        hop: 0 at the configured address, then how many redirects led here.
    """

    now: datetime
    nth: int
    hop: int
    sent: Validators
    accepts_gzip: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class StrictFeed:
    """One feed: where it is, how its client may treat it, and how it answers.

    Attributes:
        hops: where redirects lead in turn; the last answers with the document.
        also: further addresses that may answer.
        moves_to: the address that sources.yaml gives from the day of the move on.
        every: how often it publishes, for what may be called silence.
        published: addresses of the items it has published by then.
    """

    feed_id: str
    url: str
    answer: Callable[[Visit], Answer]
    published: Callable[[datetime], tuple[str, ...]]
    tier: int = 2
    hops: tuple[str, ...] = ()
    also: tuple[str, ...] = ()
    moves_to: str | None = None
    every: timedelta = timedelta(hours=2)
    ttl: timedelta | None = None

    def addresses(self) -> dict[str, int]:
        """Every address that may be asked, with its hop."""
        last = len(self.hops)
        moved = {self.moves_to: 0} if self.moves_to else {}
        return {self.url: 0, **moved, **{h: n for n, h in enumerate(self.hops, 1)}, **dict.fromkeys(self.also, last)}


@dataclass(frozen=True, slots=True)
class Seen:
    """One request as it came, and what was answered."""

    now: datetime
    clock: float  # seconds, monotonic: for the gap between requests
    feed_id: str
    host: str
    address: str
    headers: Mapping[str, str]
    status: int
    is_whole: bool


@dataclass(slots=True)
class _Memory:
    """What one address has given: what may be sent back to it, and all that it ever gave."""

    accepted: tuple[Validators, ...] = (NONE,)
    ever: set[Validators] = field(default_factory=set)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Limits:
    """What the last answers ask of the next turn."""

    age: timedelta | None = None
    fresh_until: datetime | None = None
    ttl_until: datetime | None = None
    retry_until: datetime | None = None
    is_gone: bool = False
    news_at: datetime | None = None
    listed: int = 0


@dataclass(slots=True)
class _Watch:
    """What one feed's server remembers of its client."""

    feed: StrictFeed
    counts: Counter[str] = field(default_factory=Counter)
    memories: dict[str, _Memory] = field(default_factory=dict)
    limits: _Limits = field(default_factory=_Limits)
    before: tuple[_Limits, dict[str, tuple[Validators, ...]]] = field(default_factory=lambda: (_Limits(), {}))
    asked_at: datetime | None = None
    last_at: dict[str, datetime] = field(default_factory=dict)
    watchdog_at: datetime | None = None
    visits: int = 0
    is_moved: bool = False
    living_since: datetime | None = None  # a feed that was gone lives again where its address changes
    moved_asked: bool = False

    def __post_init__(self) -> None:
        self.memories = {address: _Memory() for address in self.feed.addresses()}

    @property
    def url(self) -> str:
        return self.feed.moves_to if self.is_moved and self.feed.moves_to else self.feed.url

    def breaches(self) -> dict[str, int]:
        return {b.value: self.counts[b] for b in Breach if self.counts[b]}

    # -- one request

    def judge(self, address: str, sent: Validators, now: datetime) -> Visit:
        """Count what is wrong with a request, and say which visit it is."""
        hop = self.feed.addresses()[address]
        if self.last_at.get(address) == now:
            self.counts[Breach.TWICE] += 1
        elif hop == 0:
            self._turn(address, now)
        elif self.asked_at != now:
            self.counts[Breach.ADOPTED_REDIRECT] += 1
        if hop > MOST_REDIRECTS:
            self.counts[Breach.TOO_MANY_REDIRECTS] += 1
        self.last_at[address] = now
        return Visit(now=now, nth=self.visits, hop=hop, sent=sent)

    def _turn(self, address: str, now: datetime) -> None:
        self.before = (self.limits, {a: m.accepted for a, m in self.memories.items()})
        self.visits += 1
        if address != self.url:
            self.counts[Breach.OLD_ADDRESS] += 1
        if self.asked_at is not None:
            self.counts[Breach.TOO_EARLY] += now - self.asked_at < self._floor()
            self.counts[Breach.TOO_LATE] += self.is_late(now)
        limits = self.limits
        self.counts[Breach.AFTER_GONE] += limits.is_gone
        for until, breach in (
            (limits.fresh_until, Breach.TOO_FRESH),
            (limits.ttl_until, Breach.WITHIN_TTL),
            (limits.retry_until, Breach.RETRY_AFTER),
        ):
            self.counts[breach] += until is not None and now < until
        self.asked_at = now

    def is_late(self, now: datetime) -> bool:
        """True if a living feed has been left alone for longer than a day and a tenth."""
        since = max((t for t in (self.asked_at, self.living_since) if t is not None), default=None)
        return not self.limits.is_gone and (since is None or now - since > LATEST)

    def _floor(self) -> timedelta:
        age = self.limits.age
        return FLOOR_TIER_1 if self.feed.tier == 1 and age is not None and age <= FLOOR_TIER_1 else FLOOR

    def judge_validators(self, address: str, sent: Validators, now: datetime) -> None:
        """Of a request that reached an address which answers itself, not with a redirect."""
        accepted = self.memories[address].accepted
        if sent.any:
            self.counts[Kind.CONDITIONAL] += 1
            if sent not in accepted:
                self.counts[self._wrong(address, sent)] += 1
            return
        self.counts[self._unconditional(address, now)] += 1

    def _unconditional(self, address: str, now: datetime) -> str:
        if NONE in self.memories[address].accepted:
            if self.is_moved and not self.moved_asked:
                self.moved_asked = True
                return Kind.CHANGED_URL
            return Kind.NOTHING_TO_SEND if self.counts[Kind.FIRST] else Kind.FIRST
        if self._is_silent(now) and (self.watchdog_at is None or now - self.watchdog_at >= DAY):
            self.watchdog_at = now
            return Kind.WATCHDOG
        self.counts[Breach.UNCONDITIONAL_AGAIN] += 1
        return Kind.AGAIN

    def _is_silent(self, now: datetime) -> bool:
        # Five of its gaps are asked for; a client sees them only as far apart as its polls were.
        return self.limits.news_at is not None and now - self.limits.news_at >= 4 * self.feed.every

    def _wrong(self, address: str, sent: Validators) -> Breach:
        here = self.memories[address].ever
        anywhere = set().union(*(m.ever for m in self.memories.values()))
        if not _has_parts(anywhere, sent):
            return Breach.MADE_UP_VALIDATOR
        if not _has_parts(here, sent):
            return Breach.FOREIGN_VALIDATOR
        if sent in {v for a in self.memories[address].accepted for v in _parts(a)}:
            return Breach.INCOMPLETE_VALIDATORS
        whole = sent.etag is not None and sent.last_modified is not None
        return Breach.MIXED_VALIDATORS if whole and sent not in here else Breach.STALE_VALIDATOR

    # -- one answer

    def remember(self, address: str, answer: Answer, sent: Validators, now: datetime) -> None:
        """What this answer gives, and what it asks of the next turn."""
        if answer.is_lost or (answer.status == 200 and not answer.is_readable):
            self.memories[address].ever.add(answer.validators)
            self.limits = replace(self.limits, fresh_until=None, ttl_until=None, retry_until=None)
            return
        if answer.is_whole:
            self._give(address, answer.validators)
            listed = len(self.feed.published(now))
            news_at = now if listed > self.limits.listed else self.limits.news_at
            self.limits = replace(self.limits, news_at=news_at, listed=listed)
        elif answer.status == 304:
            given = answer.validators
            self._give(address, Validators(given.etag or sent.etag, given.last_modified or sent.last_modified))
        self._limit(answer, now)

    def _give(self, address: str, given: Validators) -> None:
        memory = self.memories[address]
        memory.ever.add(given)
        # Bytes beyond ASCII may be left out: not every client can send them back as they came.
        is_odd = given.etag is not None and not given.etag.isascii()
        memory.accepted = (given, replace(given, etag=None)) if is_odd else (given,)

    def _limit(self, answer: Answer, now: datetime) -> None:
        age = _age(answer, now)
        is_document = answer.status in {200, 304}
        asked = _retry_after(answer, now) if answer.status >= 400 else None
        ttl = self.feed.ttl if is_document else None
        told = age if age is not None else ttl
        self.limits = replace(
            self.limits,
            age=told if told is not None else self.limits.age,
            fresh_until=now + min(age, DAY) if age is not None and (is_document or answer.status == 429) else None,
            ttl_until=now + min(ttl, DAY) if ttl is not None and age is None else None,
            retry_until=now + min(asked, DAY) if asked is not None else None,
            is_gone=answer.status == 410,
        )

    def forgive(self) -> None:
        """The last turn's answers were lost with the process: what held before them may be sent and asked as well."""
        limits, accepted = self.before
        self.limits = limits
        for address, memory in self.memories.items():
            memory.accepted = tuple(dict.fromkeys((*memory.accepted, *accepted[address])))

    def move(self, now: datetime) -> None:
        """From now on sources.yaml gives the other address; what stopped the feed or was asked belonged to the old."""
        self.is_moved = True
        self.living_since = now if self.limits.is_gone else None
        self.limits = replace(
            self.limits, is_gone=False, fresh_until=None, ttl_until=None, retry_until=None, age=self.limits.age
        )


def _parts(given: Validators) -> tuple[Validators, Validators]:
    return Validators(etag=given.etag), Validators(last_modified=given.last_modified)


def _has_parts(given: Iterable[Validators], sent: Validators) -> bool:
    """Every part that was sent was given, if not together."""
    known = list(given)
    return (sent.etag is None or any(v.etag == sent.etag for v in known)) and (
        sent.last_modified is None or any(v.last_modified == sent.last_modified for v in known)
    )


def _age(answer: Answer, now: datetime) -> timedelta | None:
    control = answer.header("cache-control")
    if control is not None and control.startswith("max-age="):
        return timedelta(seconds=int(control.removeprefix("max-age=")))
    expires = answer.header("expires")
    return max(_moment(expires) - now, timedelta()) if expires is not None else None


def _retry_after(answer: Answer, now: datetime) -> timedelta | None:
    value = answer.header("retry-after")
    if value is None:
        return None
    return timedelta(seconds=int(value)) if value.isdecimal() else _moment(value) - now


def http_date(moment: datetime) -> str:
    """As RFC 9110 5.6.7 writes it."""
    return format_datetime(moment, usegmt=True)


def _moment(value: str) -> datetime:
    return parsedate_to_datetime(value)


# --- the server


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 512  # a hundred hosts are asked at once; the default of 5 refuses some of them

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that is gone before its answer is no error of ours; any other is told."""
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class StrictWeb:
    """All feeds' servers, between `with` and its end.

    Attributes:
        now: the simulated time; set it before each pass.
        log: every request of a known feed.
        before_answer: called with the number of the request, counted from 1, before its answer leaves.
        after_answer: the same, once the answer has left.
    """

    def __init__(self, feeds: Collection[StrictFeed], now: datetime) -> None:
        self.now = now
        self.log: list[Seen] = []
        self.watches = {f.feed_id: _Watch(f) for f in feeds}
        self.before_answer: Callable[[int], None] = lambda _: None
        self.after_answer: Callable[[int], None] = lambda _: None
        self.strays = Counter[str]()  # breaches of requests that belong to no feed
        self._feed_of = {address: f.feed_id for f in feeds for address in f.addresses()}
        self._paused: dict[str, tuple[datetime, datetime, str]] = {}  # host: since, until, by which feed
        self._busy = Counter[str]()
        self._requests = 0
        self._lock = threading.Lock()

    def __enter__(self) -> Self:
        web = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            timeout = 30

            def answer(self) -> None:
                web.serve(self)

            do_GET = do_HEAD = do_POST = do_PUT = do_OPTIONS = answer  # noqa: N815 (the names are inherited)

            def log_message(self, format: str, *args: object) -> None:  # noqa: A002 (the name is inherited)
                """Nothing is written to standard error."""

        self._server = _Server(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), daemon=True)
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def port(self) -> int:
        return int(self._server.server_address[1])

    def hosts(self) -> tuple[MappedHost, ...]:
        return (MappedHost(name="press.test", address="127.0.0.1", port=self.port),)

    # -- what the test tells

    def move(self, feed_id: str) -> None:
        """sources.yaml gives the feed's other address from now on."""
        self.watches[feed_id].move(self.now)

    def lost(self, at: datetime, feed_ids: Iterable[str]) -> None:
        """A process died that had neither archived nor recorded the answers of these feeds at that time."""
        for feed_id in feed_ids:
            watch = self.watches[feed_id]
            if watch.asked_at == at:
                watch.forgive()
            self._paused = {h: p for h, p in self._paused.items() if (p[0], p[2]) != (at, feed_id)}

    def close(self) -> None:
        """The play is over: a living feed that was not asked for too long is counted now."""
        for watch in self.watches.values():
            watch.counts[Breach.TOO_LATE] += watch.is_late(self.now)

    # -- what the test asks

    @property
    def requests(self) -> int:
        """How many have come so far."""
        return self._requests

    def breaches(self) -> dict[str, dict[str, int]]:
        """Breach -> feed -> how often; what never happened is left out."""
        found: dict[str, dict[str, int]] = {}
        for feed_id, watch in self.watches.items():
            for breach, many in watch.breaches().items():
                found.setdefault(breach, {})[feed_id] = many
        for breach, many in self.strays.items():
            found.setdefault(breach, {})[""] = many
        return found

    def count(self, feed_id: str, kind: Kind) -> int:
        return self.watches[feed_id].counts[kind]

    def turns(self, feed_id: str) -> list[datetime]:
        """When the feed's configured address was asked."""
        watch = self.watches[feed_id]
        return [s.now for s in self.log if s.feed_id == feed_id and watch.feed.addresses()[s.address] == 0]

    def answered(self, at: datetime) -> set[str]:
        """Feeds that were asked at a time."""
        return {s.feed_id for s in self.log if s.now == at}

    # -- one request

    def serve(self, handler: BaseHTTPRequestHandler) -> None:
        """Judge and answer one request."""
        headers = {name.lower(): value for name, value in handler.headers.items()}
        host = headers.get("host", "").partition(":")[0]
        with self._lock:
            self._requests += 1
            number, clock = self._requests, time.monotonic()
            self._busy[host] += 1
            answer = self._respond(handler.command, host, handler.path, headers, clock)
        try:
            self.before_answer(number)
        finally:
            with self._lock:  # before the answer leaves: its receiver may ask again at once
                self._busy[host] -= 1
        _send(handler, answer)
        self.after_answer(number)

    def _respond(self, method: str, host: str, path: str, headers: Mapping[str, str], clock: float) -> Answer:
        address = f"http://{host}{urlsplit(path).path}"
        feed_id = self._feed_of.get(address)
        counts = self.strays if feed_id is None else self.watches[feed_id].counts
        counts.update(self._manners(method, host, path, headers))
        if feed_id is None:
            counts[Breach.UNKNOWN_ADDRESS] += 1
            return Answer(status=404, body=b"Not found.")
        watch, now = self.watches[feed_id], self.now
        sent = Validators(headers.get("if-none-match"), headers.get("if-modified-since"))
        visit = watch.judge(address, sent, now)
        accepts_gzip = "gzip" in headers.get("accept-encoding", "")
        answer = watch.feed.answer(replace(visit, accepts_gzip=accepts_gzip))
        if answer.header("location") is None:
            watch.judge_validators(address, sent, now)
        watch.remember(address, answer, sent, now)
        if answer.status == 429:
            until = now + min(_retry_after(answer, now) or timedelta(hours=1), DAY)
            self._paused[host] = (now, until, feed_id)
        self.log.append(
            Seen(
                now=now, clock=clock, feed_id=feed_id, host=host, address=address, headers=headers,
                status=answer.status, is_whole=answer.is_whole,
            )
        )  # fmt: skip
        return answer

    def _manners(self, method: str, host: str, path: str, headers: Mapping[str, str]) -> list[Breach]:
        """What is wrong with a request whatever it asks for."""
        conditions = {h for h in headers if h.startswith("if-")} - {"if-none-match", "if-modified-since"}
        since, until, _ = self._paused.get(host, (self.now, self.now, ""))
        wrong = {
            Breach.METHOD: method != "GET",
            Breach.COOKIE: "cookie" in headers,
            Breach.REFERRER: "referer" in headers,
            Breach.QUERY: "?" in path,
            Breach.OTHER_CONDITION: bool(conditions or "range" in headers),
            Breach.NO_CONTACT: CONTACT not in headers.get("user-agent", ""),
            Breach.PARALLEL: self._busy[host] > 1,
            Breach.HOST_PAUSED: since < self.now < until,
            Breach.HOST_JUST_PAUSED: since == self.now < until,
        }
        return [breach for breach, is_so in wrong.items() if is_so]


_ABORT = struct.pack("ii", 1, 0)  # on, no seconds: close() resets the connection


def _send(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    """Write an answer byte for byte; one that is cut, silent or reset ends the connection."""
    if answer.is_reset:
        handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _ABORT)
    if answer.is_silent or answer.is_reset:
        handler.close_connection = True
        return
    time.sleep(answer.late)
    has_body = answer.status not in {204, 304} and handler.command != "HEAD"
    length = (("Content-Length", str(len(answer.body))),) if has_body else ()
    lines = [f"HTTP/1.1 {answer.status} Answer", *(f"{n}: {v}" for n, v in (*answer.headers, *length))]
    handler.wfile.write(("\r\n".join(lines) + "\r\n\r\n").encode("latin-1"))
    if has_body and answer.drip:
        _drip(handler, answer)
    elif has_body:
        handler.wfile.write(answer.body[: answer.cut])
    handler.close_connection |= answer.cut is not None


def _drip(handler: BaseHTTPRequestHandler, answer: Answer) -> None:
    for byte in answer.body:
        time.sleep(answer.drip)
        handler.wfile.write(bytes([byte]))
