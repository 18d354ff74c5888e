"""Gaussian smoothing of histograms."""

import numpy as np

from hladr.arrays import FloatArray
from hladr.kernels.smoothing import smooth


def smooth_1d(counts: FloatArray, width: float) -> FloatArray:
    """Histogram, shape (n,), smoothed with a Gaussian of `width` bins."""
    row: FloatArray = smooth(counts.reshape(1, -1), width)[0]
    return row


def smooth_2d(counts: FloatArray, width: float) -> FloatArray:
    """Histogram, shape (n, m), smoothed with a Gaussian of `width` bins along both axes."""
    rows = smooth(counts, width)
    return np.ascontiguousarray(smooth(np.ascontiguousarray(rows.T), width).T)
