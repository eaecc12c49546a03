"""What changed is told as a reader would tell it: what was there, what is there; typography alone is no change."""

from random import Random
from time import process_time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.changes import Reading, changes
from pipelines.core.quotes import quotes_of
from tests.builders import prose

KINDS = {"headline", "figures", "quotes", "text"}


def reading(text: str, title: str = "A title") -> Reading:
    return Reading(title=title, text=text, quotes=quotes_of(text))


def told(before: str, after: str) -> list[tuple[str, str | None, str | None]]:
    return [(c.kind, c.before, c.after) for c in changes(reading(before), reading(after))]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("The envoys met. They left at noon.", "They left at noon. The envoys met."),
        ("The envoys  met.\nThey left at noon.", "The envoys met.\n\nThey left at noon."),
        ('The envoys\' plan is "ready".', "The envoys’ plan is “ready”."),
        ("The fine is 1,000,000 euros.", "The fine is 1\u202f000\u00a0000 euros."),
        ("The fine is 1.000 euros, or 2,5 per cent.", "The fine is 1 000 euros, or 2.5 per cent."),
        ("The envoys met in May, the ministers in June.", "The envoys met in May. The ministers in June."),
        ("The envoys met in May. The ministers in June.", "The envoys met in May; the ministers in June."),
        ("It was so. The envoys met.", "The envoys met. It was so. The envoys met."),
    ],
)
def test_order_typography_grouped_figures_and_split_sentences_are_no_change(before: str, after: str) -> None:
    assert told(before, after) == []


def test_a_headline_with_its_figure_grouped_otherwise_has_not_changed() -> None:
    assert changes(reading("It is so.", "A fine of 1,000"), reading("It is so.", "A fine of 1 000")) == []
    assert changes(reading("It is so.", "A fine of 1,000"), reading("It is so.", "A fine of 2 000")) != []


def test_a_decimal_that_lost_its_point_is_another_figure() -> None:
    before, after = "The share rose by 2.5 per cent in all.", "The share rose by 25 per cent in all."
    assert told(before, after) == [("figures", before, after)]


def test_a_sentence_is_told_beside_the_one_it_replaced() -> None:
    before = "The envoys met. The plan will be voted on in May. The library is open."
    after = "The envoys met. The plan will be voted on in autumn. The library is open."
    assert told(before, after) == [
        ("text", "The plan will be voted on in May.", "The plan will be voted on in autumn."),
    ]


def test_a_sentence_split_in_two_with_other_words_is_told_with_both_halves() -> None:
    before = "The envoys met in the old town hall, and the ministers spoke to the press."
    after = "The envoys met in the old town hall. Later the ministers spoke to the press."
    assert told(before, after) == [("text", before, after)]
    assert told(after, before) == [("text", after, before)]


def test_a_paragraph_that_came_or_went_is_told_whole() -> None:
    one, other = "The envoys met in May.", "Correction: an earlier report misnamed the hall. It is the old one."
    assert told(one, f"{one}\n\n{other}") == [("text", None, other)]
    assert told(f"{other}\n\n{one}", one) == [("text", other, None)]


def test_the_notice_of_a_corrected_figure_is_not_told_beside_the_figure() -> None:
    before = "The fine is 900 euros in all."
    after = "The fine is 90 euros in all. An earlier report gave another sum by mistake."
    assert told(before, after) == [("figures", before, "The fine is 90 euros in all.")]


def test_a_quotation_in_other_marks_or_without_them_has_not_changed() -> None:
    words = "We will act on this before it ends"
    assert told(f"It said: “{words}”.", f"It said: «{words}».") == []
    assert told(f"It said: “{words}”.", f"It said: {words}.") == []


def test_a_quotation_that_was_altered_is_told_once_and_not_as_text_too() -> None:
    before = "“We will act on this before the summit ends,” said Ana Novak."
    after = "“We may act on this before the summit ends,” said Ana Novak."
    assert [c[0] for c in told(before, after)] == ["quotes", "quotes"]


def test_a_long_sentence_is_shown_where_it_differs() -> None:
    lead, tail = "the envoys of all the coastal states " * 9, "and so on in the old hall " * 9
    ((kind, before, after),) = told(
        f"To {lead} the sum is 12 million {tail}.", f"To {lead} the sum is 15 million {tail}."
    )
    assert kind == "figures"
    assert before is not None
    assert after is not None
    assert ("12 million" in before, "15 million" in after) == (True, True)
    assert (before[0], before[-1]) == ("…", "…")
    assert max(len(before), len(after)) <= 280


def test_a_rewritten_text_is_told_by_what_weighs_most() -> None:
    short, long = (
        "Rain fell.",
        "The envoys of the coastal states met for a whole day in the old town hall by the river.",
    )
    kept = [f"The {word} opened its doors again." for word in ("library", "harbour", "museum", "station", "theatre")]
    after = " ".join(
        f"{k} {n} {short}" for k, n in zip(kept, ("Snow fell.", "Wind rose.", "Ice broke.", long, ""), strict=True)
    )
    found = told(" ".join(kept), after)
    assert len(found) <= 3
    assert any(long in (c[2] or "") for c in found)


def test_the_change_is_told_in_the_order_of_the_text() -> None:
    before = "One harbour opened. The library is shut. The museum is open."
    after = "Snow fell in May. One harbour opened. The library is shut. The museum is open. Rain fell in June."
    assert [c[2] for c in told(before, after)] == ["Snow fell in May.", "Rain fell in June."]


sentences = st.lists(st.sampled_from([prose(n, 1) for n in range(12)] + ["“We will act on this before May,” it said."]))


@given(sentences, st.randoms(use_true_random=False))
def test_sentences_in_another_order_are_no_change(parts: list[str], random: Random) -> None:
    moved = random.sample(parts, len(parts))
    assert told(" ".join(parts), " ".join(moved)) == []


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_two_texts_are_told_in_known_kinds_with_something_to_show(one: str, other: str) -> None:
    found = told(one, other)
    assert {c[0] for c in found} <= KINDS
    assert all((c[1] or c[2]) and c[1] != c[2] and max(len(c[1] or ""), len(c[2] or "")) <= 280 for c in found)
    assert told(one, one) == []


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (prose(1, 200), prose(2, 200)),
        ("a b c d. " * 2200, "d c b a. " * 2200),
        (" ".join(f"Word {n} stands." for n in range(1300)), " ".join(f"Word {n + 5000} stands." for n in range(1300))),
        ("word " * 4000, "term " * 4000),
        ("“a b c d e f g.” " * 1200, "“g f e d c b a.” " * 1200),
    ],
)
def test_a_long_text_is_compared_in_a_bounded_time(before: str, after: str) -> None:
    started = process_time()
    changes(reading(before), reading(after))
    assert process_time() - started < 10
