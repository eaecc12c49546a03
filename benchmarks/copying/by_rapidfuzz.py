"""rapidfuzz: `fuzz.ratio` of every text with every other, on folded words. It has no index: the work is quadratic.

Of each text its first 1,000 characters: whole ones take some ten minutes for a thousand texts.

python -m benchmarks.copying.by_rapidfuzz FOLDER NAME CUTOFF
"""

import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version

import numpy as np
from rapidfuzz import fuzz, process, utils

from benchmarks.copying.contest import Groups, run

_AT_A_TIME = 200
_LEAD = 1_000


def group(texts: Sequence[dict[str, str]]) -> Iterable[int]:
    """Each text's group by the cutoff of the command line, 0 to 100."""
    cutoff = float(sys.argv[3])
    folded, groups = [utils.default_process(t["bare"][:_LEAD]) for t in texts], Groups(len(texts))
    for start in range(0, len(folded), _AT_A_TIME):
        some = folded[start : start + _AT_A_TIME]
        scores = process.cdist(some, folded, scorer=fuzz.ratio, score_cutoff=cutoff, workers=1, dtype=np.uint8)
        for row, other in zip(*np.nonzero(scores), strict=True):
            groups.join(start + int(row), int(other))
    return (groups.of(n) for n in range(len(texts)))


if __name__ == "__main__":
    run(group, version=f"rapidfuzz {version('rapidfuzz')}")
