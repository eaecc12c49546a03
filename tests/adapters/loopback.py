"""A web server on loopback that says exactly the bytes it is told to, and notes what it was asked."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from pipelines.adapters.http import Http, Manners
from pipelines.settings import MappedHost

Say = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it arrived."""

    host: str
    path: str
    headers: dict[str, str]
    at: float


@dataclass(slots=True)
class Site:
    """Answers by path; another path is a 404."""

    answers: dict[str, bytes | Say] = field(default_factory=dict)
    asked: list[Asked] = field(default_factory=list)
    port: int = 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while (head := await reader.readuntil(b"\r\n\r\n")) != b"":
                lines = head.decode("latin-1").split("\r\n")
                path = lines[0].split(" ")[1]
                headers = dict(line.split(": ", 1) for line in lines[1:] if ": " in line)
                self.asked.append(Asked(headers.get("Host", ""), path, headers, time.monotonic()))
                answer = self.answers.get(path, answered(b"", status="404 Not Found"))
                if isinstance(answer, bytes):
                    writer.write(answer)
                    await writer.drain()
                else:
                    await answer(writer)
        except (asyncio.IncompleteReadError, asyncio.CancelledError, ConnectionError):
            pass  # the visitor left, or the test is over
        finally:
            writer.close()

    def hosts(self) -> tuple[MappedHost, ...]:
        return (MappedHost(name="press.test", address="127.0.0.1", port=self.port),)


def answered(body: bytes, status: str = "200 OK", **headers: str) -> bytes:
    named = {"Content-Type": "text/html", **{k.replace("_", "-"): v for k, v in headers.items()}}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{lines}\r\n".encode("latin-1") + body


def redirected(location: str, status: str = "302 Found") -> bytes:
    return answered(b"", status=status, Location=location)


@asynccontextmanager
async def serving(answers: Mapping[str, bytes | Say]) -> AsyncIterator[Site]:
    site = Site(answers=dict(answers))
    server = await asyncio.start_server(site.serve, "127.0.0.1", 0)
    site.port = server.sockets[0].getsockname()[1]
    try:
        yield site
    finally:
        server.close()
        await server.wait_closed()


@asynccontextmanager
async def visiting(answers: Mapping[str, bytes | Say], **manners: float) -> AsyncIterator[tuple[Http, Site]]:
    """A polite client and the site that it may visit under press.test."""
    async with serving(answers) as site:
        behaved = Manners(
            contact="desk@monitor.example", gap=manners.get("gap", 0.0), time_limit=manners.get("time_limit", 10.0)
        )
        async with Http(behaved, site.hosts()) as http:
            yield http, site
