"""`presswatch sources`: care for `sources.yaml`."""

import json
import sys
from collections import Counter
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines.adapters.opml import ListedFeed, OutlinedOutlet, read_opml, write_opml
from pipelines.adapters.warehouse import write_whole
from pipelines.cli import show
from pipelines.cli.call import call
from pipelines.cli.importing import Plan, plan_import
from pipelines.cli.moves import readdressed
from pipelines.config import FeedConfig, OutletConfig, Sources, json_schema, load_sources
from pipelines.core.errors import ConfigError, PresswatchError
from pipelines.core.feed_verdicts import Verdict
from pipelines.core.text import one_line
from pipelines.core.url_key import is_http
from pipelines.monitor import Monitor
from pipelines.stages.discover import Candidate

sources_app = typer.Typer(
    no_args_is_help=True, help="Care for the file of sources: check, list, import, export, discover, schema."
)
Row = dict[str, Any]


@sources_app.command(epilog="Example: presswatch sources list --language pl", name="list")
def list_feeds(
    language: Annotated[str | None, typer.Option(help="Only feeds in this language, e.g. pl.")] = None,
    country: Annotated[str | None, typer.Option(help="Only outlets of this country, e.g. PL.")] = None,
    *,
    disabled: Annotated[bool, typer.Option("--disabled", help="Only feeds that rest.")] = False,
) -> None:
    """Every feed with its outlet and publisher, one a row."""
    rows = [_row(outlet, feed) for outlet, feed in _feeds(load_sources(call.settings.sources))]
    rows = [
        row
        for row in rows
        if (language is None or language.lower() == row["language"])
        and (country is None or country.upper() == row["country"])
        and not (disabled and row["enabled"])
    ]
    if call.is_json:
        show.as_json_line(rows)
    else:
        show.rows(rows)


def _feeds(sources: Sources) -> list[tuple[OutletConfig, FeedConfig]]:
    return [(outlet, feed) for outlet in sources.outlets for feed in outlet.feeds]


def _row(outlet: OutletConfig, feed: FeedConfig) -> Row:
    return {
        "id": feed.id,
        "outlet": outlet.id,
        "publisher": outlet.publisher,
        "country": outlet.country,
        "language": feed.language or outlet.language,
        "tier": outlet.tier,
        "kind": feed.kind,
        "url": feed.url,
        "enabled": feed.enabled,
        "note": feed.note,
    }


@sources_app.command(epilog="Example: presswatch sources schema", name="schema")
def print_schema() -> None:
    """The JSON Schema of the file of sources, for editors."""
    if call.is_json:
        show.as_json_line(json_schema())
    else:
        show.line(json.dumps(json_schema(), indent=2, ensure_ascii=False))


@sources_app.command(epilog="Example: presswatch sources export feeds.opml --all", name="export")
def export_opml(
    file: Annotated[Path | None, typer.Argument(help="Write here; without it, to standard output.")] = None,
    *,
    everything: Annotated[bool, typer.Option("--all", help="Also feeds that rest.")] = False,
) -> None:
    """The feeds as OPML 2.0, for other readers: publishers, in them outlets, in them feeds."""
    sources = load_sources(call.settings.sources)
    outlets = outlined(sources, everything=everything)
    text = write_opml(sources.monitor.name, outlets)
    feeds = sum(len(outlet.feeds) for outlet in outlets)
    if file is not None:
        _write(file, text)
    if call.is_json:
        show.as_json_line({"file": file and str(file), "feeds": feeds, "opml": None if file else text})
    elif file is None:
        sys.stdout.write(text)
    else:
        show.line(f"{file}: {feeds} feeds of {len(outlets)} outlets")


def outlined(sources: Sources, *, everything: bool) -> list[OutlinedOutlet]:
    """Outlets with a feed to tell of; those of one publisher follow each other only within its group."""
    names = {p.id: p.name for p in sources.publishers}
    told = [(outlet, [f for f in outlet.feeds if f.enabled or everything]) for outlet in sources.outlets]
    return [
        OutlinedOutlet(
            publisher=names[outlet.publisher],
            name=outlet.name,
            language=outlet.language,
            home=outlet.home,
            feeds=tuple(_outline(outlet, feed, is_only=len(feeds) == 1) for feed in feeds),
        )
        for outlet, feeds in told
        if feeds
    ]


def _outline(outlet: OutletConfig, feed: FeedConfig, *, is_only: bool) -> ListedFeed:
    return ListedFeed(
        url=feed.url,
        title=outlet.name if is_only else f"{outlet.name}: {feed.id}",
        language=feed.language,
        is_sitemap=feed.kind == "news_sitemap",
    )


@sources_app.command(epilog="Example: presswatch sources import feeds.opml --write", name="import")
def import_opml(
    opml: Annotated[Path, typer.Argument(help="A list of feeds in OPML, as other readers export it.")],
    *,
    write: Annotated[bool, typer.Option("--write", help="Change the file; without it, only show the change.")] = False,
) -> None:
    """What a list of feeds adds to the file, as a change to review; nothing is fetched."""
    path = call.settings.sources
    plan = plan_import(_text(path), read_opml(_bytes(opml), str(opml)), str(path))
    if write and plan.added:
        _write(path, plan.after)
    feeds = sum(len(outlet["feeds"]) for outlet in plan.added)
    if call.is_json:
        show.as_json_line({"added": plan.added, "skipped": [{"url": u, "reason": r} for u, r in plan.skipped],
                           "diff": plan.diff(_within(path)), "is_written": write and feeds > 0})  # fmt: skip
    else:
        _tell(plan, feeds, path, is_written=write)


def _tell(plan: Plan, feeds: int, path: Path, *, is_written: bool) -> None:
    # Lines before a diff are passed over by `git apply` and `patch`, so that the output can be handed on whole.
    for url, reason in plan.skipped:
        show.line(f"# left out: {url}: {reason}")
    if not feeds:
        show.line("# nothing to add")
    elif is_written:
        show.line(f"{path}: {feeds} feeds of {len(plan.added)} outlets added; check what is guessed in them")
    else:
        sys.stdout.write(plan.diff(_within(path)))


def _within(path: Path) -> str:
    """The file's name in a diff: from here, where it lies below; else the bare name."""
    whole = path.absolute()
    here = Path.cwd()
    return whole.relative_to(here).as_posix() if whole.is_relative_to(here) else path.name


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as refused:
        raise PresswatchError(f"{path}: cannot be read: {refused.strerror}") from refused


def _text(path: Path) -> str:
    """The file as it is, its line ends included."""
    if not path.exists():
        load_sources(path)  # tells how to name another
    try:
        return _bytes(path).decode("utf-8")
    except UnicodeDecodeError as unreadable:
        raise ConfigError([f"{path}: cannot be read: {one_line(str(unreadable))}"]) from unreadable


def _write(path: Path, text: str) -> None:
    """Whole or not at all; a link is followed, and who may read a file that was there stays as it was."""
    target = path.resolve()
    try:
        mode = target.stat().st_mode if target.exists() else None
        write_whole(target, text.encode("utf-8"))
        if mode is not None:
            target.chmod(mode)
    except OSError as refused:
        raise PresswatchError(f"{path}: could not be written: {refused.strerror}") from refused


@sources_app.command(epilog="Example: presswatch sources check herald-politics", name="check")
def check_feeds(
    feeds: Annotated[list[str] | None, typer.Argument(help="Ids of feeds; without any, all that are enabled.")] = None,
) -> None:
    """Ask every feed once, politely, and say what it is worth and what to do.

    These are polls like any other: what they list is kept, and a feed asked within the hour is judged by that answer.
    """
    monitor = Monitor.from_settings(call.settings)
    known = {f.feed_id for f in monitor.sources.feeds()}
    unknown = sorted(set(feeds or ()) - known)
    if unknown:
        raise typer.BadParameter(
            f"{', '.join(unknown)}: no enabled feed; see presswatch sources list", param_hint="FEEDS"
        )
    wanted, now = set(feeds or known), call.settings.clock()
    with monitor.open_warehouse("presswatch sources check") as warehouse, show.waiting(f"asking {len(wanted)} feeds"):
        judged = monitor.check_feeds(warehouse, now, wanted)
        moves = {i: url for i, url in monitor.moves(warehouse, now).items() if i in wanted}
    rows = [{"feed": i, "verdict": j.verdict, "seen": j.seen, "to_do": j.to_do} for i, j in sorted(judged.items())]
    diff = _moves_as_diff(moves)
    if call.is_json:
        show.as_json_line({"feeds": rows, "diff": diff})
        return
    rows.sort(key=lambda row: (row["verdict"] == Verdict.OK, row["verdict"], row["feed"]))
    show.rows(rows)
    counts = Counter(row["verdict"] for row in rows)
    show.line(", ".join(f"{n} {verdict}" for verdict, n in counts.most_common()))
    if diff:
        show.line("")
        sys.stdout.write(diff)


def _moves_as_diff(moves: dict[str, str]) -> str:
    """The new addresses as a difference of the file of sources, for `git apply` and `patch -p1`."""
    if not moves:
        return ""
    path = call.settings.sources
    return readdressed(path.read_text(encoding="utf-8"), moves, str(path)).diff(path.name)


@sources_app.command(epilog="Example: presswatch sources discover https://www.example.org/", name="discover")
def discover_feeds(url: Annotated[str, typer.Argument(help="A site's home page, or the address of a feed.")]) -> None:
    """The feeds that a site declares, and the news sitemaps of its robots.txt, each asked once."""
    if not is_http(url):
        raise typer.BadParameter(f"{url!r} is not an http or https address", param_hint="URL")
    monitor = Monitor.from_settings(call.settings)
    with show.waiting(f"looking at {url}"):
        found = monitor.discover(url, call.settings.clock())
    rows = [{n: getattr(c, n) for n in Candidate.__slots__} for c in found]
    if call.is_json:
        show.as_json_line(rows)
    elif not rows:
        show.line("no feed is declared there; look for one by eye, or for the site's name with a query feed")
    else:
        show.rows(rows)
        fresh = [c for c in found if c.trouble is None and not c.is_watched]
        for line in (f"      - {{id: CHOOSE-ONE, url: {c.url!r}, kind: {c.kind}}}" for c in fresh):
            show.line(line)
