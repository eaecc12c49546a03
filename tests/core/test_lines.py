"""Lines that are not of the article."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.lines import (
    LineMemory,
    are_versions,
    cleaned,
    instead,
    is_clutter,
    line_keys,
    put_back,
    with_lead,
    with_updates,
    without,
)
from tests.builders import prose


@pytest.mark.parametrize(
    "line",
    [
        "Share this articleComments",
        "Share this articleClose Button",
        "Facebook Twitter WhatsApp",
        "Comments 12",
        "Teilen",
        "Udostępnij",
        "Copy/paste the article video embed link below:Copy to clipboardCopied",
        "Copyright Harbour Pictures/AP",
        "© 2026 Harbour Herald",
        "Related: What the pledge means",
        "Read more: Middle East",
        "Lesen Sie auch: Was die Zusage bedeutet",
        "Lire aussi : Ce que change l'engagement",
        "Les også: Hva løftet betyr",
        "Czytaj też: Co oznacza deklaracja",
        "Διαβάστε επίσης: Τι σημαίνει",
        "You might also like",
        "Sign up for our newsletter",
        "Alle Rechte vorbehalten.",
        "desk@herald.example",
        "https://herald.example/n/1",
    ],
)
def test_bars_teasers_calls_and_addresses_are_clutter(line: str) -> None:
    assert is_clutter(line)


@pytest.mark.parametrize(
    "line",
    [
        "Ministers share the view that platforms have duties.",
        "The comments were made on Tuesday.",
        "The related regulation takes effect in May.",
        "Read the letter, the commissioner said, and you will see.",
        "Copy editors and translators worked through the night on the declaration of the coastal states.",
        "Die Teilnehmer teilen die Sorge der Hotlines.",
        "“Share what you know,” the hotline asks parents.",
        "X is one of the platforms that reported fewer cases.",
        "",
    ],
)
def test_sentences_of_the_article_stay(line: str) -> None:
    assert not is_clutter(line)


def test_lines_that_repeat_the_title_or_only_name_the_author_go() -> None:
    text = f"Ministers AGREE\nBy Ana Novak\n{prose(1)}\nAna Novak\n{prose(2)}"
    assert cleaned(text, titles=["Ministers agree"], authors=["Ana Novak"]) == f"{prose(1)}\n{prose(2)}"


def test_headlines_below_a_last_heading_of_teasers_go_with_it_and_paragraphs_stay() -> None:
    teasers = "You might also like\n\nA law is agreed\n\nEnvoys leave the talks"
    assert cleaned(f"{prose(1)}\n{teasers}") == prose(1)
    assert cleaned(f"{prose(1)}\nRelated:\n{prose(2)}") == f"{prose(1)}\n{prose(2)}"


def page(seed: int) -> str:
    return "\n".join(["Harbour Herald brings you the news of the coast.", prose(seed), prose(seed + 1)])


def test_a_line_on_two_pages_of_an_outlet_is_the_outlets() -> None:
    memory = LineMemory()
    for seed in (1, 11, 21):
        memory.add(page(seed))
    assert without(page(1), memory.repeated())[0] == f"{prose(1)}\n{prose(2)}"


@pytest.mark.parametrize("line", ["What we know so far", "BRUSSELS, Belgium", "Here's the thing:", "背景"])
def test_headings_and_datelines_that_an_outlet_repeats_are_the_articles(line: str) -> None:
    memory = LineMemory()
    for seed in (1, 11):
        memory.add(f"{line}\n{page(seed)}")
    assert without(f"{line}\n{page(1)}", memory.repeated())[0] == f"{line}\n{prose(1)}\n{prose(2)}"


def test_a_repeated_sentence_without_spaces_is_the_outlets() -> None:
    sign_off, memory = "港湾日報の記事を無断で転載することはできません。", LineMemory()
    for seed in (1, 11):
        memory.add(f"{prose(seed)}\n{prose(seed + 1)}\n{sign_off}")
    assert without(f"{prose(1)}\n{prose(2)}\n{sign_off}", memory.repeated())[0] == f"{prose(1)}\n{prose(2)}"


def test_versions_of_one_story_repeat_nothing() -> None:
    memory = LineMemory()
    memory.add(page(1))
    memory.add(f"{page(1)}\nAn update: the vote is on Thursday of next week.")
    assert memory.repeated() == frozenset()
    assert are_versions(line_keys(page(1)), line_keys(f"{page(1)}\n{prose(9)}"))


def test_a_paragraph_left_out_from_among_those_taken_comes_back_in_its_place() -> None:
    first, second, third, aside = (prose(n, 3) for n in (1, 11, 21, 31))
    paragraphs = [(1, first), (1, second), (1, third), (2, aside)]
    assert put_back(f"{first}\n{third}", paragraphs) == f"{first}\n{second}\n{third}"
    assert put_back(f"{first}\n{second}\n{third}", paragraphs) == f"{first}\n{second}\n{third}"


def test_a_paragraph_from_elsewhere_on_the_page_stays_out() -> None:
    first, third, aside = (prose(n, 3) for n in (1, 21, 31))
    assert put_back(f"{first}\n{third}", [(1, first), (1, third), (2, aside)]) == f"{first}\n{third}"
    assert put_back(first, [(1, first), (1, aside)]) == first  # beside one that was taken is not among them


def test_a_declared_body_stands_in_only_where_another_part_of_the_page_was_taken() -> None:
    body = prose(1)
    assert instead("Recipes, news and updates for members of the plan.", body) == body
    assert instead("", body) == body
    assert instead(f"{prose(1, 6)}\n{prose(40, 3)}", body) == f"{prose(1, 6)}\n{prose(40, 3)}"
    assert instead("", "A lead is no body.") == ""


def test_a_lead_ahead_of_the_text_comes_back_and_one_that_is_in_it_does_not() -> None:
    lead, first, second = (prose(n, 2) for n in (1, 11, 21))
    text = f"{first}\n{second}"
    assert with_lead(text, [(True, lead), (False, first)]) == f"{lead}\n{text}"
    assert with_lead(f"{lead}\n{text}", [(True, lead), (False, first)]) == f"{lead}\n{text}"
    assert with_lead("", [(True, lead)]) == ""  # a lead alone is no article


@pytest.mark.parametrize(
    "ahead",
    [
        [(False, prose(1, 2))],
        [(False, prose(11, 2)), (True, prose(1, 2))],  # behind the first paragraph: of another story
        [(True, "Ministers agree on a pledge in Brussels this week")],  # no sentence
        [(True, "Ministers agreed on a pledge in Brussels this week, and then...")],  # cut off
    ],
)
def test_what_is_no_lead_stays_out(ahead: list[tuple[bool, str]]) -> None:
    text = f"{prose(11, 2)}\n{prose(21, 2)}"
    assert with_lead(text, ahead) == text


def test_declared_updates_that_a_live_blog_lacks_stand_at_its_end_in_their_order() -> None:
    first, second, third = (prose(n, 3) for n in (1, 11, 21))
    assert with_updates(second, [first, second, third]) == f"{second}\n{first}\n{third}"
    assert with_updates("", [first, third]) == f"{first}\n{third}"
    assert with_updates(second, []) == second


@pytest.mark.parametrize(
    "caption",
    [
        "Delegates stand before the council, Monday Nov. 4. Copyright Harbour Pictures/AP",
        "Delegates stand before the council on Monday. © Harbour Pictures",
        "Delegierte vor dem Rat in Brüssel. Foto: Harbour Pictures",
        "Delegates stand before the council on Monday (Photo: A. Novak/Harbour Pictures)",
    ],
)
def test_a_caption_with_whose_picture_it_is_goes_and_so_does_its_repetition(caption: str) -> None:
    bare = caption.partition(" Copyright")[0]
    assert cleaned(f"{bare}\n{caption}\n{prose(1)}" if bare != caption else f"{caption}\n{prose(1)}") == prose(1)


@pytest.mark.parametrize(
    "line",
    [
        "The ministers disagree on who holds the copyright: the office or the council, said the envoy.",
        "The director of the photo archive said that the council would pay for it.",
    ],
)
def test_a_sentence_on_pictures_is_no_caption(line: str) -> None:
    assert cleaned(f"{line}\n{prose(1)}") == f"{line}\n{prose(1)}"


@given(st.text(max_size=300), st.lists(st.text(max_size=30), max_size=3))
def test_cleaning_takes_lines_and_changes_none(text: str, titles: list[str]) -> None:
    kept = [line for line in cleaned(text, titles=titles).split("\n") if line]
    lines = [line.strip() for line in text.split("\n")]
    assert all(line.strip() in lines for line in kept)
    assert cleaned(cleaned(text, titles=titles), titles=titles) == cleaned(text, titles=titles)
