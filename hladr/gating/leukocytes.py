"""Leukocytes: the events that carry CD45, granulocytes with little of it included."""

import numpy as np

from hladr.arrays import FloatArray
from hladr.gating.columns import noise_scale
from hladr.gating.valley import valleys
from hladr.quantile import median

LEAST_DEPTH = 1.5
SMALL = 0.5  # of the forward scatter of the events above: what has less is not a leukocyte


def cd45_threshold(cd45: FloatArray, fsc: FloatArray) -> float | None:
    """CD45 between debris and leukocytes, in scale values; None where there is no such valley.

    Of several valleys the highest that has small particles under it: granulocytes carry less CD45
    than lymphocytes, and the valley between the two is the wrong one.
    """
    unit = noise_scale(cd45)
    scaled = np.arcsinh(cd45 / unit)
    threshold, below = None, -np.inf
    for valley in valleys(scaled, None, least_depth=LEAST_DEPTH):
        under = (scaled >= below) & (scaled < valley.edge)
        above = scaled >= valley.edge
        if not median(fsc.compress(under)) < SMALL * median(fsc.compress(above)):
            break
        threshold, below = float(np.sinh(valley.edge) * unit), valley.edge
    return threshold
