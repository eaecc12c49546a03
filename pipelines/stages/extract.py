"""Extract, as a pipe:

    archived pages | read (in workers) | not an article? the feed's own words | known by canonical? | drafts
    revisited pages | compared (stages/revising.py) | revisions

Nothing is asked of the network here: whatever is read comes from the archive or from the entry.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

from pipelines.adapters.pages import Reading, read_feed_text
from pipelines.adapters.warehouse import as_json, chunks
from pipelines.core import lines
from pipelines.core.dates import published_day
from pipelines.core.duplicates import content_hash
from pipelines.core.nouns import Article, Counted, Dated, Entry
from pipelines.core.reasons import Reason, Rejected, Stage, State
from pipelines.core.records import flags_of, source_of
from pipelines.core.rights import PERMITTED
from pipelines.core.screening import SCREENED
from pipelines.core.text import hash_of, words_of
from pipelines.core.url_key import RULE_VERSION, url_key
from pipelines.stages.archived import ArchivedPage, Asked, Desk, read_archived
from pipelines.stages.protocols import Row, Writer
from pipelines.stages.revising import revise

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
    final_key: str | None
    lines: tuple[int, ...]  # what is remembered of the page's lines
    page_reason: str | None  # why the page itself gave no article; the feed's own words may stand for it


def extract(warehouse: Writer, desk: Desk, now: datetime) -> Counted:
    """Read every page that has been archived and not read. A page that costs too much costs only itself.

    Returns:
        Counts of articles, partial ones, screened ones (left unread), duplicates by canonical address, rejected by
        reason, and revisions.
    """
    counts: Counter[str] = Counter()
    rows: list[Row] = []
    due = warehouse.query("extract/due_entries")
    if due:
        _learn(warehouse, now)
    for batch in chunks(due, _BATCH):
        asked = [Asked(row=row, entry=_entry(row), first_read_at=now) for row in batch]
        pages = read_archived(warehouse, desk, asked, now)
        read = [_read(row, page) for row, page in zip(batch, pages, strict=True)]
        rows += _record(warehouse, read, desk.zone, now, counts)
    rows += revise(warehouse, desk, now, counts)
    return Counted(stage="extract", counts=dict(sorted(counts.items())), rows=tuple(rows))


def _learn(warehouse: Writer, now: datetime) -> None:
    """Before the first page of a UTC day is read: which lines outlets repeat, by the pages of the days before it.

    Pages of the day itself are looked at only when it is over, so neither their order nor batches play a role.
    """
    day = now.astimezone(UTC).date()
    (answer,) = warehouse.query("extract/has_learned", day=day)
    if answer["has_learned"]:
        return
    since = day - timedelta(days=lines.REMEMBERED_DAYS)
    with warehouse.transaction() as tx:
        tx.run("extract/see_lines", day=day)
        tx.run("extract/forget_lines", day=day, since=since)
        tx.run("extract/learn_lines", day=day, since=since, least=lines.REPEATED_ON, share=lines.VERSIONS_SHARE,
               version=lines.RULE_VERSION)  # fmt: skip
        tx.run("extract/drop_page_lines", since=since)


def _read(row: Row, page: ArchivedPage) -> _Read:
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
    final_key = _page_found(response.final_url) if response else None
    keys = [row["url_key"], canonical_key, final_key]
    return _Read(
        row=row,
        article=article,
        rejected=reading.rejected,
        keys=tuple(dict.fromkeys(k for k in keys if k)),
        canonical_key=canonical_key,
        final_key=final_key,
        lines=reading.lines,
        page_reason=page_reason,
    )


def _page_found(final_url: str) -> str | None:
    """The key of the address that answered; None for a front page, to which outlets send readers of lost pages."""
    key = url_key(final_url)
    return key if key and "/" in key else None


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
    drafts, remembered, moves, told = [], [], [], []
    for one in read:
        move = _move(one, known, now)
        moves.append(move)
        if move["state"] == State.LISTED:
            drafts.append(_draft(one, move["article_id"], zone, now))
            remembered += _line_rows(one, move["article_id"], now)
            known.update(dict.fromkeys(one.keys, move["article_id"]))
            counts[_kind(one.article)] += 1
        else:
            counts[str(move["reason"])] += 1
            told.append({"url": one.row["url"], "state": move["state"], "reason": move["reason"],
                         "detail": move["detail"]})  # fmt: skip
    with warehouse.transaction() as tx:
        tx.run("extract/add_drafts", rows=drafts)
        tx.run("extract/add_page_lines", rows=remembered)
        tx.run("extract/move_entries", rows=moves)
        tx.run("extract/mark_read", ids=as_json([r.row["fetch_id"] for r in read if r.row["fetch_id"]]), now=now)
    return told


def _kind(article: Article) -> str:
    if article.extractor == SCREENED:
        return "screened"
    return "partial" if article.is_partial else "articles"


def _move(one: _Read, known: dict[str, int], now: datetime) -> Row:
    move: Row = {"entry_id": one.row["entry_id"], "decided_at": now, "rule_version": one.article.extractor,
                 "reason": None, "detail": None, "stage": None, "article_id": None}  # fmt: skip
    key = next((k for k in one.keys if k in known), None)
    if key is not None:
        return {**move, "state": State.DUPLICATE, "reason": Reason.SAME_CANONICAL, "article_id": known[key],
                "detail": key, "rule_version": RULE_VERSION}  # fmt: skip
    if one.rejected is not None:
        return {**move, "state": State.REJECTED, "reason": one.rejected.reason, "detail": one.rejected.detail or None}
    article_id = hash_of(one.canonical_key or one.keys[0])
    return {**move, "state": State.LISTED, "stage": Stage.MATCH, "article_id": article_id, "detail": _detail(one)}


def _detail(one: _Read) -> str | None:
    if one.article.extractor == SCREENED:
        return "left unread: by the words of its page no topic can hold"
    return f"from the feed's own words; page: {one.page_reason}" if one.article.is_partial else None


def _draft(one: _Read, article_id: int, zone: ZoneInfo, now: datetime) -> Row:
    article = one.article
    is_read = article.extractor != SCREENED
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
        "quality": article.quality if is_read else None,
        "is_tdm_reserved": article.is_tdm_reserved,
        "extractor": article.extractor,
        "content_hash": content_hash(article.title, article.text) if is_read else None,
        "fetch_id": one.row["fetch_id"],
        "extracted_at": now,
        "section": article.section,
        "tags": list(article.tags),
        "licence": article.licence,
        "wire": list(article.wire),
        "correction": article.correction,
        "title_source": source_of(article, "title"),
        "authors_source": source_of(article, "authors"),
        "flags": list(flags_of(article)) if is_read else [],
        "original_url": article.original_url,
        "final_key": one.final_key,
    }


def _line_rows(one: _Read, article_id: int, now: datetime) -> list[Row]:
    """What is remembered of a page; of the feed's own words nothing is."""
    page = {"outlet_id": one.row["outlet_id"], "article_id": article_id, "day": now.astimezone(UTC).date(),
            "lines": len(one.lines)}  # fmt: skip
    return [{**page, "line": line} for line in one.lines]
