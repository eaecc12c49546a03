"""`presswatch run` against the invented press, at a time of its own."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.adapters.rendering import FORMATS
from pipelines.demo.play import prepare, settings_for
from pipelines.demo.press import Fault, Press
from pipelines.demo.server import PressServer
from pipelines.demo.world import moment
from pipelines.monitor import STAGES, Monitor

from .calling import Called, presswatch

EVENING = moment("d0 18:30")
MORNING = moment("d1 07:30")


@dataclass(frozen=True, slots=True)
class Site:
    """A folder to run in, and the press that it sees."""

    server: PressServer
    monitor: Monitor

    @property
    def warehouse(self) -> Path:
        return self.monitor.settings.warehouse

    def call(self, *arguments: str) -> Called:
        return presswatch(*arguments, env=self.env())

    def env(self) -> Mapping[str, str]:
        return settings_for(self.monitor, self.server.now)

    def states(self) -> dict[str, int]:
        with self.monitor.open_warehouse("a test") as warehouse:
            return {r["state"]: r["n"] for r in warehouse.sql("select state, count(*) as n from entries group by all")}


@pytest.fixture(scope="module")
def server() -> Iterator[PressServer]:
    with PressServer(Press.load({Fault.TRACKING_AND_AMP, Fault.SYNDICATION}), EVENING) as serving:
        yield serving


@pytest.fixture
def site(server: PressServer, tmp_path: Path) -> Site:
    server.now = EVENING
    return Site(server, prepare(tmp_path, server.port))


def test_a_run_tells_of_each_stage_on_one_line_and_a_second_finds_nothing_due(site: Site) -> None:
    first = site.call("run").succeeded()
    assert [line.split(":")[0] for line in first.lines()] == list(STAGES)
    assert "new" in first.lines()[STAGES.index("poll")]
    seen = len(site.server.log)
    second = site.call("run").succeeded()
    assert "polled" not in second.lines()[STAGES.index("poll")]
    assert len(site.server.log) == seen, "nothing was due, so nothing may be asked"
    assert set(site.states()) <= {"kept", "off_topic", "duplicate"}


def test_a_run_until_poll_lists_entries_and_asks_for_no_page(site: Site) -> None:
    seen = len(site.server.log)
    called = site.call("run", "--until", "poll").succeeded()
    assert [line.split(":")[0] for line in called.lines()] == ["configure", "poll"]
    assert set(site.states()) <= {"listed", "duplicate"}
    asked = {request.path for request in site.server.log[seen:]}
    assert asked == {feed.path for outlet in site.server.press.outlets for feed in outlet.feeds}
    assert not (site.warehouse / "published").exists()


def test_a_run_goes_on_where_an_earlier_one_stopped(site: Site) -> None:
    site.call("run", "--until", "fetch").succeeded()
    listed = sum(site.states().values())
    counted = site.call("--json", "run").succeeded().json()
    assert list(counted["stages"]) == list(STAGES)
    assert counted["stages"]["match"]["kept"] > 0
    assert counted["digest"] is None
    assert sum(site.states().values()) == listed
    assert set(site.states()) <= {"kept", "off_topic", "duplicate"}


def test_a_run_with_a_digest_writes_it_in_all_formats_and_names_it(site: Site) -> None:
    site.call("run").succeeded()
    site.server.now = MORNING
    called = site.call("run", "--digest").succeeded()
    day = MORNING.date().isoformat()
    path = site.warehouse / "digests" / f"{day}.html"
    assert called.lines()[-1] == f"digest: {path}"
    assert {p.name for p in path.parent.iterdir()} == {f"{day}.{suffix}" for suffix in FORMATS}
    told = site.call("--json", "run", "--digest").succeeded().json()["digest"]
    assert told == {"day": day, **{s: str(path.with_suffix(f".{s}")) for s in FORMATS}}


def test_the_first_digest_of_a_new_watch_covers_a_day_and_says_that_it_is_the_first(site: Site) -> None:
    site.server.now = MORNING + timedelta(hours=3)
    site.call("run", "--digest").succeeded()
    told = (site.warehouse / "digests" / f"{MORNING.date()}.txt").read_text(encoding="utf-8")
    assert "This is the first digest" in told
    assert "06:30" not in told.split("\n")[1]


def test_a_run_while_another_writes_names_the_other_and_asks_nobody(site: Site) -> None:
    seen = len(site.server.log)
    with site.monitor.open_warehouse("the other run"):
        line = site.call("run").failed_with_one_line()
    assert str(site.warehouse) in line
    assert "being written by the other run (pid " in line
    assert len(site.server.log) == seen


def test_a_run_that_reaches_no_feed_says_how_many_failed_and_loses_nothing(site: Site) -> None:
    site.call("run").succeeded()
    before = site.states()
    unreachable = {**site.env(), "PRESSWATCH_HOSTS": "press.test=127.0.0.1:9",
                   "PRESSWATCH_NOW": (EVENING + timedelta(hours=12)).isoformat()}  # fmt: skip
    called = presswatch("--json", "run", env=unreachable).succeeded().json()
    assert called["stages"]["poll"]["failed"] == len(site.monitor.sources.feeds())
    assert site.states() == before
