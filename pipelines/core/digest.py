"""Composition of a digest: what is known in, the whole content out, as plain values that go into JSON.

    articles new since the last digest | late, backlog, or of the window | lines | ranked | sections
    revisions of what was told | changed;  terms | terminology;  feeds | coverage

Everything new is told exactly once: in a section, or in the list "also seen" at the end.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from pipelines.core.nouns import Quote
from pipelines.core.text import Span, sentences_of, words_of
from pipelines.core.windows import Window

COMPOSER = "digest-1"
MOST_TOP = 3
MOST_PER_TOPIC = 6
MOST_ELSEWHERE = 8
MOST_QUOTES = 4
MOST_ALSO = 4
LONGEST_EXTRACT = 280  # characters: headline, a very short extract and a link, never a text
_LEAST_SENTENCE_WORDS = 7
_QUOTE_CHARS = (40, 280)

Content = dict[str, Any]


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
    evidence: tuple[str, ...]
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
class Known:
    """Everything a digest is composed from, as of one moment.

    Attributes:
        new: articles that came to be known since the digest before.
        told_lines: line -> day of the first digest that told of it.
        changes: revisions of articles that a digest has told of.
        daily: kept articles by day, for the baseline.
        watching_since: day of the first pass.
    """

    new: Sequence[Told]
    told_lines: Mapping[int, date]
    changes: Sequence[Mapping[str, Any]]
    terms: Sequence[Mapping[str, Any]]
    feeds: Sequence[Mapping[str, Any]]
    daily: Mapping[date, int]
    watching_since: date | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Brief:
    """For whom a digest is: its title, the topics in order with their names, and the languages they read."""

    title: str
    topics: tuple[tuple[str, str], ...]
    languages: tuple[str, ...]
    time_zone: str


@dataclass(frozen=True, slots=True)
class _Line:
    """The articles of one event that are new in this digest, the one that tells it first."""

    line_id: int
    articles: tuple[Told, ...]

    @property
    def lead(self) -> Told:
        return self.articles[0]

    @property
    def impact(self) -> float:
        about = max(a.is_about for a in self.articles)
        return (
            2 * _independent(self.articles) + (4 - min(a.tier for a in self.articles)) + 2 * self.lead.score + 2 * about
        )


def compose(known: Known, window: Window, brief: Brief, *, is_first: bool) -> Content:
    """The whole content of a digest.

    Args:
        is_first: no digest came before; what feeds listed from earlier days is backlog and not told as news.
    """
    standing = [a for a in known.new if not a.is_gone]
    late = [a for a in standing if _is_before(a, window)]
    current = [a for a in standing if not _is_before(a, window)]
    lines = _ranked(current, brief)
    top, by_topic, elsewhere = _sections(lines, brief)
    late_lines = [] if is_first else _ranked(late, brief)
    told = [*top, *(line for found in by_topic.values() for line in found), *elsewhere, *late_lines]

    def items(found: Iterable[_Line]) -> list[Content]:
        return [_item(line, known.told_lines, window, brief) for line in found]

    coverage = _coverage(known.feeds)
    return {
        "composer": COMPOSER,
        "title": brief.title,
        "day": window.day.isoformat(),
        "window": {"from": _utc(window.start), "to": _utc(window.end), "time_zone": brief.time_zone},
        "is_first": is_first,
        "is_quiet": not current and not coverage["is_blind"],
        "top_stories": items(top),
        "quotes": _quotes(lines),
        "by_topic": [
            {"topic": t, "name": name, "items": items(by_topic[t])} for t, name in brief.topics if t in by_topic
        ],
        "elsewhere": items(elsewhere),
        "changed": list(known.changes),
        "late": items(late_lines),
        "numbers": _numbers(current, len(late), known, window),
        "terminology": list(known.terms),
        "coverage": coverage,
        "also_seen": _also_seen(known.new, told, {a.article_id for a in late} if is_first else set()),
    }


def rows_of(digest_id: str, content: Content) -> list[Content]:
    """Rows of `digest_items`: every article a digest told of, with the section and the headline."""
    sections = [("top_stories", content["top_stories"]), ("elsewhere", content["elsewhere"]), ("late", content["late"])]
    sections += [("by_topic", [i for group in content["by_topic"] for i in group["items"]])]
    rows = []
    for section, items in sections:
        for position, item in enumerate(items, 1):
            rows += [
                {"digest_id": digest_id, "section": section, "position": position, "story_id": a["story_id"],
                 "article_id": a["article_id"], "told": a["title"]}
                for a in item["articles"]
            ]  # fmt: skip
    rows += [
        {"digest_id": digest_id, "section": "also_seen", "position": position, "story_id": a["story_id"],
         "article_id": a["article_id"], "told": a["title"]}
        for position, a in enumerate(content["also_seen"], 1)
    ]  # fmt: skip
    return rows


def _is_before(article: Told, window: Window) -> bool:
    """Published before the window opened. An unknown date is not before anything."""
    if article.published_at is not None:
        return article.published_at < window.start
    return article.published_day is not None and article.published_day < window.start.date()


def _ranked(articles: Sequence[Told], brief: Brief) -> list[_Line]:
    """Lines by impact: independent publishers, tier, score, and whether the topic carries them; never by time."""
    by_line: dict[int, list[Told]] = {}
    for article in articles:
        by_line.setdefault(article.line_id, []).append(article)
    lines = [_Line(i, tuple(sorted(found, key=lambda a: _precedence(a, brief)))) for i, found in by_line.items()]
    return sorted(lines, key=lambda line: (-line.impact, line.lead.title, line.line_id))


def _precedence(article: Told, brief: Brief) -> tuple[bool, bool, int, int, float, str, int]:
    """Which article tells an event: whole, no copy, in the readers' first language, of a leading outlet."""
    order = brief.languages.index(article.language) if article.language in brief.languages else len(brief.languages)
    return (article.is_partial, article.original_id is not None, order, article.tier, -article.score, article.title,
            article.article_id)  # fmt: skip


def _sections(lines: Sequence[_Line], brief: Brief) -> tuple[list[_Line], dict[str, list[_Line]], list[_Line]]:
    """Top stories, the others by topic, and those that only outlets of other languages tell."""
    top: list[_Line] = []
    by_topic: dict[str, list[_Line]] = {}
    elsewhere: list[_Line] = []
    for line in lines:
        is_read = any(a.language in brief.languages for a in line.articles)
        if is_read and len(top) < MOST_TOP and line.lead.is_about and not _is_third_in_a_row(top, line):
            top.append(line)
        elif not is_read:
            elsewhere.append(line)
        else:
            by_topic.setdefault(line.lead.topic(brief), []).append(line)
    watched = {t for t, _ in brief.topics}  # an article of a topic that is watched no more is only "also seen"
    sections = {t: found[:MOST_PER_TOPIC] for t, found in by_topic.items() if t in watched}
    return top, sections, elsewhere[:MOST_ELSEWHERE]


def _is_third_in_a_row(top: Sequence[_Line], line: _Line) -> bool:
    return len(top) > 1 and {t.lead.publisher for t in top[-2:]} == {line.lead.publisher}


def _item(line: _Line, told_lines: Mapping[int, date], window: Window, brief: Brief) -> Content:
    lead = line.lead
    first_told = told_lines.get(line.line_id)
    return {
        "line_id": line.line_id,
        "headline": lead.title,
        "url": lead.url,
        "outlet": lead.outlet,
        "language": lead.language,
        "published": _moment(lead),
        "sentence": _sentence(lead),
        "why": {"topic": lead.topic(brief), "words": list(lead.evidence[:4]), "is_about": lead.is_about},
        "day_number": (window.day - first_told).days + 1 if first_told else 1,
        "counts": _spread(line.articles),
        "articles": [
            {"article_id": a.article_id, "story_id": a.story_id, "title": a.title, "url": a.url, "outlet": a.outlet,
             "language": a.language, "is_copy": a.original_id is not None, "is_partial": a.is_partial}
            for a in line.articles
        ],
    }  # fmt: skip


def _spread(articles: Sequence[Told]) -> Content:
    """Three numbers that are never mixed up, and how many of the articles are copies."""
    return {
        "articles": len(articles),
        "outlets": len({a.outlet for a in articles}),
        "publishers": _independent(articles),
        "copies": sum(a.original_id is not None for a in articles),
        "languages": sorted({a.language for a in articles if a.language}),
    }


def _independent(articles: Sequence[Told]) -> int:
    """Publishers that tell it in a text of their own: a copy is no further voice."""
    return len({a.publisher for a in articles if a.original_id is None})


def _sentence(article: Told) -> Content | None:
    """The first whole sentence of the text that is not too long, exactly as it stands; None if there is none.

    A page whose rights are reserved is never quoted beyond its headline.
    """
    if article.is_tdm_reserved:
        return None
    for span in sentences_of(article.text)[:4]:
        words = len(words_of(article.text[span.start : span.end]))
        if words >= _LEAST_SENTENCE_WORDS and span.end - span.start <= LONGEST_EXTRACT:
            return _extract(article.text, span)
    return None


def _extract(text: str, span: Span) -> Content:
    return {"text": text[span.start : span.end], "start": span.start, "end": span.end}


def _quotes(lines: Sequence[_Line]) -> list[Content]:
    """One quotation a line, the most telling lines first, each speaker once.

    A quotation with a named speaker comes before one without; one without stands without, never with a guess.
    """
    found: list[Content] = []
    speakers: set[str] = set()
    for line in lines:
        candidates = [(q.speaker is None, i, q, a) for i, a in enumerate(line.articles) for q in a.quotes
                      if _may_quote(a, q) and q.speaker not in speakers]  # fmt: skip
        if not candidates:
            continue
        _, _, quote, article = min(candidates, key=lambda c: (c[0], c[1], c[2].start))
        if quote.speaker is not None:
            speakers.add(quote.speaker)
        found.append({"text": quote.text, "speaker": quote.speaker, "outlet": article.outlet, "url": article.url,
                      "language": article.language, "article_id": article.article_id, "start": quote.start,
                      "end": quote.end})  # fmt: skip
        if len(found) == MOST_QUOTES:
            break
    return found


def _may_quote(article: Told, quote: Quote) -> bool:
    """Long enough to tell, short enough to quote, from an article that is no copy and whose rights are not reserved."""
    least, most = _QUOTE_CHARS
    is_ours = not article.is_tdm_reserved and article.original_id is None
    return is_ours and least <= len(quote.text) <= most


def _numbers(current: Sequence[Told], late: int, known: Known, window: Window) -> Content:
    topics = Counter(t for a in current for t, _, _ in a.topics)
    languages = Counter(a.language or "unknown" for a in current)
    undated = sum(a.published_at is None and a.published_day is None for a in current)
    return {
        **_spread(current),
        "late": late,
        "undated": undated,
        "by_topic": [{"topic": t, "articles": n} for t, n in sorted(topics.items(), key=lambda x: (-x[1], x[0]))],
        "by_language": [{"language": c, "articles": n} for c, n in sorted(languages.items(),
                                                                            key=lambda x: (-x[1], x[0]))],
        "baseline_7": _baseline(known, window, 7),
        "baseline_28": _baseline(known, window, 28),
    }  # fmt: skip


def _baseline(known: Known, window: Window, days: int) -> float | None:
    """Mean of kept articles a day over the days before the window's; None until there are that many."""
    last = window.start.date().toordinal() - 1
    first = last - days + 1
    if known.watching_since is None or known.watching_since.toordinal() > first:
        return None
    total = sum(known.daily.get(date.fromordinal(d), 0) for d in range(first, last + 1))
    return round(total / days, 1)


def _coverage(feeds: Sequence[Mapping[str, Any]]) -> Content:
    """Which feeds answered, and which were late, failing or silent: blindness must not look like silence."""
    troubled = [dict(f) for f in feeds if f["trouble"] is not None]
    sound = len(feeds) - len(troubled)
    return {"feeds": len(feeds), "sound": sound, "is_blind": sound == 0, "troubled": troubled}


def _also_seen(new: Sequence[Told], told: Sequence[_Line], backlog: set[int]) -> list[Content]:
    shown = {a.article_id for line in told for a in line.articles}
    return [
        {"article_id": a.article_id, "story_id": a.story_id, "title": a.title, "url": a.url, "outlet": a.outlet,
         "language": a.language, "why": _why(a, backlog)}
        for a in sorted(new, key=lambda a: (a.outlet, a.title, a.article_id))
        if a.article_id not in shown
    ]  # fmt: skip


def _why(article: Told, backlog: set[int]) -> str:
    """Why an article is only listed: removed since, from before the watch, or beyond what a section holds."""
    if article.is_gone:
        return "removed"
    return "backlog" if article.article_id in backlog else "more"


def _moment(article: Told) -> str | None:
    if article.published_at is not None:
        return _utc(article.published_at)
    return article.published_day.isoformat() if article.published_day else None


def _utc(moment: datetime) -> str:
    return moment.isoformat(timespec="minutes")
