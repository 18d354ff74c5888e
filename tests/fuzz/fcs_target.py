"""Coverage-guided fuzzing of the FCS reader.

    scripts/fuzz_fcs.sh MINUTES

`checks` says what must hold; a finding is written to the folder of libFuzzer's artifacts.
"""

import itertools
import os
import sys
from pathlib import Path

import atheris

import hladr.kernels.compensation  # kernels as they are: numba cannot compile instrumented ones
import hladr.kernels.decode
import hladr.kernels.inverse  # noqa: F401

with atheris.instrument_imports(
    include=["hladr.fcs", "hladr.spillover", "hladr.spillover_text"], enable_loader_override=False
):
    from hladr.fcs import read_fcs  # noqa: F401 - instrumented here
    from hladr.spillover import Spillover  # noqa: F401

import checks
from mutations import changed
from seeds import made, written

FOLDER = Path(os.environ.get("FUZZ_SCRATCH", "/dev/shm"))  # noqa: S108
SCRATCH = FOLDER / f"fuzz-{os.getpid()}.fcs"
SLOWEST = FOLDER / f"slowest-{os.getpid()}"
OTHER_WAYS = 8
WEIGHED = 128
_runs = itertools.count(1)
_slowest = 0.0


def one_input(content: bytes) -> None:
    """Read one file in every way; raise where a claim does not hold."""
    global _slowest  # noqa: PLW0603 -- libFuzzer calls a function and ends the process by itself
    run = next(_runs)
    with checks.within_memory(len(content)):
        took = checks.examine(content, SCRATCH if run % OTHER_WAYS == 0 else None)
    if took > _slowest:
        _slowest = took
        SLOWEST.write_text(f"{took:.3f}", encoding="ascii")
    if run % WEIGHED == 0:
        peak = checks.peak_memory(content)
        assert peak <= checks.MEMORY + len(content), f"{peak} bytes at most"


def mutated(content: bytes, largest: int, seed: int) -> bytes:
    """Change a file knowing what FCS is, or not knowing."""
    return changed(bytes(content), largest, seed, lambda held: atheris.Mutate(held, largest))


def main() -> None:
    """Compile the kernels first: that takes longer than any reading may."""
    for content in (*made(), *written()):
        for _ in range(2):
            try:
                checks.examine(content, SCRATCH)
            except checks.TooSlow:
                continue
    atheris.Setup(sys.argv, one_input, custom_mutator=mutated)
    atheris.Fuzz()


if __name__ == "__main__":
    main()
