"""Hostile pages: each gives a text or a named reason within its limits, and none takes another with it."""

import random
import subprocess
import sys
from pathlib import Path

import pytest

from pipelines.adapters.pages import Assignment, Reading, read_assigned
from pipelines.adapters.workers import Workers
from pipelines.core.nouns import Page
from pipelines.core.reasons import Reason, Rejected
from tests.builders import NOW
from tests.quality.corpora import real_data

SAMPLE = 12


def folder_of_pages(folder: Path) -> list[Path]:
    writer = real_data() / "nasty_pages.py"
    if not writer.exists():
        pytest.skip(f"no nasty_pages.py in {real_data()}; set PRESSWATCH_EVAL to the folder of real data")
    subprocess.run([sys.executable, writer, folder], check=True, capture_output=True)
    return sorted(p for p in folder.iterdir() if p.is_file())


def read_all(paths: list[Path]) -> dict[str, Reading | Rejected]:
    tasks = (
        (Assignment(page=Page(url=URL, final_url=URL, body=p.read_bytes()), entry=None, prior=None, now=NOW),)
        for p in paths
    )
    with Workers() as workers:
        return {p.name: found for p, found in zip(paths, workers.map(read_assigned, tasks), strict=True)}


URL = "http://herald.example/n/1"


def unnamed(found: dict[str, Reading | Rejected]) -> list[str]:
    """Pages with neither a text nor a named reason."""
    return [
        name
        for name, reading in found.items()
        if isinstance(reading, Reading) and not reading.article.text and reading.rejected is None
    ]


def killed(found: dict[str, Reading | Rejected]) -> dict[str, Reason]:
    """Pages whose worker met a limit or died."""
    return {name: reading.reason for name, reading in found.items() if isinstance(reading, Rejected)}


def test_a_sample_of_hostile_pages_gives_texts_or_named_reasons(tmp_path: Path) -> None:
    paths = folder_of_pages(tmp_path)
    found = read_all(random.Random("nasty").sample(paths, SAMPLE))
    assert unnamed(found) == []
    assert set(killed(found).values()) <= {Reason.TOO_COSTLY}


@pytest.mark.slow
def test_every_hostile_page_gives_a_text_or_a_named_reason_and_hardly_any_meets_a_limit(tmp_path: Path) -> None:
    paths = folder_of_pages(tmp_path)
    found = read_all(paths)
    assert unnamed(found) == []
    assert set(killed(found).values()) <= {Reason.TOO_COSTLY}
    assert len(killed(found)) <= len(paths) // 20
