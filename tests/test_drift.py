"""Drift over a tube is found from any populations, and chance is not taken for it."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from calibration import Severity
from hladr import quantify
from hladr.drift import drift_of
from hladr.simulate import make_pair


def ramp(n, change, sd, rng):
    return np.exp(change * np.linspace(0.0, 1.0, n) + sd * rng.standard_normal(n))


@pytest.mark.parametrize("change", [-0.3, -0.05, 0.0, 0.05, 0.3])
def test_a_known_change_is_found_within_its_error(change):
    rng = np.random.default_rng(5)
    values = ramp(20_000, change, 0.4, rng)
    drift = drift_of(values, [np.ones(values.size, bool)])
    assert abs(drift.change - change) < 4 * drift.standard_error


def test_slope_and_error_of_one_population_are_those_of_scipy():
    values = ramp(500, 0.2, 0.5, np.random.default_rng(1))
    drift = drift_of(values, [np.ones(values.size, bool)])
    oracle = stats.linregress(np.arange(500) / 499, np.log(values))
    assert drift.change == pytest.approx(oracle.slope)
    assert drift.standard_error == pytest.approx(oracle.stderr)


def test_a_bright_and_a_dim_population_in_turn_are_no_drift():
    rng = np.random.default_rng(2)
    early = np.arange(4_000) < 3_000
    values = np.where(early, 10_000.0, 100.0) * np.exp(0.1 * rng.standard_normal(4_000))
    assert not drift_of(values, [early, ~early]).exceeds(0.02)


@settings(max_examples=25)
@given(factor=st.floats(1e-3, 1e3), seed=st.integers(0, 99))
def test_the_detectors_gain_does_not_matter(factor, seed):
    values = ramp(300, 0.1, 0.2, np.random.default_rng(seed))
    everybody = [np.ones(300, bool)]
    before, after = drift_of(values, everybody), drift_of(factor * values, everybody)
    assert after.change == pytest.approx(before.change, abs=1e-9)


def test_chance_alone_is_hardly_ever_drift():
    rng = np.random.default_rng(3)
    runs = [drift_of(ramp(400, 0.0, 0.6, rng), [np.ones(400, bool)]) for _ in range(300)]
    assert not any(drift.exceeds(0.03) for drift in runs)


def test_too_few_events_tell_nothing():
    assert drift_of(np.ones(99), [np.ones(99, bool)]) is None


@pytest.mark.parametrize(
    ("case", "code", "severity"),
    [
        ("beads_drift", "BEADS_DRIFT", Severity.REJECT),
        ("blood_drift", "SAMPLE_DRIFT", Severity.WARN),
    ],
)
def test_a_drifting_tube_is_no_pass(case, code, severity):
    pair = make_pair(case, 3, events=30_000)
    result = quantify(
        io.BytesIO(pair.blood.recording.to_bytes()),
        beads=io.BytesIO(pair.beads.recording.to_bytes()),
        lot=",".join(f"{value:g}" for value in pair.beads.truth.assigned),
    )
    found = {finding.code: finding.severity for finding in result.findings}
    assert found.get(code) is severity
