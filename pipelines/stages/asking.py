"""One feed's answer: its document, and the documents that it is made of, archived and parsed.

get | archive | parse (in a worker) | the sitemaps of an index, the older pages of a first poll, the same way
"""

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from pipelines.adapters.archive import Place, Record
from pipelines.adapters.feeds import parse_feed
from pipelines.adapters.http import FEED, PART, Want
from pipelines.core import polling
from pipelines.core.nouns import Feed, FeedState, ParsedFeed, Response
from pipelines.core.parts import Known, wanted_parts
from pipelines.core.reasons import Reason, Rejected
from pipelines.core.text import hash_of
from pipelines.stages.protocols import Archiving, Http, Reading

_MOST_OLDER = 5  # documents of older entries that a first poll asks for (RFC 5005)
_BACKFILL = timedelta(days=7)


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What polling works with.

    Attributes:
        sites: outlet ids by site, for the findings of search services (`core.discovery`).
    """

    http: Http
    archive: Archiving
    reading: Reading
    sites: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """One document as it came: archived and, if it was one, parsed."""

    url: str
    response: Response | Rejected
    parsed: ParsedFeed | Rejected | None = None  # None: unchanged, or no document
    place: Place | None = None

    @property
    def failure(self) -> Rejected | None:
        """Why nothing could be read; None for what was read, and for 304."""
        if isinstance(self.response, Rejected):
            return self.response
        refused = self.response.rejection()
        if refused is not None:
            return Rejected(reason=refused)
        return self.parsed if isinstance(self.parsed, Rejected) else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """One feed's answer, with the documents it is made of, not yet recorded."""

    feed: Feed
    poll_id: int
    document: Document
    parts: tuple[Document, ...] = ()

    def documents_read(self) -> list[ParsedFeed]:
        """Every document that was read."""
        return [d.parsed for d in (self.document, *self.parts) if isinstance(d.parsed, ParsedFeed)]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    """A feed's turn in one run."""

    desk: Desk
    feed: Feed
    now: datetime

    async def get(
        self, url: str, headers: Mapping[str, str], want: Want = PART, valid_at: str | None = None
    ) -> Document:
        """Ask for one document, archive it and read it."""
        answer = await self.desk.http.get(url, headers=headers, valid_at=valid_at, want=want)
        if isinstance(answer, Response) and answer.is_unchanged and not headers:
            answer = Rejected(reason=Reason.EMPTY_BODY, detail="304, though nothing was sent that it could be against")
        place = None
        if isinstance(answer, Response) and answer.is_ok:
            id_ = poll_id(self.feed.feed_id, self.now)
            subject = str(id_) if want is FEED else f"{id_} {url}"
            place = self.desk.archive.write(answer, purpose=want.purpose, subject=subject)
        return await self.read(url, answer, place)

    async def read(self, url: str, answer: Response | Rejected, place: Place | None) -> Document:
        """Read what was answered, in a worker."""
        parsed = None
        if isinstance(answer, Response) and answer.is_ok:
            parsed = await self.desk.reading.run(
                parse_feed,
                answer.body,
                url=answer.final_url,
                headers=answer.headers,
                now=self.now,
                language=self.feed.language,
            )
        return Document(url=url, response=answer, parsed=parsed, place=place)

    async def older(self, document: Document) -> AsyncIterator[Document]:
        """The documents with the entries before, back to a week (RFC 5005)."""
        asked = {self.feed.url}
        url = _older_url(document, self.now)
        while url is not None and url not in asked and len(asked) <= _MOST_OLDER:
            asked.add(url)
            document = await self.get(url, {})
            yield document
            url = _older_url(document, self.now)


def poll_id(feed_id: str, now: datetime) -> int:
    """One id for one feed and one run, so that a resumed run finds its own attempt."""
    return hash_of(f"{feed_id} {now.astimezone(UTC).isoformat()}")


async def ask(desk: Desk, feed: Feed, state: FeedState, parts: Mapping[str, Known], now: datetime) -> Answer:
    """One feed: its document, then the documents that it is made of."""
    turn = _Turn(desk=desk, feed=feed, now=now)
    document = await turn.get(feed.url, polling.conditional_headers(state, feed.url), FEED, state.validators_url)
    more = [await turn.get(url, _validators(parts.get(url))) for url in _parts_to_ask(document, parts)]
    if state.last_success_at is None:
        more += [d async for d in turn.older(document)]
    return Answer(feed=feed, poll_id=poll_id(feed.feed_id, now), document=document, parts=tuple(more))


async def read_again(
    desk: Desk, feed: Feed, record: Record, parts: Sequence[Record], known: Mapping[str, Known], now: datetime
) -> Answer:
    """An answer from the archive. What it is made of and was not archived yet is left for the next poll."""
    turn = _Turn(desk=desk, feed=feed, now=now)
    document = await turn.read(feed.url, record.response, record.place)
    had = {r.response.url: r for r in parts}
    more = [await turn.read(url, r.response, r.place) for url, r in had.items()]
    lost = Rejected(reason=Reason.INTERRUPTED)
    more += [Document(url=url, response=lost) for url in _parts_to_ask(document, known) if url not in had]
    return Answer(feed=feed, poll_id=int(record.subject), document=document, parts=tuple(more))


def _validators(known: Known | None) -> dict[str, str]:
    return polling.validators_of(known.etag, known.last_modified) if known else {}


def _older_url(document: Document, now: datetime) -> str | None:
    """The document before, unless this one reaches back far enough already, or lists nothing."""
    parsed = document.parsed
    if not isinstance(parsed, ParsedFeed) or not parsed.entries:
        return None
    oldest = min((e.published.at for e in parsed.entries if e.published.at is not None), default=now)
    return parsed.older_url if now - oldest < _BACKFILL else None


def _parts_to_ask(document: Document, known: Mapping[str, Known]) -> list[str]:
    """Sitemaps of an index that have changed since, and those that could not be had before."""
    is_unchanged = isinstance(document.response, Response) and document.response.is_unchanged
    if document.failure is not None or not (is_unchanged or isinstance(document.parsed, ParsedFeed)):
        return []
    return wanted_parts(document.parsed.parts if isinstance(document.parsed, ParsedFeed) else (), known)
