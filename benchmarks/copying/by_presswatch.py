"""Presswatch's `find_copies` on texts at hand, as `presswatch inspect cluster` uses it.

python -m benchmarks.copying.by_presswatch FOLDER NAME
"""

from collections.abc import Iterable, Sequence

from benchmarks.copying.contest import Groups, run
from pipelines import __version__
from pipelines.core.duplicates import find_copies
from pipelines.core.nouns import ClusterItem


def items(texts: Sequence[dict[str, str]]) -> list[ClusterItem]:
    """The texts as articles without dates, in their order."""
    return [
        ClusterItem(article_id=n, outlet_id=t["outlet"], publisher=t["outlet"], language=t["lang"], title="",
                    text=t["text"])
        for n, t in enumerate(texts)
    ]  # fmt: skip


def group(texts: Sequence[dict[str, str]]) -> Iterable[int]:
    """Each text's group: itself and its copies."""
    groups = Groups(len(texts))
    for copy in find_copies(items(texts)):
        groups.join(copy.article_id, copy.original_id)
    return (groups.of(n) for n in range(len(texts)))


if __name__ == "__main__":
    run(group, version=__version__)
