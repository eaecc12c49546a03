"""Extract, as a pipe:

    archived pages | read (in workers) | not an article? the feed's own words | known by canonical? | drafts
    revisited pages | read (in workers) | changed? | revisions

Nothing is asked of the network here: whatever is read comes from the archive or from the entry.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from zoneinfo import ZoneInfo

from pipelines.adapters.archive import Place
from pipelines.adapters.pages import Assignment, Reading, read_assigned, read_feed_text, unread
from pipelines.adapters.warehouse import as_json, chunks
from pipelines.core import changes
from pipelines.core.dates import published_day
from pipelines.core.details import Lookout, details_of, quote_rows, term_rows
from pipelines.core.duplicates import content_hash
from pipelines.core.errors import ArchiveError
from pipelines.core.nouns import Article, Counted, Dated, Entry, Page, Quote, Response
from pipelines.core.reasons import Reason, Rejected, Stage, State
from pipelines.core.rights import PERMITTED
from pipelines.core.text import hash_of, words_of
from pipelines.core.url_key import RULE_VERSION, url_key
from pipelines.stages.protocols import Archiving, Row, Writer
from pipelines.stages.protocols import Reading as Readers

_BATCH = 50
_LEAST_FEED_WORDS = 12


@dataclass(frozen=True, slots=True, kw_only=True)
class _Read:
    """An entry with what was read for it, and the keys that may identify it."""

    row: Row
    article: Article
    rejected: Rejected | None
    keys: tuple[str, ...]
    canonical_key: str | None
    page_reason: str | None  # why the page itself gave no article; the feed's own words may stand for it


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What extraction works with.

    Attributes:
        zone: the readers', in which days are counted.
    """

    archive: Archiving
    reading: Readers
    lookout: Lookout
    zone: ZoneInfo


def extract(warehouse: Writer, desk: Desk, now: datetime) -> Counted:
    """Read every page that has been archived and not read. A page that costs too much costs only itself.

    Returns:
        Counts of articles, partial ones, duplicates by canonical address, rejected by reason, and revisions.
    """
    counts: Counter[str] = Counter()
    rows: list[Row] = []
    for batch in chunks(warehouse.query("extract/due_entries"), _BATCH):
        pages = _pages(desk, batch, [_entry(row) for row in batch], now)
        read = [_read(row, page) for row, page in zip(batch, pages, strict=True)]
        rows += _record(warehouse, read, desk.zone, now, counts)
    for batch in chunks(warehouse.query("extract/unread_revisits"), _BATCH):
        for row, page in zip(batch, _pages(desk, batch, [None] * len(batch), now), strict=True):
            counts["revisited"] += 1
            rows += _compare(warehouse, row, page, desk.lookout, now, counts)
    return Counted(stage="extract", counts=dict(sorted(counts.items())), rows=tuple(rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class _Page:
    """An archived page with what was read out of it; `response` is None where the archive has lost it."""

    response: Response | None
    reading: Reading


def _pages(desk: Desk, rows: Sequence[Row], entries: Sequence[Entry | None], now: datetime) -> list[_Page]:
    """The pages of rows, read by workers; a row without a page gives an empty reading."""
    responses = [_response(desk.archive, row) for row in rows]
    tasks = [
        (Assignment(page=_page(row, answer), entry=entry, prior=row["language"], now=now),)
        for row, answer, entry in zip(rows, responses, entries, strict=True)
        if isinstance(answer, Response)
    ]
    readings = desk.reading.map(read_assigned, tasks)
    return [_read_page(answer, readings) for answer in responses]


def _read_page(answer: Response | Rejected | None, readings: Iterator[Reading | Rejected]) -> _Page:
    if isinstance(answer, Response):
        reading = next(readings)
        return _Page(response=answer, reading=unread(reading) if isinstance(reading, Rejected) else reading)
    nothing = Reading(article=Article(title=None, text=""))
    return _Page(response=None, reading=nothing if answer is None else replace(nothing, rejected=answer))


def _response(archive: Archiving, row: Row) -> Response | Rejected | None:
    """What a row's server sent; None where it has no page."""
    if row["warc_file"] is None:
        return None
    try:
        return archive.read(Place(row["warc_file"], row["warc_offset"]))
    except ArchiveError as lost:
        return Rejected(reason=Reason.NO_TEXT, detail=str(lost))


def _page(row: Row, answer: Response) -> Page:
    return Page(url=row["url"], final_url=answer.final_url, body=answer.body, charset=answer.charset)


def _read(row: Row, page: _Page) -> _Read:
    """What was read for an entry; the feed's own words where there is no page or no article in it."""
    entry, reading, response = _entry(row), page.reading, page.response
    is_reserved = row["reason"] == Reason.TDM_RESERVED or bool(reading.article.is_tdm_reserved)
    if response is not None and response.is_tdm_reserved is not None:  # the header speaks for the page (TDMRep 6.1)
        is_reserved = response.is_tdm_reserved
        reading = replace(reading, article=replace(reading.article, is_tdm_reserved=is_reserved))
    if is_reserved and row["rights"] != PERMITTED:
        reserved = Rejected(reason=Reason.TDM_RESERVED, detail="text and data mining is reserved")
        reading = replace(reading, rejected=reserved)
    page_reason = reading.rejected.reason if reading.rejected is not None else row["reason"]
    if row["warc_file"] is None or reading.rejected is not None:
        reading = _fallback(reading, entry, row)
    article = replace(reading.article, is_tdm_reserved=True) if is_reserved else reading.article
    canonical_key = url_key(article.canonical_url) if article.canonical_url else None
    keys = [row["url_key"], canonical_key, url_key(response.final_url) if response else None]
    return _Read(
        row=row,
        article=article,
        rejected=reading.rejected,
        keys=tuple(dict.fromkeys(k for k in keys if k)),
        canonical_key=canonical_key,
        page_reason=page_reason,
    )


def _fallback(reading: Reading, entry: Entry, row: Row) -> Reading:
    """The feed's own words, where they are enough to stand for the page; else the page's rejection."""
    spoken = read_feed_text(entry, prior=row["language"])
    if spoken.rejected is None and len(words_of(spoken.article.text)) >= _LEAST_FEED_WORDS:
        return spoken
    if reading.rejected is not None:
        return reading
    reason = Reason(row["reason"]) if row["reason"] else Reason.NO_TEXT
    return Reading(article=reading.article, rejected=Rejected(reason=reason))


def _entry(row: Row) -> Entry:
    published = Dated(
        declared=row["published_at"].isoformat() if row["published_at"] else _iso_day(row),
        at=row["published_at"],
        day=row["published_on"],
        source=row["date_source"],
        raw=row["published_raw"],
    )
    return Entry(
        identity="", identity_kind="", url=row["url"], title=row["title"], summary=row["summary"],
        author=row["author"], published=published,
    )  # fmt: skip


def _iso_day(row: Row) -> str | None:
    return row["published_on"].isoformat() if row["published_on"] else None


def _record(warehouse: Writer, read: Sequence[_Read], zone: ZoneInfo, now: datetime, counts: Counter[str]) -> list[Row]:
    keys = as_json(sorted({k for r in read for k in r.keys}))
    known = {r["url_key"]: r["article_id"] for r in warehouse.query("extract/known_keys", keys=keys)}
    drafts, moves, told = [], [], []
    for one in read:
        move = _move(one, known, now)
        moves.append(move)
        if move["state"] == State.LISTED:
            drafts.append(_draft(one, move["article_id"], zone, now))
            known.update(dict.fromkeys(one.keys, move["article_id"]))
            counts["partial" if one.article.is_partial else "articles"] += 1
        else:
            counts[str(move["reason"])] += 1
            told.append({"url": one.row["url"], "state": move["state"], "reason": move["reason"],
                         "detail": move["detail"]})  # fmt: skip
    with warehouse.transaction() as tx:
        tx.run("extract/add_drafts", rows=drafts)
        tx.run("extract/move_entries", rows=moves)
        tx.run("extract/mark_read", ids=as_json([r.row["fetch_id"] for r in read if r.row["fetch_id"]]), now=now)
    return told


def _move(one: _Read, known: dict[str, int], now: datetime) -> Row:
    move: Row = {"entry_id": one.row["entry_id"], "decided_at": now, "rule_version": one.article.extractor,
                 "reason": None, "detail": None, "stage": None, "article_id": None}  # fmt: skip
    twin = next((known[k] for k in one.keys if k in known), None)
    if twin is not None:
        return {**move, "state": State.DUPLICATE, "reason": Reason.SAME_CANONICAL, "article_id": twin,
                "rule_version": RULE_VERSION}  # fmt: skip
    if one.rejected is not None:
        return {**move, "state": State.REJECTED, "reason": one.rejected.reason, "detail": one.rejected.detail or None}
    article_id = hash_of(one.canonical_key or one.keys[0])
    detail = f"from the feed's own words; page: {one.page_reason}" if one.article.is_partial else None
    return {**move, "state": State.LISTED, "stage": Stage.MATCH, "article_id": article_id, "detail": detail}


def _draft(one: _Read, article_id: int, zone: ZoneInfo, now: datetime) -> Row:
    article = one.article
    return {
        "entry_id": one.row["entry_id"],
        "article_id": article_id,
        "url": one.row["url"],
        "url_key": one.row["url_key"],
        "canonical_url": article.canonical_url,
        "canonical_key": one.canonical_key,
        "outlet_id": one.row["outlet_id"],
        "title": article.title,
        "text": article.text,
        "authors": list(article.authors),
        "published_at": article.published.at,
        "published_day": published_day(article.published, zone),
        "published_precision": article.published.precision,
        "published_raw": article.published.raw,
        "date_source": article.published.source,
        "modified_at": article.modified.at,
        "language": article.language,
        "language_source": article.language_source,
        "is_paywalled": article.is_paywalled,
        "is_partial": article.is_partial,
        "quality": article.quality,
        "is_tdm_reserved": article.is_tdm_reserved,
        "extractor": article.extractor,
        "content_hash": content_hash(article.title, article.text),
        "fetch_id": one.row["fetch_id"],
        "extracted_at": now,
    }


def _compare(
    warehouse: Writer, row: Row, page: _Page, lookout: Lookout, now: datetime, counts: Counter[str]
) -> list[Row]:
    """A page seen again: the same, or a new revision with what changed. One transaction an article.

    A page that cannot be read, or shows a wall this time, changes nothing.
    """
    article = page.reading.article if page.response is not None and page.reading.rejected is None else None
    found: list[changes.Change] = []
    if article is not None and content_hash(article.title, article.text) != row["content_hash"]:
        found = _changes(warehouse, row, article)
    with warehouse.transaction() as tx:
        tx.run("extract/mark_read", ids=as_json([row["fetch_id"]]), now=now)
        if found and article is not None:
            details = details_of(article.text, row["language"], lookout)
            revision = row["revision"] + 1
            tx.run("extract/add_texts", rows=[_text_row(row, article, revision, now)])
            tx.run("extract/add_revisions", rows=list(_revision_rows(row["article_id"], revision, found, now)))
            tx.run("extract/revise_articles", rows=[_revised(row, article, revision, now)])
            tx.run("extract/add_quotes", rows=quote_rows(row["article_id"], revision, details, now))
            tx.run("extract/add_terms", rows=term_rows(row["article_id"], revision, row["language"], details, now))
            counts["revised"] += 1
    return [{"url": row["url"], "state": "revised", "reason": c.kind, "detail": c.after} for c in found]


def _changes(warehouse: Writer, row: Row, article: Article) -> list[changes.Change]:
    told = warehouse.query("extract/quotes_of", article_id=row["article_id"], revision=row["revision"])
    old = [Quote(text=q["text"], start=q["start_offset"], end=q["end_offset"]) for q in told]
    new = details_of(article.text, row["language"], Lookout()).quotes
    return changes.changes(
        changes.Reading(title=row["title"], text=row["text"], quotes=old),
        changes.Reading(title=article.title, text=article.text, quotes=new),
    )


def _text_row(row: Row, article: Article, revision: int, now: datetime) -> Row:
    return {
        "article_id": row["article_id"],
        "revision": revision,
        "published_day": row["published_day"],
        "title": article.title,
        "text": article.text,
        "content_hash": content_hash(article.title, article.text),
        "is_partial": False,
        "fetch_id": row["fetch_id"],
        "seen_at": now,
    }


def _revision_rows(article_id: int, revision: int, found: Iterable[changes.Change], now: datetime) -> Iterable[Row]:
    for change in found:
        yield {"article_id": article_id, "revision": revision, "kind": change.kind, "before": change.before,
               "after": change.after, "seen_at": now}  # fmt: skip


def _revised(row: Row, article: Article, revision: int, now: datetime) -> Row:
    return {
        "article_id": row["article_id"],
        "revision": revision,
        "title": article.title,
        "words": len(words_of(article.text)),
        "content_hash": content_hash(article.title, article.text),
        "modified_at": article.modified.at,
        "updated_at": now,
    }
