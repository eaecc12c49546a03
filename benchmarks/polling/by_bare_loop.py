"""A bare aiohttp loop: what any poller must pay. It keeps validators in memory and nothing else.

    python -m benchmarks.polling.by_bare_loop PLAN [parse | parse-as-we-do]

One connection a host, packed bodies, a hundred at once: the session of `pipelines.adapters.http`. `parse` reads each
body with feedparser as its documentation says; `parse-as-we-do` leaves out, as Presswatch does, its cleaning of HTML.
"""

import asyncio
import io
import socket
import sys
from collections.abc import Callable
from functools import partial

import aiohttp
import feedparser
from aiohttp.abc import AbstractResolver, ResolveResult

from benchmarks.polling.plan import Meter, Plan

_ENOUGH_SECONDS = 30.0
_SWITCHES: dict[str, dict[str, bool]] = {
    "parse": {},
    "parse-as-we-do": {"sanitize_html": False, "resolve_relative_uris": False},
}
Read = Callable[[bytes], int]


class Loop:
    """All feeds once a round."""

    def __init__(self, plan: Plan, read: Read | None) -> None:
        self.entries: int | None = 0 if read else None
        self._plan = plan
        self._read = read
        self._validators: dict[str, dict[str, str]] = {}

    async def poll(self) -> None:
        """Ask for every feed, with its validators where there are any."""
        connector = aiohttp.TCPConnector(limit=100, limit_per_host=1, resolver=_ToLoopback(self._plan.port))
        async with aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            timeout=aiohttp.ClientTimeout(total=None, sock_read=_ENOUGH_SECONDS),
            headers={"Accept-Encoding": "gzip, br"},
        ) as session:
            await asyncio.gather(*(self._get(session, address) for address in self._plan.addresses))

    async def _get(self, session: aiohttp.ClientSession, address: str) -> None:
        async with session.get(address, headers=self._validators.get(address, {})) as got:
            body = await got.read()
        if not body:
            return
        self._validators[address] = {
            "If-None-Match": got.headers["ETag"],
            "If-Modified-Since": got.headers["Last-Modified"],
        }
        if self._read is not None and self.entries is not None:
            self.entries += self._read(body)


class _ToLoopback(AbstractResolver):
    def __init__(self, port: int) -> None:
        self._port = port

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        del port, family
        return [
            ResolveResult(
                hostname=host, host="127.0.0.1", port=self._port, family=socket.AF_INET, proto=0,
                flags=socket.AI_NUMERICHOST,
            )
        ]  # fmt: skip

    async def close(self) -> None:
        pass


def _count(body: bytes, switches: dict[str, bool]) -> int:
    return len(feedparser.parse(io.BytesIO(body), **switches).entries)


def main() -> None:
    """Poll as often as planned."""
    plan = Plan.load(sys.argv[1])
    way = sys.argv[2] if len(sys.argv) > 2 else None  # noqa: PLR2004
    loop = Loop(plan, partial(_count, switches=_SWITCHES[way]) if way else None)
    meter = Meter(plan)
    for _ in range(plan.rounds):
        meter.round(lambda: asyncio.run(loop.poll()), lambda: loop.entries)
    meter.tell(version=f"aiohttp {aiohttp.__version__}" + (f", feedparser {feedparser.__version__}" if way else ""))


if __name__ == "__main__":
    main()
