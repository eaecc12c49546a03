"""The one door to the network: aiohttp, with the manners of a good guest and a guard against private addresses.

url | turn at the host (one connection, a gap) | get | redirect, at most five | body, capped -> Response | Rejected
"""

import asyncio
import contextlib
import ipaddress
import resource
import socket
import ssl
import time
from collections.abc import AsyncIterator, Callable, Coroutine, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Self, TypeVar
from urllib.parse import urljoin, urlsplit

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult

from pipelines import __version__
from pipelines.core.nouns import Asked, Response
from pipelines.core.reasons import Reason, Rejected
from pipelines.settings import MappedHost

T = TypeVar("T")

MAX_REDIRECTS = 5
MAX_BODY_BYTES = 5_000_000
_PERMANENT = frozenset({301, 308})
_REDIRECTS = frozenset({301, 302, 303, 307, 308})
_OTHER_FILES = 64  # descriptors left to the rest of the process


@dataclass(frozen=True, slots=True, kw_only=True)
class Want:
    """What a request is for.

    Attributes:
        purpose: its name in the politeness ledger (`nouns.Asked`).
        accept: the Accept header.
        types: media types whose body is wanted; any other is refused before its body. None: any.
    """

    purpose: str
    accept: str
    types: frozenset[str] | None = None


FEED = Want(
    purpose="poll",
    accept="application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml;q=0.9, "
    "application/json;q=0.8, application/xml;q=0.7, text/xml;q=0.7, */*;q=0.1",
)
PART = replace(FEED, purpose="part")
PAGE = Want(
    purpose="page",
    accept="text/html, application/xhtml+xml;q=0.9",
    types=frozenset({"text/html", "application/xhtml+xml", "text/plain", ""}),
)
REVISIT = replace(PAGE, purpose="revisit")
HOME = replace(PAGE, purpose="discover")
ROBOTS = Want(purpose="robots", accept="text/plain, */*;q=0.1")
RIGHTS = Want(purpose="rights", accept="application/json, */*;q=0.1")
# Ports of other protocols, which a request might be mistaken for (WHATWG Fetch, "bad port").
_BAD_PORTS = frozenset(
    {0, 1, 7, 9, 11, 13, 15, 17, 19, 20, 21, 22, 23, 25, 37, 42, 43, 53, 69, 77, 79, 87, 95, 101, 102, 103, 104, 109,
     110, 111, 113, 115, 117, 119, 123, 135, 137, 139, 143, 161, 179, 389, 427, 465, 512, 513, 514, 515, 526, 530, 531,
     532, 540, 548, 554, 556, 563, 587, 601, 636, 989, 990, 993, 995, 1719, 1720, 1723, 2049, 3659, 4045, 4190, 5060,
     5061, 6000, 6566, 6665, 6666, 6667, 6668, 6669, 6679, 6697, 10080}
)  # fmt: skip
_KEEP_OPEN = 4.0  # seconds; servers close at 5 (Apache, Node) or later, and a connection that just closed costs a turn
_CONDITIONS = frozenset({"If-None-Match", "If-Modified-Since"})


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

    def __init__(self, manners: Manners, hosts: tuple[MappedHost, ...] = (), *, concurrency: int = 1000) -> None:
        self._manners = manners
        self._hosts = hosts
        self._concurrency = concurrency
        self._turns: dict[str, asyncio.Lock] = {}
        self._paused: set[str] = set()
        self._asked: list[Asked] = []
        self._session: aiohttp.ClientSession | None = None
        self._slots = asyncio.Semaphore(concurrency)

    async def __aenter__(self) -> Self:
        self._slots = asyncio.Semaphore(_connections(self._concurrency))
        connector = aiohttp.TCPConnector(
            limit=0,  # waiting for a slot of the connector would count against a request's time limit: see _slots
            limit_per_host=1,
            keepalive_timeout=_KEEP_OPEN,
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
        # aiohttp would ask a second time by itself where a kept connection turns out to be closed: a request that
        # no host expects of us and no ledger would show. Its own test client switches that off in the same way.
        self._session._retry_connection = False  # noqa: SLF001
        return self

    async def __aexit__(self, *_: object) -> None:
        if self._session is not None:
            await self._session.close()

    async def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, valid_at: str | None = None, want: Want = PAGE,
        gap: float | None = None,
    ) -> Response | Rejected:  # fmt: skip
        """Get one document. Every failure of the network is a value.

        The time limit begins when the host's turn has come: a long queue at one host costs no request its answer.

        Args:
            url: absolute, http or https.
            headers: sent besides our own: the validators of a conditional request.
            valid_at: the address that gave them, to which alone they are sent; None: to every address on the way.
            want: what for, and which types of document.
            gap: seconds since the last request to this host, if more than the manners demand (robots' crawl-delay).
        """
        try:
            return await self._follow(url, _Sent(dict(headers or {}), valid_at, gap or 0.0), want)
        except (aiohttp.ClientError, OSError, TimeoutError, ValueError) as failed:
            return _rejected(failed)

    def pause(self, hosts: Iterable[str]) -> None:
        """Leave these exact hosts alone for this run, wherever redirects lead."""
        self._paused.update(hosts)

    def take_asked(self) -> list[Asked]:
        """The requests that left since the last call, for the politeness ledger."""
        taken, self._asked = self._asked, []
        return taken

    async def _follow(self, url: str, sent: "_Sent", want: Want) -> Response | Rejected:
        """Ask, and follow redirects by hand: each hop is checked and waits for its own host's turn."""
        asked, permanent = url, True
        on_the_way: list[str] = []
        for _ in range(MAX_REDIRECTS + 1):
            if urlsplit(asked).scheme not in {"http", "https"} or urlsplit(asked).port in _BAD_PORTS:
                return Rejected(reason=Reason.BAD_URL, detail=asked[:200])
            answer = await self._in_turn(asked, sent.to(asked), want, sent.gap)
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

    async def _in_turn(self, url: str, headers: dict[str, str], want: Want, gap: float) -> Response | Rejected:
        """One request, when its host has had its pause. A host that wants a longer one is not asked again."""
        host = urlsplit(url).hostname or ""
        async with self._turns.setdefault(host, asyncio.Lock()):
            if host in self._paused:
                return Rejected(reason=Reason.HOST_PAUSED, detail=f"{host} asked for a pause")
            last = _last_request_at.get(host)
            if last is not None:
                await asyncio.sleep(max(0.0, last + max(gap, self._manners.gap) - time.monotonic()))
            note = Asked(
                url=url, host=host, purpose=want.purpose, is_conditional=not _CONDITIONS.isdisjoint(headers),
                gap_seconds=None if last is None else time.monotonic() - last,
            )  # fmt: skip
            try:
                async with self._slots, asyncio.timeout(self._manners.time_limit + 1):
                    answer, note = await self._ask(url, headers, want, note)
            except BaseException as failed:
                if not _is_guarded(failed):
                    self._asked.append(note)
                raise
            finally:
                _last_request_at[host] = time.monotonic()
            self._asked.append(note)
            if isinstance(answer, Response) and answer.wants_pause:
                self._paused.add(host)
            return answer

    async def _ask(
        self, url: str, headers: dict[str, str], want: Want, note: Asked
    ) -> tuple[Response | Rejected, Asked]:
        if self._session is None:
            raise RuntimeError("use Http in an async with block")
        sent = {"Accept": want.accept, **headers}
        async with self._session.get(url, headers=sent, allow_redirects=False) as got:
            names = {k.lower(): _readable(v) for k, v in got.headers.items() if _is_kept(k, v)}
            seen = Response(url=url, final_url=url, status=got.status, headers=names)
            note = replace(note, status=got.status)
            if not seen.is_ok:
                return seen, note
            if want.types is not None and seen.media_type not in want.types:
                return Rejected(reason=Reason.NOT_HTML, detail=f"Content-Type {seen.media_type}"), note
            if not _is_unpacked(got):
                packed = ", ".join(got.headers.getall("Content-Encoding"))
                return Rejected(
                    reason=Reason.BAD_ENCODING, detail=f"Content-Encoding {packed[:200]}, not unpacked"
                ), note
            body = await _capped(got)
            if body is None:
                return Rejected(reason=Reason.TOO_LARGE, detail=f"over {MAX_BODY_BYTES:,} bytes decoded"), note
            return replace(seen, body=body), replace(note, size=len(body))


def _connections(wanted: int) -> int:
    """How many connections the process may hold at once, after asking the system for as many as are wanted."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    needed = wanted + _OTHER_FILES
    if soft != resource.RLIM_INFINITY and soft < needed:
        soft = needed if hard == resource.RLIM_INFINITY else min(needed, hard)
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
        soft = resource.getrlimit(resource.RLIMIT_NOFILE)[0]
    return wanted if soft == resource.RLIM_INFINITY else max(1, min(wanted, soft - _OTHER_FILES))


@dataclass(frozen=True, slots=True)
class _Sent:
    """Validators with the address that gave them, and the gap before each request."""

    headers: dict[str, str]
    valid_at: str | None
    gap: float

    def to(self, url: str) -> dict[str, str]:
        """The validators for one address."""
        return self.headers if self.valid_at in {None, url} else {}


_VALIDATORS = frozenset({"etag", "last-modified"})


def _is_kept(name: str, value: str) -> bool:
    """False for a validator in bytes that are not UTF-8: it could not be sent back byte for byte."""
    return name.lower() not in _VALIDATORS or not any("\ud800" <= c <= "\udfff" for c in value)


def _readable(value: str) -> str:
    """A header's value; bytes that are not UTF-8 are read as Latin-1, as RFC 9110 5.5 says of old ones."""
    raw = value.encode("utf-8", "surrogateescape")
    try:
        return raw.decode("utf-8")
    except UnicodeDecodeError:
        return raw.decode("latin-1")


def _is_unpacked(got: aiohttp.ClientResponse) -> bool:
    """True if aiohttp has undone all that was done to the body; of several encodings it undoes none."""
    said = [c.strip().lower() for value in got.headers.getall("Content-Encoding", ()) for c in value.split(",")]
    done = [c for c in said if c not in {"", "identity"}]
    return not done or (len(said) == 1 and done[0] in {"gzip", "deflate", "br", "zstd"})


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
                kind = socket.AF_INET6 if ":" in mapped.address else socket.AF_INET
                return [
                    ResolveResult(
                        hostname=host, host=mapped.address, port=mapped.port, family=kind, proto=0,
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
            # The same words for every address: of several that fail alike, one error is raised and not a list of texts.
            raise PrivateAddressError("not a public address")
        return socket.socket(family=family, type=kind, proto=proto)

    return open_socket


# IPv4-compatible (RFC 4291 2.5.5.1), translated (RFC 2765 2.1) and NAT64 (RFC 6052): the last 32 bits are the address
# that is reached.
_HOLDING_IPV4 = tuple(map(ipaddress.IPv6Network, ("::/96", "::ffff:0:0:0/96", "64:ff9b::/96")))
# Not of the public internet, whatever the standard library of this Python says of them.
_NOT_GLOBAL = tuple(
    map(
        ipaddress.ip_network,
        (
            "64:ff9b:1::/48",  # RFC 8215: NAT64 inside a network
            "fec0::/10",  # RFC 3879: site-local
            "3fff::/20",  # RFC 9637: documentation
            "5f00::/16",  # RFC 9602: segment routing
            "192.0.0.0/24",  # RFC 6890: protocol assignments
            "192.88.99.0/24",  # RFC 7526: relays of 6to4
        ),
    )
)


def is_global(address: str) -> bool:
    """True for an address of the public internet; IPv4 inside IPv6, in whatever form, is judged as IPv4."""
    try:
        ip = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv6Address):
        held = any(ip in network for network in _HOLDING_IPV4)
        inside = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF) if held else ip.ipv4_mapped or ip.sixtofour
        ip = inside or ip
    return ip.is_global and not ip.is_multicast and not any(ip in network for network in _NOT_GLOBAL)


def _rejected(failed: BaseException) -> Rejected:
    if _is_guarded(failed):
        return Rejected(reason=Reason.PRIVATE_ADDRESS, detail=_told(failed))
    for kinds, reason in _REASONS:
        if isinstance(failed, kinds):
            return Rejected(reason=reason, detail=_told(failed))
    return Rejected(reason=Reason.CONNECTION, detail=_told(failed))


def _is_guarded(failed: BaseException) -> bool:
    """True if the guard stopped it: then no request has left."""
    return any(isinstance(e, PrivateAddressError) for e in _chain(failed))


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
    What was handed over is not held on to: two thousand documents need not be in memory at once.
    """
    ready: asyncio.Queue[asyncio.Future[T]] = asyncio.Queue()
    waiting: set[asyncio.Future[T]] = {asyncio.ensure_future(w) for w in work}
    for task in waiting:
        task.add_done_callback(ready.put_nowait)
    batch: list[T] = []
    deadline: float | None = None
    try:
        while waiting:
            done = await _next_of(ready, deadline)
            if done is not None:
                waiting.discard(done)
                batch.append(done.result())
                deadline = deadline or time.monotonic() + seconds
            if len(batch) >= size or not waiting or done is None:
                yield batch
                batch, deadline = [], None
    finally:
        for task in waiting:
            task.cancel()
        # Of several that failed at once only the first is raised; the others are looked at here and left.
        await asyncio.gather(*waiting, return_exceptions=True)


async def _next_of(ready: asyncio.Queue[T], deadline: float | None) -> T | None:
    """The next that is ready; None once the deadline has passed. What is ready already never comes too late."""
    if not ready.empty():
        return ready.get_nowait()
    try:
        async with asyncio.timeout(None if deadline is None else max(0.0, deadline - time.monotonic())):
            return await ready.get()
    except TimeoutError:
        return None
