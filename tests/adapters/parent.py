"""A process that has workers, for tests that end it."""

import asyncio
import sys
from pathlib import Path

from pipelines.adapters.workers import Workers
from tests.adapters import costly


def main(folder: str, ending: str) -> None:
    """Two busy workers and an idle one, their ids in `folder`."""
    workers = Workers(processes=3)
    is_busy = Path(folder, "busy")

    async def work() -> None:
        tells = [workers.run(costly.tell, folder, str(n)) for n in range(3)]
        await asyncio.gather(*tells)
        busy = [asyncio.ensure_future(workers.run(f)) for f in (costly.sleep_for_ever, costly.loop_in_a_pattern)]
        await asyncio.sleep(0.5)
        await asyncio.to_thread(is_busy.touch)
        if ending == "raises":
            raise LookupError("the parent fails")
        if ending == "leaves":
            sys.exit(7)
        await asyncio.gather(*busy)

    asyncio.run(work())


if __name__ == "__main__":
    main(*sys.argv[1:])
