"""Copies: texts that are carried, not events that are alike."""

from datetime import UTC, datetime
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.duplicates import (
    HOT_SHINGLE_ARTICLES,
    SAMPLE_ONE_IN,
    candidate_pairs,
    content_hash,
    find_copies,
    judge_pair,
    overlap,
    sample,
)
from pipelines.core.nouns import ClusterItem, Copy
from pipelines.core.text import shingles
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
    assert (found.rule, found.containment, found.added_share) == ("same_text", 1.0, 0.0)
    assert (found.article_id, found.original_id) == (2, 1)


def test_a_copy_with_added_reporting_says_how_much_it_added() -> None:
    found = judge_pair(make_item(2, f"{prose(1)} {prose(9, 6)}"), make_item(1, prose(1)))
    assert found is not None
    assert (found.rule, found.containment) == ("near_copy", 1.0)
    assert 0.2 < found.added_share < 0.5


def test_a_shortened_copy_is_a_copy() -> None:
    found = judge_pair(make_item(2, prose(1, 7)), make_item(1, prose(1, 14)))
    assert found is not None
    assert found.containment == 1.0


def test_containment_is_of_the_shorter_text() -> None:
    one, other = make_item(2, prose(1, 4) + " " + prose(5, 20)), make_item(1, prose(1, 4) + " " + prose(7, 4))
    shared = len(shingles(one.text) & shingles(other.text)) / min(len(shingles(one.text)), len(shingles(other.text)))
    found = judge_pair(one, other)
    assert found is None if shared < 0.5 else found is not None and found.containment == round(shared, 4)


def test_two_texts_of_their_own_are_no_copies() -> None:
    assert judge_pair(make_item(2, prose(3)), make_item(1, prose(40))) is None


def test_look_alike_court_reports_are_kept_apart_by_numbers_and_names() -> None:
    one = make_item(1, court_report("Aldmouth", "Ana Novak", 12_000, 18))
    other = make_item(2, court_report("Fernwick", "Piet Maas", 4_500, 7))
    shared = len(shingles(one.text) & shingles(other.text)) / len(shingles(one.text))
    assert 0.5 < shared < 0.9
    assert judge_pair(one, other) is None


def test_many_look_alike_reports_give_no_false_pair() -> None:
    towns = ("Aldmouth", "Brackwater", "Cedarhythe", "Dunmere", "Eastfold", "Fernwick")
    clerks = ("Ana Novak", "Piet Maas", "Rosa Lind", "Karl Weiss", "Rita Duarte", "Olga Baran")
    items = [make_item(n + 1, court_report(t, clerks[n], 3_100 * (n + 2), 5 + 3 * n)) for n, t in enumerate(towns)]
    pairs = {(a.article_id, b.article_id) for a in items for b in items if a.article_id < b.article_id}
    assert find_copies(items, pairs, {}) == []


def test_an_edited_copy_with_its_numbers_and_names_is_a_copy() -> None:
    text = court_report("Aldmouth", "Ana Novak", 12_000, 18)
    edited = text.replace("has fined a telecom company", "on Monday imposed on a phone operator a fine of").replace(
        "welcomed the decision and said that further proceedings were pending", "did not wish to comment at first"
    )
    found = judge_pair(make_item(2, edited), make_item(1, text))
    assert found is not None
    assert found.containment < 0.9
    assert found.numbers_overlap >= 0.6
    assert found.names_overlap >= 0.6


def test_a_few_words_are_too_little_to_judge() -> None:
    assert judge_pair(make_item(2, "Ministers met in Aldmouth"), make_item(1, "Ministers met in Aldmouth")) is None
    assert judge_pair(make_item(2, ""), make_item(1, "")) is None


def test_overlap_is_of_the_fewer_and_nothing_speaks_against_where_there_are_none() -> None:
    assert overlap(frozenset("ab"), frozenset("abcd")) == 1.0
    assert overlap(frozenset("ab"), frozenset("acd")) == 0.5
    assert overlap(frozenset(), frozenset("a")) == overlap(frozenset(), frozenset()) == 1.0


def test_the_copy_is_the_later_and_the_third_points_to_the_first() -> None:
    items = [
        make_item(n, prose(1), published_at=datetime(2026, 11, 24, hour, tzinfo=UTC))
        for n, hour in ((5, 9), (3, 8), (8, 11))
    ]
    found = find_copies(items, {(3, 5), (5, 8)}, {})
    assert {c.article_id: c.original_id for c in found} == {5: 3, 8: 3}


def test_a_decision_of_an_earlier_run_stands_and_is_not_repeated() -> None:
    items = [make_item(n, prose(1)) for n in (1, 2, 3)]
    found = find_copies(items, {(1, 2), (2, 3)}, {2: 1})
    assert {c.article_id: c.original_id for c in found} == {3: 1}


def test_pairs_of_articles_not_at_hand_are_left_out() -> None:
    assert find_copies([make_item(1, prose(1))], {(1, 2)}, {}) == []


def test_an_article_is_never_a_copy_of_itself_or_of_its_own_copy() -> None:
    items = [make_item(n, prose(1)) for n in range(1, 7)]
    pairs = {(a, b) for a in range(1, 7) for b in range(1, 7)}
    found = find_copies(items, pairs, {})
    assert {c.article_id: c.original_id for c in found} == dict.fromkeys(range(2, 7), 1)


def world() -> list[ClusterItem]:
    texts = [prose(1), prose(1, 10), prose(2), f"{prose(2)} {prose(3, 3)}", prose(4), prose(1) + " Corrected."]
    times = [4, 2, 9, 1, 7, 2]
    return [
        make_item(10 + n, text, published_at=datetime(2026, 11, 24, hour, tzinfo=UTC) if hour != 7 else None)
        for n, (text, hour) in enumerate(zip(texts, times, strict=True))
    ]


def pointed(found: list[Copy]) -> dict[int, int]:
    return {c.article_id: c.original_id for c in found}


@given(st.permutations(world()), st.randoms(use_true_random=False))
def test_copies_do_not_depend_on_the_order_of_articles_or_pairs(items: list[ClusterItem], random: Random) -> None:
    everything = [(a.article_id, b.article_id) for a in items for b in items if a.article_id != b.article_id]
    random.shuffle(everything)
    assert pointed(find_copies(items, everything, {})) == {10: 11, 15: 11, 12: 13}


@given(st.permutations(world()))
def test_candidates_do_not_depend_on_the_order_of_articles(items: list[ClusterItem]) -> None:
    assert candidate_pairs(items) == candidate_pairs(world())


def test_real_copies_are_among_the_candidates() -> None:
    assert {(10, 11), (10, 15), (11, 15), (12, 13)} <= candidate_pairs(world())


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


def test_a_formula_in_very_many_articles_makes_no_candidates() -> None:
    items = [make_item(n, prose(1)) for n in range(HOT_SHINGLE_ARTICLES + 1)]
    assert candidate_pairs(items) == set()
    assert candidate_pairs(items[:3]) == {(0, 1), (0, 2), (1, 2)}


@pytest.mark.parametrize(("title", "text"), [("a  PLEDGE", "Signed. Today"), ("A pledge", "signed  today")])
def test_a_content_hash_knows_neither_case_nor_spacing(title: str, text: str) -> None:
    assert content_hash(title, text) == content_hash("A pledge", "signed today")


def test_a_content_hash_knows_where_the_title_ends() -> None:
    assert content_hash("a b", "c") != content_hash("a", "b c")
    assert content_hash(None, "c") == content_hash("", "c")
