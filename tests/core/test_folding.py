"""One spelling for words that a language writes in several."""

from unicodedata import normalize

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from pipelines.core.folding import fold, folded_words
from pipelines.core.text import words_of


@pytest.mark.parametrize(
    ("language", "written", "folded"),
    [
        ("fr", "PÉDOCRIMINALITÉ Œuvre", "pedocriminalite oeuvre"),
        ("sv", "Förändring Å É", "förändring å e"),
        (None, "Förändring", "forandring"),
        ("de", "Maßnahme Ä", "massnahme ä"),
        ("es", "Niño Página", "niño pagina"),
        ("pl", "Łódź", "lodz"),
        ("el", "ΠΑΙΔΙΚΉ σεξουαλικής", "παιδικη σεξουαλικησ"),
        ("uk", "Їжак й", "їжак й"),
        ("ru", "Ёлка", "елка"),
        ("ar", "الإِعْتِداءُ عَلَى ـة", "الاعتداء علي ه"),
        ("ja", "ＣＳＡＭ が", "csam が"),
        ("tr", "İstanbul", "istanbul"),
        ("en", "chi\u00adld\u200b \u200eabuse", "child abuse"),
    ],
)
def test_what_is_decoration_goes_and_what_is_a_letter_stays(language: str | None, written: str, folded: str) -> None:
    assert fold(written, language) == folded


@given(st.text(max_size=200), st.sampled_from([None, "de", "el", "hu", "ar", "sv"]))
def test_folding_keeps_the_number_of_spaces(text: str, language: str | None) -> None:
    assert fold(text, language).count(" ") == text.count(" ")


@given(st.text(max_size=200), st.sampled_from([None, "de", "el", "hu", "ar", "sv", "ja"]))
@example("\u0345 a\u0345 ـ كـتاب \u0301 字が ﬁ ŉ ΐ _a_ İ", None)
def test_words_folded_in_one_go_are_the_words_of_a_text_folded_one_by_one(text: str, language: str | None) -> None:
    one_by_one = [fold(text[w.start : w.end], language) for w in words_of(text)]
    assert folded_words(text, language) == one_by_one


@given(st.text(st.characters(codec="utf-8"), max_size=100), st.sampled_from([None, "de", "el", "hu", "ar"]))
def test_composed_and_decomposed_letters_fold_alike(text: str, language: str | None) -> None:
    assert fold(normalize("NFD", text), language) == fold(normalize("NFC", text), language)
