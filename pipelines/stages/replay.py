"""Replay, as a pipe:

    WARC files | pages | ours? read again (in workers) | what differs | adopted, as our better reading
                       | somebody's? entries of a feed named after the file | our archive | extract and after

`preview` goes the same way and writes nothing. A re-reading is no change of the outlet: it has a revision of kind
`reread`, which no digest tells, and articles as they stood before remain in `articles_before`.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from zoneinfo import ZoneInfo

from pipelines.adapters.archive import Place
from pipelines.adapters.pages import Assignment, read_assigned, read_feed_text, unread
from pipelines.adapters.pages import Reading as Read
from pipelines.adapters.warc_reading import Capture, WarcFile, captures, unpacked
from pipelines.adapters.warehouse import Reader, as_json
from pipelines.core.dates import published_day
from pipelines.core.details import Lookout, close_call_row, details_of, mention_row, quote_rows, term_rows
from pipelines.core.discovery import outlet_of, site_of
from pipelines.core.duplicates import content_hash
from pipelines.core.matching import Verdict, Watch
from pipelines.core.nouns import Article, Counted, Dated, Entry, Page, Response, TopicMatch
from pipelines.core.reasons import Reason, Rejected, Stage, State
from pipelines.core.records import flags_after, source_of, sources_told
from pipelines.core.rereading import Account, Dating, Difference, differences
from pipelines.core.rights import PERMITTED
from pipelines.core.rulings import Ruling, ruled
from pipelines.core.screening import SCREENED
from pipelines.core.text import hash_of, one_line, words_of
from pipelines.core.url_key import RULE_VERSION, url_key
from pipelines.stages.archived import OutletDay, outlet_day, repeated_lines
from pipelines.stages.copying import leave
from pipelines.stages.protocols import Archiving, Reading, Row, Transaction, Writer
from pipelines.stages.second_opinion import SecondOpinion, Text, decide

_BATCH_PAGES = 50
_BATCH_BYTES = 20_000_000
_PAGES = frozenset({"first", "revisit"})  # what our own fetching archives for reading; the rest is feeds and rules
_FACTS = frozenset({"decision", "authors", "date", "language", "section", "tags", "licence", "wire"})
_WORDS = frozenset({"title", "text"})
_TOPICS = frozenset({"topics"})
_BESIDE = frozenset({"correction"})  # what goes with the words without being theirs
_OF_EITHER = frozenset({"sources", "flags"})  # each page gives its part of them


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What replaying works with.

    Attributes:
        zone: the readers', in which days are counted.
        sites: outlet ids by site.
        opinion: the second one, on what the query leaves undecided.
        rulings: people's decisions on relevance, by article.
    """

    reading: Reading
    watch: Watch
    lookout: Lookout
    zone: ZoneInfo
    sites: Mapping[str, str]
    opinion: SecondOpinion | None = None
    rulings: Mapping[int, Sequence[Ruling]] = field(default_factory=dict)


@dataclass(slots=True)
class Preview:
    """What a replay would change.

    Attributes:
        counts: of records and pages, as in a replay.
        changes: fields that would change, by name.
        decisions: pages of somebody's files, by what would become of them.
        shown: the first of the changes: url, field, before, after.
    """

    most_shown: int
    counts: Counter[str] = field(default_factory=Counter)
    changes: Counter[str] = field(default_factory=Counter)
    decisions: Counter[str] = field(default_factory=Counter)
    shown: list[tuple[str, Difference]] = field(default_factory=list)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Taken:
    """A page out of a file, unpacked; `row` is what the warehouse holds of it, None: it is somebody's."""

    capture: Capture
    response: Response
    row: Row | None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reread:
    """A page of ours, read again.

    Attributes:
        rejected: why it gives no article now.
        verdict: as decided now; no topics: off topic.
        found: what differs from what is held.
        stands: an article whose page would give none any more: told, never adopted.
    """

    row: Row
    article: Article
    rejected: Rejected | None
    verdict: Verdict
    found: Sequence[Difference]
    stands: bool = False

    @property
    def topics(self) -> Sequence[TopicMatch]:
        """The topics that hold now; empty: off topic."""
        return self.verdict.topics

    @property
    def fields(self) -> frozenset[str]:
        """The names of what differs."""
        return frozenset(d.field for d in self.found)

    @property
    def is_adopted(self) -> bool:
        """True where something differs that becomes what stands."""
        return bool(self.found) and not self.stands

    @property
    def is_confirmed(self) -> bool:
        """True where another extractor reads the newest page as it stands: what changes next is the outlet's."""
        article = self.article
        is_whole = self.rejected is None and not self.found and "title" in _fields_of(self.row)
        is_unread = self.row["extractor"] == SCREENED  # and so it stays, as nothing of what was read now is kept
        return is_whole and not is_unread and article.extractor != self.row["extractor"]


def preview(reader: Reader, desk: Desk, files: Iterable[WarcFile], now: datetime, most_shown: int) -> Iterator[Preview]:
    """What a replay of these files would change; the same preview, further on, after each file. Nothing is written."""
    seen = Preview(most_shown=most_shown)
    outlets = _outlets(reader)
    for file in files:
        for batch in _batches(reader, desk, file, seen.counts):
            for reread in _reread(reader, desk, _ours(batch)):
                seen.counts["ours"] += 1
                seen.changes.update(reread.fields)
                seen.counts["changed"] += bool(reread.found)
                room = max(0, most_shown - len(seen.shown))
                seen.shown += [(reread.row["url"], d) for d in reread.found][:room]
            seen.decisions.update(_foreseen(reader, desk, [t for t in batch if t.row is None], outlets, now))
        yield seen


def replay(
    warehouse: Writer, desk: Desk, archive: Archiving, files: Iterable[WarcFile], now: datetime
) -> Iterator[Counted]:
    """Read our own pages again and adopt what differs; list somebody's pages, archived, for extract and after.

    Returns:
        After each file what was in it, and what came of it.
    """
    for file in files:
        counts: Counter[str] = Counter()
        listing = _Listing(file=file, now=now)
        for batch in _batches(warehouse, desk, file, counts):
            ours = list(_reread(warehouse, desk, _ours(batch)))
            counts["ours"] += len(ours)
            counts["no_article_any_more"] += sum(r.stands for r in ours)
            _adopt(warehouse, desk, [r for r in ours if r.is_adopted], now, counts)
            _confirm(warehouse, [r for r in ours if r.is_confirmed])
            listing.add(warehouse, desk, archive, [t for t in batch if t.row is None])
        if listing.listed:
            counts.update(listed=listing.listed, new=listing.new, known=listing.known)
        yield Counted(stage=f"replay {file.name}", counts=dict(sorted(counts.items())))


def decide_anew(
    warehouse: Writer, desk: Desk, archive: Archiving, article_ids: Collection[int], now: datetime
) -> Counter[str]:
    """Decide on single articles as a replay would, from their own pages or their feed's words.

    Raises:
        ArchiveError: a page is not in the archive any more; nothing has changed then.

    Returns:
        Counts of what changed.
    """
    counts: Counter[str] = Counter()
    ids = as_json(sorted(article_ids))
    places = warehouse.query("replay/pages_of", ids=ids)
    asked = as_json([{"n": n, "fetch_id": p["fetch_id"], "warc_file": None, "warc_offset": None}
                     for n, p in enumerate(places)])  # fmt: skip
    rows = {r["n"]: r for r in warehouse.query("replay/fetched", asked=asked)} if places else {}
    pages = [
        (rows[n], archive.read(Place(p["warc_file"], p["warc_offset"])))
        for n, p in enumerate(places)
        if n in rows and _fields_of(rows[n])
    ]
    worded = [(r, read_feed_text(_entry(r), prior=r["entry_language"]))
              for r in warehouse.query("replay/feed_worded", ids=ids)]  # fmt: skip
    rereads = [*_reread(warehouse, desk, pages), *_decided(desk, worded)]
    _adopt(warehouse, desk, [r for r in rereads if r.is_adopted], now, counts)
    return counts


def _batches(reader: Reader, desk: Desk, file: WarcFile, counts: Counter[str]) -> Iterator[list[_Taken]]:
    """The pages of a file that can be read, a few at a time."""
    with file.opened() as stream:
        batch: list[Capture] = []
        size = 0
        for captured in captures(stream, counts):
            if captured.purpose is not None and captured.purpose not in _PAGES:
                counts["not_pages"] += 1
                continue
            batch.append(captured)
            size += len(captured.body)
            if len(batch) == _BATCH_PAGES or size > _BATCH_BYTES:
                yield _taken(reader, desk, file, batch, counts)
                batch, size = [], 0
        if batch:
            yield _taken(reader, desk, file, batch, counts)


def _taken(reader: Reader, desk: Desk, file: WarcFile, batch: Sequence[Capture], counts: Counter[str]) -> list[_Taken]:
    rows = _held(reader, file, batch)
    wanted = []
    for n, captured in enumerate(batch):
        row = rows.get(n)
        if row is not None and not _fields_of(row):
            counts["superseded"] += 1  # our reading of another visit stands
        else:
            wanted.append((captured, row))
    packed = desk.reading.map(unpacked, [(c,) for c, _ in wanted if c.is_packed])
    taken = []
    for captured, row in wanted:
        response = next(packed) if captured.is_packed else unpacked(captured)
        if isinstance(response, Rejected):
            counts["unreadable"] += 1
        else:
            taken.append(_Taken(capture=captured, response=response, row=row))
    return taken


def _held(reader: Reader, file: WarcFile, batch: Sequence[Capture]) -> dict[int, Row]:
    """What the warehouse holds of the pages that are ours, by their number in the batch."""
    asked = [
        {"n": n, "fetch_id": _fetch_of(c), "warc_file": file.within, "warc_offset": c.offset}
        for n, c in enumerate(batch)
        if file.within is not None or _fetch_of(c) is not None
    ]
    return {r["n"]: r for r in reader.query("replay/fetched", asked=as_json(asked))} if asked else {}


def _fetch_of(captured: Capture) -> int | None:
    """The fetch that our own record names."""
    *_, last = (captured.subject or "").split(" ")
    return int(last) if last.removeprefix("-").isdecimal() and captured.purpose in _PAGES else None


def _fields_of(row: Row) -> frozenset[str]:
    """What is held of this very page: the facts of its article, its words, or that it gave none."""
    if row["entry_state"] == State.REJECTED and row["read_at"] is not None:
        return frozenset({"decision"})
    if row["article_id"] is None or row["read_at"] is None or row["stage"] is not None:
        return frozenset()
    is_of_words = row["text_revision"] == row["revision"] if row["has_text"] else bool(row["is_of_facts"])
    fields = (_FACTS if row["is_of_facts"] else frozenset()) | (_WORDS | _BESIDE if is_of_words else frozenset())
    # The first page decides whether an article is kept, the newest words what a kept one is about.
    has_topics = is_of_words if row["state"] == State.KEPT else bool(row["is_of_facts"])
    return fields | _OF_EITHER | (_TOPICS if has_topics else frozenset()) if fields else fields


def _ours(taken: Sequence[_Taken]) -> list[tuple[Row, Response]]:
    return [(t.row, t.response) for t in taken if t.row is not None]


def _reread(reader: Reader, desk: Desk, ours: Sequence[tuple[Row, Response]]) -> Iterator[_Reread]:
    """Our own pages as the present extractor and rules read them, without the lines that were dropped then."""
    drops = repeated_lines(reader, (_outlet_day(row) for row, _ in ours if row["first_read_at"]))
    answers = desk.reading.map(read_assigned, [(_assignment(row, response, drops),) for row, response in ours])
    read = zip(ours, answers, strict=True)
    return _decided(desk, [(row, _permitted(a, response, row["rights"])) for (row, response), a in read])


def _decided(desk: Desk, rows: Sequence[tuple[Row, Read]]) -> Iterator[_Reread]:
    """Readings with the rules' verdicts on them and, over these, what people decided."""
    told = [_told_of(row, read) for row, read in rows]
    verdicts = decide(desk.watch, desk.opinion, [_text_of(article) for article in told])
    for (row, read), article, verdict in zip(rows, told, verdicts, strict=True):
        yield _judged(desk, row, read, article, ruled(verdict, desk.rulings.get(row["article_id"], ())))


def _outlet_day(row: Row) -> OutletDay:
    return outlet_day(row["outlet_id"], row["first_read_at"])


def _assignment(row: Row, response: Response, drops: Mapping[OutletDay, frozenset[int]]) -> Assignment:
    """As the stage that read it first assigned it."""
    is_first = row["purpose"] != "revisit"
    page = Page(url=row["url"], final_url=response.final_url, body=response.body, charset=response.charset)
    prior = row["entry_language"] if is_first else row["language"]
    return Assignment(page=page, entry=_entry(row) if is_first else None, prior=prior, now=row["read_at"],
                      drop=drops.get(_outlet_day(row), frozenset()))  # fmt: skip


def _entry(row: Row) -> Entry:
    at, day = row["entry_at"], row["published_on"]
    declared = at.isoformat() if at else day.isoformat() if day else None
    published = Dated(declared=declared, at=at, day=day, source=row["entry_date_source"], raw=row["entry_raw"])
    return Entry(
        identity="", identity_kind="", url=row["url"], title=row["entry_title"], summary=row["summary"],
        author=row["author"], published=published,
    )  # fmt: skip


def _permitted(answer: Read | Rejected, response: Response, rights: str | None) -> Read:
    """A reading, rejected where the page or its header reserves it (the header speaks for the page, TDMRep 6.1)."""
    read = unread(answer) if isinstance(answer, Rejected) else answer
    is_reserved = response.is_tdm_reserved
    if is_reserved is None:
        is_reserved = bool(read.article.is_tdm_reserved)
    if not is_reserved or rights == PERMITTED:
        return read
    return replace(read, rejected=Rejected(reason=Reason.TDM_RESERVED, detail="text and data mining is reserved"))


def _told_of(row: Row, read: Read) -> Article:
    """The article that is decided on: as read or, where the page gives none, as its words are stored."""
    if read.rejected is None or row["article_id"] is None:
        return read.article
    return replace(read.article, title=row["text_title"], text=row["text"] or "", language=row["language"])


def _text_of(article: Article) -> Text:
    return Text(title=article.title, text=article.text, language=article.language)


def _judged(desk: Desk, row: Row, read: Read, article: Article, verdict: Verdict) -> _Reread:
    """A reading held against what stands. Where the page gives no article, the stored text is decided on anew."""
    rejected, fields = read.rejected, _fields_of(row)
    if rejected is not None and row["article_id"] is not None:
        fields &= {"decision", "topics"}
    is_lost = rejected is not None and row["article_id"] is not None and not row["is_partial"]
    if rejected is not None and (is_lost or row["article_id"] is None):
        after = Account(decision=f"rejected: {rejected.reason}")
        fields &= {"decision"}
        verdict = Verdict(version=verdict.version)
    else:
        after = _account(row, article, verdict.topics, desk.zone)
        if rejected is not None and not row["has_text"]:
            fields = frozenset()  # off topic by the feed's words, which are not kept
        if not verdict.topics and not row["is_of_facts"]:
            fields -= _TOPICS  # corrected words that leave every topic leave the article what it was told as
    if row["extractor"] == SCREENED and not verdict.topics:
        fields = frozenset()  # left unread for being off topic, which it is: only a topic would be news
    found = differences(_standing(row, after), after, fields)
    return _Reread(row=row, article=article, rejected=rejected, verdict=verdict, found=found, stands=is_lost)


def _account(row: Row, article: Article, topics: Sequence[TopicMatch], zone: ZoneInfo) -> Account:
    return Account(
        decision=State.KEPT if topics else State.OFF_TOPIC,
        topics=frozenset((t.topic, t.is_about) for t in topics),
        title=article.title,
        text=article.text,
        authors=article.authors,
        dating=Dating(at=article.published.at, day=published_day(article.published, zone)),
        language=article.language,
        section=article.section,
        tags=article.tags,
        licence=article.licence,
        wire=article.wire,
        correction=article.correction,
        sources=_sources(row, source_of(article, "title"), source_of(article, "authors"), article.published.source),
        flags=_flags(row, article),
    )


def _standing(row: Row, after: Account) -> Account:
    if row["article_id"] is None:
        return Account(decision=f"rejected: {row['reason']}")
    text = row["text"]
    if row["state"] == State.OFF_TOPIC:  # its text is not kept, but its hash is
        text = after.text if content_hash(row["title"], after.text or "") == row["content_hash"] else None
    return Account(
        decision=row["state"],
        topics=frozenset((t["topic"], t["is_about"]) for t in row["topics"] or ()),
        title=row["title"],
        text=text,
        authors=tuple(row["authors"] or ()),
        dating=Dating(at=row["published_at"], day=row["published_day"]),
        language=row["language"],
        section=row["section"],
        tags=tuple(row["tags"] or ()),
        licence=row["licence"],
        wire=tuple(row["wire"] or ()),
        correction=row["correction"],
        sources=_sources(row, row["title_source"], row["authors_source"], row["date_source"]),
        flags=tuple(row["flags"] or ()),
    )


def _sources(row: Row, title: str | None, authors: str | None, published: str | None) -> tuple[str, ...]:
    """Who said what, of the fields that this page gives."""
    fields = _fields_of(row)
    by_page = {"title": title if "title" in fields else None}
    by_page |= {"authors": authors, "published": published} if "authors" in fields else {}
    return sources_told(**by_page)


def _flags(row: Row, article: Article) -> tuple[str, ...]:
    fields = _fields_of(row)
    return flags_after(row["flags"] or (), article, facts="authors" in fields, words="title" in fields)


def _adopt(warehouse: Writer, desk: Desk, rereads: Sequence[_Reread], now: datetime, counts: Counter[str]) -> None:
    """What differs becomes what stands, in one transaction a batch."""
    rereads = list({(r.row["fetch_id"], r.row["article_id"]): r for r in rereads}.values())
    if not rereads:
        return
    articles = [r for r in rereads if r.row["article_id"] is not None]
    entries = [r for r in rereads if r.row["article_id"] is None]
    counts["changed"] += len(rereads)
    for reread in rereads:
        counts.update(f"changed_{f}" for f in reread.fields)
    with warehouse.transaction() as tx:
        tx.run("replay/reopen_entries", rows=[_reopened(r, now) for r in entries])
        tx.run("replay/keep_before", ids=_ids(articles), now=now)
        tx.run("extract/add_revisions", rows=[_reread_row(r, now) for r in articles])
        tx.run("replay/change_facts", rows=[_facts(r, desk.zone, now) for r in articles if _has_new_facts(r)])
        tx.run("replay/change_beside", rows=[_beside(r, now) for r in articles if r.rejected is None])
        _adopt_words(tx, desk, [r for r in articles if _has_new_words(r)], now)
        _adopt_topics(tx, [r for r in articles if r.fields & {"decision", "topics"}], now)


def _confirm(warehouse: Writer, rereads: Sequence[_Reread]) -> None:
    if not rereads:
        return
    rows = {r.row["article_id"]: {"article_id": r.row["article_id"], "content_hash": r.row["content_hash"],
                                  "extractor": r.article.extractor} for r in rereads}  # fmt: skip
    with warehouse.transaction() as tx:
        tx.run("extract/compare_articles", rows=list(rows.values()))


def _ids(rereads: Iterable[_Reread]) -> str:
    return as_json(sorted({r.row["article_id"] for r in rereads}))


def _has_new_facts(reread: _Reread) -> bool:
    return reread.rejected is None and bool(reread.row["is_of_facts"]) and bool(reread.fields)


def _has_new_words(reread: _Reread) -> bool:
    """True for other words, and for an article that is kept now and has none stored."""
    is_owner = "title" in _fields_of(reread.row) and reread.rejected is None
    is_bare = bool(reread.topics) and not reread.row["has_text"]
    return is_owner and (bool(reread.fields & _WORDS) or is_bare)


def _is_kept(reread: _Reread) -> bool:
    """Whether it is kept in the end: by what was decided now, or, of a page that decides nothing, by what stands."""
    if reread.row["is_of_facts"]:
        return bool(reread.topics)
    return bool(reread.row["state"] == State.KEPT)


def _revision(reread: _Reread) -> int:
    """The revision that stands in the end."""
    row = reread.row
    is_more = _has_new_words(reread) and _is_kept(reread) and row["has_text"]
    return int(row["revision"]) + (1 if is_more else 0)


def _reread_row(reread: _Reread, now: datetime) -> Row:
    row = reread.row
    extractor = reread.article.extractor or row["extractor"]
    return {"article_id": row["article_id"], "revision": _revision(reread), "kind": "reread",
            "before": row["extractor"], "after": f"{extractor}: {', '.join(d.field for d in reread.found)}",
            "seen_at": now}  # fmt: skip


def _facts(reread: _Reread, zone: ZoneInfo, now: datetime) -> Row:
    article = reread.article
    return {
        "article_id": reread.row["article_id"],
        "authors": list(article.authors),
        "published_at": article.published.at,
        "published_day": published_day(article.published, zone),
        "published_precision": article.published.precision,
        "published_raw": article.published.raw,
        "date_source": article.published.source,
        "language": article.language,
        "language_source": article.language_source,
        "is_paywalled": article.is_paywalled,
        "section": article.section,
        "tags": list(article.tags),
        "licence": article.licence,
        "wire": list(article.wire),
        "authors_source": source_of(article, "authors"),
        "original_url": article.original_url,
        "extractor": article.extractor,
        "updated_at": now,
    }


def _beside(reread: _Reread, now: datetime) -> Row:
    """What goes with the words, as this page has them or else as it stands, and what is wrong with the whole."""
    row, article = reread.row, reread.article
    is_of_words = "title" in _fields_of(row)
    return {
        "article_id": row["article_id"],
        "correction": article.correction if is_of_words else row["correction"],
        "title_source": source_of(article, "title") if is_of_words else row["title_source"],
        "flags": _flags(row, article),
        "updated_at": now,
    }


def _adopt_words(tx: Transaction, desk: Desk, rereads: Sequence[_Reread], now: datetime) -> None:
    """New titles and texts; of articles off topic only what the narrow row holds of them."""
    tx.run("replay/change_texts", rows=[_words(r, now) for r in rereads])
    kept = [r for r in rereads if _is_kept(r)]
    tx.run("extract/add_texts", rows=[_text(r, desk.zone, now) for r in kept])
    quotes, terms = [], []
    for reread in kept:
        article_id, revision, language = reread.row["article_id"], _revision(reread), reread.article.language
        details = details_of(reread.article.text, language, desk.lookout)
        quotes += quote_rows(article_id, revision, details, now)
        terms += term_rows(article_id, revision, language, details, now)
    tx.run("extract/add_quotes", rows=quotes)
    tx.run("extract/add_terms", rows=terms)


def _words(reread: _Reread, now: datetime) -> Row:
    article = reread.article
    return {
        "article_id": reread.row["article_id"],
        "revision": _revision(reread),
        "title": article.title,
        "words": len(words_of(article.text)),
        "content_hash": content_hash(article.title, article.text),
        "modified_at": article.modified.at,
        "quality": article.quality,
        "extractor": article.extractor,
        "is_partial": article.is_partial,
        "updated_at": now,
    }


def _text(reread: _Reread, zone: ZoneInfo, now: datetime) -> Row:
    row, article = reread.row, reread.article
    return {
        "article_id": row["article_id"],
        "revision": _revision(reread),
        "published_day": published_day(article.published, zone) if row["is_of_facts"] else row["published_day"],
        "title": article.title,
        "text": article.text,
        "content_hash": content_hash(article.title, article.text),
        "is_partial": article.is_partial,
        "fetch_id": row["fetch_id"],
        "seen_at": now,
    }


def _adopt_topics(tx: Transaction, rereads: Sequence[_Reread], now: datetime) -> None:
    """Topics as decided now; the decisions before stand as of their time."""
    if not rereads:
        return
    moved = [r for r in rereads if "decision" in r.fields]
    left = [r for r in moved if not r.topics]
    gone = {r.row["article_id"] for r in left}
    # Of two pages of one article the one with the newest words has the say; one that has left tells of no topic.
    told = {r.row["article_id"]: r for r in sorted(rereads, key=lambda r: "title" in _fields_of(r.row))}
    standing = [r for article_id, r in told.items() if article_id not in gone]
    tx.run("replay/close_mentions", ids=_ids(rereads), now=now)
    tx.run("match/add_mentions", rows=[mention_row(r.row["article_id"], t, now) for r in standing for t in r.topics])
    tx.run("replay/close_close_calls", ids=_ids(rereads), now=now)
    close = [(i, r.verdict.close_call) for i, r in told.items()]
    tx.run("match/add_close_calls", rows=[close_call_row(i, call, now) for i, call in close if call])
    tx.run("replay/change_states",
           rows=[{"article_id": i, "state": State.OFF_TOPIC if i in gone else State.KEPT, "updated_at": now}
                 for i in told])  # fmt: skip
    tx.run("replay/close_places", ids=_ids(left), now=now)
    leave(tx, gone, now)
    tx.run("replay/move_entries", rows=[_moved(r, now) for r in moved])


def _moved(reread: _Reread, now: datetime) -> Row:
    return {
        "article_id": reread.row["article_id"],
        "state": State.KEPT if reread.topics else State.OFF_TOPIC,
        "reason": None if reread.topics else Reason.NO_MATCH,
        "decided_at": now,
        "rule_version": reread.verdict.version,
    }


def _reopened(reread: _Reread, now: datetime) -> Row:
    """An entry that was rejected: on to extract, which settles what it is, or rejected for another reason."""
    rejected = reread.rejected
    return {
        "entry_id": reread.row["entry_id"],
        "state": State.REJECTED if rejected else State.LISTED,
        "reason": rejected.reason if rejected else None,
        "detail": rejected.detail or None if rejected else None,
        "stage": None if rejected else Stage.EXTRACT,
        "decided_at": now,
        "rule_version": reread.article.extractor,
    }


def _outlets(reader: Reader) -> dict[str, Row]:
    return {r["outlet_id"]: r for r in reader.query("replay/outlets")}


def _outlet_id(url: str, sites: Mapping[str, str]) -> str:
    site = site_of(url) or ""
    return outlet_of(site, sites) or f"site:{site}"


def _foreseen(
    reader: Reader, desk: Desk, taken: Sequence[_Taken], outlets: Mapping[str, Row], now: datetime
) -> Iterator[str]:
    """What would become of somebody's pages: known, rejected, kept or off topic."""
    keys = [url_key(t.capture.url) for t in taken]
    known = _articles_by_key(reader, keys)
    fresh = [t for t, k in zip(taken, keys, strict=True) if k not in known]
    yield from ["known"] * (len(taken) - len(fresh))
    days = [outlet_day(_outlet_id(t.capture.url, desk.sites), now) for t in fresh]
    described = [outlets.get(outlet_id or "", {}) for outlet_id, _ in days]
    drops = repeated_lines(reader, days)
    tasks = [
        (Assignment(page=_page(t), entry=None, prior=o.get("language"), now=now, drop=drops.get(d, frozenset())),)
        for t, o, d in zip(fresh, described, days, strict=True)
    ]
    answers = zip(fresh, described, desk.reading.map(read_assigned, tasks), strict=True)
    read = [_permitted(answer, one.response, outlet.get("rights")) for one, outlet, answer in answers]
    yield from ["rejected" for r in read if r.rejected is not None]
    texts = [_text_of(r.article) for r in read if r.rejected is None]
    for verdict in decide(desk.watch, desk.opinion, texts):
        yield State.KEPT if verdict.topics else State.OFF_TOPIC


def _page(taken: _Taken) -> Page:
    response = taken.response
    return Page(url=response.url, final_url=response.final_url, body=response.body, charset=response.charset)


def _articles_by_key(reader: Reader, keys: Iterable[str | None]) -> dict[str, int]:
    asked = sorted({k for k in keys if k})
    if not asked:
        return {}
    return {r["url_key"]: r["article_id"] for r in reader.query("extract/known_keys", keys=as_json(asked))}


@dataclass(slots=True)
class _Listing:
    """A file of somebody's as a feed: what it has listed so far."""

    file: WarcFile
    now: datetime
    listed: int = 0
    new: int = 0
    known: int = 0

    @property
    def feed_id(self) -> str:
        return f"warc:{self.file.name}"

    def add(self, warehouse: Writer, desk: Desk, archive: Archiving, taken: Sequence[_Taken]) -> None:
        """Pages archived first, then rows that point to them, in one transaction."""
        if not taken:
            return
        rows = {
            (r := self._entry(t, desk.sites))["entry_id"]: (r, t) for t in reversed(taken)
        }  # the first capture counts
        old = {r["entry_id"] for r in warehouse.query("poll/known_entries", ids=as_json(list(rows)))}
        fresh = [(r, t) for i, (r, t) in reversed(rows.items()) if i not in old]
        known = _articles_by_key(warehouse, [r["url_key"] for r, _ in fresh])
        outlets = _outlets(warehouse)
        entries, fetches = [], []
        for row, one in fresh:
            described = outlets.get(row["outlet_id"], {})
            row.update(
                language=described.get("language"),
                language_source="sources.yaml" if described.get("language") else None,
            )
            if row["url_key"] in known:
                row.update(state=State.DUPLICATE, reason=Reason.SAME_URL, article_id=known[row["url_key"]])
            else:
                fetches.append(self._fetch(row, one, archive))
                row.update(state=State.LISTED, stage=Stage.EXTRACT, fetch_id=fetches[-1]["fetch_id"])
            entries.append(row)
        archive.sync()
        self.listed += len(taken)
        self.new += len(entries)
        self.known += len(taken) - len(entries)
        with warehouse.transaction() as tx:
            tx.run("replay/add_feed", feed_id=self.feed_id, url=self.file.name, now=self.now)
            tx.run("poll/add_found_outlets", rows=_found_outlets(entries), now=self.now)
            tx.run("fetch/add_fetches", rows=fetches)
            tx.run("replay/add_entries", rows=entries)
            tx.run("replay/save_poll", rows=[self._poll()])

    def _entry(self, taken: _Taken, sites: Mapping[str, str]) -> Row:
        url = taken.capture.url
        key = url_key(url)
        return {
            "entry_id": hash_of(f"{self.feed_id}\n{key or url}"),
            "feed_id": self.feed_id,
            "outlet_id": _outlet_id(url, sites),
            "identity": key or url,
            "identity_kind": "link",
            "url": url,
            "url_key": key,
            "first_listed_at": self.now,
            "listed_day": self.now.astimezone(UTC).date(),
            "is_backlog": True,
            "reason": None,
            "stage": None,
            "attempts": 0,
            "decided_at": self.now,
            "rule_version": RULE_VERSION,
            "article_id": None,
            "fetch_id": None,
        }

    def _fetch(self, row: Row, taken: _Taken, archive: Archiving) -> Row:
        """The page in our own archive. It is archived as `first`: should this run die, fetch settles its records."""
        response = taken.response
        fetch_id = hash_of(f"replay {row['entry_id']} {self.now.astimezone(UTC).isoformat()}")
        place = archive.write(response, purpose="first", subject=f"{row['entry_id']} {fetch_id}")
        return {
            "fetch_id": fetch_id, "entry_id": row["entry_id"], "article_id": None, "purpose": "replay",
            "url": response.url, "final_url": response.final_url, "host": None,
            "started_at": self.now, "status": response.status, "outcome": "page",
            "reason": None, "detail": _captured(taken.capture), "is_conditional": False,
            "content_type": one_line(response.headers.get("content-type")), "charset": one_line(response.charset),
            "bytes": len(response.body), "redirects": [], "robots": None, "is_tdm_reserved": response.is_tdm_reserved,
            "etag": None, "last_modified": None, "retry_at": None, "warc_file": place.file,
            "warc_offset": place.offset,
        }  # fmt: skip

    def _poll(self) -> Row:
        return {
            "poll_id": hash_of(f"{self.feed_id} {self.now.astimezone(UTC).isoformat()}"),
            "feed_id": self.feed_id,
            "url": self.file.name,
            "at": self.now,
            "listed": self.listed,
        }


def _captured(captured: Capture) -> str | None:
    return f"captured {captured.captured_at:%Y-%m-%d %H:%M:%S}" if captured.captured_at else None


def _found_outlets(entries: Sequence[Row]) -> list[Row]:
    return [
        {"outlet_id": r["outlet_id"], "name": (site := r["outlet_id"].removeprefix("site:")), "publisher": site,
         "language": None}
        for r in entries
        if r["outlet_id"].startswith("site:")
    ]  # fmt: skip
