"""The numbers of a digest: counts of the window, what is usual, whose voice is heard, and what was not seen."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, timedelta
from typing import Any

from pipelines.core.digest_content import (
    Baseline,
    Coverage,
    DayCount,
    LanguageCount,
    Numbers,
    Spread,
    TopicCount,
    Trouble,
    Unread,
    VoiceCount,
)
from pipelines.core.digest_lines import Told, independent
from pipelines.core.windows import Window

VOLUME_DAYS = 28
_GAP_SHARE = 1 / 20  # of the feeds: where so many were silent or failing, a fall is no quiet
UNNAMED = "unnamed"
NAMED = "named"


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    """What was seen on a day: feeds in an outage, and feeds that answered."""

    feeds_out: int
    feeds_answered: int


def spread(articles: Sequence[Told]) -> Spread:
    """Three numbers that are never mixed up, and how many of the articles are copies."""
    return Spread(
        articles=len(articles),
        outlets=len({a.outlet for a in articles}),
        publishers=independent(articles),
        copies=sum(a.original_id is not None for a in articles),
        languages=sorted({a.language for a in articles if a.language}),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Record:
    """What is remembered of days, as of one moment.

    Attributes:
        daily: kept articles by day of publication.
        seen: what was seen by day; a day without a row was not seen at all.
        watching_since: day of the first pass.
        feeds: how many are watched now.
    """

    daily: Mapping[date, int]
    seen: Mapping[date, Seen]
    watching_since: date | None
    feeds: int


def numbers(current: Sequence[Told], late: int, record: Record, window: Window, voices: Mapping[str, str]) -> Numbers:
    """The window in numbers, against what is usual."""
    topics = Counter(t for a in current for t, _, _ in a.topics)
    languages = Counter(a.language or "und" for a in current)
    return Numbers(
        **asdict(spread(current)),
        late=late,
        undated=sum(a.published_at is None and a.published_day is None for a in current),
        by_topic=[TopicCount(topic=t, articles=n) for t, n in _by_count(topics)],
        by_language=[LanguageCount(language=c, articles=n) for c, n in _by_count(languages)],
        voices=share_of_voice(current, voices),
        baseline_7=baseline(record, window, 7),
        baseline_28=baseline(record, window, 28),
        volume=volume(record, window),
    )


def _by_count(counts: Mapping[str, int]) -> list[tuple[str, int]]:
    return sorted(counts.items(), key=lambda x: (-x[1], x[0]))


def share_of_voice(articles: Sequence[Told], voices: Mapping[str, str]) -> list[VoiceCount]:
    """Quotations by the kind of their speakers. A copy's are its original's and count once."""
    spoken = [(q.speaker, _voice(q.speaker, voices)) for a in articles if a.original_id is None for q in a.quotes]
    counts = Counter(voice for _, voice in spoken)
    speakers = {voice: len({s for s, v in spoken if v == voice and s is not None}) for voice in counts}
    return [VoiceCount(voice=v, quotations=n, speakers=speakers[v]) for v, n in _by_count(counts)]


def _voice(speaker: str | None, voices: Mapping[str, str]) -> str:
    return UNNAMED if speaker is None else voices.get(speaker, NAMED)


def baseline(record: Record, window: Window, days: int) -> Baseline | None:
    """Mean of kept articles a day over the days before the window's; None until so many were watched.

    A day on which no feed answered is no quiet day and has no part in the mean.
    """
    before = _days_until(window.day - timedelta(days=2), days)  # the window itself opened on the day after that
    if record.watching_since is None or record.watching_since > before[0]:
        return None
    seen = [d for d in before if not _is_blind(record, d)]
    if not seen:
        return None
    return Baseline(mean=round(sum(record.daily.get(d, 0) for d in seen) / len(seen), 1), days=len(seen))


def volume(record: Record, window: Window) -> list[DayCount]:
    """Kept articles day by day over the four weeks that end on the day before, from the day the watch began."""
    if record.watching_since is None:
        return []
    days = [d for d in _days_until(window.day - timedelta(days=1), VOLUME_DAYS) if d >= record.watching_since]
    return [
        DayCount(
            day=d.isoformat(),
            articles=record.daily.get(d, 0),
            feeds_out=record.seen[d].feeds_out if d in record.seen else 0,
            is_gap=_is_gap(record, d),
        )
        for d in days
    ]


def _days_until(last: date, days: int) -> list[date]:
    return [last - timedelta(days=n) for n in reversed(range(days))]


def _is_blind(record: Record, day: date) -> bool:
    return day not in record.seen or record.seen[day].feeds_answered == 0


def _is_gap(record: Record, day: date) -> bool:
    return _is_blind(record, day) or record.seen[day].feeds_out > record.feeds * _GAP_SHARE


def coverage(feeds: Sequence[Mapping[str, Any]], unread: Sequence[Mapping[str, Any]]) -> Coverage:
    """Which feeds answered, and which were late, failing or silent: blindness must not look like silence."""
    troubled = [Trouble(**f) for f in feeds if f["trouble"] is not None]
    sound = len(feeds) - len(troubled)
    return Coverage(
        feeds=len(feeds),
        sound=sound,
        is_blind=sound == 0,
        troubled=troubled,
        unread=[Unread(**u) for u in unread],
    )
