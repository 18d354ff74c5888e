"""Columns for gates: what they hold, against NumPy and FlowKit, and what is read for them."""

import flowkit
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.fcs.errors import AmbiguousChannel
from hladr.fcs.table import EventTable
from hladr.gates import (
    FILE_MATRIX,
    Compensated,
    Dimension,
    EventColumns,
    GateChannelMissing,
    Interval,
    InvalidMatrix,
    Matrix,
    Ratio,
    Recorded,
    RectangleGate,
)

DETECTORS = ("FL1-A", "FL2-A", "FL3-A")
SPECTRA = ((1.0, 0.02, 0.06), (0.11, 1.0, 0.07), (0.09, 0.01, 1.0))
SQUARE = Matrix("square", ("FITC", "PE", "PerCP"), DETECTORS, SPECTRA)


def table(spillover=None, names=(*DETECTORS, "FSC-A")):
    rng = np.random.default_rng(7)
    keywords = {} if spillover is None else {"$SPILLOVER": spillover}
    return EventTable.from_columns(
        {name: np.float32(rng.normal(1000.0, 300.0, 50)) for name in names}, keywords=keywords
    )


def measured(events):
    return np.column_stack(events.columns(DETECTORS))


def test_a_square_matrix_compensates_as_flowkit_does():
    events = table()
    columns = EventColumns(events)
    ours = np.column_stack([columns[Compensated(f, SQUARE)] for f in SQUARE.fluorochromes])
    sample = flowkit.Sample(measured(events), sample_id="s", channel_labels=list(DETECTORS))
    theirs = flowkit.Matrix(np.array(SPECTRA), list(DETECTORS)).apply(sample)
    np.testing.assert_allclose(ours, theirs, rtol=1e-12)


def test_more_detectors_than_fluorochromes_are_unmixed_by_least_squares():
    matrix = Matrix("spectral", ("FITC", "PE"), DETECTORS, SPECTRA[:2])
    events = table()
    columns = EventColumns(events)
    ours = np.column_stack([columns[Compensated(f, matrix)] for f in matrix.fluorochromes])
    expected, *_ = np.linalg.lstsq(np.array(SPECTRA[:2]).T, measured(events).T, rcond=None)
    np.testing.assert_allclose(ours, expected.T, rtol=1e-10)


@settings(max_examples=40)
@given(rows=st.integers(1, 5), further=st.integers(0, 4), seed=st.integers(0, 9999))
def test_unmixing_what_was_mixed_brings_it_back(rows, further, seed):
    rng = np.random.default_rng(seed)
    detectors = tuple(f"D{i}" for i in range(rows + further))
    spectra = rng.uniform(0.0, 0.1, (rows, rows + further)) + np.eye(rows, rows + further)
    names = tuple(f"F{i}" for i in range(rows))
    matrix = Matrix("m", names, detectors, tuple(map(tuple, spectra.tolist())))
    true = rng.normal(500.0, 500.0, (40, rows))
    mixed = true @ spectra
    columns = EventColumns(EventTable.from_columns(dict(zip(detectors, mixed.T, strict=True))))
    found = np.column_stack([columns[Compensated(name, matrix)] for name in names])
    np.testing.assert_allclose(found, true, rtol=1e-8, atol=1e-8)


def test_a_matrix_that_is_inverted_already_multiplies_the_detectors():
    inverse = tuple(map(tuple, np.linalg.inv(np.array(SPECTRA)).tolist()))
    inverted = Matrix("inverted", SQUARE.fluorochromes, DETECTORS, inverse, inverted=True)
    columns = EventColumns(table())
    for name in SQUARE.fluorochromes:
        expected = columns[Compensated(name, SQUARE)]
        np.testing.assert_allclose(columns[Compensated(name, inverted)], expected, rtol=1e-12)


def test_the_files_own_matrix_is_used_and_scatter_left_alone():
    columns = EventColumns(table("2,FL1-A,FL2-A,1,0.1,0.02,1"))
    inverse = np.linalg.inv(np.array([[1.0, 0.1], [0.02, 1.0]]))
    pair = np.column_stack([columns[Recorded("FL1-A")], columns[Recorded("FL2-A")]])
    expected = pair @ inverse
    np.testing.assert_allclose(columns[Compensated("FL2-A", FILE_MATRIX)], expected[:, 1])
    for name in ("FL3-A", "FSC-A"):
        recorded = columns[Recorded(name)]
        np.testing.assert_array_equal(columns[Compensated(name, FILE_MATRIX)], recorded)


def test_a_file_without_a_matrix_leaves_values_as_they_are():
    columns = EventColumns(table())
    for name in DETECTORS:
        recorded = columns[Recorded(name)]
        np.testing.assert_array_equal(columns[Compensated(name, FILE_MATRIX)], recorded)


def test_a_channel_outside_a_given_matrix_comes_as_it_is():
    columns = EventColumns(table())
    np.testing.assert_array_equal(columns[Compensated("FSC-A", SQUARE)], columns["FSC-A"])


def test_a_ratio_is_made_of_compensated_columns_and_held_within_its_bounds():
    columns = EventColumns(table())
    above, below = Compensated("PE", SQUARE), Recorded("FSC-A")
    plain = columns[Ratio(above, below, 2.7, -100.0, -300.0)]
    expected = 2.7 * ((columns[above] + 100.0) / (columns[below] + 300.0))
    np.testing.assert_array_equal(plain, expected)
    bounded = columns[Ratio(above, below, 2.7, -100.0, -300.0, low=2.0, high=3.0)]
    np.testing.assert_array_equal(bounded, np.clip(expected, 2.0, 3.0))


def test_division_by_zero_is_an_infinity_that_a_bound_cuts():
    events = EventTable.from_columns({"A": [1.0, -1.0, 0.0], "B": [0.0, 0.0, 0.0]})
    a, b = Recorded("A"), Recorded("B")
    free = EventColumns(events)[Ratio(a, b, 1.0, 0.0, 0.0)]
    np.testing.assert_array_equal(free, [np.inf, -np.inf, np.nan])
    cut = EventColumns(events)[Ratio(a, b, 1.0, 0.0, 0.0, high=15.3)]
    np.testing.assert_array_equal(cut, [15.3, -np.inf, np.nan])


def test_each_column_is_made_once():
    columns = EventColumns(table())
    made = columns[Compensated("PE", SQUARE)]
    assert columns[Compensated("PE", SQUARE)] is made
    assert not made.flags.writeable


def test_columns_are_the_same_whole_in_part_and_for_some_events():
    events = table()
    columns = EventColumns(events)
    some = np.array([19, 0, 3])
    for column in (
        Compensated("PE", SQUARE),
        Recorded("FSC-A"),
        Ratio(Recorded("FSC-A"), Compensated("PE", SQUARE), a=2.0, b=1.0, c=3.0),
    ):
        whole, reader = columns[column], columns.reader(column)
        np.testing.assert_array_equal(reader.between(10, 30), whole[10:30])
        np.testing.assert_array_equal(reader.at(10, some), whole[10 + some])


def test_a_detector_of_weight_zero_is_not_read_so_its_nan_does_no_harm():
    matrix = Matrix("m", ("A", "B"), ("FL1-A", "FL2-A"), ((1.0, 0.0), (0.0, 1.0)))
    events = EventTable.from_columns({"FL1-A": [1.0, 2.0], "FL2-A": [np.nan, 3.0]})
    np.testing.assert_array_equal(EventColumns(events)[Compensated("A", matrix)], [1.0, 2.0])


NOT_HERE = Matrix("mine", ("X", "Y"), ("FL1-A", "FL8-A", "FL9-A"), ((1.0, 0.1, 0), (0.1, 1.0, 0)))


@pytest.mark.parametrize(
    ("column", "absent", "through"),
    [
        ("CD14", "CD14", ""),
        (Recorded("CD14"), "CD14", ""),
        (Compensated("CD14", FILE_MATRIX), "CD14", "'CD14 (compensated as the file says)'"),
        (Compensated("CD14", NOT_HERE), "CD14", "'CD14 (compensated by mine)'"),
        (Compensated("Y", NOT_HERE), "FL8-A", "'Y (compensated by mine)'"),
        (Ratio(Recorded("FSC-A"), Recorded("CD14"), 1.0, 0.0, 0.0), "CD14", "'FSC-A / CD14'"),
        (
            Ratio(Recorded("FSC-A"), Compensated("X", NOT_HERE), 1.0, 0.0, 0.0),
            "FL8-A",
            "'FSC-A / X (compensated by mine)'",
        ),
    ],
)
def test_a_column_without_its_channel_is_refused_by_the_first_that_is_absent(
    column, absent, through
):
    gate = RectangleGate("mono", (Interval(Dimension(column), low=0.0),))
    with pytest.raises(GateChannelMissing) as caught:
        gate.mask(EventColumns(table()))
    assert caught.value.channel == absent
    made = f"{through}, which is made of " if through else ""
    assert str(caught.value).startswith(
        f"gate 'mono' is drawn on {made}channel '{absent}', which is not among the channels FL1-A, "
    )


def test_columns_at_hand_are_asked_for_the_channels_too():
    gate = RectangleGate("g", (Interval(Dimension(Compensated("X", NOT_HERE)), low=0.0),))
    at_hand = {Recorded("FL1-A"): np.ones(2), "FL8-A": np.ones(2)}
    with pytest.raises(GateChannelMissing) as caught:
        gate.mask(at_hand)
    assert caught.value.channel == "FL9-A"
    with pytest.raises(GateChannelMissing) as caught:
        gate.mask({**at_hand, "FL9-A": np.ones(2)})  # all there, and nobody to compensate them
    assert caught.value.channel == "X (compensated by mine)"


def test_two_channels_of_one_name_are_not_guessed_between():
    events = EventTable.from_columns({"PE-A": [1.0], "pe-a": [2.0]})
    with pytest.raises(AmbiguousChannel):
        EventColumns(events)[Recorded("Pe-A")]


def test_what_is_no_column_is_not_in_them():
    columns = EventColumns(table())
    assert 7 not in columns
    assert list(columns) == [Recorded(name) for name in (*DETECTORS, "FSC-A")]
    assert len(columns) == 4
    with pytest.raises(KeyError):
        columns[Recorded("absent")]


@pytest.mark.parametrize(
    ("make", "expected"),
    [
        (lambda: Matrix("m", (), (), ()), "every name once"),
        (lambda: Matrix("m", ("A", "A"), ("X", "Y"), ((1.0, 0.0), (0.0, 1.0))), "every name once"),
        (lambda: Matrix("m", ("A", "B"), ("X",), ((1.0,), (0.0,))), "at least 2 detectors"),
        (lambda: Matrix("m", ("A",), ("X", "Y"), ((1.0,),)), "1 rows of 2 coefficients"),
        (lambda: Matrix("m", ("A",), ("X", "Y"), ((1.0, 0.0),), inverted=True), "2 rows of 1"),
        (lambda: Matrix("m", ("A",), ("X",), ((float("nan"),),)), "finite numbers"),
        (lambda: Matrix("m", ("A", "B"), ("X", "Y"), ((1.0, 2.0), (2.0, 4.0))), "told apart"),
        (lambda: Matrix("m", ("A",), ("X",), ((0.0,),)), "told apart"),
        (lambda: Matrix("m", ("A", "B"), ("X", "Y"), ((1e308, 1.0), (1.0, 1e-308))), "told apart"),
    ],
)
def test_a_matrix_that_cannot_unmix_is_refused(make, expected):
    with pytest.raises(InvalidMatrix, match=expected) as refused:
        make()
    assert refused.value.code == "INVALID_MATRIX"
