"""Archived pages, read in workers, for the stages that read them: first, again, or by another extractor.

rows with the place of a page | responses | lines that their outlets repeated that day | readings
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

from pipelines.adapters.archive import Place
from pipelines.adapters.pages import Assignment, Reading, read_assigned, unread
from pipelines.adapters.warehouse import Reader, as_json
from pipelines.core.details import Lookout
from pipelines.core.errors import ArchiveError
from pipelines.core.matching import Watch
from pipelines.core.nouns import Article, Entry, Page, Response
from pipelines.core.reasons import Reason, Rejected
from pipelines.core.rulings import Ruling
from pipelines.core.screening import Screen
from pipelines.stages.protocols import Archiving, Row
from pipelines.stages.protocols import Reading as Readers
from pipelines.stages.screened import left_unread
from pipelines.stages.second_opinion import SecondOpinion

OutletDay = tuple[str | None, date]


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    """What extraction works with.

    Attributes:
        zone: the readers', in which days are counted.
        screen: by which pages are left unread; without one, all are read.
        opinion: the second one, on what the query leaves undecided.
        rulings: people's decisions on relevance, by article.
    """

    archive: Archiving
    reading: Readers
    watch: Watch
    lookout: Lookout
    zone: ZoneInfo
    screen: Screen | None = None
    opinion: SecondOpinion | None = None
    rulings: Mapping[int, Sequence[Ruling]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class ArchivedPage:
    """A page with what was read out of it; `response` is None where there is none, or the archive has lost it."""

    response: Response | None
    reading: Reading


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """A page to be read: its row, the feed's item, and the time of the run that reads, or first read, its article.

    The lines that its outlet repeated are those of that run's day: an article is read by one memory for ever, so that
    a line forgotten or learned since is no change of its page.
    """

    row: Row
    entry: Entry | None
    first_read_at: datetime


def read_archived(warehouse: Reader, desk: Desk, pages: Sequence[Asked], now: datetime) -> list[ArchivedPage]:
    """The pages of rows, read by workers; a row without a page gives an empty reading."""
    responses = [_response(desk.archive, asked.row) for asked in pages]
    unread = [_left_unread(desk.screen, a, r) for a, r in zip(pages, responses, strict=True)]
    there = [
        (a, r) for a, r, left in zip(pages, responses, unread, strict=True) if isinstance(r, Response) and left is None
    ]
    drops = repeated_lines(warehouse, (outlet_day(a.row["outlet_id"], a.first_read_at) for a, _ in there))
    tasks = [(_assignment(a, r, drops, now),) for a, r in there]
    readings = desk.reading.map(read_assigned, tasks)
    return [_read_page(answer, left, readings) for answer, left in zip(responses, unread, strict=True)]


def _left_unread(screen: Screen | None, asked: Asked, answer: Response | Rejected | None) -> Reading | None:
    if screen is None or asked.entry is None or not isinstance(answer, Response):
        return None
    return left_unread(screen, asked.row, asked.entry, answer)


def outlet_day(outlet_id: str | None, at: datetime) -> OutletDay:
    """An outlet and the UTC day of a run: what its repeated lines are kept by."""
    return outlet_id, at.astimezone(UTC).date()


def repeated_lines(reader: Reader, asked: Iterable[OutletDay]) -> dict[OutletDay, frozenset[int]]:
    """The lines that outlets repeated as of the start of days; an outlet that repeated none is left out."""
    rows = [{"outlet_id": outlet_id, "day": day} for outlet_id, day in sorted(set(asked), key=str)]
    if not rows:
        return {}
    found = reader.query("extract/repeated_lines", asked=as_json(rows))
    return {(r["outlet_id"], r["day"]): frozenset(r["lines"]) for r in found}


def _assignment(asked: Asked, answer: Response, drops: dict[OutletDay, frozenset[int]], now: datetime) -> Assignment:
    row = asked.row
    page = Page(url=row["url"], final_url=answer.final_url, body=answer.body, charset=answer.charset)
    drop = drops.get(outlet_day(row["outlet_id"], asked.first_read_at), frozenset())
    return Assignment(page=page, entry=asked.entry, prior=row["language"], now=now, drop=drop)


def _read_page(
    answer: Response | Rejected | None, left: Reading | None, readings: Iterator[Reading | Rejected]
) -> ArchivedPage:
    if isinstance(answer, Response) and left is not None:
        return ArchivedPage(response=answer, reading=left)
    if isinstance(answer, Response):
        reading = next(readings)
        return ArchivedPage(response=answer, reading=unread(reading) if isinstance(reading, Rejected) else reading)
    nothing = Reading(article=Article(title=None, text=""))
    return ArchivedPage(response=None, reading=nothing if answer is None else replace(nothing, rejected=answer))


def _response(archive: Archiving, row: Row) -> Response | Rejected | None:
    """What a row's server sent; None where it has no page."""
    if row["warc_file"] is None:
        return None
    try:
        return archive.read(Place(row["warc_file"], row["warc_offset"]))
    except ArchiveError as lost:
        return Rejected(reason=Reason.NO_TEXT, detail=str(lost))
