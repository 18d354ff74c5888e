"""Tubes that pass, the ways to change one thing about them, and what is asked of a result."""

import dataclasses
import io
from functools import cache
from types import MappingProxyType

import numpy as np
import pytest

import hladr
from hladr.result import Verdict
from hladr.simulate import make_pair
from hladr.spillover import Spillover

TOP = 262143.0


def written(recording, *, channels=None, values=None, keywords=None, drop=()):
    """Bytes of a recording, some of it changed: settings, stored numbers, keywords, columns."""
    changed = []
    for channel in recording.channels:
        if channel.name in drop:
            continue
        new = dataclasses.replace(channel, **(channels or {}).get(channel.name, {}))
        if channel.name in (values or {}):
            stored = np.array(channel.values, dtype=np.float64)
            new = dataclasses.replace(new, values=values[channel.name](stored))
        changed.append(new)
    words = {**recording.keywords, **(keywords or {})}
    kept = MappingProxyType({key: word for key, word in words.items() if word is not None})
    return dataclasses.replace(recording, channels=tuple(changed), keywords=kept).to_bytes()


@dataclasses.dataclass(frozen=True, eq=False)
class Bench:
    """A bead tube and a blood tube of one instrument, and the way from them to a result."""

    beads: object
    blood: object

    @property
    def lot(self):
        return ",".join(f"{value:g}" for value in self.beads.truth.assigned)

    @property
    def truth(self):
        return self.blood.truth.abc

    def table(self, **changes):
        return hladr.read_fcs(io.BytesIO(written(self.blood.recording, **changes)))

    def bead_table(self, **changes):
        return hladr.read_fcs(io.BytesIO(written(self.beads.recording, **changes)))

    def exported(self, *, values=None, keywords=None):
        """The blood as analysis software exports it: compensated, named Comp-, no matrix."""
        table = self.table()
        spillover = Spillover.from_table(table)
        columns, markers, words = {}, {}, dict(keywords or {})
        for number, channel in enumerate(table.channels, start=1):
            stain = channel.name in spillover.detectors
            name = f"Comp-{channel.name}" if stain else channel.name
            column = np.array(spillover.compensated(table, channel))
            columns[name] = (values or {}).get(name, lambda stored: stored)(column)
            if channel.marker:
                markers[name] = channel.marker
            if channel.voltage is not None:
                words |= {f"$P{number}V": f"{channel.voltage:g}", f"$P{number}G": "1"}
        for key in ("$CYT", "$CYTSN", "$DATE", "$BTIM"):
            words.setdefault(key, table.keyword(key))
        return hladr.EventTable.from_columns(columns, markers=markers, keywords=words)

    def saturated(self, rows):
        """The blood with these events at the top of the PE detector, their spill in the others."""
        spillover = Spillover.from_table(self.table())
        leak = spillover.matrix[spillover.detectors.index("PE-A")]
        added = TOP - self.table().column("PE-A")[rows]

        def brighter(share):
            def change(stored):
                stored[rows] = np.minimum(stored[rows] + share * added, TOP)
                return stored

            return change

        changes = map(brighter, leak)
        return self.table(values=dict(zip(spillover.detectors, changes, strict=True)))

    def result(self, sample=None, *, bead_table=None, **options):
        sample = self.table() if sample is None else sample
        if "curve" not in options:
            options.setdefault("lot", self.lot)
            options["beads"] = self.bead_table() if bead_table is None else bead_table
        return hladr.quantify(sample, **options)


@cache
def simulated(case, seed, events):
    pair = make_pair(case, seed, events=events)
    return Bench(pair.beads, pair.blood)


def named(result, name):
    return next(each for each in result.gating.populations if each.name == name)


def in_gate(result):
    return named(result, "monocytes").mask


@pytest.fixture(scope="session")
def tubes():
    """Put a simulated bead tube and a simulated blood tube on one bench."""
    return Bench


@pytest.fixture(scope="session")
def bench():
    """Beads and blood of a named case; the same ones for the same words."""

    def make(case, seed=5, events=25_000):
        return simulated(case, seed, events)

    return make


@pytest.fixture(scope="session")
def sepsis(bench):
    """HLA-DR near 9,500 AB/c: no class is near."""
    return bench("sepsis")


@pytest.fixture(scope="session")
def paralysed(bench):
    """HLA-DR near 3,200 AB/c."""
    return bench("immunoparalysis")


@pytest.fixture(scope="session")
def passed(sepsis):
    return sepsis.result()


@pytest.fixture(scope="session")
def population():
    """Look up a population of a result by its name."""
    return named


@pytest.fixture(scope="session")
def monocytes():
    """Mask the monocytes of a result."""
    return in_gate


@pytest.fixture(scope="session")
def severities():
    """List the findings of a result, by code and severity."""
    return lambda result: {(finding.code, finding.severity) for finding in result.findings}


@pytest.fixture(scope="session")
def put():
    """Change a column: this value at these events."""

    def putting(where, value):
        def change(stored):
            stored[where] = value
            return stored

        return change

    return putting


@pytest.fixture(scope="session")
def assert_rejected():
    """Check that the number stands under unreleasable, and that no class rests on it."""

    def check(result):
        assert result.verdict is Verdict.REJECT
        assert result.hla_dr is None
        assert result.unreleasable is result.measured
        record = result.to_dict()
        assert record["hla_dr"] is None
        assert "abc" in record["unreleasable"]
        assert record["classification"]["class"] == "undetermined"
        assert record["classification"]["decisive"] is None
        assert record["classification"]["probability"] is None

    return check
