"""Addresses that a feed, a page or a redirect might lead us to, and that we never visit.

Each form is asked for while a canary listens on loopback, IPv4 and IPv6, on the very port: only the guard stands
between.
"""

import asyncio
import contextlib
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from pathlib import Path
from typing import Any

import pytest

from pipelines.adapters.http import MAX_REDIRECTS, Http, Manners
from pipelines.core.nouns import Response
from pipelines.core.reasons import Reason, Rejected
from pipelines.settings import MappedHost
from tests.adapters.loopback import answered, redirected, serving, visiting

PRIVATE, BAD, NOWHERE = Reason.PRIVATE_ADDRESS, Reason.BAD_URL, Reason.CONNECTION
MANNERS = Manners(contact="desk@monitor.example", gap=0, time_limit=2)

# What leads to loopback, or would if something between us and the socket read it so.
LOOPBACK = {
    "127.0.0.1": PRIVATE,
    "127.255.255.254": PRIVATE,
    "127.1": BAD,
    "127.0.1": BAD,
    "127.0.0.1.": BAD,
    "127..0.1": BAD,
    "..127.0.0.1": BAD,
    "0": BAD,
    "00": BAD,
    "0x0": PRIVATE,
    "0.0.0.0": PRIVATE,  # noqa: S104 (asked for, never listened on)
    "0.1.2.3": PRIVATE,
    "2130706433": BAD,
    "4294967297": BAD,
    "6425673729": BAD,
    "18446744071562067969": BAD,
    "0x7f000001": PRIVATE,
    "0X7F000001": PRIVATE,
    "0x7f.1": PRIVATE,
    "0x7f.0.0.1": PRIVATE,
    "127.0.0.0x1": PRIVATE,
    "0177.1": BAD,
    "0177.0.0.1": BAD,
    "017700000001": BAD,
    "127.000.000.001": BAD,
    "[::]": PRIVATE,
    "[::1]": PRIVATE,
    "[::0001]": PRIVATE,
    "[0:0:0:0:0:0:0:1]": PRIVATE,
    "[::1%lo]": PRIVATE,
    "[::1%25lo]": PRIVATE,
    "[::ffff:127.0.0.1]": PRIVATE,
    "[::ffff:7f00:1]": PRIVATE,
    "[::ffff:0.0.0.0]": PRIVATE,
    "[::127.0.0.1]": PRIVATE,
    "[::7f00:1]": PRIVATE,
    "[2002:7f00:1::]": PRIVATE,
    "[64:ff9b::127.0.0.1]": PRIVATE,
    "[64:ff9b:1::7f00:1]": PRIVATE,
    "[2001:0:7f00:1::]": PRIVATE,
    "[2001:0:4136:e378:8000:63bf:80ff:fffe]": PRIVATE,
    "[127.0.0.1]": BAD,
    "[::ffff:127.0.0.1.]": BAD,
    "[::1": BAD,
    "::1": BAD,
    "localhost": PRIVATE,
    "LOCALHOST": PRIVATE,
    "lo\tcalhost": PRIVATE,
    "127.0.0\n.1": PRIVATE,
    "127.0.0.1\t": PRIVATE,
    "１２７.0.0.1": PRIVATE,
    "127．0．0．1": PRIVATE,
    "127。0。0。1": PRIVATE,
    "①②⑦.⓪.⓪.①": PRIVATE,
    "ｌｏｃａｌｈｏｓｔ": PRIVATE,
    "ⓛⓞⓒⓐⓛⓗⓞⓢⓣ": PRIVATE,
    "user:word@127.0.0.1": PRIVATE,
    "press.test@127.0.0.1": PRIVATE,
    "press.test:80@127.0.0.1": PRIVATE,
    "press.test%2e@127.0.0.1": PRIVATE,
    "press.test\\@127.0.0.1": BAD,
    "127.0.0.1\\@press.test": BAD,
    "127.0.0.1#@press.test": PRIVATE,
    "127.0.0.1?@press.test": PRIVATE,
    "127.0.0.1\r\nHost: press.test": BAD,
    "press.test\r\nHost: 127.0.0.1": BAD,
}
# Names that no resolver should know, and that it may know as loopback (RFC 6761 6.3): refused either way.
NAMES = ["localhost.", "desk.localhost", "a.b.localhost", "localhost.localdomain", "ip6-localhost",
         "127%2e0%2e0%2e1", "%31%32%37.0.0.1", "press.test%40127.0.0.1", "127.0.0.1%00.press.test",
         "127.0.0.1%09", "127.0.0.1;press.test", "127.0.0.1,press.test", "127.0.0.1 ", "[v1.fe]", "-", "*"]  # fmt: skip
ELSEWHERE = [
    "10.0.0.1", "172.16.0.1", "172.31.255.255", "192.168.1.1", "169.254.169.254", "0xa9fea9fe", "100.64.0.1",
    "100.127.255.254", "100.100.100.200", "192.0.0.1", "192.0.0.170", "192.0.2.1", "198.18.0.1", "198.51.100.1",
    "203.0.113.1", "224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255",
    "[fc00::1]", "[fd00:ec2::254]", "[fe80::1]", "[fe80::1%25lo]", "[ff02::1]", "[ff0e::1]", "[100::1]",
    "[2001:db8::1]", "[2001:10::1]", "[::ffff:169.254.169.254]", "[2002:a9fe:a9fe::]", "[64:ff9b::a9fe:a9fe]",
]  # fmt: skip
SCHEMES = [
    "file:///etc/hostname", "FILE:///etc/hostname", "ftp://127.0.0.1:{}/", "gopher://127.0.0.1:{}/_x",
    "dict://127.0.0.1:{}/", "ldap://127.0.0.1:{}/", "ws://127.0.0.1:{}/", "jar:http://127.0.0.1:{}/!/",
    "view-source:http://127.0.0.1:{}/", "blob:http://127.0.0.1:{}/", "feed:http://127.0.0.1:{}/",
    "data:text/html,x", "javascript:alert(1)", "//127.0.0.1:{}/", "http:127.0.0.1:{}/", "http:/127.0.0.1:{}/",
    "http:///127.0.0.1:{}/", "http:\\\\127.0.0.1:{}\\", "unix:///run/canary.sock", "http+unix://%2Frun%2Fcanary.sock/",
]  # fmt: skip
PORTS = ["65536", "99999999999", "-1", "8%30", "0x50", "80 80"]


@contextlib.asynccontextmanager
async def canary() -> AsyncIterator[tuple[int, list[object]]]:
    """A port of loopback, of both families where there are both, and whoever came."""
    came: list[object] = []

    async def note(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(writer.get_extra_info("sockname"))
        writer.write(answered(b"inside"))
        await writer.drain()
        writer.close()

    four = await asyncio.start_server(note, "127.0.0.1", 0)
    port: int = four.sockets[0].getsockname()[1]
    servers = [four]
    if socket.has_ipv6:
        with contextlib.suppress(OSError):  # no IPv6 here, or its port is taken: the other family is watched
            servers.append(await asyncio.start_server(note, "::1", port))
    try:
        yield port, came
    finally:
        for server in servers:
            server.close()
            await server.wait_closed()


def asked_for(url: str) -> Response | Rejected:
    """What comes of a URL with the canary's port in it; whatever comes, nobody has come to the canary."""

    async def run() -> Response | Rejected:
        async with canary() as (port, came), Http(MANNERS) as http:
            answer = await http.get(url.replace("{}", str(port)))
            assert came == []
            return answer

    return asyncio.run(run())


def led_to(target: str, status: str = "302 Found", hops: int = 1) -> Response | Rejected:
    """What comes of a page of the press that redirects, at its last hop, to a URL with the canary's port in it."""

    async def run() -> Response | Rejected:
        async with canary() as (port, came), visiting({}, time_limit=2.0) as (http, site):
            for n in range(hops):
                aim = f"/{n + 1}" if n + 1 < hops else target.replace("{}", str(port))
                site.answers[f"/{n}"] = redirected(aim, status)
            answer = await http.get("http://press.test/0")
            assert came == []
            assert len(site.asked) == hops
            return answer

    return asyncio.run(run())


def reason(answer: Response | Rejected) -> Reason:
    assert isinstance(answer, Rejected), answer
    return answer.reason


def test_the_canary_sings_when_it_is_visited() -> None:
    async def run() -> None:
        async with canary() as (port, came):
            hosts = (MappedHost(name="press.test", address="127.0.0.1", port=port),)
            async with Http(MANNERS, hosts) as http:
                assert isinstance(await http.get("http://press.test/"), Response)
            assert len(came) == 1

    asyncio.run(run())


@pytest.mark.parametrize(("host", "expected"), LOOPBACK.items(), ids=map(ascii, LOOPBACK))
def test_no_form_of_loopback_is_visited(host: str, expected: Reason) -> None:
    assert reason(asked_for(f"http://{host}:{{}}/")) is expected


@pytest.mark.parametrize("host", NAMES)
def test_no_name_that_only_looks_like_loopback_is_visited(host: str) -> None:
    assert reason(asked_for(f"http://{host}:{{}}/")) in {PRIVATE, NOWHERE}


@pytest.mark.parametrize("host", ELSEWHERE)
def test_no_address_outside_the_public_internet_is_visited(host: str) -> None:
    assert reason(asked_for(f"http://{host}:{{}}/")) is PRIVATE


UNKNOWN_TO_THE_STANDARD_LIBRARY = [
    "[::ffff:0:127.0.0.1]",  # IPv4-translated, RFC 2765
    "[fec0::1]",  # site-local, RFC 3879
    "[5f00::1]",  # segment routing, RFC 9602
    "[3fff::1]",  # documentation, RFC 9637
    "192.0.0.8",  # IETF protocol assignments, RFC 7600
    "192.88.99.1",  # 6to4 relays, RFC 7526
]


@pytest.mark.parametrize("host", UNKNOWN_TO_THE_STANDARD_LIBRARY)
def test_addresses_that_the_standard_library_calls_global_are_not_visited(host: str) -> None:
    assert reason(asked_for(f"http://{host}:{{}}/")) is PRIVATE


@pytest.mark.parametrize("url", SCHEMES)
def test_nothing_but_http_is_spoken(url: str) -> None:
    assert reason(asked_for(url)) is BAD


@pytest.mark.parametrize("url", [" http://127.0.0.1:{}/", "\0http://127.0.0.1:{}/", "ht\ttp://127.0.0.1:{}/"])
def test_what_a_parser_strips_does_not_hide_an_address(url: str) -> None:
    assert reason(asked_for(url)) is PRIVATE


@pytest.mark.parametrize("port", PORTS)
def test_a_port_that_is_none_is_a_bad_address(port: str) -> None:
    assert reason(asked_for(f"http://press.test:{port}/")) is BAD


@pytest.mark.parametrize("port", [0, 1, 22, 25, 6000, 6667])
def test_a_port_of_another_protocol_is_refused(port: int) -> None:
    # A literal outside the public internet, so that nothing is sent: the port is judged before the address.
    assert reason(asked_for(f"http://192.0.2.1:{port}/")) is BAD


@pytest.mark.parametrize("host", ["a" * 64, "a" * 300, ".".join(["a" * 64] * 5), "a..b", ".a"])
def test_a_name_that_no_resolver_can_ask_for_is_a_bad_address(host: str) -> None:
    assert reason(asked_for(f"http://{host}.example:{{}}/")) is BAD


@pytest.mark.parametrize(
    "path", ["\r\nX-Injected: 1", " HTTP/1.1\r\nHost: inside\r\n\r\nGET /inside", "%0d%0aX-Injected:%201", "a\nb"]
)
def test_no_line_of_a_request_can_be_written_by_its_address(path: str) -> None:
    async def run() -> None:
        async with visiting({}) as (http, site):
            await http.get(f"http://press.test/{path}")
            assert all("X-Injected" not in asked.headers for asked in site.asked)
            assert {asked.host for asked in site.asked} <= {"press.test"}
            assert len(site.asked) <= 1

    asyncio.run(run())


@pytest.mark.parametrize("status", ["301 x", "302 x", "303 x", "307 x", "308 x"])
@pytest.mark.parametrize("target", ["http://127.0.0.1:{}/", "//127.0.0.1:{}/", "http://press.test@[::1]:{}/"])
def test_no_redirect_leads_inside(status: str, target: str) -> None:
    assert reason(led_to(target, status)) is PRIVATE


@pytest.mark.parametrize("status", ["300 x", "304 x", "305 x", "306 x", "200 x", "201 x"])
def test_an_answer_that_is_no_redirect_is_not_followed(status: str) -> None:
    answer = led_to("http://127.0.0.1:{}/", status)
    assert isinstance(answer, Response)
    assert answer.status == int(status[:3])


@pytest.mark.parametrize("hops", range(2, MAX_REDIRECTS + 1))
def test_no_chain_of_redirects_leads_inside_at_its_last_hop(hops: int) -> None:
    assert reason(led_to("http://127.0.0.1:{}/", "301 x", hops)) is PRIVATE


@pytest.mark.parametrize(
    "target", ["file:///etc/hostname", "ftp://127.0.0.1:{}/", "http+unix://%2Frun%2Fx/", "ws://127.0.0.1:{}/"]
)
def test_no_redirect_changes_to_what_is_not_http(target: str) -> None:
    assert reason(led_to(target)) is BAD


def test_a_refresh_header_is_not_followed() -> None:
    async def run() -> None:
        async with canary() as (port, came), visiting({}) as (http, site):
            site.answers["/"] = answered(b"x", Refresh=f"0; url=http://127.0.0.1:{port}/")
            assert isinstance(await http.get("http://press.test/"), Response)
            assert came == []

    asyncio.run(run())


Addresses = Callable[[str], list[str]]


async def told_by(names: Addresses, monkeypatch: pytest.MonkeyPatch, story: Callable[[str], Awaitable[None]]) -> None:
    """Tell a story whose name server belongs to somebody else.

    127.0.0.1 stands for a public address: the press listens there, and its port is opened as that of a mapped host
    (whose name nobody uses). On 127.0.0.2 the canary listens, on the same port.
    """
    came: list[object] = []

    async def note(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        came.append(writer.get_extra_info("sockname"))
        writer.close()

    def looked_up(host: str, port: int, *_: object, **__: object) -> list[tuple[Any, ...]]:
        return [
            (socket.AF_INET6, socket.SOCK_STREAM, 6, "", (address, port, 0, 0))
            if ":" in address
            else (socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))
            for address in names(host)
        ]

    async with serving({"/": answered(b"outside")}) as site:
        site.answers["/away"] = redirected(f"http://inside.example:{site.port}/")
        try:
            inside = await asyncio.start_server(note, "127.0.0.2", site.port)
        except OSError:
            pytest.skip("this system has one address of loopback")
        async with inside:
            monkeypatch.setattr(socket, "getaddrinfo", looked_up)  # the only way to the name server
            await story(f"outside.example:{site.port}")
        assert came == []


def visited(where: str, path: str, port: int) -> Any:
    async def run() -> Response | Rejected:
        hosts = (MappedHost(name="unused.test", address="127.0.0.1", port=port),)
        async with Http(MANNERS, hosts) as http:
            return await http.get(f"http://{where}{path}")

    return run()


def port_of(where: str) -> int:
    return int(where.rpartition(":")[2])


def test_a_name_that_was_public_and_turns_private_is_not_visited(monkeypatch: pytest.MonkeyPatch) -> None:
    answers = [["127.0.0.1"], ["127.0.0.2"]]

    async def story(where: str) -> None:
        assert isinstance(await visited(where, "/", port_of(where)), Response)
        assert reason(await visited(where, "/", port_of(where))) is PRIVATE
        assert answers == []

    asyncio.run(told_by(lambda _: answers.pop(0), monkeypatch, story))


def test_a_public_name_that_redirects_to_a_private_one_is_not_followed(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(where: str) -> None:
        assert reason(await visited(where, "/away", port_of(where))) is PRIVATE

    asyncio.run(told_by(lambda host: ["127.0.0.2" if "inside" in host else "127.0.0.1"], monkeypatch, story))


def test_of_a_public_and_a_private_address_only_the_public_one_is_visited(monkeypatch: pytest.MonkeyPatch) -> None:
    async def story(where: str) -> None:
        answer = await visited(where, "/", port_of(where))
        assert isinstance(answer, Response)
        assert answer.body == b"outside"

    asyncio.run(told_by(lambda _: ["127.0.0.2", "127.0.0.1"], monkeypatch, story))


@pytest.mark.parametrize(
    "addresses",
    [
        ["127.0.0.2", "::1"],
        ["::1", "127.0.0.2"],
        ["10.0.0.1", "127.0.0.2"],
    ],
)
def test_a_name_with_private_addresses_only_is_told_as_private(
    monkeypatch: pytest.MonkeyPatch, addresses: list[str]
) -> None:
    async def story(where: str) -> None:
        assert reason(await visited(where, "/", port_of(where))) is PRIVATE

    asyncio.run(told_by(lambda _: addresses, monkeypatch, story))


def test_a_mapped_name_does_not_open_other_ports_of_its_address() -> None:
    async def run() -> None:
        async with canary() as (port, came), visiting({"/": answered(b"x")}) as (http, site):
            for host in ("127.0.0.1", "[::ffff:127.0.0.1]", "localhost"):
                assert reason(await http.get(f"http://{host}:{port}/")) is PRIVATE
            # The port of a mapped name is the map's, whatever the address says.
            assert isinstance(await http.get(f"http://press.test:{port}/"), Response)
            assert len(site.asked) == 1
            assert came == []

    asyncio.run(run())


@pytest.mark.parametrize("name", ["HTTP_PROXY", "http_proxy", "ALL_PROXY", "HTTPS_PROXY"])
def test_a_proxy_of_the_environment_is_not_asked(monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    async def run() -> None:
        async with canary() as (port, came), visiting({"/": answered(b"x")}) as (http, _):
            monkeypatch.setenv(name, f"http://127.0.0.1:{port}")
            monkeypatch.delenv("NO_PROXY", raising=False)
            assert isinstance(await http.get("http://press.test/"), Response)
            assert reason(await http.get("http://10.0.0.1/")) is PRIVATE
            assert came == []

    asyncio.run(run())


def test_a_password_in_a_file_of_the_home_is_not_sent(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "netrc").write_text("machine press.test login desk password secret\n", encoding="ascii")
    (tmp_path / "netrc").chmod(0o600)
    monkeypatch.setenv("NETRC", str(tmp_path / "netrc"))

    async def run() -> None:
        async with visiting({"/": answered(b"x")}) as (http, site):
            assert isinstance(await http.get("http://press.test/"), Response)
            assert "Authorization" not in site.asked[0].headers

    asyncio.run(run())
