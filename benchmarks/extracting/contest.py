"""What every contestant is told, and how its readings and costs are noted. The standard library alone.

    run(read, version=...): FOLDER/pages.jsonl | bytes | read, metered | FOLDER/NAME.jsonl, costs on stdout

Bytes are unpacked before the clock runs. One invented page is read before, uncounted: what is loaded with the first
page is no page's cost.
"""

import gzip
import json
import re
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.costs import peak_bytes

MOST_SECONDS = 60.0  # for one page: a contestant that needs more has not read it
_CHARSET = re.compile(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([\w-]+)""", re.IGNORECASE)
WARM_UP = (
    "<!doctype html><html lang='en'><head><title>Rooms to let</title></head><body><article><h1>Rooms to let</h1>"
    + "<p>The harbour office has opened a list of rooms, and whoever wants one may write to it by the end of May.</p>"
    * 9
    + "</article></body></html>"
).encode()


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """What a contestant reads from a page; None: nothing found, or nothing that it looks for."""

    text: str | None = None
    title: str | None = None
    author: list[str] | None = None
    date: str | None = None


Read = Callable[[bytes, str], Said]


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """One run.

    Attributes:
        folder: of the files below; results go into it.
        name: of the contestant's file.
        rounds: how often all pages are read; of each page the cheapest counts.
    """

    folder: Path
    name: str
    rounds: int

    @classmethod
    def told(cls) -> "Plan":
        """As the command line says: FOLDER NAME ROUNDS."""
        folder, name, rounds = sys.argv[1:4]
        return cls(folder=Path(folder), name=name, rounds=int(rounds))

    def pages(self) -> Iterator[tuple[str, bytes, str]]:
        """Identity, bytes and address of each page, from the disk."""
        for line in (self.folder / "pages.jsonl").read_text(encoding="utf-8").splitlines():
            page = json.loads(line)
            yield page["id"], unpacked(Path(page["path"])), page["url"]

    def note(self, readings: dict[str, Said]) -> None:
        """Write what was read, for the scorer."""
        with (self.folder / f"{self.name}.jsonl").open("w", encoding="ascii") as out:
            for identity, said in readings.items():
                first = {name: next(_strings(value), None) for name, value in asdict(said).items()}
                out.write(json.dumps({"id": identity, **first, "author": list(_strings(said.author))}) + "\n")


@dataclass(slots=True)
class Costs:
    """Of one contestant."""

    version: str
    idle_bytes: int = 0
    cpu_ms: dict[str, float] = field(default_factory=dict)
    wall_s: float = 0.0
    failed: dict[str, str] = field(default_factory=dict)

    def tell(self, **more: object) -> None:
        """Print everything as one JSON object."""
        told: dict[str, Any] = {
            "version": self.version, "cpu_ms": self.cpu_ms, "wall_s": self.wall_s, "failed": self.failed,
            "idle_mb": self.idle_bytes / 1e6, "peak_mb": peak_bytes() / 1e6, **more,
        }  # fmt: skip
        print(json.dumps(told))


def run(read: Read, *, version: str) -> None:
    """Read all pages one after the other, and tell."""
    plan = Plan.told()
    read(WARM_UP, "https://harbour.press.test/rooms")
    costs, readings = Costs(version=version, idle_bytes=peak_bytes()), {}
    for number in range(plan.rounds):
        for identity, body, url in plan.pages():
            said, cpu, wall = _metered(read, body, url)
            costs.cpu_ms[identity] = min(cpu * 1000, costs.cpu_ms.get(identity, cpu * 1000))
            costs.wall_s += wall / plan.rounds
            if number == 0:
                readings[identity] = said if isinstance(said, Said) else Said()
            if isinstance(said, str):
                costs.failed[identity] = said
    plan.note(readings)
    costs.tell()


def _strings(value: object) -> Iterator[str]:
    """Every text in a value: some peers hand over what JSON-LD has, lists of authors in lists and two dates for one."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, list):
        for part in value:
            yield from _strings(part)


def _metered(read: Read, body: bytes, url: str) -> tuple[Said | str, float, float]:
    """What was read, or what was raised; CPU and wall seconds."""
    wall, cpu = time.monotonic(), time.process_time()
    said: Said | str
    try:
        with _alarm():
            said = read(body, url)
    except Exception as failed:  # noqa: BLE001 (whatever a page does to a contestant, the next page is read)
        said = f"{type(failed).__name__}: {failed}"[:200]
    return said, time.process_time() - cpu, time.monotonic() - wall


@contextmanager
def _alarm() -> Iterator[None]:
    def give_up(*_: object) -> None:
        raise TimeoutError(f"more than {MOST_SECONDS:g} s")

    signal.signal(signal.SIGALRM, give_up)
    signal.setitimer(signal.ITIMER_REAL, MOST_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)


def unpacked(path: Path) -> bytes:
    """The bytes of a page, gzipped or not."""
    body = path.read_bytes()
    return gzip.decompress(body) if path.suffix == ".gz" else body


def decoded(body: bytes) -> str:
    """For contestants that want a text: UTF-8, else what the page declares, else windows-1252, as browsers do."""
    declared = _CHARSET.search(body[:4096])
    for charset in ("utf-8-sig", declared[1].decode() if declared else "windows-1252"):
        try:
            return body.decode(charset)
        except (UnicodeDecodeError, LookupError):
            continue
    return body.decode("windows-1252", errors="replace")
