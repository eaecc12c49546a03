"""A host that cannot be reached for one pass loses nothing: its entries wait, and are read when it is back."""

from dataclasses import replace
from datetime import datetime
from pathlib import Path

import pytest

from pipelines.core.url_key import url_key
from pipelines.demo.press import NO_FAULTS, Press, Request, Response
from pipelines.demo.world import moment

from .playing import Unhurried, monitor_at, offending, steps_until, take

_AWAY = "meridian-fr"
_HOST = "fr.meridian.press.test"
_FROM, _UNTIL = moment("d1 12:00"), moment("d1 18:00")


class Failing(Unhurried):
    """A press of which one host answers 503 at noon of day 1, to requests for chosen paths."""

    paths: tuple[str, ...] = ("/robots.txt",)

    def respond(self, request: Request, now: datetime) -> Response:
        response = super().respond(request, now)
        is_struck = request.host.startswith(_HOST) and _FROM <= now < _UNTIL
        if is_struck and (request.path in self.paths or "*" in self.paths):
            return replace(response, status=503, body=b"Not now.", headers=(("Content-Type", "text/plain"),))
        return response


class FailingWhole(Failing):
    """Every page of the host, not its robots.txt alone."""

    paths = ("*",)


@pytest.mark.parametrize("kind", [Failing, FailingWhole], ids=["robots", "everything"])
def test_a_host_that_fails_for_one_pass_has_its_pages_read_in_the_next(tmp_path: Path, kind: type[Press]) -> None:
    press = kind.load(NO_FAULTS)
    steps = steps_until(moment("d2 06:30"))
    with monitor_at(tmp_path / "demo", press, steps[0].at) as (monitor, server):  # noqa: SIM117 (reads as it happens)
        with monitor.open_warehouse() as warehouse:
            take(monitor, server, warehouse, steps)
            assert offending(warehouse) == {}
            entries = warehouse.sql(
                "select e.url_key, e.state, e.reason, a.is_partial from entries as e left join articles as a "
                "using (article_id) where e.outlet_id = $outlet",
                {"outlet": _AWAY},
            )
    listed = {url_key(i.url) for i in press.articles if i.outlet_id == _AWAY and i.published_at <= steps[-1].at}
    struck = [i for i in press.articles if i.outlet_id == _AWAY and moment("d0 18:30") < i.published_at <= _FROM]
    assert struck
    assert {e["url_key"] for e in entries} == listed
    assert [e for e in entries if e["state"] not in {"kept", "off_topic"} or e["is_partial"]] == []
