"""The folder of Dagster's history, inside the warehouse's, with the settings that suit this pipeline."""

from pathlib import Path

from pipelines.adapters.warehouse import write_whole

_SETTINGS = """\
# Written by `presswatch ui`; delete it to have it written anew.
telemetry:
  enabled: false
nux:
  enabled: false
# One writer at a time: every asset that writes is in this pool.
concurrency:
  pools:
    default_limit: 1
  runs:
    max_concurrent_runs: 1
# A run that died must not hold the pool, nor a schedule that waits for it.
run_monitoring:
  enabled: true
  free_slots_after_run_end_seconds: 60
retention:
  schedule:
    purge_after_days: 30
  sensor:
    purge_after_days: 7
"""

_WORKSPACE = """\
# Written by `presswatch ui`: where Dagster finds the pipeline, and under which name it shows it.
load_from:
  - python_module:
      module_name: pipelines.definitions
      location_name: presswatch
"""


def prepare_home(warehouse: Path) -> Path:
    """Make sure that the folder with `dagster.yaml` and `workspace.yaml` exists, and name it."""
    home = (warehouse / "dagster").absolute()
    for name, text in (("dagster.yaml", _SETTINGS), ("workspace.yaml", _WORKSPACE)):
        if not (home / name).exists():
            write_whole(home / name, text.encode("utf-8"))
    return home
