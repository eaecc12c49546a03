"""The door to the network, against real servers on loopback."""

import asyncio
import gzip
import zlib
from collections.abc import Awaitable, Callable, Coroutine
from itertools import pairwise
from typing import Any

import aiohttp
import brotli
import pytest

from pipelines.adapters.http import FEED, MAX_BODY_BYTES, MAX_REDIRECTS, PAGE, Http, Manners, in_batches, is_global
from pipelines.core.nouns import Response
from pipelines.core.reasons import Reason, Rejected
from pipelines.settings import MappedHost
from tests.adapters.loopback import Say, Site, answered, redirected, serving, visiting

HELLO = answered(b"<p>Hello</p>")
Visit = Callable[[Http, Site], Awaitable[None]]


def visit(answers: dict[str, bytes | Say], story: Visit, **manners: float) -> None:
    async def run() -> None:
        async with visiting(answers, **manners) as (http, site):
            await story(http, site)

    asyncio.run(run())


def got(answers: dict[str, bytes | Say], url: str = "http://press.test/", **manners: float) -> Response | Rejected:
    async def run() -> Response | Rejected:
        async with visiting(answers, **manners) as (http, _):
            return await http.get(url)

    return asyncio.run(run())


def reason(answer: Response | Rejected) -> Reason:
    assert isinstance(answer, Rejected), answer
    return answer.reason


def test_a_document_comes_with_its_status_headers_and_body() -> None:
    answer = got({"/": answered(b"<p>Hello</p>", ETag='"a"', Content_Type="text/html; charset=UTF-8")})
    assert isinstance(answer, Response)
    assert (answer.status, answer.body, answer.headers["etag"]) == (200, b"<p>Hello</p>", '"a"')
    assert (answer.media_type, answer.charset) == ("text/html", "utf-8")
    assert (answer.redirects, answer.permanent) == ((), False)


def test_we_say_who_we_are_and_nothing_about_where_we_come_from() -> None:
    async def story(http: Http, site: Site) -> None:
        await http.get("http://press.test/", headers={"If-None-Match": '"a"'})
        said = site.asked[0].headers
        assert said["User-Agent"].startswith("Presswatch/")
        assert "desk@monitor.example" in said["User-Agent"]
        assert said["Accept-Encoding"] == "gzip, br"
        assert said["If-None-Match"] == '"a"'
        assert not {"Referer", "Cookie", "Authorization", "From", "Origin"} & set(said)
        assert site.asked[0].path == "/"

    visit({"/": HELLO}, story)


def test_no_cookie_is_ever_sent_back() -> None:
    async def story(http: Http, site: Site) -> None:
        for _ in range(2):
            await http.get("http://press.test/")
        await http.get("http://press.test/next")
        assert [a.path for a in site.asked] == ["/", "/", "/next", "/"]
        assert all("Cookie" not in a.headers and "Referer" not in a.headers for a in site.asked)

    visit({"/": answered(b"x", Set_Cookie="id=1; Path=/"), "/next": redirected("/")}, story)


def test_a_proxy_of_the_environment_is_not_used(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("http_proxy", "http://127.0.0.1:9")
    assert isinstance(got({"/": HELLO}), Response)


@pytest.mark.parametrize(
    "host",
    [
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0x7f.0.0.1",
        "017700000001",
        "0",
        "0.0.0.0",  # noqa: S104 (asked for, never listened on)
        "localhost",
        "[::1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
        "10.0.0.1",
        "192.168.1.1",
        "172.16.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "[fd00::1]",
        "[fe80::1]",
        "224.0.0.1",
        "[2002:7f00:1::]",
    ],
)
def test_private_addresses_are_refused_in_every_form(host: str) -> None:
    async def run() -> None:
        # The site listens on the very port, so that only the guard stands between.
        async with serving({"/": HELLO}) as site, Http(Manners(contact="desk@monitor.example", gap=0)) as http:
            answer = await http.get(f"http://{host}:{site.port}/")
            # A number that is no address in the usual form is refused as an address before anything is resolved.
            assert reason(answer) in {Reason.PRIVATE_ADDRESS, Reason.BAD_URL}
            assert site.asked == []

    asyncio.run(run())


@pytest.mark.parametrize(
    "target", ["http://127.0.0.1:{}/", "http://2130706433:{}/", "http://[::ffff:127.0.0.1]:{}/", "http://localhost:{}/"]
)
def test_a_redirect_to_a_private_address_is_refused(target: str) -> None:
    async def run() -> None:
        async with serving({"/": HELLO}) as inner, visiting({}) as (http, site):
            site.answers["/"] = redirected(target.format(inner.port))
            assert reason(await http.get("http://press.test/")) in {Reason.PRIVATE_ADDRESS, Reason.BAD_URL}
            assert inner.asked == []

    asyncio.run(run())


def test_a_mapped_name_opens_its_own_port_and_no_other() -> None:
    async def run() -> None:
        async with serving({"/": HELLO}) as other, visiting({"/": HELLO}) as (http, site):
            assert isinstance(await http.get("http://news.press.test/"), Response)
            assert site.asked[-1].host == "news.press.test"
            assert reason(await http.get(f"http://127.0.0.1:{other.port}/")) is Reason.PRIVATE_ADDRESS
            assert isinstance(await http.get(f"http://press.test:{other.port}/"), Response)
            assert other.asked == []

    asyncio.run(run())


def test_a_name_that_only_ends_like_a_mapped_one_is_not_mapped() -> None:
    assert reason(got({"/": HELLO}, "http://evilpress.test/")) is Reason.CONNECTION


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("8.8.8.8", True),
        ("2606:4700::1111", True),
        ("::ffff:8.8.8.8", True),
        ("127.0.0.1", False),
        ("::1", False),
        ("::ffff:10.0.0.1", False),
        ("2002:0a00:0001::", False),
        ("fe80::1%eth0", False),
        ("224.0.0.1", False),
        ("192.0.2.1", False),
        ("255.255.255.255", False),
        ("not an address", False),
        ("", False),
    ],
)
def test_only_addresses_of_the_public_internet_are_global(address: str, *, expected: bool) -> None:
    assert is_global(address) is expected


def test_redirects_are_followed_and_told() -> None:
    answer = got(
        {
            "/": redirected("/a", "301 Moved Permanently"),
            "/a": redirected("http://news.press.test/b", "308 x"),
            "/b": HELLO,
        }
    )
    assert isinstance(answer, Response)
    assert (answer.url, answer.final_url) == ("http://press.test/", "http://news.press.test/b")
    assert answer.redirects == ("http://press.test/a", "http://news.press.test/b")
    assert answer.permanent


def test_one_passing_redirect_makes_a_way_not_permanent() -> None:
    answer = got({"/": redirected("/a", "301 x"), "/a": redirected("/b", "302 x"), "/b": HELLO})
    assert isinstance(answer, Response)
    assert not answer.permanent


def test_five_redirects_are_followed_and_a_sixth_is_not() -> None:
    chain: dict[str, bytes | Say] = {f"/{n}": redirected(f"/{n + 1}") for n in range(9)}
    five = got({**chain, f"/{MAX_REDIRECTS}": HELLO}, "http://press.test/0")
    assert isinstance(five, Response)
    assert len(five.redirects) == 5
    assert reason(got({**chain, f"/{MAX_REDIRECTS + 1}": HELLO}, "http://press.test/0")) is Reason.TOO_MANY_REDIRECTS
    assert reason(got({"/": redirected("/")})) is Reason.TOO_MANY_REDIRECTS


@pytest.mark.parametrize(
    "target", ["ftp://press.test/", "file:///etc/hostname", "javascript:void(0)", "data:text/html,x", "http://[::1"]
)
def test_a_redirect_to_what_is_no_web_address_is_a_bad_address(target: str) -> None:
    assert reason(got({"/": redirected(target)})) is Reason.BAD_URL


@pytest.mark.parametrize(
    "url", ["ftp://press.test/", "file:///etc/hostname", "", "press.test", "http://", "http://[::1/"]
)
def test_what_is_no_web_address_is_never_asked_for(url: str) -> None:
    assert reason(got({"/": HELLO}, url)) is Reason.BAD_URL


@pytest.mark.parametrize(
    "status", ["404 Not Found", "410 Gone", "429 Too Many", "500 x", "503 x", "304 Not Modified", "204 x"]
)
def test_other_answers_come_as_they_are_without_a_body(status: str) -> None:
    answer = got({"/": answered(b"", status=status, Retry_After="120")})
    assert isinstance(answer, Response)
    assert (answer.status, answer.body) == (int(status[:3]), b"")
    assert answer.headers["retry-after"] == "120"


def test_a_body_up_to_the_limit_comes_and_one_byte_more_does_not() -> None:
    whole = got({"/": answered(b"x" * MAX_BODY_BYTES)})
    assert isinstance(whole, Response)
    assert len(whole.body) == MAX_BODY_BYTES
    assert reason(got({"/": answered(b"x" * (MAX_BODY_BYTES + 1))})) is Reason.TOO_LARGE


def test_a_gzip_bomb_is_stopped() -> None:
    press = zlib.compressobj(9, zlib.DEFLATED, 31)
    bomb = b"".join(press.compress(b"\0" * 1_000_000) for _ in range(200)) + press.flush()
    assert len(bomb) < 250_000
    assert reason(got({"/": answered(bomb, Content_Encoding="gzip")})) is Reason.TOO_LARGE


@pytest.mark.parametrize(
    ("packed", "name"), [(gzip.compress(b"<p>Hello</p>", mtime=0), "gzip"), (brotli.compress(b"<p>Hello</p>"), "br")]
)
def test_packed_bodies_are_unpacked(packed: bytes, name: str) -> None:
    answer = got({"/": answered(packed, Content_Encoding=name)})
    assert isinstance(answer, Response)
    assert answer.body == b"<p>Hello</p>"


@pytest.mark.parametrize("name", ["gzip", "br"])
def test_a_body_that_does_not_unpack_is_a_bad_encoding(name: str) -> None:
    assert reason(got({"/": answered(b"not packed at all", Content_Encoding=name)})) is Reason.BAD_ENCODING


async def drip(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\n")
    for _ in range(1000):
        writer.write(b"x")
        await writer.drain()
        await asyncio.sleep(0.05)


async def silence(writer: asyncio.StreamWriter) -> None:
    await asyncio.sleep(5)
    writer.close()


@pytest.mark.parametrize("say", [drip, silence])
def test_a_server_that_never_ends_times_out(say: Say) -> None:
    assert reason(got({"/": say}, time_limit=0.4)) is Reason.TIMEOUT


async def cut(writer: asyncio.StreamWriter) -> None:
    writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 1000\r\n\r\nshort")
    await writer.drain()
    writer.close()


async def hang_up(writer: asyncio.StreamWriter) -> None:
    writer.close()


async def babble(writer: asyncio.StreamWriter) -> None:
    writer.write(b"this is no HTTP at all\r\n\r\n")
    await writer.drain()
    writer.close()


@pytest.mark.parametrize("say", [cut, hang_up, babble])
def test_a_broken_answer_is_a_named_failure_that_may_pass(say: Say) -> None:
    assert reason(got({"/": say})) in {Reason.BAD_ENCODING, Reason.CONNECTION}


def test_nobody_there_is_a_connection_failure() -> None:
    async def run() -> None:
        async with serving({}) as site:
            hosts = site.hosts()
        async with Http(Manners(contact="desk@monitor.example", gap=0), hosts) as http:
            assert reason(await http.get("http://press.test/")) is Reason.CONNECTION

    asyncio.run(run())


def test_a_server_without_tls_is_a_named_failure() -> None:
    async def refuse(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(b"HTTP/1.1 400 Bad Request\r\n\r\n")
        await writer.drain()
        writer.close()

    async def run() -> None:
        server = await asyncio.start_server(refuse, "127.0.0.1", 0)
        hosts = (MappedHost(name="press.test", address="127.0.0.1", port=server.sockets[0].getsockname()[1]),)
        async with server, Http(Manners(contact="desk@monitor.example", gap=0), hosts) as http:
            assert reason(await http.get("https://press.test/")) in {Reason.TLS, Reason.CONNECTION}

    asyncio.run(run())


@pytest.mark.parametrize("kind", ["image/png", "application/pdf", "video/mp4", "application/json", "IMAGE/JPEG; q=1"])
def test_a_type_that_is_not_wanted_is_refused_before_its_body(kind: str) -> None:
    async def endless(writer: asyncio.StreamWriter) -> None:
        writer.write(f"HTTP/1.1 200 OK\r\nContent-Type: {kind}\r\nContent-Length: 9000000\r\n\r\n".encode())
        await writer.drain()
        await asyncio.sleep(5)  # no byte of the body ever comes: whoever waits for it times out

    async def story(http: Http, _: Site) -> None:
        assert reason(await http.get("http://press.test/", want=PAGE)) is Reason.NOT_HTML

    visit({"/": endless}, story, time_limit=1.0)


@pytest.mark.parametrize("kind", ["text/html; charset=x", "application/xhtml+xml", "TEXT/HTML", "text/plain"])
def test_pages_are_taken_by_type(kind: str) -> None:
    async def story(http: Http, _: Site) -> None:
        assert isinstance(await http.get("http://press.test/", want=PAGE), Response)

    visit({"/": answered(b"x", Content_Type=kind)}, story)


def test_two_requests_of_a_host_keep_their_gap_and_two_hosts_do_not_wait() -> None:
    async def story(http: Http, site: Site) -> None:
        await asyncio.gather(
            *(http.get(f"http://press.test/{n}") for n in range(3)), http.get("http://news.press.test/")
        )
        times = [a.at for a in site.asked if a.host == "press.test"]
        assert len(times) == 3
        assert all(later - earlier >= 0.3 for earlier, later in pairwise(times))
        assert [a.host for a in site.asked].index("news.press.test") < 2

    visit({}, story, gap=0.3)


def test_a_crawl_delay_widens_the_gap_and_never_narrows_it() -> None:
    async def story(http: Http, site: Site) -> None:
        for gap in (0.0, 0.5, 0.0):
            await http.get("http://press.test/", gap=gap)
        times = [a.at for a in site.asked]
        assert times[1] - times[0] >= 0.5
        assert times[2] - times[1] >= 0.2

    visit({"/": HELLO}, story, gap=0.2)


def test_a_redirect_waits_for_its_turn_too() -> None:
    async def story(http: Http, site: Site) -> None:
        await http.get("http://press.test/")
        assert site.asked[1].at - site.asked[0].at >= 0.3

    visit({"/": redirected("/a"), "/a": HELLO}, story, gap=0.3)


@pytest.mark.parametrize("etag", ['"ol\xe9-1"', '"ol\xc3\xa9-1"', 'W/"a b"', "bare"])
def test_an_opaque_validator_goes_back_byte_for_byte_or_not_at_all(etag: str) -> None:
    async def story(http: Http, site: Site) -> None:
        answer = await http.get("http://press.test/")
        assert isinstance(answer, Response)
        headers = {"If-None-Match": answer.etag} if answer.etag else {}
        await http.get("http://press.test/", headers=headers)
        assert site.asked[1].headers.get("If-None-Match", etag).encode("latin-1") == etag.encode("latin-1")

    visit({"/": answered(b"x", ETag=etag)}, story)


@pytest.mark.parametrize("name", ["ETag", "Last-Modified", "Content-Type", "Server", "Cache-Control"])
def test_headers_in_another_charset_can_be_stored(name: str) -> None:
    answer = got({"/": answered(b"x", **{name.replace("-", "_"): "text/html; ol\xe9"})})
    assert isinstance(answer, Response)
    assert all(value.encode() for value in answer.headers.values() if value)


def test_a_client_is_used_inside_its_block() -> None:
    with pytest.raises(RuntimeError):
        asyncio.run(Http(Manners(contact="desk@monitor.example")).get("http://press.test/"))


def test_results_come_in_batches_and_a_slow_one_delays_only_itself() -> None:
    async def run() -> None:
        released = asyncio.Event()

        async def slow() -> str:
            await released.wait()
            return "slow"

        async def quick(n: int) -> str:
            return f"quick {n}"

        seen: list[list[str]] = []
        async for batch in in_batches([slow(), *(quick(n) for n in range(4))], size=2, seconds=0.05):
            seen.append(batch)
            if sum(map(len, seen)) == 4:
                released.set()
        assert sorted(x for b in seen for x in b) == ["quick 0", "quick 1", "quick 2", "quick 3", "slow"]
        assert seen[-1] == ["slow"]

    asyncio.run(run())


def test_no_work_gives_no_batch() -> None:
    async def run() -> list[list[int]]:
        nothing: list[Coroutine[Any, Any, int]] = []
        return [b async for b in in_batches(nothing, size=2, seconds=1)]

    assert asyncio.run(run()) == []


def test_on_an_error_what_is_left_is_cancelled() -> None:
    async def run() -> None:
        cancelled: list[bool] = []

        async def waits() -> int:
            try:
                await asyncio.sleep(60)
            except asyncio.CancelledError:
                cancelled.append(True)
                raise
            return 1

        async def fails() -> int:
            await asyncio.sleep(0)
            raise aiohttp.ClientError

        with pytest.raises(aiohttp.ClientError):
            async for _ in in_batches([waits(), fails()], size=2, seconds=1):
                pass
        assert cancelled == [True]

    asyncio.run(run())


@pytest.mark.parametrize(
    "address",
    ["64:ff9b::7f00:1", "64:ff9b:1::808:808", "::7f00:1", "64:ff9b::a00:1", "::ffff:10.0.0.1", "2002:7f00:1::"],
)
def test_ipv4_in_any_form_inside_ipv6_is_judged_as_ipv4(address: str) -> None:
    assert not is_global(address)


@pytest.mark.parametrize("address", ["64:ff9b::808:808", "2606:4700::1111", "::ffff:8.8.8.8"])
def test_public_addresses_inside_ipv6_stay_public(address: str) -> None:
    assert is_global(address)


def test_a_host_that_has_only_ipv6_is_asked_by_ipv6() -> None:
    async def run() -> Response | Rejected:
        site = Site(answers={"/": HELLO})
        server = await asyncio.start_server(site.serve, "::1", 0)
        hosts = (MappedHost(name="press.test", address="::1", port=server.sockets[0].getsockname()[1]),)
        try:
            async with Http(Manners(contact="desk@monitor.example", gap=0), hosts) as http:
                return await http.get("http://press.test/")
        finally:
            server.close()

    try:
        answer = asyncio.run(run())
    except OSError as refused:
        pytest.skip(f"no IPv6 on this machine: {refused}")
    assert isinstance(answer, Response)
    assert answer.is_ok


def test_every_request_that_leaves_is_noted_once_redirects_included_and_one_that_may_not_leave_is_not() -> None:
    async def story(http: Http, _: Site) -> None:
        await http.get("http://press.test/", headers={"If-None-Match": '"a"'}, want=FEED)
        await http.get("http://127.0.0.1:4711/")
        noted = [(a.url, a.purpose, a.status, a.is_conditional, a.size) for a in http.take_asked()]
        assert noted == [
            ("http://press.test/", "poll", 302, True, None),
            ("http://press.test/a", "poll", 200, True, 12),
        ]
        assert http.take_asked() == []

    visit({"/": redirected("/a"), "/a": HELLO}, story)


def test_validators_go_to_the_address_that_gave_them_and_to_no_other() -> None:
    async def story(http: Http, site: Site) -> None:
        headers = {"If-None-Match": '"a"'}
        await http.get("http://press.test/", headers=headers, valid_at="http://press.test/a")
        await http.get("http://press.test/", headers=headers, valid_at="http://press.test/gone")
        assert ["If-None-Match" in asked.headers for asked in site.asked] == [False, True, False, False]

    visit({"/": redirected("/a"), "/a": HELLO}, story)


def test_a_host_that_wants_a_pause_is_not_asked_again_in_this_run_not_even_by_a_redirect() -> None:
    async def story(http: Http, site: Site) -> None:
        await http.get("http://busy.press.test/busy")
        assert reason(await http.get("http://busy.press.test/")) is Reason.HOST_PAUSED
        assert reason(await http.get("http://press.test/lead")) is Reason.HOST_PAUSED
        http.pause(["other.press.test"])
        assert reason(await http.get("http://other.press.test/")) is Reason.HOST_PAUSED
        assert [asked.path for asked in site.asked] == ["/busy", "/lead"]

    visit({"/busy": answered(b"", status="429 Too Many"), "/lead": redirected("http://busy.press.test/")}, story)


def test_a_long_queue_at_one_host_costs_no_request_its_answer() -> None:
    async def story(http: Http, _: Site) -> None:
        found = await asyncio.gather(*(http.get("http://press.test/") for _ in range(12)))
        assert [f for f in found if not isinstance(f, Response)] == []

    visit({"/": HELLO}, story, gap=0.15, time_limit=0.5)
