"""Single cells: pulse area against pulse height.

Two cells that pass together give an area that is their sum and a height that is less.
"""

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.gating.columns import mode_and_left_spread

COARSE = 4.0  # standard deviations above the mode, all cells together: sizes differ
FINE = 3.0  # the same for one kind of cell
BELOW = 5.0  # a height above the area is a glitch, not a cell


def area_over_height(area: FloatArray, height: FloatArray) -> FloatArray:
    """Natural log of area over height; NaN where either is not positive."""
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.log(area) - np.log(height)


def doublet_limit(ratio: FloatArray, area: FloatArray, candidates: BoolArray) -> float:
    """Log of area over height above which an event is clearly more than one cell.

    Judged on all larger cells together.
    """
    larger = candidates & (area > 0.5 * np.median(area[candidates])) & np.isfinite(ratio)
    mode, spread = mode_and_left_spread(ratio[larger])
    return mode + COARSE * spread


def fine_singlets(ratio: FloatArray, cells: BoolArray) -> BoolArray:
    """Events that are single by the standard of one kind of cell."""
    mode, spread = mode_and_left_spread(ratio[cells & np.isfinite(ratio)])
    return (ratio < mode + FINE * spread) & (ratio >= mode - BELOW * spread)
