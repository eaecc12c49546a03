"""goose3 on a page that was downloaded already.

python -m benchmarks.extracting.by_goose FOLDER NAME ROUNDS
"""

import logging
from importlib.metadata import version

from goose3 import Goose

from benchmarks.extracting.contest import Said, decoded, run

_GOOSE = Goose({"enable_image_fetching": False})


def read(body: bytes, url: str) -> Said:
    """Text, title, authors, date."""
    del url  # with one it would fetch
    article = _GOOSE.extract(raw_html=decoded(body))
    return Said(
        text=article.cleaned_text, title=article.title, author=list(article.authors), date=article.publish_date or None
    )


if __name__ == "__main__":
    logging.disable()
    run(read, version=f"goose3 {version('goose3')}")
