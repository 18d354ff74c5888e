"""A small archive: simulated tubes with a few bytes behind them, so that each file is its own."""

import csv
from pathlib import Path

import pytest

from hladr.batch import Batch, Journal, LocalPool
from hladr.manifest import read_manifest

SAMPLES = Path(__file__).resolve().parents[2] / "sample_fcs"
LOT = "474,5359,23843,62336"
BLOOD = ("mals.fcs", "borderline.fcs", "healthy.fcs")


class Archive:
    """A folder of tubes and its manifest."""

    def __init__(self, folder):
        self.folder = folder
        self.rows = []

    def tube(self, source, name, mark):
        target = self.folder / name
        target.write_bytes((SAMPLES / source).read_bytes() + mark.encode())
        return target

    def add(self, n, *, a_day=2, **cells):
        """Some samples, `a_day` of them on one bead tube."""
        for number in range(len(self.rows), len(self.rows) + n):
            beads = f"beads{number // a_day}.fcs"
            if not (self.folder / beads).exists():
                self.tube("canto-beads.fcs", beads, beads)
            name = f"s{number:03d}.fcs"
            self.tube(BLOOD[number % 3], name, name)
            self.rows.append({"sample": name, "beads": beads, "lot": LOT, **cells})
        return self

    @property
    def manifest(self):
        path = self.folder / "manifest.csv"
        columns = list(dict.fromkeys(name for row in self.rows for name in row))
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, columns, restval="")
            writer.writeheader()
            writer.writerows(self.rows)
        return path

    def measured(self, journal, engine=None):
        """Results in the order of the rows, and the places that had to be measured."""
        with Journal(journal) as kept:
            batch = Batch(read_manifest(self.manifest), kept)
            list(batch.known())
            missing = list(batch.measured(LocalPool(2) if engine is None else engine))
            return list(batch.results()), missing


@pytest.fixture
def archive(tmp_path):
    folder = tmp_path / "archive"
    folder.mkdir()
    return Archive(folder)


@pytest.fixture
def journal(tmp_path):
    return tmp_path / "journal"


class Idle:
    """Workers that must not be asked."""

    chunk = 8

    def done(self, chunks):
        assert list(chunks) == []
        return iter(())


@pytest.fixture
def idle():
    return Idle()
