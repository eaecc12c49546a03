"""Composition of a digest: what is known in, the whole content out, as plain values that go into JSON.

    articles new since the last digest | late, backlog, or of the window | lines | ranked | sections
    revisions of what was told | changed;  terms | terminology;  feeds | coverage

Everything new is told exactly once: in a section, or in the list "also seen" at the end.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any, get_args

from pipelines.core.digest_content import (
    Also,
    AlsoWhy,
    Changed,
    Content,
    Digest,
    Item,
    Listed,
    NearMiss,
    Period,
    Section,
    TermSeen,
    TopicItems,
)
from pipelines.core.digest_extracts import quotations, sentence, why
from pipelines.core.digest_lines import Brief, Line, Sections, Told, is_before, ranked, sections
from pipelines.core.digest_numbers import Record, coverage, numbers, spread
from pipelines.core.windows import Window

__all__ = ["COMPOSER", "SECTIONS", "Brief", "Content", "Known", "Told", "compose", "digest_id_of", "rows_of"]

COMPOSER = "digest-2"
SECTIONS: tuple[Section, ...] = get_args(Section)
FIRST_EDITION = "daily"  # its digests are named by their day alone


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """Everything a digest is composed from, as of one moment.

    Attributes:
        new: articles that came to be known since the digest before.
        told_lines: line -> day of the first digest that told of it.
        changes: revisions of articles that a digest has told of.
        unread: pages of outlets that could not be had.
        record: what is remembered of the days before.
        voices: speaker -> whose voice that is.
        close_calls: articles left out that a person should look at.
    """

    new: Sequence[Told]
    told_lines: Mapping[int, date]
    changes: Sequence[Mapping[str, Any]]
    terms: Sequence[Mapping[str, Any]]
    feeds: Sequence[Mapping[str, Any]]
    unread: Sequence[Mapping[str, Any]]
    record: Record
    voices: Mapping[str, str]
    close_calls: Sequence[Mapping[str, Any]] = ()


def compose(known: Known, window: Window, brief: Brief, *, is_first: bool) -> Content:
    """The whole content of a digest, as plain values.

    Args:
        is_first: no digest came before; what feeds listed from earlier days is backlog and not told as news.
    """
    return asdict(_composed(known, window, brief, is_first=is_first))


def _composed(known: Known, window: Window, brief: Brief, *, is_first: bool) -> Digest:
    standing = [a for a in known.new if not a.is_gone]
    late = [a for a in standing if is_before(a, window)]
    current = [a for a in standing if not is_before(a, window)]
    lines = ranked(current, brief, window, known.told_lines)
    late_lines = [] if is_first else ranked(late, brief, window, known.told_lines)
    found = sections(lines, late_lines, brief)
    items = _Items(known.told_lines, window, brief)
    seen = coverage(known.feeds, known.unread)
    return Digest(
        composer=COMPOSER,
        digest_id=digest_id_of(brief.edition, window.day),
        edition=brief.edition,
        language=brief.language,
        sections=[s for s in SECTIONS if s in brief.sections] or list(SECTIONS),
        languages=list(brief.languages),
        title=brief.title,
        day=window.day.isoformat(),
        window=Period(opens_at=_utc(window.start), closes_at=_utc(window.end), time_zone=brief.time_zone),
        is_first=is_first,
        is_quiet=not current and not seen.is_blind,
        top_stories=items.of(found.top),
        quotes=quotations(lines, known.voices),
        by_topic=[
            TopicItems(topic=t, name=name, items=items.of(found.by_topic[t]))
            for t, name in brief.topics
            if t in found.by_topic
        ],
        elsewhere=items.of(found.elsewhere),
        changed=[Changed(**c) for c in known.changes],
        late=items.of(found.late),
        numbers=numbers(current, len(late), known.record, window, known.voices),
        terminology=[TermSeen(**t) for t in known.terms],
        coverage=seen,
        also_seen=_also_seen(known.new, found, {a.article_id for a in late} if is_first else set()),
        close_calls=[NearMiss(**c) for c in known.close_calls],
    )


def digest_id_of(edition: str, day: date) -> str:
    """The day, and behind it which of several digests it is: `2026-11-12`, `2026-11-12.press-office`."""
    return day.isoformat() if edition == FIRST_EDITION else f"{day.isoformat()}.{edition}"


def rows_of(content: Content) -> list[Content]:
    """Rows of `digest_items`: every article a digest told of, with the section and the headline."""
    return [
        {"digest_id": content["digest_id"], "section": section, "position": position, "story_id": a["story_id"],
         "article_id": a["article_id"], "told": a["title"]}
        for section, position, articles in _places(content)
        for a in articles
    ]  # fmt: skip


def _places(content: Content) -> Iterator[tuple[str, int, list[Content]]]:
    """Section, position and articles of everything that is told."""
    by_topic = [i for group in content["by_topic"] for i in group["items"]]
    for section in ("top_stories", "elsewhere", "late"):
        yield from ((section, n, item["articles"]) for n, item in enumerate(content[section], 1))
    yield from (("by_topic", n, item["articles"]) for n, item in enumerate(by_topic, 1))
    yield from (("also_seen", n, [a]) for n, a in enumerate(content["also_seen"], 1))


@dataclass(frozen=True, slots=True)
class _Items:
    """Lines as readers are told of them."""

    told_lines: Mapping[int, date]
    window: Window
    brief: Brief

    def of(self, lines: Sequence[Line]) -> list[Item]:
        return [self._item(line) for line in lines]

    def _item(self, line: Line) -> Item:
        lead, first_told = line.lead, self.told_lines.get(line.line_id)
        return Item(
            line_id=line.line_id,
            headline=lead.title,
            url=lead.url,
            outlet=lead.outlet,
            country=lead.country,
            language=lead.language,
            published=_moment(lead),
            sentence=sentence(lead),
            why=why(lead, self.brief),
            day_number=(self.window.day - first_told).days + 1 if first_told else 1,
            counts=spread(line.articles),
            articles=[_listed(a) for a in line.articles],
        )


def _listed(article: Told) -> Listed:
    return Listed(
        article_id=article.article_id,
        story_id=article.story_id,
        title=article.title,
        url=article.url,
        outlet=article.outlet,
        language=article.language,
        is_copy=article.original_id is not None,
        is_partial=article.is_partial,
    )


def _also_seen(new: Sequence[Told], found: Sections, backlog: set[int]) -> list[Also]:
    shown = {a.article_id for line in found.all() for a in line.articles}
    return [
        Also(article_id=a.article_id, story_id=a.story_id, title=a.title, url=a.url, outlet=a.outlet,
             language=a.language, why=_also_why(a, backlog))
        for a in sorted(new, key=lambda a: (a.outlet, a.title, a.article_id))
        if a.article_id not in shown
    ]  # fmt: skip


def _also_why(article: Told, backlog: set[int]) -> AlsoWhy:
    """Why an article is only listed: removed since, from before the watch, or beyond what a section holds."""
    if article.is_gone:
        return "removed"
    return "backlog" if article.article_id in backlog else "more"


def _moment(article: Told) -> str | None:
    if article.published_at is not None:
        return _utc(article.published_at)
    return article.published_day.isoformat() if article.published_day else None


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
