"""Weighted sums of a file's channels: the same whole, in pieces and for some events."""

import io

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.fcs import EventTable, OutputChannel, read_fcs, write_fcs
from hladr.fcs.errors import ChannelNotFound
from hladr.fcs.sums import SumReader, SumsReader, WeightedSum

STORED = {
    "single floats": {"data_type": "F", "byte_order": "little"},
    "single floats, big end first": {"data_type": "F", "byte_order": "big"},
    "double floats": {"data_type": "D"},
    "integers": {"data_type": "I"},
    "a gain": {"data_type": "F", "gain": 2.0},
    "a logarithm": {"data_type": "I", "amplification": "4,1"},
    "a time step": {"data_type": "F", "keywords": {"$TIMESTEP": "0.125"}},
}


def stored(name, n_events=300):
    options = dict(STORED[name])
    gain, amplification = options.pop("gain", None), options.pop("amplification", "0,0")
    rng = np.random.default_rng(3)
    channels = [
        OutputChannel(
            each,
            np.sort(rng.integers(1, 1000, n_events)),
            bits=16,
            range=1024.0,
            gain=None if each == "Time" else gain,
            amplification="0,0" if each == "Time" else amplification,
        )
        for each in ("A", "B", "C", "Time")
    ]
    file = io.BytesIO()
    write_fcs(file, channels, **options)
    return read_fcs(file.getvalue())


def asked(table):
    a, b, c, time = table.channels
    return [
        WeightedSum((b, a, c), (1.01, -0.125, -0.003)),
        WeightedSum.recorded(time),
        WeightedSum((a, b), (1.0, 0.0)),
    ]


@pytest.mark.parametrize("name", STORED)
def test_sums_are_those_of_the_columns_however_they_are_stored(name):
    table = stored(name)
    a, b, c, time = (table.column(each) for each in ("A", "B", "C", "Time"))
    expected = np.stack([1.01 * b - 0.125 * a - 0.003 * c, time, a])
    found = np.stack(SumsReader.of(table, asked(table)).whole())
    np.testing.assert_allclose(found, expected, rtol=1e-13, atol=1e-10)
    np.testing.assert_array_equal(found[1], time)


@pytest.mark.parametrize("name", STORED)
def test_parts_of_a_file_and_some_events_have_the_very_sums_of_the_whole(name):
    table = stored(name)
    together = SumsReader.of(table, asked(table))
    whole = np.stack(together.whole())
    np.testing.assert_array_equal(together.between(100, 217), whole[:, 100:217])
    some = np.array([99, 0, 7])
    for sum_, values in zip(asked(table), whole, strict=True):
        alone = SumReader.of(table, sum_)
        np.testing.assert_array_equal(alone.between(100, 217), values[100:217])
        np.testing.assert_array_equal(alone.at(200, some), values[200 + some])
        assert alone.is_cheap == (sum_ != asked(table)[0])


def test_a_nan_under_weight_zero_is_not_read_and_one_under_another_stays():
    table = EventTable.from_columns({"A": [1.0, 2.0], "B": [np.nan, 3.0]})
    a, b = table.channels
    first, second = SumsReader.of(
        table, [WeightedSum((a, b), (1.0, 0.0)), WeightedSum((a, b), (1.0, 1.0))]
    ).whole()
    np.testing.assert_array_equal(first, [1.0, 2.0])
    np.testing.assert_array_equal(second, [np.nan, 5.0])


@pytest.mark.parametrize("name", ["single floats", "integers"])
def test_a_file_without_events_has_empty_sums(name):
    table = stored(name, n_events=0)
    assert [each.size for each in SumsReader.of(table, asked(table)).whole()] == [0, 0, 0]


@settings(max_examples=30)
@given(st.lists(st.floats(-2.0, 2.0), min_size=3, max_size=3), st.integers(0, 100))
def test_two_sums_added_are_the_sum_of_added_weights(weights, seed):
    rng = np.random.default_rng(seed)
    table = EventTable.from_columns({name: rng.normal(size=20) for name in "ABC"})
    other = rng.normal(size=3)
    pairs = [weights, other, np.array(weights) + other]
    first, second, both = SumsReader.of(
        table, [WeightedSum(table.channels, tuple(map(float, each))) for each in pairs]
    ).whole()
    np.testing.assert_allclose(first + second, both, rtol=1e-9, atol=1e-12)


def test_a_channel_of_another_file_is_refused():
    one, other = (EventTable.from_columns({name: [1.0]}) for name in "AB")
    with pytest.raises(ChannelNotFound):
        SumsReader.of(one, [WeightedSum.recorded(other.channels[0])])
