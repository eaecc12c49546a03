"""Alerts: by listed rules alone, each story once a rule, and a rule rests after it was raised."""

from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from pipelines.core.alerts import Alert, Before, Rule, alerts
from pipelines.core.digest_lines import Line, Told, ranked
from pipelines.core.windows import window_of
from tests.builders import NOW, make_brief, make_told

WINDOW = window_of(date(2026, 11, 24), time(7, 0), ZoneInfo("Europe/Brussels"))


def lines(*new: Told) -> list[Line]:
    return ranked(new, make_brief(), WINDOW)


def rule(kind: Any, **over: Any) -> Rule:
    return Rule(**{"rule_id": "r", "kind": kind, "rests": timedelta(hours=6), "least": 1, **over})


def held(one: Rule, *new: Told, usual: float | None = None, before: dict[str, Before] | None = None,
         now: datetime = NOW) -> list[Alert]:  # fmt: skip
    return alerts([one], lines(*new), usual, before or {}, now)


def test_without_a_rule_nothing_is_ever_raised() -> None:
    assert alerts([], lines(*(make_told(n, tier=1) for n in range(50))), 1.0, {}, NOW) == []


def test_a_burst_is_so_many_times_the_usual_day_and_unknown_is_no_usual_day() -> None:
    new = [make_told(n) for n in range(9)]
    (alert,) = held(rule("burst", factor=3.0), *new, usual=3.0)
    assert (alert.articles, alert.usual, len(alert.stories)) == (9, 3.0, 3)
    assert held(rule("burst", factor=3.0), *new, usual=3.1) == []
    assert held(rule("burst", factor=3.0), *new) == []
    assert held(rule("burst", factor=3.0, least=10), *new, usual=0.1) == []


def test_a_phrase_is_found_as_whole_words_in_headline_or_text() -> None:
    spoken = rule("phrase", phrases=("joint pledge",))
    assert (
        held(spoken, make_told(1, title="Ministers sign a JOINT pledge", text="Nothing else."))[0].said
        == "joint pledge"
    )
    assert held(spoken, make_told(1, text="They signed the joint  pledge."))
    assert held(spoken, make_told(1, text="They signed joint pledges.")) == []


def test_a_top_story_is_a_leading_outlet_s_that_the_topic_carries_and_others_run() -> None:
    wide = rule("top_story", least=2)
    both = [make_told(1, line_id=1, tier=1), make_told(2, line_id=1, tier=3)]
    assert [s.publishers for a in held(wide, *both) for s in a.stories] == [2]
    assert held(wide, both[0]) == []
    assert held(wide, make_told(1, line_id=1, tier=2), both[1]) == []
    passing = [make_told(n, line_id=1, tier=1, topics=(("summit", 0.9, False),)) for n in (1, 2)]
    assert held(wide, *passing) == []


def test_a_rule_rests_after_it_was_raised_and_tells_no_story_twice() -> None:
    spoken = rule("phrase", phrases=("pledge",))
    new = [make_told(n, text="They signed the pledge.") for n in (1, 2)]
    told = {"r": Before(raised_at=NOW, line_ids=frozenset({1}))}
    assert held(spoken, *new, before=told, now=NOW + timedelta(hours=5)) == []
    (alert,) = held(spoken, *new, before=told, now=NOW + timedelta(hours=6))
    assert [s.line_id for s in alert.stories] == [2]
