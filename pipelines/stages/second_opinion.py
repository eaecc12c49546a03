"""Decisions on relevance, as a pipe:

    texts | the query | undecided? title and lead | vectors | centred by language | held against the prompts,
          | and what judgements taught | verdicts

Nothing is embedded before the first question; the prompts once a process, everyday news once a language. Where the
embedder fails, the query alone decides from then on, and `lost` says why.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from pipelines.core.deciding import decided, doubt_of
from pipelines.core.errors import EmbedderFailed
from pipelines.core.learning import LEARNED_METHOD, Judged, Learned
from pipelines.core.matching import Verdict, Watch, match, words_found
from pipelines.core.meaning import (
    MEANING_METHOD,
    Compass,
    Doubt,
    Meaning,
    Prompts,
    Vectors,
    asked_text,
    centred,
    compass_of,
    leanings,
    meanings,
)
from pipelines.core.neutral_news import NEUTRAL_NEWS

_LANGUAGE_OF_LAST_RESORT = "en"


class Embeds(Protocol):
    """What a second opinion needs of an embedder."""

    version: str

    def vectors(self, texts: Sequence[str]) -> Vectors:
        """A row of length 1 for each text.

        Raises:
            EmbedderFailed: the model cannot be loaded or gives no vectors.
        """
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Text:
    """What is decided on."""

    title: str | None
    text: str
    language: str | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A text to be asked about. `query_score`: 0..1 of what a topic's query asks for, 1 where it holds."""

    text: Text
    doubt: Doubt = Doubt.WORDS
    query_score: float = 0.0


class SecondOpinion:
    """An embedder with the prompts of a monitor, and what judgements taught if it is of use with these.

    Attributes:
        basis: version of the embedder and the prompts.
        lost: why the embedder is of no use in this process; None: it is.
    """

    def __init__(self, embedder: Embeds, prompts: Prompts, learned: Learned | None = None) -> None:
        self.basis = f"{embedder.version}+{prompts.version}"
        self.lost: str | None = None
        self.prompts = prompts
        self._embedder = embedder
        self._means: dict[str, Vectors] = {}
        self._compass: Compass | None = None
        self.take(learned)

    @property
    def version(self) -> str:
        """What a decision carries: embedder, prompts, and what was learned."""
        return f"{self.basis}+{self._learned.version}" if self._learned else self.basis

    def take(self, learned: Learned | None) -> None:
        """From now on decide by what was learned with this embedder and these prompts; by the prompts alone if none."""
        self._learned = learned if learned is not None and learned.basis == self.basis else None

    def on(self, questions: Sequence[Question]) -> list[Meaning]:
        """The meaning of each text, in order.

        Raises:
            EmbedderFailed: there are no vectors to be had.
        """
        if not questions:
            return []
        placed = self._placed(questions)
        compass = self._ready()
        scores = [q.query_score for q in questions]
        leaning = leanings(compass, placed, scores)
        least = [self.prompts.least(q.doubt) for q in questions]
        if self._learned is None:
            return meanings(compass, placed, leaning, least, MEANING_METHOD)
        odds = self._learned.log_odds(placed, leaning.tolist(), scores)
        return meanings(compass, placed, odds.tolist(), least, LEARNED_METHOD)

    def judged(self, article_ids: Sequence[int], questions: Sequence[Question], said: Sequence[bool]) -> list[Judged]:
        """Judgements as `learning.learn` wants them: `said` is whether a person called each article relevant.

        Raises:
            EmbedderFailed: there are no vectors to be had.
        """
        if not questions:
            return []
        placed = self._placed(questions)
        leaning = leanings(self._ready(), placed, [q.query_score for q in questions])
        return [
            Judged(
                article_id=article_id,
                language=question.text.language,
                vector=vector,
                leaning=float(lean),
                query_score=question.query_score,
                is_relevant=is_relevant,
            )
            for article_id, question, is_relevant, vector, lean in zip(
                article_ids, questions, said, placed, leaning, strict=True
            )
        ]

    def _placed(self, questions: Sequence[Question]) -> Vectors:
        vectors = self._embedder.vectors([asked_text(q.text.title, q.text.text) for q in questions])
        return centred(vectors, np.stack([self._mean(q.text.language) for q in questions]))

    def _ready(self) -> Compass:
        if self._compass is None:
            vectors = self._embedder.vectors(self.prompts.sentences)
            self._compass = compass_of(self.prompts, vectors, self._mean(self.prompts.language))
        return self._compass

    def _mean(self, language: str | None) -> Vectors:
        """Of everyday news in the language; of English where there is none in it, as texts of no known language are."""
        known = language if language and language in NEUTRAL_NEWS else _LANGUAGE_OF_LAST_RESORT
        if known not in self._means:
            self._means[known] = self._embedder.vectors(NEUTRAL_NEWS[known]).mean(axis=0)
        return self._means[known]


def decide(watch: Watch, opinion: SecondOpinion | None, texts: Sequence[Text]) -> list[Verdict]:
    """The verdict on each text: the query's, and the second opinion's where it leaves one undecided."""
    verdicts = [match(watch, title=t.title, text=t.text, language=t.language) for t in texts]
    if opinion is None or opinion.lost is not None:
        return verdicts
    asked = {n: q for n, v in enumerate(verdicts) if (q := question_on(watch, opinion.prompts, texts[n], v))}
    try:
        found = opinion.on(list(asked.values()))
    except EmbedderFailed as failed:
        opinion.lost = str(failed)
        return verdicts
    for n, meaning in zip(asked, found, strict=True):
        text = texts[n]
        words = words_found(watch, title=text.title, text=text.text, language=text.language)
        verdicts[n] = decided(verdicts[n], meaning, opinion.version, words)
    return verdicts


def question_on(watch: Watch, prompts: Prompts, text: Text, verdict: Verdict) -> Question | None:
    """What is asked about a text after the query's verdict; None: nothing is."""
    doubt = doubt_of(watch, prompts, verdict, title=text.title, text=text.text, language=text.language)
    return Question(text=text, doubt=doubt, query_score=query_score(verdict)) if doubt else None


def query_score(verdict: Verdict) -> float:
    """How much of what a topic's query asks for is there, 0..1; 1 where one holds."""
    return 1.0 if verdict.topics else verdict.close_call.share if verdict.close_call else 0.0
