"""Masked sums of logarithms against NumPy and SciPy."""

import numpy as np
import pytest
from scipy.stats import gmean

from hladr.kernels.moments import log_sums


@pytest.mark.parametrize("dtype", [np.float32, np.float64])
@pytest.mark.parametrize("strided", [False, True])
def test_sums_equal_the_numpy_one_liners(dtype, strided):
    rng = np.random.default_rng(1)
    values = np.concatenate([rng.lognormal(8.0, 0.7, 3000), rng.normal(0.0, 10.0, 300)])
    values = np.concatenate([values, [np.nan, np.inf, -np.inf, 0.0, -0.0]] * 2).astype(dtype)
    if strided:
        values = np.column_stack([values, values])[:, 1]
    mask = rng.random(values.size) < 0.7
    mask[-10:] = True
    found = log_sums(values, mask)
    chosen = values[mask].astype(np.float64)
    positive = chosen[(chosen > 0) & np.isfinite(chosen)]
    assert found.events == mask.sum()
    assert found.finite == np.isfinite(chosen).sum()
    assert found.positive == positive.size
    np.testing.assert_allclose(found.log_sum, np.log(positive).sum(), rtol=1e-12)
    np.testing.assert_allclose(found.log_square_sum, (np.log(positive) ** 2).sum(), rtol=1e-12)


def test_geometric_mean_agrees_with_scipy():
    values = np.random.default_rng(2).lognormal(8.0, 0.7, 5000)
    found = log_sums(values, np.ones(5000, bool))
    np.testing.assert_allclose(np.exp(found.log_sum / found.positive), gmean(values), rtol=1e-12)


def test_an_empty_mask_sums_to_nothing():
    assert log_sums(np.ones(3), np.zeros(3, bool)) == (0, 0, 0, 0.0, 0.0)
    assert log_sums(np.empty(0), np.empty(0, bool)) == (0, 0, 0, 0.0, 0.0)
