"""Poll, as a pipe:

    feeds, states | due | record the attempts | get (parallel) | archive | parse | new or known | entries, states last

The attempts are recorded before any request leaves, so that a crash cannot lead to an early second poll. A
document that was archived by a run that died is taken from the archive, not asked for again.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlsplit

from pipelines.adapters.archive import Place
from pipelines.adapters.feeds import parse_feed
from pipelines.adapters.http import ACCEPT_FEED, in_batches
from pipelines.adapters.warehouse import as_json
from pipelines.core import polling
from pipelines.core.nouns import Counted, Entry, Feed, FeedState, ParsedFeed, PollOutcome, Response
from pipelines.core.reasons import Reason, Rejected, Stage, State
from pipelines.core.text import hash_of
from pipelines.core.url_key import RULE_VERSION, is_http, url_key
from pipelines.stages.protocols import Archiving, Http, Row, Transaction, Writer

_BATCH_FEEDS = 50
_BATCH_SECONDS = 3.0
_PURPOSES = frozenset({"poll"})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Answer:
    """One feed's answer, archived and parsed, not yet recorded."""

    feed: Feed
    poll_id: int
    response: Response | Rejected
    parsed: ParsedFeed | Rejected | None = None  # None: unchanged, or no document
    place: Place | None = None


async def poll(warehouse: Writer, http: Http, archive: Archiving, feeds: Sequence[Feed], now: datetime) -> Counted:
    """Ask every feed that is due, once, and record what it lists.

    Returns:
        Counts by outcome, of entries listed, new and known, and a row for each feed that failed.
    """
    states = {r["feed_id"]: FeedState(**r) for r in warehouse.query("poll/feed_states")}
    recovered = _recovered(warehouse, archive, feeds, now)
    outcomes = [_record(warehouse, recovered, states, now)] if recovered else []
    paused = {r["host"] for r in warehouse.query("poll/host_pauses", now=now)}
    due = [f for f in feeds if polling.is_due(_known(states, f), now) and _host(f.url) not in paused]
    _begin(warehouse, due, states, now)
    asked = [_ask(http, archive, f, states.get(f.feed_id), now) for f in due]
    async for batch in in_batches(asked, size=_BATCH_FEEDS, seconds=_BATCH_SECONDS):
        archive.sync()
        outcomes.append(_record(warehouse, sorted(batch, key=lambda a: a.feed.feed_id), states, now))
    return _counted(len(feeds), [o for batch in outcomes for o in batch])


def poll_id(feed_id: str, now: datetime) -> int:
    """One id for one feed and one run, so that a resumed run finds its own attempt."""
    return hash_of(f"{feed_id} {now.astimezone(UTC).isoformat()}")


def _begin(warehouse: Writer, due: Sequence[Feed], states: dict[str, FeedState], now: datetime) -> None:
    """Record the attempts and the earliest next time, before any request leaves."""
    if not due:
        return
    rows = []
    for feed in due:
        state = _current(states.get(feed.feed_id), feed)
        rows.append(
            {
                "poll_id": poll_id(feed.feed_id, now),
                "feed_id": feed.feed_id,
                "outlet_id": feed.outlet_id,
                "url": feed.url,
                "started_at": now,
                "is_conditional": bool(polling.conditional_headers(state, feed.url)),
                "outcome": "started",
            }
        )
        states[feed.feed_id] = replace(state, last_attempt_at=now, next_poll_at=now + polling.wait(feed))
    with warehouse.transaction() as tx:
        tx.run("poll/add_attempts", rows=rows)
        _save_states(tx, (states[f.feed_id] for f in due))


def _known(states: dict[str, FeedState], feed: Feed) -> FeedState | None:
    state = states.get(feed.feed_id)
    return state if state is None else _current(state, feed)


def _current(state: FeedState | None, feed: Feed) -> FeedState:
    """The state to go on from; validators, and what stopped the feed, belong to its address alone."""
    if state is None:
        return FeedState(feed_id=feed.feed_id, url=feed.url)
    if state.url == feed.url:
        return state
    return replace(state, url=feed.url, etag=None, last_modified=None, stopped_reason=None)


async def _ask(http: Http, archive: Archiving, feed: Feed, state: FeedState | None, now: datetime) -> _Answer:
    answer = await http.get(feed.url, headers=polling.conditional_headers(state, feed.url), accept=ACCEPT_FEED)
    place = None
    if isinstance(answer, Response) and answer.is_ok:
        place = archive.write(answer, purpose="poll", subject=str(poll_id(feed.feed_id, now)))
    return _read(feed, poll_id(feed.feed_id, now), answer, place, now)


def _read(feed: Feed, id_: int, answer: Response | Rejected, place: Place | None, now: datetime) -> _Answer:
    parsed = None
    if isinstance(answer, Response) and answer.is_ok:
        parsed = parse_feed(answer.body, url=answer.final_url, headers=answer.headers, now=now, language=feed.language)
    return _Answer(feed=feed, poll_id=id_, response=answer, parsed=parsed, place=place)


def _recovered(warehouse: Writer, archive: Archiving, feeds: Sequence[Feed], now: datetime) -> list[_Answer]:
    """Answers that a run that died had archived; attempts of it without one are marked as interrupted."""
    started = warehouse.query("poll/started")
    since = archive.earliest_orphan(_PURPOSES)
    known = [] if since is None else warehouse.query("archive/known_places", since=since)
    left = archive.orphans(_PURPOSES, frozenset(Place(r["warc_file"], r["warc_offset"]) for r in known))
    if not started:
        return []
    by_id = {f.feed_id: f for f in feeds}
    feed_of = {str(r["poll_id"]): by_id[r["feed_id"]] for r in started if r["feed_id"] in by_id}
    records = {r.subject: r for r in left if r.subject in feed_of}
    lost = [r for r in started if str(r["poll_id"]) not in records]
    if lost:
        outcome = {"finished_at": now, "outcome": "interrupted", "reason": Reason.INTERRUPTED}
        with warehouse.transaction() as tx:
            tx.run("poll/finish", rows=[{**_no_outcome(), "poll_id": r["poll_id"], **outcome} for r in lost])
    return [
        _read(feed_of[subject], int(subject), record.response, record.place, now)
        for subject, record in sorted(records.items())
    ]


def _record(
    warehouse: Writer, answers: Sequence[_Answer], states: dict[str, FeedState], now: datetime
) -> list[tuple[_Answer, PollOutcome]]:
    """Entries, poll rows and, last, feed states of one batch, in one transaction."""
    listed = {a.feed.feed_id: _entry_rows(a, states.get(a.feed.feed_id), now) for a in answers}
    ids = [row["entry_id"] for rows in listed.values() for row in rows]
    known = {r["entry_id"] for r in warehouse.query("poll/known_entries", ids=as_json(ids))} if ids else set()
    outcomes = [(a, _outcome(a, listed[a.feed.feed_id], known)) for a in answers]
    for answer, outcome in outcomes:
        state = _current(states.get(answer.feed.feed_id), answer.feed)
        states[answer.feed.feed_id] = next_state(state, answer.feed, answer.response, answer.parsed, outcome.new, now)
    with warehouse.transaction() as tx:
        tx.run("poll/add_entries", rows=[r for rows in listed.values() for r in rows if r["entry_id"] not in known])
        tx.run("poll/finish", rows=[_poll_row(a, o, now) for a, o in outcomes])
        tx.run("poll/add_pauses", rows=list(_pauses((a for a, _ in outcomes), now)))
        _save_states(tx, (states[a.feed.feed_id] for a, _ in outcomes))
    return outcomes


def _outcome(answer: _Answer, rows: Sequence[Row], known: set[int]) -> PollOutcome:
    response = answer.response
    if isinstance(response, Rejected):
        return PollOutcome(status=None, outcome="failed", reason=response.reason, detail=response.detail)
    refused = response.rejection()
    if refused is not None:
        return PollOutcome(status=response.status, outcome="failed", reason=refused)
    if isinstance(answer.parsed, Rejected):
        return PollOutcome(
            status=response.status, outcome="failed", reason=answer.parsed.reason, detail=answer.parsed.detail
        )
    old = sum(r["entry_id"] in known for r in rows)
    return PollOutcome(
        status=response.status,
        outcome="new" if len(rows) > old else "unchanged",
        listed=len(rows),
        new=len(rows) - old,
        known=old,
    )


def next_state(
    state: FeedState,
    feed: Feed,
    response: Response | Rejected,
    parsed: ParsedFeed | Rejected | None,
    new: int,
    now: datetime,
) -> FeedState:
    """What is remembered of a feed after an answer.

    Validators are replaced together on a document that could be read, renewed on 304, and never kept from one
    that could not.
    """
    failed = isinstance(response, Rejected) or response.rejection() is not None or isinstance(parsed, Rejected)
    if isinstance(response, Rejected):
        failures = state.failures + 1
        return replace(state, failures=failures, next_poll_at=now + polling.wait(feed, failures=failures))
    ttl = parsed.ttl_minutes if isinstance(parsed, ParsedFeed) else None
    failures = state.failures + 1 if failed else 0
    waiting = polling.wait(
        feed,
        failures=failures,
        allowed_age=polling.allowed_age(response.headers, ttl, now),
        retry_after=polling.retry_after(response.headers, now),
    )
    state = _redirected(replace(state, failures=failures, next_poll_at=now + waiting), response, now)
    if failed:
        stopped = "gone" if response.rejection() is Reason.REMOVED else state.stopped_reason
        return replace(state, stopped_reason=stopped)
    etag, last_modified = response.etag, response.last_modified
    if response.is_unchanged:
        etag, last_modified = etag or state.etag, last_modified or state.last_modified
    return replace(
        state,
        etag=etag,
        last_modified=last_modified,
        last_success_at=now,
        last_new_at=now if new else state.last_new_at,
    )


def _redirected(state: FeedState, response: Response, now: datetime) -> FeedState:
    """Since when a permanent redirect has pointed where; it is proposed to people, never followed in silence."""
    if not response.permanent:
        return replace(state, redirect_url=None, redirect_since=None)
    if response.final_url == state.redirect_url:
        return state
    return replace(state, redirect_url=response.final_url, redirect_since=now)


def _entry_rows(answer: _Answer, state: FeedState | None, now: datetime) -> list[Row]:
    if not isinstance(answer.parsed, ParsedFeed):
        return []
    is_backlog = state is None or state.last_success_at is None
    language = answer.parsed.language
    return [_entry_row(e, answer.feed, language, now, is_backlog=is_backlog) for e in answer.parsed.entries]


def _entry_row(entry: Entry, feed: Feed, feed_language: str | None, now: datetime, *, is_backlog: bool) -> Row:
    refused = _unusable(entry)
    return {
        "entry_id": hash_of(f"{feed.feed_id}\n{entry.identity}"),
        "feed_id": feed.feed_id,
        "outlet_id": feed.outlet_id,
        "identity": entry.identity,
        "identity_kind": entry.identity_kind,
        "url": entry.url,
        "url_key": url_key(entry.url) if entry.url else None,
        "title": entry.title,
        "summary": entry.summary,
        "author": entry.author,
        "publisher_name": entry.publisher_name,
        "published_raw": entry.published.raw,
        "published_at": entry.published.at,
        "published_on": entry.published.day,
        "date_source": entry.published.source,
        "language": entry.language or feed.language or feed_language,
        "first_listed_at": now,
        "listed_day": now.astimezone(UTC).date(),
        "is_backlog": is_backlog,
        "state": State.REJECTED if refused else State.LISTED,
        "reason": refused,
        "detail": (entry.url or "")[:200] if refused else None,
        "stage": None if refused else Stage.FETCH,
        "attempts": 0,
        "decided_at": now,
        "rule_version": RULE_VERSION,
    }


def _unusable(entry: Entry) -> Reason | None:
    if not entry.url:
        return Reason.NO_LINK
    return None if is_http(entry.url) and url_key(entry.url) else Reason.NOT_HTTP


def _no_outcome() -> Row:
    """The columns of `poll/finish` for an attempt of which nothing is known."""
    return dict.fromkeys(
        ("status", "reason", "detail", "bytes", "listed", "new", "known", "warc_file", "warc_offset")
    )  # fmt: skip


def _poll_row(answer: _Answer, outcome: PollOutcome, now: datetime) -> Row:
    size = len(answer.response.body) if isinstance(answer.response, Response) else None
    return {
        "poll_id": answer.poll_id,
        "finished_at": now,
        "status": outcome.status,
        "outcome": outcome.outcome,
        "reason": outcome.reason,
        "detail": outcome.detail or None,
        "bytes": size,
        "listed": outcome.listed,
        "new": outcome.new,
        "known": outcome.known,
        "warc_file": answer.place.file if answer.place else None,
        "warc_offset": answer.place.offset if answer.place else None,
    }


def _pauses(answers: Iterable[_Answer], now: datetime) -> Iterable[Row]:
    """429 pauses exactly the host that answered so, for as long as it asks, else for an hour."""
    for answer in answers:
        response = answer.response
        if isinstance(response, Response) and response.rejection() is Reason.THROTTLED:
            asked = polling.retry_after(response.headers, now) or timedelta(hours=1)
            yield {"host": _host(response.final_url), "until_at": now + asked, "reason": f"{response.status}"}


def _save_states(tx: Transaction, states: Iterable[FeedState]) -> None:
    tx.run("poll/save_states", rows=[{n: getattr(s, n) for n in FeedState.__slots__} for s in states])


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""


def _counted(configured: int, outcomes: Sequence[tuple[_Answer, PollOutcome]]) -> Counted:
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
    telling = [(a, o) for a, o in outcomes if o.outcome == "failed" or o.new]
    telling.sort(key=lambda told: (told[1].outcome != "failed", -told[1].new, told[0].feed.feed_id))
    rows = [
        {"feed": a.feed.feed_id, "status": o.status, "new": o.new, "reason": o.reason, "detail": o.detail}
        for a, o in telling
    ]
    return Counted(stage="poll", counts=counts, rows=tuple(rows))
