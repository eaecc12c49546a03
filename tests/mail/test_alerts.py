"""Alerts from the tables to the reader: raised once, sent once, and again only after the rule has rested."""

from datetime import time, timedelta
from itertools import pairwise
from pathlib import Path

from pipelines.adapters.letters import as_eml
from pipelines.adapters.mailer import Mailer
from pipelines.adapters.rendering import alert_letter
from pipelines.adapters.warehouse import Warehouse
from pipelines.core.alerts import Rule
from pipelines.settings import MailServer
from pipelines.stages.alert import raise_alerts, recent_alerts
from pipelines.stages.deliver import Mailing, deliver
from pipelines.stages.digest import Edition, untold
from tests.builders import make_brief
from tests.stages.many_days import ZONE, Days

from .post_office import PostOffice, opened
from .sending import READER, SENDER

RULES = [Rule(rule_id="pledge", kind="phrase", rests=timedelta(hours=12), phrases=("pledge numbered",))]
EDITION = Edition(closes_at=time(7, 0), zone=ZONE, brief=make_brief(language="de"))


def send(warehouse: Warehouse, port: int, now: object) -> None:
    mailer = Mailer(MailServer(host="127.0.0.1", port=port, security="none"))
    for content in recent_alerts(warehouse, now):  # type: ignore[arg-type]
        letter = alert_letter(content)
        mailing = Mailing(
            letter_id=letter.letter_id, sender=SENDER, recipients=[READER],
            written=lambda to, message_id, letter=letter: as_eml(  # type: ignore[misc]
                letter, sender=SENDER, recipient=to, message_id=message_id),
        )  # fmt: skip
        deliver(warehouse, mailing, mailer, now)  # type: ignore[arg-type]


def test_an_alert_is_raised_and_sent_once_and_its_rule_rests(tmp_path: Path) -> None:
    office = PostOffice()
    with Warehouse.open(tmp_path / "warehouse") as warehouse, opened(office) as port:
        days = Days(warehouse, 1)
        raised = []
        for now in days.moments(6):
            days.take(now)
            new, usual = untold(warehouse, EDITION, now)
            raised += [(now, a) for a in raise_alerts(warehouse, RULES, new, usual, EDITION.brief, now)]
            send(warehouse, port, now)
        assert len(raised) > 2
        moments = [now for now, _ in raised]
        assert min(b - a for a, b in pairwise(moments)) >= timedelta(hours=12)
        told = [s["line_id"] for _, a in raised for s in a["stories"]]
        assert len(told) == len(set(told))
        assert warehouse.sql("select distinct state from deliveries") == [{"state": "sent"}]
    assert len(office.arrived) == len(raised)
    assert "pledge numbered" in str(office.arrived[0].get_payload(decode=True))
    assert "ruht 12 Stunden" in office.arrived[0].get_payload(decode=True).decode()  # type: ignore[union-attr]
