"""Alert, as a pipe:

what no digest has told yet, of the last 24 hours | lines by impact | rules | a row each | letters
"""

import json
from collections.abc import Sequence
from datetime import datetime, timedelta

from pipelines.core.alerts import Before, Rule, alerts
from pipelines.core.digest_content import Content
from pipelines.core.digest_lines import Brief, Line, Told, ranked
from pipelines.core.windows import Window
from pipelines.stages.protocols import Writer

DAY = timedelta(days=1)


def raise_alerts(
    warehouse: Writer, rules: Sequence[Rule], untold: Sequence[Told], usual: float | None, brief: Brief, now: datetime
) -> list[Content]:
    """Write down the alerts that are due.

    Args:
        untold: articles as of the last publish that no digest has told of.

    Returns:
        Their contents, ready for a letter.
    """
    before = {
        r["rule"]: Before(raised_at=r["raised_at"], line_ids=frozenset(r["line_ids"] or ()))
        for r in warehouse.query("alert/before")
    }
    rests = {r.rule_id: r.rests for r in rules}
    contents = []
    rows = []
    for alert in alerts(rules, _lines(untold, brief, now), usual, before, now):
        alert_id = f"alert.{alert.rule_id}.{now:%Y%m%dT%H%M}"
        content = {**alert.content(), "alert_id": alert_id, "title": brief.title, "language": brief.language,
                   "raised_at": now.isoformat(), "rests": rests[alert.rule_id] // timedelta(hours=1)}  # fmt: skip
        contents.append(content)
        rows.append({"alert_id": alert_id, "rule": alert.rule_id, "line_ids": [s.line_id for s in alert.stories],
                     "raised_at": now, "content": content})  # fmt: skip
    if rows:
        with warehouse.transaction() as tx:
            tx.run("alert/add", rows=rows)
    return contents


def recent_alerts(warehouse: Writer, now: datetime) -> list[Content]:
    """Alerts of the last day, whose letters may still be on their way."""
    return [json.loads(r["content"]) for r in warehouse.query("alert/waiting", since=now - DAY)]


def _lines(untold: Sequence[Told], brief: Brief, now: datetime) -> list[Line]:
    """Of the last 24 hours, by impact; what is gone since, or was there before the watch, alerts nobody."""
    news = [a for a in untold if not a.is_gone and not a.is_backlog and a.first_seen_at > now - DAY and _is_new(a, now)]
    return ranked(news, brief, Window(day=now.date(), start=now - DAY, end=now))


def _is_new(article: Told, now: datetime) -> bool:
    return article.published_at is None or article.published_at > now - DAY
