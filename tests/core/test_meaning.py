"""Meaning, with vectors of two dimensions that a reader can follow: the first points to the topics, the second away."""

from dataclasses import replace

import numpy as np
import pytest

from pipelines.core.meaning import (
    LEAD_CHARS,
    NEAREST,
    Compass,
    Doubt,
    Meaning,
    Prompts,
    Vectors,
    asked_text,
    centred,
    compass_of,
    leanings,
    meanings,
)
from pipelines.core.neutral_news import NEUTRAL_NEWS
from tests.meanings import shipped_prompts

PROMPTS = Prompts(
    language="en",
    on=(("summit", "Ministers meet."), ("regulation", "A law is debated."), ("regulation", "Rules are voted on.")),
    counter=("It rains.",),
    undecided=(frozenset({"child"}), frozenset({"imagery", "online"})),
)
NOWHERE = np.zeros(2, dtype=np.float32)


def rows(*vectors: tuple[float, float]) -> Vectors:
    found = np.array(vectors, dtype=np.float32)
    return np.asarray(found / np.linalg.norm(found, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture
def compass() -> Compass:
    return compass_of(PROMPTS, rows((1, 0.1), (1, 0.3), (1, 0.2), (0, 1)), NOWHERE)


def verdict(compass: Compass, vector: tuple[float, float], doubt: Doubt = Doubt.WORDS) -> Meaning:
    placed = rows(vector)
    (found,) = meanings(compass, placed, leanings(compass, placed, [0.0]).tolist(), [PROMPTS.least(doubt)])
    return found


def test_a_text_near_the_prompts_is_relevant_and_one_near_the_counter_prompts_is_not(compass: Compass) -> None:
    assert verdict(compass, (1, 0)).is_relevant
    assert not verdict(compass, (0, 1)).is_relevant


def test_the_evidence_is_the_topic_and_its_sentence_that_are_closest(compass: Compass) -> None:
    found = verdict(compass, (1, 0.31))
    assert (found.topic, found.best_prompt) == ("regulation", "A law is debated.")


def test_the_score_falls_as_a_text_turns_away(compass: Compass) -> None:
    scores = [verdict(compass, (1, turned)).score for turned in (0.9, 1.0, 1.1, 1.2, 1.3)]
    assert scores == sorted(scores, reverse=True)
    assert scores[0] > scores[-1]


def test_a_text_that_came_near_a_query_leans_further(compass: Compass) -> None:
    placed = rows((1, 1), (1, 1), (1, 1))
    leaning = leanings(compass, placed, [0.0, 0.4, 0.9]).tolist()
    assert leaning == sorted(leaning)
    assert leaning[0] < leaning[2]


def test_where_no_word_vouches_for_a_text_it_must_lean_further(compass: Compass) -> None:
    placed = rows((1, 1))
    worded, wordless = meanings(compass, rows((1, 1), (1, 1)), [0.6, 0.6], list(map(PROMPTS.least, Doubt)))
    assert (worded.is_relevant, wordless.is_relevant) == (True, False)
    assert worded.score == wordless.score
    assert meanings(compass, placed, [2.0], [PROMPTS.least(Doubt.NO_TERMS)])[0].is_relevant


def test_without_counter_prompts_there_is_still_a_verdict() -> None:
    alone = Prompts(language="en", on=PROMPTS.on, counter=())
    assert verdict(compass_of(alone, rows((1, 0.1), (1, 0.3), (1, 0.2)), NOWHERE), (1, 0)).is_relevant


def test_more_prompts_far_away_change_nothing() -> None:
    near = [("a", f"near {i}") for i in range(NEAREST)]
    few = Prompts(language="en", on=tuple(near), counter=("It rains.",))
    many = Prompts(language="en", on=(*near, ("b", "far")), counter=("It rains.",))
    placed, by = rows((1, 0.2)), [(1.0, 0.0)] * NEAREST
    less = leanings(compass_of(few, rows(*by, (0, 1)), NOWHERE), placed, [0.0])
    assert np.allclose(leanings(compass_of(many, rows(*by, (-1, 0), (0, 1)), NOWHERE), placed, [0.0]), less)


def test_centring_brings_two_languages_together() -> None:
    said = rows((1, 0), (1, 0.2))
    other = np.array([0.0, 2.0], dtype=np.float32)  # what a language adds to whatever is said
    moved = np.asarray(said + 0.25 * other, dtype=np.float32)
    far = np.abs(said - rows(*[tuple(row) for row in moved.tolist()])).sum()
    near = np.abs(centred(said, NOWHERE) - centred(moved, other)).sum()
    assert near < far
    assert np.allclose(np.linalg.norm(centred(moved, other), axis=1), 1)


def test_a_vector_that_is_nothing_but_its_language_is_no_number_out_of_range() -> None:
    mean = np.array([2.0, 0.0], dtype=np.float32)
    assert np.isfinite(centred(np.array([[1.0, 0.0]], dtype=np.float32), mean)).all()


@pytest.mark.parametrize(
    ("groups", "expected"),
    [({"child"}, True), ({"imagery", "online", "law"}, True), ({"imagery"}, False), (set(), False)],
)
def test_one_group_alone_or_all_of_a_set_are_worth_asking(groups: set[str], expected: object) -> None:
    assert PROMPTS.is_undecided(groups) is expected
    assert PROMPTS.is_undecided(groups | {"elsewhere"}) is expected


def test_title_and_lead_are_asked_about_and_end_with_a_word() -> None:
    asked = asked_text("A title", "word " * 500)
    assert asked.startswith("A title. word word")
    assert asked.endswith("word")
    assert len(asked) <= LEAD_CHARS + len("A title. ")
    assert asked_text(None, " lead ") == "lead"


def test_the_version_changes_with_every_sentence_group_and_threshold() -> None:
    others = (
        replace(PROMPTS, threshold=0.6),
        replace(PROMPTS, threshold_without_words=0.9),
        Prompts(language="en", on=PROMPTS.on, counter=("It snows.",), undecided=PROMPTS.undecided),
        Prompts(language="en", on=PROMPTS.on[1:], counter=PROMPTS.counter, undecided=PROMPTS.undecided),
        Prompts(language="en", on=PROMPTS.on, counter=PROMPTS.counter, undecided=PROMPTS.undecided[:1]),
        Prompts(language="fr", on=PROMPTS.on, counter=PROMPTS.counter, undecided=PROMPTS.undecided),
    )
    assert len({PROMPTS.version, *(other.version for other in others)}) == 7


def test_everyday_news_is_the_same_eight_sentences_in_each_language() -> None:
    assert {len(sentences) for sentences in NEUTRAL_NEWS.values()} == {8}
    assert len({sentence for sentences in NEUTRAL_NEWS.values() for sentence in sentences}) > 7 * len(NEUTRAL_NEWS)


def test_every_prompt_is_written_once() -> None:
    sentences = shipped_prompts().sentences
    assert len(set(sentences)) == len(sentences) > 100
