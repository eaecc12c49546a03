"""The shipped vocabulary, language by language, on invented news: what is on the subject, and what only looks like it.

`tests/corpus/relevance/<language>.yaml` was written before the terms of its language, `held/` after them, both by what
the press of the country would write. A missed item is one that the words alone do not tell; a wrong one is a fault.
"""

from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from pipelines.config import load_sources
from pipelines.core.matching import Watch, match
from pipelines.shipped import shipped
from tests.quality.corpora import LANGUAGE_GROUPS

CORPUS = Path(__file__).parent / "corpus/relevance"
OFFICIAL = frozenset(  # of the European Union
    "bg cs da de el en es et fi fr ga hr hu it lt lv mt nl pl pt ro sk sl sv".split()  # noqa: SIM905 - readable so
)
TOPICS = frozenset({"summit", "regulation", "industry", "enforcement", "evidence", "survivors"})
LANGUAGES = sorted(path.stem for path in CORPUS.glob("*.yaml"))
HELD = sorted(path.stem for path in (CORPUS / "held").glob("*.yaml"))


class Told(NamedTuple):
    """An invented item with the topics that it surely is about (none where it is about another thing), and ours."""

    title: str
    is_about: bool
    topics: frozenset[str]
    found: frozenset[str]


@pytest.fixture(scope="module")
def watch() -> Watch:
    return load_sources(shipped("sources.yaml")).watch()


def told(watch: Watch, language: str, folder: Path = CORPUS) -> list[Told]:
    items: dict[str, list[dict[str, Any]]] = yaml.safe_load((folder / f"{language}.yaml").read_text(encoding="utf-8"))
    return [
        Told(
            title=item["title"],
            is_about=kind == "about",
            topics=frozenset(item.get("topics", ())),
            found=frozenset(
                t.topic for t in match(watch, title=item["title"], text=item["text"], language=language).topics
            ),
        )
        for kind in ("about", "other")
        for item in items[kind]
    ]


def recall(items: list[Told]) -> float:
    about = [item for item in items if item.is_about]
    return sum(bool(item.found) for item in about) / len(about)


def wrong(items: list[Told]) -> list[str]:
    return [item.title for item in items if item.found and not item.is_about]


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_language_tells_its_news_on_the_subject_from_what_only_looks_like_it(watch: Watch, language: str) -> None:
    items = told(watch, language)
    assert wrong(items) == []
    assert recall(items) >= 0.8, [item.title for item in items if item.is_about and not item.found]
    assert sum(bool(item.found) for item in items) >= 6
    assert sum(not item.is_about for item in items) >= 6


@pytest.mark.parametrize("language", HELD)
def test_news_written_after_the_terms_is_told_too(watch: Watch, language: str) -> None:
    items = told(watch, language, CORPUS / "held")
    assert wrong(items) == []
    assert recall(items) >= 0.55, [item.title for item in items if item.is_about and not item.found]


def test_over_all_languages_little_is_missed(watch: Watch) -> None:
    first = [item for language in LANGUAGES for item in told(watch, language)]
    later = [item for language in HELD for item in told(watch, language, CORPUS / "held")]
    assert recall(first) >= 0.97
    assert recall(later) >= 0.83


def test_an_item_is_told_under_the_topics_it_is_about(watch: Watch) -> None:
    items = [item for language in LANGUAGES for item in told(watch, language) if item.is_about]
    named = [(item.title, topic, topic in item.found) for item in items for topic in item.topics]
    assert {topic for _, topic, _ in named} == TOPICS
    assert sum(is_found for *_, is_found in named) / len(named) >= 0.88


def test_every_official_language_of_the_union_is_tested_and_has_terms_in_the_groups_of_its_neighbours() -> None:
    assert set(LANGUAGES) >= OFFICIAL | {"no", "uk", "ru", "ar", "ja"}
    assert frozenset().union(*LANGUAGE_GROUPS.values()) >= set(LANGUAGES)
    terms = load_sources(shipped("sources.yaml")).terms
    english = {group for group, by_language in terms.items() if "en" in by_language}
    missing = {
        language: [g for g in sorted(english) if language not in terms[g]]
        for language in LANGUAGES
    }  # fmt: skip
    assert {language: groups for language, groups in missing.items() if len(groups) > 2} == {}
