"""Values in even bins, as numpy.histogram counts them."""

import numpy as np
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.gating.counting import counted_along


@settings(deadline=None, max_examples=300)
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
