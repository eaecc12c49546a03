"""The prompts and the invented texts that matching by meaning is tried on."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from pipelines.adapters.embedder import Embedder, embedder_or_none, missing_embedder
from pipelines.core.meaning import Prompts

CORPUS = Path(__file__).parent / "corpus" / "meaning"


@dataclass(frozen=True, slots=True)
class Invented:
    """A headline with its first sentence, and whether it is on a topic."""

    language: str
    title: str
    text: str
    is_relevant: bool


def shipped_prompts() -> Prompts:
    """The prompts of the six topics."""
    written: dict[str, Any] = yaml.safe_load((CORPUS / "prompts.yaml").read_text(encoding="utf-8"))
    meaning = written["meaning"]
    return Prompts(
        language=meaning["language"],
        on=tuple((topic["id"], sentence) for topic in written["topics"] for sentence in topic["prompts"]),
        counter=tuple(meaning["counter_prompts"]),
        undecided=tuple(frozenset([one] if isinstance(one, str) else one) for one in meaning["undecided"]),
    )


def invented_texts() -> list[Invented]:
    """Eight on the topics and eight beside them in each of twelve languages."""
    return [
        Invented(path.stem, title, text, kind == "relevant")
        for path in sorted(CORPUS.glob("??.yaml"))
        for kind, pairs in yaml.safe_load(path.read_text(encoding="utf-8")).items()
        for title, text in pairs
    ]


def real_embedder() -> Embedder:
    """The embedder; the test is skipped where there is none."""
    embedder = embedder_or_none()
    if embedder is None:
        pytest.skip(f"no embedder: {missing_embedder()}")
    return embedder
