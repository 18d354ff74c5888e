"""Whole processes for one tube: what a user at the command line waits for."""

import tempfile
from collections.abc import Callable
from pathlib import Path

import job

PROCESS_EVENTS = 50_000
PROGRAM = "import sys; from hladr.cli.main import run; run(sys.argv[1:])"
SCRIPT = "import sys, {0}; print({0}.{1}(*sys.argv[1:]))"

Turn = tuple[str, list[object], Callable[[], dict[str, str]]]


def process_turns(
    python: Callable[[str], str], sample: Path, beads: Path, folder: Path
) -> list[Turn]:
    """Label, command run in this folder, and the variables of each time it is run."""

    def script(environment: str, module: str, function: str = "run") -> list[object]:
        return [python(environment), "-c", SCRIPT.format(module, function), sample, beads]

    def empty() -> dict[str, str]:
        fresh = tempfile.mkdtemp(dir=folder)
        return {"NUMBA_CACHE_DIR": f"{fresh}/numba", "XDG_CACHE_HOME": f"{fresh}/cache"}

    quantify = [python("hladr"), "-c", PROGRAM, "quantify", sample, "--beads", beads,
                "--lot", job.LOT]  # fmt: skip
    return [
        ("FlowKit script", script("flowkit", "flowkit_way"), dict),
        ("script of FlowIO and FlowUtils", script("flowkit", "flowkit_way", "run_parts"), dict),
        ("FlowCal script", script("flowcal", "flowcal_way"), dict),
        ("`hladr quantify`, automatic gate", quantify, dict),
        ("script of hladr's library, fixed gates", script("hladr", "ours"), dict),
        ("the floor", script("hladr", "floor"), dict),
        ("`hladr quantify`, first run ever", quantify, empty),
        ("the floor, first run ever", script("hladr", "floor"), empty),
    ]
