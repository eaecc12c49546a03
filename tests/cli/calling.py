"""How these tests call the command: the real one, in a process of its own, and the tree of its commands."""

import contextlib
import io
import json
import os
import shlex
import subprocess
import sys
import traceback
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import click
import typer

from pipelines.cli.main import app, main

COMMAND = Path(sys.executable).with_name("presswatch")
_NOT_OURS = ("PRESSWATCH_", "FORCE_COLOR", "PY_COLORS", "GITHUB_ACTIONS", "DAGSTER_HOME")
_PATIENCE_SECONDS = 240


@dataclass(frozen=True, slots=True)
class Called:
    """What a call gave back."""

    code: int
    out: str
    err: str

    def lines(self) -> list[str]:
        return self.out.splitlines()

    def json(self) -> Any:
        """Its output as strict JSON: NaN and Infinity are no JSON."""
        return json.loads(self.out, parse_constant=_no_json)

    def objects(self) -> list[dict[str, Any]]:
        """Its output as JSON lines."""
        return [json.loads(line, parse_constant=_no_json) for line in self.out.split("\n") if line]

    def succeeded(self) -> "Called":
        assert (self.code, self.err) == (0, ""), self.err
        return self

    def failed_with_one_line(self) -> str:
        """The one line on standard error with which a failure ends."""
        assert self.code == 1, (self.code, self.err)
        assert "Traceback" not in self.err, self.err
        lines = self.err.splitlines()
        assert len(lines) == 1, lines
        assert lines[0].startswith("presswatch: ")
        return lines[0].removeprefix("presswatch: ")


def _no_json(constant: str) -> None:
    raise ValueError(f"{constant} is no JSON")


def environment(**more: str) -> dict[str, str]:
    """The environment without anything that says how Presswatch is to run, and what is given here."""
    clean = {name: value for name, value in os.environ.items() if not name.startswith(_NOT_OURS)}
    return {**clean, "COLUMNS": "300", "NO_COLOR": "1", "TERM": "dumb", **more}


def presswatch(
    *arguments: str | Path, cwd: Path | None = None, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> Called:
    """Call the command, and wait for its end."""
    ended = subprocess.run(
        [COMMAND, *map(str, arguments)],
        cwd=cwd,
        input=stdin,
        env=environment(**(env or {})),
        capture_output=True,
        timeout=_PATIENCE_SECONDS,
        check=False,
    )
    return Called(ended.returncode, ended.stdout.decode("utf-8"), ended.stderr.decode("utf-8", "replace"))


def here(
    *arguments: str | Path, cwd: Path | None = None, stdin: bytes = b"", env: Mapping[str, str] | None = None
) -> Called:
    """As `presswatch`, within this process: for the many calls that only ask."""
    out, err = (io.TextIOWrapper(io.BytesIO(), encoding="utf-8") for _ in range(2))
    before, read, code = dict(os.environ), sys.stdin, 0
    os.environ.clear()
    os.environ.update(environment(**(env or {})))
    sys.stdin = io.TextIOWrapper(io.BytesIO(stdin), encoding="utf-8")
    try:
        with contextlib.chdir(cwd or Path.cwd()), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            try:
                main([str(argument) for argument in arguments])
            except SystemExit as ended:
                code = int(ended.code or 0)
            except Exception:  # noqa: BLE001 (what a command lets through, Python would print)
                traceback.print_exc()
                code = 1
    finally:
        os.environ.clear()
        os.environ.update(before)
        sys.stdin = read
    return Called(code, _written(out), _written(err))


def _written(stream: io.TextIOWrapper) -> str:
    stream.flush()
    stream.seek(0)
    return stream.read()


def shell(line: str, env: Mapping[str, str]) -> tuple[str, str]:
    """What a line of shell prints, with the command on its path."""
    path = f"{COMMAND.parent}:/usr/bin:/bin"
    ended = subprocess.run(
        ["/bin/sh", "-c", line], env=environment(**env, PATH=path), capture_output=True, text=True, check=True
    )
    return ended.stdout, ended.stderr


def root() -> click.Group:
    """The tree of commands."""
    group = typer.main.get_command(app)
    assert isinstance(group, click.Group)
    return group


def commands(group: click.Group | None = None, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """Every command and group below the root, by its words."""
    for name, command in (group or root()).commands.items():
        yield (*path, name)
        if isinstance(command, click.Group):
            yield from commands(command, (*path, name))


def wrong_in(line: str) -> str | None:
    """What is wrong with the words of a call of `presswatch`, by the tree of commands; None if nothing is.

    Nothing is run: the options of each level are parsed, and values are converted.
    """
    words = shlex.split(line, comments=True)
    command: click.Command = root()
    name = words.pop(0)
    while True:
        try:
            context = command.make_context(name, words, resilient_parsing=False)
        except click.exceptions.Exit:  # --help and --version end here
            return None
        except click.ClickException as wrong:
            return f"{line}: {wrong.format_message()}"
        if not isinstance(command, click.Group):
            return None
        rest = [*context._protected_args, *context.args]  # noqa: SLF001 (click keeps the next command's words there)
        found, command_found, words = command.resolve_command(context, rest)
        if command_found is None:
            return f"{line}: no command {rest[:1]}"
        name, command = str(found), command_found
