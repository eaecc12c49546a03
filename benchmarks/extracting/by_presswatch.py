"""Presswatch's `read_page`, in this process.

python -m benchmarks.extracting.by_presswatch FOLDER NAME ROUNDS
"""

from datetime import UTC, datetime

from benchmarks.extracting.contest import Said, run
from pipelines import __version__
from pipelines.adapters.pages import read_page
from pipelines.core.nouns import Page

_NOW = datetime.now(UTC)


def read(body: bytes, url: str) -> Said:
    """The article, rejected or not: whether it is one is another question."""
    article = read_page(Page(url=url, final_url=url, body=body), None, prior=None, now=_NOW).article
    return Said(text=article.text, title=article.title, author=list(article.authors), date=article.published.declared)


if __name__ == "__main__":
    run(read, version=__version__)
