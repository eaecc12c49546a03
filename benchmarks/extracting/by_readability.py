"""readability-lxml: the text of its summary, its short title and its author.

python -m benchmarks.extracting.by_readability FOLDER NAME ROUNDS
"""

import logging
from importlib.metadata import version

import lxml.html
from readability import Document

from benchmarks.extracting.contest import Said, decoded, run

_BLOCKS = "//p | //li | //h1 | //h2 | //h3 | //h4 | //blockquote | //pre | //div"


def read(body: bytes, url: str) -> Said:
    """The summary is HTML; its blocks become lines."""
    document = Document(decoded(body), url=url)
    tree = lxml.html.fromstring(document.summary())
    for block in tree.xpath(_BLOCKS):
        block.tail = "\n" + (block.tail or "")
    author = document.author() if hasattr(document, "author") else None
    known = author if author and author != "[no-author]" else None
    title = document.short_title()
    return Said(
        text=tree.text_content().strip(),
        title=None if title == "[no-title]" else title,
        author=[known] if known else None,
    )


if __name__ == "__main__":
    logging.disable()
    run(read, version=f"readability-lxml {version('readability-lxml')}")
