"""What every contestant is told, and how its stories and costs are noted. The standard library alone.

run(group, version=...): FOLDER/articles.jsonl | by set and language | group, metered | FOLDER/NAME.jsonl, costs
"""

import json
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from benchmarks.costs import cpu_seconds, peak_bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """An article of one set; sets have nothing to do with each other."""

    id: int
    set: str
    language: str
    title: str
    text: str
    published_at: str | None


Group = Callable[[Sequence[Article]], Sequence[int]]  # of articles that belong together: a label for each


def articles(folder: Path, *, by_language: bool) -> dict[tuple[str, str], list[Article]]:
    """The articles by set and, if asked for, language."""
    found: dict[tuple[str, str], list[Article]] = {}
    for line in (folder / "articles.jsonl").read_text(encoding="utf-8").splitlines():
        article = Article(**json.loads(line))
        found.setdefault((article.set, article.language if by_language else ""), []).append(article)
    return found


def run(group: Group, *, version: str, by_language: bool = True) -> None:
    """Put all articles into stories, set by set, and tell what it cost.

    Args:
        by_language: a language after the other; else all of a set together.
    """
    folder, name = Path(sys.argv[1]), sys.argv[2]
    idle = peak_bytes()
    cpu: dict[str, float] = {}
    wall: dict[str, float] = {}
    with (folder / f"{name}.jsonl").open("w", encoding="ascii") as out:
        for (of, language), found in articles(folder, by_language=by_language).items():
            began, started = cpu_seconds(), time.perf_counter()
            labels = group(found)
            cpu[of] = cpu.get(of, 0.0) + cpu_seconds() - began
            wall[of] = wall.get(of, 0.0) + time.perf_counter() - started
            for article, label in zip(found, labels, strict=True):
                out.write(json.dumps({"id": article.id, "story": f"{of} {language} {label}"}) + "\n")
    costs = {"version": version, "cpu_s": cpu, "wall_s": wall, "idle_mb": idle / 1e6, "peak_mb": peak_bytes() / 1e6}
    print(json.dumps(costs))
