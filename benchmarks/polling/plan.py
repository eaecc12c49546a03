"""What every contestant is told, and how its cost is counted. The standard library alone.

Plan.load(sys.argv[1]) | Meter.round(work), once a round | Meter.tell() -> one JSON object on stdout
"""

import json
import time
import urllib.request
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.costs import cpu_seconds, peak_bytes


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
        self.idle_bytes = peak_bytes()

    def round(self, work: Callable[[], object], entries: Callable[[], int | None]) -> None:
        """Do the work of a round and note its cost; then ask, uncounted, how many entries are held or were read."""
        wall, cpu = time.monotonic(), cpu_seconds()
        work()
        cpu, wall = cpu_seconds() - cpu, time.monotonic() - wall
        self.peak_bytes = max(self.peak_bytes, peak_bytes())
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
