"""A necessary condition of the topics, looked for in a page's source before it is read in full.

    source | without scripts, styles, comments | tags off | entities, escapes | folded | terms of all languages
           | could any topic hold by the groups that have a hit? no: the page is left out unread
    source | title, headings, descriptions | folded | would a second opinion be asked? no: as above

Most pages are off topic, and reading one in full costs some ten times what this does. Nothing that reading would keep
may be lost here: words are looked for wherever a reading could find them (text, meta, JSON-LD), in all languages at
once, and how near they stand is not asked, because a reading leaves out what stands between.

The second opinion's net is not so tight: everyday words are enough for it, which any page has somewhere ("kids", in a
menu). It is asked on title and lead, and so only what a page says of itself is looked through. An article that says
the words in its first lines alone is lost to it (docs/decisions/0016 has the share).
"""

import html
import re
from collections.abc import Callable, Sequence

from pipelines.core.lexicon import UNKNOWN, Document, Lexicon
from pipelines.core.matching import Watch
from pipelines.core.query import Expression, is_possible
from pipelines.core.text import count_words

SCREENED = "screened"  # stands for the extractor of an article that was not read
# All of what follows is looked for in a source that has been case-folded: to ask for either case costs a regular
# expression half its speed. None runs on from a "<" that opens nothing, so that each is done in linear time.
_UNSHOWN = re.compile(
    r"<!--.*?-->|<script(?![^<>]*ld\+json)[^<>]*>.*?</script\s*>|<style[^<>]*>.*?</style\s*>", re.DOTALL
)
_CLOSERS = {
    "<!--": re.compile("-->"),
    "<script": re.compile(r"</script\s*>"),
    "<style": re.compile(r"</style\s*>"),
}
# Elements within a line: what stands on either side of their tags may be one word (HTML Living Standard, phrasing).
_INLINE = re.compile(
    r"</?(?:a|span|strong|b|i|em|time|u|s|q|abbr|small|label|mark|sub|sup|font|cite|code|wbr|acronym|bdi|bdo|big|data|del|"
    r"dfn|ins|kbd|nobr|samp|strike|tt|var)(?:\s[^<>]*)?/?>"
)
_TAG = re.compile(r"<(?!meta)[^<>]*>")  # a meta element says what it says in its attributes
_ESCAPE = re.compile(r"\\(?:u([0-9a-f]{4})|.)")  # of JSON strings
# A page that says it is an article. Of any other its kind is to be told, and for that it is read.
_IS_ARTICLE = re.compile(
    r"""og:type["'][^>]{0,40}content=["']article|content=["']article["'][^>]{0,40}og:type|"@type"\s{0,9}:\s{0,9}\[?\s{0,9}"\w{0,40}(?:article|blogposting)\"""",
    re.IGNORECASE,
)
_CANONICAL = re.compile(r"<link\s[^<>]{0,500}?rel=[\"']?canonical[^<>]{0,1000}>", re.IGNORECASE)
_HREF = re.compile(r"href\s{0,9}=\s{0,9}[\"']?([^\"'\s<>]{1,1000})", re.IGNORECASE)
_FREE = re.compile(r"[\"']isAccessibleForFree[\"']\s{0,9}:\s{0,9}[\"']?(true|false)", re.IGNORECASE)
_RESERVES = "tdm-reservation"  # a page that speaks of it is read, and heard
_HEAD_CHARS = 200_000
_INTRODUCING = re.compile(
    r"""<title[^<>]*>[^<]*|<h1[^<>]*>.{0,1000}?</h1|<meta[^<>]*(?:title|description)["'][^<>]*>""",
    re.IGNORECASE | re.DOTALL,
)
_CONTENT = re.compile(r"""content=(?:"([^"]*)|'([^']*))""", re.IGNORECASE)
_LEAST_WORDS = 250  # more than a consent page or a guard against robots has (core/page_kinds)


def shown(source: str) -> str:
    """The words of a page's source, case-folded, wherever a reading could find them: all of its title and text."""
    source = _seen(source.lower() if source.isascii() else source.casefold())
    if "\\" in source:
        source = _ESCAPE.sub(_unescaped, source)
    source = _TAG.sub(" ", _INLINE.sub("", source))
    return html.unescape(source) if "&" in source else source


def _seen(source: str) -> str:
    """Without scripts, styles and comments; a source that leaves one open keeps all, as a parser may read on."""
    for opener, closer in _CLOSERS.items():
        last = source.rfind(opener)
        if last >= 0 and closer.search(source, last) is None:
            return source
    return _UNSHOWN.sub("", source)


def introduced(source: str) -> str:
    """What a page says of itself, case-folded: its title, headings and descriptions."""
    parts = (found[0] for found in _INTRODUCING.finditer(source, 0, _HEAD_CHARS))
    said = (_content(part) if part[:5].casefold() == "<meta" else part for part in parts)
    return shown(" . ".join(dict.fromkeys(said)))


def _content(meta: str) -> str:
    found = _CONTENT.search(meta)
    return found[1] or found[2] or "" if found else ""


def _unescaped(escape: re.Match[str]) -> str:
    return chr(int(escape[1], 16)) if escape[1] else " "


def is_surely_article(source: str, words: str) -> bool:
    """True where leaving a page unread hides no other reason: it declares an article, and has the words for one."""
    if _RESERVES in source or _IS_ARTICLE.search(source, 0, _HEAD_CHARS) is None:
        return False
    return count_words(words, _LEAST_WORDS) > _LEAST_WORDS


def canonical_in(source: str) -> str | None:
    """The canonical address as the source has it, entities resolved; None where it names none."""
    link = _CANONICAL.search(source, 0, _HEAD_CHARS)
    found = _HREF.search(link[0]) if link else None
    return html.unescape(found[1]) if found else None


def wall_in(source: str) -> bool | None:
    """Whether the source declares a paywall (schema.org's isAccessibleForFree); None: it says neither."""
    found = _FREE.search(source)
    return found[1].lower() == "false" if found else None


class Screen:
    """The terms of all languages, and what they would have to make possible.

    Args:
        lexicon: of the terms of all languages.
        queries: of the topics.
        is_undecided: whether an article with hits of these groups in title and lead is asked a second opinion on.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        queries: Sequence[Expression],
        is_undecided: Callable[[frozenset[str]], bool] = lambda _: False,
    ) -> None:
        self._lexicon, self._queries, self._is_undecided = lexicon, tuple(queries), is_undecided

    @classmethod
    def of(cls, watch: Watch, is_undecided: Callable[[frozenset[str]], bool] = lambda _: False) -> "Screen":
        """What the topics that are watched make necessary."""
        return cls(watch.lexicons[UNKNOWN], [topic.query for topic in watch.topics], is_undecided)

    def may_match(self, words: str) -> bool:
        """False where no topic can hold in a text that has these words at most."""
        return self._is_worth(words, lambda groups: any(is_possible(query, groups) for query in self._queries))

    def may_be_asked(self, introduction: str) -> bool:
        """True where what a page says of itself (`introduced`) would have its article asked a second opinion on."""
        return self._is_worth(introduction, self._is_undecided)

    def _is_worth(self, words: str, is_enough: Callable[[frozenset[str]], bool]) -> bool:
        document = Document("", words)
        found = self._lexicon.found(document)
        return is_enough(self._lexicon.groups(found)) and is_enough(self._lexicon.confirmed(document, found))
