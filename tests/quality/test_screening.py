"""Screening on real pages and items: nothing that reading keeps is left unread."""

import gzip
from functools import cache
from pathlib import Path

import pytest

from pipelines.adapters.language import language_of
from pipelines.adapters.markup import decoded
from pipelines.config import Sources, load_sources
from pipelines.core.matching import match
from pipelines.core.screening import Screen, introduced, shown
from pipelines.shipped import shipped
from pipelines.stages.second_opinion import SecondOpinion, Text, decide
from tests.meanings import real_embedder, shipped_prompts
from tests.quality.corpora import Row, page_readings, real_data, rows

FOLDER = real_data()
pytestmark = pytest.mark.skipif(not FOLDER.is_dir(), reason=f"no real data in {FOLDER}; PRESSWATCH_EVAL names them")


@cache
def sources() -> Sources:
    return load_sources(shipped("sources.yaml"))


@cache
def screen() -> Screen:
    prompts = sources().prompts()
    assert prompts is not None
    return Screen.of(sources().watch(), prompts.is_undecided)


def body_of(page: Row) -> bytes:
    return gzip.decompress((Path(FOLDER) / "pages" / page["file"]).read_bytes())


def test_every_real_page_that_would_be_kept_passes() -> None:
    watch, lost = sources().watch(), []
    for page, read, _ in page_readings(FOLDER):
        # A language is not known before a page is read: it may be any.
        languages = {None, *watch.lexicons}
        is_kept = any(match(watch, title=read["title"], text=read["text"], language=lang).topics for lang in languages)
        if is_kept and not screen().may_match(shown(decoded(body_of(page), None))):
            lost.append(page["file"])
    assert lost == []


def test_every_real_item_that_would_be_kept_passes_as_a_page() -> None:
    watch, lost = sources().watch(), []
    for item in rows(FOLDER / "relevance/dev.jsonl"):
        title, text = item["title"], item["text"]
        is_kept = bool(match(watch, title=title, text=text, language=item["lang"]).topics)
        if is_kept and not screen().may_match(shown(f"<html><h1>{title}</h1><p>{text}</p></html>")):
            lost.append(item["id"])
    assert lost == []


def test_real_pages_of_general_news_mostly_need_no_reading() -> None:
    passed = [page for page, _, _ in page_readings(FOLDER) if screen().may_match(shown(decoded(body_of(page), None)))]
    assert len(passed) < 0.1 * len(page_readings(FOLDER))


def test_asking_a_second_opinion_as_well_leaves_most_pages_unread() -> None:
    sources_of = [decoded(body_of(page), None) for page, _, _ in page_readings(FOLDER)]
    passed = [s for s in sources_of if screen().may_match(shown(s)) or screen().may_be_asked(introduced(s))]
    assert len(passed) < 0.2 * len(sources_of)


def test_no_real_page_that_a_second_opinion_would_keep_is_lost() -> None:
    """Of those that it would only be asked on, half are lost: they have the words further down in their lead."""
    opinion, watch, lost = SecondOpinion(real_embedder(), shipped_prompts()), sources().watch(), []
    texts = [
        (page, Text(title=read["title"], text=read["text"], language=language_of(read["text"])[0]))
        for page, read, _ in page_readings(FOLDER)
        if read["text"]
    ]
    for (page, _), verdict in zip(texts, decide(watch, opinion, [text for _, text in texts]), strict=True):
        source = decoded(body_of(page), None)
        is_read = screen().may_match(shown(source)) or screen().may_be_asked(introduced(source))
        if verdict.topics and not is_read:
            lost.append(page["file"])
    assert lost == []
