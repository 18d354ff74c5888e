"""A whole archive: pairs a second, memory, what a killed run costs; beside FlowKit in a pool.

    python bench/archive.py --pairs 2000 --write docs/scale.md

Simulated tubes of 60,000 events, each file with a few bytes of its own behind it, ten samples on
one bead tube, in a temporary folder (3 GB for 1,000 pairs). Files lie in the page cache as far as
there is room.
"""

import argparse
import csv
import json
import os
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from page import put

sys.path.append(str(Path(__file__).resolve().parent / "peers"))

import environments
import job
import machine
import tubes

ROOT = Path(__file__).resolve().parents[1]

EVENTS, BEADS, A_DAY = 60_000, 50_000, 10
PROGRAM = "from hladr.cli.program import main; main()"
DRAWN = ROOT / "bench" / "peers" / "drawn_archive.py"
FLOWKIT = ROOT / "bench" / "peers" / "flowkit_archive.py"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    wanted = _parser().parse_args(arguments)
    if wanted.folder is not None:
        wanted.folder.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=wanted.folder) as folder:
        bench = Archive(Path(folder), wanted.pairs, wanted.workers)
        lines = [machine.description(), "", *bench.growth(wanted.sizes), ""]
        lines += [*bench.killed(), ""]
        if not wanted.without_flowkit:
            python = wanted.flowkit or environments.python_of("flowkit", wanted.environments)
            lines += bench.beside(python, wanted.rounds)
    print("\n".join(lines))
    if wanted.write is not None:
        sizes = " ".join(map(str, wanted.sizes))
        command = f"    python bench/archive.py --pairs {wanted.pairs} --sizes {sizes}"
        put(wanted.write, "archive", [command, "", *lines])
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--pairs", type=int, default=2000)
    parser.add_argument("--sizes", type=int, nargs="+", metavar="PAIRS")
    parser.add_argument("--workers", type=int, default=2)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--folder", type=Path)
    parser.add_argument("--without-flowkit", action="store_true")
    parser.add_argument("--flowkit", metavar="PYTHON", help="one that has flowkit already")
    parser.add_argument("--environments", type=Path, default=Path(tempfile.gettempdir()) / "peers")
    parser.add_argument("--write", type=Path, metavar="PAGE")
    return parser


class Archive:
    """Files of an archive and what is done with them."""

    def __init__(self, folder: Path, pairs: int, workers: int) -> None:
        self.folder, self.pairs, self.workers = folder, pairs, workers
        blood = tubes.blood_tube(folder / "blood.fcs", EVENTS).read_bytes()
        beads = tubes.bead_tube(folder / "beads.fcs", BEADS).read_bytes()
        for number in range(pairs):
            if number % A_DAY == 0:
                (folder / self._beads(number)).write_bytes(beads + b"%d" % number)
            (folder / f"s{number}.fcs").write_bytes(blood + b"%d" % number)

    def growth(self, sizes: Sequence[int] | None) -> list[str]:
        """Time and memory of the automatic gate by the number of pairs."""
        lines = [
            "| pairs | seconds | a second | a worker, MiB | the rest, MiB | again, seconds |",
            "| ---: | ---: | ---: | ---: | ---: | ---: |",
        ]
        for size in sizes or sorted({100, self.pairs // 4, self.pairs}):
            output = self.folder / f"r{size}.parquet"
            seconds, worker, parent = self._run(size, output)
            again, _, _ = self._run(size, output)
            lines.append(
                f"| {size:,} | {seconds:.1f} | {size / seconds:.1f} | {worker:.0f} | {parent:.0f} "
                f"| {again:.1f} |"
            )
        return lines

    def killed(self) -> list[str]:
        """A run that is killed halfway, and the one after it."""
        size = max(self.pairs // 4, 20)
        output = self.folder / "killed.parquet"
        running = self._begin(size, output)
        while (kept := self._kept(output)) < size // 2:
            if running.poll() is not None:
                raise SystemExit("the run ended before it was killed")
            time.sleep(0.05)
        running.send_signal(signal.SIGKILL)
        running.wait()
        kept = self._kept(output)
        ran = subprocess.run(
            self._command(size, output), stderr=subprocess.PIPE, text=True, check=True
        )
        told = next(line for line in ran.stderr.splitlines() if "known" in line)
        return [f"Killed (SIGKILL) with {kept:,} of {size:,} finished; the next run said: {told}."]

    def beside(self, python: str, rounds: int) -> list[str]:
        """The same fixed gates in a pool of processes: hladr's library, and FlowKit."""
        size = min(self.pairs, 400)
        manifest = self._manifest(size)
        times: dict[str, list[float]] = {"hladr": [], "flowkit": []}
        answers = {}
        for _ in range(rounds):
            for name, command in (
                ("hladr", [sys.executable, str(DRAWN)]),
                ("flowkit", [python, str(FLOWKIT)]),
            ):
                begun = time.perf_counter()
                ran = subprocess.run(
                    [*command, str(manifest), str(self.workers)],
                    capture_output=True, text=True, check=True, cwd=ROOT / "bench" / "peers",
                )  # fmt: skip
                times[name].append(time.perf_counter() - begun)
                answers[name] = json.loads(ran.stdout)
        apart = max(
            abs(ours / theirs - 1.0)
            for ours, theirs in zip(answers["hladr"], answers["flowkit"], strict=True)
        )
        ratios = [b / a for a, b in zip(times["hladr"], times["flowkit"], strict=True)]
        ours, theirs = (statistics.median(times[name]) for name in ("hladr", "flowkit"))
        return [
            f"Fixed gates, {size:,} pairs, {self.workers} processes, bead tubes calibrated once:",
            f"hladr's library {ours:.1f} s, FlowKit {theirs:.1f} s,",
            f"{statistics.median(ratios):.1f} times as fast ({min(ratios):.1f} to "  # noqa: ISC004
            f"{max(ratios):.1f}); AB/c within {apart:.1e}.",
        ]

    def _beads(self, number: int) -> str:
        return f"b{number // A_DAY}.fcs"

    def _manifest(self, size: int) -> Path:
        path = self.folder / f"m{size}.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(("sample", "beads", "lot"))
            for number in range(size):
                writer.writerow((f"s{number}.fcs", self._beads(number), job.LOT))
        return path

    def _command(self, size: int, output: Path) -> list[str]:
        manifest = self._manifest(size)
        return [sys.executable, "-c", PROGRAM, "batch", str(manifest), "-o", str(output),
                "--workers", str(self.workers)]  # fmt: skip

    def _begin(self, size: int, output: Path) -> "subprocess.Popen[bytes]":
        return subprocess.Popen(self._command(size, output), stderr=subprocess.DEVNULL)

    def _run(self, size: int, output: Path) -> tuple[float, float, float]:
        """Seconds, and the highest memory of a worker and of the program, MiB."""
        begun = time.perf_counter()
        running = self._begin(size, output)
        worker = parent = 0.0
        while running.poll() is None:
            parent = max(parent, _highest(running.pid))
            worker = max([worker, *map(_highest, _children(running.pid))])
            time.sleep(0.2)
        if running.returncode not in (0, 1):
            raise SystemExit(f"hladr batch ended with {running.returncode}")
        return time.perf_counter() - begun, worker, parent

    def _kept(self, output: Path) -> int:
        journal = output.with_name(f"{output.name}.journal")
        try:
            with sqlite3.connect(f"file:{journal}?mode=ro", uri=True) as store:
                return int(store.execute("SELECT count(*) FROM measurements").fetchone()[0])
        except sqlite3.Error:  # not there yet
            return 0


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        try:
            found += [int(each) for each in task.read_text().split()]
        except OSError:
            continue
    return found


def _highest(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    found = (int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
    return next(found, 0) / 1024


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
