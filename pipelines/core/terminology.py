"""Terminology watch: where an outlet uses a term that an agreed one has replaced."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

from pipelines.core.lexicon import Document, Hit, Lexicon
from pipelines.core.nouns import Quote, TermUse
from pipelines.core.text import words_of


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedTerm:
    """A term to find in one language, written as topics' terms are, and the term that is agreed instead."""

    language: str
    term: str
    preferred: str


def terms_used(
    text: str, language: str | None, watched: Sequence[WatchedTerm], quotes: Sequence[Quote]
) -> list[TermUse]:
    """Every use of a watched term of the text's language, the longer where two overlap."""
    by_group = {str(i): w for i, w in enumerate(watched) if w.language == language}
    lexicon = _lexicon(tuple((group, w.term) for group, w in by_group.items()), language)
    document = Document("", text, language)
    hits = _longest(lexicon.hits(document, lexicon.found(document)))
    if not hits:
        return []
    words = words_of(text)
    return [
        TermUse(
            term=by_group[hit.group].term,
            preferred=by_group[hit.group].preferred,
            start=start,
            end=end,
            is_quoted=any(q.start <= start and end <= q.end for q in quotes),
        )
        for hit in hits
        for start in [words[hit.first - document.text_first].start]
        for end in [words[hit.last - document.text_first].end]
    ]


@lru_cache(maxsize=64)
def _lexicon(terms: tuple[tuple[str, str], ...], language: str | None) -> Lexicon:
    return Lexicon.of({group: [term] for group, term in terms}, language)


def _longest(hits: Sequence[Hit]) -> list[Hit]:
    """Hits of which no two share a word, the longer kept; in order."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.first - h.last, h.first, int(h.group))):
        if not any(k.first <= hit.last and hit.first <= k.last for k in kept):
            kept.append(hit)
    return sorted(kept, key=lambda h: h.first)
