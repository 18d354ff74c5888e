"""Single cells: pulse area against pulse height.

Two cells that pass together give an area that is their sum and a height that is less.
"""

import math
from collections.abc import Iterator

import numpy as np

from calibration.finding import Finding, Severity
from hladr.arrays import FloatArray
from hladr.gating.columns import mode_and_left_spread
from hladr.kernels.cells import quotient
from hladr.quantile import percentiles

COARSE = 8.0  # standard deviations above the mode, all cells together: kinds differ
FINE = 3.0  # the same for one kind of cell
BELOW = 5.0  # a height above the area is a glitch, not a cell
LARGE, OF_THE = 0.4, 90.0  # share of this percentile of forward scatter that makes a larger cell
LEAST_KNOWN = 0.5  # share of the events with a pulse height, for it to tell anything


def area_over_height(area: FloatArray, height: FloatArray) -> FloatArray:
    """Area over height; NaN where either is not positive."""
    return quotient(area, height)


def doublet_limit(ratio: FloatArray, area: FloatArray) -> float | None:
    """Area over height from which on a cell is clearly more than one; both of shape (n_cells,).

    Judged on all larger cells together. None where the height tells nothing: most events have
    none, or it is the area in other units.
    """
    known = (ratio > 0) & (ratio < np.inf)
    if np.count_nonzero(known) < LEAST_KNOWN * known.size:
        return None
    larger = known & (area > LARGE * percentiles(area, OF_THE)[0])
    mode, spread = mode_and_left_spread(np.log(ratio.compress(larger)))
    return math.exp(mode + COARSE * spread) if spread > 0 else None


def height_findings(height: FloatArray | None, limit: float | None) -> Iterator[Finding]:
    """Pulse heights that are not there, or of no use."""
    if height is None:
        yield Finding(
            "DOUBLETS_NOT_ASSESSED",
            Severity.NOTE,
            "The file has no forward-scatter height beside the area, so doublets could not be told "
            "from single cells. Record both.",
        )
    elif limit is None:
        yield Finding(
            "PULSE_HEIGHT_UNUSABLE",
            Severity.WARN,
            "Most events have no forward-scatter height above zero, or it is the area in other "
            "units, so doublets could not be told from single cells. Export area and height as "
            "they were recorded, or look for doublets in the gate plots and sign.",
        )


def fine_limits(ratio: FloatArray) -> tuple[float, float]:
    """Low and high limit of area over height of single cells, from those of one kind of cell.

    The high one is excluded; the range is empty where no cell of the kind has a ratio.
    """
    known = ratio.compress((ratio > 0) & (ratio < np.inf))
    if not known.size:
        return 1.0, 1.0
    mode, spread = mode_and_left_spread(np.log(known))
    return math.exp(mode - BELOW * spread), math.exp(mode + FINE * spread)
