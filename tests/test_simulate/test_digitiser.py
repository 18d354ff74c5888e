import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hladr.simulate.digitiser import FloatDigitiser, LinearDigitiser, LogDigitiser

WITHIN = {
    "linear 10 bits": (LinearDigitiser(range=1024, bits=16), 1023.0),
    "linear 20 bits": (LinearDigitiser(range=1 << 20), 1048575.0),
}


@pytest.mark.parametrize(("digitiser", "top"), WITHIN.values(), ids=WITHIN)
@given(values=arrays(float, 20, elements=st.floats(0, 1_048_575.0)))
def test_a_linear_channel_holds_the_value_to_one_below(digitiser, top, values):
    inside = values[values < top + 1]
    error = inside - digitiser.scale(digitiser.stored(inside))
    assert np.all((error >= 0) & (error < 1))


@given(values=arrays(float, 20, elements=st.floats(1.0, 9_999.0)))
def test_a_log_channel_holds_the_value_to_one_channel_of_four_decades(values):
    digitiser = LogDigitiser()
    ratio = values / digitiser.scale(digitiser.stored(values))
    # 10 ** (4 / 1024) is 0.9 % a channel; a value on an edge may fall to either side.
    assert np.all((ratio > 1 - 1e-12) & (ratio < 10 ** (4 / 1024) * (1 + 1e-12)))


@given(values=arrays(float, 20, elements=st.floats(1.0, 9_999.0)))
def test_ripple_moves_a_log_channel_by_no_more_than_declared(values):
    ratio = LogDigitiser(range=1 << 24, ripple=0.02)
    measured = ratio.scale(ratio.stored(values)) / values
    assert np.all(np.abs(np.log(measured)) < 0.02 + 1e-5)


@given(values=arrays(float, 20, elements=st.floats(-1e6, 262_142.0)))
def test_a_float_keeps_24_bits_and_what_is_below_zero(values):
    stored = FloatDigitiser().stored(values)
    assert stored.dtype == np.float32
    np.testing.assert_allclose(stored, values, rtol=2.0**-24, atol=1e-30)


@pytest.mark.parametrize(
    ("digitiser", "low", "high"),
    [
        (FloatDigitiser(), -1e9, 262143),
        (LinearDigitiser(range=1024), 0, 1023),
        (LogDigitiser(), 0, 1023),
    ],
    ids=["float", "linear", "log"],
)
def test_what_is_beyond_the_range_is_stored_at_its_end(digitiser, low, high):
    np.testing.assert_array_equal(digitiser.stored(np.array([-1e9, 1e12])), [low, high])
