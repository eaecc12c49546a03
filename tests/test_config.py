"""`sources.yaml`: strict, complete, and every problem at once with its line and path."""

import json
from datetime import time
from pathlib import Path
from typing import Any, get_args
from zoneinfo import ZoneInfo

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.adapters.embedder import MODELS
from pipelines.config import MeaningConfig, Sources, load_sources, merged, parse_sources
from pipelines.core.errors import ConfigError
from pipelines.core.matching import match
from pipelines.shipped import shipped

SOUND = """\
monitor:
  name: Summit watch
  contact: desk@monitor.example
terms:
  summit: {en: [summit, "global summit"], any: [WPGA]}
  law: {en: [regulation], de: ["verordnung*"]}
topics:
  - {id: summit, name: The summit, query: {near: {within: 9, of: [summit, law]}}}
  - {id: law, name: The law, query: {all: [law, {none: [summit]}]}}
watched_terms:
  - {language: en, avoid: [old term], prefer: agreed term}
gazetteer:
  - {name: Ana Novak, kind: person, aliases: [Novak]}
  - {name: EU Centre, kind: body, aliases: [the Centre]}
publishers:
  - {id: harbour, name: Harbour Media}
outlets:
  - id: herald
    name: Harbour Herald
    publisher: harbour
    country: IE
    language: en
    tier: 1
    feeds:
      - {id: herald-world, url: "https://herald.example/world"}
      - {id: herald-all, url: "https://herald.example/rss", poll_minutes: 30, language: ga}
      - {id: herald-old, url: "https://herald.example/old", enabled: false, note: closed in 2025}
"""


def problems(text: str) -> list[str]:
    with pytest.raises(ConfigError) as refused:
        parse_sources(text, "s.yaml")
    assert refused.value.problems == str(refused.value).splitlines()
    return refused.value.problems


def changed(old: str, new: str) -> str:
    assert SOUND.count(old) >= 1, old
    return SOUND.replace(old, new, 1)


def line_of(text: str, part: str) -> int:
    return next(n for n, line in enumerate(text.splitlines(), 1) if part in line)


def test_a_sound_file_is_typed_values() -> None:
    sources = parse_sources(SOUND)
    assert (sources.monitor.time_zone, sources.monitor.digest_closes_at) == (ZoneInfo("Europe/Brussels"), time(7, 0))
    assert [t.id for t in sources.topics] == ["summit", "law"]


def test_feeds_are_the_enabled_ones_in_the_order_of_their_ids() -> None:
    feeds = parse_sources(SOUND).feeds()
    assert [(f.feed_id, f.language, f.poll_minutes, f.tier, f.publisher) for f in feeds] == [
        ("herald-all", "ga", 30, 1, "harbour"),
        ("herald-world", "en", 60, 1, "harbour"),
    ]


def test_an_outlet_whose_feeds_all_rest_is_allowed() -> None:
    rests = SOUND.replace('/world"}', '/world", enabled: false, note: moved}').replace(
        "language: ga}", "language: ga, enabled: false, note: moved}"
    )
    sources = parse_sources(rests)
    assert [o.id for o in sources.outlets] == ["herald"]
    assert sources.feeds() == []


def test_the_line_of_a_feed_that_rests_unexplained_is_that_of_its_switch() -> None:
    text = changed(
        '{id: herald-old, url: "https://herald.example/old", enabled: false, note: closed in 2025}',
        "id: herald-old\n        url: https://herald.example/old\n        enabled: false",
    )
    [problem] = problems(text)
    assert problem.startswith(f"s.yaml:{line_of(text, 'enabled: false')}: outlets[0].feeds[2].enabled: ")


def test_the_watch_matches_as_written() -> None:
    watch = parse_sources(SOUND).watch()
    found = match(watch, title="The summit reads the regulation", text="", language="en")
    assert [m.topic for m in found.topics] == ["summit"]
    assert [m.topic for m in match(watch, title="The regulation", text="", language="en").topics] == ["law"]


def test_the_watch_is_built_once_whatever_stage_asks_for_it() -> None:
    sources = parse_sources(SOUND)
    assert sources.watch() is sources.watch()
    assert sources == parse_sources(SOUND)


def test_weights_are_of_groups_that_there_are_and_change_the_version() -> None:
    weighed = changed("topics:", "scoring: {title: 4, weights: {summit: 2}}\ntopics:")
    assert parse_sources(weighed).watch().scoring.weights == {"summit": 2.0}
    assert parse_sources(weighed).watch().version != parse_sources(SOUND).watch().version
    [problem] = problems(changed("topics:", "scoring: {weights: {sumit: 2}}\ntopics:"))
    assert problem.endswith("scoring.weights.sumit: no term group 'sumit' under terms")


MEANING = """\
meaning:
  language: en
  threshold: 0.6
  undecided: [summit, [law,
    summit]]
  counter_prompts:
    - It rains.
"""
PROMPTED = SOUND.replace(
    "query: {near: {within: 9, of: [summit, law]}}", "query: law, prompts: [Ministers meet.]"
).replace("topics:\n", f"{MEANING}topics:\n")


def test_prompts_are_of_their_topics_and_undecided_are_groups_alone_or_together() -> None:
    prompts = parse_sources(PROMPTED).prompts()
    assert prompts is not None
    assert (prompts.on, prompts.counter) == ((("summit", "Ministers meet."),), ("It rains.",))
    assert prompts.undecided == (frozenset({"summit"}), frozenset({"law", "summit"}))
    assert (prompts.language, prompts.threshold, prompts.threshold_without_words) == ("en", 0.6, 0.7)
    assert parse_sources(SOUND).prompts() is None


def test_the_models_that_may_be_named_are_those_that_there_are() -> None:
    assert get_args(MeaningConfig.model_fields["model"].annotation) == MODELS


@pytest.mark.parametrize(
    ("old", "new", "part", "told"),
    [
        ("  language: en\n  thr", "  model: word2vec\n  language: en\n  thr", "word2vec", "meaning.model: "),
        ("threshold: 0.6", "threshold: 6", "threshold: 6", "meaning.threshold: "),
        ("undecided: [summit,", "undecided: [sumit,", "[sumit", "meaning.undecided[0]: no term group 'sumit'"),
        ("    summit]]", "    sumit]]", "undecided: [", "meaning.undecided[1]: no term group 'sumit' under terms"),
        ("- It rains.", "- 3", "- 3", "meaning.counter_prompts[0]: "),
        ("counter_prompts", "counter_promts", "counter_promts", "meaning.counter_promts: unknown key"),
        (", prompts: [Ministers meet.]", "", "meaning:", "meaning: no topic has prompts to hold an article against"),
        ("prompts: [Ministers meet.]", 'prompts: [""]', 'prompts: [""]', "topics[0].prompts[0]: "),
    ],
)
def test_a_problem_with_meaning_is_told_with_its_line(old: str, new: str, part: str, told: str) -> None:
    assert PROMPTED.count(old) == 1
    text = PROMPTED.replace(old, new)
    [found] = [p for p in problems(text) if told in p]
    assert int(found.split(":")[1]) == line_of(text, part)


def test_word_forms_in_a_language_without_a_stemmer_are_refused_at_their_line() -> None:
    text = changed("{en: [regulation]", "{mt: [\n    ~regolament], en: [regulation]")
    [problem] = problems(text)
    assert problem.startswith(f"s.yaml:{line_of(text, '~regolament')}: terms.law.mt[0]: term '~regolament': no forms")


def test_the_version_of_a_watch_changes_with_any_term_or_query_and_with_nothing_else() -> None:
    version = parse_sources(SOUND).watch().version
    assert parse_sources(changed("contact: desk", "contact: other")).watch().version == version
    assert parse_sources(changed("[regulation]", "[regulation, act]")).watch().version != version
    assert parse_sources(changed("within: 9", "within: 8")).watch().version != version


def test_the_lookout_names_people_and_terms_and_bodies_are_apart() -> None:
    sources = parse_sources(SOUND)
    assert [(p.name, p.aliases) for p in sources.lookout().people] == [("Ana Novak", ("Novak",))]
    assert [(t.term, t.preferred) for t in sources.lookout().terms] == [("old term", "agreed term")]
    assert sources.bodies() == {"eu centre": "EU Centre", "the centre": "EU Centre"}


ONE_PROBLEM = [
    # what is changed, the line that holds it, the path and a part of the message
    ("contact: desk@monitor.example", "contract: desk@monitor.example", "contract", "monitor.contract: unknown key"),
    ("    tier: 1", "    tear: 1", "tear", "outlets[0].tear: unknown key"),
    ("    tier: 1", "    tier: 4", "tier: 4", "outlets[0].tier"),
    ("poll_minutes: 30", "poll_minutes: 29", "poll_minutes", "outlets[0].feeds[1].poll_minutes"),
    ("poll_minutes: 30", "every: 30", "every", "outlets[0].feeds[1].every: unknown key"),
    ("publisher: harbour", "publisher: nobody", "publisher: nobody", "outlets[0].publisher: no publisher 'nobody'"),
    ("of: [summit, law]", "of: [summit, laws]", "laws", "topics[0].query: no term group 'laws'"),
    ("{none: [summit]}", "{none: [sommet]}", "sommet", "topics[1].query: no term group 'sommet'"),
    (
        "https://herald.example/rss",
        "herald.example/rss",
        "herald.example/rss",
        "outlets[0].feeds[1].url: 'herald.example/rss' is not an http",
    ),
    ("https://herald.example/rss", "ftp://herald.example/rss", "ftp:", "outlets[0].feeds[1].url"),
    (
        "https://herald.example/rss",
        "https://herald.example/world",
        "herald-all",
        "outlets[0].feeds[1].url: feed address",
    ),
    ("id: herald-all", "id: herald-world", "poll_minutes", "outlets[0].feeds[1].id: feed 'herald-world' stands twice"),
    ("{id: law, name: The law", "{id: summit, name: The law", "The law", "topics[1].id: topic 'summit' stands twice"),
    ("id: herald\n", "id: Herald\n", "id: Herald", "outlets[0].id"),
    ("country: IE", "country: Ireland", "country", "outlets[0].country"),
    ("language: en\n", "language: english\n", "language: english", "outlets[0].language"),
    (
        "name: Summit watch",
        "name: Summit watch\n  time_zone: Mars/Olympus",
        "Mars",
        "monitor.time_zone: unknown time zone 'Mars/Olympus'",
    ),
    ("    name: Harbour Herald\n", "", "- id: herald", "outlets[0].name: Field required"),
    ("    tier: 1", "    tier: 1\n    tier: 2", "- id: herald", "outlets[0].tier: key 'tier' stands twice"),
    ('"verordnung*"', '"ver*ordnung"', "ver*ordnung", "terms.law.de[0]: term 'ver*ordnung': * stands"),
    ("[regulation]", '["*"]', '"*"', "terms.law.en[0]"),
    ("{all: [law, {none: [summit]}]}", "{all: []}", "all: []", "topics[1].query"),
    ("{all: [law, {none: [summit]}]}", "{both: [law]}", "both", "topics[1].query"),
    ("{within: 9, of: [summit, law]}", "{within: 9, of: [summit]}", "within", "topics[0].query"),
    ("{within: 9, of: [summit, law]}", "{within: 9, of: 3}", "within", "topics[0].query"),
    ("{within: 9, of: [summit, law]}", "{within: near, of: [summit, law]}", "within", "topics[0].query"),
    ("kind: person", "kind: robot", "robot", "gazetteer[0].kind"),
    ("avoid: [old term]", "avoid: []", "avoid", "watched_terms[0].avoid"),
    (
        ", note: closed in 2025",
        "",
        "herald-old",
        "outlets[0].feeds[2].enabled: a feed that rests needs a note that says why",
    ),
    ("note: closed in 2025", 'note: ""', "herald-old", "outlets[0].feeds[2].enabled: a feed that rests needs a note"),
    ("enabled: false", 'enabled: "false"', "herald-old", "outlets[0].feeds[2].enabled"),
    ("publisher: harbour", "publisher: [harbour]", "publisher: [harbour]", "outlets[0].publisher"),
    ("{id: harbour, name", "{id: [harbour], name", "Harbour Media", "publishers[0].id"),
]


@pytest.mark.parametrize(
    ("old", "new", "part", "told"), ONE_PROBLEM, ids=[p[1].strip()[:40] or "no name" for p in ONE_PROBLEM]
)
def test_a_problem_is_told_with_its_line_and_path(old: str, new: str, part: str, told: str) -> None:
    text = changed(old, new)
    found = [p for p in problems(text) if told in p]
    assert found, problems(text)
    line = int(found[0].split(":")[1])
    wanted = line_of(text, part)
    assert found[0].startswith("s.yaml:")
    assert line == wanted or told.endswith("stands twice")


def test_all_problems_are_told_at_once_in_the_order_of_the_file() -> None:
    text = (
        SOUND.replace("contact: desk@monitor.example", "contract: x")
        .replace("of: [summit, law]", "of: [summit, laws]")
        .replace("publisher: harbour", "publisher: nobody")
        .replace("https://herald.example/rss", "herald.example/rss")
    )
    found = problems(text)
    expected = {
        "monitor.contract",
        "monitor.contact",
        "topics[0].query",
        "outlets[0].publisher",
        "outlets[0].feeds[1].url",
    }
    assert {p.split(": ")[1] for p in found} == expected
    lines = [int(p.split(":")[1]) for p in found]
    assert lines == sorted(lines)


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("monitor:\n  name: [x\n", 3),
        ("monitor:\n\tname: x\n", 2),
        ("a: 'x\n", 2),
        ("a: b: c\n", 1),
        ("? [a]\n: b\n", 1),
        ("a: *nobody\n", 1),
        ("a: !!python/object:os.system x\n", 1),
        ("\x00", 1),
    ],
)
def test_broken_yaml_is_told_with_its_line(text: str, line: int) -> None:
    [problem] = problems(text)
    assert "not YAML" in problem
    assert abs(int(problem.split(":")[1]) - line) <= 1


@pytest.mark.parametrize("text", ["", "# nothing\n", "- a\n", "text\n", "5\n", "null\n"])
def test_what_holds_no_settings_is_refused(text: str) -> None:
    assert problems(text)


@pytest.mark.parametrize("text", ["a: 2026-99-99\n", "a: &a [*a]\n", "a: &a {b: *a}\n"])
def test_yaml_that_loads_into_nonsense_is_refused_and_no_accident(text: str) -> None:
    assert problems(SOUND + text)


@pytest.mark.parametrize("written", ["07:00", "10:30", "7:00", '"10:30"'])
def test_a_closing_time_is_what_is_written_or_refused(written: str) -> None:
    text = changed("contact: desk@monitor.example", f"contact: desk@monitor.example\n  digest_closes_at: {written}")
    try:
        found = parse_sources(text).monitor.digest_closes_at
    except ConfigError as refused:
        assert "digest_closes_at" in str(refused)  # noqa: PT017 (either is right)
    else:
        hours, minutes = (int(x) for x in written.strip('"').split(":"))
        assert found == time(hours, minutes)


@pytest.mark.parametrize("key", ["monitor", "terms", "topics", "publishers", "outlets"])
@pytest.mark.parametrize(
    "value",
    [None, 5, "text", [], {}, [5], [None], [[]], {"x": 5}, [{"id": []}], [{"feeds": 5}], [{"query": {"near": 5}}]],
)
def test_any_value_in_place_of_a_section_is_a_told_problem(key: str, value: object) -> None:
    written = yaml.safe_load(SOUND)
    assert problems(json.dumps({**written, key: value}))


leaves = st.none() | st.booleans() | st.integers(-9, 99) | st.text("ab:[]{}*&!-#'\" \n", max_size=6)
values = st.recursive(
    leaves,
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "name", "feeds", "url", "query", "near", "all", "of", "within", "publisher", "x"]),
            inner,
            max_size=3,
        )
    ),
    max_leaves=8,
)


@settings(derandomize=True, database=None, deadline=None, max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from(["monitor", "terms", "topics", "publishers", "outlets", "gazetteer", "watched_terms"]), values
    )
)
def test_any_settings_are_read_or_refused_in_lines(value: dict[str, Any]) -> None:
    text = json.dumps({**yaml.safe_load(SOUND), **value})
    try:
        assert isinstance(parse_sources(text), Sources)
    except ConfigError as refused:
        assert refused.problems  # noqa: PT017 (either is right)


@settings(derandomize=True, database=None, deadline=None, max_examples=150)
@given(st.text("ab:[]{}*&!-#'\" \n?|>%@`\t", max_size=40))
def test_any_text_is_read_or_refused_in_lines(text: str) -> None:
    assert problems(text)


def test_a_missing_file_says_how_to_name_another(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="--sources FILE"):
        load_sources(tmp_path / "none.yaml")


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b"ol\xe9: x"])
def test_a_file_in_another_charset_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "s.yaml").write_bytes(content)
    with pytest.raises(ConfigError):
        load_sources(tmp_path / "s.yaml")


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        load_sources(tmp_path)


def test_the_shipped_sources_are_sound_and_safe_to_poll() -> None:
    sources = load_sources(shipped("sources.yaml"))
    assert sources.watch().topics
    assert len({f.url for f in sources.feeds()}) == len(sources.feeds())
    assert all(f.poll_minutes >= 30 for f in sources.feeds())


def test_merging_puts_keys_in_place_and_joins_the_gazetteer() -> None:
    base = {"terms": {"a": 1}, "outlets": [1], "gazetteer": [1]}
    assert merged(base, {"outlets": [2], "gazetteer": [2]}) == {"terms": {"a": 1}, "outlets": [2], "gazetteer": [1, 2]}
    assert merged({}, {}) == {"gazetteer": []}
