"""Bits above $PnR: flags of the instrument, or numbers that its range cuts; NaN counted."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.fcs import EventTable, read_fcs

N = 3000


def said(findings):
    return {finding.code: str(finding.severity) for finding in findings}


def table_of(handmade, numbers, *, bits=16, data_range=1024):
    data = np.ascontiguousarray(np.array(numbers).T).astype(f"<u{bits // 8}").tobytes()
    return read_fcs(handmade(data, bits=bits, data_range=data_range))


@pytest.mark.parametrize("extra_bits", [1, 2, 3, 6])
def test_numbers_of_more_bits_than_the_range_are_no_flags(extra_bits, handmade):
    """12-bit numbers in a range of 10 bits have but four patterns above it."""
    numbers = np.random.default_rng(1).integers(0, 2 ** (10 + extra_bits), (2, N))
    table = table_of(handmade, numbers)
    assert said(table.findings) == {"NUMBERS_ABOVE_RANGE": "warn"}
    assert (table.column("C1") == numbers[0] & 1023).all()


@settings(max_examples=60)
@given(constant=st.integers(0, 31), which=st.integers(0, 2**31), seed=st.integers(0, 1000))
def test_flags_of_an_instrument_are_masked_with_a_note(handmade, constant, which, seed):
    """A channel number that never changes, and a bit that comes and goes (Beckman)."""
    rng = np.random.default_rng(seed)
    numbers = rng.integers(0, 2**20, (2, 200)).astype(np.uint32)
    flags = (constant << 25) + ((which >> np.arange(200, dtype=np.uint32) % 31) & 1) * 2**24
    flagged = (numbers | flags.astype(np.uint32)).astype("<u4")
    table = read_fcs(handmade(flagged.T.tobytes(), bits=32, data_range=2**20))
    assert set(said(table.findings)) <= {"BITS_ABOVE_RANGE"}
    np.testing.assert_array_equal(table.events.T, numbers)


def test_what_the_first_events_do_not_show_is_said_of_the_column(handmade):
    numbers = np.full((2, 5000), 5)
    numbers[1, 2000:] = 3000
    table = table_of(handmade, numbers)
    assert table.findings == ()
    assert table.column_findings("C1") == ()
    (finding,) = table.column_findings("C2")
    assert (finding.code, finding.severity) == ("NUMBERS_ABOVE_RANGE", "warn")
    assert "3,000 of 5,000 integers of 'C2'" in finding.message


def test_what_the_first_events_show_is_not_said_twice(handmade):
    numbers = np.random.default_rng(1).integers(0, 4096, (2, 5000))
    table = table_of(handmade, numbers)
    assert "NUMBERS_ABOVE_RANGE" in said(table.findings)
    assert table.column_findings("C1") == ()


def test_flags_in_the_first_events_do_not_hide_numbers_in_later_ones(handmade):
    numbers = np.full((2, 5000), 0x8001)
    numbers[0, 3000:] = 3000
    table = table_of(handmade, numbers)
    assert said(table.findings) == {"BITS_ABOVE_RANGE": "note"}
    assert said(table.column_findings("C1")) == {"NUMBERS_ABOVE_RANGE": "warn"}
    assert table.column_findings("C2") == ()


def test_a_single_number_above_its_range_among_thousands_is_a_note(handmade):
    numbers = np.full((2, 5000), 5)
    numbers[0, 4000] = 1500
    assert said(table_of(handmade, numbers).column_findings("C1")) == {
        "NUMBERS_ABOVE_RANGE": "note"
    }


@pytest.mark.parametrize(("lost", "severity"), [(1, "note"), (99, "note"), (100, "warn")])
@pytest.mark.parametrize("value", [math.nan, math.inf, -math.inf])
def test_values_that_are_no_numbers_are_counted(lost, severity, value):
    values = np.ones(10_000)
    values[-lost:] = value
    table = EventTable.from_columns({"A": values, "B": np.ones(10_000)})
    (finding,) = table.column_findings("A")
    assert (finding.code, finding.severity) == ("NONFINITE_VALUES", severity)
    assert finding.message.startswith(f"{lost} of 10,000 numbers of 'A'")
    assert table.column_findings("B") == ()


def test_a_range_above_what_the_bits_hold_gives_a_top_that_a_number_can_reach(handmade):
    numbers = np.full((2, 10), 65535)
    table = table_of(handmade, numbers, data_range=262144)
    assert said(table.findings) == {"RANGE_ABOVE_WIDTH": "note"}
    assert table.top("C1") == 65535.0 == table.column("C1").max()
    as_declared = table_of(handmade, numbers, data_range=65536)
    assert (as_declared.findings, as_declared.top("C1")) == ((), 65535.0)
