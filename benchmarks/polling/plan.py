"""What every contestant is told, and how its cost is counted. The standard library alone.

Plan.load(sys.argv[1]) | Meter.round(work), once a round | Meter.tell() -> one JSON object on stdout
"""

import json
import os
import resource
import sys
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
_PROC = Path("/proc")
_PPID, _TIMES = 1, slice(11, 15)  # in /proc/PID/stat, counted from behind the name: utime, stime, cutime, cstime


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One run of the benchmark.

    Attributes:
        folder: of all its files; documents are below `feeds/`, one folder a host.
        port: of the server on loopback.
        addresses: of the feeds. They name no port: resolvers lead every name to the server.
        rounds: how often all feeds are polled; in all but the first nothing has changed.
    """

    folder: str
    port: int
    addresses: list[str]
    rounds: int
    is_profiled: bool = False

    @classmethod
    def load(cls, path: str) -> "Plan":
        """As the benchmark wrote it."""
        return cls(**json.loads(Path(path).read_text(encoding="utf-8")))

    def save(self) -> Path:
        """Written into its folder, for the contestants."""
        path = Path(self.folder) / "plan.json"
        path.write_text(json.dumps(asdict(self)), encoding="utf-8")
        return path

    def own_folder(self, name: str) -> Path:
        """A new folder for one contestant's storage."""
        folder = Path(self.folder) / name
        folder.mkdir()
        return folder

    def documents(self) -> Iterator[bytes]:
        """The feeds from the disk."""
        for address in self.addresses:
            yield document_path(Path(self.folder), address).read_bytes()


def document_path(folder: Path, address: str) -> Path:
    """Where the document of an address lies."""
    return folder / "feeds" / address.removeprefix("http://")


@dataclass(slots=True)
class Meter:
    """Counts what rounds cost and what the server answered in each."""

    plan: Plan
    rounds: list[dict[str, object]] = field(default_factory=list)
    peak_bytes: int = 0
    idle_bytes: int = 0

    def __post_init__(self) -> None:
        self.idle_bytes = _peak_bytes()

    def round(self, work: Callable[[], object], entries: Callable[[], int | None]) -> None:
        """Do the work of a round and note its cost; then ask, uncounted, how many entries are held or were read."""
        wall, cpu = time.monotonic(), cpu_seconds()
        work()
        cpu, wall = cpu_seconds() - cpu, time.monotonic() - wall
        self.peak_bytes = max(self.peak_bytes, _peak_bytes())
        per_feed = cpu * 1000 / len(self.plan.addresses)
        told: dict[str, object] = {
            "cpu_ms_per_feed": per_feed,
            "wall_s": wall,
            "entries": entries(),
            "answers": self._answers(),
        }
        self.rounds.append(told)

    def tell(self, **more: object) -> None:
        """Print everything as one JSON object."""
        told = {"rounds": self.rounds, "peak_mb": self.peak_bytes / 1e6, "idle_mb": self.idle_bytes / 1e6, **more}
        print(json.dumps(told))

    def _answers(self) -> dict[str, int]:
        """By status, since the last call: the server's word for what was really asked."""
        if not self.plan.port:
            return {}
        direct = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with direct.open(f"http://127.0.0.1:{self.plan.port}/answers") as told:
            answers: dict[str, int] = json.load(told)
        return answers


def cpu_seconds() -> float:
    """User and system time of this process and all below it, the ended and (on Linux) the living.

    A child's time reaches RUSAGE_CHILDREN only when it is waited for: workers that stay would cost nothing there,
    and those of a forkserver are not even ours to wait for.
    """
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    ticks = sum(sum(map(int, stat[_TIMES])) for stat in _living_below().values())
    return sum(u.ru_utime + u.ru_stime for u in used) + ticks / os.sysconf("SC_CLK_TCK")


def _peak_bytes() -> int:
    """Our own peak, and that of the processes below: together if they live, else of the largest that ended."""
    own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_UNIT
    ended = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * _MAXRSS_UNIT
    return own + max(ended, sum(_peak_of(pid) for pid in _living_below()))


def _living_below() -> dict[int, list[str]]:
    """Fields of /proc/PID/stat of all our descendants; none where there is no /proc."""
    stats = {int(p.name): s for p in _PROC.glob("[0-9]*") if (s := _stat(p))}
    below = {os.getpid()}
    while more := {pid for pid, stat in stats.items() if int(stat[_PPID]) in below} - below:
        below |= more
    return {pid: stats[pid] for pid in below - {os.getpid()}}


def _stat(process: Path) -> list[str]:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # ended meanwhile
        return []


def _peak_of(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
