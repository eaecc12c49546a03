"""What holds for every command: help, exit codes, one clear line, global options first."""

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pipelines import __version__
from pipelines.cli.main import app
from pipelines.demo.play import demo_sources

from .calling import commands, environment, presswatch, shell, wrong_in
from .conftest import Demo

ALL = [" ".join(path) for path in commands()]


@pytest.mark.parametrize("command", ALL)
def test_every_command_has_help_with_an_example_that_is_right(command: str) -> None:
    shown = CliRunner().invoke(app, [*command.split(), "--help"], env=environment(), terminal_width=300)
    assert shown.exit_code == 0
    assert f"Usage: presswatch {command}" in re.sub(r"Usage: \S*root", "Usage: presswatch", shown.stdout)
    if command in {"inspect", "judge", "sources"}:
        return  # a group: its commands have the examples
    examples = re.findall(r"Example: (presswatch .*?)\s*$", shown.stdout, re.MULTILINE)
    assert examples, shown.stdout
    for example in examples:
        assert wrong_in(example) is None
        assert example.startswith(f"presswatch {command}"), example


def test_help_of_the_whole_lists_every_command_and_every_global_option() -> None:
    shown = presswatch("--help")
    assert (shown.code, shown.err) == (0, "")
    for word in (*{c.split()[0] for c in ALL}, "--sources", "--warehouse", "--json", "--version"):
        assert re.search(rf"{re.escape(word)}\b", shown.out), word
    assert presswatch("-h").out == shown.out


def test_the_version_is_printed() -> None:
    shown = presswatch("--version").succeeded()
    assert shown.out == f"presswatch {__version__}\n"


WRONG_USAGE = {
    "an unknown command": ["nosuch"],
    "an unknown command of a group": ["inspect", "nosuch"],
    "an unknown option": ["run", "--nosuch"],
    "an unknown stage": ["run", "--until", "nothing"],
    "a digest of half a pass": ["run", "--until", "poll", "--digest"],
    "a day that is none": ["digest", "--date", "2026-13-11"],
    "a time that is none": ["digest", "--as-of", "yesterday"],
    "an unknown format": ["digest", "--format", "pdf"],
    "no URL to explain": ["explain"],
    "two URLs to explain": ["explain", "http://a.test/1", "http://a.test/2"],
    "no URL to inspect": ["inspect", "url"],
    "no file to inspect": ["inspect", "page"],
    "no list of feeds to import": ["sources", "import"],
    "two files to export to": ["sources", "export", "a.opml", "b.opml"],
    "a global option behind the command": ["sql", "--json", "select 1"],
    "a port that is no number": ["ui", "--port", "here"],
    "a port beyond all ports": ["ui", "--port", "99999"],
}


@pytest.mark.parametrize("arguments", WRONG_USAGE.values(), ids=WRONG_USAGE.keys())
def test_wrong_usage_ends_with_2_and_says_what_is_wrong(arguments: list[str], demo: Demo) -> None:
    called = demo.command(*arguments)
    assert (called.code, called.out) == (2, ""), called.err
    assert called.err.startswith("Usage: presswatch")
    assert "Error" in called.err
    assert "Traceback" not in called.err


FAILURES = {
    "run without sources": (["--sources", "nosuch.yaml", "run"], "nosuch.yaml: no such file"),
    "digest without sources": (["--sources", "nosuch.yaml", "digest"], "nosuch.yaml: no such file"),
    "ui without sources": (["--sources", "nosuch.yaml", "ui"], "nosuch.yaml: no such file"),
    "list of sources without sources": (["--sources", "nosuch.yaml", "sources", "list"], "nosuch.yaml: no such file"),
    "export without sources": (["--sources", "nosuch.yaml", "sources", "export", "a"], "nosuch.yaml: no such file"),
    "import into nothing": (["--sources", "nosuch.yaml", "sources", "import", "sources.yaml"], "nosuch.yaml: no such"),
    "import of nothing": (["sources", "import", "nosuch.opml"], "nosuch.opml: cannot be read"),
    "import of what is no OPML": (["sources", "import", "sources.yaml", "--write"], "sources.yaml:1: no well-formed"),
    "export into a folder": (["sources", "export", "warehouse"], "warehouse: could not be written"),
    "sql before anything is published": (["--warehouse", "none", "sql", "select 1"], "nothing is published yet"),
    "explain before anything is published": (["--warehouse", "none", "explain", "a"], "nothing is published yet"),
    "digest before anything is known": (["--warehouse", "none", "digest"], "`presswatch run`"),
    "a file as a warehouse": (["--warehouse", "sources.yaml", "run"], "sources.yaml"),
    "a file as a warehouse to ask": (["--warehouse", "sources.yaml", "sql", "select 1"], "sources.yaml"),
    "a file to keep the demo in": (["demo", "--keep", "sources.yaml"], "sources.yaml"),
    "a folder to write the digest to": (["digest", "--date", "2026-11-11", "--out", "warehouse"], "warehouse"),
}


@pytest.mark.parametrize(("arguments", "says"), FAILURES.values(), ids=FAILURES.keys())
def test_a_failure_ends_with_1_and_one_line_that_names_what_failed(arguments: list[str], says: str, demo: Demo) -> None:
    before = set(demo.folder.iterdir())
    called = demo.command(*arguments)
    assert says in called.failed_with_one_line()
    assert called.out == ""
    assert set(demo.folder.iterdir()) == before, "a failure leaves nothing behind"


@pytest.mark.parametrize(
    ("variable", "value", "says"),
    [
        ("PRESSWATCH_NOW", "tomorrow", "is not a time with an offset"),
        ("PRESSWATCH_NOW", "2026-11-10T06:30", "is not a time with an offset"),
        ("PRESSWATCH_HOSTS", "press.test", "is not NAME=ADDRESS:PORT"),
        ("PRESSWATCH_HOSTS", "press.test=127.0.0.1:port", "is not NAME=ADDRESS:PORT"),
    ],
)
def test_an_environment_that_cannot_be_read_is_named(variable: str, value: str, says: str, demo: Demo) -> None:
    line = demo.command("doctor", stdin=b"", **{variable: value}).failed_with_one_line()
    assert variable in line
    assert says in line


def test_each_mistake_in_the_sources_has_a_line_of_its_own_with_its_place(demo: Demo, tmp_path: Path) -> None:
    wrong = tmp_path / "wrong.yaml"
    wrong.write_text("first: 1\nsecond: 2\n", encoding="utf-8")
    called = demo.command("--sources", wrong, "run")
    assert (called.code, called.out) == (1, "")
    assert "Traceback" not in called.err
    assert f"presswatch: {wrong}:1: first: unknown key" in called.err.splitlines()
    assert f"presswatch: {wrong}:2: second: unknown key" in called.err.splitlines()


def test_global_options_stand_before_the_command_and_beat_the_environment(demo: Demo, tmp_path: Path) -> None:
    called = presswatch(
        "--json", "--sources", demo.folder / "sources.yaml", "--warehouse", demo.warehouse, "doctor",
        cwd=tmp_path, env={"PRESSWATCH_SOURCES": "nosuch.yaml", "PRESSWATCH_WAREHOUSE": "none"},
    ).succeeded()  # fmt: skip
    told = " ".join(finding["what"] for finding in called.json())
    assert f"{len(demo_sources()['outlets'])} outlets" in told
    assert "nosuch" not in told


def test_a_reader_that_has_seen_enough_causes_no_complaint(demo: Demo) -> None:
    assert shell("presswatch sql 'from range(200000)' | head -n 1", demo.env) == ("range\n", "")


def test_letters_beyond_the_alphabet_of_the_output_do_not_stop_a_command(demo: Demo) -> None:
    query = "select title from articles where title similar to '.*[^ -~].*' order by title limit 1"
    called = demo.command("sql", query, PYTHONIOENCODING="ascii")
    assert called.code == 0, called.err
    assert len(called.lines()) == 2
