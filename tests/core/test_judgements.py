"""A person's decisions win over the rules, the later over the earlier, and leave no trace once undone."""

from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.judgements import Judgement, Verdict, judged, standing, touched

ARTICLES = st.integers(1, 9)


@st.composite
def rules(draw: st.DrawFn) -> dict[int, int]:
    """Places as the rules have them: each story is called after one of its articles."""
    places: dict[int, int] = {}
    for article_id in range(1, 10):
        openers = [a for a, s in places.items() if a == s]
        places[article_id] = draw(st.sampled_from([article_id, *openers]))
    return places


PAIRS = st.tuples(st.sampled_from(Verdict), ARTICLES, ARTICLES).filter(lambda p: p[1] != p[2])
DECIDED = st.lists(PAIRS, max_size=8).map(
    lambda pairs: [Judgement(number=n, verdict=v, one=a, other=b) for n, (v, a, b) in enumerate(pairs)]
)


def join(number: int, one: int, other: int) -> Judgement:
    return Judgement(number=number, verdict=Verdict.JOIN, one=one, other=other)


def split(number: int, one: int, other: int) -> Judgement:
    return Judgement(number=number, verdict=Verdict.SPLIT, one=one, other=other)


def groups(places: dict[int, int]) -> set[frozenset[int]]:
    return {frozenset(a for a, s in places.items() if s == story) for story in places.values()}


@given(rules(), DECIDED)
def test_every_judgement_that_stands_is_obeyed(places: dict[int, int], decided: list[Judgement]) -> None:
    found = judged(places, decided)
    for judgement in standing(decided):
        assert (found[judgement.one] == found[judgement.other]) is (judgement.verdict is Verdict.JOIN)


@given(rules(), DECIDED.filter(bool))
def test_the_latest_judgement_always_stands(places: dict[int, int], decided: list[Judgement]) -> None:
    latest = max(decided, key=lambda j: j.number)
    assert latest in standing(decided)
    found = judged(places, decided)
    assert (found[latest.one] == found[latest.other]) is (latest.verdict is Verdict.JOIN)


@given(rules())
def test_without_judgements_the_rules_decide(places: dict[int, int]) -> None:
    assert judged(places, []) == places


@given(rules(), DECIDED, PAIRS)
def test_a_judgement_undone_leaves_what_would_be_without_it(
    places: dict[int, int], decided: list[Judgement], more: tuple[Verdict, int, int]
) -> None:
    undone = Judgement(number=99, verdict=more[0], one=more[1], other=more[2])
    judged(places, [*decided, undone])
    assert judged(places, decided) == judged(dict(places), list(decided))
    assert judged(places, []) == places


@given(rules(), DECIDED, st.randoms(use_true_random=False))
def test_the_order_in_which_judgements_are_read_does_not_matter(
    places: dict[int, int], decided: list[Judgement], chance: object
) -> None:
    turned = list(decided)
    chance.shuffle(turned)  # type: ignore[attr-defined]
    assert judged(places, turned) == judged(places, decided)


@given(rules(), DECIDED)
def test_stories_that_no_judgement_touches_stay(places: dict[int, int], decided: list[Judgement]) -> None:
    named = {places[a] for a in touched(decided)}
    found = judged(places, decided)
    assert {a: s for a, s in found.items() if places[a] not in named} == {
        a: s for a, s in places.items() if s not in named
    }


@given(rules(), DECIDED)
def test_every_story_is_called_after_one_of_its_articles_and_none_after_anothers(
    places: dict[int, int], decided: list[Judgement]
) -> None:
    found = judged(places, decided)
    assert set(found) == set(places)
    assert all(found[story] == story for story in set(found.values()))


@given(rules(), DECIDED)
def test_judging_what_was_judged_changes_no_story(places: dict[int, int], decided: list[Judgement]) -> None:
    once = judged(places, decided)
    assert groups(judged(once, decided)) == groups(once)


def test_two_stories_joined_are_one_with_the_name_of_the_first() -> None:
    assert judged({1: 1, 2: 1, 3: 3, 4: 3}, [join(1, 2, 4)]) == {1: 1, 2: 1, 3: 1, 4: 1}


def test_an_article_split_off_leaves_alone_and_the_story_keeps_its_name() -> None:
    assert judged({1: 1, 2: 1, 3: 1}, [split(1, 1, 3)]) == {1: 1, 2: 1, 3: 3}
    assert judged({1: 1, 2: 1, 3: 1}, [split(1, 3, 1)]) == {1: 1, 2: 1, 3: 3}


def test_articles_that_must_be_together_leave_together() -> None:
    assert judged({1: 1, 2: 1, 3: 1, 4: 1}, [join(1, 3, 4), split(2, 1, 3)]) == {1: 1, 2: 1, 3: 3, 4: 3}


def test_an_article_that_the_rules_put_with_one_split_off_goes_with_it_and_comes_back_with_it() -> None:
    later = {1: 1, 2: 1, 3: 1, 4: 3}  # the story 3 exists by a judgement alone
    assert judged(later, [split(1, 1, 3)]) == {1: 1, 2: 1, 3: 3, 4: 3}
    assert judged(later, []) == {1: 1, 2: 1, 3: 1, 4: 1}


def test_a_story_joined_leaves_behind_what_must_be_apart() -> None:
    found = judged({1: 1, 2: 2, 3: 2}, [split(1, 1, 2), join(2, 1, 3)])
    assert groups(found) == {frozenset({1, 3}), frozenset({2})}


def test_a_later_judgement_sets_an_earlier_one_aside() -> None:
    assert standing([split(1, 1, 2), join(2, 1, 2)]) == [join(2, 1, 2)]
    assert standing([join(1, 1, 2), join(2, 2, 3), split(3, 1, 3)]) == [join(2, 2, 3), split(3, 1, 3)]


def test_judgements_on_articles_that_are_gone_say_nothing() -> None:
    assert judged({1: 1, 2: 1}, [split(1, 1, 8), join(2, 9, 2)]) == {1: 1, 2: 1}


def test_a_judgement_is_about_its_two_articles() -> None:
    assert touched([join(1, 2, 3), split(2, 3, 4)]) == {2, 3, 4}
    assert [pair for pair in combinations((1, 2), 2) if touched([]) & set(pair)] == []
