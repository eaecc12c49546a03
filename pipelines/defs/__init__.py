"""What Dagster shows and runs: assets of a few lines over the stages, checks, schedules."""
