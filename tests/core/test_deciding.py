"""Which articles are asked about, and what becomes of the query's verdict then."""

import pytest

from pipelines.core.deciding import PROMPT, decided, doubt_of
from pipelines.core.lexicon import lexicons
from pipelines.core.matching import Scoring, Topic, Verdict, Watch, match, words_found
from pipelines.core.meaning import LEAD_CHARS, Doubt, Meaning, Prompts
from pipelines.core.nouns import Evidence
from pipelines.core.query import Expression

QUERY = Expression(
    kind="near", within=3, parts=(Expression(kind="group", group="child"), Expression(kind="group", group="pledge"))
)
WATCH = Watch(
    topics=(Topic(topic_id="summit", name="The summit", query=QUERY),),
    lexicons=lexicons({"child": {"en": ["child*"]}, "pledge": {"en": ["pledge*"]}, "sea": {"en": ["harbour"]}}),
    version="query-1",
    scoring=Scoring(weights={"child": 0.5}),
)
PROMPTS = Prompts(language="en", on=(("summit", "Ministers meet."),), counter=(), undecided=(frozenset({"child"}),))
FAR = "a long way from here to there and on"


def verdict(text: str, language: str | None = "en") -> Verdict:
    return match(WATCH, title="A title", text=text, language=language)


def doubt(text: str, language: str | None = "en") -> Doubt | None:
    return doubt_of(WATCH, PROMPTS, verdict(text, language), title="A title", text=text, language=language)


def meant(*, is_relevant: bool, score: float = 0.8) -> Meaning:
    return Meaning(score=score, is_relevant=is_relevant, topic="summit", best_prompt="Ministers meet.", least=0.5)


@pytest.mark.parametrize(
    ("text", "language", "expected"),
    [
        ("Children sail.", "en", Doubt.WORDS),
        ("Children sail.", None, Doubt.WORDS),  # the words of all languages are looked for
        ("The harbour was repainted.", "en", None),
        ("A pledge was signed.", "en", None),
        ("Sataman vene.", "fi", Doubt.NO_TERMS),
        (f"{'word ' * LEAD_CHARS} children", "en", None),  # beyond what is compared
        ("A pledge for children.", "en", None),  # the query has it
    ],
)
def test_only_what_the_query_leaves_undecided_is_asked_about(
    text: str, language: str | None, expected: Doubt | None
) -> None:
    assert doubt(text, language) == expected


def test_a_relevant_meaning_makes_a_topic_with_the_words_that_stand_there_and_the_sentence_it_is_close_to() -> None:
    text = f"A pledge {FAR} children."
    found = decided(verdict(text), meant(is_relevant=True), "model-1+prompts-1", _words(text))
    (topic,) = found.topics
    assert (topic.topic, topic.score, topic.aboutness, topic.is_about) == ("summit", 0.8, 0.8, True)
    assert (topic.method, topic.version) == ("meaning", "model-1+prompts-1")
    assert [e.words for e in topic.evidence] == ["pledge", "children", "Ministers meet."]
    assert [text[e.start : e.end] for e in topic.evidence if e.part == "text"] == ["pledge", "children"]
    assert [e.part for e in topic.evidence][-1] == PROMPT
    assert (found.close_call, found.version) == (None, "query-1+model-1+prompts-1")


def test_a_close_call_that_meaning_leaves_out_lacks_that_beside_what_the_query_lacked() -> None:
    text = f"A pledge {FAR} children."
    before = verdict(text)
    assert before.close_call is not None
    found = decided(before, meant(is_relevant=False, score=0.12), "model-1", _words(text))
    assert found.topics == ()
    assert found.close_call is not None
    assert (found.close_call.method, found.close_call.version) == ("meaning", "model-1")
    assert found.close_call.share == before.close_call.share
    assert found.close_call.lacks == (
        *before.close_call.lacks,
        "title and lead closer in meaning to the topics (12% likely, 50% asked)",
    )


@pytest.mark.parametrize(("score", "is_told"), [(0.4, True), (0.1, False)])
def test_what_no_query_came_near_is_a_close_call_if_its_meaning_did(score: float, is_told: object) -> None:
    text = "Children sail."
    assert verdict(text).close_call is None
    found = decided(verdict(text), meant(is_relevant=False, score=score), "model-1", _words(text))
    assert (found.close_call is not None) is is_told
    assert found.version == "query-1+model-1"


def _words(text: str) -> tuple[Evidence, ...]:
    return words_found(WATCH, title="A title", text=text, language="en")
