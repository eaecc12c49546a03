"""resiliparse: main content and the title tag; it looks for no author and no date.

python -m benchmarks.extracting.by_resiliparse FOLDER NAME ROUNDS
"""

from importlib.metadata import version

from resiliparse.extract.html2text import extract_plain_text
from resiliparse.parse.encoding import detect_encoding
from resiliparse.parse.html import HTMLTree

from benchmarks.extracting.contest import Said, run


def read(body: bytes, url: str) -> Said:
    """Text of the main content, as its documentation extracts it."""
    del url
    tree = HTMLTree.parse_from_bytes(body, detect_encoding(body))
    return Said(text=extract_plain_text(tree, main_content=True, alt_texts=False, comments=False), title=tree.title)


if __name__ == "__main__":
    run(read, version=f"resiliparse {version('resiliparse')}")
