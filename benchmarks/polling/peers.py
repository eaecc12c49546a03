"""Where the peers are installed: the extra `peers` of pyproject.toml, never a dependency of ours."""

import contextlib
import os
import subprocess
import sys
import tomllib
from pathlib import Path

ROOT = Path(__file__).parents[2]


def wanted() -> list[str]:
    """Requirements of the peers."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return list(project["optional-dependencies"]["peers"])


def folder() -> Path:
    """Of the environment that `make` makes."""
    return Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache") / "presswatch-peers"


def make() -> None:
    """An environment of their own: a peer's pins must not decide about ours."""
    for command in (
        [sys.executable, "-m", "venv", str(folder())],
        [str(_python_of(folder())), "-m", "pip", "install", "--quiet", "--upgrade", *wanted()],
    ):
        subprocess.run(command, check=True, stdout=sys.stderr)  # noqa: S603


def _python_of(environment: Path) -> Path:
    return environment / "bin" / "python"


def python_with_peers(named: str | None) -> str | None:
    """The first interpreter that has the peers: the one named; else this one, or the one that was made."""
    for python in [named] if named else [sys.executable, str(_python_of(folder()))]:
        with contextlib.suppress(OSError):
            if not subprocess.run([python, "-c", "import reader"], capture_output=True, check=False).returncode:  # noqa: S603
                return python
    return None
