"""What the query leaves undecided, and what becomes of it when its meaning is known.

query's verdict --doubt_of--> Doubt | None;  verdict, Meaning --decided--> Verdict
"""

from collections.abc import Sequence
from dataclasses import replace

from pipelines.core.lexicon import ANY_LANGUAGE, Document, lexicon_for
from pipelines.core.matching import Verdict, Watch
from pipelines.core.meaning import LEAD_CHARS, Doubt, Meaning, Prompts
from pipelines.core.nouns import CloseCall, Evidence, TopicMatch

PROMPT = "prompt"  # the part of a text that evidence of this kind is in: none, it is a sentence of the topic
_WORTH_REMEMBERING = 0.2  # of a likelihood: less is no close call


def doubt_of(
    watch: Watch, prompts: Prompts, verdict: Verdict, *, title: str | None, text: str, language: str | None
) -> Doubt | None:
    """Why an article is asked about though no query matched; None: it is on a topic, or it is not worth asking.

    It is worth it where words of the topics stand in title and lead, or no words are known in its language. What stands
    further down is not compared, and says little of what the article is about.
    """
    if verdict.topics:
        return None
    lexicon = lexicon_for(language, watch.lexicons)
    if lexicon is watch.lexicons[ANY_LANGUAGE]:
        return Doubt.NO_TERMS
    if not prompts.is_undecided(verdict.groups):
        return None
    top = Document(title or "", text[:LEAD_CHARS], lexicon.language)
    return Doubt.WORDS if prompts.is_undecided(lexicon.confirmed(top, lexicon.found(top))) else None


def decided(verdict: Verdict, meaning: Meaning, version: str, words: Sequence[Evidence]) -> Verdict:
    """The verdict on an article that was asked about.

    Args:
        verdict: the query's, of no topic.
        version: of the second opinion.
        words: of the topics' term groups, as they stand in the article.
    """
    both = f"{verdict.version}+{version}"
    if meaning.is_relevant:
        return Verdict(topics=(_topic_match(words, meaning, version),), groups=verdict.groups, version=both)
    return replace(verdict, close_call=_close_call(verdict.close_call, meaning, version), version=both)


def _topic_match(words: Sequence[Evidence], meaning: Meaning, version: str) -> TopicMatch:
    """Title and lead are what was compared: how likely they are on the topic says how far the article is about it."""
    return TopicMatch(
        topic=meaning.topic,
        score=meaning.score,
        aboutness=meaning.score,
        is_about=True,
        evidence=(*words, _prompt(meaning)),
        method=meaning.method,
        version=version,
    )


def _close_call(call: CloseCall | None, meaning: Meaning, version: str) -> CloseCall | None:
    """What had let it in is, beside what the query lacked, a meaning closer to the topics."""
    if call is None and meaning.score < _WORTH_REMEMBERING:
        return None
    lack = f"title and lead closer in meaning to the topics ({meaning.score:.0%} likely, {meaning.least:.0%} asked)"
    if call is None:
        call = CloseCall(topic=meaning.topic, share=meaning.score, lacks=(), evidence=())
    return replace(
        call, lacks=(*call.lacks, lack), evidence=(*call.evidence, _prompt(meaning)), method=meaning.method,
        version=version,
    )  # fmt: skip


def _prompt(meaning: Meaning) -> Evidence:
    return Evidence(group="", words=meaning.best_prompt, part=PROMPT, start=0, end=0, sentence_start=0, sentence_end=0)
