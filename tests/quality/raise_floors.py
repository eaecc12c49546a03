"""Measure the rules on real data and rewrite `floors.json`. To run it, from the top of the checkout:

    python -m tests.quality.raise_floors [SET ...] [--lower REASON]

It refuses to lower a floor without a reason, and writes nothing then.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from tests.quality.corpora import CORPORA, Corpus, real_data
from tests.quality.floors import FLOORS, Floors, raised, read, rounded, write


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, compare, write; 0 if written, 1 if refused."""
    asked = _parser().parse_args(arguments)
    before = read(asked.floors)
    after, refused = dict(before), []
    for corpus in [c for c in CORPORA if not asked.sets or c.name in asked.sets]:
        if not corpus.paths(asked.real_data):
            refused.append(f"{corpus.name}: not in {asked.real_data}")
            continue
        if reason := corpus.lacks():
            refused.append(f"{corpus.name}: cannot be measured: {reason}")
            continue
        try:
            after[corpus.name] = raised(before.get(corpus.name), _measured(corpus, asked.real_data), asked.lower)
        except ValueError as falls:
            refused.append(f"{corpus.name}: {falls}; --lower REASON lowers it")
    if refused:
        sys.stderr.write("\n".join(refused) + "\nnothing written\n")
        return 1
    write(after, asked.floors)
    sys.stdout.write("".join(f"{line}\n" for name in after for line in _news(name, before.get(name), after[name])))
    return 0


def _measured(corpus: Corpus, folder: Path) -> Floors:
    floors = {measure: rounded(value) for measure, value in corpus.measure(folder).items()}
    return Floors(how=corpus.how, corpus=corpus.digest(folder), floors=floors)


def _news(name: str, before: Floors | None, after: Floors) -> list[str]:
    old = before.floors if before else {}
    return [f"{name} {m}: {old.get(m, 'new')} -> {least}" for m, least in after.floors.items() if old.get(m) != least]


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Measure on real data and raise the floors.")
    parser.add_argument("sets", nargs="*", metavar="SET", help=f"of {', '.join(c.name for c in CORPORA)}; default: all")
    parser.add_argument("--lower", metavar="REASON", type=_reason, help="let floors fall, and record why")
    parser.add_argument("--floors", type=Path, default=FLOORS, help="the file of floors")
    parser.add_argument("--real-data", type=Path, default=real_data(), help="default: $PRESSWATCH_EVAL")
    return parser


def _reason(text: str) -> str:
    if not text.strip():
        raise argparse.ArgumentTypeError("a reason says something")
    return text.strip()


if __name__ == "__main__":
    sys.exit(main())
