"""What is noted of a kept text besides its topics: quotations and watched terms."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.core.nouns import Quote, TermUse
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
