"""What changed between two readings of one article, in the kinds that readers are told of."""

from collections.abc import Sequence
from dataclasses import dataclass

from pipelines.core.nouns import Quote
from pipelines.core.text import Span, folded, numbers_of, sentences_of

_SHOWN = 280


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One change. `kind` is headline, figures, quotes, text or removed; None: nothing there."""

    kind: str
    before: str | None
    after: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One revision as far as changes are told."""

    title: str | None
    text: str
    quotes: Sequence[Quote] = ()


REMOVED = Change(kind="removed", before=None, after=None)


def changes(before: Reading, after: Reading) -> list[Change]:
    """Headline, then sentences with other figures, then quotations gone or new, then any other text."""
    found = []
    if folded(before.title or "") != folded(after.title or ""):
        found.append(Change(kind="headline", before=before.title, after=after.title))
    old, new = _sentences(before.text), _sentences(after.text)
    gone = [s for k, s in old.items() if k not in new]
    come = [s for k, s in new.items() if k not in old]
    figures = _figures(gone, come)
    found += figures
    old_quotes, new_quotes = ({folded(q.text): q.text for q in r.quotes} for r in (before, after))
    found += [
        Change(kind="quotes", before=q[:_SHOWN], after=None) for k, q in old_quotes.items() if k not in new_quotes
    ]
    found += [
        Change(kind="quotes", before=None, after=q[:_SHOWN]) for k, q in new_quotes.items() if k not in old_quotes
    ]
    if (gone or come) and not found:
        found.append(Change(kind="text", before=_first(gone), after=_first(come)))
    return found


def _figures(gone: Sequence[str], come: Sequence[str]) -> list[Change]:
    """Pairs of sentences that are the same but for their numbers."""
    found = []
    for old in gone:
        for new in come:
            if numbers_of(old) != numbers_of(new) and _wordlike(old) & _wordlike(new):
                shared = len(_wordlike(old) & _wordlike(new)) / max(len(_wordlike(old)), len(_wordlike(new)))
                if shared >= 0.7:  # noqa: PLR2004
                    found.append(Change(kind="figures", before=old[:_SHOWN], after=new[:_SHOWN]))
                    break
    return found


def _wordlike(sentence: str) -> set[str]:
    return {w for w in folded(sentence).split() if not w.isdecimal()}


def _sentences(text: str) -> dict[str, str]:
    return {folded(_cut(text, s)): _cut(text, s) for s in sentences_of(text)}


def _cut(text: str, span: Span) -> str:
    return text[span.start : span.end]


def _first(sentences: Sequence[str]) -> str | None:
    return sentences[0][:_SHOWN] if sentences else None
