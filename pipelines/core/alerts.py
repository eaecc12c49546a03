"""Alerts between digests: only for listed rules, each story once a rule, and a rule rests after it was raised.

articles that no digest has told of | lines by impact | rules that do not rest | alerts
"""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Literal

from pipelines.core.digest_content import Content
from pipelines.core.digest_lines import Line, independent
from pipelines.core.text import folded

MOST_STORIES = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """When to alert.

    Attributes:
        kind: burst: `least` articles and `factor` times the usual day; phrase: one of `phrases` in a headline or text;
            top_story: a leading outlet's story that `least` independent publishers carry.
        rests: after it was raised.
    """

    rule_id: str
    kind: Literal["burst", "phrase", "top_story"]
    rests: timedelta
    least: int = 1
    factor: float = 3.0
    phrases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Before:
    """What a rule has told: when last, and of which lines ever."""

    raised_at: datetime
    line_ids: frozenset[int]


@dataclass(frozen=True, slots=True, kw_only=True)
class AlertStory:
    """A story of an alert, as short as it gets."""

    line_id: int
    headline: str
    url: str
    outlet: str
    language: str | None
    articles: int
    publishers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Alert:
    """One rule that holds, with the stories that made it hold; `said` is the phrase, `usual` the usual day."""

    rule_id: str
    kind: str
    stories: list[AlertStory]
    articles: int
    usual: float | None = None
    said: str | None = None

    def content(self) -> Content:
        """As plain values."""
        return asdict(self)


def alerts(
    rules: Sequence[Rule], lines: Sequence[Line], usual: float | None, before: Mapping[str, Before], now: datetime
) -> list[Alert]:
    """The rules that hold now.

    Args:
        lines: of the last 24 hours, by impact.
        usual: kept articles on a usual day; None where that is not known yet, and nothing is a burst.
    """
    awake = [r for r in rules if r.rule_id not in before or before[r.rule_id].raised_at + r.rests <= now]
    found = []
    for rule in awake:
        told = before[rule.rule_id].line_ids if rule.rule_id in before else frozenset()
        alert = _held(rule, [line for line in lines if line.line_id not in told], lines, usual)
        if alert is not None:
            found.append(alert)
    return found


def _held(rule: Rule, new: Sequence[Line], lines: Sequence[Line], usual: float | None) -> Alert | None:
    if rule.kind == "burst":
        articles = sum(len(line.articles) for line in lines)
        is_burst = usual is not None and new and articles >= max(rule.least, rule.factor * usual)
        return _alert(rule, new, articles, usual=usual) if is_burst else None
    if rule.kind == "top_story":
        wide = [line for line in new if _leads(line) and independent(line.articles) >= rule.least]
        return _alert(rule, wide, _articles(wide)) if wide else None
    for phrase in rule.phrases:
        saying = [line for line in new if any(_says(a.title, a.text, phrase) for a in line.articles)]
        if saying:
            return _alert(rule, saying, _articles(saying), said=phrase)
    return None


def _leads(line: Line) -> bool:
    return line.lead.is_about and min(a.tier for a in line.articles) == 1


def _says(title: str, text: str, phrase: str) -> bool:
    """Whole words, whatever their case and what stands between them."""
    return any(f" {folded(phrase)} " in f" {folded(part)} " for part in (title, text))


def _articles(lines: Sequence[Line]) -> int:
    return sum(len(line.articles) for line in lines)


def _alert(
    rule: Rule, lines: Sequence[Line], articles: int, *, usual: float | None = None, said: str | None = None
) -> Alert:
    stories = [_story(line) for line in lines[:MOST_STORIES]]
    return Alert(rule_id=rule.rule_id, kind=rule.kind, stories=stories, articles=articles, usual=usual, said=said)


def _story(line: Line) -> AlertStory:
    lead = line.lead
    return AlertStory(
        line_id=line.line_id,
        headline=lead.title,
        url=lead.url,
        outlet=lead.outlet,
        language=lead.language,
        articles=len(line.articles),
        publishers=independent(line.articles),
    )
