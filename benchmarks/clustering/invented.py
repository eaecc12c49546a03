"""Invented news of some days in some languages: events, and the articles that tell of them.

No text means anything: words are made of syllables, common ones as common as words are, so that what an event has of
its own is a small part of an article, as in the press. Names and numbers are an event's own or those of everybody.
Some events look alike: they share persons and words with another of the same days.
"""

import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate

FIRST_DAY = date(2026, 11, 2)
LANGUAGES = ("en", "de", "fr", "es", "it", "pl", "nl", "pt", "sv", "cs", "el", "ro")
_SYLLABLES = (
    "ba", "co", "de", "fi", "gu", "ha", "li", "mo", "ne", "pu", "ra", "se", "ti", "vo", "ze", "ka", "sta", "tro", "men",
    "dar", "lin", "gor", "fel", "nis", "pra", "ver", "tam", "shu", "bro", "kel",
)  # fmt: skip
_COMMON_WORDS = 3_000
_EVENT_WORDS, _EVENT_NAMES, _EVENT_NUMBERS = 24, 7, 6
_EVERYBODYS_NAMES = 60
_HOUR = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Told:
    """An article as it is invented, with the event that it tells of."""

    number: int
    event: int
    language: str
    outlet: str
    title: str
    text: str
    published_at: datetime
    seen_at: datetime


@dataclass(frozen=True, slots=True)
class _Event:
    number: int
    language: str
    begins: datetime
    words: Sequence[str]
    names: Sequence[str]
    numbers: Sequence[str]


class _Tongue:
    """The words of one language, the same for a seed."""

    def __init__(self, language: str, chance: random.Random) -> None:
        self.language, self._chance = language, chance
        self.common = [self.word() for _ in range(_COMMON_WORDS)]
        self._often = list(accumulate(1 / (rank + 3) for rank in range(_COMMON_WORDS)))
        self.names = [self.name() for _ in range(_EVERYBODYS_NAMES)]

    def word(self) -> str:
        return "".join(self._chance.choices(_SYLLABLES, k=self._chance.choice((2, 2, 3, 3, 4))))

    def name(self) -> str:
        return f"{self.word().title()} {self.word().title()}"

    def usual(self, count: int) -> list[str]:
        return self._chance.choices(self.common, cum_weights=self._often, k=count)


def invent(*, days: int, a_day: int, languages: Sequence[str], words: int = 220, seed: int = 7) -> list[Told]:
    """Articles of so many days, in the order in which they are seen.

    Args:
        a_day: articles of all languages together; the first languages have the most of them.
        words: of a usual article; single ones have from half of it to twice as many.
    """
    chance = random.Random(seed)
    shares = [1 / (place + 2) for place in range(len(languages))]
    told: list[Told] = []
    for language, share in zip(languages, shares, strict=True):
        tongue = _Tongue(language, random.Random(f"{seed} {language}"))
        wanted = max(1, round(days * a_day * share / sum(shares)))
        told += _of_language(tongue, chance, wanted, days, words)
    told.sort(key=lambda t: (t.seen_at, t.event, t.outlet, t.title))
    return [_numbered(t, number) for number, t in enumerate(told, 1)]


def _of_language(tongue: _Tongue, chance: random.Random, wanted: int, days: int, words: int) -> list[Told]:
    told: list[Told] = []
    before: _Event | None = None
    event_number = 0
    while len(told) < wanted:
        event_number += 1
        event = _event(tongue, chance, event_number, days, before if chance.random() < 0.25 else None)  # noqa: PLR2004
        before = event
        size = 1 if chance.random() < 0.5 else min(2 + int(chance.expovariate(1 / 4)), 25)  # noqa: PLR2004
        told += [_article(tongue, chance, event, words) for _ in range(min(size, wanted - len(told)))]
    return told


def _event(tongue: _Tongue, chance: random.Random, number: int, days: int, like: _Event | None) -> _Event:
    begins = datetime(FIRST_DAY.year, FIRST_DAY.month, FIRST_DAY.day, tzinfo=UTC) + chance.random() * days * 24 * _HOUR
    words = [tongue.word() for _ in range(_EVENT_WORDS)]
    names = [tongue.name() for _ in range(_EVENT_NAMES)]
    if like is not None:  # a look-alike: of the same days, with persons and half of the words of the other
        begins = like.begins + chance.random() * 24 * _HOUR
        words = [*like.words[: _EVENT_WORDS // 3], *words[_EVENT_WORDS // 3 :]]
        names = [*like.names[:2], *names[2:]]
    numbers = [str(chance.randint(11, 99_999)) for _ in range(_EVENT_NUMBERS)]
    return _Event(number, tongue.language, begins, words, names, numbers)


def _article(tongue: _Tongue, chance: random.Random, event: _Event, words: int) -> Told:
    length = round(words * 2 ** chance.uniform(-1, 1))
    own = chance.choices(event.words, k=max(6, length // 9))
    names = [*chance.sample(event.names, k=4), *chance.sample(tongue.names, k=2)]
    numbers = [*chance.sample(event.numbers, k=3), str(chance.randint(2, 99))]
    mixed = [*tongue.usual(length), *own, *names, *chance.choices(names, k=6), *numbers]
    chance.shuffle(mixed)
    title = [*chance.sample(list(event.words), k=3), event.names[chance.randint(0, 1)], *tongue.usual(2)]
    published_at = event.begins + chance.expovariate(1 / 10) * _HOUR
    delay = chance.expovariate(1 / 1.5) * _HOUR
    outlet = f"paper-{tongue.language}-{chance.randint(1, 40)}"
    return Told(0, event.number, tongue.language, outlet, " ".join(title).capitalize(), _prose(mixed, chance),
                published_at, published_at + delay)  # fmt: skip


def _prose(words: Sequence[str], chance: random.Random) -> str:
    """Sentences of 8 to 20 words."""
    sentences, start = [], 0
    while start < len(words):
        end = start + chance.randint(8, 20)
        sentence = " ".join(words[start:end])
        sentences.append(f"{sentence[0].upper()}{sentence[1:]}.")
        start = end
    return " ".join(sentences)


def _numbered(told: Told, number: int) -> Told:
    return Told(number, told.event, told.language, told.outlet, told.title, told.text, told.published_at, told.seen_at)
