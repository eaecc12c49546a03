"""Dagster's door: everything under `pipelines.defs`."""

from pathlib import Path

import dagster as dg


@dg.definitions
def defs() -> dg.Definitions:
    """Assets, checks, resources and schedules, collected from the folder beside this file."""
    return dg.load_from_defs_folder(path_within_project=Path(__file__).parent)
