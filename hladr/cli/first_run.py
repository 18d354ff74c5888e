"""On a first measurement half of the kernels are compiled by another process beside it."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager

from hladr.processors import processors

_STEPS = "hladr.gating.ahead"  # what the other process runs
_SLOWEST = "mixture.expect"  # where this kernel is kept the others were compiled, too


@contextmanager
def compiling_beside() -> Iterator[None]:
    """Have the gate's later kernels compiled while something else is done, if they are not kept.

    Without a second processor, a folder for them or a Python to run nothing is begun, and every
    kernel is compiled where it is needed.
    """
    process = _begun() if _is_first() else None
    try:
        yield
    finally:
        if process is not None:
            process.kill()  # kernels are kept whole or not at all
            process.wait()


def _is_first() -> bool:
    from hladr.kernels.store import build_folder

    folder = build_folder()
    return folder is not None and not any(folder.glob(f"{_SLOWEST}-*"))


def _begun() -> "subprocess.Popen[bytes] | None":
    if processors() < 2 or not sys.executable or getattr(sys, "frozen", False):
        return None
    try:
        return subprocess.Popen(  # noqa: S603 - this Python and a module of our own
            [sys.executable, "-P", "-m", _STEPS],  # -P: no module of the current folder
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
    except OSError:  # too many processes, or none allowed
        return None
