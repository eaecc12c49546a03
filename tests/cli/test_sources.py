"""`presswatch sources`: what the file lists, out to other readers as OPML, and in from them as a change to review."""

import json
import re
import shutil
import stat
import subprocess
import time
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from pipelines.adapters.opml import ListedFeed, read_opml, write_opml
from pipelines.cli.importing import NOTE, Plan, plan_import
from pipelines.cli.sources import outlined
from pipelines.config import Sources, json_schema, load_sources, parse_sources
from pipelines.core.errors import ConfigError
from pipelines.shipped import shipped

from .calling import Called, here, presswatch

AGES = 120.0  # seconds; a bound against for ever

HEAD = """\
# The watch of the harbour.
monitor: {name: Harbour watch, contact: desk@monitor.example}
terms: {law: {en: [law]}}
topics: [{id: law, name: The law, query: law}]
"""
FILE = (
    HEAD
    + """\
publishers:  # companies
  - {id: harbour, name: Harbour Media}   # since 1910
  # - {id: gone, name: Gone}

# Outlets.
outlets:
  # the first
  - id: herald
    name: Harbour Herald
    publisher: harbour
    country: IE
    language: en
    tier: 1
    home: https://www.herald.example/
    feeds:
      - {id: herald-world, url: "https://feeds.herald.example/world"}  # the best
      - id: herald-old
        url: https://herald.example/old
        enabled: false
        note: closed in 2025  # by the outlet
  # the last word

# The end.
"""
)
OPML = """\
<?xml version="1.0" encoding="UTF-8"?>
<opml version="2.0"><head><title>Feeds</title></head><body>
  <outline text="Islands">
    <outline text="Island Post: news" xmlUrl="https://www.island.example/rss?a=1&amp;b=2" language="mt-MT"
             htmlUrl="https://www.island.example/"/>
    <outline text="Island Post: law" xmlUrl="https://rss.island.example/law" language="en"/>
  </outline>
  <outline text="Herald: sport" xmlUrl="https://herald.example/sport"/>
  <outline text="Herald: world" xmlUrl="http://feeds.herald.example/world/"/>
  <outline text="Herald: old" xmlUrl="https://herald.example/old"/>
  <outline text="A reader's own" xmlUrl="feed:island.example/x"/>
  <outline text="On this machine" xmlUrl="file:///etc/hostname"/>
  <outline text="More" type="include" url="https://lists.example/more.opml"/>
</body></opml>
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "sources.yaml").write_text(FILE, encoding="utf-8")
    (tmp_path / "feeds.opml").write_text(OPML, encoding="utf-8")
    return tmp_path


def sources(folder: Path, *arguments: str | Path, is_json: bool = False) -> Called:
    return here(*(["--json"] if is_json else []), "sources", *arguments, cwd=folder)


def addresses(found: Sources) -> set[str]:
    return {feed.url for outlet in found.outlets for feed in outlet.feeds}


# --- list -----------------------------------------------------------------------------------------------------------


def test_a_list_has_one_row_for_each_feed_with_what_is_known_of_it(folder: Path) -> None:
    header, *rows = sources(folder, "list").succeeded().lines()
    assert header.split("\t") == [
        "id", "outlet", "publisher", "country", "language", "tier", "kind", "url", "enabled", "note",
    ]  # fmt: skip
    assert [row.split("\t") for row in rows] == [
        ["herald-world", "herald", "harbour", "IE", "en", "1", "feed", "https://feeds.herald.example/world", "True",
         ""],
        ["herald-old", "herald", "harbour", "IE", "en", "1", "feed", "https://herald.example/old", "False",
         "closed in 2025"],
    ]  # fmt: skip


def test_a_list_for_machines_is_one_array(folder: Path) -> None:
    told = sources(folder, "list", is_json=True).succeeded().json()
    assert [(f["id"], f["enabled"], f["note"]) for f in told] == [
        ("herald-world", True, None),
        ("herald-old", False, "closed in 2025"),
    ]


@pytest.mark.parametrize(
    ("arguments", "ids"),
    [
        (["--disabled"], ["herald-old"]),
        (["--language", "EN"], ["herald-world", "herald-old"]),
        (["--country", "ie", "--disabled"], ["herald-old"]),
        (["--language", "fr"], []),
        (["--country", "FR"], []),
    ],
)
def test_a_list_is_narrowed(folder: Path, arguments: list[str], ids: list[str]) -> None:
    assert [f["id"] for f in sources(folder, "list", *arguments, is_json=True).succeeded().json()] == ids


def test_the_shipped_file_is_listed_whole(tmp_path: Path) -> None:
    called = here("--json", "--sources", shipped("sources.yaml"), "sources", "list", cwd=tmp_path).succeeded()
    assert {f["url"] for f in called.json()} == addresses(load_sources(shipped("sources.yaml")))


def test_a_file_with_a_mistake_is_not_listed(folder: Path) -> None:
    (folder / "sources.yaml").write_text(FILE.replace("tier: 1", "tier: 9"), encoding="utf-8")
    assert "sources.yaml:17: outlets[0].tier" in sources(folder, "list").failed_with_one_line()


# --- schema ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("is_json", [False, True])
def test_the_schema_is_printed_without_any_file_of_sources(tmp_path: Path, is_json: bool) -> None:  # noqa: FBT001
    assert sources(tmp_path, "schema", is_json=is_json).succeeded().json() == json_schema()


# --- export ---------------------------------------------------------------------------------------------------------


def exported(text: str) -> list[str | None]:
    return [x.get("xmlUrl") for x in ET.fromstring(text).iter("outline") if x.get("xmlUrl")]  # noqa: S314 (our own)


def test_an_export_lists_what_is_polled_and_all_on_demand(folder: Path) -> None:
    assert exported(sources(folder, "export").succeeded().out) == ["https://feeds.herald.example/world"]
    assert exported(sources(folder, "export", "--all").succeeded().out) == [
        "https://feeds.herald.example/world",
        "https://herald.example/old",
    ]


def test_an_export_into_a_file_says_what_it_wrote(folder: Path) -> None:
    called = sources(folder, "export", "out.opml", "--all").succeeded()
    assert called.out == "out.opml: 2 feeds of 1 outlets\n"
    assert len(exported((folder / "out.opml").read_text(encoding="utf-8"))) == 2


def test_an_export_for_machines_is_one_object(folder: Path) -> None:
    told = sources(folder, "export", is_json=True).succeeded().json()
    assert (told["file"], told["feeds"], len(exported(told["opml"]))) == (None, 1, 1)
    told = sources(folder, "export", "out.opml", is_json=True).succeeded().json()
    assert (told["file"], told["feeds"], told["opml"]) == ("out.opml", 1, None)


def test_a_character_that_xml_cannot_hold_is_told_and_nothing_is_written(folder: Path) -> None:
    (folder / "sources.yaml").write_text(FILE.replace("name: Harbour Herald", r'name: "a\x07b"'), encoding="utf-8")
    assert "character that XML cannot" in sources(folder, "export", "out.opml").failed_with_one_line()
    assert not (folder / "out.opml").exists()


# --- import ---------------------------------------------------------------------------------------------------------


def test_an_import_shows_a_change_and_leaves_the_file_alone(folder: Path) -> None:
    called = sources(folder, "import", "feeds.opml").succeeded()
    assert called.lines() == [
        "# left out: http://feeds.herald.example/world/: already in the file as https://feeds.herald.example/world",
        "# left out: https://herald.example/old: already in the file",
        "# left out: feed:island.example/x: not an http or https address",
        "# left out: file:///etc/hostname: not an http or https address",
        "# left out: https://lists.example/more.opml: another list of feeds; import it on its own",
        "--- a/sources.yaml",
        "+++ b/sources.yaml",
        "@@ -4,6 +4,7 @@",
        " topics: [{id: law, name: The law, query: law}]",
        " publishers:  # companies",
        "   - {id: harbour, name: Harbour Media}   # since 1910",
        "+  - {id: island-example, name: 'Island Post: news'}",
        "   # - {id: gone, name: Gone}",
        " ",
        " # Outlets.",
        "@@ -22,6 +23,36 @@",
        "         url: https://herald.example/old",
        "         enabled: false",
        "         note: closed in 2025  # by the outlet",
        "+  - id: island-example",
        "+    name: 'Island Post: news'",
        "+    publisher: island-example",
        "+    country: EU",
        "+    language: mt",
        "+    kind: media",
        "+    tier: 3",
        "+    home: https://www.island.example/",
        "+    feeds:",
        "+      - id: island-example",
        "+        url: https://www.island.example/rss?a=1&b=2",
        "+        poll_minutes: 60",
        "+        note: imported, to be checked",
        "+      - id: island-example-2",
        "+        url: https://rss.island.example/law",
        "+        language: en",
        "+        poll_minutes: 60",
        "+        note: imported, to be checked",
        "+  - id: herald-example",
        "+    name: 'Herald: sport'",
        "+    publisher: harbour",
        "+    country: EU",
        "+    language: und",
        "+    kind: media",
        "+    tier: 3",
        "+    feeds:",
        "+      - id: herald-example",
        "+        url: https://herald.example/sport",
        "+        poll_minutes: 60",
        "+        note: imported, to be checked",
        "   # the last word",
        " ",
        " # The end.",
    ]
    assert (folder / "sources.yaml").read_text(encoding="utf-8") == FILE


def written(folder: Path) -> str:
    """The file after `--write`."""
    called = sources(folder, "import", "feeds.opml", "--write").succeeded()
    assert called.lines()[-1] == "sources.yaml: 3 feeds of 2 outlets added; check what is guessed in them"
    return (folder / "sources.yaml").read_bytes().decode("utf-8")


def test_an_import_that_is_written_keeps_every_line_and_its_comment(folder: Path) -> None:
    text = written(folder)
    left = iter(text.splitlines())
    assert all(line in left for line in FILE.splitlines()), "the old lines, in their order, are all there"
    assert addresses(parse_sources(text)) == addresses(parse_sources(FILE)) | {
        "https://www.island.example/rss?a=1&b=2", "https://rss.island.example/law", "https://herald.example/sport",
    }  # fmt: skip
    assert [p.name for p in folder.iterdir() if "partial" in p.name] == []


def test_a_second_import_of_the_same_list_adds_nothing(folder: Path) -> None:
    text = written(folder)
    called = sources(folder, "import", "feeds.opml", "--write").succeeded()
    assert called.lines()[-1] == "# nothing to add"
    assert (folder / "sources.yaml").read_text(encoding="utf-8") == text


SHAPES = {
    "as it is": FILE,
    "without an end to its last line": FILE.rstrip("\n"),
    "that ends in its last feed": FILE.partition("  # by the outlet")[0],
    "with the line ends of Windows": FILE.replace("\n", "\r\n"),
    "with lists at the margin": re.sub(r"^  (?=\S|  )", "", FILE, flags=re.MULTILINE),
    "with outlets first": HEAD + FILE[FILE.index("# Outlets.") :] + FILE[len(HEAD) : FILE.index("# Outlets.")],
    "with a note of several lines": FILE.replace(
        "closed in 2025  # by", "|\n          closed\n\n          in 2025\n  # by"
    ),
    "with a byte order mark": "\ufeff" + FILE,
}


@pytest.mark.parametrize("tool", ["git apply", "patch -p1 --binary"])
@pytest.mark.parametrize("shape", SHAPES.values(), ids=SHAPES.keys())
def test_the_change_applied_by_other_tools_is_the_file_that_is_written(folder: Path, tool: str, shape: str) -> None:
    command = tool.split()
    if shutil.which(command[0]) is None:
        pytest.skip(f"{command[0]} is not installed here")
    file = folder / "sources.yaml"
    file.write_bytes(shape.encode("utf-8"))
    wanted = written(folder)
    assert load_sources(file).outlets[0].feeds[1].note
    file.write_bytes(shape.encode("utf-8"))
    change = presswatch("sources", "import", "feeds.opml", cwd=folder).succeeded().out
    subprocess.run(command, input=change.encode("utf-8"), cwd=folder, check=True, capture_output=True)
    assert file.read_bytes().decode("utf-8") == wanted


EMPTY = {
    "brackets": "publishers: []\noutlets: []  # none yet\n",
    "nothing": "publishers:\noutlets:   # none yet\n",
    "null": "outlets: null\npublishers: ~\n",
    "no keys": "",
}


@pytest.mark.parametrize("lists", EMPTY.values(), ids=EMPTY.keys())
def test_an_import_fills_a_file_that_has_no_outlets_yet(folder: Path, lists: str) -> None:
    (folder / "sources.yaml").write_text(HEAD + lists, encoding="utf-8")
    called = sources(folder, "import", "feeds.opml", "--write").succeeded()
    assert "5 feeds of 2 outlets added" in called.lines()[-1]
    text = (folder / "sources.yaml").read_text(encoding="utf-8")
    assert len(addresses(parse_sources(text))) == 5
    assert text.count("# none yet") == lists.count("# none yet")


IN_BRACKETS = (
    HEAD
    + """\
publishers: [{id: h, name: H}]
outlets: [{id: h, name: H, publisher: h, country: IE, language: en, feeds: [{id: h, url: "http://h.example/"}]}]
"""
)


def test_lists_in_brackets_are_refused_with_their_line_and_how_to_mend_it(folder: Path) -> None:
    (folder / "sources.yaml").write_text(IN_BRACKETS, encoding="utf-8")
    line = sources(folder, "import", "feeds.opml", "--write").failed_with_one_line()
    assert line.startswith("sources.yaml:5: publishers: write this list with one line or block for each item")
    assert (folder / "sources.yaml").read_text(encoding="utf-8") == IN_BRACKETS


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("tier: 1", "tier: 9", "sources.yaml:17: outlets[0].tier"),
        ("publisher: harbour", "publisher: nobody", "sources.yaml:14: outlets[0].publisher"),
        ("terms:", "terms: :", "not YAML"),
    ],
)
def test_a_file_with_a_mistake_is_told_with_its_own_lines_and_not_changed(
    folder: Path, old: str, new: str, told: str
) -> None:
    wrong = FILE.replace(old, new, 1)
    (folder / "sources.yaml").write_text(wrong, encoding="utf-8")
    assert told in sources(folder, "import", "feeds.opml", "--write").failed_with_one_line()
    assert (folder / "sources.yaml").read_text(encoding="utf-8") == wrong


def test_what_would_change_the_old_values_is_refused(folder: Path) -> None:
    keeps_its_blank_lines = FILE.replace("closed in 2025  # by the outlet\n", "|+\n          closed\n\n\n")
    (folder / "sources.yaml").write_text(keeps_its_blank_lines, encoding="utf-8")
    assert "would change what it says" in sources(folder, "import", "feeds.opml", "--write").failed_with_one_line()
    assert (folder / "sources.yaml").read_text(encoding="utf-8") == keeps_its_blank_lines


def test_an_import_for_machines_is_one_object(folder: Path) -> None:
    told = sources(folder, "import", "feeds.opml", is_json=True).succeeded().json()
    assert [o["id"] for o in told["added"]] == ["island-example", "herald-example"]
    assert {s["reason"] for s in told["skipped"]} >= {"already in the file", "not an http or https address"}
    assert told["diff"].startswith("--- a/sources.yaml\n+++ b/sources.yaml\n@@ ")
    assert told["is_written"] is False
    assert sources(folder, "import", "feeds.opml", "--write", is_json=True).succeeded().json()["is_written"] is True


def test_a_link_is_followed_and_who_may_read_the_file_stays_as_it_was(folder: Path) -> None:
    real = folder / "conf"
    real.mkdir()
    (folder / "sources.yaml").rename(real / "real.yaml")
    (real / "real.yaml").chmod(0o640)
    (folder / "sources.yaml").symlink_to(real / "real.yaml")
    written(folder)
    assert (folder / "sources.yaml").is_symlink()
    assert stat.S_IMODE((real / "real.yaml").stat().st_mode) == 0o640
    assert NOTE in (real / "real.yaml").read_text(encoding="utf-8")


def test_the_name_in_a_change_is_that_from_here_or_the_bare_one(
    folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> None:
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    for cwd, name in ((folder.parent, f"{folder.name}/sources.yaml"), (elsewhere, "sources.yaml")):
        called = here("--sources", folder / "sources.yaml", "sources", "import", folder / "feeds.opml", cwd=cwd)
        assert f"--- a/{name}" in called.succeeded().lines()


@pytest.mark.parametrize(
    ("body", "told"),
    [
        (b"", "feeds.opml:1: empty"),
        (OPML.encode()[:-20], "no well-formed XML"),
        (b'<!DOCTYPE opml [<!ENTITY a "a">]><opml><body>&a;</body></opml>', "declares entities"),
    ],
)
def test_a_broken_list_is_told_in_one_line(folder: Path, body: bytes, told: str) -> None:
    (folder / "feeds.opml").write_bytes(body)
    assert told in sources(folder, "import", "feeds.opml", "--write").failed_with_one_line()
    assert (folder / "sources.yaml").read_text(encoding="utf-8") == FILE


def test_a_list_without_feeds_adds_nothing(folder: Path) -> None:
    (folder / "feeds.opml").write_text('<opml version="2.0"><body/></opml>', encoding="utf-8")
    assert sources(folder, "import", "feeds.opml", "--write").succeeded().out == "# nothing to add\n"


def listing(number: int) -> str:
    outlines = "".join(f'<outline text="Island {i}" xmlUrl="https://i{i}.example/rss"/>' for i in range(number))
    return f'<opml version="2.0"><body>{outlines}</body></opml>'


def test_fifty_thousand_feeds_are_refused_at_once(folder: Path) -> None:
    (folder / "feeds.opml").write_text(listing(50_000), encoding="utf-8")
    began = time.monotonic()
    assert "50,000 new feeds at once" in sources(folder, "import", "feeds.opml").failed_with_one_line()
    assert time.monotonic() - began < AGES


def test_a_thousand_feeds_are_imported(folder: Path) -> None:
    (folder / "feeds.opml").write_text(listing(1000), encoding="utf-8")
    began = time.monotonic()
    sources(folder, "import", "feeds.opml", "--write").succeeded()
    assert len(addresses(load_sources(folder / "sources.yaml"))) == 1002
    assert time.monotonic() - began < AGES


# --- there and back -------------------------------------------------------------------------------------------------


def imported(feeds: list[ListedFeed], text: str = HEAD) -> Plan:
    opml = write_opml("Feeds", outlined(parse_sources(filled(feeds)), everything=True))
    return plan_import(text, read_opml(opml.encode("utf-8"), "feeds.opml"), "sources.yaml")


def filled(feeds: list[ListedFeed]) -> str:
    """A file with these feeds, each of an outlet of its own or all of one."""
    values: dict[str, Any] = yaml.safe_load(HEAD)
    values["publishers"] = [{"id": "p", "name": "P"}]
    values["outlets"] = [
        {
            "id": f"o{i}",
            "name": feed.title,
            "publisher": "p",
            "country": "IE",
            "language": feed.language,
            "feeds": [{"id": f"f{i}", "url": feed.url, "kind": "news_sitemap" if feed.is_sitemap else "feed"}],
        }
        for i, feed in enumerate(feeds)
    ]
    return json.dumps(values, ensure_ascii=False)  # YAML does not join two halves of a character


signs = st.characters(blacklist_categories=("Cs", "Cc", "Cn", "Co", "Zs", "Zl", "Zp"))
listed = st.builds(
    ListedFeed,
    url=st.builds(
        "{}://{}/{}".format,
        st.sampled_from(["http", "https"]),
        st.sampled_from(
            ["a.example", "www.a.example", "feeds.a.example", "ä.example", "a-b.example:8080", "[::1]", "x"]
        ),
        st.text(signs, max_size=8),
    ),
    title=st.text(signs | st.sampled_from(" :#-'\"{}[]*&!|>%@`,"), min_size=1, max_size=12),
    language=st.sampled_from(["en", "mul", "und", "no"]),
    is_sitemap=st.booleans(),
)


@settings(derandomize=True, database=None, deadline=None, max_examples=150)
@given(st.lists(listed, min_size=1, max_size=6, unique_by=lambda f: f.url))
def test_an_export_imported_into_an_empty_file_gives_the_same_addresses(feeds: list[ListedFeed]) -> None:
    plan = imported(feeds)
    found = parse_sources(plan.after)
    assert plan.skipped == ()
    assert addresses(found) == {f.url for f in feeds}
    told = {feed.url: (feed.language or o.language, feed.kind) for o in found.outlets for feed in o.feeds}
    assert told == {f.url: (f.language, "news_sitemap" if f.is_sitemap else "feed") for f in feeds}
    assert (
        plan_import(plan.after, read_opml(write_opml("x", outlined(found, everything=True)).encode(), "x"), "x").added
        == ()
    )


def test_the_shipped_file_survives_there_and_back(tmp_path: Path) -> None:
    here("--sources", shipped("sources.yaml"), "sources", "export", "all.opml", "--all", cwd=tmp_path).succeeded()
    (tmp_path / "sources.yaml").write_text(HEAD, encoding="utf-8")
    sources(tmp_path, "import", "all.opml", "--write").succeeded()
    assert addresses(load_sources(tmp_path / "sources.yaml")) == addresses(load_sources(shipped("sources.yaml")))


def test_the_shipped_file_takes_more_and_keeps_its_lines() -> None:
    text = shipped("sources.yaml").read_text(encoding="utf-8")
    plan = plan_import(text, read_opml(OPML.encode(), "feeds.opml"), "sources.yaml")
    left = iter(plan.after.splitlines())
    assert all(line in left for line in text.splitlines())
    assert len(addresses(parse_sources(plan.after)) - addresses(parse_sources(text))) == 5


def test_a_site_that_is_known_keeps_its_publisher_whatever_stands_before_its_name() -> None:
    plan = plan_import(FILE, read_opml(OPML.encode(), "feeds.opml"), "sources.yaml")
    assert [o["publisher"] for o in plan.added] == ["island-example", "harbour"]


def test_ids_that_are_taken_are_not_given_again() -> None:
    taken = FILE.replace("id: harbour,", "id: island-example,").replace(
        "publisher: harbour", "publisher: island-example"
    )
    taken = taken.replace("- id: herald\n", "- id: island-example\n").replace("id: herald-world", "id: island-example")
    plan = plan_import(taken, read_opml(OPML.encode(), "feeds.opml"), "sources.yaml")
    assert (plan.added[0]["id"], plan.added[0]["publisher"]) == ("island-example-2", "island-example-2")
    assert [f["id"] for f in plan.added[0]["feeds"]] == ["island-example-2", "island-example-2-2"]


def test_a_list_for_a_file_without_settings_is_refused() -> None:
    with pytest.raises(ConfigError, match="monitor: Field required"):
        plan_import("# nothing yet\n", read_opml(OPML.encode(), "feeds.opml"), "sources.yaml")
