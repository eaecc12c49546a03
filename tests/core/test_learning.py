"""Learning from judgements: invented vectors of eight dimensions, of which one tells what the prompts do not."""

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

import numpy as np
import pytest

from pipelines.core.learning import Judged, Learned, NotLearned, learn, learned_from

AT = datetime(2026, 11, 24, 6, 0, tzinfo=UTC)
BASIS = "embedder-1+prompts-1"


def judgements(count: int, *, leaning: float = 0.3, told_by: int = 0, seed: int = 7) -> list[Judged]:
    """Every other is relevant; number `told_by` of the vector says so; the prompts lean that way for two in three."""
    chance = np.random.default_rng(seed)
    found = []
    for i in range(count):
        is_relevant = i % 2 == 0
        vector = chance.normal(0, 0.3, 8).astype(np.float32)
        vector[told_by] = 1.0 if is_relevant else -1.0
        lean = leaning if (i % 3 != 0) == is_relevant else -leaning
        found.append(
            Judged(
                article_id=i,
                language=("en", "fr", "de", "pl")[i % 4 // 2 + i % 3 % 2 * 2],
                vector=vector / np.linalg.norm(vector),
                leaning=lean,
                query_score=0.0,
                is_relevant=is_relevant,
            )
        )
    return found


def taught(judged: Sequence[Judged]) -> Learned:
    found = learn(judged, basis=BASIS, trained_at=AT)
    assert isinstance(found, Learned), found
    return found


def refused(judged: Sequence[Judged]) -> str:
    found = learn(judged, basis=BASIS, trained_at=AT)
    assert isinstance(found, NotLearned)
    return found.reason


def test_what_the_prompts_miss_is_learned() -> None:
    learned = taught(judgements(60))
    assert learned.held_out_f1 > 0.95 > learned.prompts_f1
    unseen = judgements(40, seed=8)
    vectors = np.stack([j.vector for j in unseen])
    odds = learned.log_odds(vectors, [j.leaning for j in unseen], [0.0] * len(unseen))
    assert [bool(o > 0) for o in odds] == [j.is_relevant for j in unseen]


def test_it_begins_at_fifty() -> None:
    assert refused(judgements(49)) == "49 judgements; learning begins at 50"
    assert taught(judgements(50)).relevant == 25


def test_judgements_of_one_kind_teach_nothing() -> None:
    one_sided = [replace(j, is_relevant=True) for j in judgements(60)]
    assert refused(one_sided) == "60 judged relevant and 0 not; both are needed, at least 5 each"


def test_what_is_worse_than_the_prompts_alone_is_refused() -> None:
    chance = np.random.default_rng(3)
    noisy = [
        replace(j, leaning=0.01 if j.is_relevant else -0.01, vector=chance.normal(size=8).astype(np.float32))
        for j in judgements(60)
    ]
    assert "is worse" in refused(noisy)
    assert "prompts alone (1.00)" in refused(noisy)


def test_the_check_holds_whole_languages_out() -> None:
    # In each language another number tells: what is learned elsewhere says nothing there, and by turns it would.
    apart = [
        replace(j, article_id=100 * k + i, language=language)
        for k, language in enumerate(("en", "fr", "de"))
        for i, j in enumerate(judgements(30, told_by=k, seed=k))
    ]
    found = learn(apart, basis=BASIS, trained_at=AT)
    assert isinstance(found, NotLearned) or found.held_out_f1 < 0.85
    assert taught([replace(j, language="en") for j in apart]).held_out_f1 > 0.95


def test_one_language_is_checked_by_turns() -> None:
    assert taught([replace(j, language="en") for j in judgements(60)]).held_out_f1 > 0.95


def test_order_does_not_matter() -> None:
    judged = judgements(60)
    assert taught(judged) == taught(judged[::-1])


def test_it_is_kept_as_json() -> None:
    learned = taught(judgements(60))
    assert learned_from(json.dumps(learned.kept())) == learned
    assert learned.version == learned_from(json.dumps(learned.kept())).version


def test_the_version_changes_with_what_was_learned() -> None:
    assert taught(judgements(60)).version != taught(judgements(60, seed=9)).version


def test_the_query_s_score_is_a_feature() -> None:
    chance = np.random.default_rng(5)
    judged = [
        replace(j, vector=chance.normal(0, 0.1, 8).astype(np.float32), query_score=0.9 if j.is_relevant else 0.1)
        for j in judgements(80)
    ]
    learned = taught(judged)
    none = np.zeros((2, 8), dtype=np.float32)
    low, high = learned.log_odds(none, [0.0, 0.0], [0.1, 0.9])
    assert low < 0 < high


@pytest.mark.parametrize("leaning", [0.0, 500.0, 1e6])
def test_certain_prompts_break_no_number(leaning: float) -> None:
    learned = learn(judgements(60, leaning=leaning), basis=BASIS, trained_at=AT)
    assert isinstance(learned, NotLearned) or np.isfinite(learned.weights).all()
