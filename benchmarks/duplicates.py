"""What finding copies costs and gets right: Presswatch beside datasketch, rensa and rapidfuzz on the same texts.

    python -m benchmarks.duplicates                  # the real set, or invented texts
    python -m benchmarks.duplicates --history        # and batches against 1 and 10 million articles on the disk
    python -m benchmarks.duplicates --make-peers     # first installs the peers into an environment of their own

texts | each contestant, in its own process | groups, CPU, peak memory | scored against the truth
history by SQL | a batch of 1,000, in a process of its own | CPU, memory, copies found

Compare ratios: seconds depend on the machine and its load.
"""

import argparse
import json
import os
import shutil
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.copying.report import BATCH, LARGE, OURS, SMALL, aims, table
from benchmarks.copying.score import scores
from benchmarks.copying.texts import Texts, invented, of_file

ROOT = Path(__file__).parents[1]
_ENOUGH_SECONDS = 3600
_GB_FREE = 12  # for the larger history and its copy-on-write
Told = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """Who groups.

    Attributes:
        module: run with `arguments`.
        needs: the module of a peer, looked for in the peers' environment; None: runs in ours.
    """

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    needs: str | None = None


CONTESTANTS = (
    Contestant(name=OURS, module="by_presswatch"),
    Contestant(name="presswatch, in a warehouse", module="by_warehouse"),
    Contestant(name="datasketch at .8", module="by_datasketch", arguments=("0.8",), needs="datasketch"),
    Contestant(name="datasketch at .5", module="by_datasketch", arguments=("0.5",), needs="datasketch"),
    Contestant(name="rensa at .8", module="by_rensa", arguments=("0.8", "16"), needs="rensa"),
    Contestant(name="rensa at .5", module="by_rensa", arguments=("0.5", "32"), needs="rensa"),
    Contestant(name="rapidfuzz, leads at 80", module="by_rapidfuzz", arguments=("80",), needs="rapidfuzz"),
    Contestant(name="rapidfuzz, leads at 60", module="by_rapidfuzz", arguments=("60",), needs="rapidfuzz"),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every contestant and print a row for each; 1 if one of them could be run and failed."""
    options = _parser().parse_args(arguments)
    if options.make_peers:
        peers.make()
    texts = of_file(options.texts) if options.texts else invented()
    with tempfile.TemporaryDirectory(prefix="presswatch-duplicates-") as made:
        folder = Path(made)
        texts.write(folder)
        wanted = [c for c in CONTESTANTS if not options.only or c.name in options.only]
        asked = [(c, _ask(c, folder, options)) for c in wanted]
        rows = [_row(c, told, folder, texts) for c, told in asked]
        batches = [_against(folder, *size) for size in ((SMALL, LARGE) if options.history else ())]
    told = {"source": texts.source, "texts": len(texts.rows), "input": texts.digest(), "contestants": rows,
            "batches": batches, "aims": aims(rows, batches)}  # fmt: skip
    print(json.dumps(told, indent=1) if options.json else table(told))
    return 1 if any("could not run" in row.get("problem", "") for row in [*rows, *batches]) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m benchmarks.duplicates", description=(__doc__ or "").partition("\n")[0]
    )
    parser.add_argument("--texts", type=Path, default=_real_texts(), metavar="FILE",
                        help="JSON lines, gzipped (default: %(default)s; None: invented texts)")  # fmt: skip
    parser.add_argument("--demo", action="store_const", const=None, dest="texts", help="invented texts")
    parser.add_argument("--history", action="store_true",
                        help=f"also batches against history on the disk: some minutes and {_GB_FREE} GB")  # fmt: skip
    parser.add_argument("--only", action="append", choices=[c.name for c in CONTESTANTS], help="may be repeated")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    parser.add_argument("--peers-python", metavar="PATH", help="the interpreter of an environment with the peers")
    parser.add_argument("--make-peers", action="store_true", help=f"install the peers into {peers.folder()} first")
    return parser


def _real_texts() -> Path | None:
    """The real set, where it is: beside the checkout, or below what `PRESSWATCH_EVAL` names."""
    named = os.environ.get("PRESSWATCH_EVAL")
    path = (Path(named) if named else ROOT.parent / "shared" / "eval") / "duplicates" / "dev.jsonl.gz"
    return path if path.exists() else None


def _ask(contestant: Contestant, folder: Path, options: argparse.Namespace) -> Told:
    """What a contestant tells of its costs; one that fails is a problem, not an end."""
    python = peers.python_with(contestant.needs, options.peers_python) if contestant.needs else sys.executable
    if python is None:
        return {"problem": peers.missing([contestant.needs or ""])}
    module = f"benchmarks.copying.{contestant.module}"
    return peers.told_by([python, "-m", module, str(folder), _file(contestant), *contestant.arguments], _ENOUGH_SECONDS)


def _file(contestant: Contestant) -> str:
    return f"{CONTESTANTS.index(contestant):02}-{contestant.module}"


def _row(contestant: Contestant, told: Told, folder: Path, texts: Texts) -> Told:
    if "problem" in told:
        return {"name": contestant.name, **told}
    groups = json.loads((folder / f"{_file(contestant)}.json").read_text(encoding="ascii"))
    measured = scores(texts.rows, groups)
    return {"name": contestant.name, **told, **measured, "texts_per_cpu_s": len(texts.rows) / told["cpu_s"]}


def _against(folder: Path, articles: int, days: int) -> Told:
    """A batch against so much history, which is made and removed again."""
    named = {"name": f"a batch of {BATCH:,} over {articles:,} articles of {days} days"}
    if shutil.disk_usage(folder).free < _GB_FREE * 1e9:
        return {**named, "problem": f"not measured: {_GB_FREE} GB are not free on {folder}"}
    held = folder / "history"
    module = "benchmarks.copying.history"
    made = peers.told_by([sys.executable, "-m", module, "make", str(held), str(articles), str(days)], _ENOUGH_SECONDS)
    told = (
        made
        if "problem" in made
        else peers.told_by([sys.executable, "-m", module, "batch", str(held), str(BATCH)], _ENOUGH_SECONDS)
    )
    shutil.rmtree(held, ignore_errors=True)
    return {**named, **told}


if __name__ == "__main__":
    sys.exit(main())
