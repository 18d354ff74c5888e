"""The machine and the versions that stand above a table."""

import importlib.metadata
import os
import platform
from pathlib import Path

from environments import PACKAGES


def description() -> str:
    """One sentence."""
    own = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in ("numpy", "numba"))
    others = ", ".join(each.replace("==", " ") for each in PACKAGES.values())
    return (
        f"{_cores()} cores of {_processor()}, {_memory()}, {platform.system()}, "
        f"Python {platform.python_version()}, {own}; {others} with the NumPy that pip gives them"
        f"{_load()}."
    )


def _cores() -> int:
    count = getattr(os, "process_cpu_count", os.cpu_count)
    return count() or 1


def _load() -> str:
    """How busy the machine was before the bench began."""
    if not hasattr(os, "getloadavg"):
        return ""
    return f"; {os.getloadavg()[1]:.1f} processes at work beside it in the five minutes before"


def _processor() -> str:
    """Name of the processor, with its vector instructions where it does not say more."""
    listed = Path("/proc/cpuinfo")
    if not listed.exists():
        return platform.processor() or platform.machine()
    lines = [line.partition(":") for line in listed.read_text(encoding="utf-8").splitlines()]
    told = {key.strip(): value.strip() for key, _, value in reversed(lines)}
    flags = told.get("flags", "").split()
    widest = next((each for each in ("avx512f", "avx2") if each in flags), "")
    cache = told.get("cache size", "")
    parts = (told.get("model name", platform.machine()), widest.removesuffix("f"), cache)
    return " ".join(part for part in parts if part)


def _memory() -> str:
    listed = Path("/proc/meminfo")
    if not listed.exists():
        return "memory unknown"
    return f"{int(listed.read_text(encoding='ascii').split()[1]) / 2**20:.0f} GiB"
