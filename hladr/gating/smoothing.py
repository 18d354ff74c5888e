"""Gaussian smoothing of histograms."""

from functools import lru_cache

import numpy as np

from hladr.arrays import FloatArray


@lru_cache(maxsize=16)
def _weights(size: int, width: float) -> FloatArray:
    """Smoothing matrix, shape (size, size); each column adds up to one: no event is lost."""
    place = np.arange(size)
    weights: FloatArray = np.exp(-0.5 * ((place[:, None] - place[None, :]) / width) ** 2)
    weights /= weights.sum(axis=0)
    weights.setflags(write=False)
    return weights


def smooth_1d(counts: FloatArray, width: float) -> FloatArray:
    """Histogram, shape (n,), smoothed with a Gaussian of `width` bins."""
    return _weights(counts.size, width) @ counts


def smooth_2d(counts: FloatArray, width: float) -> FloatArray:
    """Histogram, shape (n, m), smoothed with a Gaussian of `width` bins along both axes."""
    rows, columns = counts.shape
    return _weights(rows, width) @ counts @ _weights(columns, width).T
