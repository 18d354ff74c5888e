"""Gaussian smoothing of histograms."""

import math

import numpy as np

from hladr.arrays import FloatArray
from hladr.kernels.smoothing import spread

REACH = 4.0  # widths on either side


def smooth_1d(counts: FloatArray, width: float) -> FloatArray:
    """Histogram, shape (n,), smoothed with a Gaussian of `width` bins."""
    row: FloatArray = _smooth(counts.reshape(1, -1), width)[0]
    return row


def smooth_2d(counts: FloatArray, width: float) -> FloatArray:
    """Histogram, shape (n, m), smoothed with a Gaussian of `width` bins along both axes."""
    rows = _smooth(counts, width)
    return np.ascontiguousarray(_smooth(np.ascontiguousarray(rows.T), width).T)


def _smooth(counts: FloatArray, width: float) -> FloatArray:
    """Each row, shape (n, m), smoothed along the second axis."""
    reach = math.ceil(REACH * width)
    weights = np.exp(-0.5 * (np.arange(-reach, reach + 1) / width) ** 2)
    out = np.zeros(counts.shape)
    spread(counts, weights, out)
    return out
