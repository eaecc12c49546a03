"""Terms of a language, found in a text in one go, and nothing but them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.folding import fold
from pipelines.core.lexicon import ANY_LANGUAGE, UNKNOWN, Document, Hit, Lexicon, lexicon_for, lexicons
from pipelines.core.terms import patterns_of
from pipelines.core.text import words_of


def hits(terms: list[str], text: str, language: str | None = None) -> list[Hit]:
    lexicon, document = Lexicon.of({"g": terms}, language), Document("", text, language)
    return lexicon.hits(document, lexicon.found(document))


def found(terms: list[str], text: str, language: str | None = None) -> list[str]:
    """What of a text the terms hit, as it stands there."""
    words, before = words_of(text), Document("", "").text_first
    return [text[words[h.first - before].start : words[h.last - before].end] for h in hits(terms, text, language)]


@pytest.mark.parametrize(
    ("term", "text", "hits"),
    [
        ("summit", "The Summit began; no summits, SUMMIT!", ["Summit", "SUMMIT"]),
        ("online safety act", "the Online  Safety\nAct and online safety", ["Online  Safety\nAct"]),
        ("regul*", "Regulation regulators irregular", ["Regulation", "regulators"]),
        (
            "*verordnung",
            "EU-Verordnung Verordnungen KI-verordnung Grundverordnung",
            ["Verordnung", "verordnung", "Grundverordnung"],
        ),
        ("*schutz*", "Kinderschutzbund Schutz schuetzen", ["Kinderschutzbund", "Schutz"]),
        (
            "age-verification",
            "age verification, Age-Verification, ageverification",
            ["age verification", "Age-Verification"],
        ),
        ("l'accord", "de l’accord et l'accord", ["l’accord", "l'accord"]),
        ("child* online*", "children onlines child offline", ["children onlines"]),
        ("STRASSE", "straße", ["straße"]),
        ("chat control", "chat-control chat. Control", ["chat-control", "chat. Control"]),
    ],
)
def test_a_term_hits_what_it_says(term: str, text: str, hits: list[str]) -> None:
    assert found([term], text) == hits


def test_a_wildcard_inside_a_phrase_holds_for_its_own_word_only() -> None:
    assert found(["safety bill*"], "safety bills safely billed safety-bill") == ["safety bills", "safety-bill"]


def test_a_phrase_at_the_end_of_a_text_is_found_and_half_of_it_is_not() -> None:
    assert found(["online safety act"], "an online safety act") == ["online safety act"]
    assert found(["online safety act"], "an online safety") == []


@pytest.mark.parametrize(
    ("language", "term", "text", "hits"),
    [
        ("fr", "*pédopornograph*", "PEDOPORNOGRAPHIE, pédopornographique", ["PEDOPORNOGRAPHIE", "pédopornographique"]),
        ("sv", "övergrepp*", "Övergreppen, overgreppen", ["Övergreppen"]),
        ("el", "κακοποίηση*", "ΚΑΚΟΠΟΙΗΣΗ και κακοποίησης", ["ΚΑΚΟΠΟΙΗΣΗ", "κακοποίησης"]),
        ("de", "missbrauch*", "Mißbrauchs-Darstellung", ["Mißbrauchs"]),
        ("pl", "małoletni*", "MALOLETNICH i małoletnich", ["MALOLETNICH", "małoletnich"]),
        ("ar", "*اطفال", "الأطفال وأطفالٌ", ["الأطفال", "وأطفالٌ"]),
        ("ja", "児童ポルノ", "国際的な児童ポルノ対策", ["児童ポルノ"]),
        (
            "de",
            "kinder+porno*",
            "Kinderpornografie, Kinder-Pornos, Kinder Porno",
            ["Kinderpornografie", "Kinder-Pornos", "Kinder Porno"],
        ),
        (
            "en",
            "~exploit children",
            "exploits children, exploited children, explores children",
            ["exploits children", "exploited children"],
        ),
        ("de", "einfach", "ein\u00adfach", ["ein\u00adfach"]),
    ],
)
def test_a_language_is_read_as_it_is_written(language: str, term: str, text: str, hits: list[str]) -> None:
    assert found([term], text, language) == hits


def test_a_wildcard_between_words_is_verified_where_the_sure_piece_is_not_enough() -> None:
    text = "materiałów pornograficznych z udziałem dzieci; pornograficzne z udziałem dzieci"
    assert found(["materiał* pornograficzn* z udziałem dzieci"], text, "pl") == [text.split(";", maxsplit=1)[0]]


def test_a_hit_is_of_one_term_and_its_words_and_counted_once() -> None:
    first = Document("", "").text_first
    assert hits(["safety act", "safety+act"], "x safety act") == [
        Hit("g", "safety act", first + 1, first + 2),
        Hit("g", "safety+act", first + 1, first + 2),
    ]


def test_no_phrase_reaches_from_the_title_into_the_text() -> None:
    lexicon, document = Lexicon.of({"g": ["safety act"]}), Document("On safety", "act now")
    assert lexicon.found(document) == []
    assert document.words[: document.title_words] == ["on", "safety"]
    assert document.words[document.text_first :] == ["act", "now"]


TERMS = {"a": {"en": ["apple"], "de": ["apfel"], "any": ["APF"]}}


@pytest.mark.parametrize(
    ("language", "terms"),
    [
        ("en", ["apple", "APF"]),
        ("de", ["apfel", "APF"]),
        ("lb", ["apfel", "APF"]),  # read as German is
        ("fi", ["APF"]),  # no terms of its own: the names that are the same everywhere
        (None, ["apple", "apfel", "APF"]),  # not known: it may be any
    ],
)
def test_a_text_is_read_with_the_terms_of_its_language_and_those_of_all(language: str | None, terms: list[str]) -> None:
    lexicon = lexicon_for(language, lexicons(TERMS))
    document = Document("", "apple apfel apf", lexicon.language)
    assert [h.term for h in lexicon.hits(document, lexicon.found(document))] == terms


def test_there_is_a_lexicon_for_every_language_for_all_and_for_the_unknown() -> None:
    assert set(lexicons(TERMS)) == {"en", "de", ANY_LANGUAGE, UNKNOWN}


words = st.lists(st.sampled_from(["Apfel", "apfelbaum", "BAUM", "Haus", "baumhaus", "é", "x"]), max_size=12)
patterns = st.sampled_from(["apfel", "apfel*", "*baum", "*baum*", "apfel baum", "apfel* *haus", "baum* haus", "é x*"])


@given(words, st.lists(patterns, min_size=1, max_size=4, unique=True))
def test_the_automaton_finds_what_looking_at_every_place_finds(text: list[str], terms: list[str]) -> None:
    said = " ".join(text)
    folded, first = [fold(w) for w in text], Document("", "").text_first
    expected = {
        (term, first + at, first + at + len(pattern) - 1)
        for term in terms
        for pattern in patterns_of(term, None)
        for at in range(len(folded) - len(pattern) + 1)
        if all(one.fits(folded[at + i]) for i, one in enumerate(pattern))
    }
    assert {(h.term, h.first, h.last) for h in hits(terms, said)} == expected


@given(st.text(max_size=200), st.text(max_size=60))
def test_every_word_of_any_text_has_its_place(text: str, title: str) -> None:
    document = Document(title, text)
    assert (
        len(document.words) == len(words_of(title)) + len(words_of(text)) + document.text_first - document.title_words
    )
    assert all(document.word_at(start) == at for at, start in enumerate(document.starts) if document.words[at])


def test_a_group_without_a_term_in_a_language_is_never_found() -> None:
    assert hits([], "anything") == []
