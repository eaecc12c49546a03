"""Workers read what is hostile: real processes, real limits, real deaths."""

import asyncio
import os
import resource
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from itertools import count
from pathlib import Path
from typing import Any

import pytest

from pipelines.adapters.workers import Limits, Workers, usable_processors
from pipelines.core.reasons import Reason, Rejected
from tests.adapters import costly

ROOT = Path(__file__).parents[2]
SMALL = Limits(cpu_seconds=1, memory_bytes=500_000_000, wall_seconds=12, result_bytes=50_000_000)
HOLDS_MEMORY = pytest.mark.skipif(sys.platform == "darwin", reason="macOS does not hold a limit of address space")
FOR_EVER = 60  # seconds after which something that should have ended is taken to be running still


@pytest.fixture
def workers() -> Iterator[Workers]:
    with Workers(processes=2, limits=SMALL) as some:
        yield some


def one(workers: Workers, function: Callable[..., Any], *args: object) -> Any:
    return next(workers.map(function, [args]))


def is_running(pid: int) -> bool:
    """False for a zombie too: it costs nothing, and is its parent's to reap."""
    try:
        os.kill(pid, 0)
        return Path(f"/proc/{pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[0] != "Z"
    except ProcessLookupError:
        return False
    except FileNotFoundError:  # no /proc (macOS), or it ended just now
        return not Path("/proc").exists()


def end_soon(pids: list[int]) -> bool:
    deadline = time.monotonic() + 8
    while any(map(is_running, pids)) and time.monotonic() < deadline:
        time.sleep(0.05)
    return not any(map(is_running, pids))


def test_a_result_comes_back_from_another_process(workers: Workers) -> None:
    assert one(workers, costly.double, 21) == 42
    assert one(workers, costly.whose) != os.getpid()


def test_positions_and_names_reach_the_function(workers: Workers) -> None:
    assert asyncio.run(workers.run(costly.length, b"abc", factor=2)) == 6


def test_results_stand_in_the_order_of_their_items(workers: Workers) -> None:
    assert list(workers.map(costly.double, [(n,) for n in range(50)])) == [2 * n for n in range(50)]


def test_an_endless_source_is_read_a_few_items_ahead_only(workers: Workers) -> None:
    taken: list[int] = []

    def source() -> Iterator[tuple[int]]:
        for n in count():
            taken.append(n)
            yield (n,)

    results = workers.map(costly.double, source())
    assert [next(results) for _ in range(10)] == [2 * n for n in range(10)]
    assert len(taken) <= 10 + 2 * 2 + 1


@pytest.mark.parametrize(
    ("function", "args", "reason", "detail"),
    [
        (costly.loop_in_python, (), Reason.TOO_COSTLY, "1 s of CPU"),
        (costly.loop_in_c, (), Reason.TOO_COSTLY, "1 s of CPU"),
        (costly.loop_in_a_pattern, (), Reason.TOO_COSTLY, "1 s of CPU"),
        pytest.param(costly.allocate, (), Reason.TOO_COSTLY, "500,000,000 bytes of memory", marks=HOLDS_MEMORY),
        pytest.param(
            costly.allocate_bit_by_bit, (), Reason.TOO_COSTLY, "500,000,000 bytes of memory", marks=HOLDS_MEMORY
        ),
        (costly.sleep_for_ever, (), Reason.TOO_COSTLY, "12 s"),
        (costly.recurse, (), Reason.TOO_COSTLY, "calls nested 1,000 deep"),
        (costly.large_result, (60_000_000,), Reason.TOO_COSTLY, "a result of 50,000,000 bytes"),
        (costly.leave, (), Reason.WORKER_DIED, "exit code 3"),
        (costly.exit_politely, (), Reason.WORKER_DIED, "exit code 4"),
        (costly.segfault, (), Reason.WORKER_DIED, "SIGSEGV"),
        (costly.close_everything, (), Reason.WORKER_DIED, "no answer"),
        (costly.die_while_answering, (), Reason.WORKER_DIED, "exit code 5"),
    ],
    ids=lambda value: value.__name__ if callable(value) else "",
)
def test_a_hostile_call_costs_its_own_limit_and_nothing_else(
    workers: Workers, function: Callable[..., Any], args: tuple[Any, ...], reason: Reason, detail: str
) -> None:
    async def run() -> tuple[list[int | Rejected], Any]:
        good = [workers.run(costly.double, n) for n in range(20)]
        *results, hostile = await asyncio.gather(*good[:10], *good[10:], workers.run(function, *args))
        return results, hostile

    results, hostile = asyncio.run(run())
    assert results == [2 * n for n in range(20)]
    assert hostile == Rejected(reason=reason, detail=detail)
    assert one(workers, costly.double, 4) == 8  # a new worker has taken the place


def test_a_hostile_call_before_the_good_ones_holds_none_of_them_up(workers: Workers) -> None:
    async def run() -> None:
        hostile = asyncio.ensure_future(workers.run(costly.sleep_for_ever))
        assert await asyncio.gather(*(workers.run(costly.double, n) for n in range(20))) == [2 * n for n in range(20)]
        assert not hostile.done()
        await hostile

    asyncio.run(run())


def test_many_deaths_in_a_row_lose_no_good_call(workers: Workers) -> None:
    async def run() -> list[Any]:
        calls = [workers.run(costly.double, n) if n % 2 else workers.run(costly.leave) for n in range(40)]
        return await asyncio.gather(*calls)

    results = asyncio.run(run())
    assert results[1::2] == [2 * n for n in range(1, 40, 2)]
    assert {r.reason for r in results[::2]} == {Reason.WORKER_DIED}


def test_an_exception_comes_with_the_traceback_of_the_worker(workers: Workers) -> None:
    with pytest.raises(LookupError, match="no such thing") as caught:
        one(workers, costly.fail, "no such thing")
    assert "costly.py" in caught.value.__notes__[0]
    assert "raise LookupError(text)" in caught.value.__notes__[0]
    assert one(workers, costly.double, 1) == 2


def test_an_exception_that_cannot_travel_is_told_by_name(workers: Workers) -> None:
    with pytest.raises(RuntimeError, match="Odd: 1 and 2"):
        one(workers, costly.fail_oddly)


def test_a_result_that_cannot_be_pickled_is_the_callers_mistake(workers: Workers) -> None:
    with pytest.raises((AttributeError, TypeError, ValueError), match="lambda"):
        one(workers, costly.unpicklable)
    assert one(workers, costly.double, 1) == 2


def test_a_function_that_cannot_be_pickled_is_the_callers_mistake(workers: Workers) -> None:
    with pytest.raises((AttributeError, TypeError, ValueError), match="lambda"):
        one(workers, lambda: None)


def test_five_megabytes_go_and_twenty_come_back(workers: Workers) -> None:
    assert one(workers, costly.length, b"x" * 5_000_000) == 5_000_000
    assert len(one(workers, costly.large_result, 20_000_000)) == 20_000_000


def test_the_cpu_of_earlier_calls_is_not_held_against_a_later_one() -> None:
    with Workers(processes=1, limits=Limits(cpu_seconds=1)) as workers:
        assert len({one(workers, costly.compute, 0.4) for _ in range(8)}) == 1  # over 3 s in all, by one process


@HOLDS_MEMORY
def test_a_worker_that_has_grown_is_replaced() -> None:
    with Workers(processes=1) as some:
        grown = one(some, costly.allocate_half_and_keep)
        assert one(some, costly.whose) != grown


def test_one_call_at_a_time_needs_one_worker_and_many_use_all(workers: Workers) -> None:
    assert len({one(workers, costly.whose) for _ in range(5)}) == 1
    assert len(set(workers.map(costly.whose, [(n,) for n in range(20)]))) == 2


def test_a_worker_that_died_between_two_calls_is_no_fault_of_the_second(workers: Workers) -> None:
    pid = one(workers, costly.whose)
    os.kill(pid, signal.SIGKILL)
    assert end_soon([pid])
    assert one(workers, costly.double, 1) == 2


def test_what_a_reader_prints_does_not_reach_the_output(workers: Workers, capfd: pytest.CaptureFixture[str]) -> None:
    one(workers, costly.say, "chatter")
    assert capfd.readouterr().out == ""


def test_nothing_runs_after_the_end(workers: Workers) -> None:
    pids = list(set(workers.map(costly.whose, [(n,) for n in range(20)])))
    assert all(isinstance(pid, int) and is_running(pid) for pid in pids)
    workers.close()
    for pid in pids:  # reaped, so that not even a zombie is left
        assert isinstance(pid, int)
        with pytest.raises(ProcessLookupError):
            os.kill(pid, 0)
    with pytest.raises(RuntimeError, match="closed"):
        one(workers, costly.double, 1)
    workers.close()


def test_workers_that_are_forgotten_end() -> None:
    workers = Workers(processes=1)
    pid = one(workers, costly.whose)
    del workers
    assert end_soon([pid])


def test_calls_that_are_unanswered_at_the_end_are_told_so() -> None:
    workers = Workers(processes=1)

    async def run() -> list[Any]:
        calls = [asyncio.ensure_future(workers.run(costly.sleep_for_ever)) for _ in range(3)]
        await asyncio.sleep(0.5)
        await asyncio.to_thread(workers.close)
        return await asyncio.wait_for(asyncio.gather(*calls), FOR_EVER)

    assert {r.reason for r in asyncio.run(run())} == {Reason.INTERRUPTED}


def test_one_set_of_workers_serves_two_event_loops_in_turn(workers: Workers) -> None:
    assert asyncio.run(workers.run(costly.double, 1)) == 2
    assert asyncio.run(workers.run(costly.double, 2)) == 4


def test_one_set_of_workers_serves_two_threads_at_once(workers: Workers) -> None:
    results: dict[int, list[Any]] = {}

    def work(offset: int) -> None:
        results[offset] = list(workers.map(costly.double, [(offset + n,) for n in range(50)]))

    threads = [threading.Thread(target=work, args=(offset,)) for offset in (0, 1000)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(FOR_EVER)
    assert results == {offset: [2 * (offset + n) for n in range(50)] for offset in (0, 1000)}


def test_a_cancelled_caller_leaves_workers_that_work() -> None:
    with Workers(processes=1, limits=SMALL) as workers:

        async def run() -> int | Rejected:
            with pytest.raises(TimeoutError):
                await asyncio.wait_for(asyncio.gather(*(workers.run(costly.loop_in_python) for _ in range(3))), 0.2)
            return await workers.run(costly.double, 1)

        assert asyncio.run(run()) == 2


@pytest.mark.parametrize(
    ("ending", "code"), [("SIGKILL", -9), ("SIGTERM", -15), ("SIGINT", None), ("raises", 1), ("leaves", 7)]
)
def test_workers_do_not_outlive_their_parent(tmp_path: Path, ending: str, code: int | None) -> None:
    parent = subprocess.Popen(
        [sys.executable, "-X", "dev", "-m", "tests.adapters.parent", str(tmp_path), ending],
        cwd=ROOT, stderr=subprocess.PIPE, text=True, start_new_session=True,
    )  # fmt: skip
    with parent:
        while not (tmp_path / "busy").exists() and parent.poll() is None:
            time.sleep(0.05)
        pids = [int((tmp_path / name).read_text()) for name in "012"]
        if ending.startswith("SIG"):
            os.killpg(parent.pid, signal.Signals[ending])  # as a terminal does: the whole group
        _, told = parent.communicate(timeout=FOR_EVER)
    assert code in {parent.returncode, None}
    assert end_soon(pids)
    assert "leaked" not in told
    assert "ResourceWarning" not in told
    assert told.count("Traceback") <= (2 if ending in {"SIGINT", "raises"} else 0)  # the parent's own, and its cause


def test_a_parent_with_a_thousand_open_files_has_workers_too() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (min(hard, 4096) if hard != resource.RLIM_INFINITY else 4096, hard))
    opened: list[int] = []
    try:
        while not opened or opened[-1] < 1100:
            opened.append(os.open(os.devnull, os.O_RDONLY))
        with Workers(processes=1) as workers:
            assert one(workers, costly.double, 1) == 2
    finally:
        for descriptor in opened:
            os.close(descriptor)
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))


def test_the_number_of_processes_follows_the_processors_and_is_capped() -> None:
    assert 1 <= usable_processors() <= 8
