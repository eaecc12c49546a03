"""Hostile pages, each in a worker: no crash, within the limits, and a text or a named reason for each."""

import os
import random
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pipelines.adapters.pages import Assignment, Reading, read_assigned
from pipelines.adapters.workers import Limits, Workers
from pipelines.core.nouns import Page
from pipelines.core.reasons import Reason, Rejected
from tests.builders import NOW, make_page, prose
from tests.quality.corpora import real_data

URL = "https://herald.example/n/1"
SAMPLE = 12
LIMITS = Limits(cpu_seconds=10.0, memory_bytes=1_000_000_000)


def assignment(body: bytes) -> Assignment:
    return Assignment(page=Page(url=URL, final_url=URL, body=body), entry=None, prior=None, now=NOW)


def read(body: bytes) -> Reading:
    return read_assigned(assignment(body))


@pytest.fixture(scope="session")
def nasty(tmp_path_factory: pytest.TempPathFactory) -> list[Path]:
    script = real_data() / "nasty_pages.py"
    if not script.exists():
        pytest.skip("the maker of hostile pages is not here")
    folder = tmp_path_factory.mktemp("nasty")
    subprocess.run([sys.executable, str(script), str(folder)], check=True, capture_output=True)
    return sorted(p for p in folder.iterdir() if p.is_file())


def unnamed(files: list[Path]) -> list[str]:
    """The pages that came back with neither a text nor a reason, or broke their worker."""
    with Workers(processes=2, limits=LIMITS) as workers:
        found = list(workers.map(read_assigned, ((assignment(f.read_bytes()),) for f in files)))
    return [f.name for f, one in zip(files, found, strict=True) if not _is_named(one)]


def _is_named(found: Reading | Rejected) -> bool:
    if isinstance(found, Rejected):
        return found.reason is Reason.TOO_COSTLY  # a limit held; a worker that died is a crash
    return bool(found.article.text) or found.rejected is not None


def test_a_sample_of_hostile_pages_is_read_or_named(nasty: list[Path]) -> None:
    seed = int(os.environ.get("PRESSWATCH_SEED", "4"))
    assert unnamed(random.Random(seed).sample(nasty, SAMPLE)) == []


@pytest.mark.slow
def test_every_hostile_page_is_read_or_named(nasty: list[Path]) -> None:
    assert unnamed(nasty) == []


def nested(depth: int) -> bytes:
    return make_page().replace(b"<article>", b"<div>" * depth + b"<article>")


def test_a_body_that_stands_too_deep_for_the_parser_is_named() -> None:
    assert read(nested(200)).rejected is None
    found = read(nested(300))
    assert found.rejected is not None
    assert found.rejected.reason is Reason.UNPARSABLE


def test_an_article_of_which_a_part_stands_too_deep_for_the_parser_is_taken_and_says_so() -> None:
    ending = f"<p>{prose(7, 3)}</p>".encode()
    cut = make_page().replace(b"</article>", b"<div>" * 300 + ending + b"</div>" * 300 + b"</article>")
    whole = make_page().replace(b"</article>", ending + b"</article>")
    assert [(r.rejected, r.article.is_beyond_parser) for r in (read(cut), read(whole))] == [(None, True), (None, False)]
    assert prose(7, 3) in read(whole).article.text
    assert prose(7, 3) not in read(cut).article.text


def test_a_text_node_too_large_for_the_parser_is_named() -> None:
    found = read(make_page(text="word " * 2_100_000))
    assert found.rejected is not None
    assert found.rejected.reason is Reason.UNPARSABLE


def test_more_text_than_any_article_has_is_named() -> None:
    found = read(make_page(text="\n".join(prose(n) for n in range(600))))
    assert found.rejected is not None
    assert (found.rejected.reason, found.article.text) == (Reason.TOO_COSTLY, "")


@given(st.binary(max_size=400))
def test_any_bytes_give_a_reading(body: bytes) -> None:
    for page in (body, b"<html><body><p>" + body, b"<title>" + body + b"</title><article>" + body):
        found = read(page)
        assert found.article.text or found.rejected
