"""The outlets of the benchmark: every host on one loopback port, in a process of its own.

    python -m benchmarks.polling.server FOLDER     prints its port, and ends when its input is closed

Documents are packed once, before the port is told, so that answering costs little: the machine is shared with those
who ask. `/answers` tells, and forgets, how many answers went out by status.
"""

import asyncio
import gzip
import hashlib
import json
import sys
from collections import Counter
from dataclasses import dataclass, field
from email.utils import format_datetime
from pathlib import Path

from benchmarks.polling.invented import START


@dataclass(frozen=True, slots=True, kw_only=True)
class _Document:
    validators: str
    etag: str
    plain: bytes
    packed: bytes

    @classmethod
    def of(cls, body: bytes) -> "_Document":
        etag = f'"{hashlib.sha256(body).hexdigest()[:16]}"'
        validators = (
            f"ETag: {etag}\r\nLast-Modified: {format_datetime(START, usegmt=True)}\r\nVary: Accept-Encoding\r\n"
        )
        typed = f"{validators}Content-Type: application/xml; charset=utf-8\r\n"
        packed = gzip.compress(body, 6, mtime=0)
        return cls(
            validators=validators, etag=etag, plain=_answer("200 OK", body, typed),
            packed=_answer("200 OK", packed, typed + "Content-Encoding: gzip\r\n"),
        )  # fmt: skip


@dataclass(slots=True)
class Outlets:
    """Documents by host and path."""

    documents: dict[str, _Document]
    answers: Counter[str] = field(default_factory=Counter)

    @classmethod
    def load(cls, folder: Path) -> "Outlets":
        """All documents below `feeds/`."""
        root = folder / "feeds"
        return cls({p.relative_to(root).as_posix(): _Document.of(p.read_bytes()) for p in root.rglob("*.xml")})

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Answer one connection's requests until the visitor leaves."""
        try:
            while True:
                head = await reader.readuntil(b"\r\n\r\n")
                writer.write(self.answer(head.decode("latin-1")))
                await writer.drain()
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass
        finally:
            writer.close()

    def answer(self, head: str) -> bytes:
        """The bytes that answer a request's head."""
        first, *lines = head.splitlines()
        path = first.split(" ")[1]
        headers = {k.lower(): v for k, _, v in (line.partition(": ") for line in lines)}
        if path == "/answers":
            told, self.answers = json.dumps(self.answers).encode(), Counter()
            return _answer("200 OK", told)
        document = self.documents.get(f"{headers.get('host', '')}{path}")
        if document is None:
            self.answers["404"] += 1
            return _answer("404 Not Found", b"")
        # RFC 9110 13.1.3: If-Modified-Since counts only without If-None-Match; all contestants send both.
        if document.etag == headers.get("if-none-match"):
            self.answers["304"] += 1
            return f"HTTP/1.1 304 Not Modified\r\n{document.validators}\r\n".encode()
        self.answers["200"] += 1
        return document.packed if "gzip" in headers.get("accept-encoding", "") else document.plain


def _answer(status: str, body: bytes, headers: str = "") -> bytes:
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n".encode() + body


async def _serve(folder: Path) -> None:
    outlets = Outlets.load(folder)
    server = await asyncio.start_server(outlets.serve, "127.0.0.1", 0, backlog=512)
    print(server.sockets[0].getsockname()[1], flush=True)
    await asyncio.to_thread(sys.stdin.read)
    server.close()


if __name__ == "__main__":
    asyncio.run(_serve(Path(sys.argv[1])))
