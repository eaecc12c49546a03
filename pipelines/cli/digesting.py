"""`presswatch digest`: told, given again byte for byte, sent, or all of them as a folder of pages."""

import sys
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.adapters.rendering import render_digest
from pipelines.adapters.warehouse import write_whole
from pipelines.cli import show
from pipelines.cli.call import call
from pipelines.core.digest import Content
from pipelines.core.errors import DeliveryError, PresswatchError
from pipelines.monitor import Monitor

_PATIENCE = 20.0  # seconds: a pass may be ending when the digest is due


class DigestFormat(StrEnum):
    """Formats of `presswatch digest`."""

    HTML = "html"
    TEXT = "text"
    JSON = "json"
    EML = "eml"


def digest(  # noqa: PLR0913 (one for each option of the contract)
    day: Annotated[str | None, typer.Option("--date", help="Day on which its window closes, YYYY-MM-DD.")] = None,
    as_of: Annotated[str | None, typer.Option(help="Compose from what was known then, ISO 8601 with offset.")] = None,
    edition: Annotated[str | None, typer.Option(help="Which of several digests; the first in sources.yaml.")] = None,
    format_: Annotated[DigestFormat, typer.Option("--format", help="What to print.")] = DigestFormat.TEXT,
    out: Annotated[Path | None, typer.Option(help="Write to this file.")] = None,
    site: Annotated[
        Path | None, typer.Option(help="Write all digests that were told as pages, to this folder.")
    ] = None,
    *,
    send: Annotated[bool, typer.Option("--send", help="Send it to its recipients, each once.")] = False,
    again: Annotated[
        bool, typer.Option("--again", help="With --send: also where it may have arrived already.")
    ] = False,
) -> None:
    """Compose a digest, or give one again, byte for byte, as it was told."""
    if again and not send:
        raise typer.BadParameter("goes with --send", param_hint="--again")
    if send and as_of:
        raise typer.BadParameter("what was not told is not sent; leave out --as-of", param_hint="--send")
    monitor = Monitor.from_settings(call.settings)
    now, wanted, moment = call.settings.clock(), _day(day), _moment(as_of)
    if site is not None:
        _write_site(monitor, site, edition)
        return
    if moment is not None:
        content = monitor.digest_as_of(now, wanted, moment, edition)
    else:
        content = monitor.digest_told(now, wanted, edition) or _told_now(monitor, now, wanted, edition)
    if send:
        _send(monitor, content, now, again=again)
        return
    kind = DigestFormat.JSON if call.is_json else format_
    _put(render_digest(content, kind.value), out)


def _told_now(monitor: Monitor, now: datetime, day: date | None, edition: str | None) -> Content:
    with monitor.open_warehouse("presswatch digest", _PATIENCE) as warehouse:
        return monitor.tell(warehouse, now, day, edition)


def _send(monitor: Monitor, content: Content, now: datetime, *, again: bool) -> None:
    """Send a digest, and fail where somebody did not get it for sure."""
    with monitor.open_warehouse("presswatch digest --send", _PATIENCE) as warehouse:
        done = monitor.send(warehouse, content, now, again=again)
        monitor.run_stage("publish", warehouse, now)
    if call.is_json:
        show.as_json_line({"digest": content["digest_id"], **done.counts, "open": list(done.rows)})
    else:
        show.line(f"digest {content['digest_id']}: " + ", ".join(f"{n} {name}" for name, n in done.counts.items() if n))
    if done.rows:
        told = "; ".join(f"{r['recipient']} {r['state']} ({r['detail']})" for r in done.rows)
        mend = "; send again with --send --again" if done.counts["uncertain"] else ""
        raise DeliveryError(f"not sent to all: {told}{mend}")


def _write_site(monitor: Monitor, folder: Path, edition: str | None) -> None:
    pages = 0
    try:
        for path, text in monitor.site(edition):
            write_whole(folder / path, text.encode("utf-8"))
            pages += 1
    except OSError as refused:
        raise PresswatchError(f"{folder}: could not be written: {refused.strerror}") from refused
    show.line(f"{pages} files: {folder / 'index.html'}")


def _put(text: bytes, out: Path | None) -> None:
    """Print, or write to a file."""
    if out is None:
        sys.stdout.write(text.decode("utf-8"))
        return
    try:
        write_whole(out, text)
    except OSError as refused:
        raise PresswatchError(f"{out}: could not be written: {refused.strerror}") from refused


def _day(text: str | None) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise typer.BadParameter(f"{text!r} is not a day like 2026-11-12", param_hint="--date") from wrong


def _moment(text: str | None) -> datetime | None:
    if not text:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError as wrong:
        raise typer.BadParameter(f"{text!r} is not a time like 2026-11-12T07:00+01:00", param_hint="--as-of") from wrong
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
