"""Smoothed density of bead events on a scale where dim and bright populations are equally wide."""

import math
from dataclasses import dataclass
from typing import Final

import numpy as np

from calibration.arrays import FloatArray

# Natural-log units. Neighbouring beads are 0.65 (a factor 1.9) or more apart and 0.05 to 0.25 wide;
# the steps of 10-bit data are 0.009, of 8-bit data 0.036. 0.08 lies between.
BANDWIDTH: Final = 0.08
STEP: Final = 0.01
_REACH: Final = 4.0  # bandwidths to where the kernel is cut

# Five decades below the top nothing is told apart any more.
_SPAN: Final = 1e5
# Normal distribution: standard deviation over median absolute value.
_MAD_TO_SD: Final = 1.4826


@dataclass(frozen=True, slots=True)
class DisplayScale:
    """Inverse hyperbolic sine: linear below the cofactor, logarithmic above.

    Parameters
    ----------
    cofactor : > 0
        Scale value at which one turns into the other.
    """

    cofactor: float

    def forward(self, values: FloatArray) -> FloatArray:
        """Scale values to display."""
        return np.arcsinh(values / self.cofactor)

    def inverse(self, position: float) -> float:
        """Display to scale value."""
        return self.cofactor * math.sinh(position)


def display_scale(ordered: FloatArray) -> DisplayScale:
    """Scale for these events.

    Parameters
    ----------
    ordered : shape (n,), n >= 1
        Scale values, ascending.

    Notes
    -----
    With a cofactor below the electronic noise a blank bead shows two peaks, one a side of zero;
    with one far above it dim beads merge. The events below zero tell the noise. Where there are
    none the scale is logarithmic down to the dimmest events. Everything follows the data, so that
    a factor on all values changes no position.
    """
    n = ordered.size
    top = float(ordered[int(0.999 * (n - 1))])
    n_negative = int(np.searchsorted(ordered, 0.0, side="left"))
    first_positive = int(np.searchsorted(ordered, 0.0, side="right"))
    cofactor = abs(top) / _SPAN
    if n_negative >= max(10, 0.002 * n):
        noise = _MAD_TO_SD * abs(float(ordered[n_negative // 2]))
        cofactor = max(cofactor, 1.5 * noise)
    elif first_positive < n:
        dimmest = float(ordered[first_positive + int(0.005 * (n - first_positive))])
        cofactor = max(cofactor, 0.5 * dimmest)
    return DisplayScale(cofactor if cofactor > 0.0 else 1.0)


@dataclass(frozen=True, slots=True, eq=False)
class Density:
    """Smoothed counts on an even grid.

    Parameters
    ----------
    low
        Display position of the first grid point.
    counts : shape (m,), >= 0
        Number of events the height at each grid point rests on: their Poisson error is the square
        root.
    """

    low: float
    counts: FloatArray

    def position(self, index: int) -> float:
        """Display position of a grid point."""
        return self.low + STEP * index


def smooth(positions: FloatArray) -> Density:
    """Kernel density of display positions.

    Parameters
    ----------
    positions : shape (n,), n >= 1
        Ascending.

    Notes
    -----
    Each event is shared between its two neighbouring grid points, so that a rounding error in a
    position moves the density by as little. With density f, n f 2 sqrt(pi) h events carry the
    height of a Gaussian kernel of bandwidth h.
    """
    margin = (_REACH + 1.0) * BANDWIDTH
    low = float(positions[0]) - margin
    size = int((float(positions[-1]) + margin - low) / STEP) + 2
    place = (positions - low) / STEP
    left = place.astype(np.intp)
    to_the_right = np.bincount(left, place - left, size)
    raw = np.bincount(left, minlength=size) - to_the_right
    raw[1:] += to_the_right[:-1]
    reach = round(_REACH * BANDWIDTH / STEP)
    kernel = np.exp(-0.5 * (np.arange(-reach, reach + 1) * STEP / BANDWIDTH) ** 2)
    return Density(low, math.sqrt(2.0) * np.convolve(raw, kernel, mode="same"))
