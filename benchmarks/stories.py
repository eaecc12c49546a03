"""What stories cost and get right: Presswatch beside average link and single pass over scikit-learn's TF-IDF.

    python -m benchmarks.stories                       # an invented day of 5,000 articles in 12 languages, real days
    python -m benchmarks.stories --a-day 500 --json
    python -m benchmarks.stories --make-peers          # first installs the peers into an environment of their own

articles | each contestant, in its own process | stories, CPU, peak memory | B-cubed against the truth

A peer runs at several cuts, and the row of the one that is best on the real days is told: at its best, on the very
data. Presswatch runs at its own cut. Compare ratios: seconds depend on the machine and its load.
"""

import argparse
import json
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import fmean
from typing import Any

from benchmarks import peers
from benchmarks.clustering.contest import Article
from benchmarks.clustering.invented import LANGUAGES, invent
from tests.quality.corpora import DRAWS, draw, real_data, rows
from tests.quality.scores import b_cubed

INVENTED = "invented"
AIM_CPU_SECONDS = 60.0
_ENOUGH_SECONDS = 1200
Told = dict[str, Any]
Events = dict[int, tuple[str, str]]  # set and event of each article


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """Who puts articles into stories; with `cuts`, a peer that is looked for in the peers' environment."""

    name: str
    module: str
    cuts: tuple[float, ...] = ()


CONTESTANTS = (
    Contestant(name="presswatch, rules alone", module="by_presswatch"),
    Contestant(name="presswatch, whole stage", module="by_stage"),
    Contestant(name="average link, scikit-learn", module="by_scikit", cuts=(0.06, 0.08, 0.1, 0.12, 0.15)),
    Contestant(name="single pass", module="by_single_pass", cuts=(0.06, 0.08, 0.1, 0.12, 0.15, 0.18)),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every contestant and print a row for each; 1 if one of them could be run and failed."""
    options = _parser().parse_args(arguments)
    if options.make_peers:
        peers.make()
    with tempfile.TemporaryDirectory(prefix="presswatch-stories-") as made:
        folder = Path(made)
        events = _write(folder, options.a_day, options.real)
        told = [_told(c, folder, options, events) for c in CONTESTANTS if not options.only or c.name in options.only]
    print(json.dumps(told, indent=1) if options.json else _table(told, len(events), options.a_day))
    return 1 if any("could not run" in row.get("problem", "") for row in told) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.stories", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--a-day", type=int, default=5_000, help="articles of the invented day (default: %(default)s)")
    parser.add_argument("--real", type=Path, default=real_data() / "stories/dev.jsonl.gz", metavar="FILE",
                        help="news articles with their events (default: %(default)s)")  # fmt: skip
    parser.add_argument("--only", action="append", choices=[c.name for c in CONTESTANTS], help="may be repeated")
    parser.add_argument("--json", action="store_true", help="JSON in place of the table")
    parser.add_argument("--peers-python", metavar="PATH", help="the interpreter of an environment with the peers")
    parser.add_argument("--make-peers", action="store_true", help=f"install the peers into {peers.folder()} first")
    return parser


def _write(folder: Path, a_day: int, real: Path) -> Events:
    """The articles of all sets into a file; gives set and event of each."""
    events: Events = {}
    with (folder / "articles.jsonl").open("w", encoding="utf-8") as out:
        for number, (article, event) in enumerate([*_invented(a_day), *_real(real)], 1):
            out.write(json.dumps({**asdict(article), "id": number}) + "\n")
            events[number] = (article.set, event)
    return events


def _invented(a_day: int) -> Iterator[tuple[Article, str]]:
    for told in invent(days=1, a_day=a_day, languages=LANGUAGES):
        article = Article(id=0, set=INVENTED, language=told.language, title=told.title, text=told.text,
                          published_at=told.published_at.isoformat())  # fmt: skip
        yield article, f"{told.language} {told.event}"


def _real(file: Path) -> Iterator[tuple[Article, str]]:
    """The days that the floors are measured on; none where the file is not on this machine."""
    articles = rows(file) if file.exists() else []
    for seed in range(DRAWS if articles else 0):
        for row in draw(articles, seed):
            article = Article(id=0, set=f"real {seed}", language=row["lang"], title=row.get("title") or "",
                              text=row["text"], published_at=None)  # fmt: skip
            yield article, row["event"]


def _told(
    contestant: Contestant, folder: Path, options: argparse.Namespace, events: dict[int, tuple[str, str]]
) -> Told:
    found = []
    for cut in contestant.cuts or (None,):
        told = _ask(contestant, folder, options, cut)
        if "problem" in told:
            return {"name": contestant.name, **told}
        lines = (folder / f"{contestant.module}.jsonl").read_text(encoding="ascii").splitlines()
        stories = {row["id"]: row["story"] for row in map(json.loads, lines)}
        found.append({"name": contestant.name, "cut": cut, **_measures(told, stories, events)})
    return max(found, key=lambda row: row["real_b_cubed"] or row["invented_b_cubed"])


def _ask(contestant: Contestant, folder: Path, options: argparse.Namespace, cut: float | None) -> Told:
    """What a contestant tells of its costs; one that fails is a problem, not an end."""
    python = peers.python_with("sklearn", options.peers_python) if contestant.cuts else sys.executable
    if python is None:
        return {"problem": peers.missing(["scikit-learn"])}
    command = [python, "-m", f"benchmarks.clustering.{contestant.module}", str(folder), contestant.module]
    command += [str(cut)] if cut is not None else []
    return peers.told_by(command, _ENOUGH_SECONDS)


def _measures(told: Told, stories: dict[int, str], events: Events) -> Told:
    by_set: dict[str, list[int]] = {}
    for number, (of, _) in events.items():
        by_set.setdefault(of, []).append(number)
    scores = {of: b_cubed([stories[n] for n in ids], [events[n] for n in ids]).f1 for of, ids in by_set.items()}
    real = [score for of, score in scores.items() if of != INVENTED]
    return {
        "version": told["version"], "real_b_cubed": fmean(real) if real else None,
        "invented_b_cubed": scores[INVENTED], "cpu_s": told["cpu_s"][INVENTED], "wall_s": told["wall_s"][INVENTED],
        "idle_mb": told["idle_mb"], "peak_mb": told["peak_mb"],
    }  # fmt: skip


def _table(told: Sequence[Told], articles: int, a_day: int) -> str:
    lines = [f"{a_day} invented articles of one day in {len(LANGUAGES)} languages, {articles - a_day} of real days",
             f"{'contestant':34}{'cut':>6}{'real B3':>9}{'invented':>10}{'CPU-s':>8}{'peak MB':>9}"]  # fmt: skip
    for row in told:
        if "problem" in row:
            lines.append(f"{row['name']:34}{row['problem']}")
            continue
        cut, real = (f"{x:.{n}f}" if x is not None else "-" for x, n in ((row["cut"], 2), (row["real_b_cubed"], 3)))
        lines.append(f"{row['name']:34}{cut:>6}{real:>9}{row['invented_b_cubed']:>10.3f}{row['cpu_s']:>8.1f}"
                     f"{row['peak_mb']:>9.0f}  {row['version']}")  # fmt: skip
    ours = [row["cpu_s"] for row in told if row["name"].startswith("presswatch") and "cpu_s" in row]
    verdict = ("met" if max(ours) < AIM_CPU_SECONDS else "missed") if ours else "not measured"
    return "\n".join([*lines, f"aim, the invented day under {AIM_CPU_SECONDS:.0f} CPU-s: {verdict}"])


if __name__ == "__main__":
    sys.exit(main())
