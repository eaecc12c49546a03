"""JSON-LD as pages write it: what is read out of it, and that none of it costs more than a worker may spend."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.jsonld import MOST_CHARS, Graph
from pipelines.adapters.workers import Limits, Workers
from pipelines.core.reasons import Rejected

STORY = {"@type": "NewsArticle", "headline": "Ministers agree on a pledge", "url": "https://herald.example/n/1"}


def graph(*blocks: object) -> Graph:
    return Graph.of(b if isinstance(b, str) else json.dumps(b) for b in blocks)


def own(found: Graph, *heads: str, url: str | None = None) -> list[object]:
    return [node.get("headline") for node in found.own(list(heads), [url])]


@pytest.mark.parametrize(
    "block",
    [
        STORY,
        [STORY],
        {"@graph": [STORY]},
        {"@type": "WebPage", "mainEntity": STORY},
        {**STORY, "@type": ["Thing", "NewsArticle"]},
    ],
)
def test_a_node_is_found_wherever_it_stands(block: object) -> None:
    assert own(graph(block)) == [STORY["headline"]]


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("//<![CDATA[\n", "\n//]]>"),
        ("<![CDATA[", "]]>"),
        ("/* <![CDATA[ */ ", " /* ]]> */"),
        ("<!-- ", " -->"),
        ("", ";"),
        ("", "\n{}"),
        ("", "// the end"),
        ("", "/* no end"),
        ("// the story\n", ""),
        ("[", ",]"),
    ],
)
def test_what_templates_put_around_it_is_undone(before: str, after: str) -> None:
    assert own(graph(before + json.dumps(STORY) + after)) == [STORY["headline"]]


@pytest.mark.parametrize(
    ("written", "headline"),
    [
        ('{"@type": "Article", "headline": "One // two /* three */",}', "One // two /* three */"),
        ('{"@type": "Article", "headline": "A \\"pledge\\", }",}', 'A "pledge", }'),
        ("{&quot;@type&quot;: &quot;Article&quot;, &quot;headline&quot;: &quot;One&quot;}", "One"),
        ('{"@type": "Article", "headline": "One\ntwo"}', "One\ntwo"),
        ('{"@type": "Article", /* of the desk */ "headline": "One"}', "One"),
    ],
)
def test_a_string_keeps_what_looks_like_a_fault_outside_it(written: str, headline: str) -> None:
    assert own(graph(written)) == [headline]


@pytest.mark.parametrize(
    "broken", ["", "{", '{"@type": "Article", "headline": "A "pledge""}', "null", "7", "[" * 9_999]
)
def test_a_block_that_is_no_json_is_left_out_and_the_next_is_read(broken: str) -> None:
    assert own(graph(broken, STORY)) == [STORY["headline"]]


def test_a_block_longer_than_any_articles_is_left_out() -> None:
    assert graph({**STORY, "articleBody": "x" * MOST_CHARS}).nodes == ()


def test_the_pages_own_node_comes_first_by_its_headline_or_its_address() -> None:
    other = {**STORY, "headline": "Another story", "url": "https://herald.example/n/2"}
    both = graph([other, STORY])
    assert own(both) == ["Another story", STORY["headline"]]
    assert own(both, "Ministers agree on a pledge!")[0] == STORY["headline"]
    assert own(both, url="https://herald.example/n/1?utm_source=feed")[0] == STORY["headline"]


@pytest.mark.parametrize("key", ["@id", "mainEntityOfPage"])
def test_an_address_may_stand_in_three_places(key: str) -> None:
    place = "https://herald.example/n/1"
    mine = {"@type": "Article", "headline": "Mine", key: {"@id": place} if key == "mainEntityOfPage" else place}
    assert own(graph({"@type": "Article", "headline": "Other"}, mine), url=place)[0] == "Mine"


def test_of_two_nodes_that_fit_the_one_that_says_more_is_first() -> None:
    bare = {"@type": "NewsArticle", "@id": STORY["url"]}
    assert graph([bare, STORY]).own([], [STORY["url"]])[0]["headline"] == STORY["headline"]
    undated, dated = {**STORY, "name": "undated"}, {**STORY, "datePublished": "2026-11-24"}
    assert graph([undated, dated]).own([], [STORY["url"]])[0] == dated


def test_nodes_of_the_same_article_are_told_from_those_of_others() -> None:
    twin, other = {**STORY, "isAccessibleForFree": False}, {**STORY, "headline": "Other", "url": "https://x.example"}
    nodes = graph([STORY, other, twin]).own(["Ministers agree on a pledge"], [])
    assert [n.get("isAccessibleForFree", n["headline"]) for n in Graph((), {}).alike(nodes)] == [
        STORY["headline"],
        False,
    ]
    assert graph([]).alike([]) == []


@pytest.mark.parametrize(
    ("who", "names"),
    [
        ("Ana Novak", ("Ana Novak",)),
        ({"@type": "Person", "name": "Ana Novak"}, ("Ana Novak",)),
        ([{"name": "Ana Novak"}, "Piet Maas"], ("Ana Novak", "Piet Maas")),
        ({"name": ["Ana Novak", "Piet Maas"]}, ("Ana Novak", "Piet Maas")),
        ({"@id": "#ana"}, ("Ana Novak",)),
        ({"@id": "#nobody"}, ()),
        ({"@id": "#loop"}, ()),
        (7, ()),
        (None, ()),
    ],
)
def test_names_are_found_through_lists_and_references(who: object, names: tuple[str, ...]) -> None:
    known = [
        {"@id": "#ana", "@type": "Person", "name": "Ana Novak"},
        {"@id": "#loop", "@type": "Person", "name": {"@id": "#loop"}},
    ]
    assert graph(known).names(who) == names


def test_a_reference_leads_to_the_node_that_says_most_not_to_one_that_only_refers() -> None:
    refers, says = {"@type": "Person", "@id": "#ana"}, {"@type": "Person", "@id": "#ana", "name": "Ana Novak"}
    for nodes in ([refers, says], [says, refers]):
        assert graph(nodes).names({"@id": "#ana"}) == ("Ana Novak",)


def test_the_first_node_of_a_kind_is_an_empty_one_where_there_is_none() -> None:
    found = graph({"@type": "WebPage", "name": "one"}, {"@type": "WebPage", "name": "two"})
    assert (found.first("WebPage").get("name"), found.first("WebSite")) == ("one", {})


def test_more_nodes_than_any_page_has_are_not_all_held() -> None:
    assert len(graph([STORY] * 1_000, [STORY] * 1_000).nodes) < 500


def test_a_long_broken_block_ends_within_the_limits_of_a_worker() -> None:
    units = (" ", "/*", "//", "--> ", ", ", '"\\', "[", '{"a":', "&quot;", "<![CDATA[", "]]> ", "/ * ")
    blocks = ["x{" + unit * ((MOST_CHARS - 10) // len(unit)) + "y" for unit in units]
    with Workers(processes=2, limits=Limits(cpu_seconds=5.0, memory_bytes=1_000_000_000)) as workers:
        assert [f for f in workers.map(graph, ((block,) for block in blocks)) if isinstance(f, Rejected)] == []


@given(st.text(alphabet='{}[]",:/*\\<!->@typeArticle \n', max_size=200))
def test_any_text_gives_a_graph(text: str) -> None:
    assert isinstance(graph(text).nodes, tuple)
