"""Values in even bins, as numpy.histogram counts them."""

import numpy as np
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from hladr.gating.counting import counted, counted_along
from hladr.kernels.counting import count_along, count_cells


@settings(max_examples=300)
@given(
    seed=st.integers(0, 2**32 - 1),
    low=st.floats(-50.0, 50.0),
    width=st.floats(1e-6, 100.0) | st.sampled_from([1.0, 3.0, 7.0]),
    bins=st.integers(1, 300),
    weighted=st.booleans(),
)
def test_counts_are_those_of_numpy(seed, low, width, bins, weighted):
    rng = np.random.default_rng(seed)
    high = low + width
    edges = np.linspace(low, high, bins + 1)
    values = np.concatenate(
        [
            rng.uniform(low - 0.2 * width, high + 0.2 * width, 200),
            edges,
            np.nextafter(edges, -np.inf),
            np.nextafter(edges, np.inf),
            low + np.arange(bins + 1) * (width / bins),
        ]
    )
    weight = rng.uniform(0.0, 4.0, values.size) if weighted else None
    expected = np.histogram(values, bins, (low, high), weights=weight)[0]
    np.testing.assert_array_equal(counted_along(values, (low, high), bins, weight), expected)


@settings(max_examples=300)
@given(
    low=st.floats(-1e6, 1e6).filter(lambda x: abs(x) > 1e-3),
    steps=st.integers(1, 4000),
    bins=st.integers(1, 300),
)
def test_counts_of_a_span_of_few_numbers_are_those_of_numpy(low, steps, bins):
    """The edges are a few floating-point numbers apart."""
    high = low + steps * np.spacing(abs(low))
    edges = np.linspace(low, high, bins + 1)
    assume(np.all(np.diff(edges) > 0))
    values = low + np.arange(steps + 1) * np.spacing(abs(low))
    expected = np.histogram(values, bins, (low, high))[0]
    np.testing.assert_array_equal(counted_along(values, (low, high), bins), expected)
    np.testing.assert_array_equal(count_along(values, np.empty(0), edges), expected)


def test_what_lies_beside_the_span_or_is_no_number_is_not_counted():
    values = np.array([-0.1, 0.0, 0.5, 1.0, 1.1, np.nan, np.inf, -np.inf])
    edges = np.array([0.0, 0.5, 1.0])
    np.testing.assert_array_equal(count_along(values, np.empty(0), edges), [1.0, 2.0])
    weight = np.arange(8.0)
    np.testing.assert_array_equal(count_along(values, weight, edges), [1.0, 5.0])
    np.testing.assert_array_equal(count_along(np.empty(0), np.empty(0), edges), [0.0, 0.0])


@settings(max_examples=100)
@given(seed=st.integers(0, 2**32 - 1), bins=st.integers(1, 40), n=st.integers(0, 60))
def test_cells_hold_their_low_ends_and_each_event_is_in_the_one_it_names(seed, bins, n):
    rng = np.random.default_rng(seed)
    x, y = rng.integers(-2, bins + 3, (2, n)) / 2.0  # edges are hit, and both sides passed
    x[rng.random(n) < 0.1] = np.nan
    span = (0.0, bins / 2.0)  # cells of half a unit: exact
    cells = [(2 * u, 2 * v) for u, v in zip(x, y, strict=True)]
    inside = [i for i, (k, m) in enumerate(cells) if 0 <= k < bins and 0 <= m < bins]
    expected = np.zeros((bins, bins))
    for i in inside:
        expected[int(cells[i][0]), int(cells[i][1])] += 1
    events, cell, counts = np.empty(n, np.intp), np.empty(n, np.intp), np.zeros((bins, bins))
    found = count_cells(x, y, span, span, events, cell, counts)
    np.testing.assert_array_equal(counts, expected)
    assert events[:found].tolist() == inside
    flat = [int(cells[i][0]) * bins + int(cells[i][1]) for i in inside]
    assert cell[:found].tolist() == flat
    again = counted(x, y, span, span, bins)
    assert (again.events.tolist(), again.cell.tolist()) == (inside, flat)
