"""Stories: one event, one story, with ids that stay."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.nouns import ClusterItem, StoryLink
from pipelines.core.stories import LineJudge, StorySketch, cluster, similarities
from tests.builders import make_item

EVENTS = (
    (
        "Aldmouth summit ends with a pledge",
        (
            "The summit in Aldmouth ended with a pledge signed by 41 states. "
            "Minister Ana Novak said the pledge binds platforms to report within 24 hours."
        ),
    ),
    (
        "Regulator fines Zephyr Networks",
        (
            "The regulator in Fernwick fined Zephyr Networks 900,000 euros. "
            "Zephyr Networks had filed its transparency report 70 days late, said inspector Piet Maas."
        ),
    ),
    (
        "Hotline report counts more notices",
        (
            "The hotline of Greyhaven counted 128,400 notices in its annual report. "
            "Director Rosa Lind asked for a longer budget and 15 analysts."
        ),
    ),
)


def reported(article_id: int, event: int, version: int) -> ClusterItem:
    title, text = EVENTS[event]
    return make_item(
        article_id,
        f"{text} {'Reaction followed in the evening. ' * version}",
        title=title,
        published_at=datetime(2026, 11, 24, 8, version, tzinfo=UTC),
    )


def world() -> list[ClusterItem]:
    return [reported(100 + 10 * event + version, event, version) for event in range(3) for version in range(3)]


def partition(links: list[StoryLink]) -> set[frozenset[int]]:
    stories: dict[int, set[int]] = {}
    for link in links:
        stories.setdefault(link.story_id, set()).add(link.article_id)
    return {frozenset(s) for s in stories.values()}


EXPECTED = {frozenset({100, 101, 102}), frozenset({110, 111, 112}), frozenset({120, 121, 122})}


def test_articles_about_one_event_are_one_story() -> None:
    assert partition(cluster(world(), {})) == EXPECTED


@given(st.permutations(world()))
def test_stories_do_not_depend_on_the_order_of_articles(items: list[ClusterItem]) -> None:
    assert sorted(cluster(items, {}), key=lambda x: x.article_id) == sorted(
        cluster(world(), {}), key=lambda x: x.article_id
    )


def test_a_story_has_the_id_of_the_article_that_opened_it() -> None:
    links = cluster(world(), {})
    openers = {x.story_id for x in links if x.reason == "opened"}
    assert openers == {100, 110, 120}
    assert all(x.similarity == 1.0 for x in links if x.reason == "opened")
    assert all(0.16 <= x.similarity < 1.0 for x in links if x.reason == "similar")
    assert {x.reason for x in links} == {"opened", "similar"}


@given(st.integers(1, 8), st.permutations(world()))
def test_ids_stay_when_articles_arrive_in_two_batches(cut: int, items: list[ClusterItem]) -> None:
    first = {x.article_id: x.story_id for x in cluster(items[:cut], {})}
    second = cluster(items, first)
    assert {x.article_id for x in second} == {i.article_id for i in items} - set(first)
    whole = {**first, **{x.article_id: x.story_id for x in second}}
    stories = {frozenset(a for a, s in whole.items() if s == story) for story in whole.values()}
    assert stories == EXPECTED


def test_a_placed_article_is_never_placed_again() -> None:
    placed = {i.article_id: 7 for i in world()}
    assert cluster(world(), placed) == []
    assert cluster([], {}) == []


def test_two_stories_of_earlier_runs_are_never_joined() -> None:
    placed = {100: 100, 101: 101}
    links = cluster(world()[:3], placed)
    assert [x.article_id for x in links] == [102]
    assert links[0].story_id in {100, 101}


def test_a_story_does_not_grow_over_weeks() -> None:
    late = make_item(200, EVENTS[0][1], title=EVENTS[0][0], published_at=None, published_day=date(2026, 12, 24))
    assert partition(cluster([reported(100, 0, 0), late], {})) == {frozenset({100}), frozenset({200})}


def test_an_article_alone_is_a_story_of_its_own() -> None:
    assert cluster([reported(100, 0, 0)], {}) == [
        StoryLink(article_id=100, story_id=100, similarity=1.0, reason="opened")
    ]


def test_articles_without_a_word_are_stories_of_their_own() -> None:
    items = [make_item(n, "", title="") for n in (1, 2)]
    assert partition(cluster(items, {})) == {frozenset({1}), frozenset({2})}


def test_similarity_is_symmetric_and_between_nothing_and_one() -> None:
    found = similarities(world())
    assert np.allclose(found, found.T)
    assert np.allclose(np.diag(found), 1.0)
    assert found.min() >= 0.0
    assert found.max() <= 1.0 + 1e-9


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


def judged(one: StorySketch, other: StorySketch) -> float:
    noise = sketch(9, "es", names=frozenset({"x y", "z"}), numbers=frozenset({"7"}))
    return LineJudge([one, other, noise]).similarity(one, other)[0]


def test_stories_of_two_languages_with_the_same_figures_and_names_are_one_line() -> None:
    score, told = LineJudge([sketch(1, "en"), sketch(2, "fr")]).similarity(sketch(1, "en"), sketch(2, "fr"))
    assert score == 1.0
    assert set(told.split(", ")) == {"41", "aldmouth", "ana novak"}


def test_a_line_is_judged_the_same_from_both_ends() -> None:
    one, other = sketch(1, "en", numbers=frozenset({"41", "9"})), sketch(2, "fr", names=frozenset({"aldmouth"}))
    assert judged(one, other) == judged(other, one)
    assert 0 < judged(one, other) < 1


def test_no_line_without_another_language_a_near_day_and_a_common_topic() -> None:
    one = sketch(1, "en")
    assert judged(one, sketch(2, "en")) == 0
    assert judged(one, sketch(2, "fr", day=date(2026, 11, 24) + timedelta(days=3))) == 0
    assert judged(one, sketch(2, "fr", day=None)) == 0
    assert judged(one, sketch(2, "fr", topics=frozenset({"industry"}))) == 0


def test_no_line_without_a_shared_number_or_two_shared_names() -> None:
    one = sketch(1, "en", numbers=frozenset())
    assert judged(one, sketch(2, "fr", names=frozenset({"aldmouth"}))) == 0
    assert judged(one, sketch(2, "fr", numbers=frozenset({"5"}))) > 0
