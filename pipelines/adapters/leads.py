"""What stands between a page's headline and its text, and which of it is the lead.

A lead (standfirst, chapeau, Vorspann) often stands in the header of the article, where no extractor looks for text.
"""

import re
from itertools import islice

from pipelines.adapters.headlines import following
from pipelines.adapters.markup import Tree
from pipelines.core.text import folded, one_line

_NAMES = (
    "lead", "lead-?(?:in|text)", "lede", "stand-?first", "teaser", "teaser-?text", "intro", "introtext", "dek", "deck",
    "sub-?title", "sub-?head", "sub-?heading", "sub-?headline", "sub-?titulo", "sottotitolo", "sommario", "summary",
    "abstract", "excerpt", "description", "vorspann", "chapo", "chapeau", "ingress", "preamble", "entradilla", "bajada",
    "copete", "manchet", "perex", "zajawka", "spot",
)  # fmt: skip
_NAMED = re.compile(rf"(?:^|[\s_-])(?:{'|'.join(_NAMES)})(?:$|[\s_-])")
_OTHERWISE = re.compile(
    r"related|recommend|newsletter|caption|author|bio|comment|card|share|social|sidebar|promo|cookie|consent|image"
    r"|figure|video|audio|breadcrumb|paywall|subscri"
)
_HEADERS = frozenset({"header", "hgroup"})
_BLOCKS = frozenset({"p", "div", "h2", "h3", "h4", "h5", "span", "strong", "section"})
_PARTED = ("p", "div", "ul", "ol", "h1", "h2", "h3", "h4", "section", "article", "figure", "table", "form", "nav")
_REACH = 250  # elements behind the headline
_LEAST_WORDS = 8
_START_CHARS = 60
_DESCRIPTIONS = "//meta[@property='og:description' or @name='description' or @name='twitter:description']/@content"


def before_the_text(tree: Tree) -> list[tuple[bool, str]]:
    """The texts of the blocks behind the first h1, in order, each with whether it is called a lead, and is one.

    It is, where its name or its header promises a lead and the page describes itself by its words: a name alone is
    given to teasers of other stories too, and descriptions are made of the first paragraph.
    """
    head = next(tree.iter("h1"), None)
    if head is None:
        return []
    starts = [
        start for said in tree.xpath(_DESCRIPTIONS) if len(start := folded(str(said))[:_START_CHARS]) > _START_CHARS / 2
    ]
    if not starts:
        return []
    blocks = (e for e in islice(following(head), _REACH) if e.tag in _BLOCKS and not _is_parted(e))
    said = ((e, one_line(" ".join(str(t) for t in e.itertext()))) for e in blocks)
    return [
        (any(folded(text).startswith(s) for s in starts) and _promises(element), text)
        for element, text in said
        if text and len(text.split()) >= _LEAST_WORDS
    ]


def _is_parted(element: Tree) -> bool:
    return any(inner is not element for inner in islice(element.iter(*_PARTED), 2))


def _promises(element: Tree) -> bool:
    own = _name(element)
    if _OTHERWISE.search(own):
        return False
    parent = element.getparent()
    around = _name(parent) if parent is not None else ""
    in_header = any(a.tag in _HEADERS for a in islice(element.iterancestors(), 3))
    return bool(_NAMED.search(own)) or in_header or (bool(_NAMED.search(around)) and not _OTHERWISE.search(around))


def _name(element: Tree) -> str:
    return f"{element.get('class') or ''} {element.get('id') or ''} {element.get('itemprop') or ''}".lower()
