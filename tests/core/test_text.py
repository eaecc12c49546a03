"""Words, sentences, shingles: offsets are exact and nothing is lost."""

import unicodedata
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.text import (
    SHINGLE_WORDS,
    Span,
    folded,
    hash_of,
    names_of,
    numbers_of,
    one_line,
    sentence_at,
    sentences_of,
    shingles,
    tidy,
    words_of,
)
from tests.builders import prose


@given(st.text())
def test_a_word_stands_exactly_at_its_offsets(text: str) -> None:
    for word in words_of(text):
        assert text[word.start : word.end].casefold() == word.folded
        assert word.folded


@given(st.text())
def test_words_come_in_order_without_overlap(text: str) -> None:
    words = words_of(text)
    assert all(a.end <= b.start for a, b in pairwise(words))


@given(st.text())
def test_every_letter_and_digit_is_in_a_word(text: str) -> None:
    covered = {i for w in words_of(text) for i in range(w.start, w.end)}
    missing = {c for i, c in enumerate(text) if c.isalnum() and i not in covered}
    assert not missing


def test_hyphens_and_apostrophes_part_words() -> None:
    assert [w.folded for w in words_of("l'abus, EU-Verordnung, don’t")] == ["l", "abus", "eu", "verordnung", "don", "t"]


def test_case_is_folded_beyond_ascii() -> None:
    assert [w.folded for w in words_of("STRASSE Straße ÉTÉ")] == ["strasse", "strasse", "été"]


def test_a_script_without_spaces_counts_each_character() -> None:
    assert [w.folded for w in words_of("子ども保護")] == list("子ども保護")


def test_an_underscore_parts_words() -> None:
    assert [w.folded for w in words_of("draft_final")] == ["draft", "final"]


@given(st.text())
def test_sentences_cover_everything_but_space(text: str) -> None:
    spans = sentences_of(text)
    covered = {i for s in spans for i in range(s.start, s.end)}
    assert all(c.isspace() for i, c in enumerate(text) if i not in covered)
    assert all(a.end <= b.start for a, b in pairwise(spans))
    assert all(s.start < s.end and text[s.start : s.end] == text[s.start : s.end].strip() for s in spans)


def test_a_sentence_ends_at_its_mark_before_a_capital() -> None:
    text = "The draft passed at 10.30 on Nov. 3, it was said. Ministers left. “It is done.” Envoys stayed!"
    assert [text[s.start : s.end] for s in sentences_of(text)] == [
        "The draft passed at 10.30 on Nov. 3, it was said.",
        "Ministers left.",
        "“It is done.”",
        "Envoys stayed!",
    ]


def test_a_line_break_always_ends_a_sentence() -> None:
    text = "A heading without a mark\nThe text begins"
    assert [text[s.start : s.end] for s in sentences_of(text)] == ["A heading without a mark", "The text begins"]


def test_the_sentence_at_a_position_is_the_one_that_holds_it() -> None:
    spans = [Span(0, 10), Span(12, 20)]
    assert [sentence_at(spans, p) for p in (0, 9, 11, 12, 99)] == [spans[0], spans[0], spans[0], spans[1], spans[1]]
    assert sentence_at([], 5) == Span(0, 0)


@given(st.text())
def test_tidy_twice_is_tidy_once(text: str) -> None:
    once = tidy(text)
    assert tidy(once) == once


@given(st.text())
def test_tidy_text_can_be_stored_and_shown(text: str) -> None:
    tidied = tidy(text)
    tidied.encode()
    assert not any(unicodedata.category(c) in {"Cc", "Cf"} for c in tidied if c != "\n")
    assert "\n\n\n" not in tidied


def test_tidy_takes_out_what_cannot_be_seen() -> None:
    assert tidy("a\u200bb\u00adc\x00 \t d\r\n\n\n\ne\ufeff") == "abc d\n\ne"


def test_one_line_is_one_line_or_nothing() -> None:
    assert one_line(" a\n b\t c ") == "a b c"
    assert [one_line(x) for x in (None, "", " \n ", "\u200b")] == [None, None, None, None]


@given(st.text())
def test_a_hash_is_a_signed_64_bit_number(text: str) -> None:
    assert -(2**63) <= hash_of(text) < 2**63
    assert hash_of(text) == hash_of(str(text))


def test_hashes_are_the_same_on_every_machine() -> None:
    assert hash_of("") == 0x2D06800538D394C2  # xxh3's own test vector
    assert {hash_of(str(n)) < 0 for n in range(50)} == {True, False}


def test_a_text_of_n_words_has_n_minus_three_shingles() -> None:
    words = [f"w{i}x" for i in range(20)]
    for n in range(SHINGLE_WORDS, 20):
        assert len(shingles(" ".join(words[:n]))) == n - 3


def test_a_short_text_has_one_shingle_and_an_empty_one_none() -> None:
    assert len(shingles("two words")) == 1
    assert shingles("") == shingles(" ... ") == frozenset()


@given(st.integers(0, 50))
def test_shingles_do_not_depend_on_case_space_and_marks(seed: int) -> None:
    text = prose(seed, 3)
    assert shingles(text) == shingles(text.upper().replace(" ", " \n ").replace(".", " !"))


def test_folding_is_nfkc() -> None:
    assert folded("ﬁle Ⅳ  №") == folded("file IV no")


@pytest.mark.parametrize(
    ("text", "numbers"),
    [
        ("1,280 and 1.280 and 1 280 and 1\u202f280 and 1’280", {"1280"}),
        ("1,280,000 or 1.280.000", {"1280000"}),
        ("1.280,5 or 1,280.5 or 1 280,5", {"1280.5"}),
        ("1.82, not 182", {"1.82", "182"}),
        ("1,82 or 1.82", {"1.82"}),
        ("7.5 of 30", {"7.5", "30"}),
        ("0.125 or 0,125", {"0.125"}),
        ("in 2025 300 reports", {"2025", "300"}),
        ("1,2801 and 12801", {"1.2801", "12801"}),
        ("on 3.11.2026 at 10.30", {"3.11", "2026", "10.30"}),
    ],
)
def test_numbers_have_one_form_and_decimals_are_no_thousands(text: str, numbers: set[str]) -> None:
    assert numbers_of(text) == numbers


def test_names_are_capitals_that_do_not_open_a_sentence() -> None:
    found = names_of("Yesterday the commissioner Ana Novak met Berg in Aldmouth. Ministers listened.")
    assert found == {"ana novak", "berg", "aldmouth"}
