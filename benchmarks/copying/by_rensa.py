"""rensa: R-MinHash with 128 permutations, its LSH index, and the estimated Jaccard of what it finds.

python -m benchmarks.copying.by_rensa FOLDER NAME THRESHOLD BANDS
"""

import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version

from rensa import RMinHash, RMinHashLSH

from benchmarks.copying.contest import Groups, run, shingles

_PERMUTATIONS = 128


def group(texts: Sequence[dict[str, str]]) -> Iterable[int]:
    """Each text's group by the threshold of the command line."""
    least, bands = float(sys.argv[3]), int(sys.argv[4])
    index = RMinHashLSH(threshold=least, num_perm=_PERMUTATIONS, num_bands=bands)
    groups, made = Groups(len(texts)), list[RMinHash]()
    for n, text in enumerate(texts):
        sketch = RMinHash(num_perm=_PERMUTATIONS, seed=42)
        sketch.update(shingles(text["bare"]))
        for other in index.query(sketch):
            if sketch.jaccard(made[other]) >= least:
                groups.join(n, other)
        index.insert(n, sketch)
        made.append(sketch)
    return (groups.of(n) for n in range(len(texts)))


if __name__ == "__main__":
    run(group, version=f"rensa {version('rensa')}")
