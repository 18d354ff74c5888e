"""Leukocytes: the events that carry CD45."""

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.gating.columns import noise_scale
from hladr.gating.valley import deepest_valley

LEAST_DEPTH = 1.5


def cd45_threshold(cd45: FloatArray, candidates: BoolArray) -> float | None:
    """CD45 between debris and leukocytes, in scale values; None where there is no valley."""
    values = cd45[candidates]
    unit = noise_scale(values)
    edge = deepest_valley(np.arcsinh(values / unit), None, least_depth=LEAST_DEPTH)
    return None if edge is None else float(np.sinh(edge) * unit)
