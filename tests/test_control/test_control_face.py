"""The public face of `calibration.control`, and what a curve gives it."""

import doctest
import math

import numpy as np
import pytest

import calibration.control
from calibration import BeadLot, Provenance, calibrate
from calibration.control import (
    INTERCEPT,
    RESIDUAL,
    SLOPE,
    VOLTAGE,
    Calibrated,
    Quantity,
    curve_values,
    peak,
    peak_cv,
)


def test_public_names_are_each_there_once_with_a_word_of_what_they_are():
    names = calibration.control.__all__
    assert len(names) == len(set(names))
    for name in names:
        found = getattr(calibration.control, name)
        assert isinstance(found, Quantity | int) or found.__doc__ or name == "Moment"


def test_the_example_in_the_docstring_is_true():
    assert doctest.testmod(calibration.control).failed == 0


@pytest.fixture(scope="module")
def curve():
    rng = np.random.default_rng(1)
    lot = BeadLot.parse("blank,474,5359,23843,62336")
    levels = [1.3 * m * rng.lognormal(0, 0.08, 2500) for m in lot.values]
    beads = np.concatenate([rng.normal(0.0, 12.0, 2500), *levels])
    return calibrate(beads, lot, saturation=262143, provenance=Provenance(voltage=412.0))


def test_a_curve_gives_its_line_its_peaks_by_their_place_and_the_voltage(curve):
    values = curve_values(curve)
    assert values[SLOPE] == curve.slope
    assert values[INTERCEPT] == curve.intercept
    assert values[RESIDUAL] == curve.max_residual_percent
    assert values[VOLTAGE] == 412.0
    # the blank is level 1
    assert {q.part for q in values if q.kind is peak(1).kind} == {"2", "3", "4", "5"}
    assert values[peak(3)] == pytest.approx(1.3 * 5359.0, rel=0.02)
    assert values[peak_cv(3)] == pytest.approx(8.0, abs=0.5)
    assert all(math.isfinite(value) for value in values.values())


def test_a_curve_is_remembered_with_its_fitted_peaks_and_settings(curve):
    kept = Calibrated.of("c1", curve)
    assert kept.assigned == (474.0, 5359.0, 23843.0, 62336.0)
    assert kept.settings.voltage == 412.0
    assert kept.log_fluorescence(5000.0) == pytest.approx(math.log10(curve.fluorescence(5000.0)))
