"""The one door to the network: aiohttp, with the manners of a good guest and a guard against private addresses.

url | turn at the host (one connection, a gap) | get | redirect, at most five | body, capped -> Response | Rejected
"""

import asyncio
import contextlib
import ipaddress
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Self, TypeVar
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from pipelines import __version__
from pipelines.core.nouns import Response
from pipelines.core.reasons import Reason, Rejected
from pipelines.settings import MappedHost

T = TypeVar("T")

MAX_REDIRECTS = 5
MAX_BODY_BYTES = 5_000_000
_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})

ACCEPT_FEED = (
    "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/json;q=0.8, application/xml;q=0.7, text/xml;q=0.7, */*;q=0.1"
)
ACCEPT_PAGE = "text/html, application/xhtml+xml;q=0.9"
PAGE_TYPES = frozenset({"text/html", "application/xhtml+xml", "text/plain", ""})


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How a host is treated.

    Attributes:
        contact: stands in the User-Agent, so that an outlet can reach the people behind it.
        gap: seconds between two requests to one host.
        time_limit: seconds for one request, redirects and body included.
    """

    contact: str
    gap: float = 2.0
    time_limit: float = 30.0

    @property
    def user_agent(self) -> str:
        """An honest name with a way to complain."""
        return f"Presswatch/{__version__} (press monitoring; text only; contact: {self.contact})"


class PrivateAddressError(OSError):
    """A name led to an address that is not global."""


# When this process last asked a host. Stages open a client each; the gap holds between them too.
_last_request_at: dict[str, float] = {}


class Http:
    """A client for one run. Use as `async with Http(manners) as http`."""

    def __init__(self, manners: Manners, hosts: tuple[MappedHost, ...] = (), *, concurrency: int = 100) -> None:
        self._manners = manners
        self._hosts = hosts
        self._concurrency = concurrency
        self._turns: dict[str, asyncio.Lock] = {}
        self._session: aiohttp.ClientSession | None = None

    async def __aenter__(self) -> Self:
        connector = aiohttp.TCPConnector(
            limit=self._concurrency,
            limit_per_host=1,
            resolver=_Resolver(self._hosts),
            socket_factory=_guard(frozenset((h.address, h.port) for h in self._hosts)),
        )
        self._session = aiohttp.ClientSession(
            connector=connector,
            cookie_jar=aiohttp.DummyCookieJar(),
            trust_env=False,
            timeout=aiohttp.ClientTimeout(total=self._manners.time_limit),
            headers={"User-Agent": self._manners.user_agent, "Accept-Encoding": "gzip, br"},
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        accept: str = ACCEPT_PAGE,
        types: frozenset[str] | None = None,
        gap: float | None = None,
    ) -> Response | Rejected:
        """Get one document. Every failure of the network is a value.

        Args:
            url: absolute, http or https.
            headers: sent besides our own: the validators of a conditional request. One that is not ASCII is left
                out, because it could not be sent back byte for byte.
            accept: the Accept header.
            types: media types whose body is wanted; any other is refused before its body.
            gap: seconds since the last request to this host, if more than the manners demand (robots' crawl-delay).
        """
        try:
            async with asyncio.timeout(self._manners.time_limit + (gap or self._manners.gap) * MAX_REDIRECTS + 60):
                sent = {"Accept": accept, **{k: v for k, v in (headers or {}).items() if v.isascii()}}
                return await self._follow(url, sent, types, gap or 0.0)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as failed:
            return _rejected(failed)

    async def _follow(
        self, url: str, headers: dict[str, str], types: frozenset[str] | None, gap: float
    ) -> Response | Rejected:
        """Ask, and follow redirects by hand: each hop is checked and waits for its own host's turn."""
        asked, permanent = url, True
        on_the_way: list[str] = []
        for _ in range(MAX_REDIRECTS + 1):
            if urlsplit(asked).scheme not in {"http", "https"}:
                return Rejected(reason=Reason.BAD_URL, detail=asked[:200])
            async with self._turn(urlsplit(asked).hostname or "", gap):
                answer = await self._ask(asked, headers, types)
            if isinstance(answer, Rejected):
                return answer
            location = answer.headers.get("location")
            if answer.status not in _REDIRECTS or location is None:
                return Response(
                    url=url, final_url=asked, status=answer.status, headers=answer.headers, body=answer.body,
                    redirects=tuple(on_the_way), permanent=permanent and bool(on_the_way),
                )  # fmt: skip
            permanent = permanent and answer.status in _PERMANENT
            asked = urljoin(asked, location)
            on_the_way.append(asked)
        return Rejected(reason=Reason.TOO_MANY_REDIRECTS, detail=f"more than {MAX_REDIRECTS}, last to {asked[:200]}")

    async def _ask(self, url: str, headers: dict[str, str], types: frozenset[str] | None) -> Response | Rejected:
        if self._session is None:
            raise RuntimeError("use Http in an async with block")
        async with self._session.get(url, headers=headers, allow_redirects=False) as got:
            names = {k.lower(): _readable(v) for k, v in got.headers.items()}
            seen = Response(url=url, final_url=url, status=got.status, headers=names)
            if not seen.is_ok:
                return seen
            if types is not None and seen.media_type not in types:
                return Rejected(reason=Reason.NOT_HTML, detail=f"Content-Type {seen.media_type}")
            body = await _capped(got)
            if body is None:
                return Rejected(reason=Reason.TOO_LARGE, detail=f"over {MAX_BODY_BYTES:,} bytes decoded")
            return Response(url=url, final_url=url, status=got.status, headers=names, body=body)

    @contextlib.asynccontextmanager
    async def _turn(self, host: str, gap: float) -> AsyncIterator[None]:
        async with self._turns.setdefault(host, asyncio.Lock()):
            if host in _last_request_at:
                due = _last_request_at[host] + max(gap, self._manners.gap)
                await asyncio.sleep(max(0.0, due - time.monotonic()))
            try:
                yield
            finally:
                _last_request_at[host] = time.monotonic()


def _readable(value: str) -> str:
    """A header's value; bytes that are not UTF-8 are read as Latin-1, as RFC 9110 5.5 says of old ones."""
    raw = value.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


async def _capped(got: aiohttp.ClientResponse) -> bytes | None:
    body = bytearray()
    async for chunk in got.content.iter_chunked(65_536):
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            return None
    return bytes(body)


class _Resolver(AbstractResolver):
    """The system's resolver, but for names that the settings lead elsewhere (a demo, a test)."""

    def __init__(self, hosts: tuple[MappedHost, ...]) -> None:
        self._hosts = hosts
        self._system = aiohttp.ThreadedResolver()

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_UNSPEC
    ) -> list[ResolveResult]:
        for mapped in self._hosts:
            if host == mapped.name or host.endswith("." + mapped.name):
                return [
                    ResolveResult(
                        hostname=host, host=mapped.address, port=mapped.port, family=socket.AF_INET, proto=0,
                        flags=socket.AI_NUMERICHOST,
                    )
                ]  # fmt: skip
        return await self._system.resolve(host, port, family)

    async def close(self) -> None:
        await self._system.close()


def _guard(allowed: frozenset[tuple[str, int]]) -> Callable[[tuple[Any, ...]], socket.socket]:
    """A socket factory that sees every address at connect time: literals, redirects and rebinding included."""

    def open_socket(addr_info: tuple[Any, ...]) -> socket.socket:
        family, kind, proto, _, address = addr_info
        if (address[0], address[1]) not in allowed and not is_global(address[0]):
            raise PrivateAddressError(f"{address[0]} is not a public address")
        return socket.socket(family=family, type=kind, proto=proto)

    return open_socket


# IPv4-compatible (RFC 4291 2.5.5.1) and NAT64 (RFC 6052): the last 32 bits are the address that is reached.
_HOLDING_IPV4 = (ipaddress.IPv6Network("::/96"), ipaddress.IPv6Network("64:ff9b::/96"))
_LOCAL_NAT64 = ipaddress.IPv6Network("64:ff9b:1::/48")  # RFC 8215: for use inside a network


def is_global(address: str) -> bool:
    """True for an address of the public internet; IPv4 inside IPv6, in whatever form, is judged as IPv4."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        if ip in _LOCAL_NAT64:
            return False
        inside = ip.ipv4_mapped or ip.sixtofour
        if any(ip in network for network in _HOLDING_IPV4):
            inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
        if inside is not None:
            return inside.is_global and not inside.is_multicast
    return ip.is_global and not ip.is_multicast


def _rejected(failed: BaseException) -> Rejected:
    if any(isinstance(e, PrivateAddressError) for e in _chain(failed)):
        return Rejected(reason=Reason.PRIVATE_ADDRESS, detail=_told(failed))
    for kinds, reason in _REASONS:
        if isinstance(failed, kinds):
            return Rejected(reason=reason, detail=_told(failed))
    return Rejected(reason=Reason.CONNECTION, detail=_told(failed))


# In this order: aiohttp's classes derive from each other and from OSError and ValueError.
_REASONS: tuple[tuple[type[BaseException] | tuple[type[BaseException], ...], Reason], ...] = (
    (TimeoutError, Reason.TIMEOUT),
    ((aiohttp.ClientSSLError, aiohttp.ClientConnectorCertificateError, ssl.SSLError), Reason.TLS),
    ((aiohttp.InvalidURL, aiohttp.NonHttpUrlClientError), Reason.BAD_URL),
    ((aiohttp.ClientPayloadError, aiohttp.ClientResponseError), Reason.BAD_ENCODING),
    (aiohttp.ClientError, Reason.CONNECTION),
    (OSError, Reason.CONNECTION),
    (ValueError, Reason.BAD_URL),
)


def _chain(error: BaseException | None) -> list[BaseException]:
    """An error, its causes, and the members of groups among them."""
    found: list[BaseException] = []
    while error is not None and error not in found:
        found.append(error)
        if isinstance(error, BaseExceptionGroup):
            for member in error.exceptions:
                found.extend(_chain(member))
        inner = getattr(error, "os_error", None)
        error = error.__cause__ or error.__context__ or (inner if isinstance(inner, BaseException) else None)
    return found


def _told(error: BaseException) -> str:
    return f"{type(error).__name__}: {error}"[:300]


async def in_batches(work: Sequence[Coroutine[Any, Any, T]], *, size: int, seconds: float) -> AsyncIterator[list[T]]:
    """Results as they come, in batches of at most `size`, none held back longer than `seconds`.

    A slow server delays its own result only. On an error, or when the caller stops, what is left is cancelled.
    """
    tasks = [asyncio.ensure_future(w) for w in work]
    waiting = set(tasks)
    batch: list[T] = []
    try:
        deadline = time.monotonic() + seconds
        while waiting:
            done, waiting = await asyncio.wait(
                waiting, timeout=max(0.0, deadline - time.monotonic()), return_when=asyncio.FIRST_COMPLETED
            )
            batch += [d.result() for d in done]
            if batch and (len(batch) >= size or time.monotonic() >= deadline or not waiting):
                yield batch
                batch, deadline = [], time.monotonic() + seconds
            elif not batch:
                deadline = time.monotonic() + seconds
    finally:
        for task in tasks:
            task.cancel()
        # Of several that failed at once only the first is raised; the others are looked at here and left.
        await asyncio.gather(*tasks, return_exceptions=True)
