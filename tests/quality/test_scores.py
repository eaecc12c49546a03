"""The scoring code, against values worked out by hand."""

import pytest

from tests.quality import scores
from tests.quality.corpora import draw


def test_decisions_are_scored_by_what_was_right_wrong_and_missed() -> None:
    score = scores.of_decisions([True, True, True, False, False], [True, True, False, True, False])
    assert (score.precision, score.recall) == pytest.approx((2 / 3, 2 / 3))


def test_deciding_for_nothing_is_precise_and_finds_nothing() -> None:
    score = scores.of_decisions([False, False], [True, False])
    assert (score.precision, score.recall, score.f1) == (1.0, 0.0, 0.0)


def test_a_pair_put_together_wrongly_costs_precision() -> None:
    score = scores.of_pairs(["a", "a", "a"], ["x", "x", "y"])
    assert (score.precision, score.recall) == pytest.approx((1 / 3, 1.0))


def test_a_pair_kept_apart_wrongly_costs_recall() -> None:
    score = scores.of_pairs(["a", "a", "b", "c"], ["x", "x", "x", "y"])
    assert (score.precision, score.recall) == pytest.approx((1.0, 1 / 3))


def test_b_cubed_is_a_mean_over_items_not_over_groups() -> None:
    score = scores.b_cubed(["a", "a", "a", "b"], ["x", "x", "y", "y"])
    assert score.precision == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 1) / 4)
    assert score.recall == pytest.approx((1 + 1 + 1 / 2 + 1 / 2) / 4)


def test_names_of_groups_do_not_matter_to_b_cubed() -> None:
    assert scores.b_cubed([7, 7, 8], ["x", "x", "y"]) == scores.Score(1.0, 1.0)


def test_f1_is_the_harmonic_mean() -> None:
    assert scores.Score(0.5, 1.0).f1 == pytest.approx(2 / 3)


def test_one_merged_look_alike_of_four_leaves_three_quarters_apart() -> None:
    assert scores.kept_apart([1, 2, 3, 3]) == 0.75


def test_a_draw_has_every_event_once_or_up_to_ten_times_and_is_the_same_for_a_seed() -> None:
    articles = [{"event": f"event {n % 6}", "id": n} for n in range(120)]
    day = draw(articles, 3)
    sizes = sorted(sum(a["event"] == e for a in day) for e in {a["event"] for a in articles})
    assert sizes[:3] == [1, 1, 1]
    assert all(2 <= size <= 10 for size in sizes[3:])
    assert len({a["id"] for a in day}) == len(day)
    assert day == draw(articles, 3)
    assert day != draw(articles, 4)
