"""An article's record beside its words: what its page says of it, who said what, and what is wrong with it."""

from collections.abc import Collection

from pipelines.core.nouns import Article
from pipelines.core.text import count_words

SHORT_WORDS = 100  # a news text of less is a notice, a caption, or cut
# In the order in which they are stored; the comment on `articles.flags` says what each means.
FLAGS = (
    "no_title", "no_authors", "no_date", "no_language", "feed_text", "short", "paywalled", "lines_dropped",
    "beyond_parser",
)  # fmt: skip
# The rest are of facts about the article.
_OF_WORDS = frozenset({"no_title", "feed_text", "short", "lines_dropped", "beyond_parser"})


def flags_of(article: Article) -> tuple[str, ...]:
    """What is known to be wrong with an article, as `FLAGS` names it."""
    wrong = {
        "no_title": not (article.title or "").strip(),
        "no_authors": not article.authors,
        "no_date": article.published.precision is None,
        "no_language": article.language is None,
        "feed_text": article.is_partial,
        "short": count_words(article.text, SHORT_WORDS) < SHORT_WORDS,
        "paywalled": bool(article.is_paywalled),
        "lines_dropped": article.dropped_lines > 0,
        "beyond_parser": article.is_beyond_parser,
    }
    return tuple(name for name in FLAGS if wrong[name])


def flags_after(standing: Collection[str], article: Article, *, facts: bool, words: bool) -> tuple[str, ...]:
    """The flags of a record of which another page gives the facts, the words, or both: of the rest they stand."""
    read = flags_of(article)
    return tuple(f for f in FLAGS if f in (read if (words if f in _OF_WORDS else facts) else standing))


def source_of(article: Article, field: str) -> str | None:
    """Who said a field of an article: title, authors or published; None where nobody says all of it."""
    return next((who for name, who in article.sources if name == field), None)


def sources_told(**sources: str | None) -> tuple[str, ...]:
    """Who said what, as people read it; what nobody says is left out."""
    return tuple(f"{name}: {who}" for name, who in sources.items() if who)
