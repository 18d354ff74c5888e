"""The line with a bead background: simulated truth, and SciPy's optimiser as oracle."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import least_squares

from calibration.background import fit_background

LEVELS = np.array([474.0, 5359.0, 23843.0, 62336.0])


@given(st.floats(0.0, 400.0), st.floats(0.9, 1.1), st.floats(-1.0, 2.0))
def test_a_background_that_is_there_is_found(background, slope, intercept):
    fluorescence = 10.0**intercept * (LEVELS + background) ** slope
    fit = fit_background(LEVELS, fluorescence)
    assert fit.molecules == pytest.approx(background, abs=0.02)
    assert fit.slope == pytest.approx(slope, abs=1e-4)
    assert fit.molecules_of(10.0**intercept * 5000.0**slope) == pytest.approx(5000.0, rel=2e-4)


@given(st.lists(st.floats(-0.02, 0.02), min_size=4, max_size=4))
def test_no_background_within_its_bounds_fits_better(noise):
    y = np.log10(1.3 * (LEVELS + 60.0)) + np.array(noise)

    def residuals(unknown):
        return unknown[0] + unknown[1] * np.log10(LEVELS + unknown[2]) - y

    fit = fit_background(LEVELS, 10.0**y)
    ours = np.sum(residuals([fit.intercept, fit.slope, fit.molecules]) ** 2)
    bounds = ([-np.inf, -np.inf, 0.0], [np.inf, np.inf, LEVELS[0]])
    starts = [
        least_squares(residuals, [0.1, 1.0, start], bounds=bounds, x_scale=[1.0, 1.0, 100.0])
        for start in (1.0, 60.0, 400.0)
    ]
    assert ours <= min(2.0 * start.cost for start in starts) * (1.0 + 1e-6) + 1e-12
    assert 0.0 <= fit.molecules <= LEVELS[0]


def test_three_levels_are_fitted_with_the_slope_of_a_linear_detector():
    fit = fit_background(LEVELS[:3], 2.0 * (LEVELS[:3] + 80.0))
    assert fit.slope == 1.0
    assert fit.molecules == pytest.approx(80.0, abs=0.01)
    assert fit.molecules_of(2.0 * 5000.0) == pytest.approx(5000.0, rel=1e-5)


def test_two_levels_are_fitted_with_slope_one_and_no_background():
    fit = fit_background(LEVELS[:2], 2.0 * LEVELS[:2] ** 1.02)
    assert (fit.slope, fit.molecules) == (1.0, 0.0)
    ratios = fit.molecules_of(2.0 * LEVELS[0] ** 1.02) / LEVELS[0]
    assert ratios * fit.molecules_of(2.0 * LEVELS[1] ** 1.02) / LEVELS[1] == pytest.approx(1.0)
