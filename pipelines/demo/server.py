"""The press on a socket: real HTTP on loopback, at a simulated time.

    socket | Request | Press.respond(request, now) | log | Response, at once or byte by byte

In tests: `with PressServer(Press.load(), now) as server: ...`, and map the names under press.test to
127.0.0.1:`server.port`. For people: `python -m pipelines.demo.server --port 8123 --now 2026-11-10T18:30+01:00`.
"""

import argparse
import asyncio
import errno
import json
import signal
import sys
import threading
from collections.abc import Sequence
from concurrent.futures import Future
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from types import FrameType, TracebackType
from typing import Self, TextIO

from aiohttp import web

from pipelines.demo.messages import Request, Response, note
from pipelines.demo.press import Press
from pipelines.demo.world import ZONE, WorldError, moment

LOOPBACK = "127.0.0.1"
_GRACE_SECONDS = 0.2  # what a connection gets to end when the server stops; a drip would go on for an hour
_DEFAULT_PORT = 8123
_HIGHEST_PORT = 65535
_DEFAULT_NOW = "d2 18:30"
_READ_METHODS = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True, kw_only=True)
class LoggedRequest:
    """One request as it came, what was answered, and when: in simulated and in real time."""

    host: str
    path: str
    query: str
    method: str
    status: int
    headers: dict[str, str]  # of the request, names in lower case
    now: datetime
    real_at: datetime

    def as_json(self) -> str:
        """The line of the log file."""
        return json.dumps(
            {
                "host": self.host,
                "path": self.path,
                "query": self.query,
                "method": self.method,
                "status": self.status,
                "headers": self.headers,
                "now": self.now.isoformat(),
                "real_at": self.real_at.isoformat(),
            },
            ensure_ascii=False,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Started:
    """What the serving thread tells the one that started it."""

    port: int
    loop: asyncio.AbstractEventLoop
    stop: asyncio.Event


class PressServer:
    """Serves a press from a thread of its own, between `with` and its end.

    Attributes:
        press: what is served.
        port: where; known once started.
        log: every request so far, in the order of arrival.
    """

    def __init__(self, press: Press, now: datetime, *, port: int = 0, log_file: Path | None = None) -> None:
        self.press = press
        self.port = port
        self.log: list[LoggedRequest] = []
        self.now = now
        self._log_path = log_file
        self._log_stream: TextIO | None = None
        self._thread = threading.Thread(target=self._run, name="demo-press", daemon=True)
        self._started: Future[_Started] = Future()

    @property
    def now(self) -> datetime:
        """The simulated time. It may be set from any thread and holds for the next request."""
        return self._now

    @now.setter
    def now(self, time: datetime) -> None:
        if time.tzinfo is None:
            raise ValueError(f"{time} has no time zone")
        self._now = time.astimezone(UTC)

    def __enter__(self) -> Self:
        """Start, and return once the port is open.

        Raises:
            OSError: the port is in use, or the log file cannot be written.
        """
        if self._log_path is not None:
            self._log_stream = self._log_path.open("a", encoding="utf-8")
        self._thread.start()
        try:
            self.port = self._started.result().port
        except Exception:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        started = self._started.result()
        started.loop.call_soon_threadsafe(started.stop.set)
        self._close()

    def _close(self) -> None:
        self._thread.join()
        if self._log_stream is not None:
            self._log_stream.close()

    def _run(self) -> None:
        asyncio.run(self._serve())

    async def _serve(self) -> None:
        # Without handler_cancellation a drip would go on after its client has left.
        server = web.Server(self._respond, handler_cancellation=True, access_log=None)
        runner = web.ServerRunner(server, shutdown_timeout=_GRACE_SECONDS)
        await runner.setup()
        try:
            stop = await self._open(runner)
            if stop is not None:
                await stop.wait()
        finally:
            await runner.cleanup()

    async def _open(self, runner: web.ServerRunner) -> asyncio.Event | None:
        """Open the port and tell the thread that waits in `__enter__`; None, and the reason told, if it cannot be."""
        try:
            await web.TCPSite(runner, LOOPBACK, self.port).start()
        except Exception as refused:  # noqa: BLE001 (whatever it is, the other thread raises it; else it would wait for ever)
            self._started.set_exception(refused)
            return None
        stop = asyncio.Event()
        port = runner.addresses[0][1]
        self._started.set_result(_Started(port=port, loop=asyncio.get_running_loop(), stop=stop))
        return stop

    async def _respond(self, received: web.BaseRequest) -> web.StreamResponse:
        now = self.now
        request = Request(
            host=received.headers.get("Host", ""),
            path=received.path,
            query=received.query_string,
            headers={name.lower(): value for name, value in received.headers.items()},
        )
        response = self.press.respond(request, now) if received.method in _READ_METHODS else _refusal()
        self._record(request, received.method, response.status, now)
        if response.drip and received.method == "GET":
            return await _drip(received, response)
        return web.Response(status=response.status, headers=list(response.headers), body=response.body)

    def _record(self, request: Request, method: str, status: int, now: datetime) -> None:
        logged = LoggedRequest(
            host=request.host,
            path=request.path,
            query=request.query,
            method=method,
            status=status,
            headers=request.headers,
            now=now,
            real_at=datetime.now(UTC),
        )
        self.log.append(logged)
        if self._log_stream is not None:
            self._log_stream.write(logged.as_json() + "\n")
            self._log_stream.flush()


def _refusal() -> Response:
    return note(405, "Only GET and HEAD.", ("Allow", "GET, HEAD"))


async def _drip(received: web.BaseRequest, response: Response) -> web.StreamResponse:
    stream = web.StreamResponse(status=response.status, headers=list(response.headers))
    stream.content_length = len(response.body)
    await stream.prepare(received)
    with suppress(ConnectionResetError):  # the client has had enough
        for byte in response.body:
            await stream.write(bytes([byte]))
            await asyncio.sleep(response.drip)
    return stream


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until interrupted; the exit code."""
    options = _parser().parse_args(arguments)
    ended = threading.Event()
    _end_on_signals(ended)
    try:
        with PressServer(Press.load(), options.now, port=options.port, log_file=options.log) as server:
            sys.stdout.write(_invitation(server))
            sys.stdout.flush()
            ended.wait()
    except (OSError, WorldError) as wrong:
        sys.stderr.write(f"demo press: {_reason(wrong, options.port)}\n")
        return 1
    return 0


def _reason(wrong: Exception, port: int) -> str:
    """Why it cannot serve, in one line, with what to do about it where we know."""
    if isinstance(wrong, OSError) and wrong.errno == errno.EADDRINUSE:
        return f"port {port} of {LOOPBACK} is in use; choose another with --port, or 0 for any free one"
    return str(wrong)


def _end_on_signals(ended: threading.Event) -> None:
    """SIGINT too is set by hand: a shell that starts us in the background has it ignored."""

    def end(_number: int, _frame: FrameType | None) -> None:
        ended.set()

    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, end)


def _invitation(server: PressServer) -> str:
    now = server.now.astimezone(ZONE)
    return (
        f"The demo press is open on {LOOPBACK}:{server.port}; it is {now:%A %d %B %Y, %H:%M} there.\n"
        "Point Presswatch to it from another terminal:\n\n"
        f"  export PRESSWATCH_HOSTS=press.test={LOOPBACK}:{server.port} "
        f"PRESSWATCH_NOW={now.isoformat(timespec='minutes')}\n"
        "  presswatch --sources DIR/sources.yaml --warehouse DIR/new run    # DIR of `presswatch demo --keep DIR`\n\n"
        "Stop it with Ctrl-C.\n"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m pipelines.demo.server",
        description="Serve the invented press on loopback, at a simulated time.",
    )
    parser.add_argument("--port", type=_port, default=_DEFAULT_PORT, help="0 takes any free one (default: %(default)s)")
    parser.add_argument(
        "--now",
        type=_moment,
        default=moment(_DEFAULT_NOW),
        help="the simulated time in ISO 8601, Brussels time unless it says otherwise (default: 2026-11-10T18:30+01:00)",
    )
    parser.add_argument("--log", type=Path, help="append each request to this file, one JSON object a line")
    return parser


def _port(text: str) -> int:
    if not text.isdecimal() or int(text) > _HIGHEST_PORT:
        raise argparse.ArgumentTypeError(f"{text!r} is not a port: 0 to {_HIGHEST_PORT}")
    return int(text)


def _moment(text: str) -> datetime:
    try:
        read = datetime.fromisoformat(text)
    except ValueError as unreadable:
        raise argparse.ArgumentTypeError(f"{text!r} is not a time like 2026-11-10T18:30+01:00") from unreadable
    return read if read.tzinfo is not None else read.replace(tzinfo=ZONE)


if __name__ == "__main__":
    sys.exit(main())
