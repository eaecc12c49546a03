"""Two hundred feeds on some sixty hosts, a third of them failing in every way at once, in one pass.

healthy feeds, failing ways | one strict web | a pass, twice | entries, polls
"""

import gzip
import zlib
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from pipelines.adapters.warehouse import Warehouse
from pipelines.config import parse_sources
from pipelines.monitor import Monitor
from pipelines.settings import Settings

from .playing import offending
from .strict_feeds import START, Trouble, Wire, always, atom, json_feed, rdf, rss, sitemap, sources_text
from .strict_web import Answer, Breach, StrictWeb

_HOSTS = 56
_FEEDS, _FAILING = 200, 60
_SECONDS = 4.0  # for one request; what never ends takes as long
_XML = (("Content-Type", "application/rss+xml"),)
_FORMS = (rss, atom, rdf, json_feed, sitemap)


def _answer(body: bytes = b"", status: int = 200, *headers: tuple[str, str], **over: Any) -> Callable[[Wire], Answer]:
    return lambda _: Answer(status=status, headers=headers or _XML, body=body, **over)


def _redirect(to: str) -> Callable[[Wire], Answer]:
    return _answer(b"", 302, ("Location", to))


def _whole(wire: Wire) -> bytes:
    return wire.form(wire, START)


def _packed(body: bytes) -> bytes:
    return gzip.compress(body, mtime=0)


def _torn(body: bytes) -> bytes:
    """Its first half, announced as if it were all."""
    return body[: len(body) // 2]


def _deep(levels: int) -> bytes:
    return b"<div>" * levels + b"</div>" * levels


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """One way to fail: what is answered, and the reason under which it must be counted."""

    name: str
    reason: str
    answer: Callable[[Wire], Answer]
    scheme: str = "http"
    is_slow: bool = False  # takes the time limit, and its host with it
    is_pausing: bool = False  # its host is left alone


_NEVER = 60.0
_PAGE = b"<!doctype html><html><head><title>News</title></head><body><p>Ministers met.</p></body></html>"
WAYS = (
    Way(name="stalls", reason="timeout", is_slow=True, answer=lambda w: Answer(body=_whole(w), drip=_NEVER)),
    Way(name="drips", reason="timeout", is_slow=True, answer=lambda w: Answer(body=_whole(w), drip=0.2)),
    Way(name="resets", reason="connection", answer=_answer(is_reset=True)),
    Way(name="closes", reason="connection", answer=_answer(is_silent=True)),
    Way(name="plain-port", reason="tls", answer=_answer(), scheme="https"),
    Way(name="error-500", reason="server_error", answer=_answer(b"", 500)),
    Way(name="error-502", reason="server_error", answer=_answer(_PAGE, 502)),
    Way(name="missing", reason="not_found", answer=_answer(_PAGE, 404)),
    Way(name="gone", reason="removed", answer=_answer(b"", 410)),
    Way(name="throttles", reason="throttled", answer=_answer(b"", 429), is_pausing=True),
    Way(name="unavailable", reason="server_error", answer=_answer(b"", 503), is_pausing=True),
    Way(name="forbids", reason="client_error", answer=_answer(_PAGE, 403)),
    Way(name="no-content", reason="client_error", answer=_answer(b"", 204)),
    Way(name="picture", reason="not_a_feed", answer=_answer(b"\x89PNG\r\n\x1a\n" + bytes(400), 200)),
    Way(name="page", reason="not_a_feed", answer=_answer(_PAGE, 200, ("Content-Type", "text/html"))),
    Way(name="empty", reason="empty_body", answer=_answer()),
    Way(name="blank", reason="empty_body", answer=_answer(b" \r\n\t")),
    Way(name="garbage", reason="not_a_feed", answer=_answer(bytes(range(256)) * 40)),
    Way(name="deep", reason="not_a_feed", answer=lambda _: Answer(headers=_XML, body=_deep(20_000))),
    Way(name="huge", reason="too_large", answer=lambda _: Answer(headers=_XML, body=b"<rss>" + b" " * 5_100_000)),
    Way(
        name="bomb", reason="too_large",
        answer=lambda _: Answer(headers=(*_XML, ("Content-Encoding", "gzip")), body=_packed(bytes(60_000_000))),
    ),
    Way(name="not-packed", reason="bad_encoding", answer=_answer(b"<rss>", 200, ("Content-Encoding", "gzip"))),
    Way(
        name="packed-torn", reason="not_a_feed",  # aiohttp hands over what it could unpack, and that is no document
        answer=lambda w: Answer(headers=(*_XML, ("Content-Encoding", "gzip")), body=_torn(_packed(_whole(w)))),
    ),
    Way(name="cut", reason="bad_encoding", answer=lambda w: Answer(headers=_XML, body=_whole(w), cut=50)),
    Way(name="circles", reason="too_many_redirects", answer=lambda w: _redirect(f"{w.base}/feed")(w)),
    Way(name="to-metadata", reason="private_address", answer=_redirect("http://169.254.169.254/latest/meta-data")),
    Way(name="to-loopback", reason="private_address", answer=_redirect("http://127.0.0.1:4711/feed")),
    Way(name="to-loopback-6", reason="private_address", answer=_redirect("http://[::1]:4711/feed")),
    Way(name="to-file", reason="bad_url", answer=_redirect("file:///etc/hostname")),
    Way(name="to-nowhere", reason="client_error", answer=_answer(b"", 302)),
)  # fmt: skip


# --- odd, and yet whole


def _with_bad_entries(wire: Wire) -> Answer:
    """Good items among such as have no address, an address of no use, and a date that is none."""
    bad = (
        "<item><title>No address</title></item><item><title>Script</title><link>javascript:void(0)</link></item>"
        "<item><title>&#x1F;</title><link>http://[::1</link><pubDate>32 Foo 20261 99:99</pubDate></item>"
    )
    return Answer(headers=_XML, body=_whole(wire).replace(b"<item>", bad.encode() + b"<item>", 1))


def _in_another_charset(wire: Wire) -> Answer:
    """UTF-8 is declared twice; the bytes are Latin-1."""
    body = _whole(wire).replace(b"Note", "Résumé".encode("latin-1"))
    return Answer(headers=(("Content-Type", "application/rss+xml; charset=utf-8"),), body=body)


def _with_depth(wire: Wire) -> Answer:
    return Answer(headers=_XML, body=_whole(wire).replace(b"<item>", _deep(5_000) + b"<item>", 1))


def _with_entities(wire: Wire) -> Answer:
    """Each ten times the one before, nine times over: a billion words, were they written out."""
    entities = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 10))
    kind = f'<!DOCTYPE rss [<!ENTITY e0 "agreed">{entities}]><rss '
    body = _whole(wire).replace(b"<rss ", kind.encode(), 1).replace(b"Note 0", b"&e9;")
    return Answer(headers=_XML, body=body)


def _as_deflate(wire: Wire) -> Answer:
    return Answer(headers=(*_XML, ("Content-Encoding", "deflate")), body=zlib.compress(_whole(wire)))


ODD: tuple[Callable[[Wire], Answer], ...] = (
    _with_bad_entries,
    _in_another_charset,
    _as_deflate,
    _with_depth,
    _with_entities,
    lambda w: Answer(headers=(("Content-Type", "text/html"),), body=_whole(w)),
    lambda w: Answer(headers=(), body=_whole(w)),
    lambda w: Answer(headers=_XML, body=b"\xef\xbb\xbf\r\n" + _whole(w)),
    lambda w: Answer(headers=_XML, body=_whole(w).replace(b" desk", b" & desk \x0b")),
    lambda w: Answer(headers=(*_XML, ("Content-Encoding", "gzip")), body=_packed(_whole(w))),
)


# --- two runs


def wires() -> list[Wire]:
    """Healthy feeds over all hosts; the failing ones stand among them, but those that would hold a host up."""
    well = range(_FEEDS - _FAILING)
    healthy = [Wire(feed_id=f"well-{n:03}", host=_host(n), form=_FORMS[n % 5], troubles=_odd(n)) for n in well]
    failing = [_failing(WAYS[n % len(WAYS)], n) for n in range(_FAILING)]
    return [*healthy, *failing]


def _host(number: int) -> str:
    return f"paper-{number % _HOSTS:02}.press.test"


def _odd(number: int) -> dict[int, Trouble]:
    """Every form of document in RSS, now and then not as it should be."""
    if number % 5 or number // 5 >= len(ODD):
        return {}
    return always(lambda wire, _: ODD[number // 5](wire))


def _failing(way: Way, number: int) -> Wire:
    is_apart = (way.is_slow and number >= len(WAYS)) or way.is_pausing
    feed_id = f"ill-{number:02}-{way.name}"
    host = f"{feed_id}.press.test" if is_apart else _host(number * 7)
    return Wire(feed_id=feed_id, host=host, scheme=way.scheme, troubles=always(lambda wire, _: way.answer(wire)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """What one pass left.

    Attributes:
        commits: the feeds whose polls were finished, as each commit found them.
    """

    entries: dict[str, set[tuple[str | None, str]]]
    polls: dict[str, dict[str, Any]]
    breaches: dict[str, dict[str, int]]
    offending: dict[str, Any]
    commits: list[set[str]]


def run(folder: Path) -> Run:
    """One pass over all feeds, with a new warehouse."""
    feeds = wires()
    sources = parse_sources(sources_text(feeds, seconds=_SECONDS))
    commits: list[set[str]] = []
    with StrictWeb([w.strict() for w in feeds], START) as web:
        monitor = Monitor(Settings(warehouse=folder, hosts=web.hosts()), sources)
        with monitor.open_warehouse() as warehouse:
            warehouse.committed = lambda: commits.append(_finished(warehouse))
            monitor.run_pass(warehouse, START, until="poll")
            entries: dict[str, set[tuple[str | None, str]]] = {}
            for row in warehouse.sql("select feed_id, url, state from entries"):
                entries.setdefault(row["feed_id"], set()).add((row["url"], row["state"]))
            polls = {r["feed_id"]: r for r in warehouse.sql("select * from polls")}
            wrong = {name: rows for name, rows in offending(warehouse).items() if name != "rollups"}
        return Run(entries=entries, polls=polls, breaches=web.breaches(), offending=wrong, commits=commits)


def _finished(warehouse: Warehouse) -> set[str]:
    return {r["feed_id"] for r in warehouse.sql("select feed_id from polls where outcome <> 'started'")}


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tmp_path_factory.mktemp("first"))


@pytest.fixture(scope="module")
def second(tmp_path_factory: pytest.TempPathFactory) -> Run:
    return run(tmp_path_factory.mktemp("second"))


def _well() -> Iterator[Wire]:
    return (w for w in wires() if w.feed_id.startswith("well"))


def test_there_are_two_hundred_feeds_and_three_in_ten_of_them_fail() -> None:
    feeds = wires()
    assert len(feeds) == _FEEDS
    assert len({w.feed_id for w in feeds}) == _FEEDS
    assert len(list(_well())) == _FEEDS * 0.7
    assert 55 <= len({w.base.split("/")[2] for w in feeds}) <= 70


def test_every_healthy_feeds_entries_are_there_after_one_pass(first: Run) -> None:
    held = {f: {url for url, state in rows if state == "listed"} for f, rows in first.entries.items()}
    wanted = {w.feed_id: set(w.published(START)) for w in _well()}
    assert {f: (held.get(f), urls) for f, urls in wanted.items() if held.get(f) != urls} == {}


def test_only_the_bad_entries_of_a_feed_are_rejected(first: Run) -> None:
    rejected = {f: {url for url, state in rows if state == "rejected"} for f, rows in first.entries.items()}
    bad = {None, "javascript:void(0)", "http://[::1"}
    assert {f: urls for f, urls in rejected.items() if urls} == {"well-000": bad}
    assert first.polls["well-000"]["listed"] == 3 + len(wires()[0].published(START))


@pytest.mark.parametrize("way", WAYS, ids=lambda w: w.name)
def test_each_failing_feed_has_its_reason(first: Run, way: Way) -> None:
    mine = [r for f, r in first.polls.items() if f.startswith("ill") and f.split("-", 2)[2] == way.name]
    assert [(r["outcome"], r["reason"]) for r in mine] == [("failed", way.reason)] * 2


def test_a_failing_feed_lists_nothing(first: Run) -> None:
    assert [f for f in first.entries if f.startswith("ill")] == []


def test_no_feed_waits_for_the_slow_ones(first: Run) -> None:
    """What shares no host with a feed that takes the time limit is committed with the first of those, or before."""
    slow = {w.feed_id: w.base.split("/")[2] for w in wires() if _is_slow(w)}
    quick = {w.feed_id for w in _well() if w.base.split("/")[2] not in slow.values()}
    assert len(quick) > 100
    assert quick - next(finished for finished in first.commits if finished & set(slow)) == set()


def _is_slow(wire: Wire) -> bool:
    return any(way.is_slow and wire.feed_id.endswith(way.name) for way in WAYS)


def test_every_poll_has_its_end(first: Run) -> None:
    assert len(first.polls) == _FEEDS
    assert {r["outcome"] for r in first.polls.values()} == {"new", "failed"}


def test_what_the_feeds_listed_adds_up(first: Run) -> None:
    assert first.offending == {}


def test_nobody_was_treated_without_manners(first: Run) -> None:
    # A redirect to itself leads to one address again and again.
    circles = {(Breach.TWICE, w.feed_id) for w in wires() if w.feed_id.endswith("circles")}
    assert {(b, f) for b, feeds in first.breaches.items() for f in feeds} - circles == set()


def test_two_runs_list_the_same_and_give_the_same_reasons(first: Run, second: Run) -> None:
    assert second.entries == first.entries
    outcomes = [{f: (r["outcome"], r["reason"], r["listed"]) for f, r in run.polls.items()} for run in (first, second)]
    assert outcomes[0] == outcomes[1]


def test_a_document_that_is_costly_to_read_costs_no_other_feed_its_answer(tmp_path: Path) -> None:
    """Its neighbours' answers come after one second of three; reading it must not stop their clocks."""
    costly = Wire(feed_id="costly", troubles=always(lambda w, _: Answer(headers=_XML, body=_costly(w))))
    patient = [
        Wire(feed_id=f"patient-{n}", troubles=always(lambda w, _: Answer(headers=_XML, body=_whole(w), late=1.0)))
        for n in range(5)
    ]
    reasons = {f: r["reason"] for f, r in polls_of(tmp_path, [costly, *patient]).items()}
    assert {f: reason for f, reason in reasons.items() if f != "costly"} == {w.feed_id: None for w in patient}


def test_a_304_to_a_request_without_conditions_is_no_success(tmp_path: Path) -> None:
    """Nothing is held that could be unchanged (RFC 9110 15.4.5)."""
    wire = Wire(feed_id="unasked", troubles=always(lambda _, __: Answer(status=304)))
    assert polls_of(tmp_path, [wire])["unasked"]["outcome"] == "failed"


def polls_of(folder: Path, feeds: Sequence[Wire]) -> dict[str, dict[str, Any]]:
    """The polls of one pass over a few feeds."""
    with StrictWeb([w.strict() for w in feeds], START) as web:
        sources = parse_sources(sources_text(feeds, seconds=3.0))
        monitor = Monitor(Settings(warehouse=folder, hosts=web.hosts()), sources)
        with monitor.open_warehouse() as warehouse:
            monitor.run_pass(warehouse, START, until="poll")
            return {r["feed_id"]: r for r in warehouse.sql("select * from polls")}


def _costly(wire: Wire) -> bytes:
    """Two megabytes, within the cap, that take a parser some seconds."""
    return _whole(wire).replace(b"<item>", _deep(180_000) + b"<item>", 1)
