"""A watcher with a clock of its own, and files that arrive in its folder."""

import csv
import shutil
from dataclasses import replace
from pathlib import Path

from hladr.assay import load_assay
from hladr.pairing import LotPeriod, checked_lot, default_rules
from hladr.watch import ResultLog, Watcher

SAMPLES = Path(__file__).resolve().parents[2] / "sample_fcs"
LOT = "474,5359,23843,62336"
PROGRAM = "from hladr.cli.program import main; main()"


def rules():
    return replace(default_rules(), lots=(LotPeriod(None, None, checked_lot(LOT)),))


class Bench:
    """A watcher with a clock of its own."""

    def __init__(self, folder, output):
        self.folder, self.output, self.now, self.reports = folder, output, 0.0, []
        self.log = ResultLog(output)
        assay = load_assay("quantibrite-340827")
        self.watcher = Watcher(folder, rules(), assay, 5.0, self.log, self.reports.append)

    def after(self, seconds):
        self.now += seconds
        return [(seen.sample, seen.what) for seen in self.watcher.look(self.now)]

    def close(self):
        self.log.__exit__(None, None, None)

    def rows(self):
        with self.output.open(encoding="utf-8", newline="") as file:
            return list(csv.DictReader(file))


def arrives(folder, source, name=None):
    return shutil.copyfile(SAMPLES / source, folder / (name or source))
