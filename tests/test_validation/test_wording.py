"""Numbers of a method validation as they are printed."""

import math

import pytest

from hladr.agreement import Interval
from hladr.validation.least_squares import Coefficient
from hladr.validation.wording import coefficient_range, coefficient_value, decimals_of


@pytest.mark.parametrize(
    ("value", "low", "high", "text"),
    [
        (39_885.7174, 39_320.5512, 40_450.8836, "39,886 39,321 to 40,451"),
        (1.01634, 1.0102, 1.0225, "1.0163 1.0102 to 1.0225"),
        (412.345, 401.27, 423.42, "412.35 401.27 to 423.42"),
        (0.00412, 0.0039, 0.0043, "0.0041 0.0039 to 0.0043"),
    ],
)
def test_a_slope_has_the_digits_that_it_can_bear_in_any_unit(value, low, high, text):
    found = Coefficient(value, Interval(low, high), 0.5)
    decimals = decimals_of(found)
    assert f"{coefficient_value(found, decimals)} {coefficient_range(found, decimals)}" == text


@pytest.mark.parametrize("value", [0.0, math.nan, math.inf])
def test_a_slope_without_a_size_has_decimals_too(value):
    assert decimals_of(Coefficient(value, Interval(math.nan, math.nan), math.nan)) == 4
