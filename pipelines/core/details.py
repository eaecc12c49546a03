"""What is noted of an article, as rows: its topics or how near it came, quotations and watched terms."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

from pipelines.core.nouns import CloseCall, Quote, TermUse, TopicMatch
from pipelines.core.quotes import Known, quotes_of
from pipelines.core.terminology import WatchedTerm, terms_used


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookout:
    """The people who may be named as speakers, and the terms that are watched."""

    people: tuple[Known, ...] = ()
    terms: tuple[WatchedTerm, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Details:
    """Quotations and watched terms of one text."""

    quotes: tuple[Quote, ...]
    terms: tuple[TermUse, ...]


def details_of(text: str, language: str | None, lookout: Lookout) -> Details:
    """Note everything that is looked out for in a text."""
    quotes: Sequence[Quote] = quotes_of(text, lookout.people)
    return Details(quotes=tuple(quotes), terms=tuple(terms_used(text, language, lookout.terms, quotes)))


def quote_rows(article_id: int, revision: int, details: Details, known_from: object) -> list[dict[str, object]]:
    """Rows of `quotes`."""
    return [
        {"article_id": article_id, "revision": revision, "speaker": q.speaker, "text": q.text,
         "start_offset": q.start, "end_offset": q.end, "known_from": known_from}
        for q in details.quotes
    ]  # fmt: skip


def term_rows(
    article_id: int, revision: int, language: str | None, details: Details, known_from: object
) -> list[dict[str, object]]:
    """Rows of `terms_used`."""
    return [
        {"article_id": article_id, "revision": revision, "term": t.term, "preferred": t.preferred,
         "language": language, "start_offset": t.start, "end_offset": t.end, "is_quoted": t.is_quoted,
         "known_from": known_from}
        for t in details.terms
    ]  # fmt: skip


def mention_row(article_id: int, topic: TopicMatch, known_from: object) -> dict[str, object]:
    """A row of `mentions`."""
    return {
        "article_id": article_id,
        "topic": topic.topic,
        "score": topic.score,
        "aboutness": topic.aboutness,
        "is_about": topic.is_about,
        "evidence": [asdict(e) for e in topic.evidence],
        "method": topic.method,
        "version": topic.version,
        "known_from": known_from,
        "known_to": None,
    }


def close_call_row(article_id: int, call: CloseCall, known_from: object) -> dict[str, object]:
    """A row of `close_calls`."""
    evidence = [asdict(e) for e in call.evidence]
    return {"article_id": article_id, **asdict(call), "evidence": evidence, "known_from": known_from, "known_to": None}
