"""The line with a bead background: what the beads shine without any PE.

The straight line takes all fluorescence for PE. If part of it is the bead's own, the dim beads
lie above the line's other end, and the line is bent by it. Fitting the bent line tells how much
the choice of model matters at a given fluorescence.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from calibration.arrays import FloatArray

# The background is looked for between none and the dimmest bead's own value, first on an even
# grid, then ever closer around the best point.
_GRID: Final = 65
_ROUNDS: Final = 5


@dataclass(frozen=True, slots=True)
class Background:
    """log10(fluorescence) = intercept + slope log10(molecules + background).

    Parameters
    ----------
    slope, intercept
        Of the logarithms.
    molecules : >= 0
        Background of a bead in PE molecules.
    """

    slope: float
    intercept: float
    molecules: float

    def molecules_of(self, fluorescence: float) -> float:
        """PE molecules of a particle without the bead's background.

        Notes
        -----
        The background is left out when the curve is applied, because it belongs to the bead and
        not to the cell [1]_.

        References
        ----------
        .. [1] Castillo-Hair SM et al. ACS Synth Biol 2016;5:774, doi:10.1021/acssynbio.5b00284.
        """
        exponent = (np.log10(fluorescence) - self.intercept) / self.slope
        return float(10.0**exponent)


def fit_background(molecules: Sequence[float], fluorescence: Sequence[float]) -> Background:
    """Bent line through the bead levels.

    Parameters
    ----------
    molecules : shape (n,), ascending, > 0
        Assigned values.
    fluorescence : shape (n,), > 0
        Geometric means.

    Notes
    -----
    Four or more levels: slope, intercept and background are fitted. Three levels cannot tell
    three unknowns: the slope is 1, that of a linear detector, and intercept and background are
    fitted. Two levels: slope 1 and no background. The background is searched, the rest is linear
    least squares; nothing depends on a starting value.
    """
    known = np.asarray(molecules, dtype=np.float64)
    y = np.log10(np.asarray(fluorescence, dtype=np.float64))
    if known.size < 3:
        return Background(1.0, float(np.mean(y - np.log10(known))), 0.0)
    free_slope = known.size > 3
    low, high = 0.0, float(known[0])
    for _ in range(_ROUNDS):
        grid = np.linspace(low, high, _GRID)
        slopes, intercepts, errors = _fits(known, y, grid, free_slope=free_slope)
        best = int(np.argmin(errors))
        low, high = float(grid[max(best - 1, 0)]), float(grid[min(best + 1, _GRID - 1)])
    return Background(float(slopes[best]), float(intercepts[best]), float(grid[best]))


def _fits(
    known: FloatArray, y: FloatArray, backgrounds: FloatArray, *, free_slope: bool
) -> tuple[FloatArray, FloatArray, FloatArray]:
    """Slopes, intercepts and sums of squares, one a background."""
    x = np.log10(known + backgrounds[:, np.newaxis])
    dx = x - x.mean(axis=1, keepdims=True)
    dy = y - y.mean()
    slopes = (
        np.einsum("ij,j->i", dx, dy) / np.einsum("ij,ij->i", dx, dx)
        if free_slope
        else np.ones(backgrounds.size)
    )
    rest = dy - slopes[:, np.newaxis] * dx
    return slopes, y.mean() - slopes * x.mean(axis=1), np.einsum("ij,ij->i", rest, rest)
