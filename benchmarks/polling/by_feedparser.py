"""feedparser alone on the documents in memory: reading, without any network or storage.

python -m benchmarks.polling.by_feedparser PLAN
"""

import io
import sys
from dataclasses import replace

import feedparser

from benchmarks.polling.plan import Meter, Plan


def main() -> None:
    """Read every document once, as feedparser's documentation says."""
    plan = Plan.load(sys.argv[1])
    bodies = list(plan.documents())
    counts: list[int] = []
    meter = Meter(replace(plan, port=0))
    meter.round(
        lambda: counts.extend(len(feedparser.parse(io.BytesIO(body)).entries) for body in bodies),
        lambda: sum(counts),
    )
    meter.tell(version=f"feedparser {feedparser.__version__}")


if __name__ == "__main__":
    main()
