"""Fetch, as a pipe:

    listed | one per URL identity | robots.txt, TDM rights | get, host by host | archive, fsync | rows that point to it

Revisits of kept articles go the same way, conditionally. A page that a run that died had archived is taken from
the archive, not asked for again.
"""

from collections import Counter
from collections.abc import Coroutine, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

from pipelines.adapters.archive import Place
from pipelines.adapters.http import PAGE, REVISIT, in_batches
from pipelines.adapters.robots import RobotsAnswer
from pipelines.adapters.warehouse import as_json
from pipelines.core import discovery, polling
from pipelines.core.fetching import Move, after_failure, after_page, in_one_pass, next_revisit, refusal
from pipelines.core.nouns import Counted, Response
from pipelines.core.reasons import Reason, Rejected
from pipelines.core.rights import PERMITTED
from pipelines.core.text import hash_of, one_line, words_of
from pipelines.core.url_key import RULE_VERSION, url_key
from pipelines.stages.hosts import HostRules, newest_by_host, robots_row
from pipelines.stages.protocols import Archiving, Http, Row, Transaction, Writer, request_rows

_BATCH_PAGES = 50
_BATCH_SECONDS = 5.0
_LEAST_FEED_WORDS = 12
_ID_WINDOW = timedelta(days=30)
_ID_VERSION = "ids-1"


@dataclass(frozen=True, slots=True, kw_only=True)
class _Task:
    """A page to ask for: of an entry (`first`), or of a kept article once more (`revisit`)."""

    purpose: str
    subject: int
    url: str
    row: Row

    def fetch_id(self, now: datetime) -> int:
        """One id for one page and one run, so that a resumed run finds its own fetch."""
        return hash_of(f"{self.purpose} {self.subject} {now.astimezone(UTC).isoformat()}")

    @property
    def host(self) -> str:
        """The exact host, as pauses name it."""
        return urlsplit(self.url).hostname or ""

    def headers(self) -> dict[str, str]:
        pairs = (("If-None-Match", self.row.get("etag")), ("If-Modified-Since", self.row.get("last_modified")))
        return {n: v for n, v in pairs if v} if self.purpose == "revisit" else {}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Fetched:
    """What a request brought, archived, not yet recorded."""

    task: _Task
    answer: Response | Rejected
    robots: RobotsAnswer
    place: Place | None = None

    @property
    def rejected(self) -> Rejected | None:
        """Why there is no page; None where there is one, and for 304."""
        return _refusal(self.answer, self.task)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Files:
    """What was learned of hosts beside their pages, as rows."""

    robots: Sequence[Row] = ()
    rights: Sequence[Row] = ()
    requests: Sequence[Row] = ()


async def fetch(warehouse: Writer, http: Http, archive: Archiving, now: datetime) -> Counted:
    """Ask for every page that is due, politely, and archive it.

    Returns:
        Counts by outcome and reason, and a row for each page that could not be had.
    """
    _settle_identities(warehouse, now)
    outcomes = _recover(warehouse, archive, now)
    paused = frozenset(r["host"] for r in warehouse.query("poll/host_pauses", now=now))
    http.pause(paused)
    tasks = in_one_pass((t for t in _due(warehouse, now) if t.host not in paused), lambda t: t.host)
    rules = HostRules(http, archive, warehouse, now)
    work: list[Coroutine[Any, Any, _Fetched]] = [_get(http, archive, rules, task, now) for task in tasks]
    async for batch in in_batches(work, size=_BATCH_PAGES, seconds=_BATCH_SECONDS):
        archive.sync()
        done = sorted((f for f in batch if not _is_put_off(f)), key=lambda f: f.task.subject)
        robots, rights = rules.take()
        outcomes += _record(warehouse, done, _Files(robots=robots, rights=rights, requests=request_rows(http)), now)
    return _counted(outcomes)


def _settle_identities(warehouse: Writer, now: datetime) -> None:
    with warehouse.transaction() as tx:
        tx.run("match/add_keys", rows=_keys_anew(tx, now))
        tx.run("fetch/settle_identities", now=now, version=RULE_VERSION)
        tx.run("fetch/settle_parts", now=now, version=RULE_VERSION)
        tx.run("fetch/settle_ids", now=now, since=now - _ID_WINDOW, version=_ID_VERSION)
        tx.run("fetch/settle_findings", now=now, version=discovery.RULE_VERSION)
        tx.run("fetch/give_up_findings", now=now, listed_before=now - discovery.PATIENCE)


def _keys_anew(tx: Transaction, now: datetime) -> list[Row]:
    """After a change of the rules, the keys that they give to what is known; the keys of before lead there too."""
    keys: dict[str, int] = {}
    for row in tx.query("fetch/keys_of_before", version=RULE_VERSION):
        for url in (row["url"], row["canonical_url"]):
            key = url_key(url) if url else None
            if key:
                keys.setdefault(key, row["article_id"])
    return [{"url_key": key, "article_id": article_id, "rule_version": RULE_VERSION, "added_at": now}
            for key, article_id in keys.items()]  # fmt: skip


def _is_put_off(fetched: _Fetched) -> bool:
    """True for a page that was not asked for, because its host wants a pause: it stays as it is."""
    return isinstance(fetched.answer, Rejected) and fetched.answer.reason is Reason.HOST_PAUSED


def _due(warehouse: Writer, now: datetime) -> list[_Task]:
    entries = [
        _Task(purpose="first", subject=r["entry_id"], url=r["url"], row=r)
        for r in warehouse.query("fetch/due_entries", now=now)
    ]
    revisits = [
        _Task(purpose="revisit", subject=r["article_id"], url=r["url"], row=r)
        for r in warehouse.query("fetch/due_revisits", now=now)
    ]
    return [*entries, *revisits]


async def _get(http: Http, archive: Archiving, rules: HostRules, task: _Task, now: datetime) -> _Fetched:
    allowed = await rules.ask(task.url, task.row["rights"])
    if allowed.refused is not None:
        return _Fetched(task=task, answer=allowed.refused, robots=allowed.robots)
    want = PAGE if task.purpose == "first" else REVISIT
    answer = await http.get(task.url, headers=task.headers(), want=want, gap=allowed.robots.crawl_delay)
    place = None
    if isinstance(answer, Response) and answer.is_ok and _refusal(answer, task) is None:
        place = archive.write(answer, purpose=task.purpose, subject=f"{task.subject} {task.fetch_id(now)}")
    return _Fetched(task=task, answer=answer, robots=allowed.robots, place=place)


def _refusal(answer: Response | Rejected, task: _Task) -> Rejected | None:
    """Why an answer gives no page to read; None where it does, and for 304."""
    if isinstance(answer, Rejected):
        return answer
    if answer.is_tdm_reserved and task.row["rights"] != PERMITTED:
        return Rejected(reason=Reason.TDM_RESERVED, detail="header tdm-reservation: 1")
    return refusal(answer)


def _recover(warehouse: Writer, archive: Archiving, now: datetime) -> list[_Fetched]:
    """Record the pages and robots files that a run that died had archived."""
    purposes = frozenset({"first", "revisit", "robots"})
    since = archive.earliest_orphan(purposes)
    if since is None:
        return []
    known = frozenset(
        Place(r["warc_file"], r["warc_offset"]) for r in warehouse.query("archive/known_places", since=since)
    )
    due = {(t.purpose, str(t.subject)): t for t in _due(warehouse, now)}
    robots_rows, found = [], []
    for record in archive.orphans(purposes, known):
        response = record.response
        if record.purpose == "robots":
            robots_rows.append(robots_row(record.subject, response, record.place, record.archived_at))
        elif (task := due.pop((record.purpose, record.subject.split(" ")[0]), None)) is not None:
            found.append(
                _Fetched(task=task, answer=response, robots=RobotsAnswer(verdict="allowed"), place=record.place)
            )
    return _record(warehouse, found, _Files(robots=robots_rows), now) if found or robots_rows else []


def _record(warehouse: Writer, batch: Sequence[_Fetched], files: _Files, now: datetime) -> list[_Fetched]:
    """Everything of one batch in one transaction; the archive holds its bytes already."""
    firsts = [f for f in batch if f.task.purpose == "first"]
    revisits = [f for f in batch if f.task.purpose == "revisit"]
    with warehouse.transaction() as tx:
        tx.run("fetch/add_robots", rows=newest_by_host(files.robots))
        tx.run("fetch/add_rights", rows=newest_by_host(files.rights))
        tx.run("poll/add_requests", rows=files.requests, now=now)
        tx.run("fetch/add_fetches", rows=[_fetch_row(f, now) for f in batch])
        tx.run("fetch/move_entries", rows=[_move_row(f, now) for f in firsts])
        tx.run("poll/add_pauses", rows=[p for f in batch if (p := _pause(f, now)) is not None])
        _record_revisits(tx, revisits, now)
    return list(batch)


def _record_revisits(tx: Transaction, revisits: Sequence[_Fetched], now: datetime) -> None:
    gone = [f.task.subject for f in revisits if _is_gone(f)]
    if gone:
        tx.run("fetch/add_removals", ids=as_json(gone), now=now)
        tx.run("fetch/mark_gone", ids=as_json(gone), now=now)
    seen = {r["article_id"]: r["first_seen_at"] for r in tx.query(
        "fetch/first_seen", ids=as_json([f.task.subject for f in revisits]))} if revisits else {}  # fmt: skip
    rows = [_revisit_row(f, seen[f.task.subject], now) for f in revisits if f.task.subject in seen]
    tx.run("fetch/save_revisits", rows=rows)


def _is_gone(fetched: _Fetched) -> bool:
    """410 says so; 404 may be a mishap of the outlet and is believed the second time."""
    answer = fetched.answer
    if not isinstance(answer, Response):
        return False
    reason = answer.rejection()
    return reason is Reason.REMOVED or (reason is Reason.NOT_FOUND and fetched.task.row["not_found"] > 0)


def _revisit_row(fetched: _Fetched, first_seen_at: datetime, now: datetime) -> Row:
    row, answer = fetched.task.row, fetched.answer
    etag, last_modified = row["etag"], row["last_modified"]
    if isinstance(answer, Response) and answer.is_ok:
        etag, last_modified = answer.etag, answer.last_modified
    step, next_at = next_revisit(row["step"] + 1, first_seen_at, now)
    return {
        "article_id": fetched.task.subject,
        "url": row["url"],
        "step": step,
        "next_at": next_at,
        "etag": etag,
        "last_modified": last_modified,
    }


def _fetch_row(fetched: _Fetched, now: datetime) -> Row:
    task, answer, rejected = fetched.task, fetched.answer, fetched.rejected
    response = answer if isinstance(answer, Response) else None
    headers = response.headers if response else {}
    retry = polling.retry_after(headers, now) if rejected else None
    return {
        "fetch_id": task.fetch_id(now),
        "entry_id": task.subject if task.purpose == "first" else None,
        "article_id": task.subject if task.purpose == "revisit" else None,
        "purpose": task.purpose,
        "url": task.url,
        "final_url": response.final_url if response else None,
        "host": urlsplit(task.url).hostname,
        "started_at": now,
        "status": response.status if response else None,
        "outcome": _outcome(fetched, rejected),
        "reason": rejected.reason if rejected else None,
        "detail": rejected.detail or None if rejected else None,
        "is_conditional": bool(task.headers()),
        "content_type": one_line(headers.get("content-type")),
        "charset": one_line(response.charset) if response else None,
        "bytes": len(response.body) if response else None,
        "redirects": list(response.redirects) if response else [],
        "robots": fetched.robots.verdict,
        "is_tdm_reserved": response.is_tdm_reserved if response else None,
        "etag": response.etag if response else None,
        "last_modified": response.last_modified if response else None,
        "retry_at": now + retry if retry else None,
        "warc_file": fetched.place.file if fetched.place else None,
        "warc_offset": fetched.place.offset if fetched.place else None,
    }


def _outcome(fetched: _Fetched, rejected: Rejected | None) -> str:
    if rejected is None:
        unchanged = isinstance(fetched.answer, Response) and fetched.answer.is_unchanged
        return "unchanged" if unchanged else "page"
    if rejected.reason in {Reason.ROBOTS, Reason.ROBOTS_UNAVAILABLE, Reason.TDM_RESERVED}:
        return "refused"
    return "gone" if rejected.reason in {Reason.NOT_FOUND, Reason.REMOVED} else "failed"


def _move_row(fetched: _Fetched, now: datetime) -> Row:
    entry, answer, rejected = fetched.task.row, fetched.answer, fetched.rejected
    if rejected is None:
        move = after_page(entry["attempts"])
    else:
        headers = answer.headers if isinstance(answer, Response) else {}
        move = after_failure(
            rejected,
            attempts=entry["attempts"],
            has_feed_text=bool(entry["title"]) and len(words_of(entry["summary"] or "")) >= _LEAST_FEED_WORDS,
            retry_after=polling.retry_after(headers, now),
            now=now,
        )
    return _entry_move(fetched, move, now)


def _entry_move(fetched: _Fetched, move: Move, now: datetime) -> Row:
    return {
        "entry_id": fetched.task.subject,
        "state": move.state,
        "reason": move.reason,
        "detail": move.detail,
        "stage": move.stage,
        "attempts": move.attempts,
        "next_attempt_at": move.next_attempt_at,
        "decided_at": now,
        "fetch_id": fetched.task.fetch_id(now) if fetched.place else None,
    }


def _pause(fetched: _Fetched, now: datetime) -> Row | None:
    answer = fetched.answer
    if not isinstance(answer, Response) or not answer.wants_pause:
        return None
    asked = polling.retry_after(answer.headers, now) or polling.FLOOR
    host = urlsplit(answer.final_url).hostname
    return {"host": host, "until_at": now + asked, "reason": str(answer.status), "known_from": now}


def _counted(outcomes: Sequence[_Fetched]) -> Counted:
    counts: Counter[str] = Counter()
    rows: list[Row] = []
    for fetched in outcomes:
        rejected = fetched.rejected
        outcome = _outcome(fetched, rejected)
        counts[f"{fetched.task.purpose}_{outcome}"] += 1
        if rejected is not None:
            told = {"outcome": outcome, "reason": rejected.reason, "detail": rejected.detail}
            rows.append({"url": fetched.task.url, **told})
    return Counted(stage="fetch", counts={"requested": len(outcomes), **dict(sorted(counts.items()))}, rows=tuple(rows))
