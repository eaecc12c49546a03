"""What hosts reserve of text and data mining."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.core.rights import reservation

SITE = "https://herald.example"


def reserved(*rules: dict[str, object], path: str = "/news/1") -> bool | None:
    return reservation(json.dumps(list(rules)), SITE + path)


@pytest.mark.parametrize(
    ("location", "path", "holds"),
    [
        ("/", "/news/1", True),
        ("/news", "/news/1", True),
        ("/news/", "/news", False),
        ("/*.html", "/a/b.html", True),
        ("/*.html$", "/a/b.html?x=1", False),
        ("/*.html$", "/a/b.html", True),
        ("/a*c/d", "/abbbc/d", True),
        ("/News", "/news/1", False),
        ("", "/news/1", True),
    ],
)
def test_a_location_matches_as_in_robots_txt(location: str, path: str, *, holds: bool) -> None:
    found = reserved({"location": location, "tdm-reservation": 1}, path=path)
    assert found is (True if holds else None)


def test_the_longest_location_decides() -> None:
    rules = ({"location": "/news", "tdm-reservation": 1}, {"location": "/news/open", "tdm-reservation": 0})
    assert reserved(*rules, path="/news/1") is True
    assert reserved(*rules, path="/news/open/1") is False
    assert reserved(*reversed(rules), path="/news/open/1") is False


@pytest.mark.parametrize("body", [None, "", "[]", "{", "5", "[5]", '[{"location": 3, "tdm-reservation": 1}]',
                                  '[{"location": "/", "tdm-reservation": "yes"}]', "[" * 100_000])  # fmt: skip
def test_a_file_that_says_nothing_reserves_nothing(body: str | None) -> None:
    assert reservation(body, f"{SITE}/news/1") is None


def test_whoever_writes_a_pattern_beyond_all_measure_is_heard_at_once() -> None:
    assert reserved({"location": "/" + "*a" * 500, "tdm-reservation": 1}, path="/" + "a" * 5_000) is True


@given(st.text(max_size=60), st.text(max_size=30))
def test_any_file_and_any_path_give_an_answer(body: str, path: str) -> None:
    assert reservation(body, f"{SITE}/{path}") in {True, False, None}
