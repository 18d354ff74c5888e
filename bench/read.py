"""How fast files are read: to float64, against numpy copying their bytes and against FlowIO.

    python bench/read.py
    python bench/read.py --runs 9 --write docs/reader.md

Files of 240 MB are written to a temporary folder and read from the page cache, in turns, so that
a busy machine meets both jobs of a row alike. Medians, and the median of the turns' ratios; one
process. The exit status is 1 where a goal is missed.
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median

import numpy as np
from page import put

from hladr.fcs import OutputChannel, read_fcs, write_fcs

GIB = 1024**3
OPENING_LIMIT = 0.010  # seconds
SHORT, SHORT_RUNS = 1.0, 8  # seconds of one turn; turns instead of one
THREE = ("C2", "C5", "C10")


@dataclass(frozen=True, slots=True)
class Row:
    """One job beside what it is held against; `goal` is the least speed relative to it."""

    what: str
    job: Callable[[], object]
    against: str
    other: Callable[[], object]
    goal: float | None


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print; the exit status."""
    wanted = _parser().parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=wanted.folder) as folder:
        lines, held = _measure(Path(folder), wanted.events, wanted.runs)
    print("\n".join(lines))
    if wanted.write is not None:
        put(wanted.write, "read", ["    python bench/read.py", "", *lines])
    return 0 if held else 1


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--runs", type=int, default=3, metavar="N", help="of each job")
    parser.add_argument("--events", type=int, default=5_000_000, metavar="N", help="of 12 channels")
    parser.add_argument("--folder", type=Path, metavar="DIR", help="for the files, 700 MB")
    parser.add_argument("--write", type=Path, metavar="PAGE", help="put the table into a page")
    return parser


def _measure(folder: Path, events: int, runs: int) -> tuple[list[str], bool]:
    lines = ["| job | median | against | its median | relative speed | goal |",
             "| --- | ---: | --- | ---: | ---: | ---: |"]  # fmt: skip
    held = True
    for row in _rows(folder, events):
        own, other, speed = _in_turns(row.job, row.other, runs)
        held = held and (row.goal is None or speed >= row.goal)
        goal = "" if row.goal is None else f"≥ {row.goal:g}"
        cells = (row.what, f"{1000 * own:.0f} ms", row.against, f"{1000 * other:.0f} ms",
                 f"{speed:.2f}" if speed < 10 else f"{speed:.0f}", goal)  # fmt: skip
        lines.append(f"| {' | '.join(cells)} |")
    opening = _opening(folder, runs)
    lines.append(f"| opening a sparse file of 4 GiB | {1000 * opening:.1f} ms | | | | "
                 f"≤ {1000 * OPENING_LIMIT:.0f} ms |")  # fmt: skip
    return lines, held and opening <= OPENING_LIMIT


def _rows(folder: Path, events: int) -> Iterator[Row]:
    floats = _written(folder / "floats.fcs", events, 12, "F", 32)
    names = f"three of 12 columns, {events:,} events"
    copy = "numpy copying the whole file once"
    yield Row(f"{names}, 32-bit floats", _three(floats), copy, _copied(floats), 0.6)
    yield Row(f"{names}, 32-bit floats", _three(floats), "FlowIO", _flowio(floats), 5.0)
    yield Row(f"all 12 columns, {events:,} events, 32-bit floats", _all(floats), "FlowIO",
              _flowio(floats), None)  # fmt: skip
    floats.unlink()
    short = _written(folder / "short.fcs", events, 12, "I", 16)
    yield Row(f"{names}, 16-bit integers", _three(short), copy, _copied(short), None)
    yield Row(f"{names}, 16-bit integers", _three(short), "FlowIO", _flowio(short), 20.0)
    short.unlink()
    wide = _written(folder / "wide.fcs", events * 12 // 30, 30, "F", 32)
    what = f"three of 30 columns, {events * 12 // 30:,} events, 32-bit floats"
    yield Row(what, _three(wide), copy, _copied(wide), None)
    wide.unlink()


def _written(path: Path, events: int, channels: int, kind: str, bits: int) -> Path:
    rng = np.random.default_rng(1)
    numbers = rng.integers(0, 1024, events)
    rows = [OutputChannel(f"C{n}", np.roll(numbers, n), bits=bits, range=1024)
            for n in range(channels)]  # fmt: skip
    write_fcs(path, rows, data_type=kind)
    return path


def _three(path: Path) -> Callable[[], object]:
    return lambda: read_fcs(path).columns(THREE)


def _all(path: Path) -> Callable[[], object]:
    return lambda: read_fcs(path).events


def _copied(path: Path) -> Callable[[], object]:
    return lambda: np.array(np.memmap(path, np.uint8, "r"))


def _flowio(path: Path) -> Callable[[], object]:
    import flowio

    return lambda: flowio.FlowData(path).as_array(preprocess=True)


def _in_turns(
    job: Callable[[], object], other: Callable[[], object], runs: int
) -> tuple[float, float, float]:
    """Medians of both and of their ratio, turn by turn; more turns where they are short.

    The first turn, which fills the page cache, is not counted.
    """
    first = _seconds(job) + _seconds(other)
    turns = runs if first > SHORT else SHORT_RUNS * runs
    times = [(_seconds(job), _seconds(other)) for _ in range(turns)]
    ratios = median(beside / own for own, beside in times)
    return median(own for own, _ in times), median(beside for _, beside in times), ratios


def _seconds(job: Callable[[], object]) -> float:
    start = time.perf_counter()
    job()
    return time.perf_counter() - start


def _opening(folder: Path, runs: int) -> float:
    """Seconds until the table of a sparse file of 4 GiB stands."""
    path = folder / "sparse.fcs"
    channels = [OutputChannel(f"C{n}", [0.0]) for n in range(16)]
    write_fcs(path, channels)
    head = path.read_bytes()[:-64]
    events = (4 * GIB - len(head)) // 64
    # Only its TEXT is written anew; the writer would need the events.
    begin = b"%014d" % len(head)
    text = head[58:].replace(b"$TOT/1/", b"$TOT/%d/" % events)
    shift = len(text) - (len(head) - 58)
    text = text.replace(begin, b"%014d" % (len(head) + shift))
    last = len(head) + shift + 64 * events - 1
    text = text.replace(b"%014d" % (len(head) + 63), b"%014d" % last)
    fields = (58, 57 + len(text), 0, 0, 0, 0)
    path.write_bytes(head[:10] + "".join(f"{each:8d}" for each in fields).encode() + text)
    with path.open("r+b") as stream:
        stream.truncate(last + 1)
    assert read_fcs(path).n_events == events
    return median(_seconds(lambda: read_fcs(path)) for _ in range(runs))


if __name__ == "__main__":
    sys.exit(main())
