"""What people decided on relevance, over what the rules say.

    the rules' verdict | rulings on its article --ruled--> verdict

A ruling wins over the query, the second opinion and what was learned, on every run and replay. The rules' own verdict
is not changed by it: undone, a ruling leaves no trace.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pipelines.core.matching import Verdict
from pipelines.core.nouns import TopicMatch

METHOD = "judgement"


@dataclass(frozen=True, slots=True, kw_only=True)
class Ruling:
    """A person's decision on one article.

    Attributes:
        number: of the judgement; a later one wins over an earlier one.
        topic: the topic it speaks of. None: of all, "relevant" then means the one that the article came nearest to.
        is_relevant: whether the article is on it.
        fallback: the topic meant where none is named and the rules name none either.
    """

    number: int
    topic: str | None
    is_relevant: bool
    fallback: str


def ruled(verdict: Verdict, rulings: Sequence[Ruling]) -> Verdict:
    """The verdict that stands after a person's decisions, the later over the earlier."""
    for ruling in sorted(rulings, key=lambda r: r.number):
        verdict = _relevant(verdict, ruling) if ruling.is_relevant else _irrelevant(verdict, ruling)
    return verdict


def _irrelevant(verdict: Verdict, ruling: Ruling) -> Verdict:
    left = () if ruling.topic is None else tuple(t for t in verdict.topics if t.topic != ruling.topic)
    return replace(verdict, topics=left, close_call=None)


def _relevant(verdict: Verdict, ruling: Ruling) -> Verdict:
    if ruling.topic is None and verdict.topics:
        return verdict
    call = verdict.close_call
    topic = ruling.topic or (call.topic if call else ruling.fallback)
    others = tuple(t for t in verdict.topics if t.topic != topic)
    said = TopicMatch(
        topic=topic,
        score=1.0,
        aboutness=1.0,
        is_about=True,
        evidence=next((t.evidence for t in verdict.topics if t.topic == topic), call.evidence if call else ()),
        method=METHOD,
        version=str(ruling.number),
    )
    return replace(verdict, topics=(*others, said), close_call=None)
