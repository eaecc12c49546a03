"""The rules on real data: every document is accounted for, and no value is under its floor."""

from collections.abc import Callable
from functools import cache
from pathlib import Path

import pytest

from pipelines.core.reasons import Reason
from tests.quality import floors
from tests.quality.corpora import CORPORA, Corpus, feed_reading, page_readings, real_data, rows

ALL_SETS = pytest.mark.parametrize("corpus", CORPORA, ids=lambda c: c.name)


@pytest.fixture
def folder() -> Callable[[Corpus], Path]:
    """The folder of real data; the test is skipped where a set is not on this machine."""

    def found(corpus: Corpus) -> Path:
        if not corpus.paths(real_data()):
            pytest.skip(f"{corpus.name} is not in {real_data()}; set PRESSWATCH_EVAL to the folder of real data")
        if reason := corpus.lacks():
            pytest.skip(f"{corpus.name} cannot be measured: {reason}")
        return real_data()

    return found


@cache
def values_of(corpus: Corpus, folder: Path) -> dict[str, float]:
    return dict(corpus.measure(folder))


@ALL_SETS
def test_no_value_is_under_its_floor(corpus: Corpus, folder: Callable[[Corpus], Path]) -> None:
    assert floors.fallen(floors.read()[corpus.name].floors, values_of(corpus, folder(corpus))) == []


@ALL_SETS
def test_every_value_has_a_floor(corpus: Corpus, folder: Callable[[Corpus], Path]) -> None:
    assert set(values_of(corpus, folder(corpus))) == set(floors.read()[corpus.name].floors)


@ALL_SETS
def test_floors_hold_for_the_files_they_were_measured_on(corpus: Corpus, folder: Callable[[Corpus], Path]) -> None:
    known = floors.read()[corpus.name]
    assert (known.corpus, known.how) == (corpus.digest(folder(corpus)), corpus.how), (
        f"{corpus.name} or how it is measured has changed: python -m tests.quality.raise_floors {corpus.name}"
    )


def test_every_feed_document_gives_entries_or_a_named_reason(folder: Callable[[Corpus], Path]) -> None:
    where = folder(CORPORA[0])
    documents = rows(where / "feeds/expected.jsonl")
    readings = {d["file"]: feed_reading(where, d) for d in documents}
    assert [file for file, reading in readings.items() if not isinstance(reading, int | Reason)] == []
    assert {p.name for p in (where / "feeds").iterdir()} - set(readings) == {"expected.jsonl"}


def test_every_page_gives_a_text_or_a_named_reason(folder: Callable[[Corpus], Path]) -> None:
    where = folder(CORPORA[1])
    readings = page_readings(where)
    assert len(readings) == len(list((where / "pages").glob("*.html.gz")))
    assert [page["file"] for page, read, reason in readings if not read["text"].strip() and reason is None] == []
    assert {type(reason) for _, _, reason in readings} <= {Reason, type(None)}
