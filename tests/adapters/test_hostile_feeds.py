"""Hostile feed documents: each is a ParsedFeed or a named Rejected, within the limits of a worker."""

import asyncio
import resource
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from pipelines.adapters.feeds import MOST_ENTRIES, parse_feed
from pipelines.adapters.workers import Limits, Workers
from pipelines.core.nouns import ParsedFeed
from pipelines.core.reasons import Reason, Rejected
from tests.adapters.hostile import HOSTILE, atom, json_feed, rss, sitemap
from tests.builders import FEED_URL, NOW, make_rss

LIMITS = Limits(cpu_seconds=10, memory_bytes=1_000_000_000, wall_seconds=120)
# A process that nothing shields pays this much for them, or more than anyone wants to wait for.
NEED_THE_LIMIT = frozenset(
    {"author of 1 MB", "author of 5 MB", "creator of 1 MB", "channel editor of 1 MB", "500 authors of 10 kB",
     "2,000 dates in words", "100,000 attributes", "100,000 attributes of a broken document"}
)  # fmt: skip
# What costs seconds, near the limit or over it: in the slow run only.
DEAR = NEED_THE_LIMIT | {
    "author of 64 kB", "author of 64 kB of one address", "a million RSS items", "700,000 RSS items",
    "60,000 whole RSS items", "a million JSON items", "a million sitemap urls", "a broken document of 5 MB",
    "100,000 attributes in CDATA of a title", "a link of a million parameters", "spaces and brackets",
    "brackets alone", "ampersands alone", "declarations never closed", "5 MB of UTF-16 without an end",
    "a link of 5 MB", "a link of 5 MB of dots", "50,000 authors of one entry", "100,000 nested tags",
    "100,000 nested tags of XHTML", "100,000 whole sitemap urls", "a date of 5 MB of words", "2,000 dates of 2 kB",
    "200,000 titles of one item", "100,000 nested items", "100,000 nested tags never closed",
}  # fmt: skip


@pytest.fixture(scope="module")
def workers() -> Iterator[Workers]:
    with Workers(processes=1, limits=LIMITS) as some:
        yield some


def read(name: str) -> tuple[ParsedFeed | Rejected, float]:
    """What becomes of a document, and the CPU that it took; made here, because a worker may import this."""
    body = HOSTILE[name]()
    before = resource.getrusage(resource.RUSAGE_SELF)
    found = parse_feed(body, url=FEED_URL, now=NOW)
    after = resource.getrusage(resource.RUSAGE_SELF)
    return found, after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


def check(workers: Workers, name: str) -> None:
    told = asyncio.run(workers.run(read, name))
    found, seconds = (told, LIMITS.cpu_seconds) if isinstance(told, Rejected) else told
    print(f"{seconds:5.2f} s of CPU: {name}: {str(found)[:100]}")  # noqa: T201 (the figures, for whoever asks with -s)
    if isinstance(found, Rejected):
        assert found.reason in {Reason.NOT_A_FEED, Reason.EMPTY_BODY, Reason.TOO_COSTLY}
    else:
        assert len(found.entries) <= MOST_ENTRIES
        assert all(len(e.author or "") <= 500 for e in found.entries)
        assert all(len(e.summary or "") <= 20_000 for e in found.entries)


@pytest.mark.parametrize("name", sorted(HOSTILE.keys() - DEAR))
def test_a_hostile_feed_is_read_or_refused_by_name(workers: Workers, name: str) -> None:
    check(workers, name)


@pytest.mark.parametrize("name", ["author of 1 MB"])
def test_a_feed_that_would_cost_minutes_costs_its_limit(name: str) -> None:
    with Workers(processes=1, limits=Limits(cpu_seconds=2)) as strict:
        told = asyncio.run(strict.run(read, name))
        assert isinstance(told, Rejected) or told[1] < 2
        if isinstance(told, Rejected):
            assert told == Rejected(reason=Reason.TOO_COSTLY, detail="2 s of CPU")


@pytest.mark.slow
@pytest.mark.parametrize("name", sorted(DEAR))
def test_a_dear_feed_is_read_or_refused_by_name(workers: Workers, name: str) -> None:
    check(workers, name)


def test_a_hostile_feed_holds_up_no_other() -> None:
    async def run() -> list[ParsedFeed | Rejected]:
        sound = make_rss(("Ministers agree", "https://herald.example/n/1"))
        with Workers(processes=2, limits=Limits(cpu_seconds=2)) as strict:
            hostile = [asyncio.ensure_future(strict.run(read, "100,000 attributes")) for _ in range(1)]
            found = await asyncio.gather(
                *(strict.run(parse_feed, sound, url=FEED_URL, now=NOW) for _ in range(100)), return_exceptions=False
            )
            await asyncio.gather(*hostile)
            return found

    found = asyncio.run(run())
    assert {len(f.entries) for f in found if isinstance(f, ParsedFeed)} == {1}
    assert len(found) == 100


@pytest.mark.parametrize(
    "title",
    [
        "Cut &lt;here",
        "<![CDATA[a < b]]>",
        "&amp;lt;b&amp;gt;",
        "x" * 10_000,
        "&#0;",
        "&#xD800;",
        "&#55357;&#56832;",
        "&nosuch;",
    ],
)
def test_an_odd_title_takes_nothing_from_the_entry_after_it(title: str) -> None:
    inside = f"<item><title>{title}</title><link>https://herald.example/n/0</link></item>".encode()
    found = parse_feed(rss(inside), url=FEED_URL, now=NOW)
    assert isinstance(found, ParsedFeed)
    assert [e.url for e in found.entries] == ["https://herald.example/n/0", "https://herald.example/n/1"]
    assert found.entries[1].title == "Ministers agree"


@pytest.mark.parametrize("halves", ["&#55357;&#56832;", "&#xD83D;&#xDE00;", "&#xd83d;&#56832;"])
def test_an_emoji_that_was_written_in_halves_is_whole(halves: str) -> None:
    found = parse_feed(rss(item=f"<title>Ministers {halves}</title>".encode()), url=FEED_URL, now=NOW)
    assert isinstance(found, ParsedFeed)
    assert found.entries[0].title == "Ministers \U0001f600"


class Canary(HTTPServer):
    """Notes whoever comes."""

    came = 0


class Note(BaseHTTPRequestHandler):
    """Answers with an entity, should anybody ask."""

    def do_GET(self) -> None:
        assert isinstance(self.server, Canary)
        self.server.came += 1
        self.send_response(200)
        self.end_headers()
        self.wfile.write(b'<!ENTITY stolen "the secret">')

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def canary() -> Iterator[Canary]:
    server = Canary(("127.0.0.1", 0), Note)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


SUBSETS = {
    "entity of a file": b'<!DOCTYPE %(root)s [<!ENTITY x SYSTEM "%(file)s">]>',
    "entity of the network": b'<!DOCTYPE %(root)s [<!ENTITY x SYSTEM "%(http)s">]>',
    "public entity": b'<!DOCTYPE %(root)s [<!ENTITY x PUBLIC "-//X//Y" "%(http)s">]>',
    "parameter entity": b'<!DOCTYPE %(root)s [<!ENTITY %% p SYSTEM "%(http)s">%%p;<!ENTITY x "&stolen;">]>',
    "parameter entity of a file": b'<!DOCTYPE %(root)s [<!ENTITY %% p SYSTEM "%(file)s">%%p;<!ENTITY x "y">]>',
    "document type of the network": b'<!DOCTYPE %(root)s SYSTEM "%(http)s" [<!ENTITY x "y">]>',
    "document type of a file": b'<!DOCTYPE %(root)s SYSTEM "%(file)s" [<!ENTITY x "y">]>',
    "style sheet": b'<?xml-stylesheet type="text/xsl" href="%(http)s"?><!DOCTYPE %(root)s [<!ENTITY x "y">]>',
}


@pytest.mark.parametrize("subset", SUBSETS)
@pytest.mark.parametrize("shape", ["rss", "atom", "sitemap", "broken"])
def test_nothing_outside_a_document_is_opened(tmp_path: Path, canary: Canary, subset: str, shape: str) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret", encoding="ascii")
    outside = {
        b"root": {"rss": b"rss", "atom": b"feed", "sitemap": b"urlset", "broken": b"rss"}[shape],
        b"file": secret.as_uri().encode(),
        b"http": f"http://127.0.0.1:{canary.server_address[1]}/x.dtd".encode(),
    }
    prolog = SUBSETS[subset] % outside
    used = b"<title>&x; Ministers</title><link>https://herald.example/n/2</link>"
    body = {
        "rss": rss(prolog=prolog, item=used),
        "atom": prolog + atom(b"<summary>&x;</summary>"),
        "sitemap": sitemap(b"<url><loc>https://herald.example/&x;</loc></url>", prolog),
        "broken": rss(prolog=prolog, item=used + b"</wrong>"),
    }[shape]
    found = parse_feed(body, url=FEED_URL, now=NOW)
    assert isinstance(found, ParsedFeed | Rejected)
    assert "secret" not in str(found)
    assert canary.came == 0


def test_xinclude_is_text_and_no_command(tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("the secret", encoding="ascii")
    include = f'<i:include xmlns:i="http://www.w3.org/2001/XInclude" parse="text" href="{secret.as_uri()}"/>'.encode()
    for body in (rss(include), sitemap(b"<url><loc>https://herald.example/</loc></url>" + include)):
        assert "the secret" not in str(parse_feed(body, url=FEED_URL, now=NOW))


VALID = [
    make_rss(("Ministers & envoys", "https://herald.example/n/1"), ("Second", "https://herald.example/n/2"),
             inside="<pubDate>Tue, 24 Nov 2026 10:00:00 +0100</pubDate><author>Ana Novak</author>"
             "<description>&lt;p&gt;A &lt;b&gt;short&lt;/b&gt; text&lt;/p&gt;</description>"),
    atom(b"<updated>2026-11-24T09:00:00Z</updated><author><name>Ana</name></author>"
         b'<content type="xhtml"><div xmlns="http://www.w3.org/1999/xhtml"><p>Text</p></div></content>'),
    sitemap(b"<url><loc>https://herald.example/n/1</loc><news:news><news:title>A &amp; b</news:title>"
            b"<news:publication_date>2026-11-24</news:publication_date></news:news></url>"),
    json_feed(b'{"id": "1", "url": "https://herald.example/n/1", "title": "A \\u0041", "authors": [{"name": "Ana"}],'
              b' "date_published": "2026-11-24T10:00:00+01:00"}, {"id": 2, "content_html": "<p>x</p>"}'),
]  # fmt: skip
Edit = tuple[str, int, int, int]
EDITS = st.lists(
    st.tuples(st.sampled_from(["flip", "cut", "copy", "swap"]), *[st.integers(0, 2_000)] * 3), min_size=1, max_size=8
)


def edited(body: bytes, edits: list[Edit]) -> bytes:
    for kind, one, two, bits in edits:
        start, end = sorted((one % (len(body) + 1), two % (len(body) + 1)))
        if kind == "flip" and start < len(body):
            body = body[:start] + bytes([body[start] ^ (bits % 255 + 1)]) + body[start + 1 :]
        elif kind == "cut":
            body = body[:start] + body[end:]
        elif kind == "copy":
            body = body[:end] + body[start:end] * (bits % 4) + body[end:]
        elif kind == "swap":
            body = body[end:] + body[:start] + body[start:end]
        body = body[:20_000]
    return body


def is_read_or_refused(body: bytes) -> bool:
    found = parse_feed(body, url=FEED_URL, now=NOW)
    if isinstance(found, Rejected):
        return found.reason in {Reason.NOT_A_FEED, Reason.EMPTY_BODY, Reason.TOO_COSTLY}
    identities = [e.identity for e in found.entries]
    told = str(found).encode()  # half a character could not be stored
    return bool(told) and len(set(identities)) == len(identities) and all(identities)


@settings(max_examples=150)
@given(st.binary(max_size=400))
@example(b"{")
@example(b"\xff\xfe<\x00")
@example(b"<?xml version='1.0' encoding='utf-32'?><rss>")
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    assert is_read_or_refused(body)


@settings(max_examples=150)
@given(st.sampled_from([b"", b"<rss><channel><item>", b'{"items": [', b"<urlset ", b"<feed>", b"<?xml"]), st.binary())
def test_any_bytes_after_a_good_beginning_are_read_or_refused(head: bytes, body: bytes) -> None:
    assert is_read_or_refused(head + body)


@settings(max_examples=300)
@given(st.sampled_from(VALID), EDITS)
def test_a_feed_that_was_damaged_is_read_or_refused(body: bytes, edits: list[Edit]) -> None:
    assert is_read_or_refused(edited(body, edits))


@pytest.mark.parametrize("body", VALID, ids=["rss", "atom", "sitemap", "json"])
def test_the_feeds_that_are_damaged_here_are_sound(body: bytes) -> None:
    found = parse_feed(body, url=FEED_URL, now=NOW)
    assert isinstance(found, ParsedFeed)
    assert all(e.url or e.declared_id for e in found.entries)


@pytest.mark.slow
@settings(max_examples=5_000)
@given(st.sampled_from(VALID), EDITS)
def test_a_feed_that_was_damaged_in_thousands_of_ways_is_read_or_refused(body: bytes, edits: list[Edit]) -> None:
    assert is_read_or_refused(edited(body, edits))
