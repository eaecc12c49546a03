"""Queries: terms, wildcards and phrases; all, any, none and near."""

from itertools import permutations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.lexicon import Document, Hit, Lexicon
from pipelines.core.query import MOST_HITS, Evaluation, Expression, groups_of, interned, is_possible


def group(name: str) -> Expression:
    return Expression(kind="group", group=name)


def combined(kind: str, *parts: Expression, within: int = 0) -> Expression:
    return Expression(kind=kind, parts=parts, within=within)


def hits_of(terms: dict[str, list[str]], text: str) -> list[Hit]:
    lexicon, document = Lexicon.of(terms), Document("", text)
    return lexicon.hits(document, lexicon.found(document))


def holds(query: Expression, text: str, terms: dict[str, list[str]] | None = None) -> bool:
    hits = hits_of(terms or {"a": ["apple"], "b": ["bridge"], "c": ["castle"]}, text)
    return Evaluation(hits).holds(query) is not None


A, B, C = group("a"), group("b"), group("c")


def test_all_needs_every_part() -> None:
    assert holds(combined("all", A, B), "apple bridge")
    assert not holds(combined("all", A, B), "apple castle")


def test_any_needs_one_part() -> None:
    assert holds(combined("any", A, B), "castle bridge")
    assert not holds(combined("any", A, B), "castle")


def test_none_needs_the_absence_of_each_part() -> None:
    query = combined("all", A, combined("none", B, C))
    assert holds(query, "apple")
    assert not holds(query, "apple bridge")
    assert not holds(query, "castle apple")


@pytest.mark.parametrize(("between", "expected"), [(0, True), (3, True), (4, False)])
def test_near_counts_the_words_between(between: int, *, expected: bool) -> None:
    text = "apple " + "x " * between + "bridge"
    assert holds(combined("near", A, B, within=3), text) is expected
    assert holds(combined("near", B, A, within=3), text) is expected


def test_near_holds_where_one_pair_of_many_is_near() -> None:
    assert holds(combined("near", A, B, within=1), "apple " + "x " * 50 + "bridge apple")


def test_near_of_nested_parts_looks_at_their_hits() -> None:
    assert holds(combined("near", combined("any", A, B), C, within=1), "x bridge castle")
    assert not holds(combined("near", combined("any", A, B), C, within=1), "bridge x x x castle")


@pytest.mark.parametrize("order", list(permutations((A, B, C))))
def test_near_of_three_does_not_depend_on_their_order(order: tuple[Expression, ...]) -> None:
    # `within` is "the most words between the outermost hits": here 9, and in the second text 4.
    assert not holds(combined("near", *order, within=5), "bridge x x x x apple x x x x castle")
    assert holds(combined("near", *order, within=5), "bridge x apple x castle")


texts = st.lists(st.sampled_from(["apple", "bridge", "castle", "x", "y"]), max_size=25).map(" ".join)
leaves = st.sampled_from([A, B, C])
queries = st.recursive(
    leaves,
    lambda inner: st.builds(
        lambda kind, parts: combined(kind, *parts),
        st.sampled_from(["all", "any", "none"]),
        st.lists(inner, min_size=1, max_size=3),
    ),
    max_leaves=6,
)


@given(queries, texts)
def test_the_order_of_parts_does_not_decide(query: Expression, text: str) -> None:
    def turned(node: Expression) -> Expression:
        return Expression(kind=node.kind, group=node.group, parts=tuple(turned(p) for p in reversed(node.parts)))

    assert holds(query, text) is holds(turned(query), text)


@given(queries, texts)
def test_a_query_that_holds_was_possible_by_its_groups_alone(query: Expression, text: str) -> None:
    groups = {word[0] for word in text.split() if word in {"apple", "bridge", "castle"}}
    assert is_possible(query, groups) or not holds(query, text)


@given(queries, texts)
def test_interning_changes_no_answer(query: Expression, text: str) -> None:
    assert holds(interned(query, {}), text) is holds(query, text)


@given(queries, texts)
def test_an_expression_and_its_none_never_both_hold(query: Expression, text: str) -> None:
    assert holds(query, text) is not holds(combined("none", query), text)


@given(st.sampled_from([A, combined("any", A, B), combined("near", A, B, within=4)]), texts)
def test_hits_that_are_given_are_hits_of_the_groups_named(query: Expression, text: str) -> None:
    hits = Evaluation(hits_of({"a": ["apple"], "b": ["bridge"], "c": ["castle"]}, text)).holds(query)
    assert {h.group for h in hits or ()} <= groups_of(query)
    assert list(hits or ()) == sorted(hits or (), key=lambda h: h.first)


def test_a_megabyte_of_one_word_is_bounded() -> None:
    evaluation = Evaluation(hits_of({"a": ["apple", "app*"], "b": ["bridge"]}, "apple " * 170_000))
    assert len(evaluation.hits["a"]) == MOST_HITS
    assert len(evaluation.holds(A) or ()) == MOST_HITS
    assert evaluation.holds(combined("near", A, A, within=10)) is not None
    assert evaluation.holds(combined("near", A, B, within=10)) is None


def test_the_groups_of_a_query_are_all_that_it_names() -> None:
    query = combined("all", A, combined("none", B), combined("near", C, group("d"), within=2))
    assert groups_of(query) == {"a", "b", "c", "d"}
