"""Which article of a group is the original, and what says so."""

from datetime import UTC, date, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.nouns import ClusterItem, Copy, CopyPair
from pipelines.core.originals import originality, point
from tests.builders import make_item

SEEN = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


def item(article_id: int, hour: int | None = None, **over: Any) -> ClusterItem:
    at = datetime(2026, 11, 24, hour, tzinfo=UTC) if hour is not None else None
    return make_item(article_id, "", **{"published_at": at, "published_day": None, "first_seen_at": SEEN, **over})


def pair(one: int, other: int, shared: int = 100, one_shingles: int = 100, other_shingles: int = 100) -> CopyPair:
    one, other, *sizes = (one, other, one_shingles, other_shingles) if one < other else (
        other, one, other_shingles, one_shingles)  # fmt: skip
    return CopyPair(
        one_id=one, other_id=other, rule="near_copy", score=0.9, containment=shared / min(sizes), numbers_overlap=1.0,
        names_overlap=1.0, shared=shared, one_shingles=sizes[0], other_shingles=sizes[1],
    )  # fmt: skip


def pointed(copies: list[Copy]) -> dict[int, int]:
    return {c.article_id: c.original_id for c in copies}


def test_the_earliest_published_is_the_original_and_every_copy_points_to_it() -> None:
    found = point([item(1, 9), item(2, 8), item(3, 10)], [pair(1, 2), pair(2, 3), pair(1, 3)])
    assert pointed(found) == {1: 2, 3: 2}
    assert {c.why for c in found} == {"earliest_published"}


def test_a_copy_of_a_copy_points_to_the_first_text_and_says_through_whom() -> None:
    (second, third) = point([item(1, 8), item(2, 9), item(3, 10)], [pair(1, 2), pair(2, 3)])
    assert (second.original_id, second.via_id) == (1, None)
    assert (third.original_id, third.via_id) == (1, 2)


def test_a_review_of_two_texts_does_not_make_copies_of_them() -> None:
    review = pair(1, 3, shared=100, other_shingles=300), pair(2, 3, shared=150, one_shingles=150, other_shingles=300)
    (copy,) = point([item(1, 8), item(2, 9), item(3, 10)], review)
    assert (copy.article_id, copy.original_id, copy.added_share) == (3, 2, 0.5)


def test_what_stands_in_a_longer_text_that_copies_another_is_no_copy_of_that_other() -> None:
    found = point([item(1, 8), item(2, 9), item(3, 10)], [pair(1, 2, 100, 100, 300), pair(2, 3, 90, 300, 90)])
    assert pointed(found) == {2: 1}


def test_an_agency_is_the_original_even_if_its_copies_were_dated_earlier() -> None:
    found = point([item(1, 8), item(2, 9, outlet_kind="agency")], [pair(1, 2)])
    assert [(c.article_id, c.original_id, c.why) for c in found] == [(1, 2, "agency")]


@pytest.mark.parametrize(
    ("says", "why"),
    [({"named_id": 2}, "declared"), ({"wire": ("dpa",)}, "credited"), ({"source_name": "DPA"}, "source")],
)
def test_a_copy_that_names_its_original_is_believed_and_cited(says: dict[str, Any], why: str) -> None:
    found = point([item(1, 8, **says), item(2, 9, outlet_name="dpa")], [pair(1, 2)])
    assert [(c.article_id, c.original_id, c.why) for c in found] == [(1, 2, why)]


def test_a_third_copy_believes_what_another_says() -> None:
    members = [item(1, 7), item(2, 8, wire=("dpa",)), item(3, 9, outlet_name="dpa")]
    found = point(members, [pair(1, 2), pair(2, 3), pair(1, 3)])
    assert {c.article_id: (c.original_id, c.why) for c in found} == {1: (3, "credited_by_others"), 2: (3, "credited")}


def test_an_agency_that_is_not_there_decides_nothing() -> None:
    found = point([item(1, 8, wire=("dpa",)), item(2, 9)], [pair(1, 2)])
    assert [(c.article_id, c.original_id, c.why) for c in found] == [(2, 1, "earliest_published")]


def test_an_outlet_that_credits_itself_names_nobody() -> None:
    members = [item(1, 8, outlet_id="dpa", wire=("dpa",)), item(2, 9, outlet_id="dpa")]
    assert [c.why for c in point(members, [pair(1, 2)])] == ["earliest_published"]


def test_without_instants_the_first_seen_is_the_original() -> None:
    early = datetime(2026, 11, 24, 7, tzinfo=UTC)
    (copy,) = point([item(1), item(2, first_seen_at=early)], [pair(1, 2)])
    assert (copy.article_id, copy.original_id, copy.why) == (1, 2, "earliest_seen")


def test_what_was_seen_had_been_published_and_a_day_ends_once() -> None:
    assert originality(item(1, first_seen_at=datetime(2026, 11, 24, 7, tzinfo=UTC))) < originality(item(2, 8))
    assert originality(item(1, published_day=date(2026, 11, 20))) < originality(item(2, 8))
    assert originality(item(2, 8)) < originality(item(1, published_day=date(2026, 11, 24)))


ids = st.integers(1, 7)
joined = st.lists(st.tuples(ids, ids, st.integers(1, 3)).filter(lambda p: p[0] != p[1]), max_size=12,
                  unique_by=lambda p: frozenset(p[:2]))  # fmt: skip


@given(joined, st.permutations(range(1, 8)), st.randoms(use_true_random=False))
def test_the_order_decides_nothing_and_no_original_is_a_copy(
    pairs: list[tuple[int, int, int]], hours: list[int], random: Any
) -> None:
    members = [item(n, hour) for n, hour in zip(range(1, 8), hours, strict=True)]
    judged = [pair(one, other, 100, 100 * size, 100) for one, other, size in pairs]
    found = point(members, judged)
    random.shuffle(members)
    random.shuffle(judged)
    assert pointed(point(members, judged)) == pointed(found)
    assert not {c.original_id for c in found} & {c.article_id for c in found}
    copies = {c.article_id for c in found}
    if all(size == 1 for *_, size in pairs):
        assert all({one, other} & copies for one, other, _ in pairs), "of two that share a text one is a copy"
