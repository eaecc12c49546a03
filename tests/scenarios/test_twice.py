"""Running twice is running once: nothing is asked, written or told again."""

import shutil
from datetime import timedelta
from pathlib import Path

import pytest

from pipelines.demo.press import Press
from pipelines.demo.world import moment

from .playing import WITHOUT_DRIP, Unhurried, address, logged, monitor_at, play_until, steps_until, tables, take

_MIDDLE = moment("d2 18:30")
_END = moment("d6 07:30")


@pytest.fixture(scope="module")
def press() -> Press:
    return Unhurried.load(WITHOUT_DRIP)


@pytest.fixture(scope="module")
def halfway(tmp_path_factory: pytest.TempPathFactory, press: Press) -> Path:
    """A demo stopped after a busy evening's pass."""
    folder = tmp_path_factory.mktemp("halfway")
    play_until(folder, _MIDDLE, press=press)
    return folder


@pytest.fixture(scope="module")
def ended(tmp_path_factory: pytest.TempPathFactory, press: Press, halfway: Path) -> Path:
    """The same demo, gone on with to its end."""
    folder = tmp_path_factory.mktemp("ended")
    shutil.copytree(halfway, folder, dirs_exist_ok=True)
    play_until(folder, _END, press=press)
    return folder


def test_a_second_pass_at_the_same_time_changes_no_table_and_sends_nothing(
    halfway: Path, press: Press, tmp_path: Path
) -> None:
    shutil.copytree(halfway, tmp_path / "demo")
    with monitor_at(tmp_path / "demo", press, _MIDDLE) as (monitor, server), monitor.open_warehouse() as warehouse:
        before, published = tables(warehouse), (warehouse.folder / "published" / "presswatch.duckdb").stat().st_mtime_ns
        monitor.run_pass(warehouse, _MIDDLE)
        assert tables(warehouse) == before
        assert server.log == []
        assert (warehouse.folder / "published" / "presswatch.duckdb").stat().st_mtime_ns == published
        assert not (warehouse.folder / "archive" / "unfinished.json").exists()


def test_a_digest_told_twice_is_the_same_digest_and_changes_no_table(
    halfway: Path, press: Press, tmp_path: Path
) -> None:
    shutil.copytree(halfway, tmp_path / "demo")
    at = moment("d2 19:30")
    with monitor_at(tmp_path / "demo", press, at) as (monitor, _), monitor.open_warehouse() as warehouse:
        path = warehouse.folder / "digests" / "2026-11-10.json"
        before, file = tables(warehouse), path.read_bytes()
        assert monitor.tell(warehouse, at)["day"] == "2026-11-10"
        assert tables(warehouse) == before
        assert path.read_bytes() == file


def test_a_pass_two_hours_later_with_nothing_new_sends_only_conditional_requests_to_feeds(
    ended: Path, press: Press, tmp_path: Path
) -> None:
    shutil.copytree(ended, tmp_path / "demo")
    later = _END + timedelta(hours=2)
    with monitor_at(tmp_path / "demo", press, later) as (monitor, server), monitor.open_warehouse() as warehouse:
        before = tables(warehouse)
        monitor.run_pass(warehouse, later)
        after = tables(warehouse)
        feeds = {c.url for o in press.outlets for c in o.feeds}
        asked = {f"http://{r.host}{r.path}" for r in server.log if r.status != 301}
        assert asked - feeds == {"http://gazzetta-lido.press.test/feeds/nuovo.xml"}
        assert {r.status for r in server.log} == {301, 304}
        answered = [r for r in server.log if r.status != 301]  # an address that only leads on is sent no validator
        assert [r for r in answered if not {"if-none-match", "if-modified-since"} & set(r.headers)] == []
    changed = {name for name in after if after[name] != before[name]}
    assert changed == {"polls", "feed_states", "publishes", "requests"}
    assert len(after["polls"]) - len(before["polls"]) == len(feeds)


def test_a_demo_played_on_after_its_end_does_nothing(ended: Path, press: Press, tmp_path: Path) -> None:
    shutil.copytree(ended, tmp_path / "demo")
    log_file = tmp_path / "requests.jsonl"
    with monitor_at(tmp_path / "demo", press, _END) as (monitor, _), monitor.open_warehouse() as warehouse:
        before = tables(warehouse)
    play_until(tmp_path / "demo", _END, press=press, log_file=log_file)
    with monitor_at(tmp_path / "demo", press, _END) as (monitor, _), monitor.open_warehouse() as warehouse:
        assert tables(warehouse) == before
    assert [address(r) for r in logged(log_file)] == []


def test_steps_taken_in_one_go_or_one_by_one_with_the_warehouse_opened_anew_are_equal(
    halfway: Path, press: Press, tmp_path: Path
) -> None:
    steps = steps_until(_MIDDLE)
    with monitor_at(tmp_path / "demo", press, steps[0].at) as (monitor, server):
        for step in steps:
            with monitor.open_warehouse() as warehouse:
                take(monitor, server, warehouse, [step])
        with monitor.open_warehouse() as warehouse:
            found = tables(warehouse)
    with monitor_at(halfway, press, _MIDDLE) as (monitor, _), monitor.open_warehouse() as warehouse:
        wanted = tables(warehouse)
    # Offsets in the archive differ with the order in which answers came.
    for name in (
        "articles",
        "copies",
        "stories",
        "story_articles",
        "story_lines",
        "mentions",
        "quotes",
        "digest_items",
    ):
        assert found[name] == wanted[name], name
