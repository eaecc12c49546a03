"""One worker: the loop of a process of its own, which reads untrusted documents within limits.

pickled call | allow CPU | call | answer, pickled

`pipelines.adapters.workers` is the other end. Every worker pays for what is imported here.
"""

import contextlib
import fcntl
import importlib
import math
import os
import pickle
import resource
import select
import signal
import sys
import traceback
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

READY = b"ready"
_ALARM_AFTER_PARENT = 5  # seconds: the parent keeps the wall limit; the worker's own alarm is for one that lost it


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one call may cost.

    Attributes:
        cpu_seconds: of computing, all threads together; the system counts whole seconds.
        memory_bytes: of address space above what the worker needs to start. Not on macOS, which does not hold it.
        wall_seconds: from the moment when a worker takes the call.
        result_bytes: of the pickled result, which the parent has to hold.
    """

    cpu_seconds: float = 10.0
    memory_bytes: int = 1_000_000_000
    wall_seconds: float = 60.0
    result_bytes: int = 100_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """What became of one call.

    Attributes:
        result: what the function returned.
        failed: what it raised.
        told: the traceback, as text: its frames stay behind.
        costly: the limit that it met, if it met one.
        is_last: the worker has grown so much that the next call would not get its due.
    """

    result: Any = None
    failed: Exception | None = None
    told: str = ""
    costly: str = ""
    is_last: bool = False


def serve(socket: int, lifeline: int, module: str, limits: Limits) -> None:
    """Answer calls until the parent closes the socket, or is gone.

    Args:
        socket: where calls come from and answers go.
        lifeline: a pipe in which nothing is ever written, and which closes with the parent.
        module: imported before the first call, so that no document pays for it.
        limits: of each call.
    """
    with contextlib.suppress(ImportError):  # told with the first call, whose function cannot be found then
        importlib.import_module(module)
    _end_with(lifeline)
    _limit(resource.RLIMIT_CORE, 0)
    own = _address_space()
    with Connection(socket) as parent, contextlib.suppress(EOFError, ConnectionError):
        parent.send_bytes(READY)
        while True:
            parent.send_bytes(_answered(parent.recv_bytes(), limits, own))


def _answered(call: bytes, limits: Limits, own: int) -> bytes:
    """The pickled answer to a pickled call. The limits hold for unpickling and pickling too."""
    used = resource.getrusage(resource.RUSAGE_SELF)
    _limit(resource.RLIMIT_CPU, math.ceil(used.ru_utime + used.ru_stime + limits.cpu_seconds))
    _limit(resource.RLIMIT_AS, own + limits.memory_bytes if own else resource.RLIM_INFINITY)
    signal.setitimer(signal.ITIMER_REAL, limits.wall_seconds + _ALARM_AFTER_PARENT)
    try:
        return _within(call, limits, own)
    except MemoryError:
        _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)  # room for the answer
        return pickle.dumps(Answer(costly=f"{limits.memory_bytes:,} bytes of memory", is_last=True))
    except RecursionError:
        return pickle.dumps(Answer(costly=f"calls nested {sys.getrecursionlimit():,} deep"))
    except Exception as failed:  # noqa: BLE001 (whatever it is, the caller gets it)
        return pickle.dumps(Answer(failed=_portable(failed), told="".join(traceback.format_exception(failed))))
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def _within(call: bytes, limits: Limits, own: int) -> bytes:
    function, args, kwargs = pickle.loads(call)  # noqa: S301 (the parent is trusted)
    result = function(*args, **kwargs)
    has_grown = _address_space() > own + limits.memory_bytes // 2
    answer = pickle.dumps(Answer(result=result, is_last=has_grown), protocol=pickle.HIGHEST_PROTOCOL)
    if len(answer) > limits.result_bytes:
        return pickle.dumps(Answer(costly=f"a result of {limits.result_bytes:,} bytes", is_last=has_grown))
    return answer


def _portable(failed: Exception) -> Exception:
    """The exception itself, or its name and text where it does not survive the way."""
    try:
        pickle.loads(pickle.dumps(failed))  # noqa: S301 (made a line before)
    except Exception:  # noqa: BLE001 (a class may do anything when it is pickled)
        return RuntimeError(f"{type(failed).__qualname__}: {failed}")
    return failed


def _limit(what: int, most: int) -> None:
    """Set a soft limit; never above the hard one, which is left as it is found."""
    _, hard = resource.getrlimit(what)
    held = hard != resource.RLIM_INFINITY and (most == resource.RLIM_INFINITY or most > hard)
    with contextlib.suppress(OSError, ValueError):  # macOS knows some of them by name only
        resource.setrlimit(what, (hard if held else most, hard))


def _address_space() -> int:
    """Bytes of address space in use; 0 where the system does not say, and does not limit it either."""
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except OSError:
        return 0
    return pages * resource.getpagesize()


def _end_with(lifeline: int) -> None:
    """Let the kernel end this process when the parent is gone, even inside a C loop that no thread could break.

    A pipe that its other end leaves raises SIGIO, which ends a process on Linux. macOS drops the signal: there
    the limits of CPU and the alarm end a busy worker, and the closed socket an idle one. A parent-death signal
    (prctl) would come with the end of the thread that started us, not of the process.
    """
    signal.signal(signal.SIGIO, signal.SIG_DFL)
    with contextlib.suppress(OSError):
        fcntl.fcntl(lifeline, fcntl.F_SETOWN, os.getpid())
        fcntl.fcntl(lifeline, fcntl.F_SETFL, fcntl.fcntl(lifeline, fcntl.F_GETFL) | os.O_ASYNC)
    hung_up = select.poll()  # select() knows no descriptor beyond 1,023, and the parent may have a thousand sockets
    hung_up.register(lifeline)
    if hung_up.poll(0):  # it was gone before we listened
        os._exit(1)
