"""`presswatch`: the commands, a contract that others script against. 0 is success, 1 failure, 2 wrong usage."""

import io
import os
import signal
import socket
import sys
import tempfile
import webbrowser
from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from pipelines import __version__
from pipelines.adapters.warehouse import Published, Row
from pipelines.cli import show
from pipelines.cli.call import call
from pipelines.cli.digesting import digest
from pipelines.cli.inspecting import inspect_app
from pipelines.cli.judging import judge_app
from pipelines.cli.replaying import replay_files
from pipelines.cli.sources import sources_app
from pipelines.core.digest import Content
from pipelines.core.errors import ConfigError, PortInUse, PresswatchError
from pipelines.core.nouns import Counted
from pipelines.doctor import examine
from pipelines.explain import as_lines, explain
from pipelines.monitor import STAGES, Monitor, digest_paths
from pipelines.settings import read_settings

_INTERRUPTED = 130

app = typer.Typer(
    name="presswatch", no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
    help="Watches the press for a policy topic: polite polling, honest counts, a daily digest, open SQL.",
)  # fmt: skip
app.add_typer(inspect_app, name="inspect")
app.add_typer(sources_app, name="sources")
app.add_typer(judge_app, name="judge")
app.command(name="digest", epilog="Example: presswatch digest --date 2026-11-12 --format text")(digest)
app.command(name="replay", epilog="Example: presswatch replay --all --diff")(replay_files)


class NeverListed(PresswatchError):
    """No feed has ever listed the address asked for."""


def _tell_version(wanted: bool) -> None:  # noqa: FBT001 (as typer calls it)
    if wanted:
        show.line(f"presswatch {__version__}")
        raise typer.Exit


@app.callback()
def options(
    sources: Annotated[Path | None, typer.Option(help="The file of sources.", envvar="PRESSWATCH_SOURCES")] = None,
    warehouse: Annotated[Path | None, typer.Option(help="All state.", envvar="PRESSWATCH_WAREHOUSE")] = None,
    *,
    json: Annotated[bool, typer.Option("--json", help="Machine-readable output.")] = False,
    _version: Annotated[
        bool, typer.Option("--version", help="Print the version.", is_eager=True, callback=_tell_version)
    ] = False,
) -> None:
    """Watches the press for a policy topic: polite polling, honest counts, a daily digest, open SQL."""
    settings = read_settings()
    call.settings = replace(settings, sources=sources or settings.sources, warehouse=warehouse or settings.warehouse)
    call.is_json = json


@app.command(epilog="Example: presswatch demo --keep /tmp/demo")
def demo(
    keep: Annotated[
        Path | None, typer.Option(help="Keep warehouse/ and digests here; an interrupted demo is taken up.")
    ] = None,
    *,
    open_digest: Annotated[bool, typer.Option("--open", help="Show the digest in a browser.")] = False,
) -> None:
    """Run the whole pipeline, offline, on a small invented press over several simulated days."""
    from pipelines.demo.play import Step, play  # noqa: PLC0415 (only the demo needs the invented press)

    told: list[Content] = []

    def tell(step: Step, what: list[Counted] | Content) -> None:
        if isinstance(what, dict):
            told.append(what)
        if call.is_json:
            return
        local = f"{step.at:%a %d %b %H:%M}"
        show.line(f"{local}  {_digest_line(what) if isinstance(what, dict) else _pass_line(what)}")

    folder = keep or Path(tempfile.mkdtemp(prefix="presswatch-demo-"))
    monitor = play(folder, told=tell)
    warehouse = monitor.settings.warehouse
    busiest = max(told, key=lambda d: d["numbers"]["articles"], default=None)
    paths = {k: str(p) for k, p in digest_paths(warehouse, busiest).items()} if busiest else {}
    if call.is_json:
        show.as_json_line({"folder": str(folder), "warehouse": str(warehouse), "digest": paths})
    else:
        _tell_demo(folder, warehouse, paths)
    if open_digest and paths:
        webbrowser.open(Path(paths["html"]).absolute().as_uri())


def _pass_line(done: list[Counted]) -> str:
    counts = {c.stage: c.counts for c in done}
    poll, match = counts["poll"], counts["match"]
    parts = [f"{poll['polled']} feeds polled", f"{poll['new']} new entries", f"{match.get('kept', 0)} kept",
             f"{match.get('off_topic', 0)} off topic"]  # fmt: skip
    extra = {"feeds failed": poll["failed"], "copies": counts["cluster"].get("copies", 0),
             "changed": counts["extract"].get("revised", 0), "removed": counts["fetch"].get("revisit_gone", 0),
             "feeds out": counts["load"].get("feeds_out", 0)}  # fmt: skip
    return "pass: " + ", ".join([*parts, *(f"{n} {name}" for name, n in extra.items() if n)])


def _digest_line(content: Content) -> str:
    numbers = content["numbers"]
    if content["coverage"]["is_blind"]:
        return f"digest of {content['day']}: no feed answered"
    if content["is_quiet"]:
        return f"digest of {content['day']}: a quiet day"
    told = f"{numbers['articles']} articles, {numbers['outlets']} outlets, {numbers['publishers']} publishers"
    changed = f", {len(content['changed'])} changes" if content["changed"] else ""
    return f"digest of {content['day']}: {told}{changed}"


def _tell_demo(folder: Path, warehouse: Path, paths: dict[str, str]) -> None:
    for line in (
        "",
        f"Everything is in {folder}",
        *([f"The digest of the busiest day: {paths['html']}"] if paths else ["The demo had been played to its end."]),
        "Next:",
        f'  presswatch --warehouse {warehouse} sql "from conservation"',
        f"  presswatch --warehouse {warehouse} explain {_changed_article(warehouse)}",
    ):
        show.line(line)


def _changed_article(warehouse: Path) -> str:
    """An article with much to explain: the first that was corrected."""
    with Published.open(warehouse) as published:
        rows = published.sql("select url from revisions join articles using (article_id) order by seen_at limit 1")
    return str(rows[0]["url"]) if rows else "URL"


@app.command(epilog="Example: presswatch run --digest")
def run(
    until: Annotated[str, typer.Option(help=f"Stop after this stage: {', '.join(STAGES)}.")] = "publish",
    *,
    with_digest: Annotated[bool, typer.Option("--digest", help="Also write the day's digest, or digests.")] = False,
) -> None:
    """One full pass over what is due: poll, fetch, extract, match, cluster, load, publish."""
    if until not in STAGES:
        raise typer.BadParameter(f"{until!r} is no stage; choose from {', '.join(STAGES)}", param_hint="--until")
    if with_digest and until != "publish":
        raise typer.BadParameter("needs a whole pass; leave out --until", param_hint="--digest")
    monitor = Monitor.from_settings(call.settings)
    now = call.settings.clock()
    with monitor.open_warehouse("presswatch run") as warehouse:
        if call.is_json:
            done = monitor.run_pass(warehouse, now, until=until)
        else:
            with show.working(STAGES) as progress:
                done = monitor.run_pass(warehouse, now, until=until, progress=progress)
        content = monitor.tell_all(warehouse, now)[0] if with_digest else None
        monitor.send_waiting(warehouse, now)
    if call.is_json:
        told = {"day": content["day"], **digest_paths(call.settings.warehouse, content)} if content else None
        show.as_json_line({"now": now, "stages": {c.stage: c.counts for c in done},
                           "digest": {k: str(v) for k, v in told.items()} if told else None})  # fmt: skip
    elif content:
        show.line(f"digest: {digest_paths(call.settings.warehouse, content)['html']}")


@app.command("explain", epilog="Example: presswatch explain https://www.example.org/news/1")
def explain_url(url: Annotated[str, typer.Argument(help="Any form of the address.")]) -> None:
    """Everything that happened to one URL, and why."""
    with Published.open(call.settings.warehouse) as published:
        life = explain(published, url)
    if call.is_json:
        show.as_json_line(life)
    elif life["entries"]:
        for line in as_lines(life):
            show.line(line)
    if not life["entries"]:
        raise NeverListed("".join(as_lines(life)))


# A statement may begin with a comment, "--": it is no option.
@app.command(
    context_settings={"ignore_unknown_options": True},
    epilog='Example: presswatch sql "select topic, count(*) from topic_articles group by topic"',
)
def sql(query: Annotated[str | None, typer.Argument(help="SQL; without it, a prompt.")] = None) -> None:
    """Read-only SQL on the published warehouse; works while the pipeline writes."""
    if query is None:
        _prompt()
        return
    with Published.open(call.settings.warehouse) as published:
        published.lock_down()
        found = published.sql(query)
    _show(found)


def _show(found: list[Row]) -> None:
    if call.is_json:
        show.as_json_line(found)
    else:
        show.rows(found)


def _prompt() -> None:
    """Statements line by line, each on the newest published copy, until the end of the input."""
    while True:
        try:
            text = input("presswatch> " if sys.stdin.isatty() else "").strip()
        except EOFError:
            return
        if text in {"exit", "quit", ".exit", ".quit"}:
            return
        if not text:
            continue
        try:
            with Published.open(call.settings.warehouse) as published:
                published.lock_down()
                _show(published.sql(text))
        except PresswatchError as refused:
            show.problem(str(refused))


@app.command(epilog="Example: presswatch ui --port 3000")
def ui(
    port: Annotated[int, typer.Option(help="Port of the web page.", min=1, max=65535)] = 3000,
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
) -> None:
    """Dagster with the right settings, schedules on."""
    from pipelines.dagster_home import prepare_home  # noqa: PLC0415 (only this command needs it)

    Monitor.from_settings(call.settings)
    _refuse_taken(host, port)
    home = prepare_home(call.settings.warehouse)
    environment = {
        **os.environ,
        "DAGSTER_HOME": str(home),
        "PRESSWATCH_SOURCES": str(call.settings.sources.absolute()),
        "PRESSWATCH_WAREHOUSE": str(call.settings.warehouse.absolute()),
    }
    show.line(f"Dagster: http://{host}:{port}  (history in {home}; stop with Ctrl-C)")
    sys.stdout.flush()
    workspace = str(home / "workspace.yaml")
    address = ["--host", host, "--port", str(port)]
    command = [sys.executable, "-m", "dagster", "dev", "--workspace", workspace, *address]
    # Started in the background by a shell, SIGINT is ignored and stays so; Dagster then ignores SIGTERM as well.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    os.execve(sys.executable, command, environment)  # noqa: S606 (no shell; the process becomes Dagster)


def _refuse_taken(host: str, port: int) -> None:
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError as taken:
            raise PortInUse(f"port {port} on {host}: {taken.strerror}; choose another with --port") from taken


@app.command(epilog="Example: presswatch doctor")
def doctor() -> None:
    """What is wrong on this machine or in this warehouse, and how to mend it."""
    findings = list(examine(call.settings))
    if call.is_json:
        show.as_json_line([{"level": f.level, "what": f.what, "mend": f.mend or None} for f in findings])
    else:
        for finding in findings:
            show.line(f"{finding.level:>8}  {finding.what}" + (f"; {finding.mend}" if finding.mend else ""))
    if any(f.level == "problem" for f in findings):
        raise typer.Exit(1)


def _read_and_write_anything() -> None:
    """No character stops a command: what cannot be shown is escaped, bytes that are no UTF-8 are replaced."""
    for stream, errors in ((sys.stdin, "replace"), (sys.stdout, "backslashreplace"), (sys.stderr, "backslashreplace")):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors=errors)


def main(arguments: list[str] | None = None) -> None:
    """Run a command. Failures end in one clear line on standard error, never in a traceback."""
    _read_and_write_anything()
    try:
        app(arguments)
    except ConfigError as wrong:
        show.problem(str(wrong))
    except PresswatchError as failed:
        show.problem(str(failed))
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except OSError as refused:
        show.problem(f"{refused.filename or 'the system'}: {refused.strerror}")
    except SystemExit as ended:
        if ended.code == _INTERRUPTED:  # typer has turned Ctrl-C into an exit
            show.problem("stopped; the next run goes on from here")
        raise
    sys.exit(1)
