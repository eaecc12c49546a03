"""Pages of kept articles seen again, as a pipe:

revisited page | as before? nothing | read by another extractor? our re-reading | what changed | revision, topics
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from pipelines.adapters.warehouse import as_json, chunks
from pipelines.core import changes
from pipelines.core.details import Lookout, details_of, mention_row, quote_rows, term_rows
from pipelines.core.duplicates import content_hash
from pipelines.core.nouns import Article, Quote
from pipelines.core.page_kinds import quality
from pipelines.core.records import flags_after, source_of
from pipelines.core.rulings import ruled
from pipelines.core.text import words_of
from pipelines.stages.archived import ArchivedPage, Asked, Desk, read_archived
from pipelines.stages.protocols import Row, Transaction, Writer
from pipelines.stages.second_opinion import Text, decide

_BATCH = 50
REREAD = "reread"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Revised:
    """An article after its page was seen again. `is_ours`: only our reading is known to have changed."""

    row: Row
    article: Article
    found: Sequence[changes.Change]
    is_ours: bool
    now: datetime

    @property
    def revision(self) -> int:
        """The revision that stands now: another where something is told of it."""
        return int(self.row["revision"]) + (1 if self.found else 0)

    @property
    def hash(self) -> int:
        return content_hash(self.article.title, self.article.text)


def revise(warehouse: Writer, desk: Desk, now: datetime, counts: Counter[str]) -> list[Row]:
    """Compare every page seen again and not yet compared, one transaction an article.

    A page that cannot be read, or shows a wall this time, changes nothing. Where the extractor is not the one that
    read what stands, nobody can say whose change it is: it is recorded as ours (`reread`), and no digest tells it.

    Returns:
        A row for each change of an outlet's.
    """
    told: list[Row] = []
    while visits := warehouse.query("extract/unread_revisits"):  # of an article one at a time, against the one before
        for batch in chunks(visits, _BATCH):
            asked = [Asked(row=row, entry=None, first_read_at=row["first_read_at"]) for row in batch]
            for row, page in zip(batch, read_archived(warehouse, desk, asked, now), strict=True):
                counts["revisited"] += 1
                told += _settle(warehouse, desk, _compared(warehouse, row, page, now), row, now, counts)
    return told


def _settle(
    warehouse: Writer, desk: Desk, revised: _Revised | None, row: Row, now: datetime, counts: Counter[str]
) -> list[Row]:
    with warehouse.transaction() as tx:
        tx.run("extract/mark_read", ids=as_json([row["fetch_id"]]), now=now)
        if revised is not None:
            _record(tx, desk, revised)
    if revised is None or not revised.found:
        return []
    counts["reread" if revised.is_ours else "revised"] += 1
    return [] if revised.is_ours else _told(revised)


def _told(revised: _Revised) -> list[Row]:
    return [{"url": revised.row["url"], "state": "revised", "reason": c.kind, "detail": c.after} for c in revised.found]


def _compared(warehouse: Writer, row: Row, page: ArchivedPage, now: datetime) -> _Revised | None:
    """What is to be recorded of a page; None where nothing is: it reads as before, or cannot be read."""
    if page.response is None or page.reading.rejected is not None:
        return None
    article = page.reading.article
    is_ours = article.extractor != row["extractor"]
    is_same = content_hash(article.title, article.text) == row["content_hash"]
    if is_same and not is_ours:
        return None
    found = [] if is_same else _changes(warehouse, row, article)
    if found and is_ours:
        found = [changes.Change(kind=REREAD, before=row["extractor"], after=_reread(row, article))]
    return _Revised(row=row, article=article, found=found, is_ours=is_ours, now=now)


def _reread(row: Row, article: Article) -> str:
    """The extractor, and the fields that read otherwise, as a replay tells them."""
    pairs = {"title": (row["title"], article.title), "text": (row["text"], article.text)}
    return f"{article.extractor}: {', '.join(f for f, (before, after) in pairs.items() if before != after)}"


def _changes(warehouse: Writer, row: Row, article: Article) -> list[changes.Change]:
    told = warehouse.query("extract/quotes_of", article_id=row["article_id"], revision=row["revision"])
    old = [Quote(text=q["text"], start=q["start_offset"], end=q["end_offset"]) for q in told]
    new = details_of(article.text, row["language"], Lookout()).quotes
    return changes.changes(
        changes.Reading(title=row["title"], text=row["text"], quotes=old),
        changes.Reading(title=article.title, text=article.text, quotes=new),
    )


def _record(tx: Transaction, desk: Desk, revised: _Revised) -> None:
    """A further text with all that is read out of it; where nothing is told, only that it has been compared.

    The hash follows the page either way, so that the next visit is held against this one.
    """
    if not revised.found:
        tx.run("extract/compare_articles", rows=[_compared_row(revised)])
        return
    row, now = revised.row, revised.now
    details = details_of(revised.article.text, row["language"], desk.lookout)
    tx.run("replay/keep_before", ids=as_json([row["article_id"]]), now=now)
    tx.run("extract/add_texts", rows=[_text_row(revised)])
    tx.run("extract/add_revisions", rows=list(_revision_rows(revised)))
    tx.run("extract/revise_articles", rows=[_revised_row(revised)])
    tx.run("extract/add_quotes", rows=quote_rows(row["article_id"], revised.revision, details, now))
    tx.run("extract/add_terms", rows=term_rows(row["article_id"], revised.revision, row["language"], details, now))
    _match_again(tx, desk, revised)


def _match_again(tx: Transaction, desk: Desk, revised: _Revised) -> None:
    """The topics of the new words, with their evidence. An article that has left them all stays what it was told as."""
    row, article = revised.row, revised.article
    text = Text(title=article.title, text=article.text, language=row["language"])
    (verdict,) = decide(desk.watch, desk.opinion, [text])
    verdict = ruled(verdict, desk.rulings.get(row["article_id"], ()))
    if not verdict.topics:
        return
    tx.run("replay/close_mentions", ids=as_json([row["article_id"]]), now=revised.now)
    tx.run("match/add_mentions", rows=[mention_row(row["article_id"], t, revised.now) for t in verdict.topics])


def _text_row(revised: _Revised) -> Row:
    return {
        "article_id": revised.row["article_id"],
        "revision": revised.revision,
        "published_day": revised.row["published_day"],
        "title": revised.article.title,
        "text": revised.article.text,
        "content_hash": revised.hash,
        "is_partial": False,
        "fetch_id": revised.row["fetch_id"],
        "seen_at": revised.now,
    }


def _revision_rows(revised: _Revised) -> Iterable[Row]:
    for change in revised.found:
        yield {"article_id": revised.row["article_id"], "revision": revised.revision, "kind": change.kind,
               "before": change.before, "after": change.after, "seen_at": revised.now}  # fmt: skip


def _compared_row(revised: _Revised) -> Row:
    return {"article_id": revised.row["article_id"], "content_hash": revised.hash,
            "extractor": revised.article.extractor}  # fmt: skip


def _revised_row(revised: _Revised) -> Row:
    article, is_dated = revised.article, revised.row["published_day"] is not None
    return {
        "article_id": revised.row["article_id"],
        "revision": revised.revision,
        "title": article.title,
        "words": len(words_of(article.text)),
        "content_hash": revised.hash,
        "modified_at": article.modified.at,
        "quality": quality(article.text, has_title=bool(article.title), has_date=is_dated),
        "extractor": article.extractor,
        "correction": article.correction,
        "title_source": source_of(article, "title"),
        "flags": flags_after(revised.row["flags"] or (), article, facts=False, words=True),
        "updated_at": revised.now,
    }
