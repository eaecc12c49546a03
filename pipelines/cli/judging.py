"""`presswatch judge`: what people decide, over what the rules say."""

import getpass
from typing import Annotated

import typer

from pipelines.adapters.warehouse import Published, Row
from pipelines.cli import show
from pipelines.cli.call import call
from pipelines.core.nouns import Counted
from pipelines.monitor import Monitor
from pipelines.stages.judge import Decision, Said

judge_app = typer.Typer(
    no_args_is_help=True, help="List, add and undo what people decide; it wins over the rules on every run and replay.",
)  # fmt: skip


@judge_app.command("list", epilog="Example: presswatch judge list --most 50")
def tell(
    most: Annotated[int, typer.Option(help="Tell so many close calls.", min=0)] = 20,
) -> None:
    """What people have decided, and the closest calls: articles left out that a person should look at."""
    with Published.open(call.settings.warehouse) as published:
        judgements = published.query("judge/all")
        calls = published.query("judge/close_calls", most=most)
    if call.is_json:
        show.as_json_line({"judgements": judgements, "close_calls": calls})
        return
    show.rows(
        [{"number": j["judgement_id"], "judgement": _said(j), "who": j["who"], "when": j["decided_at"],
          "undone": j["undone_at"], "title": j["title"], "url": j["url"]} for j in judgements]
    )  # fmt: skip
    show.rows(
        [{"near": f"{c['share']:.0%}", "topic": c["topic"], "lacks": "; ".join(c["lacks"] or ()),
          "outlet": c["outlet"], "title": c["title"], "url": c["url"]} for c in calls]
    )  # fmt: skip
    show.line(f"{sum(j['undone_at'] is None for j in judgements)} judgements stand; {len(calls)} close calls")


@judge_app.command(epilog="Example: presswatch judge add https://outlet.example/report relevant --topic summit")
def add(
    url: Annotated[str, typer.Argument(help="The article's address, in any form of it.")],
    said: Annotated[Said, typer.Argument(help="What it is.")],
    topic: Annotated[str | None, typer.Option(help="Only on this topic; without it, on any.")] = None,
    who: Annotated[str | None, typer.Option(help="Who decides; without it, the name of this machine's user.")] = None,
) -> None:
    """Decide on an article; it counts at once."""
    monitor, now = Monitor.from_settings(call.settings), call.settings.clock()
    decision = Decision(url=url, said=said, topic=topic, who=who or getpass.getuser())
    with monitor.open_warehouse("presswatch judge") as warehouse:
        number, done = monitor.judge(warehouse, decision, now)
    on = f" on {topic}" if topic else ""
    _tell(number, f"judgement {number}: {url} is {said}{on}; presswatch judge undo {number} takes it back", done)


@judge_app.command(epilog="Example: presswatch judge undo 3")
def undo(number: Annotated[int, typer.Argument(help="The number that judge list tells.")]) -> None:
    """Take a decision back; the rules have their say again, at once."""
    monitor, now = Monitor.from_settings(call.settings), call.settings.clock()
    with monitor.open_warehouse("presswatch judge") as warehouse:
        done = monitor.unjudge(warehouse, number, now)
    _tell(number, f"judgement {number} is undone", done)


def _tell(number: int, told: str, done: list[Counted]) -> None:
    if call.is_json:
        show.as_json_line({"judgement": number, "stages": {c.stage: c.counts for c in done}})
        return
    changed = next((c.counts.get("changed", 0) for c in done if c.stage == "judge"), 0)
    show.line(told)
    show.line("the rules had said the same: nothing changes" if not changed else "decided anew, and published")


def _said(judgement: Row) -> str:
    on = f" on {judgement['topic']}" if judgement["topic"] else ""
    return f"{judgement['after']}{on} (was {judgement['before']})"
