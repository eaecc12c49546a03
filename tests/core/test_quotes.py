"""Quotations are exactly what stands between marks, and a speaker is named only where the text names one."""

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.quotes import Known, quotes_of
from pipelines.core.text import words_of

MARKED = [
    (
        "en",
        "“We will act on this before the summit ends,” said Ana Novak.",
        "We will act on this before the summit ends",
    ),
    (
        "en plain",
        '"We will act on this before the summit ends," said Ana Novak.',
        "We will act on this before the summit ends",
    ),
    (
        "fr",
        "« Nous allons agir avant la fin du sommet », a déclaré Ana Novak.",
        "Nous allons agir avant la fin du sommet",
    ),
    (
        "fr nbsp",
        "«\u00a0Nous allons agir avant la fin du sommet\u202f», a dit Ana Novak.",
        "Nous allons agir avant la fin du sommet",
    ),
    (
        "de",
        "„Wir werden vor dem Ende des Gipfels handeln“, sagte Ana Novak.",  # codespell:ignore vor,ende
        "Wir werden vor dem Ende des Gipfels handeln",  # codespell:ignore vor,ende
    ),
    (
        "de books",
        "»Wir werden vor dem Ende des Gipfels handeln«, sagte Ana Novak.",  # codespell:ignore vor,ende
        "Wir werden vor dem Ende des Gipfels handeln",  # codespell:ignore vor,ende
    ),
    (
        "es",
        "«Actuaremos antes de que termine la cumbre de mayo», dijo Ana Novak.",  # codespell:ignore termine
        "Actuaremos antes de que termine la cumbre de mayo",  # codespell:ignore termine
    ),
    (
        "it",
        "«Agiremo prima della fine del vertice di maggio», ha detto Ana Novak.",
        "Agiremo prima della fine del vertice di maggio",
    ),
    (
        "it high",
        "“Agiremo prima della fine del vertice di maggio”, ha detto Ana Novak.",
        "Agiremo prima della fine del vertice di maggio",
    ),
    ("nl", "„We zullen dit nog voor het einde regelen”, zegt Ana Novak.", "We zullen dit nog voor het einde regelen"),
    (
        "nl high",
        "“We zullen dit nog voor het einde regelen”, zegt Ana Novak.",
        "We zullen dit nog voor het einde regelen",
    ),
    (
        "nl single",
        "‘We zullen dit nog voor het einde regelen’, zegt Ana Novak.",
        "We zullen dit nog voor het einde regelen",
    ),
    (
        "en single",
        "‘We will act on this before the summit ends,’ said Ana Novak.",
        "We will act on this before the summit ends",
    ),
    (
        "pl",
        "„Zajmiemy się tym jeszcze przed końcem szczytu”, powiedziała Ana Novak.",
        "Zajmiemy się tym jeszcze przed końcem szczytu",
    ),
    (
        "pt",
        "«Vamos agir antes do fim da cimeira de maio», disse Ana Novak.",
        "Vamos agir antes do fim da cimeira de maio",
    ),
    (
        "pt high",
        "“Vamos agir antes do fim da cimeira de maio”, disse Ana Novak.",
        "Vamos agir antes do fim da cimeira de maio",
    ),
]


@pytest.mark.parametrize(("text", "quoted"), [m[1:] for m in MARKED], ids=[m[0] for m in MARKED])
def test_the_marks_of_each_language_hold_a_quotation_and_its_speaker(text: str, quoted: str) -> None:
    found = quotes_of(text)
    assert [(q.text, q.speaker) for q in found] == [(quoted, "Ana Novak")]
    assert text[found[0].start : found[0].end] == quoted


PAIRS = ["“{}”", "„{}“", "„{}”", "«{}»", "« {} »", "»{}«", '"{}"', "”{}”"]


@pytest.mark.parametrize("pair", PAIRS)
def test_what_stands_between_two_quotations_is_never_a_quotation(pair: str) -> None:
    one = "We will act on this before the summit ends"
    other = "The rules must then be kept by every platform"
    text = f"{pair.format(one)}, told Ana Novak the assembled envoys of the coastal states. {pair.format(other)}"
    assert [q.text for q in quotes_of(text)] == [one, other]


@pytest.mark.parametrize("pair", PAIRS)
def test_a_quotation_ends_with_its_paragraph(pair: str) -> None:
    opening, closing = pair.split("{}")
    text = f"{opening}We will act on this before the summit ends\nThe envoys left the hall in the evening{closing}"
    assert quotes_of(text) == []


def test_short_and_endless_quotations_are_left_out() -> None:
    assert quotes_of("The “so-called pledge” was signed.") == []
    assert quotes_of(f"“{'very long words ' * 60}”") == []


def test_quotations_are_in_order_and_apart() -> None:
    text = "“One two three four five six seven.” Then «eight nine ten eleven twelve thirteen» and “a b c d e f g”."
    found = quotes_of(text)
    assert [q.text.split()[0] for q in found] == ["One", "eight", "a"]
    assert all(a.end <= b.start for a, b in pairwise(found))


marks = st.sampled_from("“”„«»‚‘’\"'")
bits = st.sampled_from(
    [" said Ana Novak", " a b c d e f g ", ". ", ", ", "\n", " Minister Piet Maas warned", "x", "\u00a0"]
)


@given(st.lists(marks | bits | st.text(max_size=5), max_size=25).map("".join))
def test_every_quotation_is_exactly_its_part_of_the_text(text: str) -> None:
    found = quotes_of(text, [Known(name="Ana Novak", aliases=("Novak",))])
    for quote in found:
        assert text[quote.start : quote.end] == quote.text
        assert len(words_of(quote.text)) >= 6
        assert "\n" not in quote.text
        assert quote.speaker is None or quote.speaker in text or "Novak" in text
    assert all(a.end <= b.start for a, b in pairwise(found))


QUOTED = "“We will act on this before the summit ends”"


def speaker(text: str, *people: Known) -> str | None:
    return quotes_of(text, people)[0].speaker


def test_a_name_without_a_verb_of_saying_is_no_speaker() -> None:
    assert speaker(f"{QUOTED}. Ana Novak left the hall.") is None
    assert speaker(f"Ana Novak chairs the meeting. {QUOTED}.") is None


def test_a_verb_without_a_name_is_no_speaker() -> None:
    assert speaker(f"{QUOTED}, said the minister.") is None
    assert speaker(f"{QUOTED}, said Novak.") is None


def test_the_gazetteer_knows_a_speaker_by_any_alias_and_shows_the_name() -> None:
    known = Known(name="Ana Novak", aliases=("Novak", "the commissioner"))
    assert speaker(f"{QUOTED}, said Novak.", known) == "Ana Novak"
    assert speaker(f"{QUOTED}, the commissioner warned.", known) == "Ana Novak"
    assert speaker(f"{QUOTED}, said Maas.", known) is None


def test_a_person_of_the_gazetteer_who_is_only_near_is_no_speaker() -> None:
    assert speaker(f"{QUOTED}, it read. Later Ana Novak left.", Known(name="Ana Novak")) is None


def test_an_alias_inside_another_word_names_nobody() -> None:
    assert speaker(f"{QUOTED}, said a Novakian envoy.", Known(name="Ana Novak", aliases=("Novak",))) is None


def test_two_names_beside_a_quotation_name_nobody() -> None:
    assert speaker(f"{QUOTED}, said Ana Novak to Piet Maas.") is None


def test_the_speaker_may_stand_before() -> None:
    assert speaker(f"Ana Novak said: {QUOTED}.") == "Ana Novak"
    assert speaker(f"Selon Ursula van den Berg : {QUOTED}.") == "Ursula van den Berg"


def test_a_name_inside_another_quotation_is_no_speaker() -> None:
    text = f"{QUOTED}, it was said. “I told Ana Novak what I thought of it all.”"
    assert {q.speaker for q in quotes_of(text)} == {None}


def test_a_quotation_without_anybody_stands_alone() -> None:
    assert speaker(f"{QUOTED}.") is None
