"""Words, sentences and shingles: the only places that decide where a word begins."""

import re
import unicodedata
from dataclasses import dataclass
from itertools import islice

import xxhash

# Scripts written without spaces: every character counts as a word there.
_UNSPACED_RANGES = "\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff"
_UNSPACED = re.compile(f"[{_UNSPACED_RANGES}]")
# Marks above and below letters belong to their word (Latin, Cyrillic, Hebrew, Arabic), and so do tatweel, soft
# hyphens, joiners and direction marks, which no reader sees. Folding drops them all.
WITHIN_WORDS = "".join(
    chr(code)
    for first, last in (
        (0x0300, 0x036F), (0x0483, 0x0487), (0x0591, 0x05BD), (0x0610, 0x061A), (0x064B, 0x065F), (0x0670, 0x0670),
        (0x0640, 0x0640), (0x00AD, 0x00AD), (0x200B, 0x200F), (0x2060, 0x2060), (0xFEFF, 0xFEFF),
    )
    for code in range(first, last + 1)
)  # fmt: skip
_WITHIN = f"[{WITHIN_WORDS}]"
# One run of letters, marks and digits. Apostrophes and hyphens part words, so that French "l'abus" and German
# "EU-Verordnung" show their second word to a query.
_LETTER = rf"[^\W_\u0640{_UNSPACED_RANGES}]"
_WORD = re.compile(rf"{_LETTER}+(?:{_WITHIN}+{_LETTER}+)*{_WITHIN}*|(?=[^\W_])[{_UNSPACED_RANGES}]{_WITHIN}*")

_SENTENCE_END = re.compile(
    r"""(?:[.!?…]+["'”“’»\)\]]*(?=\s+["'„“”«‹¿¡(\[]*[^\W\d_a-zà-ÿ]|\s*\n|\s*$)|[。！？]|\n+)""",
)

# Thousands stand in groups of exactly three digits, parted by one and the same sign; spaces of any width are one.
_GROUPED = re.compile(
    r"(?<![\d.,])[1-9]\d{0,2}(?:(?:[\u00a0\u2009\u202f ]\d{3})+|([.,'’])\d{3}(?:\1\d{3})*)(?!\d)",
)
_NUMBER = re.compile(r"\d+(?:[.,]\d+)?")
_NAME = re.compile(r"\b[A-ZÀ-ÖØ-ÞĀ-ŽΑ-ΩА-Я][\w’'-]+(?:\s+[A-ZÀ-ÖØ-ÞĀ-ŽΑ-ΩА-Я][\w’'-]+)*")

SHINGLE_WORDS = 4


@dataclass(frozen=True, slots=True)
class Word:
    """A word of a text: `folded` is its case-folded form, `start` and `end` are character offsets."""

    folded: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Span:
    """A half-open range of characters."""

    start: int
    end: int


def tidy(text: str) -> str:
    """NFC, without zero-width and control characters, spaces folded, at most one empty line in a row."""
    text = unicodedata.normalize("NFC", text)
    lines = (" ".join(_visible(line).split()) for line in text.split("\n"))
    return re.sub(r"\n{3,}", "\n\n", "\n".join(lines)).strip()


def _visible(line: str) -> str:
    """Without characters of no width and no meaning. Most lines are printable: their characters need no second look."""
    if line.isprintable():
        return line
    return "".join(c for c in line if c == "\t" or unicodedata.category(c) not in {"Cc", "Cf", "Cs", "Co"})


def one_line(text: str | None) -> str | None:
    """The text on one line, or None if nothing is left."""
    return " ".join(tidy(text).split()) or None if text else None


def words_of(text: str) -> list[Word]:
    """All words with their offsets; each character of an unspaced script is a word."""
    return [Word(m.group().casefold(), m.start(), m.end()) for m in _WORD.finditer(text)]


def is_unspaced(letter: str) -> bool:
    """True for a character of a script that is written without spaces."""
    return _UNSPACED.match(letter) is not None


def tokens_of(text: str) -> list[str]:
    """The words of `words_of` as they are written, without their offsets: a third of the cost."""
    return _WORD.findall(text)


def count_words(text: str, most: int | None = None) -> int:
    """How many words `words_of` finds; with `most`, counting may end there: more than that is some larger number."""
    return sum(1 for _ in islice(_WORD.finditer(text), None if most is None else most + 1))


def sentences_of(text: str) -> list[Span]:
    """Sentences as ranges without surrounding space; a line break always ends one."""
    spans, start = [], 0
    for found in _SENTENCE_END.finditer(text):
        spans.append(_trimmed(text, start, found.end()))
        start = found.end()
    spans.append(_trimmed(text, start, len(text)))
    return [s for s in spans if s.end > s.start]


def _trimmed(text: str, start: int, end: int) -> Span:
    while start < end and text[start].isspace():
        start += 1
    while end > start and text[end - 1].isspace():
        end -= 1
    return Span(start, end)


def sentence_at(sentences: list[Span], position: int) -> Span:
    """The sentence that holds a position, or the last one that starts before it."""
    best = sentences[0] if sentences else Span(0, 0)
    for span in sentences:
        if span.start > position:
            break
        best = span
    return best


def folded(text: str) -> str:
    """NFKC, case-folded words joined by single spaces: what two texts are compared by."""
    return " ".join(_WORD.findall(unicodedata.normalize("NFKC", text))).casefold()


def shingles(text: str) -> frozenset[int]:
    """Signed 64-bit hashes of all runs of four words of the folded text.

    A text of fewer words has the one shingle of all its words; an empty text has none.
    """
    words = folded(text).split(" ")
    if words == [""]:
        return frozenset()
    runs = max(1, len(words) - SHINGLE_WORDS + 1)
    return frozenset(hash_of(" ".join(words[i : i + SHINGLE_WORDS])) for i in range(runs))


def hash_of(text: str) -> int:
    """xxh3 of the UTF-8 text as a signed 64-bit integer, which is what BIGINT holds."""
    unsigned = xxhash.xxh3_64_intdigest(text.encode("utf-8", "surrogatepass"))
    return unsigned - (1 << 64) if unsigned >= 1 << 63 else unsigned


def ungrouped(text: str) -> str:
    """The text with thousands written without a sign: "1,280", "1.280" and "1 280" are 1280, "1.82" stays."""
    return _GROUPED.sub(lambda found: re.sub(r"\D", "", found[0]), text)


def numbers_of(text: str) -> frozenset[str]:
    """Numbers in one form: no sign between thousands, a point before decimals. So "1.280,5" is 1280.5.

    Three digits behind a single sign are taken for thousands, as newspapers write them; "0.125" is none of these.
    """
    return frozenset(n.replace(",", ".") for n in _NUMBER.findall(ungrouped(text)))


def names_of(text: str) -> frozenset[str]:
    """Runs of capitalised words that do not open a sentence, case-folded: a cheap stand-in for names."""
    starts = {s.start for s in sentences_of(text)}
    found = (m for m in _NAME.finditer(text))
    return frozenset(m.group().casefold() for m in found if m.start() not in starts or " " in m.group())
