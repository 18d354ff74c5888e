"""A simulated patient's two files, and gates drawn on them."""

import dataclasses
import io
from functools import cache
from types import MappingProxyType

import numpy as np
import pytest

import hladr
from hladr.assay import load_assay
from hladr.bead_run import calibrate_beads
from hladr.gates import (
    FILE_MATRIX,
    Compensated,
    Dimension,
    GatingStrategy,
    Node,
    PolygonGate,
    Recorded,
)
from hladr.simulate import make_pair

CD14, SSC = "PerCP-Cy5-5-A", "SSC-A"


def changed(recording, *, values=None, drop=()):
    """Table of a recording with some columns changed or left out."""
    channels = []
    for channel in recording.channels:
        if channel.name in drop:
            continue
        new = channel
        if channel.name in (values or {}):
            stored = np.array(channel.values, dtype=np.float64)
            new = dataclasses.replace(channel, values=values[channel.name](stored))
        channels.append(new)
    written = dataclasses.replace(
        recording, channels=tuple(channels), keywords=MappingProxyType(dict(recording.keywords))
    )
    return hladr.read_fcs(io.BytesIO(written.to_bytes()))


@dataclasses.dataclass(frozen=True, eq=False)
class Patient:
    """Blood of a case, the curve of its beads, and the way to a result."""

    pair: object
    curve: object

    def table(self, **changes):
        return changed(self.pair.blood.recording, **changes)

    def result(self, gates=None, sample=None, **options):
        sample = self.table() if sample is None else sample
        return hladr.quantify(sample, curve=self.curve, gates=gates, **options)


@cache
def patient_of(case, seed, events):
    pair = make_pair(case, seed, events=events)
    lot = ",".join(f"{value:g}" for value in pair.beads.truth.assigned)
    beads = io.BytesIO(pair.beads.recording.to_bytes())
    assay = load_assay("quantibrite-340827")
    return Patient(pair, calibrate_beads(beads, lot, assay=assay))


@pytest.fixture(scope="session")
def patient():
    """Make a patient by case; the same one for the same words."""

    def make(case="sepsis", seed=5, events=25_000):
        return patient_of(case, seed, events)

    return make


@pytest.fixture(scope="session")
def sepsis(patient):
    return patient()


@pytest.fixture(scope="session")
def automatic(sepsis):
    return sepsis.result()


def drawn_polygon(name, corners):
    """Polygon on compensated CD14 and side scatter, in data values."""
    x, y = Dimension(Compensated(CD14, FILE_MATRIX)), Dimension(Recorded(SSC))
    return PolygonGate(name, x, y, tuple(corners))


@pytest.fixture(scope="session")
def corners(automatic):
    """Five corners about the monocytes, in data values of CD14 and side scatter."""
    mask = automatic.gating.monocytes.mask
    cd14, ssc = (automatic.evidence.columns[role][mask] for role in ("cd14", "ssc"))
    left, right = np.quantile(cd14, (0.03, 0.97))
    low, high = np.quantile(ssc, (0.02, 0.98))
    middle = 0.5 * (low + high)
    return ((left, low), (right, low), (1.2 * right, middle), (right, high), (left, high))


@pytest.fixture(scope="session")
def polygon():
    return drawn_polygon


@pytest.fixture(scope="session")
def by_hand(corners):
    """A strategy of one polygon, called Mono."""
    return GatingStrategy((Node(("Mono",), drawn_polygon("Mono", corners)),))


@pytest.fixture(scope="session")
def codes():
    """Severity of each finding of a result, by code."""
    return lambda result: {each.code: each.severity.value for each in result.findings}
