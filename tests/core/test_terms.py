"""Terms as people write them: what they stand for, and what is wrong with them."""

import pytest

from pipelines.core.terms import WordPattern, patterns_of, stem_of, term_problem


@pytest.mark.parametrize(
    "term",
    ["summit", "child* online", "*schutz*", "age-verification", "l'accord", "~exploit it", "kinder+porno*"],
)
def test_a_sound_term_has_no_problem(term: str) -> None:
    assert term_problem(term, "en") is None


@pytest.mark.parametrize(
    "term",
    ["", "*", "  ", "-", "ab*cd", "one * two", "**", "ex~ploit", "~ex*", "~a+b", "+porno", "kinder+", "a++b", "~"],
)
def test_a_term_without_a_word_or_with_a_sign_out_of_place_is_refused(term: str) -> None:
    assert repr(term) in (term_problem(term) or "")


def test_word_forms_are_refused_in_a_language_without_a_stemmer() -> None:
    assert term_problem("~abbuż", "mt") == (
        "term '~abbuż': no forms of words are known for the language 'mt'; use * for their endings"
    )


def test_a_compound_stands_for_one_word_and_for_two() -> None:
    joined, parted = patterns_of("kinder+porno*", "de")
    assert joined == (WordPattern("kinderporno", open_behind=True),)
    assert parted == (WordPattern("kinder"), WordPattern("porno", open_behind=True))


def test_hyphens_and_apostrophes_part_words_and_only_the_outer_ends_stay_open() -> None:
    [pattern] = patterns_of("*d'abus-sexuel*", "fr")
    assert pattern == (
        WordPattern("d", open_before=True),
        WordPattern("abus"),
        WordPattern("sexuel", open_behind=True),
    )


@pytest.mark.parametrize(
    ("language", "word", "forms", "others"),
    [
        ("en", "agency", ["agency", "agencies"], ["agent", "agenda"]),
        ("de", "plattform", ["plattform", "plattformen"], ["platte", "plattfisch"]),
        ("fi", "sivusto", ["sivustot", "sivuston", "sivustolla"], ["sivu", "sivistys"]),
        ("ru", "платформа", ["платформы", "платформ"], ["плата"]),
    ],
)
def test_all_forms_of_a_word_fit_and_no_other_word_does(
    language: str, word: str, forms: list[str], others: list[str]
) -> None:
    [(pattern,)] = patterns_of(f"~{word}", language)
    assert [f for f in forms if not (f.startswith(pattern.text) and pattern.fits(f))] == []
    assert [o for o in others if o.startswith(pattern.text) and pattern.fits(o)] == []


def test_a_language_without_a_stemmer_leaves_words_as_they_are() -> None:
    assert stem_of("tfal", "mt") == "tfal"
