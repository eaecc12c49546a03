"""newspaper4k on a page that was downloaded already.

python -m benchmarks.extracting.by_newspaper FOLDER NAME ROUNDS
"""

import logging
import warnings

import newspaper
from newspaper.configuration import Configuration

from benchmarks.extracting.contest import Said, decoded, run

_CONFIGURATION = Configuration()
_CONFIGURATION.fetch_images = False  # asks the web for nothing


def read(body: bytes, url: str) -> Said:
    """Parse, without its summaries."""
    article = newspaper.Article(url, config=_CONFIGURATION)
    article.download(input_html=decoded(body))
    article.parse()
    date = article.publish_date
    return Said(
        text=article.text,
        title=article.title,
        author=list(article.authors),
        date=date.isoformat() if hasattr(date, "isoformat") else date or None,
    )


if __name__ == "__main__":
    logging.disable()
    warnings.simplefilter("ignore")
    run(read, version=f"newspaper4k {newspaper.__version__}")
