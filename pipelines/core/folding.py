"""One spelling for words that a language writes in several: case, accents, ligatures, Arabic letters.

A headline in capitals drops its accents, a keyboard has none, Greek loses its tonos; but "ä" is a letter of Swedish,
no "a" with an ornament. So a language keeps its own letters, and folds what is only decoration there.
"""

import unicodedata
from functools import cache

from pipelines.core.text import WITHIN_WORDS, is_unspaced, tokens_of

# Letters that are letters of the alphabet there: folding them would make another word.
_OWN_LETTERS = {
    "da": "æøå", "de": "äöü", "es": "ñ", "et": "äöõüšž", "fi": "åäö", "hu": "áéíóöőúüű", "is": "áðéíóúýþæö",
    "no": "æøå", "nb": "æøå", "nn": "æøå", "sv": "åäö", "tr": "çğıöşü",
}  # fmt: skip
_BLOCKS = ((0x00C0, 0x0250), (0x0370, 0x0400), (0x0400, 0x0530), (0x1E00, 0x1F00), (0x1F00, 0x2000))
# Cyrillic й and ї are letters although Unicode takes them apart; ё is often written е in print.
_WHOLE = frozenset("йїўґќѓ")
_TAKEN_APART = {"ł": "l", "đ": "d", "ħ": "h", "ı": "i", "ø": "o", "æ": "ae", "œ": "oe", "ð": "d", "þ": "th", "ŧ": "t",
                "ŋ": "n", "ĸ": "k", "ſ": "s"}  # fmt: skip
# As search engines for Arabic do it (Lucene, ArabicNormalizer): forms of alef, yeh and teh marbuta,.
_ARABIC = {"أ": "ا", "إ": "ا", "آ": "ا", "ٱ": "ا", "ى": "ي", "ة": "ه"}
_IOTA_BELOW = "\u0345"  # the one mark whose case-folding is a letter of its own


def fold(text: str, language: str | None = None) -> str:
    """The text in one spelling, with as many spaces as before.

    Args:
        text: any; what it means is not looked at.
        language: ISO 639; None folds the letters of every language.
    """
    if text.isascii():
        return text.lower()
    text = text if unicodedata.is_normalized("NFC", text) else unicodedata.normalize("NFC", text)
    return text.replace(_IOTA_BELOW, "").casefold().translate(_spelling(language))


def folded_words(text: str, language: str | None = None) -> list[str]:
    """The words of `core.text.words_of`, as many, each folded: in one go, at a third of the cost."""
    if not unicodedata.is_normalized("NFC", text):  # composing may move the borders of words
        return [fold(word, language) for word in tokens_of(text)]
    return text.replace(_IOTA_BELOW, "").casefold().translate(_words(language)).split()


class _Words(dict[int, str]):
    """What each character becomes where only words count: its spelling, nothing, or a space. Learned as they come."""

    def __init__(self, spelling: dict[int, str]) -> None:
        super().__init__(spelling)

    def __missing__(self, code: int) -> str:
        letter = chr(code)
        self[code] = " " if not letter.isalnum() else f" {letter} " if is_unspaced(letter) else letter
        return self[code]


@cache
def _words(language: str | None) -> dict[int, str]:
    return _Words(_spelling(language))


@cache
def _spelling(language: str | None) -> dict[int, str]:
    kept = _OWN_LETTERS.get(language or "", "")
    table = {code: base for code in _letters() if chr(code) not in kept and (base := _base(chr(code))) != chr(code)}
    table |= {ord(c): base for c, base in (_TAKEN_APART | _ARABIC).items() if c not in kept}
    table |= {ord(c): "" for c in WITHIN_WORDS}
    return table | {code: chr(code - 0xFEE0).lower() for code in range(0xFF10, 0xFF5B) if chr(code).isalnum()}


def _letters() -> list[int]:
    return [code for first, end in _BLOCKS for code in range(first, end) if chr(code).isalpha()]


def _base(letter: str) -> str:
    """A letter without its marks; itself where nothing but marks would be left, or where it is one letter."""
    if letter in _WHOLE:
        return letter
    apart = unicodedata.normalize("NFD", letter)
    return "".join(c for c in apart if not unicodedata.combining(c)) or letter
