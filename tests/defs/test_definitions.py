"""What Dagster shows: the graph with its groups, kinds, owners and descriptions, and what runs by itself."""

from itertools import pairwise

import dagster as dg
import pytest

from pipelines.definitions import defs as load_definitions

ORDER = ["feeds", "entries", "pages", "articles", "mentions", "stories", "published", "digest"]


@pytest.fixture(scope="module")
def definitions() -> dg.Definitions:
    loaded = load_definitions()
    assert isinstance(loaded, dg.Definitions)
    return loaded


def specs(definitions: dg.Definitions) -> dict[str, dg.AssetSpec]:
    return {spec.key.to_user_string(): spec for spec in definitions.resolve_all_asset_specs()}


def test_the_graph_goes_from_feeds_to_digest_in_one_line(definitions: dg.Definitions) -> None:
    found = specs(definitions)
    assert sorted(found) == sorted(ORDER)
    for before, after in pairwise(ORDER):
        assert [d.asset_key.to_user_string() for d in found[after].deps] == [before]


def test_every_asset_has_a_group_kinds_owners_and_a_description(definitions: dg.Definitions) -> None:
    for spec in specs(definitions).values():
        assert spec.group_name in {"press", "ingest", "reading", "telling"}
        assert spec.kinds
        assert spec.owners == ["team:presswatch"]
        assert spec.description


def test_every_writer_is_in_the_pool_of_one(definitions: dg.Definitions) -> None:
    # A module that imports an asset, as the checks do, gives it once more.
    made = [a for a in definitions.assets or () if isinstance(a, dg.AssetsDefinition)]
    pools = {key.to_user_string(): a.op.pool for a in made for key in a.keys}
    assert pools == dict.fromkeys(ORDER[1:], "warehouse_writer")


def test_conservation_and_uniqueness_block_what_comes_after(definitions: dg.Definitions) -> None:
    blocking = {s.name: s.blocking for c in definitions.asset_checks or () for s in c.check_specs}
    assert blocking == {
        "conservation": True,
        "uniqueness": True,
        "no_orphans": False,
        "rollups_add_up": False,
        "counts_agree": False,
        "rebuilt_equal": False,
    }


def test_a_pass_every_half_hour_and_the_digest_before_eight_run_by_themselves(definitions: dg.Definitions) -> None:
    schedules = {s.name: s for s in definitions.schedules or () if isinstance(s, dg.ScheduleDefinition)}
    assert {name: s.cron_schedule for name, s in schedules.items()} == {
        "every_half_hour": "7,37 * * * *",
        "before_eight": ["30 7 * * *"],
    }
    assert {s.default_status for s in schedules.values()} == {dg.DefaultScheduleStatus.RUNNING}
    assert schedules["before_eight"].execution_timezone == "Europe/Brussels"


def test_every_job_runs_in_one_process_and_ends_some_day(definitions: dg.Definitions) -> None:
    for name in ("pass_over_due_feeds", "tell_digest", "pass_and_digest"):
        job = definitions.resolve_job_def(name)
        assert job.executor_def.name == "in_process"
        assert int(job.tags["dagster/max_runtime"]) > 0
