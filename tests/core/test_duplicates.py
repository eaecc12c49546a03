"""Copies: texts that are carried, not events that are alike."""

from datetime import UTC, date, datetime
from random import Random
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.duplicates import (
    HOT_ARTICLES,
    LADDER,
    candidate_pairs,
    content_hash,
    find_copies,
    judge_pair,
    judge_pairs,
)
from pipelines.core.nouns import ClusterItem, Copy
from pipelines.core.resemblance import resemblance
from tests.builders import make_item, prose


def court_report(town: str, clerk: str, number: int, months: int) -> str:
    """Court news share their wording; figures and names are the news."""
    return (
        f"The district court of {town} has fined a telecom company {number} euros for late transparency reports. "
        f"According to the clerk, {clerk}, the company had not filed its risk assessment within {months} months. "
        "The court held that the duty to report had been known since the regulation took effect and that no reason "
        "had been given for the delay. The company can appeal within four weeks of the written judgment. "
        f"The regulator of {town} welcomed the decision and said that further proceedings were pending."
    )


def test_a_text_carried_word_for_word_is_the_same_text() -> None:
    found = judge_pair(make_item(2, prose(1).upper()), make_item(1, prose(1)))
    assert found is not None
    assert (found.rule, found.score, found.containment, found.share_of(2)) == ("same_text", 1.0, 1.0, 1.0)
    assert (found.one_id, found.other_id) == (1, 2)


def test_a_copy_with_added_reporting_says_how_much_it_added() -> None:
    (found,) = find_copies([make_item(2, f"{prose(1)} {prose(9, 6)}"), make_item(1, prose(1))])
    assert (found.rule, found.containment) == ("near_copy", 1.0)
    assert 0.2 < found.added_share < 0.5


def test_a_shortened_copy_is_a_copy() -> None:
    found = judge_pair(make_item(2, prose(1, 7)), make_item(1, prose(1, 14)))
    assert found is not None
    assert found.containment == found.share_of(2) == 1.0
    assert found.share_of(1) < 0.6


def test_a_pair_is_judged_alike_from_both_sides() -> None:
    one, other = make_item(1, prose(1, 7)), make_item(2, prose(1, 14) + " Corrected.")
    assert judge_pair(one, other) == judge_pair(other, one)


def test_two_texts_of_their_own_are_no_copies() -> None:
    assert judge_pair(make_item(2, prose(3)), make_item(1, prose(40))) is None


def test_look_alike_court_reports_are_kept_apart_by_numbers_and_names() -> None:
    one = make_item(1, court_report("Aldmouth", "Ana Novak", 12_000, 18))
    other = make_item(2, court_report("Fernwick", "Piet Maas", 4_500, 7))
    assert 0.5 < resemblance(one.text, other.text).containment < 0.9
    assert judge_pair(one, other) is None


def test_many_look_alike_reports_give_no_false_pair() -> None:
    towns = ("Aldmouth", "Brackwater", "Cedarhythe", "Dunmere", "Eastfold", "Fernwick")
    clerks = ("Ana Novak", "Piet Maas", "Rosa Lind", "Karl Weiss", "Rita Duarte", "Olga Baran")
    items = [make_item(n + 1, court_report(t, clerks[n], 3_100 * (n + 2), 5 + 3 * n)) for n, t in enumerate(towns)]
    pairs = {(a.article_id, b.article_id) for a in items for b in items if a.article_id < b.article_id}
    assert judge_pairs(items, pairs) == []
    assert find_copies(items) == []


def test_an_edited_copy_with_its_numbers_and_names_is_a_copy() -> None:
    text = court_report("Aldmouth", "Ana Novak", 12_000, 18)
    edited = text.replace("has fined a telecom company", "on Monday imposed on a phone operator a fine of").replace(
        "welcomed the decision and said that further proceedings were pending", "did not wish to comment at first"
    )
    found = judge_pair(make_item(2, edited), make_item(1, text))
    assert found is not None
    assert found.containment < 0.9
    assert min(found.numbers_overlap, found.names_overlap) >= 0.65


def test_a_few_words_are_too_little_to_judge() -> None:
    assert judge_pair(make_item(2, "Ministers met in Aldmouth"), make_item(1, "Ministers met in Aldmouth")) is None
    assert judge_pair(make_item(2, ""), make_item(1, "")) is None


TITLE = "Ministers agree on a joint pledge"


def titled(article_id: int, text: str, **over: Any) -> ClusterItem:
    return make_item(article_id, text, **{"outlet_id": "herald", "title": TITLE, **over})


def test_one_title_in_an_outlet_is_one_text_if_the_words_agree() -> None:
    (found,) = find_copies([titled(1, prose(1)), titled(2, prose(1) + " Updated.", title=TITLE.upper())])
    assert (found.rule, found.score) == ("same_title", 1.0)


def test_a_daily_column_has_one_title_and_other_texts() -> None:
    assert find_copies([titled(1, prose(1)), titled(2, prose(40))]) == []


def test_one_title_for_two_court_reports_does_not_make_them_one() -> None:
    one = titled(1, court_report("Aldmouth", "Ana Novak", 12_000, 18))
    assert find_copies([one, titled(2, court_report("Fernwick", "Piet Maas", 4_500, 7))]) == []


def test_the_feeds_own_words_are_the_article_of_that_title() -> None:
    items = [
        titled(1, prose(1)),
        titled(2, "The ministers have agreed at last, after a long sitting.", is_partial=True),
    ]
    assert [c.rule for c in find_copies(items)] == ["same_title"]


@pytest.mark.parametrize(
    "over",
    [{"outlet_id": "post"}, {"title": "Ministers agree on"}, {"published_day": date(2026, 12, 2)}],
    ids=["another outlet", "three words", "eight days later"],
)
def test_a_title_says_nothing_in_another_outlet_nor_later_nor_if_it_is_short(over: dict[str, Any]) -> None:
    one = titled(1, prose(1), title=over.get("title", TITLE))
    other = titled(2, "The ministers have agreed at last, after a long sitting.", is_partial=True, **over)
    assert find_copies([one, other]) == []


def test_a_page_that_gives_an_address_elsewhere_as_its_own_is_a_copy_of_that_page() -> None:
    reworded = court_report("Aldmouth", "Ana Novak", 12_000, 18).replace("12000", "twelve thousand")
    items = [make_item(1, court_report("Aldmouth", "Ana Novak", 12_000, 18)), make_item(2, reworded, named_id=1)]
    assert [(c.article_id, c.original_id, c.rule, c.why) for c in find_copies(items)] == [
        (2, 1, "declared", "declared")
    ]
    assert find_copies([make_item(1, prose(1)), make_item(2, prose(40), named_id=1)]) == [], "a template's mistake"


def test_articles_more_than_thirty_days_apart_are_not_compared() -> None:
    items = [make_item(1, prose(1)), make_item(2, prose(1), published_day=date(2026, 12, 24))]
    assert len(find_copies(items)) == 1
    assert find_copies([items[0], make_item(2, prose(1), published_day=date(2026, 12, 25))]) == []


def test_what_an_outlet_puts_under_every_article_hides_no_copy() -> None:
    def with_footer(number: int, outlet: str, text: str) -> ClusterItem:
        return make_item(number, f"{text}\nFollow {outlet} on Facebook and Instagram, since 1921.", outlet_id=outlet)

    footers = [
        with_footer(n, outlet, prose(n)) for n, outlet in ((11, "Herald"), (15, "Herald"), (21, "Post"), (25, "Post"))
    ]
    wire = court_report("Aldmouth", "Ana Novak", 12_000, 18)
    shortened = ". ".join(wire.split(". ")[:2]) + "."
    found = find_copies([*footers, with_footer(1, "Herald", wire), with_footer(2, "Post", shortened)])
    assert [(c.article_id, c.original_id, c.containment) for c in found] == [(2, 1, 1.0)]


def test_every_rung_says_what_it_holds_for() -> None:
    assert [rung.name for rung in LADDER] == ["declared", "same_title", "same_text", "near_copy"]
    assert all(len(rung.says.split()) > 4 for rung in LADDER)


def test_the_copy_is_the_later_and_the_third_points_to_the_first() -> None:
    items = [
        make_item(n, prose(1), published_at=datetime(2026, 11, 24, hour, tzinfo=UTC))
        for n, hour in ((5, 9), (3, 8), (8, 11))
    ]
    assert pointed(find_copies(items)) == {5: 3, 8: 3}


def test_pairs_of_articles_not_at_hand_are_left_out() -> None:
    assert judge_pairs([make_item(1, prose(1))], {(1, 2)}) == []


def world() -> list[ClusterItem]:
    texts = [prose(1), prose(1, 10), prose(2), f"{prose(2)} {prose(3, 3)}", prose(4), prose(1) + " Corrected."]
    times = [4, 2, 9, 1, 7, 2]
    return [
        make_item(10 + n, text, published_at=datetime(2026, 11, 24, hour, tzinfo=UTC) if hour != 7 else None)
        for n, (text, hour) in enumerate(zip(texts, times, strict=True))
    ]


def pointed(found: list[Copy]) -> dict[int, int]:
    return {c.article_id: c.original_id for c in found}


@given(st.permutations(world()))
def test_copies_do_not_depend_on_the_order_of_articles(items: list[ClusterItem]) -> None:
    assert pointed(find_copies(items)) == {10: 11, 15: 11, 12: 13}


@given(st.permutations(world()))
def test_candidates_do_not_depend_on_the_order_of_articles(items: list[ClusterItem]) -> None:
    assert candidate_pairs(items) == candidate_pairs(world())


@given(st.randoms(use_true_random=False))
def test_pairs_are_judged_alike_in_any_order(random: Random) -> None:
    pairs = [(a.article_id, b.article_id) for a in world() for b in world()]
    judged = judge_pairs(world(), pairs)
    random.shuffle(pairs)
    assert judge_pairs(world(), pairs) == judged


def test_real_copies_are_among_the_candidates() -> None:
    assert {(10, 11), (10, 15), (11, 15), (12, 13)} <= candidate_pairs(world())


def test_a_formula_in_very_many_articles_makes_no_candidates() -> None:
    items = [make_item(n, prose(1)) for n in range(HOT_ARTICLES + 1)]
    assert candidate_pairs(items) == set()
    assert candidate_pairs(items[:3]) == {(0, 1), (0, 2), (1, 2)}


@pytest.mark.parametrize(("title", "text"), [("a  PLEDGE", "Signed. Today"), ("A pledge", "signed  today")])
def test_a_content_hash_knows_neither_case_nor_spacing(title: str, text: str) -> None:
    assert content_hash(title, text) == content_hash("A pledge", "signed today")


def test_a_content_hash_knows_where_the_title_ends() -> None:
    assert content_hash("a b", "c") != content_hash("a", "b c")
    assert content_hash(None, "c") == content_hash("", "c")
