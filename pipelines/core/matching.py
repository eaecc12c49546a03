"""Is an article on the topic, and how do we know: title and text in, topic matches with evidence out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from pipelines.core.nouns import Evidence, TopicMatch
from pipelines.core.query import ANY_LANGUAGE, Evaluation, Expression, Hit, Lexicon
from pipelines.core.text import Span, Word, sentence_at, sentences_of, words_of

QUERY_METHOD = "query"
TITLE_WEIGHT = 3.0
LEAD_WEIGHT = 2.0
LEAD_CHARS = 600
EVIDENCE_SHOWN = 12
_ABOUT_WEIGHT = 3.0
_HALF_SCORE_WEIGHT = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Topic:
    """One topic that is watched."""

    topic_id: str
    name: str
    query: Expression


@dataclass(frozen=True, slots=True, kw_only=True)
class Watch:
    """Everything matching needs: the topics in order, the lexicons by language, and the version of both."""

    topics: tuple[Topic, ...]
    lexicons: Mapping[str, Lexicon]
    version: str


@dataclass(frozen=True, slots=True)
class _Document:
    title: str
    text: str
    words: Sequence[Word]
    title_words: int


def match(watch: Watch, *, title: str | None, text: str, language: str | None) -> list[TopicMatch]:
    """The topics an article matches, in the order of the watch; empty for an article off topic."""
    document = _document(title or "", text)
    lexicon = watch.lexicons.get(language or ANY_LANGUAGE) or watch.lexicons[ANY_LANGUAGE]
    evaluation = Evaluation(lexicon.hits(document.words))
    found = [(topic, hits) for topic in watch.topics if (hits := evaluation.holds(topic.query))]
    if not found:
        return []
    sentences = {"title": sentences_of(document.title), "text": sentences_of(text)}
    return [_topic_match(topic, hits, document, sentences) for topic, hits in found]


def _document(title: str, text: str) -> _Document:
    title_words = words_of(title)
    # A gap wider than any nearness keeps a phrase or a pair from reaching from the title into the text.
    gap = [Word("", 0, 0)] * 40
    return _Document(title, text, [*title_words, *gap, *words_of(text)], len(title_words))


def _topic_match(
    topic: Topic, hits: Sequence[Hit], document: _Document, sentences: Mapping[str, list[Span]]
) -> TopicMatch:
    weights: dict[str, float] = {}
    for mention in _mentions(hits):
        words = " ".join(w.folded for w in document.words[mention.first : mention.last + 1])
        weights[words] = weights.get(words, 0.0) + _weight(mention, document)
    # Each further mention in the same words counts, but not without end: repetition is weak evidence.
    total = sum(min(w, TITLE_WEIGHT + LEAD_WEIGHT) for w in weights.values())
    return TopicMatch(
        topic=topic.topic_id,
        score=round(total / (total + _HALF_SCORE_WEIGHT), 3),
        is_about=total >= _ABOUT_WEIGHT,
        evidence=tuple(_evidence(h, document, sentences) for h in _mentions(hits)[:EVIDENCE_SHOWN]),
    )


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


def _weight(hit: Hit, document: _Document) -> float:
    if hit.first < document.title_words:
        return TITLE_WEIGHT
    return LEAD_WEIGHT if document.words[hit.first].start < LEAD_CHARS else 1.0


def _evidence(hit: Hit, document: _Document, sentences: Mapping[str, list[Span]]) -> Evidence:
    part = "title" if hit.first < document.title_words else "text"
    source = document.title if part == "title" else document.text
    start, end = document.words[hit.first].start, document.words[hit.last].end
    sentence = sentence_at(sentences[part], start)
    return Evidence(
        group=hit.group,
        words=source[start:end],
        part=part,
        start=start,
        end=end,
        sentence_start=sentence.start,
        sentence_end=sentence.end,
    )
