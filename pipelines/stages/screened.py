"""Pages that need no reading: no topic can hold by any word of them, so only that they were published is noted.

page | declares an article? its own address? title and date from the feed? | words | may match? read : left unread

Some are read all the same, for what is learned from an outlet's pages whatever they are about: the lines it repeats,
and the control figures by which a changed template is noticed.
"""

from dataclasses import replace

from pipelines.adapters.markup import decoded
from pipelines.adapters.pages import Reading, read_feed_text
from pipelines.core.nouns import Entry, Response
from pipelines.core.screening import SCREENED, Screen, canonical_in, introduced, is_surely_article, shown, wall_in
from pipelines.core.text import hash_of
from pipelines.core.url_key import url_key
from pipelines.stages.protocols import Row

SAMPLE = 16  # one page in so many is read whatever it says; by its address, so that neither order nor batches count
_MOST_BYTES = 3_000_000  # more is read by a worker, under its limits


def left_unread(screen: Screen, row: Row, entry: Entry, response: Response) -> Reading | None:
    """The reading of a page that nothing can be on a topic in: the feed's title and date, no text. None: read it."""
    is_told = entry.title is not None and entry.published.precision is not None
    if not is_told or len(response.body) > _MOST_BYTES or hash_of(row["url_key"]) % SAMPLE == 0:
        return None
    source = decoded(response.body, response.charset)
    words = shown(source)
    if not is_surely_article(source, words) or not _is_at_home(source, row, response):
        return None
    listed = f"{entry.title}\n{entry.summary or ''}"
    if screen.may_match(f"{words}\n{listed}") or screen.may_be_asked(f"{introduced(source)}\n{listed}"):
        return None
    return _unread(entry, row["language"], source)


def _is_at_home(source: str, row: Row, response: Response) -> bool:
    """True unless the page names another address as its own: then it may be one that is known already."""
    canonical = canonical_in(source)
    return canonical is None or url_key(canonical) in {row["url_key"], url_key(response.final_url)}


def _unread(entry: Entry, prior: str | None, source: str) -> Reading:
    said = read_feed_text(entry, prior=prior).article
    return Reading(article=replace(said, text="", is_partial=False, is_paywalled=wall_in(source), extractor=SCREENED))
