"""What polling costs: Presswatch beside a bare loop, lemon24/reader and feedparser, on the same feeds, in one run.

    python -m benchmarks.poll                              # 2,000 feeds on 250 hosts
    python -m benchmarks.poll --feeds 200 --hosts 25 --json
    python -m benchmarks.poll --make-peers                 # first installs the peers into an environment of their own

invented feeds -> folder | server, in its own process | each contestant, in its own process | CPU, peak memory, ratios

In the first round every feed sends its document, in the others 304. A contestant counts its own CPU and that of all
below it; the server says what was really asked. Compare ratios: milliseconds depend on the machine and its load.
"""

import argparse
import contextlib
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from benchmarks import peers
from benchmarks.polling.invented import feed
from benchmarks.polling.plan import Plan, document_path
from benchmarks.polling.report import BASE, OURS, aims, table

ROOT = Path(__file__).parents[1]
_ENOUGH_SECONDS = 3600
Told = dict[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Contestant:
    """Who polls.

    Attributes:
        module: run with the plan and `arguments`.
        is_peer: runs in the peers' environment.
        is_network: asks the server; else it only reads the documents, once.
    """

    name: str
    module: str
    arguments: tuple[str, ...] = ()
    is_peer: bool = False
    is_network: bool = True


CONTESTANTS = (
    Contestant(name=BASE, module="by_bare_loop", arguments=("parse",)),
    Contestant(name=f"{BASE}, HTML left as is", module="by_bare_loop", arguments=("parse-as-we-do",)),
    Contestant(name=OURS, module="by_presswatch"),
    Contestant(name="bare loop", module="by_bare_loop"),
    Contestant(name="reader", module="by_reader", is_peer=True),
    Contestant(name="feedparser alone", module="by_feedparser", is_network=False),
)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run every contestant and print a row for each; 1 if one of them did not really poll every feed."""
    options = _parser().parse_args(arguments)
    if options.make_peers:
        peers.make()
    peers_python = peers.python_with("reader", options.peers_python)
    wanted = [c for c in CONTESTANTS if not options.only or c.name in options.only]
    with tempfile.TemporaryDirectory(prefix="presswatch-poll-") as folder:
        plan, about = _invent(Path(folder), options)
        with _serving(plan) as served:
            rows = [_run(c, served, about, peers_python if c.is_peer else sys.executable) for c in wanted]
            profiled = _profiled(served) if options.profile else []
    told = {**about, "contestants": rows, "aims": aims(rows), "hottest": profiled}
    print(json.dumps(told, indent=1) if options.json else table(told))
    return 1 if any(row["problems"] for row in rows) else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.poll", description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--feeds", type=_positive, default=2000, help="how many (default: %(default)s)")
    parser.add_argument("--hosts", type=_positive, default=250, help="on how many names (default: %(default)s)")
    parser.add_argument("--rounds", type=_positive, default=2, help="polls of all feeds (default: %(default)s)")
    parser.add_argument("--only", action="append", choices=[c.name for c in CONTESTANTS], help="may be repeated")
    parser.add_argument("--json", action="store_true", help="one JSON object in place of the table")
    parser.add_argument("--profile", action="store_true", help="then poll once more under cProfile: hottest functions")
    parser.add_argument("--peers-python", metavar="PATH", help="the interpreter of an environment with the peers")
    parser.add_argument("--make-peers", action="store_true", help=f"install the peers into {peers.folder()} first")
    return parser


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 on")
    return int(text)


def _invent(folder: Path, options: argparse.Namespace) -> tuple[Plan, Told]:
    """Write the documents, one after the other: a small parent keeps its children's peak memory their own."""
    digest, size, entries, addresses = hashlib.sha256(), 0, 0, []
    for number in range(options.feeds):
        base = f"http://paper{number % options.hosts:04}.press.test"
        address = f"{base}/feeds/{number}.xml"
        path, body = document_path(folder, address), feed(number, base)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(body)
        digest.update(body)
        size += len(body)
        entries += body.count(b"<item>") + body.count(b"<entry>")
        addresses.append(address)
    plan = Plan(folder=str(folder), port=0, addresses=addresses, rounds=options.rounds)
    hosts = min(options.hosts, options.feeds)
    about = {"feeds": options.feeds, "hosts": hosts, "entries": entries, "bytes": size}
    return plan, {**about, "input": digest.hexdigest()[:16]}


@contextlib.contextmanager
def _serving(plan: Plan) -> Iterator[Plan]:
    """The plan with the port of a server that ends with this block, and with this process however it ends."""
    command = [sys.executable, "-m", "benchmarks.polling.server", plan.folder]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as server:  # noqa: S603
        assert server.stdin is not None
        assert server.stdout is not None
        try:
            yield replace(plan, port=int(server.stdout.readline()))
        finally:
            server.stdin.close()


def _run(contestant: Contestant, plan: Plan, about: Told, python: str | None) -> Told:
    if python is None:
        missing = peers.missing(("reader", "sgmllib3k"))
        return {"name": contestant.name, "missing": missing, "rounds": [], "problems": []}
    told = _ask(contestant, plan, python)
    return {"name": contestant.name, **told, "problems": _problems(contestant, plan, about, told)}


def _ask(contestant: Contestant, plan: Plan, python: str) -> Told:
    """What a contestant tells of itself; one that fails is a problem, not an end."""
    command = [python, "-m", f"benchmarks.polling.{contestant.module}", str(plan.save()), *contestant.arguments]
    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=_ENOUGH_SECONDS, check=False)  # noqa: S603
    if ended.returncode:
        return {"rounds": [], "failed": (ended.stderr.strip().splitlines() or ["no word"])[-1]}
    told: Told = json.loads(ended.stdout.splitlines()[-1])
    return told


def _problems(contestant: Contestant, plan: Plan, about: Told, told: Told) -> list[str]:
    """Rounds in which not every feed was asked exactly once and answered as meant; entries lost, and why if it says."""
    if "failed" in told:
        return [told["failed"]]
    wanted = [{"304" if number else "200": len(plan.addresses)} for number in range(plan.rounds)]
    answers = [r["answers"] for r in told["rounds"]]
    problems = [f"answers {answers}, wanted {wanted}"] if contestant.is_network and answers != wanted else []
    found = {r["entries"] for r in told["rounds"]} - {None, about["entries"]}
    problems += [f"{n} entries of {about['entries']}" for n in found]
    return problems + [f"{f['feeds']} failed: {f['reason']} {f['detail']}" for f in told.get("failures", ())]


def _profiled(plan: Plan) -> list[Any]:
    (ours,) = [c for c in CONTESTANTS if c.name == OURS]
    told = _ask(ours, replace(plan, folder=_below(plan.folder, "profile"), is_profiled=True), sys.executable)
    return list(told.get("hottest", []))


def _below(folder: str, name: str) -> str:
    path = Path(folder) / name
    path.mkdir()
    return str(path)


if __name__ == "__main__":
    sys.exit(main())
