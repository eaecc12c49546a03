"""Quotations with exact offsets, and the speaker only where the text names one. Nothing is ever completed.

text | stretches between marks | speaker: named beside it, "she" of a paragraph before, or who goes on speaking
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

from pipelines.core.nouns import Quote
from pipelines.core.quote_marks import Quoted, quoted_in
from pipelines.core.speakers import Cast, Known
from pipelines.core.text import Span, sentences_of

__all__ = ["Known", "quotes_of"]

_ABBREVIATED = re.compile(
    r"(?<!\w)(?:[^\W\d_]|Dr|Mrs?|Ms|Mme|Prof|Sen|Rep|Gen|Col|St|Sr|Sra|Ing|Mgr|Mag|dr|prof|mgr|inż|ing)\.$"
)
_REACH = 240  # characters before and after a quotation where its speaker is named
_BACK = 1500  # characters, and
_PARAGRAPHS_BACK = 4  # paragraphs before, that "she" may point to


def quotes_of(text: str, gazetteer: Sequence[Known] = ()) -> list[Quote]:
    """Quotations of at least six words, in order, without overlap; `text[start:end]` is each one's text."""
    stretches = quoted_in(text)
    quoted = [q for q in stretches if q.is_quotation(text)]
    if not quoted:
        return []
    speakers = _Speakers(text, stretches, quoted, gazetteer).all()
    return [
        Quote(text=text[q.start : q.end], start=q.start, end=q.end, speaker=speaker)
        for q, speaker in zip(quoted, speakers, strict=True)
    ]


def _masked(text: str, stretches: Sequence[Quoted]) -> str:
    """The text with X for what is between marks: as long, and a word apart that a sentence may begin with."""
    parts, position = [], 0
    for q in stretches:
        parts += [text[position : q.outer], " ", "X" * (q.outer_end - q.outer - 2), " "]
        position = q.outer_end
    return "".join([*parts, text[position:]])


def _whole_sentences(text: str) -> list[Span]:
    """Sentences that do not end at "Dr." or at the initial of a name."""
    whole: list[Span] = []
    for span in sentences_of(text):
        if whole and _ABBREVIATED.search(text, max(whole[-1].start, whole[-1].end - 8), whole[-1].end):
            whole[-1] = Span(whole[-1].start, span.end)
        else:
            whole.append(span)
    return whole


class _Speakers:
    """The speakers of all quotations of one text, one after the other."""

    def __init__(
        self, text: str, stretches: Sequence[Quoted], quoted: Sequence[Quoted], gazetteer: Sequence[Known]
    ) -> None:
        self._text, self._quoted = text, quoted
        self._masked = _masked(text, stretches)
        self._cast = Cast(self._masked, gazetteer)
        self._sentences = _whole_sentences(self._masked)
        self._sentence_starts = [s.start for s in self._sentences]

    def all(self) -> list[str | None]:
        found: list[str | None] = []
        for n, quote in enumerate(self._quoted):
            found.append(self._own(n) or self._continued(n, found))
            if n and self._quoted[n - 1].is_open and found[n - 1] is None and self._opens_paragraph(quote):
                found[n - 1] = found[n]  # told where the reopened quotation ends
        return [self._cast.shown(name) for name in found]

    def _own(self, n: int) -> str | None:
        after, before = self._after(n), self._before(n)
        for part in (after, before):
            if speaker := self._cast.speaker(part.start, part.end):
                return speaker
        if any(self._cast.is_said_by_pronoun(part.start, part.end) for part in (after, before)):
            return self._antecedent(self._quoted[n].outer)
        return None

    def _after(self, n: int) -> Span:
        """What follows within the sentence, up to the next quotation."""
        quote = self._quoted[n]
        start = quote.outer_end
        end = min(self._sentence(max(0, start - 1)).end, self._paragraph(start - 1).end, start + _REACH)
        if n + 1 < len(self._quoted):
            end = min(end, self._quoted[n + 1].outer)
        part = self._masked[start:end].strip()
        is_another = part[:1].isupper() and (
            self._text[quote.start : quote.end].endswith(".") or part.endswith((":", "："))
        )
        return Span(start, start) if not part or part[0] in ".!?…;:" or is_another else Span(start, end)

    def _before(self, n: int) -> Span:
        """What leads to it within its sentence, from the quotation before."""
        end = self._quoted[n].outer
        start = max(self._sentence(end + 1).start, self._paragraph(end).start, end - _REACH)
        return Span(min(end, max(start, self._quoted[n - 1].outer_end if n else 0)), end)

    def _continued(self, n: int, found: Sequence[str | None]) -> str | None:
        """Who speaks on, or was about to speak, where nothing stands beside the quotation itself."""
        quote, after, before = self._quoted[n], self._after(n), self._before(n)
        is_alone = self._is_blank(after.start, after.end)
        is_verb_alone = self._cast.is_verb_alone(after.start, after.end)  # "…, dodał.", "…, añadió."
        if not (is_alone or is_verb_alone) or not self._is_blank(before.start, before.end):
            return None
        if n and self._is_blank(self._after(n - 1).end, quote.outer):
            return found[n - 1]
        if not is_alone:
            return None
        if self._opens_paragraph(quote):
            return self._from_paragraph_before(n, found)
        leading = self._sentence(max(0, before.start - 1))
        starts = max(leading.start, self._quoted[n - 1].outer_end if n else 0)
        return self._cast.speaker(starts, quote.outer)

    def _from_paragraph_before(self, n: int, found: Sequence[str | None]) -> str | None:
        """A paragraph that is nothing but quotations goes on from the one before."""
        own = self._paragraph(self._quoted[n].outer)
        before = self._paragraph_before(own)
        if before is None:
            return None
        last = self._quoted[n - 1] if n and self._quoted[n - 1].outer >= before.start else None
        if last is not None and last.is_open:
            return found[n - 1]
        if self._masked[own.start : own.end].strip("X \t.,!?…") != "":
            return None
        if last is not None:
            return found[n - 1] if self._is_blank(self._after(n - 1).end, before.end) else None
        leading = self._sentence(before.end - 1)
        return self._cast.speaker(max(before.start, leading.start), before.end)

    def _antecedent(self, end: int) -> str | None:
        """The person nearest before, where only one is named and nobody else is spoken of since."""
        part: Span | None = Span(self._paragraph(end).start, end)
        for _ in range(_PARAGRAPHS_BACK):
            if part is None or end - part.start > _BACK:
                return None
            if self._cast.named(part.start, part.end):
                return self._cast.antecedent(part.start, part.end)
            if self._cast.has_office(part.start, part.end):
                return None
            part = self._paragraph_before(part)
        return None

    def _is_blank(self, start: int, end: int) -> bool:
        """Nothing but space and the end of a sentence."""
        return self._masked[start:end].strip(" \t\u00a0.,!?…") == ""

    def _opens_paragraph(self, quote: Quoted) -> bool:
        return self._is_blank(self._paragraph(quote.outer).start, quote.outer)

    def _sentence(self, position: int) -> Span:
        place = bisect_right(self._sentence_starts, position) - 1
        return self._sentences[max(0, place)]

    def _paragraph(self, position: int) -> Span:
        end = self._masked.find("\n", position)
        return Span(self._masked.rfind("\n", 0, position) + 1, end if end >= 0 else len(self._masked))

    def _paragraph_before(self, paragraph: Span) -> Span | None:
        end = paragraph.start
        while end > 0 and self._masked[end - 1].isspace():
            end -= 1
        return Span(self._masked.rfind("\n", 0, end) + 1, end) if end else None
