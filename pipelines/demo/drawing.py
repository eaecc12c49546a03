"""The one door to Jinja: a template by name and its values in, a text out. Dates are written here, in local time."""

from datetime import datetime
from email.utils import format_datetime
from functools import cache
from pathlib import Path

import jinja2

from pipelines.demo.world import ZONE


def draw(template: str, **values: object) -> str:
    """Fill a file of `templates/`. A value that the template names and nobody gave is an error."""
    return _environment().get_template(template).render(**values)


def iso(moment: datetime) -> str:
    """A moment in local time with its offset, e.g. `2026-11-09T08:40:00+01:00`."""
    return moment.astimezone(ZONE).isoformat()


def rfc822(moment: datetime, *, zone_name: bool = False) -> str:
    """A moment as RSS writes it: `Mon, 09 Nov 2026 08:40:00 +0100`, or with the name of the zone, `CET`."""
    local = moment.astimezone(ZONE)
    written = format_datetime(local)
    return f"{written.rpartition(' ')[0]} {local.tzname()}" if zone_name else written


def local(moment: datetime, pattern: str) -> str:
    """A moment in local time as readers of a language expect it."""
    return moment.astimezone(ZONE).strftime(pattern)


@cache
def _environment() -> jinja2.Environment:
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=jinja2.StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.filters["iso"] = iso
    environment.filters["rfc822"] = rfc822
    environment.filters["local"] = local
    return environment
