"""What a host allows: its robots.txt and its TDM reservations, each asked for once a run and remembered.

origin | fresh in the warehouse? else get, conditionally | cannot be had? the last copy | verdict
"""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from pipelines.adapters.archive import Place
from pipelines.adapters.http import RIGHTS, ROBOTS
from pipelines.adapters.markup import decoded
from pipelines.adapters.robots import RobotsAnswer, ask_robots
from pipelines.core import polling, rights
from pipelines.core.nouns import Response
from pipelines.core.reasons import Reason, Rejected
from pipelines.stages.protocols import Archiving, Http, Row, Writer

_ROBOTS_FRESH = timedelta(hours=24)  # RFC 9309 2.4
_ROBOTS_KEPT = timedelta(days=30)  # while it cannot be had: RFC 9309 2.3.1.4
_RIGHTS_FRESH = timedelta(days=7)
_MOST_RIGHTS_CHARS = 200_000
_SERVER_FAILS = 500
_THROTTLED = 429


@dataclass(frozen=True, slots=True, kw_only=True)
class Allowance:
    """Whether a page may be fetched, and how.

    Attributes:
        refused: why not; None: it may.
    """

    robots: RobotsAnswer
    refused: Rejected | None = None


class HostRules:
    """The rules of every host of this run."""

    def __init__(self, http: Http, archive: Archiving, warehouse: Writer, now: datetime) -> None:
        self._http, self._archive, self._now = http, archive, now
        kept = warehouse.query("fetch/robots", kept_after=now - _ROBOTS_KEPT)
        self._robots: dict[str, Row] = {r["host"]: r for r in kept}
        fresh = warehouse.query("fetch/rights", fresh_after=now - _RIGHTS_FRESH)
        self._rights: dict[str, str | None] = {r["host"]: r["body"] for r in fresh}
        self._verdicts: dict[str, tuple[int | None, str | None]] = {
            r["host"]: (r["status"], r["body"]) for r in kept if now - r["fetched_at"] < _ROBOTS_FRESH
        }
        self._locks: dict[str, asyncio.Lock] = {}
        self._new_robots: list[Row] = []
        self._new_rights: list[Row] = []

    async def ask(self, url: str, said: str | None) -> Allowance:
        """Whether a page may be fetched. One request a host for each file, whoever asks first.

        Args:
            url: the page.
            said: what sources.yaml says of the outlet's rights.
        """
        origin = origin_of(url)
        async with self._locks.setdefault(origin, asyncio.Lock()):
            if origin not in self._verdicts:
                self._verdicts[origin] = await self._ask_robots(origin)
            robots = ask_robots(*self._verdicts[origin], url)
            if not robots.is_allowed:
                reason = Reason.ROBOTS if robots.verdict == "disallowed" else Reason.ROBOTS_UNAVAILABLE
                return Allowance(robots=robots, refused=Rejected(reason=reason, detail=f"robots.txt: {robots.verdict}"))
            if said != rights.PERMITTED and origin not in self._rights:
                self._rights[origin] = await self._ask_rights(origin, robots.crawl_delay)
        return Allowance(robots=robots, refused=_reserved(self._rights.get(origin), url, said))

    def take(self) -> tuple[list[Row], list[Row]]:
        """The robots and rights files had since the last call, to be recorded."""
        taken = self._new_robots, self._new_rights
        self._new_robots, self._new_rights = [], []
        return taken

    async def _ask_robots(self, origin: str) -> tuple[int | None, str | None]:
        known = self._robots.get(origin)
        headers = polling.validators_of(known["etag"], known["last_modified"]) if known else {}
        answer = await self._http.get(f"{origin}/robots.txt", headers=headers, want=ROBOTS)
        if isinstance(answer, Response) and answer.is_unchanged and known is not None:
            self._new_robots.append({**known, "fetched_at": self._now})
            return known["status"], known["body"]
        status = answer.status if isinstance(answer, Response) else None
        if not isinstance(answer, Response) or answer.status >= _SERVER_FAILS or answer.status == _THROTTLED:
            return (known["status"], known["body"]) if known else (None, None)
        place = self._archive.write(answer, purpose="robots", subject=origin) if answer.is_ok else None
        row = robots_row(origin, answer, place, self._now)
        self._new_robots.append(row)
        return status, row["body"]

    async def _ask_rights(self, origin: str, crawl_delay: float) -> str | None:
        answer = await self._http.get(f"{origin}/.well-known/tdmrep.json", want=RIGHTS, gap=crawl_delay)
        if not isinstance(answer, Response) or answer.status >= _SERVER_FAILS or answer.status == _THROTTLED:
            return None  # asked again by the next run
        body = decoded(answer.body, answer.charset)[:_MOST_RIGHTS_CHARS] if answer.is_ok else None
        self._new_rights.append(
            {"host": origin, "fetched_at": self._now, "status": answer.status, "body": body if _is_json(body) else None}
        )
        return body


def origin_of(url: str) -> str:
    """Scheme, host and port: what a robots.txt speaks for (RFC 9309 2.3)."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def robots_row(origin: str, answer: Response, place: Place | None, at: datetime) -> Row:
    """A robots.txt as had."""
    return {
        "host": origin,
        "fetched_at": at,
        "status": answer.status,
        "body": decoded(answer.body, answer.charset) if answer.is_ok else None,
        "warc_file": place.file if place else None,
        "warc_offset": place.offset if place else None,
        "etag": answer.etag,
        "last_modified": answer.last_modified,
    }


def newest_by_host(rows: Iterable[Row]) -> list[Row]:
    """The last row of each host."""
    return list({r["host"]: r for r in rows}.values())


def _is_json(body: str | None) -> bool:
    """Many hosts answer any address with a page; that is no reservation, and no more than a byte of it is kept."""
    return body is not None and body.lstrip("\ufeff \t\r\n")[:1] in {"[", "{"}


def _reserved(body: str | None, url: str, said: str | None) -> Rejected | None:
    if said == rights.PERMITTED:
        return None
    if said == rights.RESERVED:
        return Rejected(reason=Reason.TDM_RESERVED, detail="sources.yaml: the outlet's terms reserve it")
    if rights.reservation(body, url):
        return Rejected(reason=Reason.TDM_RESERVED, detail="/.well-known/tdmrep.json")
    return None
