"""Presswatch's rules alone, without a warehouse.

python -m benchmarks.clustering.by_presswatch FOLDER NAME
"""

from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import version

from benchmarks.clustering.contest import Article, run
from pipelines.core.nouns import ClusterItem
from pipelines.core.stories import cluster


def group(articles: Sequence[Article]) -> list[int]:
    """Average link over words, names and numbers."""
    items = [
        ClusterItem(
            article_id=a.id, outlet_id="", publisher="", language=a.language, title=a.title, text=a.text,
            published_at=datetime.fromisoformat(a.published_at) if a.published_at else None,
        )
        for a in articles
    ]  # fmt: skip
    story_of = {link.article_id: link.story_id for link in cluster(items).links}
    return [story_of[a.id] for a in articles]


if __name__ == "__main__":
    run(group, version=f"presswatch {version('presswatch')}")
