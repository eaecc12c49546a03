"""Untrusted documents are read in processes of their own: a hostile one costs its own limit and nothing else.

call | a free lane | its worker, started when first needed | answer, in time -> result, or Rejected

A lane is a thread that waits for one worker. Nothing is shared between workers, so that one that dies, at
whatever moment, takes nothing of another with it (docs/decisions/0011).
"""

import asyncio
import contextlib
import os
import pickle
import signal
import subprocess
import sys
import threading
import weakref
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import Future
from dataclasses import astuple, dataclass
from multiprocessing.connection import Pipe
from queue import SimpleQueue
from typing import Any, ParamSpec, Self, TypeVar

from pipelines.adapters.worker import READY, Answer, Limits
from pipelines.core.reasons import Reason, Rejected

__all__ = ["Limits", "Workers"]

P = ParamSpec("P")
T = TypeVar("T")

MOST_PROCESSES = 8
_SECONDS_TO_START = 60.0
_SECONDS_TO_LEAVE = 5.0
# sys.path comes from the parent: tests and checkouts are found although nothing is installed.
_START = (
    "import sys; sys.path[:] = sys.argv[8:]; from pipelines.adapters.worker import Limits, serve; a = sys.argv; "
    "serve(int(a[1]), int(a[2]), a[3], Limits(cpu_seconds=float(a[4]), memory_bytes=int(a[5]), "
    "wall_seconds=float(a[6]), result_bytes=int(a[7])))"
)


class Workers:
    """Processes that read untrusted documents within limits. Use from any thread and any event loop.

    Start-up is put off until there is work; `close`, the end of a `with` block and the end of the interpreter end
    them all, and so does the kernel when this process is killed.
    """

    def __init__(self, *, processes: int | None = None, limits: Limits | None = None) -> None:
        self._crew = _Crew(processes or usable_processors(), limits or Limits())
        self._end = weakref.finalize(self, self._crew.end)  # at exit, too

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    async def run(self, function: Callable[P, T], /, *args: P.args, **kwargs: P.kwargs) -> T | Rejected:
        """Call a function of a module in a worker.

        What the function raises is raised here, with the worker's traceback as a note. A call that meets a limit,
        or whose worker dies, is `Rejected`.
        """
        return await asyncio.wrap_future(self._crew.hand_in(function, args, kwargs))

    def map(self, function: Callable[..., T], items: Iterable[tuple[Any, ...]]) -> Iterator[T | Rejected]:
        """Call a function with the arguments of each item; results come in the order of the items.

        Items are taken from their source a few ahead of the results, never all at once.
        """
        ahead: deque[Future[T | Rejected]] = deque()
        try:
            for item in items:
                ahead.append(self._crew.hand_in(function, item, {}))
                if len(ahead) > 2 * self._crew.most:
                    yield ahead.popleft().result()
            while ahead:
                yield ahead.popleft().result()
        finally:
            for future in ahead:
                future.cancel()

    def close(self) -> None:
        """End all workers now. Calls that are not answered yet are `Rejected` as interrupted."""
        self._end()


def usable_processors() -> int:
    """Processors that this process may use, up to eight."""
    affinity = getattr(os, "sched_getaffinity", None)  # macOS has none
    return min(len(affinity(0)) if affinity else os.cpu_count() or 1, MOST_PROCESSES)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Call:
    module: str  # the function's own; what it imports is there before the first call
    pickled: bytes
    future: Future[Any]


class _Crew:
    """The lanes and their workers. Does not know `Workers`, so that those can be forgotten and end it."""

    def __init__(self, most: int, limits: Limits) -> None:
        self.most = most
        self._limits = limits
        self._calls: SimpleQueue[_Call | None] = SimpleQueue()
        self._lock = threading.Lock()
        self._unanswered = 0
        self._lanes: list[threading.Thread] = []
        self._workers: set[_Worker] = set()
        self._has_ended = False

    def hand_in(
        self, function: Callable[..., T], args: tuple[Any, ...], kwargs: dict[str, Any]
    ) -> Future[T | Rejected]:
        pickled = pickle.dumps((function, args, kwargs), protocol=pickle.HIGHEST_PROTOCOL)
        call = _Call(module=getattr(function, "__module__", ""), pickled=pickled, future=Future())
        with self._lock:
            if self._has_ended:
                raise RuntimeError("these workers are closed")
            self._unanswered += 1
            if len(self._lanes) < min(self._unanswered, self.most):
                self._lanes.append(threading.Thread(target=self._lane, name="worker lane", daemon=True))
                self._lanes[-1].start()
            self._calls.put(call)
        return call.future

    def end(self) -> None:
        with self._lock:
            self._has_ended = True
            for worker in self._workers:
                worker.kill()
            for _ in self._lanes:
                self._calls.put(None)
        for lane in self._lanes:
            lane.join(_SECONDS_TO_LEAVE)

    def _lane(self) -> None:
        worker: _Worker | None = None
        while (call := self._calls.get()) is not None:
            is_wanted = call.future.set_running_or_notify_cancel()
            worker, outcome = self._outcome(call, worker) if is_wanted else (worker, None)
            with self._lock:
                self._unanswered -= 1  # before the caller hears of it, who may have the next call at hand
            if is_wanted:
                _resolve(call.future, outcome)
        self._dismiss(worker)

    def _outcome(self, call: _Call, worker: "_Worker | None") -> "tuple[_Worker | None, Answer | Rejected | Exception]":
        """What became of a call, and the worker that is there for the next one."""
        outcome: Answer | Rejected | Exception
        try:
            if worker is None or worker.is_gone:
                self._dismiss(worker)
                worker = self._hired(call.module)
            outcome = worker.answer(call.pickled) if worker else _CLOSED
        except Exception as failed:  # noqa: BLE001 (no process could be had, or its answer not be read)
            outcome = failed
        if isinstance(outcome, Answer) and not outcome.is_last:
            return worker, outcome
        self._dismiss(worker)
        return None, _CLOSED if self._has_ended and not isinstance(outcome, Answer) else outcome

    def _hired(self, module: str) -> "_Worker | None":
        with self._lock:  # so that `end` sees every worker there is
            if self._has_ended:
                return None
            worker = _Worker(module, self._limits)
            self._workers.add(worker)
            return worker

    def _dismiss(self, worker: "_Worker | None") -> None:
        if worker is not None:
            with self._lock:
                self._workers.discard(worker)
            worker.end()


_CLOSED = Rejected(reason=Reason.INTERRUPTED, detail="the workers were closed")


def _resolve(future: Future[Any], outcome: Answer | Rejected | Exception | None) -> None:
    if isinstance(outcome, Exception):
        future.set_exception(outcome)
    elif isinstance(outcome, Answer) and outcome.failed is not None:
        outcome.failed.add_note(outcome.told)
        future.set_exception(outcome.failed)
    elif isinstance(outcome, Answer) and not outcome.costly:
        future.set_result(outcome.result)
    elif isinstance(outcome, Answer):
        future.set_result(Rejected(reason=Reason.TOO_COSTLY, detail=outcome.costly))
    else:
        future.set_result(outcome)


class _Worker:
    """The parent's end of one worker. All but `kill` belongs to one lane."""

    def __init__(self, module: str, limits: Limits) -> None:
        self._limits = limits
        self._is_ready = False
        self._socket, theirs = Pipe()
        gone, self._lifeline = os.pipe()
        ends = (theirs.fileno(), gone)
        try:
            self._process = subprocess.Popen(  # noqa: S603 (our own interpreter and module)
                [sys.executable, "-c", _START, *map(str, ends), module, *map(str, astuple(limits)), *sys.path],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.DEVNULL,  # a command's output is its own
                pass_fds=ends,
                process_group=0,  # Ctrl-C is for the parent, which then ends its workers
            )
        except BaseException:
            self._socket.close()
            os.close(self._lifeline)
            raise
        finally:
            theirs.close()
            os.close(gone)

    @property
    def is_gone(self) -> bool:
        """True if it died between two calls: the next one is not to blame."""
        return self._process.poll() is not None

    def answer(self, call: bytes) -> Answer | Rejected:
        """Hand over a call and wait for its answer, as long as the limits say."""
        if not self._is_ready:
            self._await_start()
        try:
            self._socket.send_bytes(call)
            if not self._socket.poll(self._limits.wall_seconds):
                return Rejected(reason=Reason.TOO_COSTLY, detail=f"{self._limits.wall_seconds:g} s")
            answer = pickle.loads(self._socket.recv_bytes(2 * self._limits.result_bytes))  # noqa: S301 (see 0011)
        except (EOFError, OSError):
            return self._obituary()
        return answer if isinstance(answer, Answer) else Rejected(reason=Reason.WORKER_DIED, detail="no answer")

    def kill(self) -> None:
        self._process.kill()

    def end(self) -> None:
        self.kill()
        self._process.wait()
        self._socket.close()
        os.close(self._lifeline)

    def _await_start(self) -> None:
        """Wait for the imports. They are no document's fault, and so their failure is an exception."""
        with contextlib.suppress(EOFError, OSError):
            self._is_ready = self._socket.poll(_SECONDS_TO_START) and self._socket.recv_bytes() == READY
        if not self._is_ready:
            raise RuntimeError("a worker process did not start; what it said stands above, if it said anything")

    def _obituary(self) -> Rejected:
        try:
            code = self._process.wait(_SECONDS_TO_LEAVE)
        except subprocess.TimeoutExpired:  # it closed its socket and lives on
            return Rejected(reason=Reason.WORKER_DIED, detail="no answer")
        if code == -signal.SIGXCPU:
            return Rejected(reason=Reason.TOO_COSTLY, detail=f"{self._limits.cpu_seconds:g} s of CPU")
        return Rejected(
            reason=Reason.WORKER_DIED, detail=signal.Signals(-code).name if code < 0 else f"exit code {code}"
        )
