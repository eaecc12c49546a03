"""The documentation against the program: what is shown exists, with its options, and every link leads somewhere."""

import re
import shlex
from collections.abc import Iterator
from pathlib import Path

import click
import pytest
import typer

from pipelines.cli.main import app

ROOT = Path(__file__).parents[1]
PAGES = sorted(
    [*ROOT.glob("*.md"), *ROOT.glob("docs/**/*.md"), ROOT / "warehouse/README.md", *ROOT.glob("*/README.md")]
)
_FENCE = re.compile(r"^```(?:sh|console)\n(.*?)^```", re.MULTILINE | re.DOTALL)
_LINK = re.compile(r"\]\(([^)#\s]+)(?:#[^)]*)?\)")
_ASSIGNMENT = re.compile(r"^[A-Z_]+=\S*$")


def commands(text: str) -> Iterator[list[str]]:
    """The words of every shown call of presswatch, after its name."""
    for block in _FENCE.findall(text):
        for line in block.replace("\\\n", " ").splitlines():
            for part in re.split(r"&&|\|(?!\|)", line.removeprefix("$ ")):
                words = shlex.split(part.split(" #")[0], posix=True)
                while words and (_ASSIGNMENT.match(words[0]) or words[0] in {"time", "export"}):
                    words = words[1:]
                if words and Path(words[0]).name == "presswatch":
                    yield words[1:]


def shown() -> list[tuple[str, list[str]]]:
    return [(str(p.relative_to(ROOT)), c) for p in PAGES for c in commands(p.read_text(encoding="utf-8"))]


def resolved(words: list[str]) -> tuple[click.Command, list[str]]:
    """The command that the words name, and its own words; the options on the way are checked."""
    command: click.Command = typer.main.get_command(app)
    while isinstance(command, click.Group):
        while words and words[0].startswith("-"):
            takes_value = option(command, words[0])
            words = words[2:] if takes_value and "=" not in words[0] else words[1:]
        if not words:
            return command, []
        assert words[0] in command.commands, f"no command {words[0]}"
        command, words = command.commands[words[0]], words[1:]
    return command, words


def option(command: click.Command, word: str) -> bool:
    """Check that an option exists; whether it takes a value."""
    name = word.split("=", maxsplit=1)[0]
    known = {o: p for p in command.params if isinstance(p, click.Option) for o in (*p.opts, *p.secondary_opts)}
    if name in {"--help", "-h"}:
        return False
    assert name in known, f"{command.name} has no option {name}"
    return not known[name].is_flag


def test_the_documentation_shows_commands() -> None:
    assert len(shown()) > 20
    assert {"demo", "run", "digest", "explain", "sql", "ui", "doctor", "inspect"} <= {
        word for _, words in shown() for word in words
    }


@pytest.mark.parametrize(("page", "words"), shown(), ids=lambda x: x if isinstance(x, str) else " ".join(x)[:60])
def test_every_command_that_is_shown_exists_with_its_options(page: str, words: list[str]) -> None:
    command, own = resolved(words)
    for word in own:
        if word == "--":
            break
        if word.startswith("-") and word != "-":
            option(command, word)
    assert page


def test_a_command_or_option_that_does_not_exist_is_found_out() -> None:
    with pytest.raises(AssertionError):
        resolved(["sources", "nosuch"])
    command, _ = resolved(["run"])
    with pytest.raises(AssertionError):
        option(command, "--fast")


@pytest.mark.parametrize("page", PAGES, ids=lambda p: str(p.relative_to(ROOT)))
def test_every_link_between_pages_leads_somewhere(page: Path) -> None:
    text = re.sub(r"^```.*?^```", "", page.read_text(encoding="utf-8"), flags=re.MULTILINE | re.DOTALL)
    targets = [t for t in _LINK.findall(text) if "://" not in t and not t.startswith("mailto:")]
    assert [t for t in targets if not (page.parent / t).exists()] == []


def every_command(group: click.Command, path: str = "") -> Iterator[tuple[str, click.Command]]:
    if isinstance(group, click.Group):
        for name, command in group.commands.items():
            yield from every_command(command, f"{path} {name}".strip())
    else:
        yield path, group


@pytest.mark.parametrize(("name", "command"), every_command(typer.main.get_command(app)))
def test_every_command_has_help_with_an_example(name: str, command: click.Command) -> None:
    assert command.help
    assert command.epilog
    assert command.epilog.startswith(f"Example: presswatch {name}")
