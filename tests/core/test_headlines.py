"""The headline of a story is the title that says best what all say."""

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.headlines import Titled, headline_of


def titled(article_id: int, title: str, **over: object) -> Titled:
    sound: dict[str, object] = {"tier": 2, "is_copy": False, "is_partial": False,
                                "published_at": datetime(2026, 11, 24, 8, article_id % 60, tzinfo=UTC)}  # fmt: skip
    return Titled(article_id=article_id, title=title, **{**sound, **over})  # type: ignore[arg-type]


STORY = [
    titled(1, "Coastal states sign pledge in Aldmouth"),
    titled(2, "Aldmouth summit ends: 41 states sign pledge"),
    titled(3, "Minister speaks of a long night"),
    titled(4, "States sign Aldmouth pledge on platforms"),
]


def chosen(*articles: Titled) -> int | None:
    found = headline_of(articles)
    return found.article_id if found else None


def test_the_most_typical_title_stands_for_the_story() -> None:
    found = headline_of(STORY)
    assert found is not None
    assert found.article_id in {1, 2, 4}
    assert (found.title, found.reason) == (STORY[found.article_id - 1].title, "most typical of 4 titles")
    assert 0 < found.typical <= 1


@given(st.permutations(STORY))
def test_the_order_of_articles_does_not_matter(articles: list[Titled]) -> None:
    assert headline_of(articles) == headline_of(STORY)


def test_a_question_a_label_and_a_summary_come_after_a_statement() -> None:
    plain = titled(9, "Ministers agree on duties for platforms", tier=3)
    assert chosen(titled(1, "Will ministers agree on duties for platforms?"), plain) == 9
    assert chosen(titled(1, "Ministers agree"), plain) == 9
    assert chosen(titled(1, " ".join(["Ministers agree on duties for platforms"] * 5)), plain) == 9


def test_an_original_comes_before_a_copy_and_a_whole_article_before_a_feeds_own_words() -> None:
    plain = titled(9, "Ministers agree on duties for platforms")
    assert chosen(titled(1, "Ministers agree on duties for platforms", is_copy=True), plain) == 9
    assert chosen(titled(1, "Ministers agree on duties for platforms", is_partial=True), plain) == 9


def test_of_equal_titles_a_leading_outlets_stands_then_the_earliest() -> None:
    title = "Ministers agree on duties for platforms"
    assert chosen(titled(1, title, tier=2), titled(2, title, tier=1)) == 2
    assert chosen(titled(2, title), titled(1, title)) == 1
    assert chosen(titled(1, title, published_at=None), titled(2, title)) == 2


def test_a_title_in_a_script_without_spaces_is_not_taken_for_a_label() -> None:
    assert chosen(titled(1, "部長がオールドマスで誓約に署名"), titled(2, "署名？", tier=1)) == 1


def test_articles_without_a_title_have_no_headline() -> None:
    assert headline_of([]) is None
    assert headline_of([titled(1, " ")]) is None
    only = headline_of([titled(1, ""), titled(2, "Ministers agree on duties")])
    assert only is not None
    assert (only.article_id, only.reason) == (2, "only title")
