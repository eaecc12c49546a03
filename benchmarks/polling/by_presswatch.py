"""Presswatch's poll stage through its monitor, with its warehouse and its archive on the disk.

python -m benchmarks.polling.by_presswatch PLAN
"""

import cProfile
import json
import sys
from collections import defaultdict
from datetime import timedelta
from functools import partial
from typing import Any
from urllib.parse import urlsplit

from benchmarks.polling.invented import START
from benchmarks.polling.plan import Meter, Plan
from pipelines import __version__
from pipelines.adapters.warehouse import Warehouse
from pipelines.config import load_sources
from pipelines.monitor import Monitor
from pipelines.settings import MappedHost, Settings

_BETWEEN_ROUNDS = timedelta(hours=2)  # longer than any feed that answered is left alone
_HOTTEST = 20
Told = dict[str, object]
Entry = Any  # of the profiler, which has no public type for it


def main() -> None:
    """Configure, which is not counted, then poll as often as planned."""
    plan = Plan.load(sys.argv[1])
    monitor = _monitor(plan)
    hottest = []
    with monitor.open_warehouse("benchmark") as warehouse:
        monitor.run_stage("configure", warehouse, START)
        meter = Meter(plan)
        for number in range(plan.rounds):
            profile = cProfile.Profile()
            poll = partial(monitor.run_stage, "poll", warehouse, START + number * _BETWEEN_ROUNDS)
            meter.round(partial(profile.runcall, poll) if plan.is_profiled else poll, partial(_entries, warehouse))
            hottest.append(_hottest(profile) if plan.is_profiled else {})
        failures = warehouse.sql(
            "select reason, detail, count(*) as feeds from polls where outcome = 'failed' group by all order by all"
        )
    meter.tell(version=__version__, hottest=hottest, failures=failures)


def _entries(warehouse: Warehouse) -> int:
    return int(warehouse.sql("select count(*) as n from entries")[0]["n"])


def _monitor(plan: Plan) -> Monitor:
    folder = plan.own_folder("presswatch")
    sources = folder / "sources.yaml"
    sources.write_text(json.dumps(_sources(plan.addresses)), encoding="utf-8")  # JSON is YAML
    hosts = (MappedHost(name="press.test", address="127.0.0.1", port=plan.port),)
    return Monitor(Settings(sources=sources, warehouse=folder / "warehouse", hosts=hosts), load_sources(sources))


def _sources(addresses: list[str]) -> dict[str, object]:
    """One outlet a host, without the pauses that a loopback host does not need."""
    by_host: defaultdict[str, list[str]] = defaultdict(list)
    for address in addresses:
        by_host[urlsplit(address).netloc.partition(".")[0]].append(address)
    return {
        "monitor": {"name": "Benchmark", "contact": "benchmark@press.test", "host_gap_seconds": 0},
        "terms": {"pledges": {"en": ["pledge*"]}},
        "topics": [{"id": "pledges", "name": "Pledges", "query": "pledges"}],
        "publishers": [{"id": "harbour", "name": "Harbour Press"}],
        "outlets": [
            {
                "id": host,
                "name": host,
                "publisher": "harbour",
                "country": "IE",
                "language": "en",
                "feeds": [{"id": f"{host}-{n}", "url": url} for n, url in enumerate(urls)],
            }
            for host, urls in by_host.items()
        ],
    }


def _hottest(profile: cProfile.Profile) -> dict[str, list[Told]]:
    """Functions by their own time, and ours by their whole; the profiler makes Python's calls dearer than they are."""
    entries = profile.getstats()
    spent = sum(e.inlinetime for e in entries)
    own = sorted(entries, key=lambda e: -e.inlinetime)[:_HOTTEST]
    ours = sorted((e for e in entries if "/pipelines/" in _where(e)), key=lambda e: -e.totaltime)[:_HOTTEST]
    return {name: [_function(e, spent) for e in chosen] for name, chosen in (("own", own), ("ours", ours))}


def _function(entry: Entry, spent: float) -> Told:
    return {
        "function": "/".join(_where(entry).split("/")[-2:]),
        "calls": entry.callcount,
        "own_share": entry.inlinetime / spent,
        "whole_share": entry.totaltime / spent,
    }


def _where(entry: Entry) -> str:
    """File, line and name; of a built-in its name alone."""
    code = entry.code
    return code if isinstance(code, str) else f"{code.co_filename}:{code.co_firstlineno} {code.co_name}"


if __name__ == "__main__":
    main()
