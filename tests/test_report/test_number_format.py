"""Numbers as they are printed."""

import math
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr import number_format as nf

SPACE = "\u202f"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (611.83, "611.8"),
        (62_336.4, "62,336"),
        (4521.0, "4,521"),
        (9.9996, "10.00"),
        (0.0673, "0.06730"),
        (-1.5803, "−1.580"),
        (0.0, "0"),
        (1e-9, "1.000e−09"),
        (math.nan, "not determined"),
        (math.inf, "not determined"),
    ],
)
def test_significant_digits(value, text):
    assert nf.format_significant(value) == text


@given(st.floats(1e-5, 1e14), st.integers(1, 6))
def test_what_is_printed_is_within_half_a_unit_of_the_last_digit_asked_for(value, digits):
    printed = float(nf.format_significant(value, digits).replace(",", ""))
    unit = 10.0 ** (math.floor(math.log10(value)) - digits + 1)
    assert abs(printed - value) <= 0.5001 * min(unit, max(unit, 1.0))


@pytest.mark.parametrize(
    ("percent", "text"),
    [
        (7.94, "7.9"), (0.354, "0.35"), (0.004, "< 0.01"), (0.0, "0"), (100.0, "100"),
        (99.96, "99.96"), (99.9999, "99.99"), (23.45, "23.4"), (150.0, "150.0"),
    ],
)  # fmt: skip
def test_percents(percent, text):
    assert nf.format_percent(percent) == f"{text}{SPACE}%"


@given(st.floats(0.0, 100.0, exclude_min=True, exclude_max=True))
def test_some_is_never_printed_as_none_nor_as_all(percent):
    assert nf.format_percent(percent) not in {f"{n}{SPACE}%" for n in ("0", "0.00", "100", "100.0")}


@pytest.mark.parametrize(
    ("percent", "text"), [(0.42, "+0.4"), (-1.3, "−1.3"), (-0.04, "0.0"), (0.0, "0.0")]
)
def test_deviations_carry_their_sign(percent, text):
    assert nf.format_signed_percent(percent) == f"{text}{SPACE}%"


@pytest.mark.parametrize(
    ("value", "text"),
    [(1.0114, "1.011"), (-0.0001, "0.000"), (-1.58, "−1.580"), (12e3, "12,000.000")],
)
def test_fixed_decimals_have_no_minus_zero(value, text):
    assert nf.format_fixed(value, 3) == text


@pytest.mark.parametrize(
    ("dof", "text"),
    [(2.0, "2"), (7.34, "7.3"), (4205.0, "4,205"), (math.inf, "∞"), (math.nan, "not determined")],
)
def test_degrees_of_freedom(dof, text):
    assert nf.format_degrees_of_freedom(dof) == text


@given(st.floats(0.0, 1.0))
def test_r_squared_never_looks_better_than_it_is(r_squared):
    printed = Decimal(nf.format_r_squared(r_squared))
    shortest = Decimal(repr(r_squared))
    assert printed <= shortest
    assert shortest - printed <= Decimal("0.0002")


def test_counts_are_grouped_by_thousands():
    assert nf.format_count(61_800) == "61,800"
