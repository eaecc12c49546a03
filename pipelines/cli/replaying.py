"""`presswatch replay`: archived pages, ours or anybody's, through extract and after."""

from collections import Counter
from collections.abc import Sequence
from datetime import date
from pathlib import Path
from typing import Annotated

import typer

from pipelines.adapters.warc_reading import WarcFile
from pipelines.cli import show
from pipelines.cli.call import call
from pipelines.core.errors import ArchiveError
from pipelines.core.nouns import Counted
from pipelines.core.rereading import FIELDS, shortened
from pipelines.monitor import STAGES, Monitor
from pipelines.stages.replay import Preview

_DAY_IN_PATH = 3  # YYYY/MM/DD


def replay_files(
    warc: Annotated[list[str] | None, typer.Argument(help="WARC files, packed or not; - is standard input.")] = None,
    since: Annotated[str | None, typer.Option(help="Our own archive's files from this day on, YYYY-MM-DD.")] = None,
    day: Annotated[str | None, typer.Option(help="Our own archive's files of this day, YYYY-MM-DD.")] = None,
    most_shown: Annotated[int, typer.Option("--show", help="With --diff: show so many changes.", min=0)] = 20,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Our own archive's files, all of them.")] = False,
    diff: Annotated[bool, typer.Option("--diff", help="Only tell what would change; nothing is written.")] = False,
) -> None:
    """Read archived pages again with the present extractor and rules, ours or those of anybody's WARC files."""
    files = _files(warc or [], since=since, day=day, everything=everything)
    monitor, now = Monitor.from_settings(call.settings), call.settings.clock()
    if diff:
        _preview(monitor, files, most_shown)
        return
    after = STAGES[STAGES.index("extract") :]
    with monitor.open_warehouse("presswatch replay") as warehouse:
        if call.is_json:
            done = monitor.replay(warehouse, files, now)
        else:
            with show.working([*(f"replay {f.name}" for f in files), *after]) as progress:
                done = monitor.replay(warehouse, files, now, progress)
    _refuse_strangers(files, done)
    if call.is_json:
        show.as_json_line({"now": now, "files": {f.name: c.counts for f, c in zip(files, done, strict=False)},
                           "stages": {c.stage: c.counts for c in done[len(files) :]}})  # fmt: skip


def _files(names: Sequence[str], *, since: str | None, day: str | None, everything: bool) -> list[WarcFile]:
    """The files meant: those named, or our own archive's of a time.

    Raises:
        ArchiveError: one is not there.
    """
    if sum((bool(names), since is not None, day is not None, everything)) != 1:
        raise typer.BadParameter("name WARC files, or give one of --all, --since and --day", param_hint="WARC")
    archive = call.settings.warehouse / "archive"
    if not names:
        first = _day(since or day, "--since" if since else "--day")
        return _own(archive, first, first if day else None)
    missing = next((n for n in names if n != "-" and not Path(n).is_file()), None)
    if missing is not None:
        raise ArchiveError(f"{missing}: no such file; give WARC files, or --all for our own archive")
    return [_named(name, archive) for name in names]


def _named(name: str, archive: Path) -> WarcFile:
    if name == "-":
        return WarcFile(name=name, path=None)
    path, own = Path(name), archive.resolve()
    whole = path.resolve()
    within = whole.relative_to(own).as_posix() if whole.is_relative_to(own) else None
    return WarcFile(name=path.name, path=path, within=within)


def _own(archive: Path, first: date | None, last: date | None) -> list[WarcFile]:
    """Our own files of these days, in order of time."""
    files = []
    for path in sorted(archive.rglob("*.warc.gz")):
        within = path.relative_to(archive)
        written = _written(within.parts[:_DAY_IN_PATH])
        if (first is None or (written is not None and written >= first)) and (
            last is None or (written is not None and written <= last)
        ):
            files.append(WarcFile(name=path.name, path=path, within=within.as_posix()))
    if not files:
        raise ArchiveError(f"{archive}: no WARC file of that time; see what days there are in it")
    return files


def _written(parts: Sequence[str]) -> date | None:
    try:
        return date.fromisoformat("-".join(parts))
    except ValueError:
        return None


def _day(text: str | None, option: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError as wrong:
        raise typer.BadParameter(f"{text!r} is not a day like 2026-11-12", param_hint=option) from wrong


def _preview(monitor: Monitor, files: Sequence[WarcFile], most_shown: int) -> None:
    seen = Preview(most_shown=most_shown)
    before: Counter[str] = Counter()
    after_each = monitor.preview_replay(files, call.settings.clock(), most_shown)
    for file in files:
        with show.waiting(f"reading {file.name}"):
            seen = next(after_each)
        counts = seen.counts - before
        before = seen.counts.copy()
        _refuse_stranger(file, counts)
        if not call.is_json and len(files) > 1:
            show.counted(Counted(stage=file.name, counts=dict(sorted(counts.items()))))
    if call.is_json:
        show.as_json_line(_as_json(seen, files))
    else:
        _tell(seen)


def _as_json(seen: Preview, files: Sequence[WarcFile]) -> dict[str, object]:
    return {
        "files": [f.name for f in files],
        "counts": dict(sorted(seen.counts.items())),
        "would_change": {f: seen.changes[f] for f in FIELDS},
        "of_others": dict(sorted(seen.decisions.items())),
        "changes": [
            {"url": url, "field": d.field, "before": before, "after": after}
            for url, d in seen.shown
            for before, after in [shortened(d)]
        ],
    }


def _tell(seen: Preview) -> None:
    counts = seen.counts
    show.line(f"{counts['pages']:,} pages, {counts['ours']:,} of ours read again; {counts['changed']:,} would change")
    if counts["changed"]:
        show.line("would change: " + ", ".join(f"{f} {seen.changes[f]:,}" for f in FIELDS if seen.changes[f]))
    if seen.decisions:
        told = ", ".join(f"{name.replace('_', ' ')} {n:,}" for name, n in sorted(seen.decisions.items()))
        show.line(f"pages of others: {told}")
    passed = {k: n for k, n in sorted(counts.items()) if n and k not in {"pages", "ours", "changed", "records"}}
    if passed:
        show.line("passed over: " + ", ".join(f"{k.replace('_', ' ')} {n:,}" for k, n in passed.items()))
    if seen.shown:
        show.rows([{"url": url, "field": d.field, "before": b, "after": a}
                   for url, d in seen.shown for b, a in [shortened(d)]])  # fmt: skip


def _refuse_strangers(files: Sequence[WarcFile], done: Sequence[Counted]) -> None:
    for file, counted in zip(files, done, strict=False):
        _refuse_stranger(file, Counter(counted.counts))


def _refuse_stranger(file: WarcFile, counts: Counter[str]) -> None:
    """A file without one whole record is no WARC file, or broken through and through: that is no success.

    Raises:
        ArchiveError: it is such a file.
    """
    if not counts["records"] and counts["broken"] + counts["torn"]:
        raise ArchiveError(f"{file.path or 'standard input'}: no WARC record in it; is it a WARC file?")
