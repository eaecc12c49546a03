"""The order of outlets and feeds in sources.yaml, and of answers from the network, decides nothing."""

from pathlib import Path

import pytest

from pipelines.adapters.warehouse import Warehouse
from pipelines.demo.press import Press
from pipelines.demo.world import moment

from .playing import WITHOUT_DRIP, Outcome, Unhurried, monitor_at, steps_until, take

_UNTIL = moment("d4 18:30")


def outcome(folder: Path, press: Press, *, is_reversed: bool) -> Outcome:
    steps = steps_until(_UNTIL)
    with monitor_at(folder, press, steps[0].at, is_reversed=is_reversed) as (monitor, server):
        ids = [o.id for o in monitor.sources.outlets]
        assert (ids[0] == "nordwire") is not is_reversed
        with monitor.open_warehouse() as warehouse:
            take(monitor, server, warehouse, steps)
            return Outcome.of(warehouse)


@pytest.fixture(scope="module")
def press() -> Press:
    return Unhurried.load(WITHOUT_DRIP)


def test_sources_turned_round_give_the_same_entries_articles_copies_stories_and_digests(
    tmp_path: Path, press: Press
) -> None:
    plain = outcome(tmp_path / "plain", press, is_reversed=False)
    turned = outcome(tmp_path / "turned", press, is_reversed=True)
    assert len(plain.parts["copies"]) == 3
    assert len(plain.parts["stories"]) > 20
    assert plain.differences(turned) == {}
    with (
        Warehouse.open(tmp_path / "plain" / "warehouse") as one,
        Warehouse.open(tmp_path / "turned" / "warehouse") as other,
    ):
        text = "select digest_id, content from digests order by 1"
        assert one.sql(text) == other.sql(text)
