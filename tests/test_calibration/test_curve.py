"""The standard curve: laws, statsmodels, simulated truth."""

import math

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration import AcceptanceLimits, BeadLot, Range, calibrate, combine, interval

LEVELS = np.array([474.0, 5359.0, 23843.0, 62336.0])
LOT = BeadLot(assigned=tuple(LEVELS))
CELLS = st.floats(1.0, 1e6)


def curve_of(positions, lot=LOT, seed=1, n=400):
    """Curve of narrow, clean beads whose geometric means are these to within 0.1 %."""
    rng = np.random.default_rng(seed)
    values = np.concatenate([mean * rng.lognormal(0.0, 0.02, n) for mean in positions])
    return calibrate(values, lot, saturation=None)


def exact(means, lot=LOT, **options):
    """Curve of beads whose geometric means are these to the last digit."""
    rng = np.random.default_rng(5)
    shape = rng.lognormal(0.0, 0.02, 300)
    shape /= np.exp(np.log(shape).mean())
    return calibrate(np.outer(means, shape).ravel(), lot, saturation=None, **options)


@pytest.fixture(scope="module")
def curve():
    return curve_of(1.3 * LEVELS**0.99)


@given(CELLS)
def test_molecules_and_fluorescence_are_inverses(curve, molecules):
    assert curve.molecules(curve.fluorescence(molecules)) == pytest.approx(molecules, rel=1e-12)


@given(st.lists(CELLS, min_size=1, max_size=20))
def test_arrays_are_converted_value_by_value(curve, fluorescence):
    together = curve.molecules(np.array(fluorescence))
    assert together == pytest.approx([curve.molecules(f) for f in fluorescence], rel=1e-13)
    assert np.all(np.diff(curve.molecules(np.sort(fluorescence))) >= 0.0)


def test_what_has_no_logarithm_has_no_molecules(curve):
    found = curve.molecules(np.array([-1.0, 0.0, np.nan, 100.0]))
    assert np.isnan(found[:3]).all()
    assert found[3] > 0.0
    assert math.isnan(curve.molecules(0.0))
    assert math.isnan(curve.fluorescence(-3.0))


@settings(max_examples=40)
@given(st.floats(1e-3, 1e3))
def test_a_factor_on_all_values_moves_only_the_intercept(factor):
    plain, scaled = curve_of(LEVELS), curve_of(factor * LEVELS)
    assert scaled.slope == pytest.approx(plain.slope, rel=1e-9)
    assert scaled.intercept == pytest.approx(plain.intercept + math.log10(factor), abs=1e-9)
    assert scaled.residual_sd == pytest.approx(plain.residual_sd, rel=1e-6)
    there = scaled.curve_term(factor * 5000.0).relative
    assert there == pytest.approx(plain.curve_term(5000.0).relative, rel=1e-9)


def test_the_line_is_log10_fluorescence_on_log10_molecules(curve):
    fit = sm.OLS(
        np.log10([peak.geometric_mean for peak in curve.peaks]), sm.add_constant(np.log10(LEVELS))
    ).fit()
    assert (curve.intercept, curve.slope) == pytest.approx(tuple(fit.params), rel=1e-9)
    assert curve.residual_sd == pytest.approx(np.sqrt(fit.mse_resid), rel=1e-6)
    assert curve.r_squared == pytest.approx(fit.rsquared, rel=1e-9)


def test_residuals_are_back_calculated_molecules(curve):
    for peak in curve.peaks:
        found = curve.molecules(peak.geometric_mean)
        assert peak.residual_percent == pytest.approx(100.0 * (found / peak.assigned - 1.0))
    assert curve.max_residual_percent == max(abs(p.residual_percent) for p in curve.peaks)


@pytest.mark.parametrize("molecules", [300.0, 5000.0, 90_000.0])
def test_curve_term_is_the_delta_method_with_statsmodels_standard_error(molecules):
    curve = curve_of(1.3 * LEVELS * np.array([1.03, 0.97, 1.02, 0.99]))
    assert curve.residual_sd > 0.004
    fit = sm.OLS(
        np.log10([peak.geometric_mean for peak in curve.peaks]), sm.add_constant(np.log10(LEVELS))
    ).fit()
    error = fit.get_prediction([1.0, math.log10(molecules)]).se_mean[0] / fit.params[1]
    term = curve.curve_term(curve.fluorescence(molecules))
    assert term.relative == pytest.approx(math.log(10.0) * error, rel=1e-6)
    assert (term.name, term.dof) == ("curve", 2.0)


def test_published_width_of_the_curve_interval():
    # Four Quantibrite beads with s = 0.01 log10: 5.3 % at 5,000 and 7 % at 45,000 molecules.
    off = 10.0 ** (np.array([1.0, -3.0, 3.0, -1.0]) * 0.00316)
    curve = exact(LEVELS * off)
    widths = [
        (combine([curve.curve_term(curve.fluorescence(m))]).factor() - 1.0) / curve.residual_sd
        for m in (5000.0, 45_000.0)
    ]
    assert 0.01 * np.array(widths) == pytest.approx([0.053, 0.07], abs=0.0015)


def test_a_line_that_fits_too_well_is_not_believed():
    curve = exact(LEVELS)
    assert curve.residual_sd < 2e-4
    assert curve.fit_sd == 0.004
    assert exact(LEVELS, limits=AcceptanceLimits(residual_floor=0.006)).fit_sd == 0.006


def test_counting_errors_larger_than_the_floor_widen_the_interval():
    rng = np.random.default_rng(6)
    few = np.concatenate([v * rng.lognormal(0.0, 0.2, 40) for v in (100.0, 3000.0, 1e5)])
    curve = calibrate(few, BeadLot.parse("100,3000,100000"), saturation=None)
    counting = math.sqrt(np.mean([p.standard_error**2 for p in curve.peaks])) / math.log(10.0)
    assert counting > 0.008
    assert curve.fit_sd >= counting * (1.0 - 1e-12)


@pytest.mark.parametrize(("floor", "runs", "most"), [(0.0, 700, 0.97), (0.004, 200, 1.01)])
def test_curve_intervals_hold_the_truth_in_95_of_100_runs(floor, runs, most):
    # The ideal model: every bead off the line by a normal error of 2.3 %, nothing else. The floor
    # can only add to it.
    rng = np.random.default_rng(11)
    cells = np.array([1000.0, 5000.0, 30_000.0])
    held = np.zeros(3)
    limits = AcceptanceLimits(residual_floor=floor)
    for _ in range(runs):
        curve = exact(LEVELS * 10.0 ** rng.normal(0.0, 0.01, 4), limits=limits)
        for i, truth in enumerate(cells):
            low, high = interval(curve.molecules(truth), combine([curve.curve_term(truth)]))
            held[i] += low <= truth <= high
    assert np.all(held / runs > 0.93)
    assert np.all(held / runs < most)


def test_a_bead_background_shows_in_the_model_term():
    bare, shining = curve_of(LEVELS), curve_of(LEVELS + 150.0)
    assert bare.model_term(5000.0).relative < 0.005
    term = shining.model_term(5000.0)
    distance = math.log(shining.molecules(5000.0) / shining.molecules_background(5000.0))
    assert term.relative == pytest.approx(abs(distance), rel=1e-9)
    assert term.relative > 0.01
    assert shining.background.molecules == pytest.approx(150.0, abs=40.0)
    assert (term.name, term.dof) == ("model", math.inf)


def test_cells_on_beads_with_a_background_stay_in_the_interval(bead_tube):
    # Cells carry none of the beads' own light, so the line alone reads them too low.
    cells = np.array([1300.0, 5000.0, 20_000.0])
    held, runs = np.zeros(3), 100
    for seed in range(runs):
        tube = bead_tube(seed, background=25.0)
        curve = calibrate(tube.values, tube.lot, saturation=tube.saturation)
        for i, truth in enumerate(cells):
            seen = 1.3 * truth
            budget = combine([curve.curve_term(seen), curve.model_term(seen)])
            low, high = interval(curve.molecules(seen), budget)
            held[i] += low <= truth <= high
    assert np.all(held / runs >= 0.93)


def test_range_tells_where_a_value_lies_against_the_fitted_beads(curve):
    expected = {100.0: Range.BELOW, 475.0: Range.WITHIN, 62_000.0: Range.WITHIN, 62_400.0: "above"}
    for molecules, where in expected.items():
        assert curve.range(curve.fluorescence(molecules)) == where
    assert (curve.lowest, curve.top) == (474.0, 62336.0)


@pytest.mark.parametrize("fluorescence", [0.0, -5.0, math.nan, math.inf])
def test_nothing_is_said_about_what_has_no_logarithm(curve, fluorescence):
    for ask in (curve.range, curve.curve_term, curve.model_term, curve.molecules_background):
        with pytest.raises(ValueError, match="fluorescence above 0"):
            ask(fluorescence)


def test_two_levels_know_no_residual():
    curve = curve_of(LEVELS[:2], BeadLot.parse("474,5359"))
    assert curve.residual_sd is None
    assert curve.max_residual_percent is None
    term = curve.curve_term(2000.0)
    assert term.dof == 1.0
    assert curve.fit_sd == pytest.approx(math.log10(1.03))
    assert "CURVE_WITHOUT_RESIDUAL" in {finding.code for finding in curve.findings}


def test_three_levels_leave_one_degree_of_freedom():
    curve = curve_of(LEVELS[:3], BeadLot.parse("474,5359,23843"))
    assert curve.curve_term(2000.0).dof == 1.0
    assert curve.accepted
