"""Terms as people write them in `sources.yaml`, and the patterns of words that they stand for.

child sexual abuse material   these words, one after the other
missbrauch*  *missbrauch*     any letters where the star stands
~exploit                      the word in all its forms, where a stemmer knows the language
kinder+porno*                 in one word, with a hyphen, or in two: compounds are written each way
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product, takewhile

import Stemmer

from pipelines.core.folding import fold
from pipelines.core.text import tokens_of

FORMS, JOINED, ANY_LETTERS = "~", "+", "*"
# Snowball's algorithms (snowballstem.org), by the languages that they are for. Czech, Polish and Estonian are young
# there; where the language is not named, wildcards do.
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "cs": "czech", "da": "danish", "de": "german", "el": "greek", "en": "english",
    "es": "spanish", "et": "estonian", "fi": "finnish", "fr": "french", "ga": "irish", "hu": "hungarian",
    "it": "italian", "lt": "lithuanian", "nl": "dutch", "no": "norwegian", "pl": "polish", "pt": "portuguese",
    "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip
_SURE_OF_STEM = 3  # letters: shorter beginnings would make every word a candidate


@dataclass(frozen=True, slots=True)
class WordPattern:
    """One word of a term: `text` folded, with any letters before or behind where it says so.

    Attributes:
        stem: the stem that the word must have in `language`; None: none is asked for.
    """

    text: str
    open_before: bool = False
    open_behind: bool = False
    stem: str | None = None
    language: str | None = None

    def fits(self, word: str) -> bool:
        """True for a folded word of a text that the pattern stands for."""
        if self.stem is not None:
            return fold(stem_of(word, self.language)) == fold(self.stem)
        if self.open_before:
            return self.text in word if self.open_behind else word.endswith(self.text)
        return word.startswith(self.text) if self.open_behind else word == self.text


Pattern = tuple[WordPattern, ...]


def patterns_of(term: str, language: str | None) -> list[Pattern]:
    """The word patterns that a term stands for in a language; more than one where it may be written in several ways."""
    choices = [_chunk(chunk, language) for chunk in term.split()]
    return [tuple(word for chunk in chosen for word in chunk) for chosen in product(*choices) if any(chosen)]


def _chunk(chunk: str, language: str | None) -> list[Pattern]:
    if JOINED in chunk:
        parts = chunk.split(JOINED)
        return [_words("".join(parts), language), tuple(w for part in parts for w in _words(part, language))]
    if chunk.startswith(FORMS):
        return [tuple(_all_forms(word, language) for word in _folded_words(chunk, language))]
    return [_words(chunk, language)]


def _words(chunk: str, language: str | None) -> Pattern:
    words = _folded_words(chunk, language)
    last = len(words) - 1
    return tuple(
        WordPattern(
            text=word,
            open_before=at == 0 and chunk.startswith(ANY_LETTERS),
            open_behind=at == last and chunk.endswith(ANY_LETTERS),
        )
        for at, word in enumerate(words)
    )


def _folded_words(chunk: str, language: str | None) -> Sequence[str]:
    return [w for w in fold(" ".join(tokens_of(chunk)), language).split(" ") if w]


def _all_forms(word: str, language: str | None) -> WordPattern:
    """Candidates begin as the word and its stem do; the stemmer has the last word on each.

    Snowball changes an ending ("agency" and "agencies" both have the stem "agenc"), so that what the two share is
    what all forms begin with, give or take a letter.
    """
    stem = stem_of(word, language)
    shared = _common_start(word, stem)
    start = shared[: max(_SURE_OF_STEM, len(shared) - 1)]
    return WordPattern(text=start, open_behind=True, stem=stem, language=language)


def _common_start(one: str, other: str) -> str:
    same = takewhile(lambda pair: pair[0] == pair[1], zip(one, other, strict=False))
    return "".join(letter for letter, _ in same)


@cache
def _stemmer(language: str) -> "Stemmer.Stemmer":
    return Stemmer.Stemmer(_STEMMERS[language])


def stem_of(word: str, language: str | None) -> str:
    """The stem of a folded word; the word itself in a language that has no stemmer."""
    if language not in _STEMMERS:
        return word
    stem: str = _stemmer(language).stemWord(word)
    return fold(stem, language)


def term_problem(term: str, language: str | None = None) -> str | None:
    """What is wrong with a term as written, or None."""
    if not tokens_of(term):
        return f"term {term!r} has no word"
    for chunk in term.split():
        problem = _chunk_problem(chunk, language)
        if problem:
            return f"term {term!r}: {problem}"
    return None


def _chunk_problem(chunk: str, language: str | None) -> str | None:
    inner = chunk.strip(ANY_LETTERS)
    if not inner or ANY_LETTERS in inner or not tokens_of(chunk):
        return "* stands for letters at the start or end of a word only"
    if FORMS in chunk[1:] or (chunk.startswith(FORMS) and (ANY_LETTERS in chunk or JOINED in chunk)):
        return "~ stands before one whole word"
    if chunk.startswith(FORMS) and language is not None and language not in _STEMMERS:
        return f"no forms of words are known for the language {language!r}; use * for their endings"
    if JOINED in chunk and not all(tokens_of(part) for part in chunk.split(JOINED)):
        return "+ stands between the two parts of a compound"
    return None
