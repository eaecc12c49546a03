"""What runs by itself: a pass every half hour, the digest each morning in the readers' time zone.

Feeds have due times of their own: a pass only asks those that are due, and most passes are short.
"""

from datetime import date, datetime, timedelta

import dagster as dg

from pipelines.config import load_sources
from pipelines.core.errors import ConfigError
from pipelines.settings import read_settings

_ACTIVE = [dg.DagsterRunStatus.QUEUED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.STARTED]
_TAGS = {"dagster/max_runtime": "3600"}  # a run that hangs, or died with its machine, ends; the next one goes on

pass_job = dg.define_asset_job(
    "pass_over_due_feeds",
    selection=dg.AssetSelection.groups("ingest", "reading") | dg.AssetSelection.assets("published"),
    executor_def=dg.in_process_executor,
    tags=_TAGS,
    description="One pass: poll, fetch, extract, match, cluster, load and publish whatever is due.",
)
digest_job = dg.define_asset_job(
    "tell_digest",
    selection=dg.AssetSelection.assets("digest"),
    executor_def=dg.in_process_executor,
    tags=_TAGS,
    description="The digest of the window that closed last.",
)
pass_and_digest_job = dg.define_asset_job(
    "pass_and_digest",
    selection=dg.AssetSelection.groups("ingest", "reading", "telling"),
    executor_def=dg.in_process_executor,
    tags=_TAGS,
    description="One pass and the digest after it: everything, with one click.",
)


def _time_zone() -> str:
    """The readers' zone; the default where sources.yaml cannot be read, so that the UI comes up and says why."""
    try:
        return load_sources(read_settings().sources).monitor.time_zone.key
    except ConfigError:
        return "Europe/Brussels"


@dg.schedule(
    job=pass_job, cron_schedule="7,37 * * * *", default_status=dg.DefaultScheduleStatus.RUNNING,
    description="A pass at 7 and 37 minutes past the hour: never on the hour, when everybody polls.",
)  # fmt: skip
def every_half_hour(context: dg.ScheduleEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Start a pass unless one is still going on."""
    going_on = context.instance.get_runs(dg.RunsFilter(job_name=pass_job.name, statuses=_ACTIVE), limit=1)
    return dg.SkipReason("a pass is still going on") if going_on else dg.RunRequest()


def _digest_hours() -> list[str]:
    """Half an hour after each window closes: what is read until then, of what was seen before, is in the digest."""
    try:
        sources = load_sources(read_settings().sources)
    except ConfigError:
        return ["30 7 * * *"]
    closing = {d.closes_at or sources.monitor.digest_closes_at for d in sources.digests}
    told = sorted((datetime.combine(date.min, at) + timedelta(minutes=30)).time() for at in closing)
    return [f"{at.minute} {at.hour} * * *" for at in told]


before_eight = dg.ScheduleDefinition(
    name="before_eight",
    job=digest_job,
    cron_schedule=_digest_hours(),
    execution_timezone=_time_zone(),
    default_status=dg.DefaultScheduleStatus.RUNNING,
    description="Each digest half an hour after its window closes, in the readers' time zone.",
)
