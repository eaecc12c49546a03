"""What a page shows around its headline: the headline itself, who wrote it, and when. Elements in, words out."""

import re
from collections.abc import Iterator
from itertools import chain, islice
from typing import Any

from pipelines.core.bylines import without_checkers
from pipelines.core.text import folded, one_line

# lxml ships no types; these are its elements.
Tree = Any

_KICKER_CLASS = re.compile(
    r"(?:^|[\s_-])(?:kickers?|over-?lines?|over-?titles?|eyebrow|top-?lines?|dachzeile|roofline|spitzmarke|pre-?title|"
    r"sur-?titre|ante-?t[ií]tulo|occhiello|ankeiler|sub-?(?:title|line|headline|heading)|unterzeile)(?:$|[\s_-])"
)
_LEAST_HEAD_CHARS = 12
_MOST_HEAD_CHARS = 500
_MOST_HEADS = 100


def headline(head: Tree, titles: list[str]) -> str | None:
    """A heading's words without the kicker above it and the line below it, where these stand in it by class.

    They stay where one of the page's other titles has them too.
    """
    whole = text_of(head)
    if len(whole or "") > _MOST_HEAD_CHARS:
        return whole
    aside = {e for e in head.iterdescendants() if _KICKER_CLASS.search((e.get("class") or "").lower())}
    if not aside or any(t.startswith(folded(whole or "")) for t in titles):
        return whole
    kept = (str(t) for t in head.xpath(".//text()") if not any(e in aside for e in _holders(t, head)))
    return (one_line(" ".join(kept)) or "").strip(" -–—:|/·•") or whole


def _holders(text: Tree, head: Tree) -> Iterator[Tree]:
    """The elements inside a heading that hold one of its texts."""
    holder = text.getparent().getparent() if text.is_tail else text.getparent()
    while holder is not None and holder is not head:
        yield holder
        holder = holder.getparent()


def own_head(tree: Tree, titles: list[str]) -> Tree | None:
    """The heading that says what the page is called elsewhere; the first h1 where none does."""
    known = [t for t in titles if len(t) >= _LEAST_HEAD_CHARS]
    for head in islice(chain(tree.iter("h1"), tree.iter("h2")), _MOST_HEADS):
        words = folded(text_of(head) or "")
        if _LEAST_HEAD_CHARS <= len(words) <= _MOST_HEAD_CHARS and any(words in t or t in words for t in known):
            return head
    return next(tree.iter("h1"), None)


_AUTHOR_CLASS = re.compile(
    r"(?:^|[\s_-])(?:authors?|by-?lines?|autor(?:en|es|i)?|auteurs?|writers?|reporters?|redacteur)(?:$|[\s_-])"
)
_NOT_THE_AUTHOR = re.compile(
    r"comment|quote|testimonial|related|teaser|avatar|bio|social|follow|recommend|sidebar|footer|caption|tooltip|cite"
)
_MOST_BYLINE_CHARS = 100
MOST_BYLINES = 6
_BYLINE_REACH = 250  # elements behind the headline
_MOST_LINKS = 400


def rel_authors(tree: Tree) -> list[str | None]:
    """The links of `rel=author` that stand with the first of them: the others are of other stories."""
    links = tree.xpath("//a[contains(concat(' ', @rel, ' '), ' author ')]")[:_MOST_LINKS]
    near = [e for e in links if e.getparent() is links[0].getparent()]
    return [text_of(e) for e in near[:MOST_BYLINES]]


def bylines(tree: Tree, head: Tree | None) -> list[str | None]:
    """What the first short text behind the headline says whose class promises an author; links in it one by one.

    Names that stand apart, each in an element of the same class, are taken together.
    """
    behind = islice(tree.iter() if head is None else following(head), _BYLINE_REACH)
    for element in chain(behind, _just_before(head)):
        if _is_byline(element) and (text := text_of(element)) and len(text) <= _MOST_BYLINE_CHARS:
            alike = [s for s in element.itersiblings() if _is_byline(s) and s.get("class") == element.get("class")
                     and len(text_of(s) or "") <= _MOST_BYLINE_CHARS]  # fmt: skip
            return [name for one in [element, *alike][:MOST_BYLINES] for name in _names_apart(one)]
    return []


_DATE_CLASS = re.compile(r"(?:^|[\s_-])(?:publish\w*|date|datum|fecha|data|time|timestamp|posted|info)(?:$|[\s_-])")
_A_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
# "Updated", in the languages of our outlets: not when a text was published.
_OF_A_CHANGE = re.compile(
    r"updat|modif|revis|aktuali[sz]|stand:|geändert|mis à jour|màj|actuali[sz]|atuali[sz]|aggiornat|"
    r"bijgewerkt|gewijzigd|opp?datert|opdateret|uppdatera|päivitetty|frissít|güncelle|оновлен|обновлен|актуализ|ενημέρωσ|uuendatud|atnaujinta",
    re.IGNORECASE,
)
_TIME_OF_DAY = re.compile(r"\d{1,2}:\d\d(?::\d\d)?")
_YEAR_DIGITS = 4
_MOST_DATE_CHARS = 60
_DATE_PARTS = re.compile(r"\s*[•|·]\s*|\s+[–—-]\s+|(?<=[^\W\d_]):\s+")  # "Ana Novak • 17 March 2025", "Published: ..."


def shown_date(head: Tree | None) -> str | None:
    """The first short text behind the headline whose tag or class promises a date; of its parts the one with a year."""
    for element in islice(following(head) if head is not None else (), _BYLINE_REACH):
        if text := _dated_text(element):
            inner = min((t for e in element.iterdescendants() if (t := _dated_text(e))), key=len, default=text)
            return next((part for part in _DATE_PARTS.split(inner) if _is_date(part)), inner)
    return None


def _dated_text(element: Tree) -> str | None:
    if not isinstance(element.tag, str):
        return None
    if element.tag != "time" and not _DATE_CLASS.search((element.get("class") or "").lower()):
        return None
    text = text_of(element)
    if not text or len(text) > _MOST_DATE_CHARS or _OF_A_CHANGE.search(text):
        return None
    return text if _is_date(text) else None


def _is_date(text: str) -> bool:
    """True for a year and a day, or a day and a month in digits; the time apart."""
    return bool(_A_YEAR.search(text)) and sum(c.isdigit() for c in _TIME_OF_DAY.sub("", text)) > _YEAR_DIGITS


def _just_before(head: Tree | None) -> list[Tree]:
    """The elements beside a headline that stand before it."""
    if head is None:
        return []
    return [e for sibling in head.itersiblings(preceding=True) for e in islice(sibling.iter(), MOST_BYLINES * 4)]


def _is_byline(element: Tree) -> bool:
    if not isinstance(element.tag, str):
        return False
    named = f"{element.get('class') or ''} {element.get('id') or ''}".lower()
    return bool(_AUTHOR_CLASS.search(named)) and not _NOT_THE_AUTHOR.search(named)


def _names_apart(byline: Tree) -> list[str]:
    text = without_checkers(text_of(byline) or "")
    links = list(dict.fromkeys(t for a in byline.iter("a") if (t := text_of(a)) and t in text))
    return links if len(links) > 1 else [text] if text else []


def following(element: Tree) -> Iterator[Tree]:
    """Every element behind one, in the order of the document."""
    for sibling in element.itersiblings():
        yield from sibling.iter()
    for ancestor in element.iterancestors():
        for sibling in ancestor.itersiblings():
            yield from sibling.iter()


def text_of(element: Tree) -> str | None:
    """An element's words on one line; None if it has none."""
    return one_line(" ".join(str(t) for t in element.itertext()))
