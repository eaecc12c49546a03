"""The second opinion, as a pipe:

    title and lead | vectors | centred by language | held against the prompts | what judgements taught | Meaning

Nothing is embedded before the first question; the prompts once a process, everyday news once a language.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np

from pipelines.core.learning import LEARNED_METHOD, Judged, Learned
from pipelines.core.meaning import (
    PROMPTS_METHOD,
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
        """A row of length 1 for each text."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """A text to be asked about. `query_score` is 0 where no query matched."""

    title: str | None
    text: str
    language: str | None
    doubt: Doubt = Doubt.WORDS
    query_score: float = 0.0


class SecondOpinion:
    """An embedder with the prompts of a monitor, and what judgements taught if it is of use with these."""

    def __init__(self, embedder: Embeds, prompts: Prompts, learned: Learned | None = None) -> None:
        self.basis = f"{embedder.version}+{prompts.version}"
        self._embedder = embedder
        self._prompts = prompts
        self._learned = learned if learned is not None and learned.basis == self.basis else None
        self._means: dict[str, Vectors] = {}
        self._compass: Compass | None = None

    @property
    def version(self) -> str:
        """What a decision carries: embedder, prompts, and what was learned."""
        return f"{self.basis}+{self._learned.version}" if self._learned else self.basis

    def on(self, questions: Sequence[Question]) -> list[Meaning]:
        """The meaning of each text, in order."""
        if not questions:
            return []
        placed = self._placed(questions)
        compass = self._ready()
        leaning = leanings(compass, placed)
        doubts = [q.doubt for q in questions]
        if self._learned is None:
            return meanings(compass, placed, leaning, doubts, PROMPTS_METHOD)
        odds = self._learned.log_odds(placed, leaning.tolist(), [q.query_score for q in questions])
        return meanings(compass, placed, odds.tolist(), doubts, LEARNED_METHOD)

    def judged(self, article_ids: Sequence[int], questions: Sequence[Question], said: Sequence[bool]) -> list[Judged]:
        """Judgements as `learning.learn` wants them: `said` is whether a person called each article relevant."""
        if not questions:
            return []
        placed = self._placed(questions)
        leaning = leanings(self._ready(), placed)
        return [
            Judged(
                article_id=article_id,
                language=question.language,
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
        vectors = self._embedder.vectors([asked_text(q.title, q.text) for q in questions])
        return centred(vectors, np.stack([self._mean(q.language) for q in questions]))

    def _ready(self) -> Compass:
        if self._compass is None:
            vectors = self._embedder.vectors(self._prompts.sentences)
            self._compass = compass_of(self._prompts, vectors, self._mean(self._prompts.language))
        return self._compass

    def _mean(self, language: str | None) -> Vectors:
        """Of everyday news in the language; of English where there is none in it, as texts of no known language are."""
        known = language if language and language in NEUTRAL_NEWS else _LANGUAGE_OF_LAST_RESORT
        if known not in self._means:
            self._means[known] = self._embedder.vectors(NEUTRAL_NEWS[known]).mean(axis=0)
        return self._means[known]
