"""JSON-LD of a page (json-ld.org): its nodes, its own article among them, and what references lead to."""

import html as html_entities
import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Any

from pipelines.core.text import folded
from pipelines.core.url_key import url_key

_ARTICLE_TYPES = frozenset(
    {"Article", "NewsArticle", "ReportageNewsArticle", "BackgroundNewsArticle", "AnalysisNewsArticle", "BlogPosting",
     "OpinionNewsArticle", "ReviewNewsArticle", "LiveBlogPosting", "Report", "AdvertiserContentArticle",
     "SocialMediaPosting", "TechArticle", "ScholarlyArticle", "AskPublicNewsArticle"}
)  # fmt: skip
MOST_CHARS = 400_000
_MOST_DEPTH = 12
_MOST_NODES = 400


@dataclass(frozen=True, slots=True)
class Graph:
    """The nodes of a page's JSON-LD, whatever they stand in, and what references lead to."""

    nodes: tuple[dict[str, Any], ...]
    by_id: dict[str, dict[str, Any]]

    @classmethod
    def of(cls, blocks: Iterable[str]) -> "Graph":
        """Of a page's blocks; those that do not parse, or are longer than any article's, are left out."""
        nodes: list[dict[str, Any]] = []
        for text in blocks:
            if len(text) <= MOST_CHARS:
                nodes += islice(_nodes_of(_json_of(text)), _MOST_NODES)
        by_id: dict[str, dict[str, Any]] = {}
        for node in nodes:
            name = node.get("@id")
            if isinstance(name, str) and len(node) > len(by_id.get(name, {"@id": name})):
                by_id[name] = node
        return cls(tuple(nodes[:_MOST_NODES]), by_id)

    def own(self, heads: list[str], urls: list[str | None]) -> list[dict[str, Any]]:
        """Article nodes, the page's own first: the one that has its headline or its address, and says most."""
        articles = [n for n in self.nodes if _kinds(n) & _ARTICLE_TYPES]
        titles = {folded(h) for h in heads}
        keys = {key for url in urls if url and (key := url_key(url))}
        fit = {id(n): self._fit(n, titles, keys) for n in articles}
        return sorted(articles, key=lambda n: (-fit[id(n)], not n.get("headline"), not n.get("datePublished")))

    def alike(self, nodes: list[dict[str, Any]]) -> list[dict[str, Any]]:
        """Those of some article nodes that speak of the same article as the first: by headline, address or id."""
        same = ("headline", "url", "@id")
        return [n for n in nodes if any(n.get(k) and n.get(k) == nodes[0].get(k) for k in same)] or nodes[:1]

    def first(self, kind: str) -> dict[str, Any]:
        """The first node of a type; an empty one if there is none."""
        return next((n for n in self.nodes if kind in _kinds(n)), {})

    def names(self, who: object, depth: int = 0) -> tuple[str, ...]:
        """The names of people and organisations, through lists and references."""
        if isinstance(who, str):
            return (who,)
        if isinstance(who, list) and depth < _MOST_DEPTH:
            return tuple(name for one in who[:20] for name in self.names(one, depth + 1))
        if isinstance(who, dict) and depth < _MOST_DEPTH:
            if "name" in who:
                return self.names(who["name"], depth + 1)
            known = self.by_id.get(str(who.get("@id")))
            return self.names(known.get("name"), depth + 1) if known else ()
        return ()

    @staticmethod
    def _fit(node: dict[str, Any], titles: set[str], keys: set[str]) -> int:
        place = node.get("mainEntityOfPage")
        places = [node.get("url"), node.get("@id"), place.get("@id") if isinstance(place, dict) else place]
        has_place = any(isinstance(p, str) and url_key(p) in keys for p in places)
        headline = node.get("headline")
        return 2 * (isinstance(headline, str) and folded(headline) in titles) + 2 * has_place


def _kinds(node: dict[str, Any]) -> set[str]:
    kinds = node.get("@type")
    return {str(k) for k in kinds} if isinstance(kinds, list) else {str(kinds)}


_JSON = json.JSONDecoder(strict=False)
_OPENING = re.compile(r"(?://|/\*)?\s*(?:<!--|<!\[CDATA\[)\s*(?:\*/)?")
_CLOSING = re.compile(r"(?:(?://|/\*)\s*)?(?:-->|\]\]>)\s*(?:\*/)?$")
_CLOSING_CHARS = 40  # a search of the whole text for what stands at its end would cost the square of its length
# Strings come first and are kept, so that what looks like a comment inside one stays. What never ends, ends here.
_NO_JSON = re.compile(r'("(?:[^"\\]|\\.)*"?)|//[^\n]*|/\*.*?(?:\*/|\Z)|,(?=\s*[}\]])', re.DOTALL)


def _json_of(text: str) -> object:
    """A script's JSON; also out of comments and CDATA, with comments and commas too many, or with escaped quotes."""
    bare = _unwrapped(text.strip())
    for readable in (bare, html_entities.unescape(bare), _NO_JSON.sub(lambda m: m[1] or "", bare)):
        try:
            return _JSON.raw_decode(readable.lstrip())[0]
        except (ValueError, RecursionError):
            continue
    return None


def _unwrapped(text: str) -> str:
    opening = _OPENING.match(text)
    text = text[opening.end() :] if opening else text
    return text[:-_CLOSING_CHARS] + _CLOSING.sub("", text[-_CLOSING_CHARS:])


def _nodes_of(value: object, depth: int = 0) -> Iterator[dict[str, Any]]:
    """Every object with a type, parents before what is in them."""
    if depth > _MOST_DEPTH:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes_of(item, depth + 1)
    elif isinstance(value, dict):
        if "@type" in value:
            yield value
        for inner in value.values():
            if isinstance(inner, (dict, list)):
                yield from _nodes_of(inner, depth + 1)
