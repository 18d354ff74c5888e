"""The inverse is NumPy's to rounding, for matrices as spillover makes them and harder ones."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.kernels.inverse import inverse


@settings(max_examples=100)
@given(n=st.integers(1, 40), seed=st.integers(0, 10_000), strength=st.floats(0.0, 1.0))
def test_the_inverse_is_that_of_numpy(n, seed, strength):
    rng = np.random.default_rng(seed)
    matrix = np.eye(n) + strength * rng.uniform(0.0, 1.0 / n, (n, n))
    expected = np.linalg.inv(matrix)
    np.testing.assert_allclose(inverse(matrix), expected, rtol=1e-10, atol=1e-12)


def test_rows_are_exchanged_where_a_diagonal_is_zero():
    matrix = np.array([[0.0, 2.0, 0.0], [1.0, 0.0, 0.0], [0.0, 0.0, 4.0]])
    np.testing.assert_array_equal(
        inverse(matrix), [[0.0, 1.0, 0.0], [0.5, 0.0, 0.0], [0.0, 0.0, 0.25]]
    )


def test_the_identity_is_its_own_inverse_to_the_last_bit():
    np.testing.assert_array_equal(inverse(np.eye(12)), np.eye(12))


def test_what_is_given_is_left_as_it_is():
    matrix = np.array([[2.0, 0.1], [0.3, 1.0]])
    before = matrix.copy()
    inverse(matrix)
    np.testing.assert_array_equal(matrix, before)


@pytest.mark.parametrize("matrix", [np.zeros((2, 2)), np.ones((3, 3))])
def test_without_an_inverse_nothing_finite_comes_out(matrix):
    assert not np.isfinite(inverse(matrix)).all()
