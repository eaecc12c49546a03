"""The headline of a story: one of its articles' own titles, chosen by rule and never rewritten."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from pipelines.core.text import tokens_of

RULE_VERSION = "headlines-1"
_LEAST_WORD = 4  # letters; shorter ones are in any title
_FEWEST, _MOST = 4, 20  # words that a headline has; one below is a label, one above a summary
_UNKNOWN_TIME = datetime.max.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Titled:
    """What the choice needs of an article. `tier` is its outlet's, 1 the leading ones."""

    article_id: int
    title: str
    tier: int
    is_copy: bool
    is_partial: bool
    published_at: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Headline:
    """A title that stands for a story. `typical` is 0..1: the mean share of its words in the story's other titles."""

    article_id: int
    title: str
    typical: float
    reason: str


def headline_of(articles: Sequence[Titled]) -> Headline | None:
    """The title that says best what all say; None where no article has a title.

    In order: a whole article before a feed's own words, an original before a copy, a title of usual length that asks
    nothing before one that does; then the most typical, of leading outlets, earliest.
    """
    titled = [a for a in articles if a.title.strip()]
    if not titled:
        return None
    words = {a.article_id: _telling(a.title) for a in titled}
    held = Counter(w for found in words.values() for w in found)
    typical = {a.article_id: _typical(words[a.article_id], held, len(titled)) for a in titled}
    best = min(titled, key=lambda a: (
        a.is_partial, a.is_copy, not _is_plain(a.title), -round(typical[a.article_id], 1), a.tier,
        a.published_at or _UNKNOWN_TIME, a.article_id,
    ))  # fmt: skip
    reason = "only title" if len(titled) == 1 else f"most typical of {len(titled)} titles"
    return Headline(article_id=best.article_id, title=best.title, typical=typical[best.article_id], reason=reason)


def _telling(title: str) -> frozenset[str]:
    return frozenset(w for w in map(str.casefold, tokens_of(title)) if len(w) >= _LEAST_WORD or not w.isascii())


def _typical(words: frozenset[str], held: Counter[str], titles: int) -> float:
    """How many of the other titles have a word of this one, on average over its words."""
    if titles == 1 or not words:
        return 0.0
    return round(sum(held[w] - 1 for w in words) / (len(words) * (titles - 1)), 4)


def _is_plain(title: str) -> bool:
    """Of usual length, and a statement."""
    words = len(tokens_of(title))
    is_usual = _FEWEST <= words <= _MOST or not title.isascii()  # scripts without spaces count otherwise
    return is_usual and not title.rstrip("\"'”’»“ ").endswith(("?", "？", ";", "؟", "…", "..."))
