"""What a digest is composed from, and its order: articles into lines, lines by impact, sections with their caps."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from pipelines.core.nouns import Quote
from pipelines.core.windows import Window

MOST_TOP = 3
MOST_PER_TOPIC = 6
MOST_ELSEWHERE = 8
MOST_LATE = 6
_IN_A_ROW = 2  # stories of one publisher


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """An article as a digest may tell it, as of one moment."""

    article_id: int
    story_id: int
    line_id: int
    outlet: str
    publisher: str
    tier: int
    country: str
    language: str | None
    title: str
    text: str
    url: str
    published_at: datetime | None
    published_day: date | None
    first_seen_at: datetime
    is_backlog: bool
    is_partial: bool
    is_tdm_reserved: bool
    is_gone: bool  # removed before it could be told
    quality: float
    original_id: int | None  # None: no copy
    topics: tuple[tuple[str, float, bool], ...]  # topic, score, is_about
    aboutness: float  # 0..1, of the topic that carries it most
    in_title: tuple[str, ...]  # words that matched
    in_text: tuple[str, ...]
    quotes: tuple[Quote, ...]

    @property
    def score(self) -> float:
        """The best score of its topics."""
        return max(s for _, s, _ in self.topics)

    @property
    def is_about(self) -> bool:
        """True where a topic carries it; False: mentioned in passing."""
        return any(about for _, _, about in self.topics)

    def topic(self, brief: "Brief") -> str:
        """The topic it is told under: one that carries it, by score, and of those as good the first in the brief.

        The brief's last topic may be one that takes whatever is on the subject; it stands back where others fit.
        """
        order = {t: i for i, (t, _) in enumerate(brief.topics)}
        return min(self.topics, key=lambda t: (not t[2], -round(t[1], 1), order.get(t[0], len(order)), t[0]))[0]


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """For whom a digest is: its title, the topics in order with their names, and the languages they read.

    Attributes:
        edition: id of the digest among several; the one named `daily` gives its day alone as the digest's id.
        language: of the digest's own words.
        sections: what these readers want to see besides the top stories.
    """

    title: str
    topics: tuple[tuple[str, str], ...]
    languages: tuple[str, ...]
    time_zone: str
    edition: str = "daily"
    language: str = "en"
    sections: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """The articles of one event that are new in this digest, the one that tells it first.

    Attributes:
        impact: independent publishers, tier, aboutness and freshness as one sum; see `impact_of`.
    """

    line_id: int
    articles: tuple[Told, ...]
    impact: float

    @property
    def lead(self) -> Told:
        """The article that tells the event."""
        return self.articles[0]


def is_before(article: Told, window: Window) -> bool:
    """Published before the window opened. An unknown date is not before anything."""
    if article.published_at is not None:
        return article.published_at < window.start
    return article.published_day is not None and article.published_day < window.start.date()


def independent(articles: Sequence[Told]) -> int:
    """Publishers that tell it in a text of their own: a copy is no further voice."""
    return len({a.publisher for a in articles if a.original_id is None})


def ranked(
    articles: Sequence[Told], brief: Brief, window: Window, told_lines: Mapping[int, date] | None = None
) -> list[Line]:
    """Lines by impact; those in which the topic is only mentioned come after all others."""
    by_line: dict[int, list[Told]] = {}
    for article in articles:
        by_line.setdefault(article.line_id, []).append(article)
    lines = []
    for line_id, found in by_line.items():
        found.sort(key=lambda a: _precedence(a, brief))
        is_new = line_id not in (told_lines or {})
        lines.append(Line(line_id, tuple(found), impact_of(found, window, is_new=is_new)))
    return sorted(lines, key=lambda line: (not line.lead.is_about, -line.impact, line.lead.title, line.line_id))


def impact_of(articles: Sequence[Told], window: Window, *, is_new: bool) -> float:
    """The sum that orders stories.

    Two for each independent publisher; three, two or one for the most leading outlet's tier; up to two for how much
    the topic carries it; one if no digest has told of the event, and up to a half for how late in the window it was
    published. Time is the least of these, so that the newest of two stories leads only where all else is as good.
    """
    tier = 4 - min(a.tier for a in articles)
    aboutness = max(a.aboutness for a in articles)
    return 2 * independent(articles) + tier + 2 * aboutness + is_new + 0.5 * _freshness(articles, window)


def _freshness(articles: Sequence[Told], window: Window) -> float:
    """0..1: where in the window the newest of the articles was published; 0 where no instant is known."""
    moments = [a.published_at for a in articles if a.published_at is not None]
    if not moments:
        return 0.0
    return min(1.0, max(0.0, (max(moments) - window.start) / (window.end - window.start)))


def _precedence(article: Told, brief: Brief) -> tuple[bool, bool, bool, int, int, float, str, int]:
    """Which article tells an event: whole, on topic, no copy, in the readers' first language, of a leading outlet."""
    order = brief.languages.index(article.language) if article.language in brief.languages else len(brief.languages)
    return (article.is_partial, not article.is_about, article.original_id is not None, order, article.tier,
            -article.score, article.title, article.article_id)  # fmt: skip


def spaced(lines: Sequence[Line], most: int) -> list[Line]:
    """The first lines in order, but never a third in a row of one publisher: a lesser one of another comes before it.

    Where only that publisher is left, the rest is left out, and "also seen" lists it.
    """
    chosen: list[Line] = []
    waiting = list(lines)
    while waiting and len(chosen) < most:
        found = next((line for line in waiting if not _is_one_too_many(chosen, line)), None)
        if found is None:
            break
        waiting.remove(found)
        chosen.append(found)
    return chosen


def _is_one_too_many(chosen: Sequence[Line], line: Line) -> bool:
    last = chosen[-_IN_A_ROW:]
    return len(last) == _IN_A_ROW and {t.lead.publisher for t in last} == {line.lead.publisher}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sections:
    """Lines in their places; whatever is in none of them is only "also seen"."""

    top: list[Line]
    by_topic: dict[str, list[Line]]
    elsewhere: list[Line]
    late: list[Line]

    def all(self) -> list[Line]:
        """Every line that is told, in the order of the page."""
        return [*self.top, *(line for found in self.by_topic.values() for line in found), *self.elsewhere, *self.late]


def sections(lines: Sequence[Line], late: Sequence[Line], brief: Brief) -> Sections:
    """Top stories, the others by topic, those that only outlets of other languages tell, and late arrivals."""
    read = [line for line in lines if any(a.language in brief.languages for a in line.articles)]
    top = spaced([line for line in read if line.lead.is_about], MOST_TOP)
    rest: dict[str, list[Line]] = {}
    for line in read:
        if line not in top:
            rest.setdefault(line.lead.topic(brief), []).append(line)
    unread = [line for line in lines if not any(a.language in brief.languages for a in line.articles)]
    return Sections(
        top=top,
        # An article of a topic that is watched no more is only "also seen".
        by_topic={t: spaced(rest[t], MOST_PER_TOPIC) for t, _ in brief.topics if t in rest},
        elsewhere=spaced(unread, MOST_ELSEWHERE),
        late=spaced(late, MOST_LATE),
    )
