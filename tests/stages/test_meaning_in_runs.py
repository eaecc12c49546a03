"""Runs that ask a second opinion: what they write, that a replay decides alike, and that a lost model loses no run."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from pipelines.core.deciding import decided
from pipelines.core.details import Lookout, close_call_row
from pipelines.core.errors import EmbedderFailed
from pipelines.core.lexicon import lexicons
from pipelines.core.matching import Topic, Verdict, Watch
from pipelines.core.meaning import Meaning, Prompts, Vectors
from pipelines.core.nouns import CloseCall, Counted
from pipelines.core.query import Expression
from pipelines.doctor import examine
from pipelines.explain import as_lines, explain
from pipelines.settings import Settings
from pipelines.shipped import shipped
from pipelines.stages.archived import Desk as Extracting
from pipelines.stages.learn import learn_anew, take_lesson
from pipelines.stages.match import match_drafts
from pipelines.stages.replay import Desk as Replaying
from pipelines.stages.second_opinion import SecondOpinion, Text, decide
from tests.builders import Inline
from tests.stages.test_extract import DAY, FIRST, HOUR, SITE, Outlet, page

WATCH = Watch(
    topics=(Topic(topic_id="law", name="The law", query=Expression(kind="group", group="law")),),
    lexicons=lexicons({"law": {"en": ["statute"]}, "child": {"en": ["child*"]}}),
    version="query-1",
)
PROMPTS = Prompts(
    language="en", on=(("law", "Rules shield minors."),), counter=("It rains.",), undecided=(frozenset({"child"}),)
)
ON = "Children are shielded by new rules, the ministers said."
OFF = "Children sail in the harbour on Sunday."


class Pointing:
    """Texts that shield somebody point one way, all others another; counts what it is asked."""

    version = "pointing-1"

    def __init__(self) -> None:
        self.asked = 0

    def vectors(self, texts: Sequence[str]) -> Vectors:
        self.asked += len(texts)
        return np.array([(1, 0) if "shield" in text else (0, 1) for text in texts], dtype=np.float32)


class Broken(Pointing):
    """A model that cannot be loaded."""

    def vectors(self, texts: Sequence[str]) -> Vectors:
        self.asked += len(texts)
        raise EmbedderFailed("pointing-1: the model cannot be loaded: no such file")


class AskingOutlet(Outlet):
    """An outlet whose articles are decided with a second opinion."""

    counted: Counted

    def __init__(self, folder: Path, embedder: Pointing) -> None:
        super().__init__(folder)
        self.opinion = SecondOpinion(embedder, PROMPTS)

    def match(self, now: datetime) -> None:
        self.counted = match_drafts(self.warehouse, WATCH, Lookout(), now, self.opinion)

    def desk(self, now: datetime) -> Extracting:
        return replace(super().desk(now), watch=WATCH, opinion=self.opinion)

    def replaying(self, reading: Inline | None = None) -> Replaying:
        return replace(super().replaying(reading), watch=WATCH, opinion=self.opinion)

    def judge(self, judgements: Sequence[tuple[int, str, bool]], *, undone: bool = False) -> None:
        """Articles that people judged: number, title, whether it is relevant."""
        at = FIRST if undone else None
        for number, title, is_relevant in judgements:
            values: dict[str, Any] = {"n": number, "title": title, "at": FIRST, "undone": at, "s": str(number)}
            self._insert("articles", "$n as article_id, $title as title, 'en' as language, 1 as revision", values)
            said = f"'{'relevant' if is_relevant else 'irrelevant'}' as after"
            self._insert("judgements", f"$n as judgement_id, 'relevance' as kind, $s as subject, {said}, "
                         "$at as decided_at, $undone as undone_at", values)  # fmt: skip

    def _insert(self, table: str, columns: str, values: dict[str, Any]) -> None:
        used = {name: value for name, value in values.items() if f"${name} " in columns}
        self.warehouse.sql(f"insert into {table} by name select {columns}", used)


@pytest.fixture
def outlet(tmp_path: Path) -> Iterator[AskingOutlet]:
    made = AskingOutlet(tmp_path / "w", Pointing())
    yield made
    made.warehouse.close()


def text(first: str) -> str:
    return f"{first}\n{page(1)}"


def told(outlet: Outlet) -> list[tuple[str, str, str]]:
    rows = outlet.rows("select topic, method, version from mentions where known_to is null order by all")
    return [(r["topic"], r["method"], r["version"]) for r in rows]


def test_an_article_that_its_meaning_keeps_says_so_in_its_rows(outlet: AskingOutlet) -> None:
    outlet.publish(("a", text(ON)), ("b", text(OFF)), now=FIRST)
    assert told(outlet) == [("law", "meaning", outlet.opinion.version)]
    assert outlet.article("a")["state"] == "kept"
    assert outlet.counted.counts == {"by_meaning": 1, "kept": 1, "law": 1, "off_topic": 1}
    assert {r["rule_version"] for r in outlet.rows("select rule_version from entries")} == {
        f"query-1+{outlet.opinion.version}"
    }


def test_explain_says_what_an_article_was_close_to_in_plain_words(outlet: AskingOutlet) -> None:
    outlet.publish(("a", text(ON)), ("b", text(OFF)), now=FIRST)
    lines = as_lines(explain(outlet.warehouse, f"{SITE}/a"))
    said = f"closest in meaning to the sentence “Rules shield minors.” ({outlet.opinion.version})"
    assert f"  topic law 1.00 (about, by meaning): “Children”; no query holds; {said}" in lines


def test_explain_says_how_far_from_it_an_article_was(outlet: AskingOutlet) -> None:
    call = CloseCall(topic="law", share=0.4, lacks=("a word of law",), evidence=())
    before = Verdict(close_call=call, version="query-1")
    meaning = Meaning(score=0.31, is_relevant=False, topic="law", best_prompt="Rules shield minors.", least=0.5)
    after = decided(before, meaning, "pointing-1", ()).close_call
    assert after is not None
    outlet.publish(("b", text(OFF)), now=FIRST)
    row = close_call_row(outlet.rows("from articles")[0]["article_id"], after, FIRST)
    with outlet.warehouse.transaction() as tx:
        tx.run("match/add_close_calls", rows=[row])
    told = "\n".join(as_lines(explain(outlet.warehouse, f"{SITE}/b")))
    assert "left out by meaning, nearest to law (40% of it)" in told
    assert "a word of law; title and lead closer in meaning to the topics (31% likely, 50% asked)" in told


def test_what_the_query_decides_asks_nobody(tmp_path: Path) -> None:
    embedder = Pointing()
    outlet = AskingOutlet(tmp_path / "w", embedder)
    outlet.publish(("a", text("The statute on children was voted.")), ("b", page(2)), now=FIRST)
    assert (embedder.asked, outlet.opinion.lost) == (0, None)
    assert told(outlet) == [("law", "query", "query-1")]
    outlet.warehouse.close()


def test_a_replay_decides_alike_and_without_the_model_otherwise(outlet: AskingOutlet) -> None:
    outlet.publish(("a", text(ON)), ("b", text(OFF)), now=FIRST)
    assert outlet.would_change(FIRST + DAY) == {}
    outlet.opinion.lost = "taken away"
    assert outlet.would_change(FIRST + DAY) == {"decision": 1, "topics": 1}


def test_changed_words_are_asked_about_again(outlet: AskingOutlet) -> None:
    outlet.publish(("a", text(ON)), now=FIRST)
    outlet.visit("a", text(f"{ON} They spoke in Lisbon, where 40 of them met."), now=FIRST + 8 * HOUR)
    rows = outlet.rows("select method, known_to from mentions order by known_from")
    assert [(r["method"], r["known_to"] is None) for r in rows] == [("meaning", False), ("meaning", True)]


def test_a_model_that_cannot_be_loaded_costs_nothing_but_its_opinion(tmp_path: Path) -> None:
    embedder = Broken()
    outlet = AskingOutlet(tmp_path / "w", embedder)
    outlet.publish(("a", text(ON)), ("c", text("The statute was voted.")), now=FIRST)
    assert outlet.counted.counts == {"kept": 1, "law": 1, "meaning_failed": 1, "off_topic": 1}
    assert outlet.opinion.lost == "pointing-1: the model cannot be loaded: no such file"
    asked = embedder.asked
    outlet.publish(("b", text(f"{ON} Again.")), now=FIRST + HOUR)
    assert embedder.asked == asked
    outlet.warehouse.close()


JUDGED = [(n, "A child sails" if n % 2 else f"{'Council' if n % 4 else 'Town'} shields a child", n % 2 == 1)
          for n in range(1, 61)]  # fmt: skip


def test_fifty_judgements_against_the_prompts_turn_the_decisions_round(outlet: AskingOutlet) -> None:
    outlet.judge(JUDGED)
    learn_anew(outlet.warehouse, WATCH, outlet.opinion, FIRST)
    take_lesson(outlet.warehouse, outlet.opinion)
    (row,) = outlet.rows("select * from lessons")
    assert (row["refused"], row["learned_at"]) == (None, FIRST)
    outlet.publish(("a", text(ON)), ("b", text(OFF)), now=FIRST)
    assert told(outlet) == [("law", "learned", f"{outlet.opinion.basis}+{row['version']}")]
    assert outlet.article("b")["state"] == "kept"
    assert outlet.would_change(FIRST + DAY) == {}


def test_doctor_says_what_judgements_taught(outlet: AskingOutlet) -> None:
    outlet.judge(JUDGED)
    learn_anew(outlet.warehouse, WATCH, outlet.opinion, FIRST)
    outlet.warehouse.close()
    found = examine(Settings(sources=shipped("sources.yaml"), warehouse=outlet.folder))
    said = "learned from 60 judgements: F1 1.00 held out, 0.00 by the prompts alone"
    assert (said, "ok") in [(f.what, f.level) for f in found]


def test_judgements_are_learned_from_once(tmp_path: Path) -> None:
    embedder = Pointing()
    outlet = AskingOutlet(tmp_path / "w", embedder)
    outlet.judge(JUDGED)
    learn_anew(outlet.warehouse, WATCH, outlet.opinion, FIRST)
    asked = embedder.asked
    learn_anew(outlet.warehouse, WATCH, outlet.opinion, FIRST + HOUR)
    assert (embedder.asked, len(outlet.rows("from lessons"))) == (asked, 1)
    outlet.judge([(61, "A child sails again", True)])
    learn_anew(outlet.warehouse, WATCH, outlet.opinion, FIRST + DAY)
    assert [r["judged"] for r in outlet.rows("from lessons order by learned_at")] == [
        "60 to 60, query-1",
        "61 to 61, query-1",
    ]
    outlet.warehouse.close()


def test_judgements_that_are_undone_take_the_lesson_back(outlet: AskingOutlet) -> None:
    outlet.judge(JUDGED)
    learn_anew(outlet.warehouse, WATCH, outlet.opinion, FIRST)
    outlet.warehouse.sql("update judgements set undone_at = $at where judgement_id > 40", {"at": FIRST})
    learn_anew(outlet.warehouse, WATCH, outlet.opinion, FIRST + HOUR)
    take_lesson(outlet.warehouse, outlet.opinion)
    assert outlet.opinion.version == outlet.opinion.basis
    newest = outlet.rows("select refused from lessons order by learned_at desc limit 1")
    assert newest == [{"refused": "40 judgements; learning begins at 50"}]


def test_fewer_judgements_leave_no_trace_and_ask_nobody(tmp_path: Path) -> None:
    embedder = Pointing()
    outlet = AskingOutlet(tmp_path / "w", embedder)
    outlet.judge(JUDGED[:49])
    learn_anew(outlet.warehouse, WATCH, outlet.opinion, FIRST)
    assert (embedder.asked, outlet.rows("from lessons")) == (0, [])
    outlet.warehouse.close()


def test_a_judgement_on_one_topic_says_nothing_of_the_others_unless_it_is_relevant(outlet: AskingOutlet) -> None:
    outlet.judge([(n, f"Report {n}", n < 3) for n in range(1, 5)])
    outlet.warehouse.sql("update judgements set subject = subject || ' law' where judgement_id in (2, 3)")
    rows = outlet.warehouse.query("learn/judged", most=10)
    assert [(r["article_id"], r["is_relevant"]) for r in rows] == [(1, True), (2, True), (4, False)]


def test_a_lost_model_learns_nothing_and_fails_no_run(tmp_path: Path) -> None:
    outlet = AskingOutlet(tmp_path / "w", Broken())
    outlet.judge(JUDGED)
    learn_anew(outlet.warehouse, WATCH, outlet.opinion, FIRST)
    assert outlet.rows("from lessons") == []
    assert outlet.opinion.lost is not None
    outlet.warehouse.close()


def test_without_a_second_opinion_the_query_decides_alone() -> None:
    one = Text(title="Children", text=ON, language="en")
    (alone,) = decide(WATCH, None, [one])
    assert (alone.topics, alone.version) == ((), "query-1")


def test_decisions_do_not_depend_on_what_is_decided_beside_them() -> None:
    texts = [Text(title=None, text=t, language="en") for t in (ON, "The statute.", OFF, "Rain.")]
    together = decide(WATCH, SecondOpinion(Pointing(), PROMPTS), texts)
    alone = [decide(WATCH, SecondOpinion(Pointing(), PROMPTS), [t])[0] for t in texts]
    assert together == alone
    assert [bool(v.topics) for v in together] == [True, True, False, False]
