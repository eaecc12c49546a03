"""What a page is built of, counted: by it a page that is no article is told (core/page_kinds)."""

import re
from itertools import islice
from urllib.parse import urlsplit

from pipelines.adapters.jsonld import MOST_CHARS
from pipelines.adapters.markup import Declared, Tree, jsonld_blocks
from pipelines.core.page_kinds import Shape

_TYPE = re.compile(r"\"@type\"\s*:\s*\[?\s*\"(\w+)\"")
_DEEPEST = 250  # libxml2 leaves out what stands deeper than 255 elements
_LARGEST_NODE = 9_900_000  # and text nodes of 10 MB
_PLAYERS = ("youtube.com/embed", "youtube-nocookie.com/embed", "player.vimeo.com", "dailymotion.com/embed")
_TEASER_WORDS = 4


def shape_of(tree: Tree, said: Declared, url: str, size: int) -> Shape:
    """Counts of one parsed page.

    Args:
        tree: before trafilatura, which changes it.
        said: what the page declares.
        url: its address.
        size: of its body in bytes.
    """
    meta = {(m.get("property") or "").lower(): m.get("content") or "" for m in tree.iter("meta")}
    return Shape(
        kinds=frozenset(_kinds(tree)),
        og_type=meta.get("og:type", "").strip().lower(),
        heads=tuple(text for _, text in said.titles),
        visible_text=said.visible_text,
        is_front=not urlsplit(url).path.strip("/") and not urlsplit(url).query if url else False,
        articles=sum(1 for a in tree.iter("article") if next(a.iter("a"), None) is not None),
        headlines=sum(1 for a in tree.xpath("//h2//a | //h3//a | //h4//a") if _is_headline(a)),
        pictures=sum(1 for _ in tree.xpath("//figure//img | //main//img | //article//img")),
        has_player=_has_player(tree),
        has_password=bool(tree.xpath("//input[@type='password']")),
        scripts=sum(1 for _ in tree.iter("script")),
        is_beyond_parser=size >= _LARGEST_NODE or _is_too_deep(tree),
    )


def _kinds(tree: Tree) -> set[str]:
    return {kind for text in jsonld_blocks(tree) for kind in _TYPE.findall(text[:MOST_CHARS])}


def _is_headline(link: Tree) -> bool:
    return len(" ".join(str(t) for t in link.itertext()).split()) >= _TEASER_WORDS


def _has_player(tree: Tree) -> bool:
    framed = any(player in (f.get("src") or "") for f in tree.iter("iframe") for player in _PLAYERS)
    return framed or next(tree.iter("video"), None) is not None


def _is_too_deep(tree: Tree) -> bool:
    """True where an element stands so deep that the parser has left out what is below it."""
    level = [tree]
    for _ in range(_DEEPEST):
        level = [child for element in level for child in element]
        if not level:
            return False
    return next(islice(level, 1), None) is not None
