"""The press on a real socket: what arrives, what is logged, and how it ends."""

import http.client
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from pipelines.demo.press import Fault, Press
from pipelines.demo.server import LOOPBACK, PressServer, main
from pipelines.demo.world import moment

ROOT = Path(__file__).parents[2]
NOW = moment("d2 18:30")


@pytest.fixture
def server(press: Press, tmp_path: Path) -> Iterator[PressServer]:
    with PressServer(press, NOW, log_file=tmp_path / "requests.jsonl") as server:
        yield server


def ask(
    server: PressServer, host: str, path: str, method: str = "GET", **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    connection = http.client.HTTPConnection(LOOPBACK, server.port, timeout=5)
    try:
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        connection.request(method, path, headers={"Host": host, **named})
        response = connection.getresponse()
        return response, response.read()
    finally:
        connection.close()


def test_the_host_header_picks_the_outlet_and_headers_arrive_as_given(server: PressServer) -> None:
    response, body = ask(server, "nordwire.press.test", "/feeds/news.json")
    assert response.status == 200
    assert json.loads(body)["title"] == "Nordwire"
    assert response.getheader("Date") == "Tue, 10 Nov 2026 17:30:00 GMT"
    assert response.headers.get_all("Content-Type") == ["application/feed+json; charset=utf-8"]
    etag = response.getheader("ETag") or ""
    again, nothing = ask(server, "nordwire.press.test", "/feeds/news.json", If_None_Match=etag)
    assert (again.status, nothing, again.getheader("ETag")) == (304, b"", etag)
    other, body = ask(server, f"de.meridian.press.test:{server.port}", "/")
    assert other.status == 200
    assert "Der Meridian" in body.decode()


def test_the_simulated_time_can_be_set_while_it_serves(server: PressServer) -> None:
    late = next(item for item in server.press.articles if item.published_at > NOW)
    host, path = late.url.removeprefix("http://").split("/", 1)
    assert ask(server, host, f"/{path}")[0].status == 404
    server.now = moment("d5 20:00")
    assert ask(server, host, f"/{path}")[0].status == 200
    with pytest.raises(ValueError, match="no time zone"):
        server.now = NOW.replace(tzinfo=None)


def test_every_request_is_logged_in_memory_and_in_the_file(server: PressServer, tmp_path: Path) -> None:
    ask(server, "nordwire.press.test", "/images/x.jpg?w=1", User_Agent="test")
    ask(server, "nordwire.press.test", "/nothing", method="HEAD")
    ask(server, "nordwire.press.test", "/", method="POST")
    assert [(r.method, r.path, r.query, r.status) for r in server.log] == [
        ("GET", "/images/x.jpg", "w=1", 200),
        ("HEAD", "/nothing", "", 404),
        ("POST", "/", "", 405),
    ]
    assert server.log[0].headers["user-agent"] == "test"
    lines = [json.loads(line) for line in (tmp_path / "requests.jsonl").read_text(encoding="utf-8").splitlines()]
    assert [line["status"] for line in lines] == [200, 404, 405]
    assert lines[0]["host"] == "nordwire.press.test"
    assert lines[0]["headers"]["user-agent"] == "test"
    assert lines[0]["now"] == NOW.isoformat()
    assert "real_at" in lines[0]


def test_head_has_the_headers_of_get_and_no_body(server: PressServer) -> None:
    got, body = ask(server, "nordwire.press.test", "/robots.txt")
    head, nothing = ask(server, "nordwire.press.test", "/robots.txt", method="HEAD")
    assert nothing == b""
    assert head.getheader("ETag") == got.getheader("ETag")
    assert head.getheader("Content-Length") == str(len(body))


def test_a_drip_comes_byte_by_byte_and_does_not_hold_up_the_end(press: Press) -> None:
    item = press.victim(Fault.SLOW_DRIP)
    request = f"GET {item.path} HTTP/1.1\r\nHost: gazzetta-lido.press.test\r\n\r\n".encode()
    with PressServer(press, NOW) as server, socket.create_connection((LOOPBACK, server.port), timeout=5) as wire:
        wire.sendall(request)
        started, received = time.monotonic(), b""
        while len(received.partition(b"\r\n\r\n")[2]) < 3:
            received += wire.recv(4096)
        took = time.monotonic() - started
        assert ask(server, "gazzetta-lido.press.test", "/")[0].status == 200
        assert [r.path for r in server.log] == [item.path, "/"]
        ending = time.monotonic()
    assert time.monotonic() - ending < 3
    assert 0.4 < took < 5
    assert received.partition(b"\r\n\r\n")[2] == b"<!DOCTYPE"[: len(received.partition(b"\r\n\r\n")[2])]
    assert re.search(rb"Content-Length: \d{4,}", received)


def test_a_port_in_use_is_an_error_at_the_start(press: Press, server: PressServer) -> None:
    with pytest.raises(OSError, match="in use"), PressServer(press, NOW, port=server.port):
        pass


def test_a_log_file_that_cannot_be_written_is_an_error_at_the_start(press: Press, tmp_path: Path) -> None:
    with pytest.raises(FileNotFoundError), PressServer(press, NOW, log_file=tmp_path / "none" / "log"):
        pass


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_the_command_invites_serves_and_ends_on_a_signal(number: signal.Signals) -> None:
    command = [sys.executable, "-m", "pipelines.demo.server", "--port", "0", "--now", "2026-11-10T18:30+01:00"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            said = "".join(iter(process.stdout.readline, "Stop it with Ctrl-C.\n"))
            found = re.search(r"PRESSWATCH_HOSTS=press\.test=127\.0\.0\.1:(\d+) PRESSWATCH_NOW=(\S+)", said)
            assert found
            assert found.group(2) == "2026-11-10T18:30+01:00"
            connection = http.client.HTTPConnection(LOOPBACK, int(found.group(1)), timeout=5)
            connection.request("GET", "/robots.txt", headers={"Host": "nordwire.press.test"})
            assert connection.getresponse().read().startswith(b"User-agent: *")
            connection.close()
            os.kill(process.pid, number)
            out, err = process.communicate(timeout=10)
        finally:
            process.kill()
    assert (process.returncode, out, err) == (0, "", "")


def test_the_command_names_a_port_in_use_in_one_line(
    server: PressServer, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(signal, "signal", lambda *_: None)  # the test runner keeps its own
    assert main(["--port", str(server.port)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert said.err.count("\n") == 1
    assert f"port {server.port} of {LOOPBACK} is in use" in said.err
    assert "--port" in said.err


@pytest.mark.parametrize("wrong", [["--now", "soon"], ["--port", "99999"], ["--port", "x"]])
def test_wrong_usage_is_2(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(wrong)
    assert ended.value.code == 2
    assert wrong[1] in capsys.readouterr().err
