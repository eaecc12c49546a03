"""The command line: the same stages as Dagster, without Dagster."""

from pipelines.cli.main import main

__all__ = ["main"]
