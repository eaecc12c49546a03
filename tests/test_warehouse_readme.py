"""Tables in the documentation against what they describe: the warehouse's README, states and reasons, settings."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines import settings
from pipelines.core.reasons import Reason, State

ROOT = Path(__file__).parents[1]
README = ROOT / "warehouse" / "README.md"
OPERATORS = ROOT / "docs" / "operators.md"


@pytest.fixture(scope="module")
def described() -> str:
    command = [sys.executable, str(ROOT / "warehouse" / "describe.py")]
    return subprocess.run(command, check=True, capture_output=True, text=True, cwd=ROOT).stdout


def first_cells(text: str, heading: str) -> list[str]:
    """The code in the first cell of each row of the table under a heading."""
    section = text.split(f"\n{heading}\n", 1)[1].split("\n## ", 1)[0]
    return re.findall(r"^\| `([^`]+)` \|", section, re.MULTILINE)


def test_the_readme_of_the_warehouse_is_what_describe_prints(described: str) -> None:
    assert described.strip() in README.read_text(encoding="utf-8")


def test_every_table_and_view_of_the_migrations_is_described(described: str) -> None:
    sql = "".join(p.read_text(encoding="utf-8") for p in sorted((ROOT / "warehouse").glob("[mv]i*/*.sql")))
    made = re.findall(r"^create (?:table|or replace view) (\w+)", sql, re.MULTILINE)
    assert len(made) > 20
    assert sorted(re.findall(r"^### (\w+)", described, re.MULTILINE)) == sorted(made)


def test_every_table_and_column_has_a_comment(described: str) -> None:
    sentences = re.findall(r"^### .+\n\n(.+)$", described, re.MULTILINE)
    assert all(s.startswith("One row: ") for s in sentences)
    cells = re.findall(r"^\| `.+?` \| .+? \| (.*) \|$", described, re.MULTILINE)
    assert len(cells) > 200
    assert all(cells)


def test_the_operators_table_of_states_is_that_of_the_code() -> None:
    assert first_cells(OPERATORS.read_text(encoding="utf-8"), "## States of an entry") == [s.value for s in State]


def test_the_operators_table_of_reasons_is_that_of_the_code() -> None:
    assert first_cells(OPERATORS.read_text(encoding="utf-8"), "## Reasons") == list(
        dict.fromkeys(r.value for r in Reason)
    )


def test_the_operators_table_of_settings_is_that_of_the_code() -> None:
    named = set(re.findall(r"PRESSWATCH_[A-Z_]+", settings.__doc__ or ""))
    assert set(first_cells(OPERATORS.read_text(encoding="utf-8"), "## Settings")) == named
    assert "PRESSWATCH_WAREHOUSE" in named
