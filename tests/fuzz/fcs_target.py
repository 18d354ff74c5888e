"""Coverage-guided fuzzing of the FCS reader.

    scripts/fuzz_fcs.sh MINUTES

`checks` says what must hold; a finding is written to the folder of libFuzzer's artifacts.
"""

import itertools
import os
import sys
from pathlib import Path

import atheris

with atheris.instrument_imports(
    include=["hladr.fcs", "hladr.spillover"], enable_loader_override=False
):
    from hladr.fcs import read_fcs  # noqa: F401 - instrumented here
    from hladr.spillover import Spillover  # noqa: F401

import checks
from mutations import changed
from seeds import made, written

SCRATCH = Path(os.environ.get("FUZZ_SCRATCH", "/dev/shm")) / f"fuzz-{os.getpid()}.fcs"  # noqa: S108
OTHER_WAYS = 8
WEIGHED = 128
_runs = itertools.count(1)


def one_input(content: bytes) -> None:
    """Read one file in every way; raise where a claim does not hold."""
    run = next(_runs)
    with checks.within_memory(len(content)):
        checks.examine(content, SCRATCH if run % OTHER_WAYS == 0 else None)
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
