"""Stories: one event, one story, with ids that stay."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.likeness import similarities
from pipelines.core.nouns import ClusterItem, StoryLink
from pipelines.core.stories import CUT, MAYBE_CUT, Clustered, Standing, cluster
from tests.builders import make_item, prose

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


def partition(found: Clustered) -> set[frozenset[int]]:
    stories: dict[int, set[int]] = {}
    for link in found.links:
        stories.setdefault(link.story_id, set()).add(link.article_id)
    return {frozenset(s) for s in stories.values()}


EXPECTED = {frozenset({100, 101, 102}), frozenset({110, 111, 112}), frozenset({120, 121, 122})}


def test_articles_about_one_event_are_one_story() -> None:
    assert partition(cluster(world())) == EXPECTED


@given(st.permutations(world()))
def test_stories_do_not_depend_on_the_order_of_articles(items: list[ClusterItem]) -> None:
    assert sorted(cluster(items).links, key=lambda x: x.article_id) == sorted(
        cluster(world()).links, key=lambda x: x.article_id
    )


def test_a_story_has_the_id_of_the_article_that_opened_it() -> None:
    links = cluster(world()).links
    openers = {x.story_id for x in links if x.reason == "opened"}
    assert openers == {100, 110, 120}
    assert all(x.similarity == 1.0 for x in links if x.reason == "opened")
    assert all(0.16 <= x.similarity < 1.0 for x in links if x.reason == "similar")
    assert {x.reason for x in links} == {"opened", "similar"}


@given(st.integers(1, 8), st.permutations(world()))
def test_ids_stay_when_articles_arrive_in_two_batches(cut: int, items: list[ClusterItem]) -> None:
    first = {x.article_id: x.story_id for x in cluster(items[:cut]).links}
    second = cluster(items, Standing(placed=first)).links
    assert {x.article_id for x in second} == {i.article_id for i in items} - set(first)
    whole = {**first, **{x.article_id: x.story_id for x in second}}
    stories = {frozenset(a for a, s in whole.items() if s == story) for story in whole.values()}
    assert stories == EXPECTED


def test_a_placed_article_is_never_placed_again() -> None:
    placed = {i.article_id: 7 for i in world()}
    assert cluster(world(), Standing(placed=placed)) == Clustered()
    assert cluster([]) == Clustered()


def test_two_stories_of_earlier_runs_are_never_joined() -> None:
    placed = {100: 100, 101: 101}
    links = cluster(world()[:3], Standing(placed=placed)).links
    assert [x.article_id for x in links] == [102]
    assert links[0].story_id in {100, 101}


def test_a_story_does_not_grow_over_weeks() -> None:
    late = make_item(200, EVENTS[0][1], title=EVENTS[0][0], published_at=None, published_day=date(2026, 12, 24))
    assert partition(cluster([reported(100, 0, 0), late])) == {frozenset({100}), frozenset({200})}


def test_an_article_alone_is_a_story_of_its_own() -> None:
    assert cluster([reported(100, 0, 0)]).links == (
        StoryLink(article_id=100, story_id=100, similarity=1.0, reason="opened"),
    )


def test_articles_without_a_word_are_stories_of_their_own() -> None:
    items = [make_item(n, "", title="") for n in (1, 2)]
    assert partition(cluster(items)) == {frozenset({1}), frozenset({2})}


def test_similarity_is_symmetric_and_between_nothing_and_one() -> None:
    found = similarities(world())
    assert np.allclose(found, found.T)
    assert np.allclose(np.diag(found), 1.0)
    assert found.min() >= 0.0
    assert found.max() <= 1.0 + 1e-9


def at(item: ClusterItem, day: date) -> ClusterItem:
    return replace(item, published_at=None, published_day=day)


DAY = date(2026, 11, 24)


@given(st.permutations(world()), st.integers(1, 8), st.integers(1, 8))
def test_a_days_stories_do_not_depend_on_its_batches(items: list[ClusterItem], one: int, two: int) -> None:
    provisional: dict[int, int] = {}
    for end in sorted({one, two, 9}):
        links = cluster(items[:end], Standing(provisional=provisional)).links
        provisional = {x.article_id: x.story_id for x in links}
    groups = {frozenset(a for a, s in provisional.items() if s == story) for story in provisional.values()}
    assert groups == EXPECTED
    assert all(provisional[s] == s for s in set(provisional.values()))


def test_a_story_decided_again_keeps_its_id_though_an_earlier_report_comes_in() -> None:
    late, early = reported(102, 0, 2), reported(100, 0, 0)
    assert {x.story_id for x in cluster([late, early], Standing(provisional={102: 102})).links} == {102}
    assert {x.story_id for x in cluster([late, early]).links} == {100}


def test_a_story_that_goes_on_after_a_week_is_another_of_its_line() -> None:
    known = [at(reported(100 + n, 0, n), DAY + timedelta(days=n)) for n in range(4)]
    standing = Standing(placed={i.article_id: 100 for i in known}, since={100: DAY - timedelta(days=3)})
    new = at(reported(110, 0, 1), DAY + timedelta(days=4))
    found = cluster([*known, new], standing)
    assert [x.story_id for x in found.links] == [110]
    (tie,) = found.ties
    assert (tie.story_id, tie.other_id, tie.method, tie.is_one_line) == (110, 100, "words", True)
    assert tie.similarity >= CUT
    assert "ana novak" in tie.reason


def test_a_pause_ends_a_story() -> None:
    old, new = at(reported(100, 0, 0), DAY), at(reported(101, 0, 1), DAY + timedelta(days=4))
    found = cluster([old, new], Standing(placed={100: 100}))
    assert [x.story_id for x in found.links] == [101]
    assert [t.is_one_line for t in found.ties] == [True]
    near = at(reported(101, 0, 1), DAY + timedelta(days=3))
    assert [x.story_id for x in cluster([old, near], Standing(placed={100: 100})).links] == [100]


def test_what_is_not_quite_alike_and_shares_a_name_is_possibly_related() -> None:
    other = make_item(
        300,
        "The harbour museum of Aldmouth opened its doors. "
        "Minister Ana Novak cut the ribbon and a band played in 3 halls.",
        title="Harbour museum opens",
        published_at=datetime(2026, 11, 24, 10, tzinfo=UTC),
    )
    found = cluster([*world(), other])
    assert partition(found) == {*EXPECTED, frozenset({300})}
    (tie,) = found.ties
    assert (tie.story_id, tie.other_id, tie.is_one_line) == (300, 100, False)
    assert tie.reason == "minister ana novak, aldmouth"
    assert MAYBE_CUT <= tie.similarity < CUT


@given(st.permutations(world()), st.integers(0, 8))
def test_no_two_articles_of_different_fixed_stories_are_ever_joined(items: list[ClusterItem], cut: int) -> None:
    placed = {i.article_id: i.article_id for i in items[:cut]}
    links = cluster(items, Standing(placed=placed)).links
    assert {x.article_id for x in links} == {i.article_id for i in items[cut:]}
    for item in items[:cut]:
        assert item.article_id not in {x.article_id for x in links}


def test_average_link_is_that_of_the_definition() -> None:
    items = [make_item(n, prose(n % 7, 5), title=f"Sitting {n % 7}") for n in range(30)]
    found = similarities(items)
    groups = [[n] for n in range(30)]
    while True:
        pairs = [(float(found[np.ix_(a, b)].mean()), a, b) for a in groups for b in groups if a[0] < b[0]]
        best, one, other = max(pairs, key=lambda p: p[0], default=(0.0, [], []))
        if best < CUT:
            break
        groups = [g for g in groups if g not in (one, other)] + [sorted(one + other)]
    expected = {frozenset(items[n].article_id for n in g) for g in groups}
    assert partition(cluster(items)) == expected


@pytest.mark.parametrize(
    ("language", "one", "other", "apart"),
    [
        ("ja", "沿岸諸国はオールドマスで新しい誓約に署名した。報告義務は二十四時間以内とされた。",
         "オールドマスの会議で沿岸諸国が誓約に署名し、二十四時間以内の報告義務を定めた。",
         "ホットラインは年次報告で件数の増加を示し、予算の延長を求めた。"),
        ("el", "Οι παράκτιες χώρες υπέγραψαν τη δέσμευση στο Αλντμάουθ για τις αναφορές των πλατφορμών.",
         "Στο Αλντμάουθ υπέγραψαν τη δέσμευση οι παράκτιες χώρες, με αναφορές των πλατφορμών.",
         "Η γραμμή καταγγελιών δημοσίευσε την ετήσια έκθεση και ζήτησε μεγαλύτερο προϋπολογισμό."),
    ],
)  # fmt: skip
def test_scripts_without_capitals_or_spaces_have_stories_too(language: str, one: str, other: str, apart: str) -> None:
    items = [make_item(n, t, title="", language=language) for n, t in enumerate((one, other, apart), 1)]
    assert partition(cluster(items)) == {frozenset({1, 2}), frozenset({3})}
