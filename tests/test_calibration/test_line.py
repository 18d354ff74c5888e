"""The line against statsmodels."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given
from hypothesis import strategies as st

from calibration.line import fit_line

POINTS = st.integers(3, 8).flatmap(
    lambda n: st.tuples(
        st.lists(st.floats(1.0, 6.0), min_size=n, max_size=n, unique_by=lambda x: round(x, 2)),
        st.lists(st.floats(0.0, 6.0), min_size=n, max_size=n, unique_by=lambda y: round(y, 2)),
    )
)


@given(POINTS, st.floats(0.0, 7.0))
def test_line_and_its_standard_errors_are_those_of_statsmodels(points, at):
    x, y = points
    ours = fit_line(x, y)
    theirs = sm.OLS(y, sm.add_constant(np.array(x))).fit()
    scale = abs(theirs.params).max()
    assert ours.intercept == pytest.approx(theirs.params[0], rel=1e-8, abs=1e-8 * scale)
    assert ours.slope == pytest.approx(theirs.params[1], rel=1e-8, abs=1e-8 * scale)
    assert ours.residual_sd == pytest.approx(np.sqrt(theirs.mse_resid), rel=1e-6, abs=1e-9)
    assert ours.r_squared == pytest.approx(theirs.rsquared, abs=1e-8)
    predicted = theirs.get_prediction([1.0, at]).se_mean[0]
    assert ours.residual_sd * np.sqrt(ours.leverage(at)) == pytest.approx(predicted, rel=1e-6)


def test_two_points_leave_no_residual():
    line = fit_line([1.0, 2.0], [3.0, 5.0])
    assert (line.slope, line.intercept) == (2.0, 1.0)
    assert line.residual_sd is None


@pytest.mark.parametrize(
    ("x", "y"), [([1.0], [1.0]), ([1.0, 2.0], [1.0]), ([1.0, 1.0], [1.0, 2.0])]
)
def test_no_line_without_two_points_at_different_x(x, y):
    with pytest.raises(ValueError, match="expected"):
        fit_line(x, y)
