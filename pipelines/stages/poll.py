"""Poll, as a pipe:

    feeds, states | due | record the attempts | get (parallel) | archive | parse | new or known | entries, states last

The attempts are recorded before any request leaves, so that a crash cannot lead to an early second poll. A
document that was archived by a run that died is taken from the archive, not asked for again.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pipelines.adapters.archive import Place
from pipelines.adapters.http import in_batches
from pipelines.adapters.warehouse import as_json
from pipelines.core import polling
from pipelines.core.feed_states import Heard, after, attempted, current
from pipelines.core.nouns import Counted, Feed, FeedState, ParsedFeed, PollOutcome, Response, Rhythm
from pipelines.core.parts import Known
from pipelines.core.reasons import Reason
from pipelines.stages.asking import Answer, Desk, Document, ask, poll_id, read_again
from pipelines.stages.listing import entry_rows, found_outlet_rows
from pipelines.stages.protocols import Row, Transaction, Writer, request_rows

_BATCH_FEEDS = 50
_BATCH_SECONDS = 3.0
_PURPOSES = frozenset({"poll", "part"})

Due = Callable[[FeedState | None, Feed, datetime], bool]
KnownParts = Mapping[str, Mapping[str, Known]]  # by feed id and address
_Polled = tuple[str, PollOutcome]  # a feed's id and what came of it; documents are let go once recorded


async def poll(
    warehouse: Writer, desk: Desk, feeds: Sequence[Feed], now: datetime, due: Due = polling.is_due
) -> Counted:
    """Ask every feed that is due, once, and record what it lists.

    Args:
        warehouse: where states are and entries go.
        desk: the network, the archive and the reader of documents.
        feeds: as configured.
        now: the time of the run.
        due: which feeds are asked; a person's check goes by manners alone (`polling.may_be_asked`).

    Returns:
        Counts by outcome, of entries listed, new and known, and a row for each feed that failed.
    """
    states = {r["feed_id"]: FeedState(**r) for r in warehouse.query("poll/feed_states")}
    outcomes = []
    rhythms = {r.pop("feed_id"): Rhythm(**r) for r in warehouse.query("poll/rhythms")}
    known = _Known(states=states, parts=_known_parts(warehouse), rhythms=rhythms)
    recovered = await _recovered(warehouse, desk, feeds, known.parts, now)
    if recovered:
        outcomes.append(_record(warehouse, desk, recovered, known, now))
    desk.http.pause(paused := {r["host"] for r in warehouse.query("poll/host_pauses", now=now)})
    asked = [f for f in feeds if due(_known_state(states, f), f, now) and _host(f.url) not in paused]
    doubted = _doubted(asked, states, rhythms, now)
    sent = {f.feed_id: _sent(states, f, doubted) for f in asked}
    _begin(warehouse, asked, states, doubted, now)
    work = [ask(desk, f, sent[f.feed_id], known.parts.get(f.feed_id, {}), now) for f in asked]
    async for batch in in_batches(work, size=_BATCH_FEEDS, seconds=_BATCH_SECONDS):
        desk.archive.sync()
        outcomes.append(_record(warehouse, desk, sorted(batch, key=lambda a: a.feed.feed_id), known, now))
    return _counted(len(feeds), [o for batch in outcomes for o in batch])


@dataclass(frozen=True, slots=True, kw_only=True)
class _Known:
    """What the warehouse knows of feeds; `states` moves on with every answer."""

    states: dict[str, FeedState]
    parts: KnownParts
    rhythms: Mapping[str, Rhythm]


def _known_state(states: Mapping[str, FeedState], feed: Feed) -> FeedState | None:
    state = states.get(feed.feed_id)
    return state if state is None else current(state, feed)


def _known_parts(warehouse: Writer) -> dict[str, dict[str, Known]]:
    parts: dict[str, dict[str, Known]] = {}
    for row in warehouse.query("poll/feed_parts"):
        feed_id = row.pop("feed_id")
        parts.setdefault(feed_id, {})[row["url"]] = Known(**row)
    return parts


def _doubted(
    asked: Sequence[Feed], states: Mapping[str, FeedState], rhythms: Mapping[str, Rhythm], now: datetime
) -> frozenset[str]:
    """Feeds that are asked without validators, because their 304s do not go with their rhythm."""
    known = {f.feed_id: current(states.get(f.feed_id), f) for f in asked}
    return frozenset(i for i, state in known.items() if polling.is_suspect(state, rhythms.get(i), now))


def _sent(states: Mapping[str, FeedState], feed: Feed, doubted: frozenset[str]) -> FeedState:
    """The state whose validators are sent."""
    state = current(states.get(feed.feed_id), feed)
    return replace(state, etag=None, last_modified=None) if feed.feed_id in doubted else state


def _begin(
    warehouse: Writer, asked: Sequence[Feed], states: dict[str, FeedState], doubted: frozenset[str], now: datetime
) -> None:
    """Record the attempts and the earliest next time, before any request leaves."""
    if not asked:
        return
    rows = []
    for feed in asked:
        state = current(states.get(feed.feed_id), feed)
        is_watchdog = feed.feed_id in doubted
        is_conditional = not is_watchdog and bool(polling.conditional_headers(state, feed.url))
        rows.append(
            {
                "poll_id": poll_id(feed.feed_id, now),
                "feed_id": feed.feed_id,
                "outlet_id": feed.outlet_id,
                "url": feed.url,
                "started_at": now,
                "is_conditional": is_conditional,
                "is_watchdog": is_watchdog,
                "outcome": "started",
            }
        )
        states[feed.feed_id] = attempted(state, feed, now, is_conditional=is_conditional)
    with warehouse.transaction() as tx:
        tx.run("poll/add_attempts", rows=rows)
        _save_states(tx, [states[f.feed_id] for f in asked])


async def _recovered(
    warehouse: Writer, desk: Desk, feeds: Sequence[Feed], parts: KnownParts, now: datetime
) -> list[Answer]:
    """Answers that a run that died had archived; attempts of it without one are marked as interrupted."""
    started = warehouse.query("poll/started")
    since = desk.archive.earliest_orphan(_PURPOSES)
    known = [] if since is None else warehouse.query("archive/known_places", since=since)
    left = desk.archive.orphans(_PURPOSES, frozenset(Place(r["warc_file"], r["warc_offset"]) for r in known))
    by_id = {f.feed_id: f for f in feeds}
    feed_of = {str(r["poll_id"]): by_id[r["feed_id"]] for r in started if r["feed_id"] in by_id}
    documents = {r.subject: r for r in left if r.purpose == "poll" and r.subject in feed_of}
    lost = [r for r in started if str(r["poll_id"]) not in documents]
    if lost:
        outcome = {"finished_at": now, "outcome": "interrupted", "reason": Reason.INTERRUPTED}
        with warehouse.transaction() as tx:
            tx.run("poll/finish", rows=[{**_no_outcome(), "poll_id": r["poll_id"], **outcome} for r in lost])
    answers = []
    for subject, record in sorted(documents.items()):
        feed, more = feed_of[subject], [r for r in left if r.subject.startswith(f"{subject} ")]
        answers.append(await read_again(desk, feed, record, more, parts.get(feed.feed_id, {}), now))
    return answers


def _record(warehouse: Writer, desk: Desk, answers: Sequence[Answer], known: _Known, now: datetime) -> list[_Polled]:
    """Entries, poll rows and, last, feed states of one batch, in one transaction."""
    states = known.states
    listed = {a.feed.feed_id: _entry_rows(a, states.get(a.feed.feed_id), desk.sites, now) for a in answers}
    ids = [row["entry_id"] for rows in listed.values() for row in rows]
    old = {r["entry_id"] for r in warehouse.query("poll/known_entries", ids=as_json(ids))} if ids else set()
    outcomes = [(a, _outcome(a, listed[a.feed.feed_id], old)) for a in answers]
    for answer, outcome in outcomes:
        state = current(states.get(answer.feed.feed_id), answer.feed)
        heard = _heard(answer, outcome, known.rhythms.get(answer.feed.feed_id))
        states[answer.feed.feed_id] = after(state, answer.feed, heard, now)
    fresh = [r for rows in listed.values() for r in rows if r["entry_id"] not in old]
    with warehouse.transaction() as tx:
        tx.run("poll/add_found_outlets", rows=found_outlet_rows(fresh), now=now)
        tx.run("poll/add_entries", rows=fresh)
        tx.run("poll/finish", rows=[_poll_row(a, o, now) for a, o in outcomes])
        tx.run("poll/add_pauses", rows=[p for a, _ in outcomes for p in _pauses(a, now)])
        tx.run("poll/add_requests", rows=request_rows(desk.http), now=now)
        tx.run("poll/save_parts", rows=[r for a in answers for r in _part_rows(a, known.parts, now)])
        _save_states(tx, [states[a.feed.feed_id] for a, _ in outcomes])
    return [(a.feed.feed_id, o) for a, o in outcomes]


def _heard(answer: Answer, outcome: PollOutcome, rhythm: Rhythm | None) -> Heard:
    parsed = answer.document.parsed
    document = parsed if isinstance(parsed, ParsedFeed) else ParsedFeed(format="", entries=())
    return Heard(
        response=answer.document.response,
        outcome=outcome,
        document_age=timedelta(minutes=document.ttl_minutes) if document.ttl_minutes else None,
        is_cut=document.is_cut,
        spacing=rhythm.spacing if rhythm else None,
    )


def _entry_rows(answer: Answer, state: FeedState | None, sites: Mapping[str, str], now: datetime) -> list[Row]:
    is_backlog = state is None or state.last_success_at is None
    rows = [
        row
        for parsed in answer.documents_read()
        for row in entry_rows(answer.feed, parsed, sites, now, is_backlog=is_backlog)
    ]
    return list({r["entry_id"]: r for r in reversed(rows)}.values())[::-1]  # one item may stand in two documents


def _outcome(answer: Answer, rows: Sequence[Row], known: set[int]) -> PollOutcome:
    document, failed = answer.document, answer.document.failure
    status = document.response.status if isinstance(document.response, Response) else None
    if failed is not None:
        outcome = "paused" if failed.reason is Reason.HOST_PAUSED else "failed"
        return PollOutcome(status=status, outcome=outcome, reason=failed.reason, detail=failed.detail)
    old = sum(r["entry_id"] in known for r in rows)
    missed = [f"{d.url}: {d.failure.reason}" for d in answer.parts if d.failure is not None]
    return PollOutcome(
        status=status,
        outcome="new" if len(rows) > old else "unchanged",
        detail=_detail(answer, missed),
        listed=len(rows),
        new=len(rows) - old,
        known=old,
    )


def _detail(answer: Answer, missed: Sequence[str]) -> str:
    if missed:
        return f"{len(missed)} of {len(answer.parts)} parts failed: {missed[0]}"[:300]
    parsed = answer.document.parsed
    return "the document ends early" if isinstance(parsed, ParsedFeed) and parsed.is_cut else ""


def _part_rows(answer: Answer, parts: KnownParts, now: datetime) -> list[Row]:
    """What is remembered of an index's sitemaps; pages of older entries are asked for once and forgotten."""
    feed_id, parsed = answer.feed.feed_id, answer.document.parsed
    known = parts.get(feed_id, {})
    named = {p.url: p.modified_raw for p in parsed.parts} if isinstance(parsed, ParsedFeed) else {}
    asked = {d.url: d for d in answer.parts if d.url in named or d.url in known}
    rows = [_part_row(feed_id, d, named.get(url), known.get(url), now) for url, d in asked.items()]
    if not known:  # an index that is new to us: what it lists besides is old
        never = {"etag": None, "last_modified": None, "is_pending": False, "asked_at": None}
        old = {url: modified for url, modified in named.items() if url not in asked}
        rows += [{"feed_id": feed_id, "url": url, "modified_raw": modified, **never} for url, modified in old.items()]
    return rows


def _part_row(feed_id: str, document: Document, modified: str | None, known: Known | None, now: datetime) -> Row:
    response = document.response
    etag, last_modified = (known.etag, known.last_modified) if known else (None, None)
    if isinstance(response, Response) and document.failure is None:
        etag = response.etag or (etag if response.is_unchanged else None)
        last_modified = response.last_modified or (last_modified if response.is_unchanged else None)
    return {
        "feed_id": feed_id,
        "url": document.url,
        "modified_raw": modified or (known.modified_raw if known else None),
        "etag": etag,
        "last_modified": last_modified,
        "is_pending": document.failure is not None,
        "asked_at": now,
    }


def _no_outcome() -> Row:
    """The columns of `poll/finish` for an attempt of which nothing is known."""
    return dict.fromkeys(
        ("status", "reason", "detail", "bytes", "listed", "new", "known", "parts", "retry_at", "warc_file",
         "warc_offset")
    )  # fmt: skip


def _poll_row(answer: Answer, outcome: PollOutcome, now: datetime) -> Row:
    response, place = answer.document.response, answer.document.place
    asked = polling.retry_after(response.headers, now) if isinstance(response, Response) else None
    return {
        "poll_id": answer.poll_id,
        "finished_at": now,
        "status": outcome.status,
        "outcome": outcome.outcome,
        "reason": outcome.reason,
        "detail": outcome.detail or None,
        "bytes": len(response.body) if isinstance(response, Response) else None,
        "listed": outcome.listed,
        "new": outcome.new,
        "known": outcome.known,
        "parts": len(answer.parts),
        "retry_at": now + asked if asked else None,
        "warc_file": place.file if place else None,
        "warc_offset": place.offset if place else None,
    }


def _pauses(answer: Answer, now: datetime) -> list[Row]:
    """429 pauses exactly the host that answered so, for as long as it asks, else for an hour."""
    responses = [d.response for d in (answer.document, *answer.parts)]
    return [
        {
            "host": _host(r.final_url),
            "until_at": now + (polling.retry_after(r.headers, now) or polling.FLOOR),
            "reason": f"{r.status}",
            "known_from": now,
        }
        for r in responses
        if isinstance(r, Response) and r.wants_pause
    ]


def _save_states(tx: Transaction, states: Sequence[FeedState]) -> None:
    tx.run("poll/save_states", rows=[{n: getattr(s, n) for n in FeedState.__slots__} for s in states])


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _counted(configured: int, outcomes: Sequence[_Polled]) -> Counted:
    results = [o for _, o in outcomes]
    counts = {
        "feeds": configured,
        "polled": len(results),
        "unchanged": sum(o.outcome == "unchanged" for o in results),
        "failed": sum(o.outcome == "failed" for o in results),
        "listed": sum(o.listed for o in results),
        "new": sum(o.new for o in results),
        "known": sum(o.known for o in results),
    }
    telling = [(i, o) for i, o in outcomes if o.outcome == "failed" or o.new]
    telling.sort(key=lambda told: (told[1].outcome != "failed", -told[1].new, told[0]))
    rows = [
        {"feed": feed_id, "status": o.status, "new": o.new, "reason": o.reason, "detail": o.detail}
        for feed_id, o in telling
    ]
    return Counted(stage="poll", counts=counts, rows=tuple(rows))
