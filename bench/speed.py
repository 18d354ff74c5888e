"""How long the main job takes: a bead tube of 10,000 events and a blood tube of 60,000.

    python bench/speed.py
    python bench/speed.py --runs 51 --write docs/validation.md

Medians and fastest runs of one process on one core. The exit status does not depend on them: how
busy the machine is would decide.
"""

import argparse
import io
import subprocess
import sys
import tempfile
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from statistics import median

from page import put

from hladr import quantify, read_fcs
from hladr.simulate import simulate_pair

ROOT = Path(__file__).resolve().parents[1]
WARM_LIMIT = 0.060  # seconds, a 60,000-event pair in a warm process
PROCESS_LIMIT = 1.0  # seconds, `hladr quantify` as a process after its first run
PROGRAM = "from hladr.cli.program import main; main()"


def main(arguments: Sequence[str] | None = None) -> int:
    """Time, print; the exit status."""
    wanted = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory() as folder:
        truth = simulate_pair("sepsis", 1, Path(folder), events=wanted.events)
        lines = list(_table(truth.beads_path, truth.blood_path, truth.lot, wanted.runs))
    print("\n".join(lines))
    if wanted.write is not None:
        put(wanted.write, "speed", ["    python bench/speed.py", "", *lines])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=21, metavar="N", help="of each row")
    parser.add_argument("--events", type=int, default=60_000, metavar="N", help="of the blood")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table into a page")
    return parser


def _table(beads: Path, blood: Path, lot: str, runs: int) -> Iterator[str]:
    yield "| what | median | fastest | limit |"
    yield "| --- | ---: | ---: | ---: |"
    for what, job, limit in _jobs(beads, blood, lot):
        times = _times(job, runs)
        shown = "" if limit is None else f"{1000 * limit:.0f} ms"
        yield f"| {what} | {1000 * median(times):.0f} ms | {1000 * min(times):.0f} ms | {shown} |"


def _jobs(
    beads: Path, blood: Path, lot: str
) -> Iterator[tuple[str, Callable[[], object], float | None]]:
    """Rows of the table; the libraries of others read the same two files to compare."""
    both = (beads, blood)
    yield (
        "`hladr.quantify`, warm process",
        lambda: quantify(blood, beads=beads, lot=lot),
        WARM_LIMIT,
    )
    command = [sys.executable, "-c", PROGRAM, "quantify", blood, "--beads", beads, "--lot", lot]
    yield "`hladr quantify`, whole process", lambda: _run(command), PROCESS_LIMIT
    yield "reading both files, all columns: hladr", lambda: [read_fcs(p).events for p in both], None
    yield "the same: FlowIO", lambda: [_flowio(path) for path in both], None
    yield "the same: FlowKit", lambda: [_flowkit(path) for path in both], None


def _times(job: Callable[[], object], runs: int) -> list[float]:
    """Seconds of each run; one before them is not counted."""
    job()
    found = []
    for _ in range(runs):
        start = time.perf_counter()
        job()
        found.append(time.perf_counter() - start)
    return found


def _run(command: list[object]) -> None:
    subprocess.run([str(part) for part in command], cwd=ROOT, capture_output=True, check=False)


def _flowio(path: Path) -> object:
    import flowio

    data = flowio.FlowData(io.BytesIO(path.read_bytes()))
    return data.as_array(preprocess=True)


def _flowkit(path: Path) -> object:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        import flowkit

        return flowkit.Sample(path).get_events(source="raw")


if __name__ == "__main__":
    sys.exit(main())
