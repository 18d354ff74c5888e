"""An archive by fixed gates in a pool of processes: bead tubes once, then their samples.

    python drawn_archive.py MANIFEST WORKERS

prints AB/c of every sample, in the order of the manifest, as JSON.
"""

import csv
import json
import multiprocessing
import sys
from collections.abc import Callable
from pathlib import Path

Day = tuple[str, list[str]]


def main(measure: Callable[[Day], list[float]]) -> None:
    """Measure the days of the manifest in as many processes as asked for."""
    manifest, workers = Path(sys.argv[1]), int(sys.argv[2])
    days: dict[str, list[str]] = {}
    with manifest.open(encoding="utf-8", newline="") as file:
        for row in csv.DictReader(file):
            beads, sample = (str(manifest.parent / row[name]) for name in ("beads", "sample"))
            days.setdefault(beads, []).append(sample)
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        found = pool.map(measure, list(days.items()), chunksize=1)
    print(json.dumps([abc for day in found for abc in day]))
