"""Curves with a known scatter, and results of one subject, measured once for all tests."""

import io
import json
from dataclasses import replace

import numpy as np
import pytest
from courses import at
from subject_days import LOT, a_curve, measured

import hladr
from hladr.assay import load_assay
from hladr.bead_run import calibrate_beads
from hladr.ferritin import parse_ferritin
from hladr.result import Verdict
from hladr.simulate import BEAD_CASES, beads, blood, canto, sepsis
from hladr.trajectory import MomentOf, Point


@pytest.fixture(scope="session")
def curve():
    return a_curve(1)


@pytest.fixture(scope="session")
def other_curve():
    return a_curve(2)


@pytest.fixture(scope="session")
def point(curve):
    """Make a point: a day of March, AB/c (None: none), ferritin, and any field."""

    def make(day, abc, ferritin=None, **fields):
        own = fields.pop("curve", curve)
        given = {
            "id": f"day {day}",
            "moment": None if day is None else at(day),
            "moment_of": MomentOf.UNKNOWN if day is None else MomentOf.DRAW,
            "hla_dr": None if abc is None else measured(own, abc),
            "ferritin": None if ferritin is None else parse_ferritin(ferritin),
            "preparation": "lyse-wash",
            "serial": "V1",
            "cytometer": "FACSCanto II",
            "algorithm": "2",
            "verdict": Verdict.PASS,
        }
        return Point(**{**given, **fields})

    return make


@pytest.fixture(scope="session")
def results():
    """Two days of a subject on one curve, as measured from files."""
    tube = beads(BEAD_CASES["good"], canto(), np.random.default_rng(1)).recording.to_bytes()
    lot = ",".join(f"{each:g}" for each in LOT.values)
    run = calibrate_beads(io.BytesIO(tube), lot, assay=load_assay("quantibrite-340827"))

    def measure(day, level, ferritin):
        spec = replace(sepsis, hla_dr=level, events=12_000)
        sample = blood(spec, canto(), np.random.default_rng(day)).recording.to_bytes()
        context = hladr.Context(
            subject="S-1", drawn_at=f"2026-03-{day:02}T08:00+01:00", preparation="lyse-wash"
        )
        return hladr.quantify(
            io.BytesIO(sample), curve=run, ferritin_ng_ml=ferritin, context=context
        )

    return measure(1, 3_200.0, "812"), measure(8, 9_600.0, ">2000")


@pytest.fixture(scope="session")
def stored(results):
    """The same two as they are stored, and the text of their curve."""
    from calibration import curve_to_dict

    records = [json.loads(json.dumps(each.to_dict(), allow_nan=False)) for each in results]
    return records, json.dumps(curve_to_dict(results[0].curve))
