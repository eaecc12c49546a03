"""The second opinion: what a text means, compared with sentences that say what the topics are about.

    prompts, vectors --compass_of--> Compass;  vectors of texts --meanings--> Meaning

A text leans to the topics if it is closer to its nearest prompts than to its nearest counter-prompts. What its language
adds to every vector is taken away first (`neutral_news`). Vectors come from outside and have length 1.
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

import numpy as np
import numpy.typing as npt

from pipelines.core.neutral_news import NEUTRAL_NEWS
from pipelines.core.text import hash_of

Vectors = npt.NDArray[np.float32]

MEANING_METHOD = "meaning"
LEAD_CHARS = 300  # of the text; more costs time and says little that title and lead do not
NEAREST = 5  # prompts of each side whose mean closeness counts: one alone is chance, all of them blur

# Chosen on tests/corpus/meaning and tests/corpus/relevance, in the middle of a flat top (docs/decisions/0016). Half a
# language's mean: all of it takes away some of what a text says.
_SHARE_OF_MEAN = 0.5
_EVEN_MARGIN = 0.029
_STEEPNESS = 167.0
_WEIGHT_OF_QUERY = 4.0  # log-odds of all that a query asks for
_NEAREST_OF_TOPIC = 2


class Doubt(StrEnum):
    """Why a text that no query matched is asked about."""

    WORDS = "words"  # some of the topics' words stand in title and lead
    NO_TERMS = "no_terms"  # there are no terms in its language: the query says nothing


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompts:
    """Sentences as a newspaper would have them, all in one language.

    Attributes:
        on: (topic id, sentence) on the topics.
        counter: sentences off every topic, the near misses above all.
        undecided: sets of term groups; a text with every group of one set is worth asking about.
        threshold: the least likelihood, 0..1, of a text that is on a topic.
        threshold_without_words: the same where no word vouches for a text, because its language has no terms. Of the
            press at large one article in fifty passes an even chance, very few this.
    """

    language: str
    on: tuple[tuple[str, str], ...]
    counter: tuple[str, ...]
    undecided: tuple[frozenset[str], ...] = ()
    threshold: float = 0.5
    threshold_without_words: float = 0.7

    @property
    def sentences(self) -> tuple[str, ...]:
        """All sentences, those on the topics first: what `compass_of` wants the vectors of."""
        return (*(sentence for _, sentence in self.on), *self.counter)

    @property
    def version(self) -> str:
        """Changes whenever a decision could."""
        rules = (NEAREST, _SHARE_OF_MEAN, _EVEN_MARGIN, _STEEPNESS, _WEIGHT_OF_QUERY, LEAD_CHARS)
        undecided = sorted(sorted(groups) for groups in self.undecided)
        thresholds = (self.threshold, self.threshold_without_words)
        said = (self.language, self.on, self.counter, undecided, thresholds, rules, sorted(NEUTRAL_NEWS.items()))
        return f"prompts-{hash_of(repr(said)) % 16**8:08x}"

    def is_undecided(self, groups: Collection[str]) -> bool:
        """True where a text with hits of these groups is worth asking about."""
        return any(wanted.issubset(groups) for wanted in self.undecided)

    def least(self, doubt: Doubt) -> float:
        """The least likelihood of a relevant text that is asked about for this reason."""
        return self.threshold_without_words if doubt is Doubt.NO_TERMS else self.threshold


@dataclass(frozen=True, slots=True, kw_only=True)
class Compass:
    """Prompts as vectors, less what their language adds: what texts are held against."""

    topics: tuple[str, ...]
    sentences: tuple[str, ...]
    on: Vectors
    counter: Vectors


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a text was found to mean.

    Attributes:
        score: the probability that it is on a topic, 0..1.
        topic: the topic it is closest to, whether or not it is relevant.
        best_prompt: that topic's sentence closest to the text: the evidence.
        least: the score that was asked of it.
        method: `meaning`, or that of what was learned from judgements.
    """

    score: float
    is_relevant: bool
    topic: str
    best_prompt: str
    least: float
    method: str = MEANING_METHOD


def asked_text(title: str | None, text: str) -> str:
    """Title and lead, as the embedder is asked about them; the lead ends with a whole word."""
    lead = text[: LEAD_CHARS + 1]
    if len(lead) > LEAD_CHARS:
        lead = lead[:LEAD_CHARS].rsplit(maxsplit=1)[0]
    return f"{title.strip()}. {lead}".strip() if title and title.strip() else lead.strip()


def centred(vectors: Vectors, means: Vectors) -> Vectors:
    """Vectors less half of the mean of their language, at length 1 again; `means` has a row for each, or one for all.

    Vectors of all languages come to lie together.
    """
    moved = vectors - np.float32(_SHARE_OF_MEAN) * means
    length = np.linalg.norm(moved, axis=-1, keepdims=True)
    return np.asarray(moved / np.where(length > 0, length, 1), dtype=np.float32)


def compass_of(prompts: Prompts, vectors: Vectors, mean: Vectors) -> Compass:
    """Prompts ready to hold texts against.

    Args:
        vectors: of `prompts.sentences`, in that order.
        mean: of the prompts' language.
    """
    placed = centred(vectors, mean)
    count = len(prompts.on)
    return Compass(
        topics=tuple(topic for topic, _ in prompts.on),
        sentences=tuple(sentence for _, sentence in prompts.on),
        on=placed[:count],
        counter=placed[count:],
    )


def leanings(compass: Compass, placed: Vectors, query_scores: Sequence[float]) -> npt.NDArray[np.float64]:
    """Log-odds that each centred vector is on a topic; how near its text came to a query counts as well."""
    margin = _nearest(placed @ compass.on.T) - _nearest(placed @ compass.counter.T)
    near = _WEIGHT_OF_QUERY * np.asarray(query_scores, dtype=np.float64)
    return np.asarray(_STEEPNESS * (margin - _EVEN_MARGIN) + near, dtype=np.float64)


def _nearest(closeness: Vectors) -> Vectors:
    """Mean closeness of the nearest, a row for each text; 0 where there is nothing to be close to."""
    if closeness.shape[1] == 0:
        return np.zeros(len(closeness), dtype=np.float32)
    return np.asarray(np.sort(closeness, axis=1)[:, -NEAREST:].mean(axis=1), dtype=np.float32)


def meanings(
    compass: Compass,
    placed: Vectors,
    log_odds: Iterable[float],
    least: Sequence[float],
    method: str = MEANING_METHOD,
) -> list[Meaning]:
    """The verdict on each text.

    Args:
        placed: centred vectors.
        log_odds: `leanings`, or what was learned from judgements.
        least: the score that is asked of each.
    """
    by_topic = _by_topic(compass.topics)
    return [
        _meaning(compass, by_topic, closeness, probability(float(odds)), floor, method)
        for closeness, odds, floor in zip(placed @ compass.on.T, log_odds, least, strict=True)
    ]


def _by_topic(topics: Sequence[str]) -> Mapping[str, list[int]]:
    rows: dict[str, list[int]] = {}
    for row, topic in enumerate(topics):
        rows.setdefault(topic, []).append(row)
    return rows


def _meaning(
    compass: Compass, by_topic: Mapping[str, list[int]], closeness: Vectors, score: float, least: float, method: str
) -> Meaning:
    # Two prompts of a topic: by its nearest alone a topic with many prompts would win too often.
    closest = {t: float(np.sort(closeness[rows])[-_NEAREST_OF_TOPIC:].mean()) for t, rows in by_topic.items()}
    topic = max(closest, key=lambda t: closest[t])
    return Meaning(
        score=round(score, 3),
        is_relevant=score >= least,
        topic=topic,
        best_prompt=compass.sentences[max(by_topic[topic], key=lambda row: float(closeness[row]))],
        least=least,
        method=method,
    )


def probability(log_odds: float) -> float:
    """Log-odds as a probability, 0..1."""
    return float(1 / (1 + np.exp(-np.clip(log_odds, -500, 500))))
