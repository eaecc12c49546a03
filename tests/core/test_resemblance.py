"""How alike two texts are, and how texts that are alike find each other."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.resemblance import (
    SAMPLE_ONE_IN,
    may_share_a_text,
    name_words,
    overlap,
    resemblance,
    sample,
    text_hash,
    without_repeated,
)
from pipelines.core.text import shingles
from tests.builders import prose


def test_containment_is_of_the_shorter_text() -> None:
    whole, part = prose(1, 14), prose(1, 7)
    assert resemblance(whole, part).containment == resemblance(part, whole).containment == 1.0


def test_an_empty_text_stands_in_none() -> None:
    assert resemblance("", prose(1)).containment == resemblance("", "").containment == 0.0


def test_overlap_is_of_the_fewer_and_nothing_speaks_against_where_there_are_none() -> None:
    assert overlap(frozenset("ab"), frozenset("abcd")) == 1.0
    assert overlap(frozenset("ab"), frozenset("acd")) == 0.5
    assert overlap(frozenset(), frozenset("a")) == overlap(frozenset(), frozenset()) == 1.0


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("The minister Ana Novak spoke in Aldmouth.", {"ana", "novak", "aldmouth"}),
        ("Ministers met. Regulators did not.", set()),
        ("“Aldmouth is ready,” said Novak.", {"novak"}),
        ("Hotlines\nPlatforms", set()),
        ("in O’Dowd’s and Baker-Hill's town, X said", {"o’dowd’s", "baker-hill's"}),
        ("на встрече Анна Новак сказала", {"анна", "новак"}),
        ("議会は決めた。", set()),
    ],
)
def test_names_are_capitalised_words_that_open_no_sentence(text: str, names: set[str]) -> None:
    assert name_words(text) == names


def test_a_word_put_between_two_names_leaves_both() -> None:
    assert name_words("so says Ana Novak") == name_words("so says Ana the Novak") == {"ana", "novak"}


def test_the_sample_is_of_the_texts_own_shingles_and_about_one_in_sixteen() -> None:
    text = " ".join(prose(n, 30) for n in range(6))
    every, chosen = shingles(text), sample(text)
    assert chosen <= every
    assert all(s % SAMPLE_ONE_IN == 0 for s in chosen)
    assert len(every) / 32 < len(chosen) < len(every) / 8


@given(st.text(max_size=60))
def test_every_text_with_a_word_can_be_found_by_its_sample(text: str) -> None:
    assert bool(sample(text)) == bool(shingles(text))
    assert len(sample(text)) >= min(2, len(shingles(text)))


@pytest.mark.parametrize(
    ("shared", "one", "other", "expected"),
    [(0, 4, 4, False), (1, 8, 40, True), (1, 9, 40, False), (2, 9, 40, True), (4, 40, 40, False), (5, 40, 90, True)],
)
def test_a_formula_in_two_long_texts_makes_no_candidates(shared: int, one: int, other: int, *, expected: bool) -> None:
    assert may_share_a_text(shared, one, other) is may_share_a_text(shared, other, one) is expected


def test_a_text_hash_knows_neither_case_nor_marks_and_no_text_has_none() -> None:
    assert text_hash("Signed. Today") == text_hash("signed  today!")
    assert text_hash(" \n…") is None


def test_lines_of_three_articles_of_one_outlet_are_the_outlets() -> None:
    footer = "Read the Herald every morning"
    texts = [("herald", f"{prose(n)}\n{footer}.") for n in (1, 5, 9)]
    assert without_repeated([*texts, ("post", f"{prose(2)}\n{footer}")]) == [
        prose(1), prose(5), prose(9), f"{prose(2)}\n{footer}",
    ]  # fmt: skip


def test_three_versions_of_one_text_keep_their_words() -> None:
    texts = [("herald", f"{prose(1, 4)}\n{prose(2, 4)}\nUpdate {n}") for n in range(3)]
    assert without_repeated(texts) == [text for _, text in texts]
