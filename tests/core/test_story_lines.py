"""One event in two languages is one line; what is only near is possibly related, and apart."""

from datetime import date, timedelta

import numpy as np
import pytest

from pipelines.core.nouns import StoryTie
from pipelines.core.story_lines import LineJudge, StorySketch, Vectors, centred, lines_of


def sketch(story_id: int, language: str, **over: object) -> StorySketch:
    sound: dict[str, object] = {
        "story_id": story_id,
        "language": language,
        "day": date(2026, 11, 24),
        "bodies": frozenset({"EU Centre"}),
        "names": frozenset({"ana novak", "aldmouth"}),
        "numbers": frozenset({"41"}),
        "topics": frozenset({"summit"}),
    }
    return StorySketch(**{**sound, **over})  # type: ignore[arg-type]


NOISE = sketch(9, "es", names=frozenset({"x y", "z"}), numbers=frozenset({"7"}))


def tie(one: StorySketch, other: StorySketch, centroids: dict[int, Vectors] | None = None) -> StoryTie | None:
    return LineJudge([one, other, NOISE], centroids).judge(one, other)


def similarity(one: StorySketch, other: StorySketch) -> float:
    return LineJudge([one, other, NOISE]).similarity(one, other)


def test_stories_of_two_languages_with_the_same_figures_and_names_are_one_line() -> None:
    found = tie(sketch(1, "en"), sketch(2, "fr"))
    assert found is not None
    assert (found.similarity, found.method, found.is_one_line) == (1.0, "names", True)
    assert set(found.reason.split(", ")) == {"41", "aldmouth", "ana novak"}


def test_a_line_is_judged_the_same_from_both_ends() -> None:
    one, other = sketch(1, "en", numbers=frozenset({"41", "9"})), sketch(2, "fr", names=frozenset({"aldmouth"}))
    assert similarity(one, other) == similarity(other, one)
    assert 0 < similarity(one, other) < 1


@pytest.mark.parametrize(
    "other",
    [
        sketch(2, "en"),
        sketch(2, "fr", day=date(2026, 11, 24) + timedelta(days=3)),
        sketch(2, "fr", day=None),
        sketch(2, "fr", names=frozenset(), numbers=frozenset()),
    ],
    ids=["same language", "another day", "no day", "no name and no number"],
)
def test_no_tie_without_another_language_a_near_day_and_something_shared(other: StorySketch) -> None:
    assert tie(sketch(1, "en"), other) is None


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (sketch(1, "en"), sketch(2, "fr", topics=frozenset({"industry"}))),
        (sketch(1, "en", numbers=frozenset(), names=frozenset({"aldmouth"})),
         sketch(2, "fr", numbers=frozenset(), names=frozenset({"aldmouth"}))),
    ],
    ids=["no common topic", "one name alone"],
)  # fmt: skip
def test_what_is_alike_and_lacks_a_common_topic_or_a_second_name_is_possibly_related(
    one: StorySketch, other: StorySketch
) -> None:
    found = tie(one, other)
    assert found is not None
    assert not found.is_one_line


def unit(*numbers: float) -> Vectors:
    vector = np.array(numbers, np.float32)
    return vector / np.float32(np.linalg.norm(vector))


def test_with_vectors_meaning_and_a_shared_name_make_a_line() -> None:
    one, other = (
        sketch(1, "en", numbers=frozenset()),
        sketch(2, "fr", names=frozenset({"aldmouth"}), topics=frozenset()),
    )
    found = tie(one, other, {1: unit(1, 0.5), 2: unit(1, 0.4)})
    assert found is not None
    assert (found.method, found.is_one_line, found.reason) == ("meaning", True, "aldmouth")
    assert found.similarity > 0.9


def test_with_vectors_nothing_shared_is_possibly_related_whatever_the_meaning() -> None:
    other = sketch(2, "fr", names=frozenset(), numbers=frozenset())
    found = tie(sketch(1, "en"), other, {1: unit(1, 0.5), 2: unit(1, 0.5)})
    assert found is None or not found.is_one_line
    judge = LineJudge([sketch(1, "en"), other], {1: unit(1, 0.5), 2: unit(1, 0.5)})
    assert [t.reason for t in judge.ties(1, frozenset({2}))] == ["meaning"]


def test_with_vectors_shared_names_are_not_enough_where_the_meaning_is_another() -> None:
    assert tie(sketch(1, "en"), sketch(2, "fr"), {1: unit(1, 0), 2: unit(0, 1)}) is None


def test_a_story_without_a_vector_is_judged_by_what_it_shows() -> None:
    found = tie(sketch(1, "en"), sketch(2, "fr"), {1: unit(1, 0)})
    assert found is not None
    assert found.method == "names"


def test_centring_takes_away_what_all_stories_of_a_language_share() -> None:
    accent = {"en": unit(5, 0, 0, 0), "fr": unit(0, 5, 0, 0)}
    topics = [unit(0, 0, 1, 0), unit(0, 0, 0, 1), unit(0, 0, -1, -1)]
    vectors = {n: (3 * accent["en"] + t)[None, :] for n, t in enumerate(topics)}
    vectors |= {n + 10: (3 * accent["fr"] + t)[None, :] for n, t in enumerate(topics)}
    languages: dict[int, str | None] = {n: "en" if n < 10 else "fr" for n in vectors}
    found = centred(vectors, languages)
    assert all(float(found[n] @ found[n + 10]) > 0.99 for n in range(3))
    assert all(float(found[n] @ found[m + 10]) < 0.5 for n in range(3) for m in range(3) if n != m)


def test_a_language_of_two_stories_has_no_mean_of_its_own() -> None:
    assert centred({1: unit(1, 0)[None, :], 2: unit(0, 1)[None, :]}, {1: "en", 2: "en"}) == {}


def test_lines_grow_in_the_order_of_stories_and_name_the_story_they_are_tied_by() -> None:
    sketches = [sketch(1, "en"), sketch(2, "fr"), sketch(3, "de"), NOISE]
    found = list(lines_of(LineJudge(sketches), [1, 2, 9, 3], {}, []))
    assert [(s, line) for s, line, _, _ in found] == [(1, 1), (2, 1), (9, 9), (3, 1)]
    assert [into.other_id if into else None for _, _, into, _ in found] == [None, 1, None, 1]


def test_a_story_that_goes_on_with_an_earlier_one_is_of_its_line() -> None:
    goes_on = StoryTie(story_id=2, other_id=1, similarity=0.3, reason="41", method="words", is_one_line=True)
    maybe = StoryTie(story_id=2, other_id=7, similarity=0.13, reason="41", method="words", is_one_line=False)
    judge = LineJudge([sketch(1, "en"), sketch(2, "en")])
    assert list(lines_of(judge, [2], {1: 5, 7: 7}, [goes_on, maybe])) == [(2, 5, goes_on, [maybe])]


def test_what_is_of_one_line_already_is_not_told_as_possibly_related() -> None:
    goes_on = StoryTie(story_id=2, other_id=1, similarity=0.3, reason="41", method="words", is_one_line=True)
    maybe = StoryTie(story_id=2, other_id=7, similarity=0.13, reason="41", method="words", is_one_line=False)
    judge = LineJudge([sketch(1, "en"), sketch(2, "en")])
    assert list(lines_of(judge, [2], {1: 5, 7: 5}, [goes_on, maybe])) == [(2, 5, goes_on, [])]


def test_the_same_event_in_another_language_comes_before_what_goes_on_from_days_ago() -> None:
    goes_on = StoryTie(story_id=2, other_id=7, similarity=0.3, reason="41", method="words", is_one_line=True)
    judge = LineJudge([sketch(1, "en"), sketch(2, "fr"), NOISE])
    ((story_id, line_id, into, maybe),) = lines_of(judge, [2], {1: 1, 7: 7}, [goes_on])
    assert (story_id, line_id, into.other_id if into else None) == (2, 1, 1)
    assert [(t.other_id, t.is_one_line) for t in maybe] == [(7, False)]
