"""Terminology watch: where an outlet uses a term that an agreed one has replaced."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from pipelines.core.nouns import Quote, TermUse


@dataclass(frozen=True, slots=True, kw_only=True)
class WatchedTerm:
    """A term to find in one language, and the term that is agreed instead. `*` at an end stands for letters."""

    language: str
    term: str
    preferred: str


def terms_used(
    text: str, language: str | None, watched: Sequence[WatchedTerm], quotes: Sequence[Quote]
) -> list[TermUse]:
    """Every use of a watched term of the text's language, longest term first where two overlap."""
    uses: list[TermUse] = []
    for term in sorted((w for w in watched if w.language == language), key=lambda w: -len(w.term)):
        for found in _pattern(term.term).finditer(text):
            if not any(u.start < found.end() and found.start() < u.end for u in uses):
                uses.append(
                    TermUse(
                        term=term.term,
                        preferred=term.preferred,
                        start=found.start(),
                        end=found.end(),
                        is_quoted=any(q.start <= found.start() and found.end() <= q.end for q in quotes),
                    )
                )
    return sorted(uses, key=lambda u: u.start)


@cache
def _pattern(term: str) -> re.Pattern[str]:
    words = (
        (r"\w*" if w.startswith("*") else "") + re.escape(w.strip("*")) + (r"\w*" if w.endswith("*") else "")
        for w in term.split()
    )
    return re.compile(r"(?<!\w)" + r"[\s-]+".join(words) + r"(?!\w)", re.IGNORECASE)
