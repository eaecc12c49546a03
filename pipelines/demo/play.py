"""Play the demo: the invented press on loopback, and the whole pipeline over its simulated days.

    press at t | a pass at t | on the mornings the digest | t moves on

The schedule is fixed, so a demo that was interrupted is taken up where the warehouse says it stood.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import yaml

from pipelines.adapters.warehouse import Warehouse, write_whole
from pipelines.config import load_sources, merged
from pipelines.core.digest import Content
from pipelines.core.nouns import Counted
from pipelines.demo.press import FIRST_DAY, ZONE, Press
from pipelines.demo.server import PressServer
from pipelines.monitor import Monitor
from pipelines.settings import MappedHost, Settings
from pipelines.shipped import shipped

DAYS = 7  # the last is quiet: a pass and a digest that says so
PASS_TIMES = ("06:30", "12:30", "18:30")
DIGEST_TIME = "07:30"
_DEMO = Path(__file__).parent


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """One moment of the schedule: a pass, or a digest."""

    at: datetime
    is_digest: bool


def schedule() -> Iterator[Step]:
    """Passes three times a day and a digest each morning; from the first evening to the last morning."""
    for day in range(DAYS):
        for clock in sorted((*PASS_TIMES, DIGEST_TIME)):
            is_before_first = day == 0 and clock < PASS_TIMES[-1]
            is_after_last = day == DAYS - 1 and clock > DIGEST_TIME
            if not is_before_first and not is_after_last:
                at = datetime.combine(FIRST_DAY + timedelta(days=day), _time(clock), tzinfo=ZONE)
                yield Step(at=at, is_digest=clock == DIGEST_TIME)


def _time(clock: str) -> time:
    return time.fromisoformat(clock)


def demo_sources() -> dict[str, Any]:
    """The shipped topic over the invented outlets, without the pauses that a loopback host does not need."""
    base = yaml.safe_load(shipped("sources.yaml").read_text(encoding="utf-8"))
    over = yaml.safe_load((_DEMO / "outlets.yaml").read_text(encoding="utf-8"))
    monitor = {**base["monitor"], "name": "Online child safety policy watch (demo)", "host_gap_seconds": 0,
               "request_seconds": 2, "time_zone": ZONE.key}  # fmt: skip
    return merged(base, {**over, "monitor": monitor})


def prepare(folder: Path, port: int) -> Monitor:
    """A monitor of the demo's own folder: `sources.yaml`, `warehouse/`, and the press at a port."""
    sources = folder / "sources.yaml"
    text = yaml.safe_dump(demo_sources(), allow_unicode=True, sort_keys=False, width=110)
    write_whole(sources, text.encode("utf-8"))
    settings = Settings(
        sources=sources,
        warehouse=folder / "warehouse",
        hosts=(MappedHost(name="press.test", address="127.0.0.1", port=port),),
    )
    return Monitor(settings, load_sources(sources))


Told = Callable[[Step, list[Counted] | Content], None]


def play(
    folder: Path,
    *,
    until: datetime | None = None,
    told: Told = lambda _, __: None,
    press: Press | None = None,
    log_file: Path | None = None,
    open_warehouse: Callable[[Monitor], Warehouse] = Monitor.open_warehouse,
) -> Monitor:
    """Run the schedule from where the warehouse stands.

    Args:
        folder: keeps everything of the demo.
        until: the last step's time; None: the whole schedule.
        told: called after each step, with what a pass counted or a digest says.
        press: with the faults wanted; all of them by default.
        log_file: every request the press saw, one JSON line each.
        open_warehouse: how the writer is opened.
    """
    steps = [s for s in schedule() if until is None or s.at <= until]
    with PressServer(press or Press.load(), steps[0].at, log_file=log_file) as server:
        monitor = prepare(folder, server.port)
        with open_warehouse(monitor) as warehouse:
            _finish_publish(monitor, warehouse)
            for step in _remaining(steps, warehouse):
                server.now = step.at
                told(step, _take(monitor, warehouse, step))
    return monitor


def _take(monitor: Monitor, warehouse: Warehouse, step: Step) -> list[Counted] | Content:
    if step.is_digest:
        return monitor.tell(warehouse, step.at)
    return monitor.run_pass(warehouse, step.at)


def _finish_publish(monitor: Monitor, warehouse: Warehouse) -> None:
    """Where the last publish was interrupted between its row and its copy, make the copy."""
    last = warehouse.sql("select max(published_at) as t from publishes")[0]["t"]
    if last is not None:
        monitor.run_stage("publish", warehouse, last)


def _remaining(steps: list[Step], warehouse: Warehouse) -> list[Step]:
    """The steps after the last publish, with which every step ends.

    Never an earlier one again: what the next step had archived before it was interrupted is taken up at once, and
    the press of an earlier hour would not know those pages yet.
    """
    last = warehouse.sql("select max(published_at) as t from publishes")[0]["t"]
    return steps if last is None else [s for s in steps if s.at > last]


def settings_for(monitor: Monitor, now: datetime) -> Mapping[str, str]:
    """The environment in which any command sees this demo's press at a simulated time."""
    host = monitor.settings.hosts[0]
    return {
        "PRESSWATCH_SOURCES": str(monitor.settings.sources),
        "PRESSWATCH_WAREHOUSE": str(monitor.settings.warehouse),
        "PRESSWATCH_HOSTS": f"{host.name}={host.address}:{host.port}",
        "PRESSWATCH_NOW": now.isoformat(),
    }
