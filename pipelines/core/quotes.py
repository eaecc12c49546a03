"""Quotations with exact offsets, and the speaker only where the text names one. Nothing is ever completed."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from pipelines.core.nouns import Quote
from pipelines.core.text import Span, sentence_at, sentences_of, words_of

# Opening marks, and the marks that may close each, as the languages of Europe pair them. A quotation ends at the
# first of its closing marks; read from left to right, what stands between two quotations is never taken for one.
_CLOSES = {"“": "”“", "„": "“”", "«": "»", "»": "«", "‚": "‘", "‘": "’", '"': '"', "”": "”"}
_OPENING = re.compile("[" + "".join(_CLOSES) + "]")
_LEAST_WORDS = 6
_LONGEST = 600
_REACH = 160  # characters before and after a quotation where its speaker is named
_CAPITAL = r"[A-ZÀ-ÖØ-ÞĀ-ŽČŠŽŁŚŻŹĆ][\w’'-]+"
_PARTICLES = r"(?:\s+(?:van|von|de|da|dos|di|der|den|del|la|le|ter))*"
_CAPITALISED = re.compile(rf"{_CAPITAL}(?:{_PARTICLES}\s+{_CAPITAL})+")
# What stands before a name in capitals: offices and forms of address, and any German noun ("Sprecher Jonas Beck").
_NAME_AT_END = re.compile(rf"{_CAPITAL}{_PARTICLES}\s+{_CAPITAL}$")
_VERB = re.compile(
    r"\b(?:said|says|told|added|adds|warned|stressed|argued|wrote|declared|explained|asked|noted|according"
    r"|dit|a dit|déclar\w+|affirm\w+|expliqu\w+|ajout\w+|estim\w+|soulign\w+|selon|lanc\w+|rappel\w+|insist\w+|confi\w+"
    r"|sagt\w*|erklärt\w*|so|betont\w*|warnt\w*|fügt\w*|meint\w*|mahnt\w*|laut"
    r"|dijo|dice|afirm\w+|explic\w+|añadi\w+|señal\w+|asegur\w+|subray\w+|declar\w+|advirti\w+|según"
    r"|detto|dice|ha detto|dichiar\w+|spieg\w+|aggiun\w+|afferm\w+|sottoline\w+|avvert\w+|secondo"
    r"|zegt|zei|aldus|verklaar\w+|stelt|waarschuw\w+|voegt\w*|benadruk\w+|volgens"
    r"|mówi\w*|powiedzi\w+|stwierdz\w+|dodał\w*|podkreśl\w+|zaznacz\w+|oświadcz\w+|ocenił\w*|ostrzeg\w+|wyjaśni\w+"
    r"|disse|diz|afirmou|explicou|acrescentou|sublinhou|declarou|alertou|segundo|defendeu|garantiu)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """A person of the gazetteer: shown as a speaker under `name`, recognised by any alias."""

    name: str
    aliases: tuple[str, ...] = ()


def quotes_of(text: str, gazetteer: Sequence[Known] = ()) -> list[Quote]:
    """Quotations of at least six words, in order, without overlap; `text[start:end]` is each one's text."""
    sentences = sentences_of(text)
    spans = list(_spans(text))
    return [
        Quote(text=text[s.start : s.end], start=s.start, end=s.end,
              speaker=_speaker(text, s, spans, sentences, gazetteer))
        for s in spans
    ]  # fmt: skip


def _spans(text: str) -> Iterable[Span]:
    position = 0
    while opening := _OPENING.search(text, position):
        start, mark = opening.end(), opening.group()
        end = _closing(text, start, mark)
        if end is None or (mark == "‘" and _is_inside_word(text, opening.start())):
            position = start
            continue
        position = end + 1
        inner = text[start:end]
        if len(inner) <= _LONGEST and len(words_of(inner)) >= _LEAST_WORDS:
            left = len(inner) - len(inner.lstrip())
            yield Span(start + left, start + len(inner.rstrip(" \u00a0\u202f,")))


def _closing(text: str, start: int, mark: str) -> int | None:
    """Where a quotation that begins at `start` ends; None if its paragraph ends before."""
    for position in range(start, min(len(text), start + 4 * _LONGEST)):
        character = text[position]
        if character == "\n":
            return None
        if character in _CLOSES[mark] and not (character == "’" and _is_inside_word(text, position)):
            return position
    return None


def _is_inside_word(text: str, position: int) -> bool:
    """An apostrophe: "don’t" neither opens nor closes."""
    before, after = text[position - 1 : position], text[position + 1 : position + 2]
    return before.isalnum() and after.isalnum()


def _speaker(
    text: str, quote: Span, quotes: Sequence[Span], sentences: list[Span], gazetteer: Sequence[Known]
) -> str | None:
    """Whoever is named beside the quotation, at a verb of saying and outside any quotation.

    The gazetteer first, then the one name that stands there. A name that is only near is not enough.
    """
    after, before = _beside(text, quote, quotes, sentences)
    for part in (after, before):
        known = _gazetted(part, gazetteer)
        if known is not None and _VERB.search(part):
            return known
    for part in (after, before):
        if _VERB.search(part):
            names = [_NAME_AT_END.search(run) for run in _CAPITALISED.findall(part)]
            if len(names) == 1 and names[0] is not None:
                return names[0].group()
    return None


def _beside(text: str, quote: Span, quotes: Sequence[Span], sentences: list[Span]) -> tuple[str, str]:
    """The text after and before a quotation within its own sentences, up to the next quotation."""
    left = max([q.end + 1 for q in quotes if q.end < quote.start], default=0)
    right = min([q.start - 1 for q in quotes if q.start > quote.end], default=len(text))
    paragraph_start = text.rfind("\n", 0, quote.start) + 1
    paragraph_end = text.find("\n", quote.end)
    start = max(left, paragraph_start, sentence_at(sentences, max(0, quote.start - 2)).start, quote.start - _REACH)
    end = min(right, quote.end + _REACH, paragraph_end if paragraph_end >= 0 else len(text))
    closing = sentence_at(sentences, min(quote.end + 2, len(text) - 1))
    end = min(end, max(closing.end, quote.end))
    return text[quote.end + 1 : end], text[start : max(start, quote.start - 1)]


def _gazetted(part: str, gazetteer: Sequence[Known]) -> str | None:
    """The person of the gazetteer who is named first; a name inside another word names nobody."""
    found = [
        (place, person.name)
        for person in gazetteer
        for name in (person.name, *person.aliases)
        if (place := _place_of(name, part)) is not None
    ]
    return min(found)[1] if found else None


def _place_of(name: str, part: str) -> int | None:
    found = re.search(rf"(?<!\w){re.escape(name)}(?!\w)", part)
    return found.start() if found else None
