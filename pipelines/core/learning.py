"""What people's judgements teach: a logistic regression on top of the prompts' opinion.

    Judged --learn--> Learned | NotLearned;  vectors, leanings, query scores --Learned.log_odds--> log-odds

It starts from what the prompts say and learns where they err, so that few judgements do no harm. It is used only if,
on languages it did not learn from, it is at least as right as the prompts alone.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

import numpy as np
import numpy.typing as npt

from pipelines.core.meaning import Vectors
from pipelines.core.text import hash_of

LEARNED_METHOD = "learned"
LEAST_JUDGEMENTS = 50
LEAST_OF_A_KIND = 5
_LEAST_OF_A_LANGUAGE = 5
_LEAST_PARTS = 3
_PARTS = 5

# Chosen on tests/corpus/meaning, with prompts of several qualities.
_SPREAD = 3.0  # a vector's numbers are small beside the other features
_RESTRAINT = 0.3
_MOST_STEPS = 50
_CLOSE_ENOUGH = 1e-9

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class Judged:
    """A judgement of a person with all that was known of the article.

    Attributes:
        vector: centred, see `meaning.centred`.
        leaning: log-odds that the prompts gave it.
        query_score: 0..1 of what a topic's query asks for; 1 where it holds.
    """

    article_id: int
    language: str | None
    vector: Vectors
    leaning: float
    query_score: float
    is_relevant: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Learned:
    """What was learned; plain numbers, kept as JSON.

    Attributes:
        weights: for the numbers of a vector, then for the query's score, then for all alike.
        basis: version of embedder and prompts; of use with these alone.
        held_out_f1, prompts_f1: F1 on judgements of languages not learned from, and of the prompts on the same.
    """

    weights: tuple[float, ...]
    basis: str
    trained_at: datetime
    relevant: int
    irrelevant: int
    held_out_f1: float
    prompts_f1: float

    @property
    def version(self) -> str:
        """Changes with what was learned."""
        return f"learned-{hash_of(repr((self.weights, self.basis))) % 16**8:08x}"

    def log_odds(self, vectors: Vectors, leanings: Sequence[float], query_scores: Sequence[float]) -> Numbers:
        """Log-odds that each text is on a topic."""
        features = _features(vectors, query_scores)
        return np.asarray(features @ np.asarray(self.weights) + np.asarray(leanings), dtype=np.float64)

    def kept(self) -> dict[str, Any]:
        """As it is kept, in plain values."""
        return {**asdict(self), "trained_at": self.trained_at.isoformat()}


@dataclass(frozen=True, slots=True)
class NotLearned:
    """Nothing is learned, and why, in a sentence for people."""

    reason: str


def learned_from(stored: str) -> Learned:
    """What `kept` gave, as JSON."""
    read = json.loads(stored)
    at = datetime.fromisoformat(read["trained_at"])
    return Learned(**{**read, "weights": tuple(read["weights"]), "trained_at": at})


def learn(judged: Sequence[Judged], *, basis: str, trained_at: datetime) -> Learned | NotLearned:
    """Learn from judgements, or say why not. Their order does not matter."""
    known = sorted(judged, key=lambda j: j.article_id)
    counts = Counter(j.is_relevant for j in known)
    if len(known) < LEAST_JUDGEMENTS:
        return NotLearned(f"{len(known)} judgements; learning begins at {LEAST_JUDGEMENTS}")
    if min(counts[True], counts[False]) < LEAST_OF_A_KIND:
        return NotLearned(
            f"{counts[True]} judged relevant and {counts[False]} not; both are needed, at least {LEAST_OF_A_KIND} each"
        )
    truth = [j.is_relevant for j in known]
    ours, theirs = _f1(_held_out(known), truth), _f1([j.leaning >= 0 for j in known], truth)
    if ours < theirs:
        return NotLearned(f"held out, what was learned is worse (F1 {ours:.2f}) than the prompts alone ({theirs:.2f})")
    return Learned(
        weights=tuple(round(float(w), 6) for w in _fitted(known)),
        basis=basis,
        trained_at=trained_at,
        relevant=counts[True],
        irrelevant=counts[False],
        held_out_f1=round(ours, 4),
        prompts_f1=round(theirs, 4),
    )


def _held_out(judged: Sequence[Judged]) -> list[bool]:
    """What each would be called by a model that saw none of its part."""
    called = [False] * len(judged)
    for part in _parts(judged):
        weights = _fitted([j for i, j in enumerate(judged) if i not in part])
        rows = sorted(part)
        held = [judged[i] for i in rows]
        odds = _design(held) @ weights + [j.leaning for j in held]
        for row, value in zip(rows, odds, strict=True):
            called[row] = bool(value >= 0)
    return called


def _parts(judged: Sequence[Judged]) -> Iterator[set[int]]:
    """Rows by language, rare languages together; by turns where there are too few languages."""
    counts = Counter(j.language for j in judged)
    names = [j.language if counts[j.language] >= _LEAST_OF_A_LANGUAGE else "" for j in judged]
    keys: Sequence[object] = names if len(set(names)) >= _LEAST_PARTS else [i % _PARTS for i in range(len(judged))]
    for key in dict.fromkeys(keys):
        yield {i for i, of in enumerate(keys) if of == key}


def _features(vectors: Vectors, query_scores: Sequence[float]) -> Numbers:
    count = len(query_scores)
    return np.column_stack([vectors * _SPREAD, np.asarray(query_scores, dtype=float), np.ones(count)])


def _design(judged: Sequence[Judged]) -> Numbers:
    return _features(np.stack([j.vector for j in judged]), [j.query_score for j in judged])


def _fitted(judged: Sequence[Judged]) -> Numbers:
    """Weights of least loss: logistic, offset by the prompts' leaning, restrained to small weights; Newton's steps.

    The loss is convex and each step is halved until it falls, so it always ends at the one minimum.
    """
    x, offset = _design(judged), np.asarray([j.leaning for j in judged])
    sign = np.where([j.is_relevant for j in judged], 1.0, -1.0)

    def loss(w: Numbers) -> float:
        return float(np.logaddexp(0, -sign * (x @ w + offset)).sum() + _RESTRAINT / 2 * w @ w)

    weights = np.zeros(x.shape[1])
    for _ in range(_MOST_STEPS):
        odds = np.clip(x @ weights + offset, -500, 500)
        p = 1 / (1 + np.exp(-odds))
        slope = x.T @ (p - (sign > 0)) + _RESTRAINT * weights
        step = np.linalg.solve((x * (p * (1 - p))[:, None]).T @ x + _RESTRAINT * np.eye(x.shape[1]), slope)
        if float(slope @ step) < _CLOSE_ENOUGH:
            break
        before, size = loss(weights), 1.0
        while loss(weights - size * step) > before and size > _CLOSE_ENOUGH:
            size /= 2
        weights = weights - size * step
    return weights


def _f1(called: Sequence[bool], truth: Sequence[bool]) -> float:
    both = sum(c and t for c, t in zip(called, truth, strict=True))
    either = sum(called) + sum(truth)
    return 2 * both / either if either else 1.0
