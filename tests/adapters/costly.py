"""What a hostile document makes a reader do, as functions that a worker can import."""

import os
import re
import signal
import socket
import sys
import time
from pathlib import Path


def double(number: int) -> int:
    return 2 * number


def whose(_: int = 0) -> int:
    time.sleep(0.05)  # long enough that one worker does not answer everything
    return os.getpid()


def length(body: bytes, *, factor: int = 1) -> int:
    return len(body) * factor


def compute(seconds: float) -> int:
    end = time.process_time() + seconds
    while time.process_time() < end:
        pass
    return os.getpid()


def loop_in_python() -> None:
    while True:
        pass


def loop_in_c() -> int:
    return sum(range(10**12))


def loop_in_a_pattern() -> bool:
    return re.fullmatch(r"(a+)+", "a" * 64 + "!") is not None


def allocate() -> int:
    return len(bytearray(3_000_000_000))


def allocate_bit_by_bit() -> int:
    kept = []
    while True:
        kept.append(b"x" * 10_000_000)


def allocate_half_and_keep() -> int:
    sys.modules[__name__].__dict__["kept"] = bytearray(600_000_000)
    return os.getpid()


def sleep_for_ever() -> None:
    time.sleep(10**6)


def leave() -> None:
    os._exit(3)


def exit_politely() -> None:
    sys.exit(4)


def segfault() -> None:
    os.kill(os.getpid(), signal.SIGSEGV)


def close_everything() -> None:
    os.closerange(0, 256)
    time.sleep(10**6)


def recurse(depth: int = 0) -> int:
    return recurse(depth + 1) + 1


def unpicklable() -> object:
    return lambda: None


def large_result(size: int) -> bytes:
    return b"x" * size


class Odd(Exception):
    """Cannot be made again from its pickle."""

    def __init__(self, one: int, two: int) -> None:
        super().__init__(f"{one} and {two}")


def fail(text: str) -> None:
    raise LookupError(text)


def fail_oddly() -> None:
    raise Odd(1, 2)


def die_while_answering() -> "Slow":
    return Slow()


class Slow:
    """Its process dies when half of it has been pickled and some of an answer may be on its way."""

    def __reduce__(self) -> tuple[object, ...]:
        for number in range(3, 64):  # whatever sockets there are: half an answer, then death
            try:
                socket.socket(fileno=os.dup(number)).send(b"\x00\x10\x00\x00half an answer")
            except OSError:
                continue
        os._exit(5)


def say(text: str) -> None:
    print(text)  # noqa: T201


def tell(folder: str, name: str) -> None:
    Path(folder, name).write_text(str(os.getpid()), encoding="ascii")
    while len(list(Path(folder).iterdir())) < 3:  # so that three workers are started
        time.sleep(0.01)
