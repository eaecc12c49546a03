"""What a process and all below it cost: CPU and memory. The standard library alone: peers run where ours is not."""

import os
import resource
import sys
from pathlib import Path

_MAXRSS_UNIT = 1 if sys.platform == "darwin" else 1024
_PROC = Path("/proc")
_PPID, _TIMES = 1, slice(11, 15)  # in /proc/PID/stat, counted from behind the name: utime, stime, cutime, cstime


def cpu_seconds() -> float:
    """User and system time of this process and all below it, the ended and (on Linux) the living.

    A child's time reaches RUSAGE_CHILDREN only when it is waited for: workers that stay would cost nothing there,
    and those of a forkserver are not even ours to wait for.
    """
    used = [resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
    ticks = sum(sum(map(int, stat[_TIMES])) for stat in _living_below().values())
    return sum(u.ru_utime + u.ru_stime for u in used) + ticks / os.sysconf("SC_CLK_TCK")


def peak_bytes() -> int:
    """Our own peak, and that of the processes below: together if they live, else of the largest that ended."""
    # Linux hands ru_maxrss on from the parent through exec; VmHWM is of this program alone.
    own = _peak_of(os.getpid()) or resource.getrusage(resource.RUSAGE_SELF).ru_maxrss * _MAXRSS_UNIT
    ended = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * _MAXRSS_UNIT
    return own + max(ended, sum(_peak_of(pid) for pid in _living_below()))


def _living_below() -> dict[int, list[str]]:
    """Fields of /proc/PID/stat of all our descendants; none where there is no /proc."""
    stats = {int(p.name): s for p in _PROC.glob("[0-9]*") if (s := _stat(p))}
    below = {os.getpid()}
    while more := {pid for pid, stat in stats.items() if int(stat[_PPID]) in below} - below:
        below |= more
    return {pid: stats[pid] for pid in below - {os.getpid()}}


def _stat(process: Path) -> list[str]:
    try:
        return (process / "stat").read_text().rpartition(")")[2].split()
    except OSError:  # ended meanwhile
        return []


def _peak_of(pid: int) -> int:
    try:
        lines = (_PROC / str(pid) / "status").read_text().splitlines()
    except OSError:
        return 0
    return sum(int(line.split()[1]) * 1024 for line in lines if line.startswith("VmHWM:"))
