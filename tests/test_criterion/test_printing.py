"""What is printed never contradicts what was compared."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.criterion import (
    CutOff,
    Inequality,
    Quantity,
    format_abc,
    format_probability,
    load_criterion,
)

BELOW_5000 = CutOff(Quantity.ABC, Inequality.BELOW, 5000.0)
ABOVE_8000 = CutOff(Quantity.ABC, Inequality.ABOVE, 8000.0)
IMMUNOSEP_CUTOFFS = load_criterion("immunosep-2025").cutoffs(Quantity.ABC)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (3394.0, "3,394"),
        (3394.4, "3,394"),
        (62_336.2, "62,336"),
        (812.0, "812"),
        (4999.6, "4,999.6"),
        (4999.96, "4,999.96"),
        (4999.4, "4,999"),
        (5000.0, "5,000"),
        (5000.3, "5,000"),  # not below 5,000, and neither is what is printed
        (8000.0, "8,000"),
        (7999.7, "8,000"),  # not above 8,000, and neither is what is printed
        (8000.3, "8,000.3"),
        (8000.04, "8,000.04"),
        (1_234_567.8, "1,234,568"),
    ],
)
def test_abc_is_printed_whole_unless_that_would_cross_a_cutoff(value, text):
    assert format_abc(value, [BELOW_5000, ABOVE_8000]) == text
    assert format_abc(value, IMMUNOSEP_CUTOFFS) == text


def test_without_a_cutoff_nothing_can_be_crossed():
    assert format_abc(4999.6, []) == "5,000"


@given(
    value=st.floats(min_value=0.01, max_value=1e7)
    | st.floats(min_value=4999.0, max_value=5001.0)
    | st.floats(min_value=-40, max_value=40).map(lambda step: 5000.0 + step * 2.0**-38),
    inequality=st.sampled_from(Inequality),
    cut=st.sampled_from([5000.0, 8000.0, 4420.5, 15_000.0]),
)
def test_the_printed_number_is_on_the_same_side_of_every_cutoff(value, inequality, cut):
    cutoff = CutOff(Quantity.ABC, inequality, cut)
    text = format_abc(value, [cutoff])
    printed = float(text.replace(",", ""))
    assert cutoff.holds(printed) == cutoff.holds(value)
    assert abs(printed - value) <= 0.5 + 1e-9


@pytest.mark.parametrize("value", [math.nextafter(5000.0, 0.0), math.nextafter(8000.0, 9000.0)])
def test_even_the_next_number_to_a_cutoff_is_printed_on_its_side(value):
    text = format_abc(value, IMMUNOSEP_CUTOFFS)
    assert text.startswith(("4,999.", "8,000."))
    printed = float(text.replace(",", ""))
    assert (printed < 5000, printed > 8000) == (value < 5000, value > 8000)


@pytest.mark.parametrize(
    ("probability", "text"),
    [
        (1.0, "0.999"),
        (0.99999, "0.999"),
        (0.999, "0.999"),
        (0.9989, "0.998"),
        (0.253, "0.253"),
        (0.57, "0.570"),
        (0.5, "0.500"),
        (0.25, "0.250"),
        (0.0, "0.001"),
    ],
)
def test_a_probability_is_printed_low_and_never_as_certain(probability, text):
    assert format_probability(probability) == text


def test_three_decimals_are_printed_as_they_are():
    given = [thousandths / 1000 for thousandths in range(1, 1000)]
    assert [format_probability(value) for value in given] == [f"{value:.3f}" for value in given]


@given(probability=st.floats(min_value=0.001, max_value=1.0))
def test_a_printed_probability_claims_no_more_than_there_is(probability):
    printed = float(format_probability(probability))
    assert printed <= probability + 1e-9
    assert printed > min(probability, 0.999) - 0.001 - 1e-9


@pytest.mark.parametrize("probability", [-0.1, 1.1, math.nan])
def test_what_is_no_probability_is_not_printed(probability):
    with pytest.raises(ValueError, match="between 0 and 1"):
        format_probability(probability)
