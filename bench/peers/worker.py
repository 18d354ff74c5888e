"""One contestant in a process of its own: warm up, repeat, say how long and how much memory.

    python worker.py MODULE NAME SAMPLE BEADS --warm SMALL_SAMPLE

prints one line of JSON. Run by ``bench/compare.py`` with the Python of each environment.
"""

import argparse
import importlib
import json
import resource
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path


def main() -> None:
    """Run, print."""
    wanted = _parser().parse_args()
    warnings.simplefilter("ignore")
    call, warm = _calls(wanted)
    warm()
    times, found = [], None
    while len(times) < wanted.least or (sum(times) < wanted.seconds and len(times) < wanted.most):
        start = time.perf_counter()
        found = call()
        times.append(time.perf_counter() - start)
        if len(times) == 1:
            peak = highest_memory()
    answer = found if isinstance(found, dict | float) else None
    print(json.dumps({"times": times, "peak": peak, "answer": answer}))


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("module")
    parser.add_argument("name")
    parser.add_argument("sample")
    parser.add_argument("beads")
    parser.add_argument("--warm", help="small sample for the warm-up of a whole job")
    parser.add_argument("--least", type=int, default=3, metavar="N")
    parser.add_argument("--most", type=int, default=50, metavar="N")
    parser.add_argument("--seconds", type=float, default=0.5, help="of repetitions")
    return parser


def _calls(wanted: argparse.Namespace) -> tuple[Callable[[], object], Callable[[], object]]:
    """Return the call to be timed, and its warm-up."""
    module = importlib.import_module(wanted.module)
    if wanted.warm is None:
        call = module.STEPS[wanted.name](wanted.sample, wanted.beads)
        return call, call
    job = getattr(module, wanted.name)
    return partial(job, wanted.sample, wanted.beads), partial(job, wanted.warm, wanted.beads)


def highest_memory() -> int:
    """Bytes of this process's highest memory.

    Linux hands the maximum of `getrusage` down from the process that started this one.
    """
    status = Path("/proc/self/status")
    if status.exists():
        lines = status.read_text(encoding="ascii").splitlines()
        return next(1024 * int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    unit = 1 if sys.platform == "darwin" else 1024
    return unit * resource.getrusage(resource.RUSAGE_SELF).ru_maxrss


if __name__ == "__main__":
    main()
