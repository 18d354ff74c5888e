"""Scale values: bit mask, log amplification and gain undone, Time in seconds."""

import io
import math
import struct

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.fcs import OutputChannel, read_fcs, write_fcs


def codes(table):
    return {finding.code for finding in table.findings}


def stored(channel, **options):
    file = io.BytesIO()
    write_fcs(file, [channel], **options)
    return read_fcs(file.getvalue())


@given(
    st.lists(st.integers(0, 1023), min_size=1),
    st.floats(0.1, 8.0),
    st.floats(0.001, 10.0),
    st.sampled_from([256, 1000, 1024]),
)
def test_log_amplification_is_undone_by_the_formula_of_fcs_31(numbers, decades, offset, top):
    amplification = f"{decades!r},{offset!r}"
    channel = OutputChannel("L", numbers, bits=16, range=top, amplification=amplification)
    values = stored(channel, data_type="I").column("L")
    bits = math.ceil(math.log2(top))
    for value, number in zip(values, numbers, strict=True):
        masked = number % 2**bits
        assert value == pytest.approx(offset * 10 ** (decades * masked / top), rel=1e-12)


@pytest.mark.parametrize("bits", [8, 16, 24, 32, 64])
def test_log_values_do_not_depend_on_the_width_of_the_numbers(bits):
    numbers = np.arange(256)
    channel = OutputChannel("L", numbers, bits=bits, range=256, amplification="3,0.5")
    values = stored(channel, data_type="I").column("L")
    np.testing.assert_allclose(values, 0.5 * 10.0 ** (3.0 * numbers / 256), rtol=1e-12)


def test_log_values_of_a_wide_range_are_computed_one_by_one():
    numbers = np.array([0, 2**17, 2**20 - 1])
    channel = OutputChannel("L", numbers, bits=32, range=2**20, amplification="4,1")
    values = stored(channel, data_type="I").column("L")
    np.testing.assert_allclose(values, 10.0 ** (4.0 * numbers / 2**20), rtol=1e-12)


def test_an_illegal_offset_of_zero_is_one_and_a_finding():
    channel = OutputChannel("L", [0, 512], bits=16, range=1024, amplification="4,0")
    table = stored(channel, data_type="I")
    assert table.column("L").tolist() == pytest.approx([1.0, 100.0])
    assert table.channels[0].log_offset == 1.0
    assert "LOG_OFFSET_ZERO" in codes(table)


@pytest.mark.parametrize("data_type", ["F", "D"])
def test_log_amplification_of_floats_is_ignored_and_a_finding(data_type):
    channel = OutputChannel("L", [0.0, 512.0, -3.5], amplification="4,1")
    table = stored(channel, data_type=data_type)
    assert table.column("L").tolist() == [0.0, 512.0, -3.5]
    assert table.channels[0].log_decades == 0.0
    assert "LOG_OF_FLOATS" in codes(table)


@pytest.mark.parametrize(
    ("data_range", "bits", "number", "expected"),
    [
        (1024, 16, 0xFC00 | 700, 700),
        (1000, 16, 0xFC00 | 1010, 1010),
        (1025, 16, 0xF800 | 1024, 1024),
        (65536, 16, 65535, 65535),
        (262144, 16, 65535, 65535),
        (262144, 32, 0xFFFC0001, 1),
        (2**28, 32, 0xF0000005, 5),
        (2**20, 24, 0xF00007, 7),
        (255, 8, 255, 255),
        (3, 8, 0xF6, 2),
        (2**40, 64, 2**63 + 9, 9),
    ],
)
def test_bits_above_the_range_are_masked_and_kept_in_raw(data_range, bits, number, expected):
    values = np.array([number], dtype=np.uint64)
    table = stored(OutputChannel("A", values, bits=bits, range=data_range), data_type="I")
    assert table.column("A").tolist() == [expected]
    assert int(table.raw()[0, 0]) == number


def test_flags_above_the_range_are_a_note_and_larger_numbers_a_warning():
    numbers = np.arange(1000)
    flags = OutputChannel("A", numbers | 0x8000, bits=16, range=1024)
    large = OutputChannel("A", numbers, bits=16, range=64)
    for channel, code, severity in (
        (flags, "BITS_ABOVE_RANGE", "note"),
        (large, "NUMBERS_ABOVE_RANGE", "warn"),
    ):
        table = stored(channel, data_type="I")
        assert {f.code: f.severity for f in table.findings} == {code: severity}
        assert table.masked("A") == np.count_nonzero(channel.values >= channel.range)
    assert stored(OutputChannel("A", numbers, bits=16, range=1024), data_type="I").findings == ()


@pytest.mark.parametrize("data_type", ["I", "F", "D"])
def test_gain_is_undone(data_type):
    table = stored(OutputChannel("A", [10, 25], gain=4.0), data_type=data_type)
    assert table.column("A").tolist() == [2.5, 6.25]
    assert table.top("A") == 262143 / 4.0


def test_a_gain_of_zero_is_not_divided_by_and_a_finding():
    table = stored(OutputChannel("A", [10.0], gain=0.0))
    assert table.column("A").tolist() == [10.0]
    assert table.channels[0].gain == 0.0
    assert "GAIN_ZERO" in codes(table)


@pytest.mark.parametrize("gain", [None, 0.0, 0.01, 1.0])
def test_time_is_in_seconds_whatever_its_gain(gain):
    table = stored(OutputChannel("Time", [0, 100, 250], gain=gain), keywords={"$TIMESTEP": "0.01"})
    assert table.column("Time").tolist() == pytest.approx([0.0, 1.0, 2.5])


@pytest.mark.parametrize("step", ["xxxxxxxxx", "0", "-1", "nan"])
def test_a_time_step_that_is_no_number_leaves_the_steps_and_is_a_finding(step):
    table = stored(OutputChannel("Time", [0, 100]), keywords={"$TIMESTEP": step})
    assert table.column("Time").tolist() == [0.0, 100.0]
    assert "TIME_STEP_UNREADABLE" in codes(table)


def test_a_blank_time_step_is_as_none():
    table = stored(OutputChannel("Time", [0, 100]), keywords={"$TIMESTEP": " "})
    assert table.column("Time").tolist() == [0.0, 100.0]
    assert table.findings == ()


@pytest.mark.parametrize(
    ("channel", "data_type", "top"),
    [
        (OutputChannel("A", [1], bits=16, range=1024), "I", 1023.0),
        (OutputChannel("A", [1], "m", 16, 1024, "4,1"), "I", 10 ** (4 * 1023 / 1024)),
        (OutputChannel("A", [1.0]), "F", 262143.0),
        (OutputChannel("A", [1.0], range=23.4094), "F", None),
        (OutputChannel("A", [1.0], range=0), "F", None),
        (OutputChannel("A", [1.0], range=-1), "F", None),
        (OutputChannel("Time", [1.0]), "F", None),
    ],
)  # fmt: skip
def test_the_top_of_a_detector_is_its_range_less_one_or_not_known(channel, data_type, top):
    found = stored(channel, data_type=data_type).top(channel.name)
    assert found == (None if top is None else pytest.approx(top))


@pytest.mark.parametrize("data_range", [0, -1, 23.4094])
def test_an_odd_range_of_floats_is_a_finding(data_range):
    assert "ODD_RANGE" in codes(stored(OutputChannel("A", [1.0], range=data_range)))


def test_a_missing_range_of_floats_is_not_a_number(handmade):
    data = struct.pack("<2f", 1.0, 2.0)
    content = handmade(data, bits=32, data_type="F", n_channels=1, extra={"$P1R": None})
    table = read_fcs(content)
    assert math.isnan(table.channels[0].range)
    assert table.top("C1") is None
