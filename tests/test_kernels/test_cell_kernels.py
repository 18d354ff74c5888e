"""What is asked of every event, against the same in NumPy, NaN and infinities among the values."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from hladr.kernels.cells import never_falls, on_scale, quotient

VALUES = st.sampled_from([-np.inf, -1.0, 0.0, 1.0, 5.0, 1e308, np.inf, np.nan])


def columns(n):
    return arrays.arrays(np.float64, (n, 40), elements=VALUES)


@given(columns(4), st.sampled_from([5.0, np.inf]), st.sampled_from([1e308, np.inf]))
def test_on_scale_is_above_zero_below_the_top_and_stained_finitely(values, fsc_top, ssc_top):
    fsc, ssc, cd14, cd45 = values
    expected = (fsc > 0) & (fsc < fsc_top) & (ssc > 0) & (ssc < ssc_top)
    expected &= np.isfinite(cd14) & np.isfinite(cd45)
    np.testing.assert_array_equal(on_scale(fsc, ssc, (cd14, cd45), fsc_top, ssc_top), expected)


@given(columns(2))
def test_a_quotient_is_that_of_numpy_where_both_are_above_zero(values):
    above, below = values
    with np.errstate(all="ignore"):
        expected = np.where((above > 0) & (below > 0), above / below, np.nan)
    np.testing.assert_array_equal(quotient(above, below), expected)


@given(st.lists(VALUES, min_size=1, max_size=5), st.booleans())
def test_a_clock_is_finite_and_rises(values, in_order):
    time = np.array(sorted(values) if in_order else values)
    expected = np.isfinite(time).all() and (np.diff(time) >= 0).all() and time[-1] > time[0]
    assert never_falls(time) == expected


@pytest.mark.parametrize("time", [[1.0, 2.0, 2.0, 3.0], [0.0, 1e-300]])
def test_a_clock_may_stand_between(time):
    assert never_falls(np.array(time))
