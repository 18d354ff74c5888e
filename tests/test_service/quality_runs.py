"""Bead files of one instrument, run after run, each with a gain of its own."""

import datetime as dt
from dataclasses import replace
from functools import cache

import numpy as np
from laboratory import LOT, tube_file

from hladr.simulate.bead import BeadSpec, beads
from hladr.simulate.platform import canto

_FIRST = dt.datetime(2026, 3, 14, 8, 0)  # noqa: DTZ001 - by the clock of the instrument
STEADY = tuple(np.random.default_rng(7).normal(0.0, 0.01, 40).tolist())
"""Relative gains of a steady instrument: 1 % from run to run."""


@cache
def bead_file(seed, gain, hour=0):
    """A bead file as a part of a form; `gain` is relative to the usual one, at no other voltage.

    `seed` is its day as well; of one day, files of other hours are other beads.
    """
    detectors = tuple(replace(each, gain=each.gain * (1.0 + gain)) for each in canto().detectors)
    instrument = replace(canto(), detectors=detectors)
    spec = BeadSpec(
        assigned=tuple(LOT["assigned"]),
        events=4000,
        started_at=_FIRST + dt.timedelta(days=seed, hours=hour),
    )
    made = beads(spec, instrument, np.random.default_rng(seed + 1000 * hour))
    return f"beads-{seed}-{hour}.fcs", made.recording.to_bytes(), "application/octet-stream"


def calibrate(service, lot, instrument, seed, gain, status=201, hour=0):
    """Send a bead file."""
    ids = {"lot_id": lot["id"], "instrument_id": instrument["id"]}
    file = bead_file(seed, gain, hour)
    return service.post("calibrations", status, files={"file": file}, data=ids)


def control_blood(service, calibration, level="low", **more):
    """Send the same control blood once more: what it gives moves with the beads."""
    file = tube_file(_TUBE=calibration["id"])
    said = {"subject": level, "barcode": "C-7", "kind": "control", **more}
    return service.analyse(calibration, file, **said)


def runs(service, lot, instrument, gains, first=0):
    """Make runs, one a day."""
    return [
        calibrate(service, lot, instrument, first + day, gain) for day, gain in enumerate(gains)
    ]


def quality(service, place, **params):
    """What is told of the instrument of a place, which is a lot and an instrument."""
    return service.get(f"quality/{place[1]['id']}", params=params)


def write(service, place, what, status=201, **said):
    """Write into the log of the instrument."""
    said = {"reason": "as planned", **said}
    return service.post(f"quality/{place[1]['id']}/{what}", status, json=said)


def by_hand(service, place, run, key, mean, sd):
    """Set mean and SD of a quantity from a run on."""
    of = {key: {"mean": mean, "sd": sd}}
    return write(service, place, "baselines", run=run["id"], by_hand=of)
