"""news-please's extraction on a page that was downloaded already.

python -m benchmarks.extracting.by_newsplease FOLDER NAME ROUNDS
"""

import logging
import warnings
from importlib.metadata import version

from newsplease import NewsPlease

from benchmarks.extracting.contest import Said, decoded, run


def read(body: bytes, url: str) -> Said:
    """All of its extractors, as it combines them."""
    article = NewsPlease.from_html(decoded(body), url=url, fetch_images=False)
    date = article.date_publish
    return Said(
        text=article.maintext,
        title=article.title,
        author=list(article.authors),
        date=date.isoformat() if date else None,
    )


if __name__ == "__main__":
    logging.disable()
    warnings.simplefilter("ignore")
    run(read, version=f"news-please {version('news-please')}")
