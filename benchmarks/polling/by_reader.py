"""lemon24/reader updating the same feeds into SQLite. Runs in an environment that need not hold Presswatch.

    python -m benchmarks.polling.by_reader PLAN

As its documentation shows, with threads; `scheduled=False`, because its own clock cannot be moved on by two hours. It
keeps no archive and no polite distance to a host.
"""

import socket
import sys
from functools import partial
from typing import Any

import reader

from benchmarks.polling.plan import Meter, Plan

_THREADS = 10


def main() -> None:
    """Add the feeds, which is not counted, then update as often as planned."""
    plan = Plan.load(sys.argv[1])
    _lead_to_loopback(plan.port)
    with reader.make_reader(str(plan.own_folder("reader") / "reader.sqlite")) as updating:
        for address in plan.addresses:
            updating.add_feed(address)
        meter = Meter(plan)
        for _ in range(plan.rounds):
            meter.round(
                partial(updating.update_feeds, scheduled=False, workers=_THREADS),
                lambda: int(updating.get_entry_counts().total),
            )
    meter.tell(version=f"reader {reader.__version__}")


def _lead_to_loopback(port: int) -> None:
    """Names under press.test are the server's. reader has no resolver of its own to hand this to."""
    system: Any = socket.getaddrinfo

    def resolve(host: Any, asked: Any, *rest: Any, **named: Any) -> Any:  # noqa: ANN401
        if str(host).endswith(".press.test"):
            return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", port))]
        return system(host, asked, *rest, **named)

    setattr(socket, "getaddrinfo", resolve)  # noqa: B010 (typed more narrowly than it is called)


if __name__ == "__main__":
    main()
