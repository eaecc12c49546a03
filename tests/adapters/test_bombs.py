"""Answers that cost a visitor far more than they cost the server: stopped, named, and never held whole.

The visitor is a process of its own, whose memory is measured; the server is here.
"""

import asyncio
import gzip
import json
import sys
import zlib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import brotli
import pytest

from pipelines.adapters.http import MAX_BODY_BYTES
from pipelines.core.reasons import Reason
from tests.adapters.loopback import Say, answered, serving

ROOT = Path(__file__).parents[2]
MOST_EXTRA_BYTES = 50_000_000
MANY = 10_000_000
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
PIECE = b"x" * 100_000


def gzipped(megabytes: int, window: int = 31) -> bytes:
    press = zlib.compressobj(9, zlib.DEFLATED, window)
    return b"".join(press.compress(bytes(1_000_000)) for _ in range(megabytes)) + press.flush()


def brotlied(megabytes: int) -> bytes:
    press = brotli.Compressor(quality=5)
    return b"".join([press.process(bytes(1_000_000)) for _ in range(megabytes)]) + bytes(press.finish())


def endless(head: bytes, piece: bytes, *, pause: float = 0.0) -> Say:
    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        while True:  # until the visitor leaves
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)

    return say


def dripped(head: bytes, body: bytes) -> Say:
    async def say(writer: asyncio.StreamWriter) -> None:
        writer.write(head)
        for byte in body:
            writer.write(bytes([byte]))
            await writer.drain()
            await asyncio.sleep(0.02)

    return say


@dataclass(frozen=True, slots=True, kw_only=True)
class Visit:
    """What came of a visit, and its memory beyond that of a harmless one before it."""

    memory: int
    reason: str | None = None
    status: int | None = None
    bytes: int = 0


def visited(answer: bytes | Say, time_limit: float, outlets: int = 1) -> Visit:
    async def run() -> Visit:
        async with serving({"/harmless": answered(b"x"), "/bomb": answer}) as site:
            visitor = await asyncio.create_subprocess_exec(
                sys.executable, "-m", "tests.adapters.visitor", str(site.port), "/bomb", str(time_limit), str(outlets),
                cwd=ROOT, stdout=asyncio.subprocess.PIPE,
            )  # fmt: skip
            try:
                told, _ = await asyncio.wait_for(visitor.communicate(), 60)
            finally:
                if visitor.returncode is None:
                    visitor.kill()
                    await visitor.wait()
            return Visit(**json.loads(told))

    visit = asyncio.run(run())
    print(f"{visit.memory / 1e6:.1f} MB: {visit}")  # noqa: T201 (the figures, for whoever asks with -s)
    return visit


Made = Callable[[], bytes | Say]

BOMBS: dict[str, tuple[Made, Reason]] = {
    "gzip": (lambda: answered(gzipped(500), Content_Encoding="gzip"), Reason.TOO_LARGE),
    "gzip of many members": (
        lambda: answered(gzip.compress(bytes(1000), mtime=0) * 20_000, Content_Encoding="gzip"),
        Reason.TOO_LARGE,
    ),
    "br": (lambda: answered(brotlied(500), Content_Encoding="br"), Reason.TOO_LARGE),
    "deflate, not asked for": (lambda: answered(gzipped(500, 15), Content_Encoding="deflate"), Reason.TOO_LARGE),
    "raw deflate": (lambda: answered(gzipped(500, -15), Content_Encoding="deflate"), Reason.TOO_LARGE),
    "zstd, not asked for": (lambda: answered(b"\x28\xb5\x2f\xfd", Content_Encoding="zstd"), Reason.BAD_ENCODING),
    "gzip in endless chunks": (
        lambda: endless(
            CHUNKED.replace(b"\r\n\r\n", b"\r\nContent-Encoding: gzip\r\n\r\n"),
            b"%x\r\n%s\r\n" % (len(small := gzip.compress(bytes(MANY), mtime=0)), small),
        ),
        Reason.TOO_LARGE,
    ),
    "endless chunks": (lambda: endless(CHUNKED, b"%x\r\n%s\r\n" % (len(PIECE), PIECE)), Reason.TOO_LARGE),
    "one endless chunk": (lambda: endless(CHUNKED + b"fffffffffffffff\r\n", PIECE), Reason.TOO_LARGE),
    "endless body": (lambda: endless(HEAD + b"\r\n", PIECE), Reason.TOO_LARGE),
    "promised body": (lambda: endless(HEAD + b"Content-Length: 10000000000\r\n\r\n", PIECE), Reason.TOO_LARGE),
    "length of 4,000 digits": (
        lambda: endless(HEAD + b"Content-Length: " + b"9" * 4000 + b"\r\n\r\n", PIECE),
        Reason.BAD_ENCODING,
    ),
    "endless trailers": (lambda: endless(CHUNKED + b"1\r\nx\r\n0\r\n", b"X-A: b\r\n" * 1000), Reason.BAD_ENCODING),
    "endless header": (lambda: endless(HEAD + b"X-A: ", PIECE), Reason.BAD_ENCODING),
    "endless headers": (lambda: endless(HEAD, b"X-A: b\r\n" * 1000), Reason.BAD_ENCODING),
    "100,000 headers": (lambda: HEAD + b"".join(b"X-%d: b\r\n" % n for n in range(100_000)), Reason.BAD_ENCODING),
    "endless status": (lambda: endless(b"HTTP/1.1 200 ", PIECE), Reason.BAD_ENCODING),
}
# Endless, and so small that no limit of size meets them: the limit of time does.
SLOW: dict[str, Made] = {
    "dripped head": lambda: dripped(b"HTTP/1.1 200 OK\r\n", b"X-A: b\r\n" * 1000),
    "dripped body": lambda: dripped(HEAD + b"\r\n", b"x" * 10_000),
    "dripped gzip": lambda: dripped(HEAD + b"Content-Encoding: gzip\r\n\r\n", gzipped(100)),
    "dripped chunks": lambda: dripped(CHUNKED, b"1\r\nx\r\n" * 10_000),
    "chunks of one byte": lambda: endless(CHUNKED, b"1\r\nx\r\n" * 100, pause=0.01),
    "endless name of a chunk": lambda: endless(CHUNKED + b"1;a=", PIECE),
    "endless size of a chunk": lambda: endless(CHUNKED, b"0" * 100_000),
    "endless empty lines": lambda: endless(b"", b"\r\n" * 1000),
    "endless provisional answers": lambda: endless(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 100),
    "endless hints": lambda: endless(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" * 100),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_stopped_by_its_size(name: str) -> None:
    made, reason = BOMBS[name]
    visit = visited(made(), 20.0)
    assert visit.reason == reason
    assert visit.memory < MOST_EXTRA_BYTES


@pytest.mark.parametrize("name", SLOW)
def test_an_answer_without_end_is_stopped_by_time(name: str) -> None:
    visit = visited(SLOW[name](), 1.0)
    assert visit.reason == Reason.TIMEOUT
    assert visit.memory < MOST_EXTRA_BYTES


@pytest.mark.parametrize("status", ["404 Not Found", "500 x", "429 x"])
def test_the_endless_body_of_a_refusal_is_not_read(status: str) -> None:
    visit = visited(endless(f"HTTP/1.1 {status}\r\n\r\n".encode(), PIECE), 20.0)
    assert (visit.status, visit.bytes) == (int(status[:3]), 0)
    assert visit.memory < MOST_EXTRA_BYTES


def test_the_endless_body_of_a_redirect_is_not_read() -> None:
    visit = visited(endless(b"HTTP/1.1 302 Found\r\nLocation: /harmless\r\n\r\n", PIECE), 20.0)
    assert (visit.status, visit.bytes) == (200, 1)
    assert visit.memory < MOST_EXTRA_BYTES


def test_a_body_that_was_packed_twice_before_it_was_sent_is_unpacked_once() -> None:
    visit = visited(answered(packed := gzip.compress(gzipped(500), mtime=0), Content_Encoding="gzip"), 20.0)
    assert visit.status == 200
    assert len(packed) < visit.bytes < MAX_BODY_BYTES
    assert visit.memory < MOST_EXTRA_BYTES


@pytest.mark.parametrize("encoding", ["gzip, gzip", "br, gzip", "gzip\r\nContent-Encoding: gzip", "compress", "foo"])
def test_a_body_that_is_not_unpacked_is_a_bad_encoding(encoding: str) -> None:
    visit = visited(answered(gzip.compress(gzipped(5), mtime=0), Content_Encoding=encoding), 20.0)
    assert visit.reason == Reason.BAD_ENCODING


def test_bombs_of_many_outlets_at_once_cost_a_body_each_and_no_more() -> None:
    visit = visited(answered(gzipped(500), Content_Encoding="gzip"), 30.0, outlets=20)
    assert visit.reason == Reason.TOO_LARGE
    assert visit.memory < 20 * 2 * MAX_BODY_BYTES
