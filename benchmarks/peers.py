"""Where the peers are installed: the extra `peers` of pyproject.toml, never a dependency of ours."""

import contextlib
import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
_IS_THERE = "import importlib.util as u, sys; sys.exit(u.find_spec(sys.argv[1]) is None)"


def wanted() -> list[str]:
    """Requirements of the peers."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return list(project["optional-dependencies"]["peers"])


def missing(packages: Iterable[str]) -> str:
    """What to tell of a peer that is not there."""
    named = set(packages)
    return "not installed: pip install " + " ".join(f"'{r}'" for r in wanted() if _package(r) in named)


def _package(requirement: str) -> str:
    return re.split(r"[^\w.-]", requirement, maxsplit=1)[0]


def folder() -> Path:
    """Of the environment that `make` makes."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "presswatch-peers"


def make() -> None:
    """An environment of their own: a peer's pins must not decide about ours. One that cannot be had stops no other."""
    subprocess.run([sys.executable, "-m", "venv", str(folder())], check=True, stdout=sys.stderr)  # noqa: S603
    for requirement in wanted():
        command = [str(_python_of(folder())), "-m", "pip", "install", "--quiet", "--upgrade", requirement]
        if subprocess.run(command, check=False, stdout=sys.stderr).returncode:  # noqa: S603
            print(f"could not be installed: {requirement}", file=sys.stderr)


def _python_of(environment: Path) -> Path:
    return environment / "bin" / "python"


def python_with(module: str, named: str | None = None) -> str | None:
    """The first interpreter that has a peer's module: the one named; else this one, or the one that was made."""
    for python in [named] if named else [sys.executable, str(_python_of(folder()))]:
        with contextlib.suppress(OSError):
            if not subprocess.run([python, "-c", _IS_THERE, module], capture_output=True, check=False).returncode:  # noqa: S603
                return python
    return None


def told_by(command: Sequence[str], enough_seconds: int) -> dict[str, Any]:
    """The JSON in the last line that a contestant prints; one that fails or takes longer is a `problem`, not an end."""
    try:
        ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=enough_seconds, check=False)  # noqa: S603
    except subprocess.TimeoutExpired:
        return {"problem": f"could not run: more than {enough_seconds} s"}
    if ended.returncode:
        return {"problem": f"could not run: {(ended.stderr.strip().splitlines() or ['no word'])[-1]}"}
    lines = ended.stdout.splitlines()
    told: dict[str, Any] = json.loads(lines[-1]) if lines else {}
    return told
