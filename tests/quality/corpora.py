"""The sets of real data, and how the rules are measured on each.

    files of a set --rules of pipelines--> decisions --scores--> {measure: value}, the higher the better

The data are third-party: they are read where they lie and never copied. `PRESSWATCH_EVAL` names their folder.
"""

import gzip
import json
import os
import random
import runpy
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from hashlib import sha256
from pathlib import Path
from statistics import fmean
from typing import Any

from pipelines.adapters.embedder import embedder_or_none, missing_embedder
from pipelines.adapters.feeds import parse_feed
from pipelines.adapters.pages import read_page
from pipelines.config import load_sources
from pipelines.core.duplicates import find_copies
from pipelines.core.matching import match
from pipelines.core.nouns import ClusterItem, Page
from pipelines.core.reasons import Reason, Rejected
from pipelines.core.stories import cluster
from pipelines.core.url_key import url_key
from pipelines.shipped import shipped
from pipelines.stages.second_opinion import SecondOpinion, Text, decide
from tests.builders import NOW
from tests.meanings import shipped_prompts
from tests.quality import scores

LANGUAGE_GROUPS = {
    "western": frozenset({"de", "en", "es", "fr", "it", "nl", "pl", "pt"}),  # with the most outlets in sources.yaml
    "northern": frozenset({"sv", "da", "no", "fi", "et", "lv", "lt"}),
    "slavic": frozenset({"cs", "sk", "sl", "hr", "bs", "bg", "uk", "ru"}),
    "other": frozenset({"hu", "ro", "el", "mt", "ga", "ar", "ja"}),
}
DRAWS = 12
MOST_OF_AN_EVENT = 10

Row = dict[str, Any]
Values = Mapping[str, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Corpus:
    """A set of real data.

    Attributes:
        files: patterns below the folder of real data, of all that the values depend on.
        how: one line on how it is measured.
        lacks: why it cannot be measured on this machine, or None.
    """

    name: str
    files: tuple[str, ...]
    how: str
    measure: Callable[[Path], Values]
    lacks: Callable[[], str | None] = lambda: None

    def paths(self, folder: Path) -> list[Path]:
        """The files of this set, in order; none where the set is absent."""
        return sorted(p for pattern in self.files for p in folder.glob(pattern) if p.is_file())

    def digest(self, folder: Path) -> str:
        """One sha256 over names and contents of the files."""
        lines = (f"{sha256(p.read_bytes()).hexdigest()}  {p.relative_to(folder)}\n" for p in self.paths(folder))
        return sha256("".join(lines).encode()).hexdigest()


def real_data() -> Path:
    """The folder of real data."""
    return Path(os.environ.get("PRESSWATCH_EVAL") or shipped("sources.yaml").parent.parent / "shared" / "eval")


def rows(path: Path) -> list[Row]:
    """The objects of a file of JSON lines, gzipped or not."""
    body = path.read_bytes()
    text = (gzip.decompress(body) if path.suffix == ".gz" else body).decode()
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def feed_reading(folder: Path, document: Row) -> int | Reason:
    """How many entries a feed document lists, or why it is no feed."""
    found = parse_feed((folder / "feeds" / document["file"]).read_bytes(), url="https://feeds.press.test/", now=NOW)
    return found.reason if isinstance(found, Rejected) else len(found.entries)


@cache
def page_readings(folder: Path) -> tuple[tuple[Row, Row, Reason | None], ...]:
    """Each page's truth, what is read from it, as the extraction score wants it, and why it was rejected if it was."""
    return tuple((page, *_page_reading(folder, page)) for page in rows(folder / "pages/truth.jsonl.gz"))


def _page_reading(folder: Path, page: Row) -> tuple[Row, Reason | None]:
    url = page.get("url") or ""
    body = gzip.decompress((folder / "pages" / page["file"]).read_bytes())
    read = read_page(Page(url=url, final_url=url, body=body), None, prior=None, now=NOW)
    article = read.article
    said = {"text": article.text, "title": article.title, "author": list(article.authors)}
    return {**said, "date": article.published.declared}, read.rejected.reason if read.rejected else None


def _feeds(folder: Path) -> Values:
    agreed = [d for d in rows(folder / "feeds/expected.jsonl") if d["entries"] is not None]
    return {"counts_equal": fmean(feed_reading(folder, d) == d["entries"] for d in agreed)}


def _pages(folder: Path) -> Values:
    scorer = runpy.run_path(str(folder / "score_extraction.py"))  # leaves no byte code beside what is only read
    summary = scorer["summarize"]([scorer["score_page"](page, read) for page, read, _ in page_readings(folder)])
    return {
        "shingle_f1": summary["sh_f1"],
        "text_found": 1 - summary["miss"],
        "clutter_left_out": 1 - summary["snip_leak"],
        "title_loose": summary["title_loose"],
        "author_set": summary["author_set"],
        "date_day": summary["date_day"],
    }


def _relevance(folder: Path) -> Values:
    watch = load_sources(shipped("sources.yaml")).watch()
    items = rows(folder / "relevance/dev.jsonl")
    decided = [(i, bool(match(watch, title=i["title"], text=i["text"], language=i["lang"]).topics)) for i in items]
    whole = _relevance_score(decided)
    hard = [d for d in decided if d[0]["difficulty"] == "hard"]
    groups = {name: [d for d in decided if d[0]["lang"] in languages] for name, languages in LANGUAGE_GROUPS.items()}
    return {
        "precision_all": whole.precision,
        "recall_all": whole.recall,
        "recall_hard": _relevance_score(hard).recall,
        "hard_left_out": fmean(not is_on for item, is_on in hard if not item["label"]),
        **{f"precision_{name}": _relevance_score(of).precision for name, of in groups.items()},
        **{f"recall_{name}": _relevance_score(of).recall for name, of in groups.items()},
    }


def _relevance_semantic(folder: Path) -> Values:
    """The query, and the second opinion on what it leaves undecided."""
    items = rows(folder / "relevance/dev.jsonl")
    decided = list(zip(items, semantic_decisions(items), strict=True))
    score = _relevance_score(decided)
    hard = [is_on for i, is_on in decided if i["difficulty"] == "hard" and not i["label"]]
    return {
        "precision": score.precision,
        "recall": score.recall,
        "f1": score.f1,
        "hard_negatives_left_out": 1 - fmean(hard),
    }


def semantic_decisions(items: Sequence[Row]) -> list[bool]:
    """Whether each item is on a topic, by query or by meaning."""
    sources, embedder = load_sources(shipped("sources.yaml")), embedder_or_none()
    if embedder is None:
        raise RuntimeError(missing_embedder())
    texts = [Text(title=i["title"], text=i["text"], language=i["lang"]) for i in items]
    verdicts = decide(sources.watch(), SecondOpinion(embedder, shipped_prompts()), texts)
    return [bool(verdict.topics) for verdict in verdicts]


def _relevance_score(decided: Sequence[tuple[Row, bool]]) -> scores.Score:
    return scores.of_decisions((is_on for _, is_on in decided), (item["label"] for item, _ in decided))


def _urls(folder: Path) -> Values:
    pairs = rows(folder / "urls/dev.jsonl")
    is_same = {True: [p for p in pairs if p["same"]], False: [p for p in pairs if not p["same"]]}
    return {
        "same_found": fmean(_share_a_key(p) for p in is_same[True]),
        "different_kept_apart": 1 - fmean(_share_a_key(p) for p in is_same[False]),
    }


def _share_a_key(pair: Row) -> bool:
    key = url_key(pair["a"])
    return key is not None and key == url_key(pair["b"])


def _duplicates(folder: Path) -> Values:
    texts = rows(folder / "duplicates/dev.jsonl.gz")
    items = _articles(texts)
    copies = find_copies(items)
    original_of = {c.article_id: c.original_id for c in copies}
    grouped = [(t, original_of.get(i.article_id, i.article_id)) for t, i in zip(texts, items, strict=True)]
    light = [(t, group) for t, group in grouped if t["kind"] != "rewrite"]
    return {
        "pair_precision": _copy_score(grouped).precision,
        "pair_recall_without_rewrites": _copy_score(light).recall,
        "lookalikes_kept_apart": scores.kept_apart([group for t, group in grouped if t["kind"] == "template"]),
    }


def _copy_score(grouped: Sequence[tuple[Row, int]]) -> scores.Score:
    return scores.of_pairs([group for _, group in grouped], [text["origin"] for text, _ in grouped])


def _stories(folder: Path) -> Values:
    articles = rows(folder / "stories/dev.jsonl.gz")
    found = [_story_score(draw(articles, seed)) for seed in range(DRAWS)]
    return {"b_cubed_f1": fmean(score.f1 for score in found)}


def _story_score(day: Sequence[Row]) -> scores.Score:
    items = _articles(day)
    story_of = {link.article_id: link.story_id for link in cluster(items).links}
    return scores.b_cubed([story_of[i.article_id] for i in items], [article["event"] for article in day])


def draw(articles: Sequence[Row], seed: int) -> list[Row]:
    """A day in the news: of every other event one article, of the rest two to ten, in no order."""
    chance = random.Random(seed)
    by_event: dict[str, list[Row]] = {}
    for article in articles:
        by_event.setdefault(article["event"], []).append(article)
    events = sorted(by_event)
    chance.shuffle(events)
    day: list[Row] = []
    for place, event in enumerate(events):
        wanted = 1 if place % 2 else chance.randint(2, MOST_OF_AN_EVENT)
        day += chance.sample(by_event[event], min(wanted, len(by_event[event])))
    chance.shuffle(day)
    return day


def _articles(texts: Iterable[Row]) -> list[ClusterItem]:
    return [
        ClusterItem(
            article_id=number,
            outlet_id=text.get("outlet") or "herald",
            publisher="harbour",
            language=text["lang"],
            title=text.get("title") or "",
            text=text["text"],
        )
        for number, text in enumerate(texts, 1)
    ]


CORPORA = (
    Corpus(
        name="feeds",
        files=("feeds/*",),
        how="share of feed documents whose entry count is the one that two or more parsers agree on",
        measure=_feeds,
    ),
    Corpus(
        name="pages",
        files=("pages/*", "score_extraction.py"),
        how="score_extraction.py over all pages, read without a feed entry and without memory of repeated lines",
        measure=_pages,
    ),
    Corpus(
        name="relevance",
        files=("relevance/dev.jsonl",),
        how="the shipped topics on title and lead, no vectors: precision and recall in all and by group of languages",
        measure=_relevance,
    ),
    Corpus(
        name="relevance_semantic",
        files=("relevance/dev.jsonl",),
        how="as relevance, in all languages, with the second opinion on what the query leaves undecided",
        measure=_relevance_semantic,
        lacks=missing_embedder,
    ),
    Corpus(
        name="urls",
        files=("urls/dev.jsonl",),
        how="share of equal pairs with one key, and of different pairs with two",
        measure=_urls,
    ),
    Corpus(
        name="duplicates",
        files=("duplicates/dev.jsonl.gz",),
        how="pairs in one group of copies; recall leaves heavy rewrites out; look-alikes report on different cases",
        measure=_duplicates,
    ),
    Corpus(
        name="stories",
        files=("stories/dev.jsonl.gz",),
        how="mean B-cubed F1 over twelve seeded draws of a day, half of its events with a single article",
        measure=_stories,
    ),
)
