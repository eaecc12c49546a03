"""A process that visits one address and tells what came of it and what it cost, for tests of bombs."""

import asyncio
import json
import re
import resource
import sys
from pathlib import Path

from pipelines.adapters.http import Http, Manners
from pipelines.core.reasons import Rejected
from pipelines.settings import MappedHost


def most_memory() -> int:
    """Bytes of memory held at most so far.

    Linux hands `ru_maxrss` on from the process that started this one, so that it says nothing of a small child of
    a large parent; `VmHWM` is this process's own.
    """
    status = Path("/proc/self/status")
    if status.exists():
        return int(re.findall(r"VmHWM:\s+(\d+) kB", status.read_text(encoding="ascii"))[0]) * 1024
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss  # macOS counts bytes


async def visit(port: int, path: str, time_limit: float, outlets: int) -> dict[str, object]:
    """Visit some outlets at once, after a harmless visit: what a first one loads is none of the bomb's cost."""
    hosts = (MappedHost(name="press.test", address="127.0.0.1", port=port),)
    async with Http(Manners(contact="desk@monitor.example", gap=0, time_limit=time_limit), hosts) as http:
        await http.get("http://press.test/harmless")
        before = most_memory()
        answers = await asyncio.gather(*(http.get(f"http://n{n}.press.test{path}") for n in range(outlets)))
    answer, memory = answers[0], most_memory() - before
    if isinstance(answer, Rejected):
        return {"reason": answer.reason, "memory": memory}
    return {"status": answer.status, "bytes": len(answer.body), "memory": memory}


if __name__ == "__main__":
    told = asyncio.run(visit(int(sys.argv[1]), sys.argv[2], float(sys.argv[3]), int(sys.argv[4])))
    print(json.dumps(told))  # noqa: T201
