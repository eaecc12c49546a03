"""Quotation marks and dialogue dashes as the languages of Europe pair them: where a quotation begins and ends."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from pipelines.core.speech_words import SAYING
from pipelines.core.text import words_of

# What may close each mark that opens. Danish and German books turn the guillemets round, Finnish and Swedish use one
# mark for both ends, and keyboards mix all of these with the straight mark.
_CLOSES: dict[str, tuple[str, ...]] = {
    "“": ("”", "“", '"'), "„": ("“", "”", '"', "''"), "‟": ("”",), "«": ("»",), "»": ("«", "»"), "”": ("”",),
    '"': ('"',), ",,": ("”", "“", '"', "''"), "‚": ("‘", "’"), "‘": ("’",), "‹": ("›",), "›": ("‹",), "'": ("'",),
}  # fmt: skip
_MARK = re.compile(r"''|,,(?=[^\W\d_])|[“”„‟«»‹›‚‘’\"']")
_BEFORE_OPENING = frozenset("([{/—–-:=>“„«‹‚‘\"'¿¡")
_AFTER_OPENING = frozenset("¿¡([…–—$€£“„«‹‚‘\"'")
_MAY_STAND_OFF = frozenset("«“‹„")  # French sets spaces inside the marks
# Dutch 's, 't, 'n and English 'tis are short for a word: nothing opens there.
_SHORTENED = re.compile(r"['‘’](?:\d|(?:s|t|n|k|m|em|tis|twas|cause)\b)", re.IGNORECASE)
_APOSTROPHES = frozenset({"'", "’"})
_DEPTH = 4  # marks under the innermost open one that a closing mark is looked for in
_DASH = re.compile(r"[–—―]\s*(?=[^\W_]|[¿¡])|-\s+(?=[^\W_])")
_DASH_SPEECH_END = re.compile(
    r"(?:,|(?<=[?!…])|\s[–—―-]|\.\s[–—―-])\s*(?:[–—―]\s*)?(?P<first>[^\W\d_]+)(?:\s+(?P<second>[^\W\d_]+))?"
)
_DASH_AGAIN = re.compile(r"(?<=[.?!…])\s+[–—―-]\s+(?=[^\W_])")
_AUXILIARIES = frozenset({"a", "ha", "har", "je", "hat", "on", "se"})
_EDGES = " \t\u00a0\u2009\u202f"
LEAST_WORDS = 6
LONGEST = 600


@dataclass(frozen=True, slots=True, kw_only=True)
class Quoted:
    """A stretch between marks: `outer` to `outer_end` with them, `start` to `end` the words alone."""

    outer: int
    start: int
    end: int
    outer_end: int
    is_open: bool = False  # the next paragraph goes on, and opens its mark again

    def is_quotation(self, text: str) -> bool:
        """At least six words, and no longer than anybody may quote."""
        inner = text[self.start : self.end]
        return 0 < len(inner) <= LONGEST and len(words_of(inner)) >= LEAST_WORDS


@dataclass(frozen=True, slots=True)
class _Open:
    mark: str
    start: int
    end: int


def quoted_in(text: str) -> list[Quoted]:
    """All stretches between marks, in order and without overlap, short ones too; none crosses a paragraph."""
    found: list[Quoted] = []
    paragraphs = list(_paragraphs(text))
    for n, (start, end) in enumerate(paragraphs):
        following = paragraphs[n + 1][0] if n + 1 < len(paragraphs) else None
        found += _dashed(text, start, end) or _marked(text, start, end, following)
    return [_trimmed(text, q) for q in found]


def _paragraphs(text: str) -> Iterator[tuple[int, int]]:
    for line in re.finditer(r"[^\n]+", text):
        if not line.group().isspace():
            yield line.span()


def _trimmed(text: str, quoted: Quoted) -> Quoted:
    start, end = quoted.start, quoted.end
    while start < end and text[start] in _EDGES:
        start += 1
    while end > start and text[end - 1] in _EDGES + ",":
        end -= 1
    return replace(quoted, start=start, end=end)


def _marked(text: str, start: int, end: int, following: int | None) -> list[Quoted]:
    pairs: list[Quoted] = []
    stack: list[_Open] = []
    marks = [m for m in _MARK.finditer(text, start, end) if not _is_inside_word(text, m)]
    for n, found in enumerate(marks):
        after = marks[n + 1] if n + 1 < len(marks) else None
        if found.group() in "’'" and _is_possessive(text, found, after):
            continue
        _read(text, found, stack, pairs)
    if stack and following is not None and text[start : stack[0].start].strip() == "" and _reopens(
        text, stack[0].mark, following
    ):  # fmt: skip
        return [Quoted(outer=stack[0].start, start=stack[0].end, end=end, outer_end=end, is_open=True)]
    return list(_outermost(pairs))


def _read(text: str, found: re.Match[str], stack: list[_Open], pairs: list[Quoted]) -> None:
    """One mark: it closes what is open if it may, opens if it may, or closes something further out."""
    mark = found.group()
    stands_free = _stands_free(text, found.start())
    opens = mark in _CLOSES and stands_free and _leads(text, found)
    touches = not text[found.start() - 1 : found.start()].isspace() and found.start() > 0
    if mark in _APOSTROPHES and not touches and not opens:
        return  # "'s avonds"
    if stack and mark in _CLOSES[stack[-1].mark] and (touches or not opens):
        _close(found, stack, pairs, 1)
    elif opens:
        stack.append(_Open(mark, found.start(), found.end()))
    else:
        for depth, one in enumerate(reversed(stack[-_DEPTH:]), start=1):
            if mark in _CLOSES[one.mark]:
                _close(found, stack, pairs, depth)
                return


def _close(found: re.Match[str], stack: list[_Open], pairs: list[Quoted], depth: int) -> None:
    opening = stack[-depth]
    del stack[-depth:]
    pairs.append(Quoted(outer=opening.start, start=opening.end, end=found.start(), outer_end=found.end()))


def _outermost(pairs: Iterable[Quoted]) -> Iterator[Quoted]:
    end = -1
    for pair in sorted(pairs, key=lambda q: q.outer):
        if pair.outer >= end:
            yield pair
            end = pair.outer_end


def _stands_free(text: str, position: int) -> bool:
    before = text[position - 1 : position] if position else ""
    is_unspaced = before.isalpha() and before.lower() == before.upper()  # Chinese and Japanese set no spaces
    return before == "" or before.isspace() or before in _BEFORE_OPENING or is_unspaced


def _leads(text: str, found: re.Match[str]) -> bool:
    """Words follow at once, or after the space that French sets."""
    mark, after = found.group(), text[found.end() : found.end() + 1]
    if mark in "'‘" and (_SHORTENED.match(text, found.start()) or (mark == "'" and not after.isupper())):
        return False  # a straight apostrophe opens whole sentences alone
    opens_line = found.start() == 0 or text[found.start() - 1] == "\n"  # "» …" goes on from the paragraph before
    if (mark in _MAY_STAND_OFF or opens_line) and after and after in _EDGES:
        after = text[found.end() + 1 : found.end() + 2]
    return after.isalnum() or (after != "" and after in _AFTER_OPENING)


def _is_inside_word(text: str, found: re.Match[str]) -> bool:
    """An apostrophe: "don’t" neither opens nor closes."""
    if found.group() not in "’'‘":
        return False
    return text[max(0, found.start() - 1) : found.start()].isalnum() and text[found.end() : found.end() + 1].isalnum()


def _is_possessive(text: str, found: re.Match[str], after: re.Match[str] | None) -> bool:
    """The apostrophe of "the parents’ council", where the next mark closes behind a comma or a full stop."""
    if text[max(0, found.start() - 1) : found.start()] not in ("s", "x", "z"):
        return False
    follows = re.compile(r"\s[^\W\d_A-Z]").match(text, found.end())
    return bool(
        follows and after and after.group() == found.group() and text[after.start() - 1] in ",.?!…"
    )  # fmt: skip


def _reopens(text: str, mark: str, following: int) -> bool:
    """The paragraph that follows begins with the mark again; Spanish and French may begin it with the closing one."""
    begin = text[following : following + 8].lstrip()
    return begin.startswith(mark) or (mark == "«" and begin.startswith("»"))


def _dashed(text: str, start: int, end: int) -> list[Quoted]:
    """Speech after a dash, up to the verb of saying that follows it at once; a dash alone is a list, not speech."""
    found: list[Quoted] = []
    opening = _DASH.match(text, start, end)
    while opening:
        ending = next((m for m in _DASH_SPEECH_END.finditer(text, opening.end(), end) if _says(m, bool(found))), None)
        if ending is None:
            if found:  # said by whoever spoke before the verb, to the end of the paragraph
                found.append(Quoted(outer=opening.start(), start=opening.end(), end=end, outer_end=end))
            break
        found.append(Quoted(outer=opening.start(), start=opening.end(), end=ending.start(), outer_end=ending.start()))
        opening = _DASH_AGAIN.search(text, ending.end("first"), end)
    return found


def _says(found: re.Match[str], has_spoken: bool) -> bool:  # noqa: FBT001
    """A verb of saying and whose it is; the second time the verb alone: "– …, dodał."."""
    first, second = found.group("first"), found.group("second") or ""
    if not first.islower() or not (second or has_spoken):
        return False
    return first in SAYING or first == "sa" or (first in _AUXILIARIES and second in SAYING)
