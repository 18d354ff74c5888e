"""Small FCS files with the keywords that pairing goes by."""

import datetime as dt
from dataclasses import replace

import numpy as np
import pytest

from hladr.assay import load_assay
from hladr.fcs import OutputChannel, write_fcs
from hladr.pairing import LotPeriod, default_rules, examine, fcs_files, pair_tubes

LABELS = {"PE-A": "HLA-DR", "PerCP-Cy5-5-A": "CD14", "V500-A": "CD45"}
CHANNELS = ("FSC-A", "SSC-A", "PE-A", "PerCP-Cy5-5-A", "V500-A", "Time")
ASSAY = load_assay("quantibrite-340827")


class Folder:
    """A folder of tubes."""

    def __init__(self, path):
        self.path = path
        self._made = 0

    def tube(self, name, at="2026-03-14T09:30:00", *, labels=LABELS, volts=410.0, **keywords):
        """Write a tube that was acquired at a time; keywords of None are left out."""
        self._made += 1
        path = self.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        told = {"$CYT": "FACSCantoII", "$CYTSN": "V1"}
        if at is not None:
            time = dt.datetime.fromisoformat(at)
            told |= {"$DATE": f"{time:%d-%b-%Y}".upper(), "$BTIM": f"{time:%H:%M:%S}"}
        told |= {key.replace("_", " "): value for key, value in keywords.items()}
        channels = [
            OutputChannel(
                name=channel,
                values=np.full(20, float(self._made)),
                marker=labels.get(channel),
                range=262144.0,
                voltage=volts if channel == "PE-A" else 300.0,
            )
            for channel in CHANNELS
        ]
        given = {key: value for key, value in told.items() if value is not None}
        write_fcs(path, channels, keywords=given)
        return path

    def paired(self, rules=None, assay=ASSAY):
        """Pair what is there; names of the pairs, and reasons by name of what is left out."""
        pairing = self.pairing(rules, assay)
        pairs = {self.name(pair.blood.path): self.name(pair.beads.path) for pair in pairing.pairs}
        return pairs, {self.name(each.path): each.reason.value for each in pairing.left_out}

    def name(self, path):
        """Path as it is called in this folder."""
        return path.removeprefix(f"{self.path}/")

    def pairing(self, rules=None, assay=ASSAY):
        """Pair what is there, with one lot for all where the rules name none."""
        rules = rules or default_rules()
        if not rules.lots:
            rules = replace(rules, lots=(LotPeriod(None, None, "474,5359,23843,62336"),))
        paths, closed = fcs_files(self.path)
        examined = [examine(path, rules, assay, below=self.path) for path in paths]
        return pair_tubes([*closed, *examined], rules, assay.settings)


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)
