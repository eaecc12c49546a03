"""The feeds of the strict web: every way to validate, to ask for patience, to move, to fail and to lie.

Wire: what is published when, in which format | validators | headers | troubles by visit -> StrictFeed
"""

import gzip
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from html import escape
from typing import Any

import yaml

from .strict_web import CONTACT, Answer, StrictFeed, Validators, Visit, http_date

START = datetime(2026, 11, 2, 5, 12, 30, tzinfo=UTC)
_HOUR = timedelta(hours=1)
_BEFORE = 3  # items that stand in a feed when the play begins

Pairs = tuple[tuple[str, str], ...]
Trouble = Callable[["Wire", Visit], Answer]


@dataclass(frozen=True, slots=True, kw_only=True)
class Edition:
    """A feed's document at a moment: how many items, the newest of when."""

    count: int
    changed_at: datetime


def named_etag(edition: Edition, _: Visit) -> str | None:
    return f'"v{edition.count}"'


def dated(edition: Edition, _: Visit) -> str | None:
    return http_date(edition.changed_at)


def nothing(_: Edition, __: Visit) -> str | None:
    return None


def like(pattern: str) -> Callable[[Edition, Visit], str | None]:
    """A validator of any shape; {n} is the number of the edition."""
    return lambda edition, _: pattern.replace("{n}", str(edition.count))


def restless(_: Edition, visit: Visit) -> str | None:
    """Another one at every answer, whatever has changed."""
    return f'"answer-{visit.nth}"'


@dataclass(frozen=True, slots=True, kw_only=True)
class Wire:
    """How one feed publishes and answers.

    Attributes:
        etag: of an edition; None: it has none.
        renewed: the ETag that a 304 brings instead.
        headers: sent with 200 and 304 alike, as RFC 9110 15.4.5 demands.
        troubles: answers to single visits, by their number, in place of the document.
        hops: addresses that redirects lead through, and the status that leads there.
        window: how many of the newest items are listed; None: all.
        falls_silent: when nothing is published any more.
        lies_from: since when a conditional request is told 304 whatever has changed.
    """

    feed_id: str
    host: str = ""
    scheme: str = "http"
    tier: int = 2
    poll_minutes: int = 60
    every: timedelta = 2 * _HOUR
    form: Callable[["Wire", datetime], bytes] = field(default=lambda w, t: rss(w, t))  # noqa: PLW0108 (defined below)
    etag: Callable[[Edition, Visit], str | None] = named_etag
    last_modified: Callable[[Edition, Visit], str | None] = nothing
    renewed: Callable[[Edition, Visit], str | None] = nothing
    headers: Callable[[datetime], Pairs] = lambda _: ()
    troubles: Mapping[int, Trouble] = field(default_factory=dict)
    status: int = 301
    hops: tuple[str, ...] = ()
    turning: str | None = None  # the last redirect leads here from the fifth visit on
    moves: bool = False
    ttl_minutes: int | None = None
    inside: str = ""
    window: int | None = None
    falls_silent: datetime | None = None
    lies_from: datetime | None = None
    is_packed: bool = False

    @property
    def base(self) -> str:
        return f"{self.scheme}://{self.host or self.feed_id + '.press.test'}/{self.feed_id}"

    def items(self, now: datetime) -> int:
        end = min(now, self.falls_silent or now)
        return max(0, int((end - START) / self.every)) + _BEFORE

    def published(self, now: datetime) -> tuple[str, ...]:
        return tuple(f"{self.base}/n/{n}" for n in range(self.items(now)))

    def listed(self, now: datetime) -> tuple[str, ...]:
        return self.published(now)[-(self.window or 0) :]

    def edition(self, now: datetime) -> Edition:
        count = self.items(now)
        return Edition(count=count, changed_at=START + (count - _BEFORE) * self.every)

    def answer(self, visit: Visit) -> Answer:
        """A redirect, a trouble, 304 or the document."""
        if visit.hop < len(self.hops):
            turned = self.turning if visit.hop == len(self.hops) - 1 and visit.nth >= 5 else None
            return Answer(status=self.status, headers=(("Location", turned or self.hops[visit.hop]),))
        if visit.nth in self.troubles:
            return self.troubles[visit.nth](self, visit)
        edition = self.edition(visit.now)
        has = Validators(self.etag(edition, visit), self.last_modified(edition, visit))
        given = _validator_headers(has)
        if self._is_known(visit, has):
            renewed = self.renewed(edition, visit)
            return Answer(status=304, headers=((("ETag", renewed),) if renewed else given) + self.headers(visit.now))
        return self._document(visit, given)

    def _is_known(self, visit: Visit, has: Validators) -> bool:
        if self.lies_from is not None and visit.now >= self.lies_from:
            return visit.sent.any
        if visit.sent.etag is not None:  # If-Modified-Since is then ignored (RFC 9110 13.1.3)
            renewed = self.renewed(self.edition(visit.now), replace(visit, nth=visit.nth - 1))
            return visit.sent.etag in {has.etag, renewed}
        return visit.sent.last_modified is not None and visit.sent.last_modified == has.last_modified

    def _document(self, visit: Visit, given: Pairs) -> Answer:
        body = self.form(self, visit.now)
        headers = (*given, *self.headers(visit.now), ("Content-Type", "application/xml"))
        if self.is_packed and visit.accepts_gzip:
            return Answer(headers=(*headers, ("Content-Encoding", "gzip")), body=gzip.compress(body, mtime=0))
        return Answer(headers=headers, body=body)

    def strict(self) -> StrictFeed:
        """The feed as its judge sees it."""
        return StrictFeed(
            feed_id=self.feed_id,
            url=f"{self.base}/feed",
            answer=self.answer,
            published=self.published,
            tier=self.tier,
            hops=self.hops,
            also=(self.turning,) if self.turning else (),
            moves_to=f"{self.base}/moved" if self.moves else None,
            every=self.every,
            ttl=timedelta(minutes=self.ttl_minutes) if self.ttl_minutes else None,
        )


def _validator_headers(has: Validators) -> Pairs:
    pairs = (("ETag", has.etag), ("Last-Modified", has.last_modified))
    return tuple((name, value) for name, value in pairs if value is not None)


# --- what the monitor is told


def sources_text(wires: Sequence[Wire], moved: Sequence[str] = (), *, gap: float = 0.0, seconds: float = 20.0) -> str:
    """sources.yaml with one outlet a feed."""
    return yaml.safe_dump(
        {
            "monitor": {
                "name": "Watch", "contact": CONTACT, "host_gap_seconds": gap, "request_seconds": seconds,
            },
            "terms": {"pledge": {"en": ["pledge"]}},
            "topics": [{"id": "summit", "name": "Summit", "query": "pledge"}],
            "publishers": [{"id": "press", "name": "Press"}],
            "outlets": [_outlet(w, is_moved=w.feed_id in moved) for w in wires],
        }
    )  # fmt: skip


def _outlet(wire: Wire, *, is_moved: bool) -> dict[str, Any]:
    strict = wire.strict()
    return {
        "id": wire.feed_id, "name": wire.feed_id, "publisher": "press", "country": "BE", "language": "en",
        "tier": wire.tier,
        "feeds": [
            {
                "id": wire.feed_id, "url": strict.moves_to if is_moved else strict.url,
                "poll_minutes": wire.poll_minutes,
            }
        ],
    }  # fmt: skip


# --- formats


def _titled(wire: Wire, now: datetime) -> list[tuple[str, str]]:
    """Newest first: title and address."""
    listed = wire.listed(now)
    first = wire.items(now) - len(listed)
    return [(f"Note {n} of the {wire.feed_id} desk", url) for n, url in enumerate(listed, first)][::-1]


def rss(wire: Wire, now: datetime) -> bytes:
    items = "".join(
        f"<item><title>{escape(t)}</title><link>{u}</link><guid>{u}</guid></item>" for t, u in _titled(wire, now)
    )
    ttl = f"<ttl>{wire.ttl_minutes}</ttl>" if wire.ttl_minutes else ""
    return (
        '<?xml version="1.0" encoding="utf-8"?>'
        '<rss version="2.0" xmlns:sy="http://purl.org/rss/1.0/modules/syndication/"><channel>'
        f"<title>{wire.feed_id}</title>{ttl}{wire.inside}{items}</channel></rss>"
    ).encode()


def atom(wire: Wire, now: datetime) -> bytes:
    entries = "".join(
        f'<entry><title>{escape(t)}</title><id>{u}</id><link href="{u}"/></entry>' for t, u in _titled(wire, now)
    )
    return (
        '<?xml version="1.0" encoding="utf-8"?><feed xmlns="http://www.w3.org/2005/Atom">'
        f"<title>{wire.feed_id}</title>{entries}</feed>"
    ).encode()


def rdf(wire: Wire, now: datetime) -> bytes:
    items = "".join(
        f'<item rdf:about="{u}"><title>{escape(t)}</title><link>{u}</link></item>' for t, u in _titled(wire, now)
    )
    return (
        '<?xml version="1.0"?><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" '
        f'xmlns="http://purl.org/rss/1.0/"><channel rdf:about="{wire.base}"><title>{wire.feed_id}</title>'
        f"</channel>{items}</rdf:RDF>"
    ).encode()


def json_feed(wire: Wire, now: datetime) -> bytes:
    items = [{"id": u, "url": u, "title": t} for t, u in _titled(wire, now)]
    version = "https://jsonfeed.org/version/1.1"
    return json.dumps({"version": version, "title": wire.feed_id, "items": items}).encode()


def sitemap(wire: Wire, now: datetime) -> bytes:
    urls = "".join(
        f"<url><loc>{u}</loc><news:news><news:publication><news:name>{wire.feed_id}</news:name>"
        "<news:language>en</news:language></news:publication><news:publication_date>2026-11-02</news:publication_date>"
        f"<news:title>{escape(t)}</news:title></news:news></url>"
        for t, u in _titled(wire, now)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?><urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:news="http://www.google.com/schemas/sitemap-news/0.9">{urls}</urlset>'
    ).encode()


# --- troubles


def failing(status: int, *headers: tuple[str, str]) -> Trouble:
    return lambda _, __: Answer(status=status, headers=headers, body=b"Not now.")


def asking_until(status: int, wait: timedelta) -> Trouble:
    """Retry-After as a date."""
    return lambda _, visit: Answer(status=status, headers=(("Retry-After", http_date(visit.now + wait)),))


def silent(_: Wire, __: Visit) -> Answer:
    return Answer(is_silent=True)


def _spoilt(wire: Wire) -> Pairs:
    """Validators of an answer that could not be used: to send them back later is to lose what it held."""
    return (("ETag", f'"spoilt-{wire.feed_id}"'), ("Content-Type", "application/xml"))


def cut_short(wire: Wire, visit: Visit) -> Answer:
    """The connection ends in the middle of the body, and Content-Length says so."""
    body = wire.form(wire, visit.now)
    return Answer(headers=_spoilt(wire), body=body, cut=len(body) // 2)


def broken(wire: Wire, _: Visit) -> Answer:
    page = b"<!doctype html><html><body><p>We are back soon.</p></body></html>"
    return Answer(headers=_spoilt(wire), body=page, is_readable=False)


def ended_early(wire: Wire, visit: Visit) -> Answer:
    """Half a document that nothing but its missing end tells from a whole one."""
    return _ended(wire, visit, len(wire.form(wire, visit.now)) // 2)


def ended_in_a_link(wire: Wire, visit: Visit) -> Answer:
    """The same, and the last thing in it is the beginning of an address."""
    return _ended(wire, visit, wire.form(wire, visit.now).rindex(b"/n/0") + len("/n"))


def _ended(wire: Wire, visit: Visit, end: int) -> Answer:
    given = _validator_headers(Validators(wire.etag(wire.edition(visit.now), visit)))
    return Answer(headers=given, body=wire.form(wire, visit.now)[:end], is_readable=False)


def empty(wire: Wire, _: Visit) -> Answer:
    return Answer(headers=_spoilt(wire), is_readable=False)


def always(trouble: Trouble) -> dict[int, Trouble]:
    """At every visit of a week and more."""
    return dict.fromkeys(range(1, 1000), trouble)


def at(trouble: Trouble, *visits: int) -> dict[int, Trouble]:
    return dict.fromkeys(visits, trouble)


# --- the catalogue


def _age(seconds: int) -> Callable[[datetime], Pairs]:
    return lambda _: (("Cache-Control", f"max-age={seconds}"),)


def _expires(after: timedelta) -> Callable[[datetime], Pairs]:
    return lambda now: (("Expires", http_date(now + after)),)


def _chain(feed_id: str, many: int) -> tuple[str, ...]:
    """Addresses of redirects, over two hosts in turn."""
    return tuple(f"http://{feed_id}-{n % 2}.press.test/{feed_id}/hop{n}" for n in range(1, many + 1))


def _headers(*pairs: tuple[str, str]) -> Callable[[datetime], Pairs]:
    return lambda _: pairs


def catalogue() -> list[Wire]:
    """One feed for each behaviour, and neighbours where a host is shared."""
    return [*_validating(), *_patient(), *_redirected(), *_troubled(), *_throttled()]


def _validating() -> list[Wire]:
    return [
        Wire(feed_id="etag-only"),
        Wire(feed_id="modified-only", etag=nothing, last_modified=dated),
        Wire(feed_id="both", last_modified=dated),
        Wire(feed_id="none", etag=nothing),
        Wire(feed_id="etag-weak", etag=like('W/"v{n}"'), last_modified=dated),
        Wire(feed_id="etag-unquoted", etag=like("v{n}")),
        Wire(feed_id="etag-odd", etag=like('"a, b; W/{n}=\\"%22 \'{}<>')),
        Wire(feed_id="etag-empty", etag=like('""'), falls_silent=START),
        Wire(feed_id="etag-utf8", etag=like('"\u00e9dition-{n}"'.encode().decode("latin-1"))),
        Wire(feed_id="etag-latin1", etag=like('"\xe9dition-{n}"')),
        Wire(feed_id="etag-restless", etag=restless, falls_silent=START + 4 * _HOUR),
        Wire(feed_id="etag-renewed", renewed=lambda e, v: f'"v{e.count}-{v.nth}"', last_modified=dated),
        Wire(feed_id="modified-odd", etag=nothing, last_modified=like("yesterday, the {n}th; about noon")),
        # Each 200 drops one of the two: what the other answer gave must be dropped with it.
        Wire(
            feed_id="validators-in-turn",
            etag=lambda e, _: f'"v{e.count}"' if e.count % 2 else None,
            last_modified=lambda e, _: None if e.count % 2 else http_date(e.changed_at),
        ),
        Wire(feed_id="atom", form=atom),
        Wire(feed_id="rdf", form=rdf),
        Wire(feed_id="json", form=json_feed),
        Wire(feed_id="sitemap", form=sitemap),
        Wire(feed_id="packed", is_packed=True),
        Wire(feed_id="cookie", headers=_headers(("Set-Cookie", "visitor=17; Path=/"))),
        Wire(feed_id="lying", every=_HOUR, lies_from=START + 6 * _HOUR),
        Wire(feed_id="busy", every=timedelta(minutes=5), window=10, last_modified=dated),
        Wire(feed_id="silent", every=_HOUR, falls_silent=START + 8 * _HOUR),
        Wire(feed_id="moves", moves=True),
    ]


def _patient() -> list[Wire]:
    return [
        Wire(feed_id="age-600-leading", poll_minutes=30, tier=1, headers=_age(600)),
        Wire(feed_id="age-600", poll_minutes=30, headers=_age(600)),
        Wire(feed_id="age-7200", headers=_age(7200)),
        Wire(feed_id="age-172800", headers=_age(172_800)),
        Wire(feed_id="expires", headers=_expires(3 * _HOUR)),
        Wire(feed_id="expires-past", headers=_expires(-_HOUR)),
        Wire(feed_id="ttl-15-leading", poll_minutes=30, tier=1, ttl_minutes=15),
        Wire(feed_id="ttl-180", ttl_minutes=180, every=5 * _HOUR),
        Wire(feed_id="plain-leading", poll_minutes=30, tier=1),
        Wire(feed_id="sy-daily", inside="<sy:updatePeriod>daily</sy:updatePeriod>"),
    ]


def _redirected() -> list[Wire]:
    return [
        Wire(feed_id="found-301", hops=_chain("found-301", 1)),
        Wire(feed_id="found-302", status=302, hops=_chain("found-302", 1), last_modified=dated),
        Wire(feed_id="chain-5", hops=_chain("chain-5", 5)),
        Wire(feed_id="chain-6", hops=_chain("chain-6", 6)),
        Wire(
            feed_id="turning", status=302, hops=_chain("turning", 1),
            turning="http://turning-9.press.test/turning/other", etag=like('"1"'), falls_silent=START,
        ),
    ]  # fmt: skip


def _troubled() -> list[Wire]:
    return [
        Wire(feed_id="missing", troubles=at(failing(404), 3, 4, 5)),
        Wire(feed_id="missing-at-first", troubles=at(failing(404), 1, 2)),
        Wire(feed_id="missing-always", troubles=always(failing(404))),
        Wire(feed_id="storm", troubles=at(failing(500), 2, 3, 4, 6, 8, 9)),
        Wire(feed_id="broken", troubles=at(broken, 2, 3, 7)),
        Wire(feed_id="empty", troubles=at(empty, 2, 6)),
        Wire(feed_id="cut", last_modified=dated, troubles=at(cut_short, 1, 4, 5)),
        Wire(feed_id="gone", troubles=at(failing(410), *range(3, 1000))),
        Wire(feed_id="gone-and-moved", moves=True, troubles=at(failing(410), 3)),
        # Its neighbour's answer leaves a connection open, on which this one's silence comes.
        Wire(feed_id="closing", host="a-shared.press.test", troubles=at(silent, 2, 3, 6, 8)),
        Wire(feed_id="beside-closing", host="a-shared.press.test"),
        Wire(feed_id="unavailable-seconds", troubles=at(failing(503, ("Retry-After", "10800")), 2, 5)),
        Wire(feed_id="unavailable-date", troubles=at(asking_until(503, 5 * _HOUR), 2, 5)),
        Wire(feed_id="unavailable-past", troubles=at(asking_until(500, -_HOUR), 2)),
        Wire(feed_id="missing-patient", troubles=at(failing(404, ("Retry-After", "36000")), 3)),
        Wire(feed_id="unavailable-long", troubles=at(failing(503, ("Retry-After", "999999999")), 3)),
    ]


def _throttled() -> list[Wire]:
    slow = "throttling.press.test"
    return [
        Wire(feed_id="throttled-seconds", host=slow, troubles=at(failing(429, ("Retry-After", "14400")), 2, 5)),
        Wire(feed_id="a-beside-throttled", host=slow),
        Wire(feed_id="z-beside-throttled", host=slow),
        Wire(feed_id="led-to-throttled", hops=(f"http://{slow}/led-to-throttled/here",)),
        Wire(feed_id="above-throttled", host=f"news.{slow}"),
        Wire(feed_id="throttled-date", troubles=at(asking_until(429, 3 * _HOUR), 2, 4)),
        Wire(feed_id="throttled-bare", troubles=at(failing(429), 2, 3)),
        Wire(
            feed_id="throttled-aged",
            troubles=at(failing(429, ("Cache-Control", "max-age=21600"), ("Retry-After", "60")), 3),
        ),
    ]
