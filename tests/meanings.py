"""The prompts and the invented texts that matching by meaning is tried on."""

from dataclasses import dataclass
from pathlib import Path

import pytest
import yaml

from pipelines.adapters.embedder import Embedder, embedder_or_none, missing_embedder
from pipelines.config import load_sources
from pipelines.core.meaning import Prompts
from pipelines.shipped import shipped

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
    prompts = load_sources(shipped("sources.yaml")).prompts()
    assert prompts is not None
    return prompts


def invented_texts() -> list[Invented]:
    """Eight on the topics and eight beside them in each of twelve languages."""
    return [
        Invented(path.stem, title, text, kind == "relevant")
        for path in sorted(CORPUS.glob("??.yaml"))
        for kind, pairs in yaml.safe_load(path.read_text(encoding="utf-8")).items()
        for title, text in pairs
    ]


def invented_news(folder: str) -> list[Invented]:
    """The items that a folder of the vocabulary's corpus holds."""
    return [
        Invented(path.stem, item["title"], item["text"], kind == "about")
        for path in sorted((CORPUS.parent / "relevance" / folder).glob("*.yaml"))
        for kind, items in yaml.safe_load(path.read_text(encoding="utf-8")).items()
        for item in items
    ]


def real_embedder() -> Embedder:
    """The embedder; the test is skipped where there is none."""
    embedder = embedder_or_none()
    if embedder is None:
        pytest.skip(f"no embedder: {missing_embedder()}")
    return embedder
