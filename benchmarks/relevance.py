"""What relevance costs: the query on whole articles, and screening beside reading the same pages in full.

    python -m benchmarks.relevance                    # the real pages, and those of the demo press
    python -m benchmarks.relevance --pages FOLDER --json

pages of others, off topic, and the demo's kept ones: two in a hundred | read all in full | screen, read the rest
                                                                       | the same articles kept? CPU seconds

Only CPU seconds are counted, and the ratio is what to look at. Reading happens here, without workers.
"""

import argparse
import json
import sys
import tempfile
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TypeVar

from benchmarks.extracting.contest import unpacked
from benchmarks.extracting.pages import of_folder, of_press
from pipelines.adapters.markup import decoded
from pipelines.adapters.pages import read_page
from pipelines.config import load_sources
from pipelines.core.matching import Watch, match
from pipelines.core.nouns import Article, Page
from pipelines.core.screening import Screen, is_surely_article, shown
from pipelines.core.text import count_words
from pipelines.shipped import shipped

NOW = datetime(2026, 11, 24, 7, tzinfo=UTC)
REAL = shipped("sources.yaml").parent.parent / "shared" / "eval" / "pages"
_ARTICLE_WORDS = 600
_ON_TOPIC = 50  # one page in so many of the stream
_ROUNDS = 3
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Stage:
    """What one way of deciding on the stream took and kept."""

    name: str
    cpu_seconds: float
    read: int
    kept: frozenset[str]


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and tell; 1 where screening lost an article that reading keeps."""
    asked = _parser().parse_args(arguments)
    sources = load_sources(shipped("sources.yaml"))
    watch = sources.watch()
    screen = Screen.of(watch)
    with tempfile.TemporaryDirectory() as folder:
        bodies = _stream(asked.pages, Path(folder), watch)
    articles = {url: _read(url, body) for url, body in bodies.items()}
    full, screened = _in_full(watch, bodies), _screened(watch, screen, bodies)
    rate, lost = round(_query_rate(watch, articles.values())), sorted(full.kept - screened.kept)
    ratio, size = full.cpu_seconds / screened.cpu_seconds, sum(map(len, bodies.values())) // len(bodies)
    if asked.json:
        stages = [{"name": s.name, "cpu_seconds": s.cpu_seconds, "read": s.read} for s in (full, screened)]
        told = {"pages": len(bodies), "bytes_a_page": size, "query_articles_a_cpu_second": rate, "stages": stages}
        print(json.dumps({**told, "kept": len(full.kept), "ratio": round(ratio, 2), "lost": lost}))
    else:
        print(f"{len(bodies)} pages of {size // 1000} kB on average, {len(full.kept)} kept")
        print(f"query: {rate} articles of 600 words a CPU-second (aim 2,000)")
        for stage in (full, screened):
            print(f"{stage.name:20} {1000 * stage.cpu_seconds / len(bodies):7.2f} CPU-ms a page, {stage.read} read")
        print(f"screening takes {ratio:.1f} times fewer CPU-seconds (aim 15); lost: {lost or 'none'}")
    return 1 if full.kept != screened.kept else 0


def _stream(folder: Path | None, scratch: Path, watch: Watch) -> dict[str, bytes]:
    """Pages by address: those of others, and as many of the demo's kept ones as make one in `_ON_TOPIC`."""
    ours = {t["url"]: unpacked(Path(t["path"])) for t in of_press(scratch).truths}
    if folder is None:
        return ours
    stream = {t["url"] or t["id"]: unpacked(Path(t["path"])) for t in of_folder(folder).truths}
    kept = (url for url, body in ours.items() if _is_kept(watch, _read(url, body)))
    return {**stream, **{url: ours[url] for url, _ in zip(kept, range(len(stream) // _ON_TOPIC), strict=False)}}


def _read(url: str, body: bytes) -> Article:
    return read_page(Page(url=url, final_url=url, body=body), None, prior=None, now=NOW).article


def _is_kept(watch: Watch, article: Article) -> bool:
    return bool(match(watch, title=article.title, text=article.text, language=article.language).topics)


def _query_rate(watch: Watch, articles: Iterable[Article]) -> float:
    long = [a for a in articles if count_words(a.text) >= _ARTICLE_WORDS // 4]
    words = sum(count_words(a.text) for a in long)
    return words / _ARTICLE_WORDS / _cheapest(lambda: [_is_kept(watch, a) for a in long])[0]


def _in_full(watch: Watch, bodies: dict[str, bytes]) -> Stage:
    seconds, kept = _cheapest(lambda: {u for u, b in bodies.items() if _is_kept(watch, _read(u, b))})
    return Stage("read in full", seconds, len(bodies), frozenset(kept))


def _screened(watch: Watch, screen: Screen, bodies: dict[str, bytes]) -> Stage:
    read: list[str] = []

    def decide() -> set[str]:
        read.clear()
        read.extend(url for url, body in bodies.items() if _is_worth_reading(screen, body))
        return {url for url in read if _is_kept(watch, _read(url, bodies[url]))}

    seconds, kept = _cheapest(decide)
    return Stage("screened, then read", seconds, len(read), frozenset(kept))


def _is_worth_reading(screen: Screen, body: bytes) -> bool:
    source = decoded(body, None)
    words = shown(source)
    return not is_surely_article(source, words) or screen.may_match(words)


def _cheapest(work: Callable[[], T]) -> tuple[float, T]:
    """The least CPU seconds of a few rounds, and what the work gave."""
    rounds = []
    for _ in range(_ROUNDS):
        start = time.process_time()
        result = work()
        rounds.append((time.process_time() - start, result))
    return min(rounds, key=lambda r: r[0])


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="The cost of relevance.")
    real = REAL if REAL.is_dir() else None
    parser.add_argument("--pages", type=Path, default=real, help="a folder of real pages; without it the demo's alone")
    parser.add_argument("--json", action="store_true", help="for programs")
    return parser


if __name__ == "__main__":
    sys.exit(main())
