"""datasketch: MinHash with 128 permutations, its LSH index, and the estimated Jaccard of what it finds.

python -m benchmarks.copying.by_datasketch FOLDER NAME THRESHOLD
"""

import sys
from collections.abc import Iterable, Sequence
from importlib.metadata import version

from datasketch import MinHash, MinHashLSH

from benchmarks.copying.contest import Groups, run, shingles

_PERMUTATIONS = 128


def group(texts: Sequence[dict[str, str]]) -> Iterable[int]:
    """Each text's group by the threshold of the command line."""
    least = float(sys.argv[3])
    index, groups = MinHashLSH(threshold=least, num_perm=_PERMUTATIONS), Groups(len(texts))
    made: list[MinHash] = []
    for n, text in enumerate(texts):
        sketch = MinHash(num_perm=_PERMUTATIONS)
        sketch.update_batch([s.encode() for s in shingles(text["bare"])])
        for other in index.query(sketch):
            if sketch.jaccard(made[other]) >= least:
                groups.join(n, other)
        index.insert(n, sketch)
        made.append(sketch)
    return (groups.of(n) for n in range(len(texts)))


if __name__ == "__main__":
    run(group, version=f"datasketch {version('datasketch')}")
