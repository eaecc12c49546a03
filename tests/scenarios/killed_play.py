"""Plays the demo in a process of its own and ends that process with SIGKILL at a chosen point.

    python -m tests.scenarios.killed_play FOLDER UNTIL [before_commit|after_commit|request NUMBER]

Without a point it plays undisturbed, and prints how many points of each kind it met, and how many commits it had
made when each digest was told.
"""

import contextlib
import json
import os
import signal
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

from pipelines.adapters.warehouse import Warehouse
from pipelines.demo.play import Step
from pipelines.demo.press import Request, Response
from pipelines.monitor import Monitor

from .playing import WITHOUT_DRIP, Unhurried, play_until

KINDS = ("before_commit", "after_commit", "request")


class Points:
    """Counts the points that are met, and ends the process at the chosen one."""

    def __init__(self, kind: str | None, number: int) -> None:
        self.met = Counter[str]()
        self._kind, self._number = kind, number

    def meet(self, kind: str) -> None:
        self.met[kind] += 1
        if kind == self._kind and self.met[kind] == self._number:
            os.kill(os.getpid(), signal.SIGKILL)


class MortalWarehouse(Warehouse):
    """A warehouse whose commits are points, before and after."""

    points = Points(None, 0)

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Any]:
        with super().transaction() as session:
            yield session
            self.points.meet("before_commit")
        self.points.meet("after_commit")


class MortalPress(Unhurried):
    """A press whose requests are points: the answer never leaves, and those before it may just be written."""

    points = Points(None, 0)

    def respond(self, request: Request, now: datetime) -> Response:
        self.points.meet("request")
        return super().respond(request, now)


def main(arguments: list[str]) -> None:
    folder, until = Path(arguments[0]), datetime.fromisoformat(arguments[1])
    kind, number = (arguments[2], int(arguments[3])) if len(arguments) > 2 else (None, 0)
    MortalWarehouse.points = MortalPress.points = points = Points(kind, number)

    def open_warehouse(monitor: Monitor) -> Warehouse:
        return MortalWarehouse.open(monitor.settings.warehouse, who="a mortal demo")

    digests: list[int] = []

    def told(step: Step, _: object) -> None:
        digests.extend([points.met["after_commit"]] if step.is_digest else [])

    press = MortalPress.load(WITHOUT_DRIP)
    log_file = folder / "requests.jsonl"
    play_until(folder, until, press=press, log_file=log_file, open_warehouse=open_warehouse, told=told)
    sys.stdout.write(json.dumps({"met": points.met, "digests": digests}) + "\n")


if __name__ == "__main__":
    main(sys.argv[1:])
