"""What extraction costs and gets right: Presswatch beside trafilatura and five peers, on the same pages, in one run.

    python -m benchmarks.extraction                          # the real pages, or those of the demo press
    python -m benchmarks.extraction --pages FOLDER --json
    python -m benchmarks.extraction --make-peers             # first installs the peers into an environment of their own

pages | each contestant, in its own process | readings, CPU, peak memory | scored against the truth, by corpus

A contestant counts its own CPU, page by page. Compare ratios: milliseconds depend on the machine and its load.
"""

import argparse
import json
import os
import sys
import tempfile
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.extracting import score
from benchmarks.extracting.pages import Pages, of_folder, of_press
from benchmarks.extracting.report import BASE, FIELDS, ONE, OURS, TWO, aims, percentile, table

ROOT = Path(__file__).parents[1]
_ENOUGH_SECONDS = 3600
_TEXT_ALONE = frozenset({"body", "missing"})
_P95 = 0.95
Told = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """Who reads.

    Attributes:
        module: run with `arguments`.
        needs: the module of a peer, looked for in the peers' environment; None: runs in ours.
        package: what to install for it.
        fields: what it looks for; the others are not scored.
    """

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    needs: str | None = None
    package: str = ""
    fields: frozenset[str] = frozenset(FIELDS)


CONTESTANTS = (
    Contestant(name=OURS, module="by_presswatch"),
    Contestant(name=ONE, module="by_workers", arguments=("1",)),
    Contestant(name=TWO, module="by_workers", arguments=("2",)),
    Contestant(name="trafilatura alone", module="by_trafilatura", fields=_TEXT_ALONE),
    Contestant(name=BASE, module="by_trafilatura", arguments=("with-metadata",)),
    Contestant(name="newspaper4k", module="by_newspaper", needs="newspaper", package="newspaper4k"),
    Contestant(name="news-please", module="by_newsplease", needs="newsplease", package="news-please"),
    Contestant(name="goose3", module="by_goose", needs="goose3", package="goose3"),
    Contestant(
        name="readability-lxml", module="by_readability", needs="readability", package="readability-lxml",
        fields=_TEXT_ALONE | {"title", "author"},
    ),
    Contestant(
        name="resiliparse", module="by_resiliparse", needs="resiliparse", package="resiliparse",
        fields=_TEXT_ALONE | {"title"},
    ),
)  # fmt: skip


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every contestant and print a row for each; 1 if one of them could be run and failed."""
    options = _parser().parse_args(arguments)
    if options.make_peers:
        peers.make()
    wanted = [c for c in CONTESTANTS if not options.only or c.name in options.only]
    with tempfile.TemporaryDirectory(prefix="presswatch-extraction-") as made:
        folder = Path(made)
        pages = (of_folder(options.pages) if options.pages else of_press(folder)).sample(options.most)
        pages.write(folder)
        # All contestants first, the scoring after: a small parent keeps its children's peak memory their own.
        asked = [(c, _ask(c, folder, options)) for c in wanted]
        rows = [_row(c, told, folder, pages) for c, told in asked]
        told = {
            "source": pages.source, "pages": len(pages.truths), "bytes": pages.size(), "input": pages.digest(),
            "corpora": Counter(t["corpus"] for t in pages.truths), "contestants": rows, "aims": aims(rows),
        }  # fmt: skip
    print(json.dumps(told, indent=1) if options.json else table(told))
    return 1 if any("could not run" in row.get("problem", "") for row in rows) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.extraction", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument(
        "--pages", type=Path, default=_real_pages(), metavar="FOLDER",
        help="pages with their truth.jsonl.gz (default: %(default)s; None: the demo press)",
    )  # fmt: skip
    parser.add_argument("--demo", action="store_const", const=None, dest="pages", help="the pages of the demo press")
    parser.add_argument("--most", type=int, metavar="N", help="so many pages, drawn the same in every run")
    parser.add_argument("--rounds", type=int, default=1, help="of each page the cheapest counts (default: %(default)s)")
    parser.add_argument("--only", action="append", choices=[c.name for c in CONTESTANTS], help="may be repeated")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    parser.add_argument("--peers-python", metavar="PATH", help="the interpreter of an environment with the peers")
    parser.add_argument("--make-peers", action="store_true", help=f"install the peers into {peers.folder()} first")
    return parser


def _real_pages() -> Path | None:
    """The folder of real pages, where it is: beside the checkout, or below what `PRESSWATCH_EVAL` names."""
    named = os.environ.get("PRESSWATCH_EVAL")
    folder = (Path(named) if named else ROOT.parent / "shared" / "eval") / "pages"
    return folder if (folder / "truth.jsonl.gz").exists() else None


def _ask(contestant: Contestant, folder: Path, options: argparse.Namespace) -> Told:
    """What a contestant tells of its costs; one that fails is a problem, not an end."""
    python = peers.python_with(contestant.needs, options.peers_python) if contestant.needs else sys.executable
    if python is None:
        return {"problem": peers.missing([contestant.package])}
    module = f"benchmarks.extracting.{contestant.module}"
    command = [python, "-m", module, str(folder), _file(contestant), str(options.rounds), *contestant.arguments]
    return peers.told_by(command, _ENOUGH_SECONDS)


def _file(contestant: Contestant) -> str:
    return f"{CONTESTANTS.index(contestant):02}-{contestant.module}"


def _row(contestant: Contestant, told: Told, folder: Path, pages: Pages) -> Told:
    if "problem" in told:
        return {"name": contestant.name, **told}
    lines = (folder / f"{_file(contestant)}.jsonl").read_text(encoding="ascii").splitlines()
    said = {row["id"]: row for row in map(json.loads, lines)}
    measured = [(t["corpus"], score.of_page(t, said.get(t["id"], {}))) for t in pages.truths]
    each = told.pop("cpu_ms")
    cpu_s = told.pop("cpu_s", sum(each.values()) / 1000)
    return {
        "name": contestant.name,
        **told,
        "pages_per_cpu_s": len(pages.truths) / cpu_s,
        "p95_cpu_ms": percentile(list(each.values()), _P95),
        "overall": _scores(contestant, [m for _, m in measured]),
        "by_corpus": {
            corpus: _scores(contestant, [m for c, m in measured if c == corpus])
            for corpus in sorted({c for c, _ in measured})
        },
    }


def _scores(contestant: Contestant, measured: list[score.Measures]) -> dict[str, float | None]:
    found = score.summary(measured)
    return {name: found[name] if name in contestant.fields else None for name in FIELDS}


if __name__ == "__main__":
    sys.exit(main())
