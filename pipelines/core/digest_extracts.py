"""The few words of an article that a digest shows: one sentence, quotations, and the words that matched.

Everything is an exact substring of the stored text, at its offsets, and short: a digest tells of texts and never
hands them on. A page whose rights are reserved is never quoted beyond its headline.
"""

import re
from collections.abc import Mapping, Sequence

from pipelines.core.digest_content import Extract, Quotation, Why
from pipelines.core.digest_lines import Brief, Line, Told
from pipelines.core.nouns import Quote
from pipelines.core.text import Span, count_words, sentences_of

LONGEST_EXTRACT = 280  # characters: headline, a very short extract and a link, never a text
MOST_QUOTES = 4
_MOST_WORDS = 4  # of the words that matched
_SENTENCES = 6  # at the head of a text, of which one is shown
_LEAST_WORDS = 7  # a sentence of fewer tells nothing
_QUOTE_CHARS = (40, 280)
# "BRUSSELS (Nordwire) - " and "LJUBLJANA, 11/11 — ": where and by whom, which stand beside the extract already.
_DATELINE = re.compile(
    r"(?:[^\W\d_][^\n.!?()–—]{1,40}\([^\n()]{2,40}\)|[^\W\d_a-zà-ÿ]{3}[^\n.!?()–—a-zà-ÿ]{0,30})\s*[-–—]+\s+(?=\S)"
)


def sentence(article: Told) -> Extract | None:
    """Of the first six sentences the first that names what matched; if none does, the first that is long enough.

    A dateline is left out. One too long to show is cut between two words, and says so. None: no sentence tells.
    """
    if article.is_tdm_reserved:
        return None
    text = article.text
    spans = [_without_dateline(text, s) for s in sentences_of(text)[:_SENTENCES]]
    telling = [s for s in spans if count_words(text[s.start : s.end], _LEAST_WORDS) >= _LEAST_WORDS]
    whole = [s for s in telling if s.end - s.start <= LONGEST_EXTRACT]
    words = {w.casefold() for w in (*article.in_title, *article.in_text)}
    named = [s for s in whole if any(w in text[s.start : s.end].casefold() for w in words)]
    if named or whole:
        best = (named or whole)[0]
        return Extract(text=text[best.start : best.end], start=best.start, end=best.end)
    return _cut(text, telling[0]) if telling else None


def _without_dateline(text: str, span: Span) -> Span:
    found = _DATELINE.match(text, span.start, span.end)
    return Span(found.end(), span.end) if found else span


def _cut(text: str, span: Span) -> Extract | None:
    """The beginning of a sentence, as much as may be shown; None where it has no space to cut at."""
    end = text.rfind(" ", span.start, span.start + LONGEST_EXTRACT)
    if end <= span.start:
        return None
    return Extract(text=text[span.start : end], start=span.start, end=end, is_cut=True)


def why(article: Told, brief: Brief) -> Why:
    """The topic that an article is told under, and the words that say so, each once."""
    topic = article.topic(brief)
    in_title = _once(article.in_title)[:_MOST_WORDS]
    in_text = [w for w in _once((*in_title, *article.in_text)) if w not in in_title]
    return Why(
        topic=topic,
        name=dict(brief.topics).get(topic, topic),
        in_title=in_title,
        in_text=in_text[: _MOST_WORDS - len(in_title)],
        is_about=article.is_about,
    )


def _once(words: Sequence[str]) -> list[str]:
    """Each word as it is first written, whatever its capitals."""
    found: dict[str, str] = {}
    for word in words:
        found.setdefault(word.casefold(), word)
    return list(found.values())


def quotations(lines: Sequence[Line], voices: Mapping[str, str]) -> list[Quotation]:
    """One quotation a line, the most telling lines first, each speaker once.

    A quotation with a named speaker comes before one without; one without stands without, never with a guess.
    """
    found: list[Quotation] = []
    speakers: set[str] = set()
    for line in lines:
        candidates = [(q.speaker is None, i, q.start, q, a) for i, a in enumerate(line.articles) for q in a.quotes
                      if _may_quote(a, q) and q.speaker not in speakers]  # fmt: skip
        if not candidates:
            continue
        *_, quote, article = min(candidates, key=lambda c: c[:3])
        if quote.speaker is not None:
            speakers.add(quote.speaker)
        found.append(_quotation(quote, article, voices))
        if len(found) == MOST_QUOTES:
            break
    return found


def _quotation(quote: Quote, article: Told, voices: Mapping[str, str]) -> Quotation:
    return Quotation(
        text=quote.text,
        speaker=quote.speaker,
        voice=voices.get(quote.speaker) if quote.speaker else None,
        outlet=article.outlet,
        url=article.url,
        language=article.language,
        article_id=article.article_id,
        start=quote.start,
        end=quote.end,
    )


def _may_quote(article: Told, quote: Quote) -> bool:
    """Long enough to tell, short enough to quote, from an article that is no copy and whose rights are not reserved."""
    least, most = _QUOTE_CHARS
    is_ours = not article.is_tdm_reserved and article.original_id is None
    return is_ours and least <= len(quote.text) <= most
