"""What every contestant is told, and how its groups and costs are noted. The standard library alone.

run(group, version=...): FOLDER/texts.jsonl | texts | group, metered | FOLDER/NAME.jsonl, costs on stdout
"""

import json
import re
import sys
import time
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from benchmarks.costs import peak_bytes

SHINGLE_WORDS = 4
_WORD = re.compile(r"\w+")


class Groups:
    """Texts that are one, by pairs: whoever shares a text with a member is a member."""

    def __init__(self, size: int) -> None:
        self._of = list(range(size))

    def join(self, one: int, other: int) -> None:
        """The groups of both become one, named after the earlier text."""
        first, second = sorted((self.of(one), self.of(other)))
        self._of[second] = first

    def of(self, one: int) -> int:
        """The first text of a text's group."""
        while self._of[one] != one:
            self._of[one] = self._of[self._of[one]]
            one = self._of[one]
        return one


def shingles(text: str) -> list[str]:
    """What peers compare texts by: all runs of four words, as the measured best of what they were tried with."""
    words = _WORD.findall(text.lower())
    runs = max(1, len(words) - SHINGLE_WORDS + 1)
    return list(dict.fromkeys(" ".join(words[i : i + SHINGLE_WORDS]) for i in range(runs)))


def run(group: Callable[[Sequence[dict[str, str]]], Iterable[int]], *, version: str) -> None:
    """Group all texts and tell: FOLDER NAME on the command line; `group` gives each text the number of its group."""
    folder, name = Path(sys.argv[1]), sys.argv[2]
    texts = [json.loads(line) for line in (folder / "texts.jsonl").read_text(encoding="ascii").splitlines()]
    idle, cpu, wall = peak_bytes(), time.process_time(), time.monotonic()
    groups = list(group(texts))
    told = {
        "version": version, "cpu_s": time.process_time() - cpu, "wall_s": time.monotonic() - wall,
        "idle_mb": idle / 1e6, "peak_mb": peak_bytes() / 1e6,
    }  # fmt: skip
    (folder / f"{name}.json").write_text(json.dumps(groups), encoding="ascii")
    print(json.dumps(told))
