"""trafilatura, alone or with its metadata: comments off, as a corpus of articles wants it.

python -m benchmarks.extracting.by_trafilatura FOLDER NAME ROUNDS [with-metadata]
"""

import logging
import sys

import trafilatura

from benchmarks.extracting.contest import Said, run

_WITH_METADATA = 4  # arguments


def text_alone(body: bytes, url: str) -> Said:
    """The text."""
    return Said(text=trafilatura.extract(body, url=url, include_comments=False, with_metadata=False))


def with_metadata(body: bytes, url: str) -> Said:
    """The text, and what its metadata say."""
    found = trafilatura.bare_extraction(body, url=url, include_comments=False, with_metadata=True)
    if found is None:
        return Said()
    assert not isinstance(found, dict)
    return Said(text=found.text, title=found.title, author=(found.author or "").split("; "), date=found.date)


if __name__ == "__main__":
    logging.disable()
    run(
        with_metadata if len(sys.argv) > _WITH_METADATA else text_alone,
        version=f"trafilatura {trafilatura.__version__}",
    )
