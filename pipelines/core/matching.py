"""Is an article on the topic, and how do we know: title and text in, topic matches with evidence out.

title, text -> Document -> pieces found | could any topic hold? -> hits -> topics that hold -> evidence, aboutness
no: most articles end here
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from pipelines.core.closeness import Closeness, Nearness
from pipelines.core.lexicon import Document, Hit, Lexicon, lexicon_for
from pipelines.core.nouns import CloseCall, Evidence, TopicMatch
from pipelines.core.query import Evaluation, Expression, is_possible
from pipelines.core.text import Span, Word, sentence_at, sentences_of, words_of

EVIDENCE_KEPT = 50
_TELLING = 1.0
_HALF_SCORE_WEIGHT = 3.0
_MOST_OF_ONE_WORDING = 5.0  # each further mention in the same words counts, but not without end
_WORTH_REMEMBERING = 0.35  # of a query: less is no close call
# What each sign adds to the belief that an article is about a topic; independent signs, as in noisy-or.
_TITLE_SIGN = 0.6
_LEAD_SIGN = 0.4
_SHARE_SIGN = 0.6
_FULL_SHARE = 0.3  # of the text's words: a report on the topic names it in every third sentence


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic that is watched."""

    topic_id: str
    name: str
    query: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """What a hit counts.

    Attributes:
        title: how many times a hit in the title counts.
        lead: the same for the first `lead_chars` characters of the text.
        about: the least aboutness, 0..1, of an article that is about a topic.
        weights: of groups; 1 where none is named.
    """

    title: float = 3.0
    lead: float = 2.0
    lead_chars: int = 600
    about: float = 0.5
    weights: Mapping[str, float] = field(default_factory=dict)

    def is_telling(self, groups: Collection[str]) -> bool:
        """True where a group is among these that weighs what a word of the subject does: an article may be close."""
        return any(self.weights.get(group, 1.0) >= _TELLING for group in groups)


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Everything matching needs: the topics in order, the lexicons by language, and the version of all."""

    topics: tuple[Topic, ...]
    lexicons: Mapping[str, Lexicon]
    version: str
    scoring: Scoring = Scoring()


@dataclass(frozen=True, slots=True, kw_only=True)
class Verdict:
    """What the query says of an article.

    Attributes:
        topics: those that hold, in the order of the watch; empty: off topic.
        close_call: for an article off topic, the nearest miss that is worth a second look.
        groups: the term groups that have a hit, or may have one where none of them would tell anything.
        version: of the rules that decided.
    """

    topics: tuple[TopicMatch, ...] = ()
    close_call: CloseCall | None = None
    groups: frozenset[str] = frozenset()
    version: str = ""


def match(watch: Watch, *, title: str | None, text: str, language: str | None) -> Verdict:
    """The topics that an article matches, or how near it came."""
    lexicon = lexicon_for(language, watch.lexicons)
    document = Document(title or "", text, lexicon.language)
    found = lexicon.found(document)
    groups = lexicon.groups(found)
    possible = [topic for topic in watch.topics if is_possible(topic.query, groups)]
    if not possible and not watch.scoring.is_telling(groups):
        return Verdict(groups=groups, version=watch.version)
    evaluation = Evaluation(lexicon.hits(document, found))
    place = _Places(title or "", text, document, watch.scoring)
    held = [(topic, hits) for topic in possible if (hits := evaluation.holds(topic.query))]
    topics = tuple(_topic_match(topic, hits, place, watch.version) for topic, hits in held)
    close_call = None if topics else _close_call(watch, evaluation, place)
    return Verdict(topics=topics, close_call=close_call, groups=frozenset(evaluation.hits), version=watch.version)


def words_found(watch: Watch, *, title: str | None, text: str, language: str | None) -> tuple[Evidence, ...]:
    """The words of any term group that stand in an article, whether or not a topic holds by them."""
    lexicon = lexicon_for(language, watch.lexicons)
    document = Document(title or "", text, lexicon.language)
    hits = lexicon.hits(document, lexicon.found(document))
    return _Places(title or "", text, document, watch.scoring).evidence(hits)


def _close_call(watch: Watch, evaluation: Evaluation, place: "_Places") -> CloseCall | None:
    nearness = Nearness(evaluation, watch.scoring.weights)
    near = [(nearness.of(topic.query), topic) for topic in watch.topics]
    best, topic = max(near, key=lambda n: n[0].share, default=(Closeness(0.0), None))
    if topic is None or best.share < _WORTH_REMEMBERING:
        return None
    hits = [h for group in evaluation.hits.values() for h in group]
    return CloseCall(
        topic=topic.topic_id,
        share=round(best.share, 3),
        lacks=best.lacks,
        evidence=place.evidence(hits),
        version=watch.version,
    )


class _Places:
    """Where the words of a document stand in its title and text; looked up for the few articles that need it."""

    def __init__(self, title: str, text: str, document: Document, scoring: Scoring) -> None:
        self.title, self.text, self.document, self.scoring = title, text, document, scoring

    @cached_property
    def _words(self) -> tuple[Sequence[Word], Sequence[Word]]:
        return words_of(self.title), words_of(self.text)

    @cached_property
    def _sentences(self) -> tuple[list[Span], list[Span]]:
        return sentences_of(self.title), sentences_of(self.text)

    def is_in_title(self, hit: Hit) -> bool:
        return hit.first < self.document.title_words

    def span(self, hit: Hit) -> Span:
        """A hit's characters, in the title or in the text."""
        in_title = self.is_in_title(hit)
        words, shift = self._words[0 if in_title else 1], 0 if in_title else self.document.text_first
        return Span(words[hit.first - shift].start, words[hit.last - shift].end)

    def sentence(self, hit: Hit) -> Span:
        """The sentence that a hit stands in."""
        return sentence_at(self._sentences[0 if self.is_in_title(hit) else 1], self.span(hit).start)

    def is_in_lead(self, hit: Hit) -> bool:
        return not self.is_in_title(hit) and self.span(hit).start < self.scoring.lead_chars

    def weight(self, hit: Hit) -> float:
        """What a hit counts, by its group and its place."""
        factor = self.scoring.title if self.is_in_title(hit) else self.scoring.lead if self.is_in_lead(hit) else 1.0
        return factor * self.scoring.weights.get(hit.group, 1.0)

    def wording(self, hit: Hit) -> str:
        """The words of a hit, folded."""
        return " ".join(self.document.words[hit.first : hit.last + 1])

    def share(self, hits: Sequence[Hit]) -> float:
        """The share of the text, in characters, that stands in sentences with a hit."""
        spans = {self.sentence(hit) for hit in hits if not self.is_in_title(hit)}
        return sum(span.end - span.start for span in spans) / max(1, len(self.text))

    def evidence(self, hits: Sequence[Hit]) -> tuple[Evidence, ...]:
        """What stands where, each word once, at most `EVIDENCE_KEPT`."""
        return tuple(self._one(hit) for hit in _mentions(hits)[:EVIDENCE_KEPT])

    def _one(self, hit: Hit) -> Evidence:
        part, source = ("title", self.title) if self.is_in_title(hit) else ("text", self.text)
        span, sentence = self.span(hit), self.sentence(hit)
        return Evidence(
            group=hit.group,
            words=source[span.start : span.end],
            part=part,
            start=span.start,
            end=span.end,
            sentence_start=sentence.start,
            sentence_end=sentence.end,
        )


def _topic_match(topic: Topic, hits: Sequence[Hit], place: _Places, version: str) -> TopicMatch:
    mentions = _mentions(hits)
    aboutness = _aboutness(mentions, place)
    return TopicMatch(
        topic=topic.topic_id,
        score=_score(mentions, place),
        aboutness=aboutness,
        is_about=aboutness >= place.scoring.about,
        evidence=place.evidence(hits),
        version=version,
    )


def _score(mentions: Sequence[Hit], place: _Places) -> float:
    weights: dict[str, float] = {}
    for mention in mentions:
        words = place.wording(mention)
        weights[words] = weights.get(words, 0.0) + place.weight(mention)
    total = sum(min(weight, _MOST_OF_ONE_WORDING) for weight in weights.values())
    return round(total / (total + _HALF_SCORE_WEIGHT), 3)


def _aboutness(mentions: Sequence[Hit], place: _Places) -> float:
    """0..1: does the topic carry the article, or is it named in passing, say at the end of a round-up?"""
    signs = (
        _TITLE_SIGN * any(map(place.is_in_title, mentions)),
        _LEAD_SIGN * any(map(place.is_in_lead, mentions)),
        _SHARE_SIGN * min(1.0, place.share(mentions) / _FULL_SHARE),
    )
    doubt = 1.0
    for sign in signs:
        doubt *= 1.0 - sign
    return round(1.0 - doubt, 3)


def _mentions(hits: Sequence[Hit]) -> list[Hit]:
    """Hits in order, each word counted once: of hits that overlap, the longest stands for all."""
    kept: list[Hit] = []
    for hit in sorted(hits, key=lambda h: (h.first, -h.last, h.group, h.term)):
        if kept and hit.first <= kept[-1].last:
            if hit.last - hit.first > kept[-1].last - kept[-1].first:
                kept[-1] = hit
        else:
            kept.append(hit)
    return kept
