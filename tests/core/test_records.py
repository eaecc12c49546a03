"""What is wrong with a record, by name."""

from dataclasses import replace
from datetime import date

import pytest

from pipelines.core.nouns import UNDATED, Article, Dated
from pipelines.core.records import FLAGS, flags_after, flags_of, source_of, sources_told
from tests.builders import prose

SOUND = Article(
    title="Ministers agree",
    text=prose(1, 8),
    authors=("Ada Quill",),
    published=Dated(day=date(2026, 11, 2)),
    language="en",
    sources=(("title", "jsonld"),),
)


@pytest.mark.parametrize(
    ("over", "flag"),
    [
        ({"title": None}, "no_title"),
        ({"title": "  "}, "no_title"),
        ({"authors": ()}, "no_authors"),
        ({"published": UNDATED}, "no_date"),
        ({"language": None}, "no_language"),
        ({"is_partial": True}, "feed_text"),
        ({"text": prose(1, 3)}, "short"),
        ({"text": "条約" * 49}, "short"),
        ({"is_paywalled": True}, "paywalled"),
        ({"dropped_lines": 1}, "lines_dropped"),
        ({"is_beyond_parser": True}, "beyond_parser"),
    ],
)
def test_each_fault_has_its_flag(over: dict[str, object], flag: str) -> None:
    assert flags_of(replace(SOUND, **over)) == (flag,)  # type: ignore[arg-type]


@pytest.mark.parametrize("over", [{}, {"is_paywalled": False}, {"text": "条約" * 50}])
def test_a_sound_record_has_none(over: dict[str, object]) -> None:
    assert flags_of(replace(SOUND, **over)) == ()  # type: ignore[arg-type]


def test_flags_stand_in_one_order() -> None:
    worst = Article(title=None, text="", is_partial=True, is_paywalled=True, dropped_lines=2, is_beyond_parser=True)
    assert flags_of(worst) == FLAGS


def test_a_page_that_gives_only_words_changes_only_the_flags_of_words() -> None:
    bare = replace(SOUND, text="", published=UNDATED)
    assert flags_after(["no_authors", "feed_text"], bare, facts=False, words=True) == ("no_authors", "short")
    assert flags_after(["no_authors", "feed_text"], bare, facts=True, words=False) == ("no_date", "feed_text")
    assert flags_after(["no_authors", "feed_text"], bare, facts=True, words=True) == flags_of(bare)


def test_who_said_a_field_is_nobody_where_nobody_said_all_of_it() -> None:
    assert (source_of(SOUND, "title"), source_of(SOUND, "authors")) == ("jsonld", None)
    assert sources_told(title="jsonld", authors=None) == ("title: jsonld",)
