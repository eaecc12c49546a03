"""The shipped `sources.yaml`, and the schema that editors check it by: both say what the loader says."""

import copy
import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from pipelines.config import FeedConfig, OutletConfig, Sources, json_schema, load_sources, parse_sources
from pipelines.core.errors import ConfigError

from .test_config import SOUND

ROOT = Path(__file__).parents[1]
FILE = ROOT / "sources.yaml"
PAGE = ROOT / "docs/sources.md"
SCHEMA = ROOT / "docs/sources.schema.json"
EU_LANGUAGES = {
    "bg", "cs", "da", "de", "el", "en", "es", "et", "fi", "fr", "ga", "hr", "hu", "it", "lt", "lv", "mt", "nl", "pl",
    "pt", "ro", "sk", "sl", "sv",
}  # fmt: skip

# The feeds that the first version shipped: a warehouse knows them by these ids.
FIRST_FEEDS = [
    "euronews-en", "euronews-fr", "euronews-de", "euronews-es", "euronews-it", "euronews-pt", "guardian-world",
    "bbc-world", "dw-en", "dw-de", "france24-en", "france24-fr", "lemonde", "techcrunch", "tagesschau", "zeit",
    "netzpolitik", "elpais", "elmundo", "ansa", "repubblica", "nos", "nrc", "polsat", "rp", "rtp", "observador",
    "ep-press",
]  # fmt: skip


@pytest.fixture(scope="module")
def sources() -> Sources:
    return load_sources(FILE)


def pairs(sources: Sources) -> list[tuple[OutletConfig, FeedConfig]]:
    return [(outlet, feed) for outlet in sources.outlets for feed in outlet.feeds]


def test_the_file_covers_the_union_in_feeds_and_languages(sources: Sources) -> None:
    assert len(pairs(sources)) >= 130
    assert len({f.language or o.language for o, f in pairs(sources)} & EU_LANGUAGES) >= 20
    assert len({f.language for f in sources.feeds()} & EU_LANGUAGES) >= 20
    assert len(sources.feeds()) >= 130


def test_feeds_of_the_first_version_keep_their_ids_and_are_polled(sources: Sources) -> None:
    assert len(FIRST_FEEDS) == 28
    assert set(FIRST_FEEDS) <= {f.feed_id for f in sources.feeds()}


def test_only_leading_outlets_are_polled_twice_an_hour(sources: Sources) -> None:
    assert [f.id for o, f in pairs(sources) if f.poll_minutes < 60 and o.tier != 1] == []


def test_queries_belong_to_search_services_which_are_asked_seldom_and_have_nothing_else(sources: Sources) -> None:
    searched = [(o, f) for o, f in pairs(sources) if o.kind == "search" or f.kind == "query"]
    assert searched
    assert [f.id for o, f in searched if (o.kind, f.kind) != ("search", "query") or f.poll_minutes < 120] == []


def test_each_search_service_is_one_outlet(sources: Sources) -> None:
    publishers = [o.publisher for o in sources.outlets if o.kind == "search"]
    assert len(set(publishers)) == len(publishers)


def test_every_publisher_has_an_outlet_and_the_list_is_in_order(sources: Sources) -> None:
    ids = [p.id for p in sources.publishers]
    assert set(ids) == {o.publisher for o in sources.outlets}
    assert ids == sorted(ids)


@pytest.mark.parametrize(
    ("publisher", "outlets"),
    [
        ("mediahuis", {"nrc", "wort", "euractiv"}),
        ("dpg", {"demorgen", "tweakers"}),
        ("le-monde", {"lemonde", "lemonde-en", "nouvelobs"}),
        ("rcs", {"corriere", "elmundo"}),
        ("conde-nast", {"wired", "arstechnica"}),
        ("spiegel", {"spiegel", "spiegel-en"}),
    ],
)
def test_outlets_of_one_family_share_their_publisher(sources: Sources, publisher: str, outlets: set[str]) -> None:
    assert outlets <= {o.id for o in sources.outlets if o.publisher == publisher}


def test_every_outlet_names_its_home(sources: Sources) -> None:
    assert [o.id for o in sources.outlets if not o.home] == []


def test_the_page_about_the_file_counts_it_right(sources: Sources) -> None:
    text = " ".join(PAGE.read_text(encoding="utf-8").split())
    languages = {f.language or o.language for o, f in pairs(sources)} & EU_LANGUAGES
    told = f"lists {len(pairs(sources))} feeds of {len(sources.outlets)} outlets in {len(languages)} languages"
    assert f"{told} of the EU; {len(sources.feeds())} of them are polled" in text


def test_the_examples_of_the_page_are_right() -> None:
    outlet, resting = re.findall(r"^```yaml\n(.*?)^```", PAGE.read_text(encoding="utf-8"), re.MULTILINE | re.DOTALL)
    sound = yaml.safe_load(SOUND)
    found = parse_sources(json.dumps({**sound, **yaml.safe_load(outlet + resting)}))
    assert [(f.id, f.enabled) for o in found.outlets for f in o.feeds] == [
        ("herald-politics", True),
        ("herald-sport", False),
    ]


# --- The schema ---------------------------------------------------------------------------------------------------


def test_the_published_schema_is_what_the_models_say() -> None:
    told = json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n"
    assert SCHEMA.read_text(encoding="utf-8") == told, "presswatch sources schema > docs/sources.schema.json"


def test_the_file_tells_editors_where_its_schema_is() -> None:
    first, *_ = FILE.read_text(encoding="utf-8").splitlines()
    marker, _, path = first.partition("$schema=")
    assert marker == "# yaml-language-server: "
    assert (FILE.parent / path) == SCHEMA


VALIDATOR = Draft202012Validator(json_schema())


def schema_refuses(values: object) -> bool:
    return next(VALIDATOR.iter_errors(values), None) is not None


def loader_refuses(values: object) -> bool:
    try:
        parse_sources(json.dumps(values))
    except ConfigError:
        return True
    return False


def test_the_schema_is_one_and_finds_nothing_wrong_with_the_file() -> None:
    Draft202012Validator.check_schema(json_schema())
    assert [e.message for e in VALIDATOR.iter_errors(yaml.safe_load(FILE.read_text(encoding="utf-8")))] == []


def fields(schema: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for model, definition in (("Sources", schema), *schema["$defs"].items()):
        for name, field in definition.get("properties", {}).items():
            yield f"{model}.{name}", field


def test_every_field_is_explained() -> None:
    told = dict(fields(json_schema()))
    assert len(told) > 40
    assert [name for name, field in told.items() if len(field.get("description", "").split()) < 2] == []


SOUND_VALUES = yaml.safe_load(SOUND)
FEED = ("outlets", 0, "feeds", 0)


def with_value(path: tuple[str | int, ...], value: object) -> dict[str, Any]:
    """The sound values with one of them changed, or taken out where the value is `...`."""
    values = copy.deepcopy(SOUND_VALUES)
    part: Any = values
    for step in path[:-1]:
        part = part[step]
    if value is ...:
        del part[path[-1]]
    else:
        part[path[-1]] = value
    return dict(values)


RIGHT: list[tuple[tuple[str | int, ...], object]] = [
    (("topics", 0, "query"), "summit"),
    (("topics", 0, "query"), {"any": ["law", {"all": ["summit", {"none": ["law"]}]}]}),
    (("topics", 0, "query"), {"near": {"within": 3, "of": ["law", {"any": ["summit", "law"]}]}}),
    ((*FEED, "kind"), "news_sitemap"),
    ((*FEED, "language"), "mul"),
    ((*FEED, "url"), "HTTP://herald.example"),
    (("outlets", 0, "kind"), "search"),
    (("outlets", 0, "feeds"), [{"id": "a", "url": "http://a.example/", "enabled": False, "note": "closed"}]),
    (("outlets", 0, "country"), "EU"),
    (("monitor", "digest_closes_at"), "06:30"),
    (("monitor", "digest_closes_at"), 630),
]
WRONG: list[tuple[tuple[str | int, ...], object]] = [
    (("monitor",), ...),
    (("monitor", "contract"), "desk@monitor.example"),
    (("monitor", "digest_closes_at"), "25:00"),
    (("monitor", "digest_closes_at"), 1440),
    (("monitor", "digest_closes_at"), "morning"),
    (("terms", "Summit"), {"en": ["summit"]}),
    (("terms", "summit", "english"), ["summit"]),
    (("terms", "summit", "en"), "summit"),
    (("terms", "summit", "en"), [""]),
    (("topics",), []),
    (("topics", 0, "query"), {"both": ["law"]}),
    (("topics", 0, "query"), {"all": ["law"], "any": ["law"]}),
    (("topics", 0, "query"), {"all": []}),
    (("topics", 0, "query"), {"all": "law"}),
    (("topics", 0, "query"), ["law"]),
    (("topics", 0, "query"), {}),
    (("topics", 0, "query"), 5),
    (("topics", 0, "query"), {"near": {"of": ["law", "summit"]}}),
    (("topics", 0, "query"), {"near": {"within": 3, "of": ["law"]}}),
    (("topics", 0, "query"), {"near": {"within": "3", "of": ["law", "summit"]}}),
    (("topics", 0, "query"), {"near": {"within": 3, "of": ["law", "summit"], "in": "text"}}),
    (("topics", 0, "query"), {"any": ["law", {"all": ["summit", {"none": []}]}]}),
    (("watched_terms", 0, "avoid"), []),
    (("gazetteer", 0, "kind"), "robot"),
    (("publishers", 0, "id"), "Harbour Media"),
    (("outlets",), []),
    (("outlets", 0, "tier"), 4),
    (("outlets", 0, "tear"), 1),
    (("outlets", 0, "kind"), "blog"),
    (("outlets", 0, "country"), "INT"),
    (("outlets", 0, "language"), "english"),
    (("outlets", 0, "home"), "herald.example"),
    (("outlets", 0, "name"), ...),
    (("outlets", 0, "feeds"), []),
    ((*FEED, "url"), "ftp://herald.example/rss"),
    ((*FEED, "url"), "https:///rss"),
    ((*FEED, "url"), ...),
    ((*FEED, "poll_minutes"), 29),
    ((*FEED, "poll_minutes"), 1441),
    ((*FEED, "enabled"), "off"),
    ((*FEED, "enabled"), False),
    (FEED, {"id": "a", "url": "http://a.example/", "enabled": False, "note": " "}),
    (FEED, {"id": "a", "url": "http://a.example/", "enabled": False, "note": None}),
]


@pytest.mark.parametrize(("path", "value"), RIGHT, ids=str)
def test_what_is_right_passes_schema_and_loader(path: tuple[str | int, ...], value: object) -> None:
    values = with_value(path, value)
    assert not schema_refuses(values)
    assert not loader_refuses(values)


@pytest.mark.parametrize(("path", "value"), WRONG, ids=str)
def test_a_mistake_is_refused_by_schema_and_loader(path: tuple[str | int, ...], value: object) -> None:
    values = with_value(path, value)
    assert schema_refuses(values)
    assert loader_refuses(values)


groups = st.sampled_from(["law", "summit"])
queries: st.SearchStrategy[Any] = st.recursive(
    groups | st.sampled_from([5, None, [], {}, {"any": []}]),
    lambda part: (
        st.dictionaries(st.sampled_from(["all", "any", "none", "some"]), st.lists(part, max_size=3), max_size=2)
        | st.fixed_dictionaries(
            {"near": st.fixed_dictionaries({"within": st.integers(0, 9), "of": st.lists(part, max_size=3)})}
        )
    ),
    max_leaves=6,
)


@settings(derandomize=True, database=None, deadline=None, max_examples=200)
@given(queries)
def test_schema_and_loader_agree_on_any_query(query: object) -> None:
    values = with_value(("topics", 0, "query"), query)
    assert schema_refuses(values) == loader_refuses(values)
