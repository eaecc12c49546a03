"""One click: a pass and its digest through Dagster, with counts, a table of what happened, and checks that can fail."""

from collections.abc import Iterator
from contextlib import contextmanager

import dagster as dg
import pytest

from pipelines.adapters.warehouse import Warehouse
from pipelines.definitions import defs as load_definitions
from pipelines.monitor import Monitor

CHECKS = {"conservation", "uniqueness", "no_orphans", "rollups_add_up", "counts_agree", "rebuilt_equal"}


def run(job: str) -> dg.ExecuteInProcessResult:
    definitions = load_definitions()
    assert isinstance(definitions, dg.Definitions)
    return definitions.resolve_job_def(job).execute_in_process(raise_on_error=False)


def passed(result: dg.ExecuteInProcessResult) -> dict[str, bool]:
    return {e.check_name: e.passed for e in result.get_asset_check_evaluations()}


@pytest.fixture(scope="module")
def ran(monitor: Monitor) -> dg.ExecuteInProcessResult:
    assert monitor.settings.hosts
    return run("pass_and_digest")


def test_one_click_runs_a_pass_and_writes_the_digest(ran: dg.ExecuteInProcessResult, monitor: Monitor) -> None:
    assert ran.success
    assert (monitor.settings.warehouse / "digests" / "2026-11-10.html").stat().st_size > 10_000


def test_every_check_passes_on_a_sound_warehouse(ran: dg.ExecuteInProcessResult) -> None:
    assert passed(ran) == dict.fromkeys(CHECKS, True)


def test_each_materialisation_carries_counts_and_a_table_of_what_happened(ran: dg.ExecuteInProcessResult) -> None:
    for asset in ("entries", "pages", "articles", "mentions", "stories", "published"):
        (made,) = ran.asset_materializations_for_node(asset)
        numbers = [v.value for v in made.metadata.values() if isinstance(v, dg.IntMetadataValue)]
        assert any(isinstance(n, int) and n > 0 for n in numbers), asset
        assert isinstance(made.metadata["what_happened"], dg.MarkdownMetadataValue)
    (entries,) = ran.asset_materializations_for_node("entries")
    assert entries.metadata["polled"].value == 14
    (mentions,) = ran.asset_materializations_for_node("mentions")
    assert "| title | outlet |" in str(mentions.metadata["what_happened"].value)


def test_a_second_click_at_the_same_time_tells_nothing_new(ran: dg.ExecuteInProcessResult) -> None:
    assert ran.success
    again = run("pass_and_digest")
    assert again.success
    (entries,) = again.asset_materializations_for_node("entries")
    assert entries.metadata["polled"].value == 0
    assert passed(again) == dict.fromkeys(CHECKS, True)


CORRUPTIONS = {
    "conservation": "delete from entries where entry_id = (select min(entry_id) from entries)",
    "uniqueness": "insert into articles select * from articles limit 1",
    "no_orphans": "delete from article_texts where article_id = (select min(article_id) from article_texts)",
    "rollups_add_up": "update outlet_daily set kept = kept + 1",
    "counts_agree": "update topic_daily set outlets = articles + 1",
    "rebuilt_equal": 'update digests set content = json_merge_patch(content, \'{"title": "another"}\')',
}


@contextmanager
def corrupted(monitor: Monitor, statement: str) -> Iterator[None]:
    """The warehouse with one statement done to it and published; as it was, afterwards."""
    state = monitor.settings.warehouse / "state" / "warehouse.duckdb"
    sound = state.read_bytes()
    with Warehouse.open(monitor.settings.warehouse) as warehouse:
        warehouse.sql(statement)
        warehouse.publish()
    yield
    state.write_bytes(sound)
    with Warehouse.open(monitor.settings.warehouse) as warehouse:
        warehouse.publish()


@pytest.mark.parametrize("check", CORRUPTIONS)
def test_each_check_fails_on_a_warehouse_that_is_not_sound(
    ran: dg.ExecuteInProcessResult, monitor: Monitor, check: str
) -> None:
    assert ran.success
    definitions = load_definitions()
    assert isinstance(definitions, dg.Definitions)
    with corrupted(monitor, CORRUPTIONS[check]):
        checks = [c for c in definitions.asset_checks or () if isinstance(c, dg.AssetChecksDefinition)]
        result = dg.materialize(
            [c for c in checks if {s.name for s in c.check_specs} == {check}],
            resources=definitions.resources,
            selection=dg.AssetSelection.all_asset_checks(),
            raise_on_error=False,
        )
    assert passed(result) == {check: False}
