"""Presswatch's whole stage: copies, stories, lines and headlines, in a warehouse on the disk.

python -m benchmarks.clustering.by_stage FOLDER NAME
"""

import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path

from benchmarks.clustering.contest import Article, run
from pipelines.adapters.warehouse import Warehouse
from pipelines.stages.cluster import cluster

NOW = datetime(2026, 11, 24, 23, tzinfo=UTC)
BODIES = {"european parliament": "European Parliament", "europol": "Europol"}


def group(articles: Sequence[Article]) -> list[int]:
    """One pass; the filling of the warehouse is counted too."""
    with tempfile.TemporaryDirectory() as folder, Warehouse.open(Path(folder)) as warehouse:
        with warehouse.transaction() as tx:
            tx.run("match/add_articles", rows=[_article(a) for a in articles])
            tx.run("extract/add_texts", rows=[_text(a) for a in articles])
            tx.run("match/add_mentions",
                   rows=[{"article_id": a.id, "topic": "summit", "score": 0.5, "aboutness": 0.5, "is_about": True,
                          "evidence": "[]", "method": "query", "version": "b", "known_from": NOW, "known_to": None}
                         for a in articles])  # fmt: skip
            tx.run("poll/add_found_outlets", now=NOW,
                   rows=[{"outlet_id": "paper", "name": "Paper", "publisher": "paper", "language": None}])  # fmt: skip
        cluster(warehouse, BODIES, NOW)
        rows = warehouse.sql("select article_id, story_id from story_articles where known_to is null")
    story_of = {r["article_id"]: r["story_id"] for r in rows}
    return [story_of[a.id] for a in articles]


def _article(article: Article) -> dict[str, object]:
    unknown = ("entry_id", "canonical_url", "published_day", "published_raw", "modified_at", "language_source",
               "is_paywalled", "is_tdm_reserved", "gone_at", "section", "licence", "correction", "title_source",
               "authors_source", "original_url")  # fmt: skip
    return {
        **dict.fromkeys(unknown), "article_id": article.id, "url": f"https://paper.press.test/{article.id}",
        "outlet_id": "paper", "title": article.title, "authors": [], "published_at": article.published_at,
        "published_precision": "second", "date_source": "feed:iso", "language": article.language, "is_partial": False,
        "quality": 1.0, "words": 200, "extractor": "b", "content_hash": article.id, "state": "kept", "revision": 1,
        "first_seen_at": NOW, "updated_at": NOW, "tags": [], "wire": [], "flags": [],
    }  # fmt: skip


def _text(article: Article) -> dict[str, object]:
    return {
        "article_id": article.id, "revision": 1, "published_day": None, "title": article.title, "text": article.text,
        "content_hash": article.id, "is_partial": False, "fetch_id": None, "seen_at": NOW,
    }  # fmt: skip


if __name__ == "__main__":
    run(group, version=f"presswatch {version('presswatch')}", by_language=False)
