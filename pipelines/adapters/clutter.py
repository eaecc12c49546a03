"""What stands in a page and is not of its article, by its elements: taken out of the tree before the text is read.

An extractor judges a block by its length and its links, so that it keeps other stories with a few sentences each,
what an outlet says of its author, and calls to subscribe.
"""

import re
from collections.abc import Iterator

from pipelines.adapters.markup import Tree

# Names that elements of no article bear, as words of their `class` or `id` in any style of writing them.
_NAMES = (
    "newsletters?", "sign-?up", "subscribe", "subscription", "cta", "promos?", "related", "relatedposts",
    "recommended", "recommendations", "recirc", "recirculation", "read-?more", "more-?stories", "see-?also", "trending",
    "outbrain", "taboola", "whatsapp", "popup", "modal", "display-card", "post__excerpt", "disclaimers?",
    "disclosures?", "ai-?summary", "saboxplugin-wrap", "abh_box", "author-?(?:bio|box|card|info|desc|description)",
    "about-?author", "bio-?box", "weitere-(?:artikel|themen|meldungen)", "mehr-zum-thema", "lesen-sie-auch",
    "(?:a-)?lire-aussi", "articles?-li[eé]s", "relacionad[ao]s", "te-puede-interesar", "lea-tambien", "correlat[ie]",
    "leggi-anche", "leia-(?:mais|tambem)", "saiba-mais", "veja-tambem", "gerelateerd", "lees-ook",
    "czytaj-(?:takze|tez|wiecej)", "powiazane", "zobacz-(?:takze|tez)", "relaterat", "relatert", "relaterede",
    "las-mer", "les-ogsa", "laes-ogsaa",
)  # fmt: skip
_NAMED = re.compile(rf"(?:^|[\s_-])(?:{'|'.join(_NAMES)})(?:$|[\s_-])", re.IGNORECASE)
_HUMP = re.compile(r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")  # relatedPosts, CTABox
_BLOCKS = ("div", "section", "aside", "ul", "form", "p", "a", "li")
_MOST_OF_THE_TEXT = 0.3  # of the page's words in paragraphs: a block with more is the article, whatever its name
_LEAST_WORDS = 100  # in paragraphs of the article with the headline: with fewer, its text may stand in another
_MOST_ARTICLES = 200
_LINKED_HEADING = " | ".join(f".//h{n}//a | .//a//h{n}" for n in range(1, 5))


def take_out(tree: Tree, *, is_live: bool = False) -> None:
    """Remove other stories, calls to subscribe and the like from a tree.

    Args:
        tree: of the page; it is changed.
        is_live: the page is a live blog, whose updates are articles with headlines of their own.
    """
    if not is_live:
        _take_out(list(_other_articles(tree)))
    _take_out(list(_named_as_clutter(tree)))


def _other_articles(tree: Tree) -> Iterator[Tree]:
    """Articles beside the one with the page's headline, and teasers in it.

    Pages that load the next story when a reader comes to the end hold it already, or another edition does.
    """
    articles = list(tree.iter("article"))
    own = next((a for a in articles if next(a.iter("h1"), None) is not None), None)
    if own is None or not 1 < len(articles) <= _MOST_ARTICLES or _words(own) < _LEAST_WORDS:
        return
    around, within = set(own.iterancestors()), set(own.iter("article"))
    for article in articles:
        if article not in around and (article not in within or (article is not own and _is_teaser(article, own))):
            yield article


def _is_teaser(article: Tree, own: Tree) -> bool:
    return bool(article.xpath(_LINKED_HEADING)) and _words(article) <= _words(own) / 2


def _named_as_clutter(tree: Tree) -> Iterator[Tree]:
    """Blocks whose name says that they are not of the article; never the one that holds its headline or its text."""
    named = [e for e in tree.iter(*_BLOCKS) if _NAMED.search(_name(e))]
    most = _MOST_OF_THE_TEXT * _words(tree) if named else 0
    found: set[Tree] = set()
    for element in named:
        if not found.isdisjoint(element.iterancestors()):
            continue
        if next(element.iter("h1"), None) is None and _words(element) <= most:
            found.add(element)
            yield element


def _name(element: Tree) -> str:
    name = f"{element.get('class') or ''} {element.get('id') or ''}"
    return _HUMP.sub("-", name) if not name.islower() else name


def _words(element: Tree) -> int:
    return sum(len(str(text).split()) for p in element.iter("p") for text in p.itertext())


def _take_out(elements: list[Tree]) -> None:
    """Remove elements, and leave the text behind each where it is."""
    for element in elements:
        if element.getparent() is not None:
            element.drop_tree()
