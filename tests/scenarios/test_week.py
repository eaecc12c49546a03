"""A simulated week of polling: uneven passes, restarts, manual runs and crashes, before servers that count.

    seed | turns | a new monitor and warehouse each | pass, perhaps with a crash | the servers' columns, the entries

The default run plays two days and raises inside the process; the whole week, which is slow, also kills processes.
"""

import contextlib
import os
import random
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.client import HTTPConnection, IncompleteRead
from itertools import pairwise
from pathlib import Path
from typing import Any, ClassVar, Literal

import pytest

from pipelines.adapters.archive import Archive, Place
from pipelines.adapters.warehouse import Warehouse
from pipelines.adapters.workers import Workers
from pipelines.config import parse_sources
from pipelines.core.nouns import Response
from pipelines.monitor import Monitor
from pipelines.settings import Settings
from tests.builders import Died

from .playing import ROOT, archived, offending
from .strict_feeds import (
    START,
    Trouble,
    Wire,
    at,
    atom,
    catalogue,
    ended_early,
    ended_in_a_link,
    json_feed,
    rdf,
    rss,
    sitemap,
    sources_text,
)
from .strict_web import CONTACT, Breach, Kind, Seen, StrictWeb, http_date

SEED = 20261102
SAMPLE, WHOLE = timedelta(days=2), timedelta(days=7)
HOUR, MINUTE = timedelta(hours=1), timedelta(minutes=1)
_CALM = 4 * HOUR  # at the end nothing dies, so that what a crash lost is asked again
_WIRES = {w.feed_id: w for w in catalogue()}
_DAILY = {"age-172800", "sy-daily"}  # are asked once a day, as they wish
_MOVING = tuple(f for f, w in _WIRES.items() if w.moves)
# A first answer that cannot be used leaves nothing to send back; so does a server without validators.
_NOTHING_GIVEN = {
    "none", "etag-latin1", "etag-utf8", "missing-at-first", "missing-always", "cut", "turning",
}  # fmt: skip

Way = Literal["before_commit", "after_commit", "write", "sync"]
_WAYS: tuple[Way, ...] = ("before_commit", "after_commit", "write", "sync")


# --- a monitor that dies where it is told


@dataclass(slots=True)
class Point:
    """Where a pass dies: at the nth meeting of one kind of moment."""

    way: Way
    number: int
    is_met: bool = False

    def meet(self, way: Way) -> None:
        if way == self.way:
            self.number -= 1
            if self.number == 0:
                self.is_met = True
                raise Died


class MortalWarehouse(Warehouse):
    """A warehouse that may die before or after a commit."""

    point: ClassVar[Point | None] = None

    @contextlib.contextmanager
    def transaction(self) -> Iterator[Any]:
        with super().transaction() as session:
            yield session
            _meet("before_commit")
        _meet("after_commit")


class MortalArchive(Archive):
    """An archive that may die once it has written a document, or as it is told to have the disk hold them."""

    def write(self, response: Response, *, purpose: str, subject: str) -> Place:
        _meet("write")
        return super().write(response, purpose=purpose, subject=subject)

    def sync(self) -> None:
        super().sync()
        if self._file is not None:
            _meet("sync")


class MortalMonitor(Monitor):
    """A monitor with both."""

    def open_warehouse(self, who: str = "a mortal monitor", patience: float = 0.0) -> Warehouse:
        return MortalWarehouse.open(self.settings.warehouse, who=who, patience=patience)

    @contextlib.contextmanager
    def _archive(self, now: datetime) -> Iterator[Archive]:
        archive = MortalArchive.open(self.settings.warehouse / "archive", now)
        try:
            yield archive
            archive.close(settled=True)
        except BaseException:
            MortalWarehouse.point = None  # a process that died does not die again while it is cleared away
            archive.close(settled=False)
            raise


def _meet(way: Way) -> None:
    if MortalWarehouse.point is not None:
        MortalWarehouse.point.meet(way)


# --- turns


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """One pass. `point` says where it dies; `kill` how long after which request its process is killed."""

    at: datetime
    point: tuple[Way, int] | None = None
    kill: tuple[int, float] | None = None


def turns(length: timedelta, seed: int, *, kills: bool = False) -> list[Turn]:
    """Passes 15 to 40 minutes apart, some by hand in between, some twice in a row, some that die."""
    draw = random.Random(seed)
    at, end, found = START, START + length, [Turn(at=START)]
    while (at := at + timedelta(seconds=draw.randrange(15 * 60, 40 * 60))) < end:
        dies = draw.random() < 0.2 and at < end - _CALM
        if dies and kills and draw.random() < 0.5:
            found.append(Turn(at=at, kill=(draw.randint(1, 6), draw.choice([-1.0, 0.0, 0.01, 0.05, 0.2]))))
        elif dies:
            found.append(Turn(at=at, point=(draw.choice(_WAYS), draw.randint(1, 2))))
        else:
            found.append(Turn(at=at))
        if draw.random() < 0.15:
            found.append(Turn(at=at))
        if draw.random() < 0.15:
            found.append(Turn(at=at + timedelta(seconds=draw.randrange(30, 14 * 60))))
    return found


# --- the play


@dataclass
class Play:
    """Some feeds' servers and the monitor that polls them, anew at every turn but for the processes that read."""

    folder: Path
    wires: Sequence[Wire]
    web: StrictWeb
    reading: Workers
    gap: float = 0.0
    moved: tuple[str, ...] = ()
    died: Counter[str] = field(default_factory=Counter)
    lost: Counter[str] = field(default_factory=Counter)

    def __post_init__(self) -> None:
        self.sources = parse_sources(self.text())  # once: a hundred passes read the same file

    def monitor(self) -> Monitor:
        settings = Settings(warehouse=self.folder / "warehouse", hosts=self.web.hosts())
        return MortalMonitor(settings, self.sources, self.reading)

    def text(self) -> str:
        return sources_text(self.wires, self.moved, gap=self.gap)

    def move(self) -> None:
        """sources.yaml is edited."""
        self.moved = tuple(w.feed_id for w in self.wires if w.moves)
        self.sources = parse_sources(self.text())
        for feed_id in self.moved:
            self.web.move(feed_id)

    def take(self, turn: Turn) -> None:
        """One pass by a monitor that knows nothing but its warehouse."""
        self.web.now = turn.at
        if turn.kill is not None:
            self._killed(turn, *turn.kill)
            return
        point = Point(*turn.point) if turn.point else None
        monitor = self.monitor()
        with monitor.open_warehouse() as warehouse:
            MortalWarehouse.point = point
            try:
                monitor.run_pass(warehouse, turn.at, until="poll")
            except Died:
                pass
            finally:
                MortalWarehouse.point = None
        if point is not None and point.is_met:
            self._mourn(turn.at, point.way)

    def _killed(self, turn: Turn, request: int, delay: float) -> None:
        """A pass by a process of its own, killed at one of its requests; a delay below 0: before the answer."""
        sources = self.folder / "sources.yaml"
        sources.write_text(self.text(), encoding="utf-8")
        number = self.web.requests + request
        process = self._started(sources, turn.at)
        if delay < 0:
            self.web.before_answer = lambda n: process.kill() if n >= number else None
        else:
            self.web.after_answer = lambda n: _kill_after(process, delay) if n >= number else None
        try:
            _, told = process.communicate(timeout=120)
        finally:
            process.kill()
            self.web.before_answer = self.web.after_answer = lambda _: None
        assert process.returncode in {0, -9}, told
        if process.returncode == -9:
            self._mourn(turn.at, "kill")

    def _started(self, sources: Path, now: datetime) -> subprocess.Popen[str]:
        (host,) = self.web.hosts()
        inherited = {k: v for k, v in os.environ.items() if not k.startswith("PRESSWATCH_")}
        environment = {
            **inherited,
            "PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")]),
            "PRESSWATCH_SOURCES": str(sources),
            "PRESSWATCH_WAREHOUSE": str(self.folder / "warehouse"),
            "PRESSWATCH_HOSTS": f"{host.name}={host.address}:{host.port}",
            "PRESSWATCH_NOW": now.isoformat(),
        }
        return subprocess.Popen(
            [Path(sys.executable).with_name("presswatch"), "run", "--until", "poll"],
            env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True,
        )  # fmt: skip

    def _mourn(self, at: datetime, way: str) -> None:
        """Tell the servers which answers no successor can know: those neither archived nor recorded."""
        self.died[way] += 1
        day = self.folder / "warehouse" / "archive" / f"{at:%Y/%m/%d}"
        held = {a.asked for a in archived(day) if a.at == at}
        with Warehouse.open(self.folder / "warehouse") as warehouse:
            known = {
                r["feed_id"] for r in warehouse.sql("select * from polls where outcome <> 'started'")
                if r["started_at"] == at
            }  # fmt: skip
        urls = {feed_id: watch.url for feed_id, watch in self.web.watches.items()}
        lost = {f for f in self.web.answered(at) if f not in known and urls[f] not in held}
        self.web.lost(at, lost)
        self.lost.update(lost)

    def entries(self) -> dict[str, set[str | None]]:
        with Warehouse.open(self.folder / "warehouse") as warehouse:
            found: dict[str, set[str | None]] = {}
            for row in warehouse.sql("select feed_id, url from entries"):
                found.setdefault(row["feed_id"], set()).add(row["url"])
            return found

    def offending(self) -> dict[str, Any]:
        with Warehouse.open(self.folder / "warehouse") as warehouse:
            # Roll-ups are made by a later stage than these passes reach.
            return {name: rows for name, rows in offending(warehouse).items() if name != "rollups"}


def _kill_after(process: subprocess.Popen[str], delay: float) -> None:
    time.sleep(delay)
    process.kill()


@contextlib.contextmanager
def playing(folder: Path, wires: Sequence[Wire], *, gap: float = 0.0) -> Iterator[Play]:
    with StrictWeb([w.strict() for w in wires], START) as web, Workers(processes=1) as reading:
        yield Play(folder, wires, web, reading, gap)


def play(folder: Path, length: timedelta, *, kills: bool = False) -> Play:
    """The whole catalogue, with its addresses changed when four of seven parts have gone by."""
    with playing(folder, list(_WIRES.values())) as played:
        for turn in turns(length, SEED, kills=kills):
            if not played.moved and turn.at >= START + length * 4 / 7:
                played.move()
            played.take(turn)
        played.web.close()
        return played


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Play:
    return play(tmp_path_factory.mktemp("days"), SAMPLE)


@pytest.fixture(scope="module")
def week(tmp_path_factory: pytest.TempPathFactory) -> Play:
    return play(tmp_path_factory.mktemp("week"), WHOLE, kills=True)


# --- what must hold of a play


def asked_wrongly(played: Play) -> dict[str, dict[Kind, int]]:
    """Feeds whose unconditional requests are not the one that is due, and one more where the address changed."""
    found: dict[str, dict[Kind, int]] = {}
    for feed_id, wire in _WIRES.items():
        counts = {k: played.web.count(feed_id, k) for k in (Kind.FIRST, Kind.CHANGED_URL, Kind.NOTHING_TO_SEND)}
        wanted = {Kind.FIRST: int(feed_id != "chain-6"), Kind.CHANGED_URL: int(wire.moves)}
        is_excused = feed_id in _NOTHING_GIVEN or feed_id in played.lost
        if {**counts, Kind.NOTHING_TO_SEND: 0} != {**wanted, Kind.NOTHING_TO_SEND: 0} or (
            counts[Kind.NOTHING_TO_SEND] and not is_excused
        ):
            found[feed_id] = counts
    return found


def missing(played: Play) -> dict[str, set[str]]:
    """What a server had published before its last good answer, and the warehouse does not hold."""
    held = played.entries()
    found = {f: _told(played.web.log, w) - held.get(f, set()) for f, w in _WIRES.items()}
    return {f: urls for f, urls in found.items() if urls}


def _told(log: Sequence[Seen], wire: Wire) -> set[str]:
    good = [
        s.now for s in log if s.feed_id == wire.feed_id and (s.is_whole or (s.status == 304 and not _lies(wire, s)))
    ]
    return set(wire.listed(max(good))) if good else set()


def _lies(wire: Wire, seen: Seen) -> bool:
    return wire.lies_from is not None and seen.now >= wire.lies_from


def invented(played: Play) -> dict[str, set[str | None]]:
    """Entries that no server listed."""
    end = played.web.now
    found = {f: urls - set(_WIRES[f].published(end)) for f, urls in played.entries().items()}
    return {f: urls for f, urls in found.items() if urls}


def gaps(moments: Sequence[datetime]) -> list[timedelta]:
    return [later - earlier for earlier, later in pairwise(moments)]


# --- two days


@pytest.mark.parametrize("breach", list(Breach))
def test_no_server_saw_a_request_it_should_not_have(played: Play, breach: Breach) -> None:
    assert played.web.breaches().get(breach, {}) == {}


def test_each_feed_is_asked_without_conditions_once_and_once_more_where_its_address_changed(played: Play) -> None:
    assert asked_wrongly(played) == {}


def test_every_entry_published_before_a_feeds_last_good_answer_is_in_the_warehouse(played: Play) -> None:
    assert missing(played) == {}
    assert invented(played) == {}


def test_an_etag_in_utf_8_is_sent_back_byte_for_byte(played: Play) -> None:
    assert played.web.count("etag-utf8", Kind.CONDITIONAL) >= 5
    assert played.web.count("etag-utf8", Kind.NOTHING_TO_SEND) == played.lost["etag-utf8"]


def test_what_the_feeds_listed_adds_up(played: Play) -> None:
    assert played.offending() == {}


def test_a_server_that_answers_304_for_ever_is_asked_afresh_once_a_day(played: Play) -> None:
    asked = played.web.count("lying", Kind.WATCHDOG)
    assert 1 <= asked <= SAMPLE.days
    assert [f for f in _WIRES if played.web.count(f, Kind.WATCHDOG) > SAMPLE.days] == []


def test_a_feed_that_always_has_news_is_asked_as_often_as_its_floor_allows(played: Play) -> None:
    """The next pass comes up to 40 minutes late, and a pass that died costs one turn more."""
    asked = sorted(gaps(played.web.turns("busy")))
    assert asked[len(asked) // 2] <= 110 * MINUTE
    assert asked[-1] <= 4 * HOUR


def test_a_leading_outlets_feed_that_allows_it_is_asked_twice_an_hour(played: Play) -> None:
    for feed_id in ("age-600-leading", "ttl-15-leading"):
        assert min(gaps(played.web.turns(feed_id))) < HOUR, feed_id
    for feed_id in ("age-600", "plain-leading"):
        assert min(gaps(played.web.turns(feed_id))) >= HOUR, feed_id


def test_the_play_holds_what_it_promises(played: Play) -> None:
    """Every way to die came, every trouble within reach was met, and every feed was asked."""
    assert set(played.died) == set(_WAYS)
    assert played.lost
    visits = {f: played.web.watches[f].visits for f in _WIRES}
    assert [f for f, many in visits.items() if many < (2 if f in _DAILY else 3)] == []
    troubled = {f: max(n for n in w.troubles if n < 100) for f, w in _WIRES.items() if w.troubles}
    assert {f: n for f, n in troubled.items() if visits[f] < min(n, 3)} == {}
    assert {s.status for s in played.web.log} == {200, 301, 302, 304, 404, 410, 429, 500, 503}
    assert [f for f in _MOVING if played.web.count(f, Kind.CHANGED_URL) != 1] == []


# --- one week, with processes that are killed


@pytest.mark.slow
def test_a_whole_week_with_killed_processes_breaks_no_rule_and_loses_nothing(week: Play) -> None:
    assert week.died["kill"] >= 5
    assert set(week.died) > set(_WAYS)
    wrong = {
        "breaches": week.web.breaches(),
        "unconditional": asked_wrongly(week),
        "missing": missing(week),
        "invented": invented(week),
        "checks": week.offending(),
    }
    assert {name: found for name, found in wrong.items() if found} == {}
    assert 1 <= week.web.count("lying", Kind.WATCHDOG) <= WHOLE.days


# --- single crashes


@pytest.fixture
def one(tmp_path: Path) -> Iterator[Play]:
    with playing(tmp_path, [_WIRES["both"]]) as play:
        yield play


def test_an_answer_archived_by_a_pass_that_died_is_not_asked_for_again(one: Play) -> None:
    one.take(Turn(at=START, point=("sync", 1)))
    assert one.died == {"sync": 1}
    assert not one.lost
    assert one.entries() == {}
    one.take(Turn(at=START + 5 * MINUTE))
    assert len(one.web.log) == 1
    assert one.entries() == {"both": set(_WIRES["both"].published(START))}
    one.take(Turn(at=START + 3 * HOUR))
    assert [one.web.count("both", k) for k in (Kind.FIRST, Kind.CONDITIONAL)] == [1, 1]
    assert one.web.breaches() == {}


def test_an_answer_archived_and_rolled_back_is_not_asked_for_again(one: Play) -> None:
    one.take(Turn(at=START))
    one.take(Turn(at=START + 3 * HOUR, point=("before_commit", 2)))
    assert one.died == {"before_commit": 1}
    one.take(Turn(at=START + 3 * HOUR + MINUTE))
    assert len(one.web.log) == 2
    assert one.entries() == {"both": set(_WIRES["both"].published(START + 3 * HOUR))}
    one.take(Turn(at=START + 6 * HOUR))
    assert one.web.breaches() == {}


def test_an_attempt_recorded_by_a_pass_that_died_costs_a_turn_and_is_no_early_request(one: Play) -> None:
    one.take(Turn(at=START, point=("after_commit", 2)))  # the first commit is what sources.yaml says
    assert one.died == {"after_commit": 1}
    assert one.web.log == []
    for minutes in (1, 20, 40, 59):
        one.take(Turn(at=START + minutes * MINUTE))
    assert one.web.log == []
    one.take(Turn(at=START + 70 * MINUTE))
    assert [s.now for s in one.web.log] == [START + 70 * MINUTE]
    assert one.web.breaches() == {}


@pytest.mark.parametrize("way", ["after_commit", "write"])
def test_a_turn_that_was_lost_is_taken_up_after_the_floor_however_seldom_a_feed_is_asked(
    tmp_path: Path, way: Way
) -> None:
    """Else a feed that is asked once a day is left alone for two, and its day's news is a day late."""
    with playing(tmp_path, [_WIRES["age-172800"]]) as play:
        play.take(Turn(at=START))
        lost = START + 25 * HOUR
        play.take(Turn(at=lost, point=(way, 1)))
        assert play.died == {way: 1}
        for minutes in (30, 70, 100, 130, 160):
            play.take(Turn(at=lost + minutes * MINUTE))
        assert HOUR <= play.web.turns("age-172800")[-1] - lost <= 3 * HOUR
        assert play.web.breaches() == {}


def test_an_attempt_that_was_not_recorded_sent_nothing(one: Play) -> None:
    one.take(Turn(at=START, point=("before_commit", 2)))
    assert one.died == {"before_commit": 1}
    assert one.web.log == []
    one.take(Turn(at=START + MINUTE))
    assert len(one.web.log) == 1


def test_two_requests_to_one_host_keep_the_gap(tmp_path: Path) -> None:
    wires = [Wire(feed_id=f"gap-{n}", host="gap.press.test") for n in range(4)]
    with playing(tmp_path, wires, gap=0.2) as play:
        play.take(Turn(at=START))
        clocks = [s.clock for s in play.web.log]
    assert len(clocks) == 4
    assert [b - a for a, b in pairwise(clocks) if b - a < 0.19] == []


@pytest.mark.parametrize("trouble", [ended_early, ended_in_a_link], ids=lambda f: f.__name__)
@pytest.mark.parametrize("form", [rss, atom, rdf, sitemap, json_feed], ids=lambda f: f.__name__)
def test_a_document_that_ended_early_is_asked_for_again_whole(
    tmp_path: Path, form: Callable[[Wire, datetime], bytes], trouble: Trouble
) -> None:
    """Its validators are the whole document's: to send them back is to be told that nothing changed, for ever."""
    wire = Wire(feed_id="halved", form=form, troubles=at(trouble, 1), falls_silent=START)
    with playing(tmp_path, [wire]) as play:
        play.take(Turn(at=START))
        play.take(Turn(at=START + 5 * HOUR))
        held = play.entries()["halved"]
    assert held - {None} == set(wire.published(START))


# --- the servers can find fault


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask:
    """One raw request, so many minutes after the start. `moved`: sources.yaml has been edited by then."""

    minutes: int
    address: str
    etag: str | None = None
    modified: datetime | None = None
    more: Mapping[str, str] = field(default_factory=dict)
    method: str = "GET"
    moved: bool = False


def ask(web: StrictWeb, asking: Ask) -> int:
    """Send it, with nothing but what it says, and a contact; the status of the answer."""
    web.now = START + asking.minutes * MINUTE
    if asking.moved:
        web.move(asking.address.split("/")[3])
    host, path = asking.address.removeprefix("http://").split("/", 1)
    conditions = {
        "If-None-Match": asking.etag,
        "If-Modified-Since": http_date(asking.modified) if asking.modified else None,
    }
    connection = HTTPConnection("127.0.0.1", web.port, timeout=20)
    connection.putrequest(asking.method, f"/{path}", skip_host=True, skip_accept_encoding=True)
    sent = {"Host": host, "User-Agent": f"A test ({CONTACT})", **conditions, **asking.more}
    for name, value in sent.items():
        if value is not None:
            connection.putheader(name, value)
    connection.endheaders()
    with contextlib.closing(connection):
        answer = connection.getresponse()
        with contextlib.suppress(IncompleteRead):
            answer.read()
        return answer.status


def feed_of(feed_id: str) -> str:
    return _WIRES[feed_id].strict().url


def hop_of(feed_id: str, number: int) -> str:
    return _WIRES[feed_id].hops[number - 1]


_ETAG_ONLY, _BOTH, _MOVES = feed_of("etag-only"), feed_of("both"), feed_of("moves")
_FIRST_TWO = (
    Ask(minutes=0, address=_BOTH),
    Ask(minutes=150, address=_BOTH, etag='"v3"', modified=START),
)
_SECOND = START + 2 * HOUR
_THROTTLED = (
    Ask(minutes=0, address=feed_of("throttled-seconds")),
    Ask(minutes=70, address=feed_of("throttled-seconds"), etag='"v3"'),
)
_IMPOLITE: dict[Breach, Sequence[Ask]] = {
    Breach.UNCONDITIONAL_AGAIN: (Ask(minutes=0, address=_ETAG_ONLY), Ask(minutes=70, address=_ETAG_ONLY)),
    Breach.STALE_VALIDATOR: (*_FIRST_TWO, Ask(minutes=300, address=_BOTH, etag='"v3"', modified=START)),
    Breach.INCOMPLETE_VALIDATORS: (*_FIRST_TWO, Ask(minutes=300, address=_BOTH, etag='"v4"')),
    Breach.MIXED_VALIDATORS: (*_FIRST_TWO, Ask(minutes=300, address=_BOTH, etag='"v4"', modified=START)),
    Breach.FOREIGN_VALIDATOR: (
        Ask(minutes=0, address=_MOVES),
        Ask(minutes=70, address=_MOVES.replace("/feed", "/moved"), etag='"v3"', moved=True),
    ),
    Breach.MADE_UP_VALIDATOR: (
        Ask(minutes=0, address=_ETAG_ONLY),
        Ask(minutes=70, address=_ETAG_ONLY, etag='"v3"', modified=START),
    ),
    Breach.OTHER_CONDITION: (Ask(minutes=0, address=_BOTH, more={"If-Range": '"v3"'}),),
    Breach.COOKIE: (Ask(minutes=0, address=_BOTH, more={"Cookie": "visitor=17"}),),
    Breach.REFERRER: (Ask(minutes=0, address=_BOTH, more={"Referer": "http://both.press.test/"}),),
    Breach.QUERY: (Ask(minutes=0, address=f"{_BOTH}?_=1"),),
    Breach.METHOD: (Ask(minutes=0, address=_BOTH, method="HEAD"),),
    Breach.NO_CONTACT: (Ask(minutes=0, address=_BOTH, more={"User-Agent": "Mozilla/5.0"}),),
    Breach.UNKNOWN_ADDRESS: (Ask(minutes=0, address="http://both.press.test/robots.txt"),),
    Breach.OLD_ADDRESS: (
        Ask(minutes=0, address=_MOVES),
        Ask(minutes=70, address=_MOVES, etag='"v3"', moved=True),
    ),
    Breach.TOO_EARLY: (Ask(minutes=0, address=_ETAG_ONLY), Ask(minutes=59, address=_ETAG_ONLY, etag='"v3"')),
    Breach.TOO_FRESH: (
        Ask(minutes=0, address=feed_of("age-7200")),
        Ask(minutes=119, address=feed_of("age-7200"), etag='"v3"'),
    ),
    Breach.WITHIN_TTL: (
        Ask(minutes=0, address=feed_of("ttl-180")),
        Ask(minutes=179, address=feed_of("ttl-180"), etag='"v3"'),
    ),
    Breach.RETRY_AFTER: (
        Ask(minutes=0, address=feed_of("unavailable-date")),
        Ask(minutes=70, address=feed_of("unavailable-date"), etag='"v3"'),
        Ask(minutes=70 + 299, address=feed_of("unavailable-date"), etag='"v3"'),
    ),
    Breach.TOO_LATE: (
        Ask(minutes=0, address=_ETAG_ONLY),
        Ask(minutes=27 * 60, address=_ETAG_ONLY, etag='"v3"'),
    ),
    Breach.HOST_PAUSED: (*_THROTTLED, Ask(minutes=71, address=feed_of("a-beside-throttled"))),
    Breach.HOST_JUST_PAUSED: (*_THROTTLED, Ask(minutes=70, address=feed_of("a-beside-throttled"))),
    Breach.AFTER_GONE: (
        Ask(minutes=0, address=feed_of("gone")),
        Ask(minutes=70, address=feed_of("gone"), etag='"v3"'),
        Ask(minutes=140, address=feed_of("gone"), etag='"v3"'),
        Ask(minutes=9 * 24 * 60, address=feed_of("gone"), etag='"v3"'),
    ),
    Breach.TWICE: (Ask(minutes=0, address=_ETAG_ONLY), Ask(minutes=0, address=_ETAG_ONLY, etag='"v3"')),
    Breach.ADOPTED_REDIRECT: (Ask(minutes=0, address=hop_of("found-301", 1)),),
    Breach.TOO_MANY_REDIRECTS: (
        Ask(minutes=0, address=feed_of("chain-6")),
        *(Ask(minutes=0, address=hop_of("chain-6", n)) for n in range(1, 7)),
    ),
}


@pytest.fixture
def strict() -> Iterator[StrictWeb]:
    with StrictWeb([w.strict() for w in _WIRES.values()], START) as web:
        yield web


@pytest.mark.parametrize("breach", [b for b in Breach if b is not Breach.PARALLEL])
def test_an_impolite_request_is_found_out_and_only_for_what_it_is(strict: StrictWeb, breach: Breach) -> None:
    for asking in _IMPOLITE[breach][:-1]:
        ask(strict, asking)
    assert strict.breaches() == {}
    ask(strict, _IMPOLITE[breach][-1])
    assert list(strict.breaches()) == [breach]


def test_two_requests_at_one_host_at_once_are_found_out(strict: StrictWeb) -> None:
    """The second is sent while the answer to the first is held back."""
    second = Ask(minutes=0, address=feed_of("beside-closing"))

    def meanwhile(number: int) -> None:
        if number == 1:
            ask(strict, second)

    strict.before_answer = meanwhile
    ask(strict, Ask(minutes=0, address=feed_of("closing")))
    assert strict.breaches() == {Breach.PARALLEL: {"beside-closing": 1}}


def test_a_watchdog_request_is_counted_apart_and_only_once_a_day(strict: StrictWeb) -> None:
    lying = feed_of("lying")
    ask(strict, Ask(minutes=0, address=lying))
    assert ask(strict, Ask(minutes=20 * 60, address=lying, etag='"v3"')) == 304
    ask(strict, Ask(minutes=25 * 60, address=lying))
    assert strict.count("lying", Kind.WATCHDOG) == 1
    assert strict.breaches() == {}
    ask(strict, Ask(minutes=27 * 60, address=lying))
    assert strict.breaches() == {Breach.UNCONDITIONAL_AGAIN: {"lying": 1}}


def test_no_client_is_blamed_for_forgetting_an_answer_that_was_lost_with_its_process(strict: StrictWeb) -> None:
    ask(strict, Ask(minutes=0, address=_ETAG_ONLY))
    strict.lost(START, ["etag-only"])
    ask(strict, Ask(minutes=70, address=_ETAG_ONLY))
    assert strict.count("etag-only", Kind.NOTHING_TO_SEND) == 1
    assert strict.breaches() == {}


def test_a_feed_that_is_no_longer_asked_at_all_is_found_at_the_end(strict: StrictWeb) -> None:
    for feed_id in _WIRES:
        ask(strict, Ask(minutes=0, address=feed_of(feed_id)))
    ask(strict, Ask(minutes=26 * 60, address=_ETAG_ONLY, etag='"v3"'))
    strict.now = START + 27 * HOUR
    strict.close()
    assert set(strict.breaches()[Breach.TOO_LATE]) == set(_WIRES) - {"etag-only"}
