"""Presswatch's `read_page` in processes with limits, to see what limits cost and what a second process brings.

python -m benchmarks.extracting.by_workers FOLDER NAME ROUNDS PROCESSES
"""

import sys
import time
from collections.abc import Iterator

from benchmarks.costs import cpu_seconds, peak_bytes
from benchmarks.extracting.by_presswatch import read
from benchmarks.extracting.contest import WARM_UP, Costs, Plan, Said
from pipelines import __version__
from pipelines.adapters.workers import Workers

Pages = list[tuple[str, bytes, str]]


def main(processes: int) -> None:
    """All pages, as often as planned; the cheapest round counts. What one page costs cannot be seen from here."""
    plan = Plan.told()
    pages = list(plan.pages())
    costs = Costs(version=__version__)
    rounds = []
    with Workers(processes=processes) as workers:
        list(workers.map(read, [(WARM_UP, "https://harbour.press.test/rooms")] * 4 * processes))
        costs.idle_bytes = peak_bytes()
        for _ in range(plan.rounds):
            wall, cpu = time.monotonic(), cpu_seconds()
            readings = dict(_readings(workers, pages, costs))
            rounds.append((cpu_seconds() - cpu, time.monotonic() - wall))
        cpu_s, costs.wall_s = (min(seconds) for seconds in zip(*rounds, strict=True))
        plan.note(readings)
        costs.tell(cpu_s=cpu_s)


def _readings(workers: Workers, pages: Pages, costs: Costs) -> Iterator[tuple[str, Said]]:
    found = workers.map(read, [(body, url) for _, body, url in pages])
    for (identity, _, _), answer in zip(pages, found, strict=True):
        if not isinstance(answer, Said):
            costs.failed[identity] = f"{answer.reason}: {answer.detail}"
        yield identity, answer if isinstance(answer, Said) else Said()


if __name__ == "__main__":
    main(int(sys.argv[4]))
