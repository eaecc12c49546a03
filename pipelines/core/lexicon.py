"""All term groups of one language, found in a text in one go.

    tokens -> folded, joined by spaces -> Aho-Corasick over the longest sure piece of every term -> hits, verified

Most of a text's words belong to no term, and most texts to no topic, so that what costs is done last: which groups
occur at all is known before any word's place is looked up (`groups`), and that decides for most.
"""

from bisect import bisect_right
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import accumulate

from ahocorasick_rs import AhoCorasick

from pipelines.core.folding import fold, folded_words
from pipelines.core.terms import Pattern, WordPattern, patterns_of

ANY_LANGUAGE = "any"
UNKNOWN = "unknown"
# Languages that read as another does, for terms: Bosnian and Serbian in Latin letters, the two forms of Norwegian.
_READ_AS = {"nb": "no", "nn": "no", "bs": "hr", "sr": "hr", "sh": "hr", "lb": "de", "gl": "pt", "ca": "es", "mo": "ro"}
_APART = "\x00"  # a word that is in no text and no term
_GAP = 40  # words between title and text: wider than any nearness, and no phrase reaches over it


@dataclass(frozen=True, slots=True)
class Hit:
    """A term found: words `first` to `last` (inclusive) of the document."""

    group: str
    term: str
    first: int
    last: int


class Document:
    """The words of a title and a text, folded for one language.

    Attributes:
        words: every word, the gap between title and text included.
        spaced: the same with a space before and behind each, for the automaton.
        title_words: how many of its words are the title's.
        text_first: the place of the text's first word.
    """

    def __init__(self, title: str, text: str, language: str | None = None) -> None:
        in_title, in_text = folded_words(title, language), folded_words(text, language)
        self.title_words = len(in_title)
        self.text_first = self.title_words + _GAP
        self.words = [*in_title, *([_APART] * _GAP), *in_text]
        self.spaced = f" {' '.join(self.words)} "

    @cached_property
    def starts(self) -> list[int]:
        """Where each word begins in `spaced`."""
        return list(accumulate((len(word) + 1 for word in self.words[:-1]), initial=1))

    def word_at(self, position: int) -> int:
        """The word that a position of `spaced` belongs to."""
        return bisect_right(self.starts, position) - 1


@dataclass(frozen=True, slots=True)
class _Compiled:
    """A pattern behind its surest piece, which the automaton looks for.

    Attributes:
        piece_first: which word of the pattern the piece begins with.
        others: the words that the piece does not settle, with their places in the pattern.
    """

    group: str
    term: str
    length: int
    piece_first: int
    others: tuple[tuple[int, WordPattern], ...]


class Lexicon:
    """Patterns of words by group and term, found in one go.

    Args:
        patterns: (group, term, what it stands for), folded as documents will be.
        language: whose folding that is; None folds the letters of every language.
    """

    def __init__(self, patterns: Iterable[tuple[str, str, Pattern]], language: str | None = None) -> None:
        self.language = language
        by_piece: dict[str, list[_Compiled]] = {}
        for group, term, pattern in patterns:
            piece, compiled = _compiled(group, term, pattern)
            by_piece.setdefault(piece, []).append(compiled)
        self._behind = list(by_piece.values())
        self._groups = [frozenset(c.group for c in compiled) for compiled in self._behind]
        self._sure = [frozenset(c.group for c in compiled if not c.others) for compiled in self._behind]
        self._automaton = AhoCorasick(list(by_piece)) if by_piece else None

    @classmethod
    def of(cls, groups: Mapping[str, Iterable[str]], language: str | None = None) -> "Lexicon":
        """The terms of one language, by group."""
        patterns = ((g, t, p) for g, terms in groups.items() for t in terms for p in patterns_of(t, language))
        return cls(patterns, language)

    def found(self, document: Document) -> list[tuple[int, int, int]]:
        """Which pieces stand where: (piece, start, end) in the document's `spaced`."""
        if self._automaton is None:
            return []
        return self._automaton.find_matches_as_indexes(document.spaced, overlapping=True)

    def groups(self, found: Collection[tuple[int, int, int]]) -> frozenset[str]:
        """The groups that may have a hit: those of every piece that was found."""
        return frozenset().union(*(self._groups[piece] for piece in {piece for piece, _, _ in found}))

    def confirmed(self, document: Document, found: Iterable[tuple[int, int, int]]) -> frozenset[str]:
        """The groups that do have a hit: at no cost where a piece is the whole term, else by looking at its words."""
        sure = frozenset().union(*(self._sure[piece] for piece in {piece for piece, _, _ in found}))
        doubtful = [at for at in found if self._groups[at[0]] - sure]
        return sure | {hit.group for hit in self.hits(document, doubtful)}

    def hits(self, document: Document, found: Iterable[tuple[int, int, int]]) -> list[Hit]:
        """Every term that occurs, each place once, in order of its first word."""
        hits = {
            Hit(compiled.group, compiled.term, first, first + compiled.length - 1)
            for piece, start, _ in found
            for at in [document.word_at(start + (document.spaced[start] == " "))]
            for compiled in self._behind[piece]
            for first in [at - compiled.piece_first]
            if self._is_there(compiled, document.words, first)
        }
        return sorted(hits, key=lambda h: (h.first, h.last, h.group, h.term))

    def _is_there(self, compiled: _Compiled, words: Sequence[str], first: int) -> bool:
        if first < 0 or first + compiled.length > len(words):
            return False
        return all(other.fits(words[first + place]) for place, other in compiled.others)


def _compiled(group: str, term: str, pattern: Pattern) -> tuple[str, _Compiled]:
    """The longest piece of a pattern that must stand in the text letter by letter, and what is left to verify."""
    pieces = _pieces(pattern)
    first, last, piece = max(pieces, key=lambda p: len(p[2]))
    others = tuple((at, word) for at, word in enumerate(pattern) if not first <= at <= last or word.stem is not None)
    return piece, _Compiled(group, term, len(pattern), first, others)


def _pieces(pattern: Pattern) -> list[tuple[int, int, str]]:
    """Runs of words between which nothing is left open: (first word, last word, as it stands in `spaced`)."""
    pieces: list[tuple[int, int, str]] = []
    for at, word in enumerate(pattern):
        before, behind = "" if word.open_before else " ", "" if word.open_behind else " "
        if pieces and before and pieces[-1][2].endswith(" "):
            first, _, so_far = pieces[-1]
            pieces[-1] = (first, at, f"{so_far}{word.text}{behind}")
        else:
            pieces.append((at, at, f"{before}{word.text}{behind}"))
    return pieces


def lexicons(terms: Mapping[str, Mapping[str, Sequence[str]]]) -> dict[str, Lexicon]:
    """A lexicon for each language named in `terms` (group -> language -> terms), and `any`.

    Universal terms (`any`: acts, bodies, acronyms) are part of every language, and all there is for a language that
    has no terms of its own. Where the language is not known at all, the terms of all are looked for.
    """
    languages = {language for group in terms.values() for language in group} - {ANY_LANGUAGE}
    by_language = {
        language: Lexicon.of({g: [*t.get(language, ()), *t.get(ANY_LANGUAGE, ())] for g, t in terms.items()}, language)
        for language in languages
    }
    universal = Lexicon.of({g: t.get(ANY_LANGUAGE, ()) for g, t in terms.items()})
    return {**by_language, ANY_LANGUAGE: universal, UNKNOWN: Lexicon(all_patterns(terms))}


def all_patterns(terms: Mapping[str, Mapping[str, Sequence[str]]]) -> Iterator[tuple[str, str, Pattern]]:
    """The patterns of every language's terms, each as its language reads it, folded as the letters of all are."""
    for group, by_language in terms.items():
        for language, listed in by_language.items():
            for term in listed:
                for pattern in patterns_of(term, None if language == ANY_LANGUAGE else language):
                    yield group, term, tuple(replace(word, text=fold(word.text)) for word in pattern)


def lexicon_for(language: str | None, known: Mapping[str, Lexicon]) -> Lexicon:
    """The lexicon that a text of this language is read with."""
    if language is None:
        return known[UNKNOWN]
    return known.get(language) or known.get(_READ_AS.get(language, "")) or known[ANY_LANGUAGE]
