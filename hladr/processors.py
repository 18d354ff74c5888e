"""How many processors this process may use."""

import os
from pathlib import Path

_QUOTA = Path("/sys/fs/cgroup/cpu.max")  # of a container: microseconds of a period, or max


def processors() -> int:
    """Processors that the system and a container's quota leave, 1 or more."""
    if hasattr(os, "sched_getaffinity"):
        known = len(os.sched_getaffinity(0))
    else:
        known = os.cpu_count() or 1
    return max(min(known, _quota()), 1)


def _quota() -> int:
    """Whole processors that a quota comes to; very many where there is none."""
    try:
        time, period = _QUOTA.read_text(encoding="ascii").split()
        return int(time) // int(period)
    except (OSError, ValueError, ZeroDivisionError):  # no such file, or "max"
        return 1 << 16
