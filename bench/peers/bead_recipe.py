"""Bead populations as somebody with NumPy and SciPy computes them, in two definitions.

`centred` is the definition of `calibration`: the geometric mean of the events within three robust
standard deviations of their own mean, on the natural-log scale. `between_valleys` is the usual
one: whatever lies between two valleys of the histogram.
"""

import math
from itertools import pairwise

import job
import numpy as np
from scipy.optimize import brentq
from scipy.signal import find_peaks
from scipy.special import erf

STEP = 0.02  # natural log
CENTRAL = 0.6826894921370859


def curve_through(means: list[float]) -> tuple[float, float]:
    """Slope and intercept of log10 fluorescence on log10 molecules."""
    slope, intercept = np.polyfit(np.log10(job.LEVELS), np.log10(means), 1)
    return float(slope), float(intercept)


def molecules(curve: tuple[float, float], fluorescence: float) -> float:
    """PE molecules, which are antibodies for a conjugate of 1:1."""
    slope, intercept = curve
    return 10.0 ** ((math.log10(fluorescence) - intercept) / slope)


def centred(pe: np.ndarray) -> list[float]:
    """Geometric means of the four populations, dimmest first."""
    logs = np.log(np.sort(pe[pe > 0.0]).astype(np.float64))
    sums = np.concatenate(([0.0], np.cumsum(logs)))
    return [_settled(logs, sums, *lobe) for lobe in _lobes(logs)]


def between_valleys(pe: np.ndarray) -> list[float]:
    """Geometric means of all that lies between two valleys."""
    logs = np.log(pe[pe > 0.0])
    return [float(np.exp(logs[(logs >= low) & (logs < high)].mean()))
            for low, _, high in _lobes(logs)]  # fmt: skip


def _lobes(logs: np.ndarray) -> list[tuple[float, float, float]]:
    """Valley, mode, valley of the four most prominent modes of a smoothed histogram."""
    edges = np.arange(logs.min() - 0.5, logs.max() + 0.5, STEP)
    counts = np.histogram(logs, edges)[0]
    kernel = np.exp(-0.5 * (np.arange(-16, 17) * STEP / 0.08) ** 2)
    smooth = np.convolve(counts, kernel / kernel.sum(), mode="same")
    peaks, found = find_peaks(smooth, prominence=0.02 * smooth.max())
    peaks = np.sort(peaks[np.argsort(found["prominences"])[-len(job.LEVELS) :]])
    inner = [a + int(np.argmin(smooth[a:b])) for a, b in pairwise(peaks)]
    ends = [edges[0], *edges[inner], edges[-1]]
    return list(zip(ends[:-1], edges[peaks] + 0.5 * STEP, ends[1:], strict=True))


def _settled(logs: np.ndarray, sums: np.ndarray, low: float, mode: float, high: float) -> float:
    """Geometric mean in the window that is symmetric around its own mean."""
    centre, half, seen = mode, 1.0, set()
    while True:
        half = min(half, centre - low, high - centre)
        first, last = np.searchsorted(logs, (centre - half, centre + half)).tolist()
        centre = float(sums[last] - sums[first]) / (last - first)
        if (first, last) in seen:
            return math.exp(centre)
        seen.add((first, last))
        half = 3.0 * _spread(logs[first:last], half)


def _spread(inside: np.ndarray, half: float) -> float:
    """Standard deviation of the normal distribution that has this middle when cut at `half`."""
    lower, upper = (_quantile(inside, 0.5 + side * CENTRAL / 2) for side in (-1.0, 1.0))
    seen = min(0.5 * (upper - lower), 0.66 * half) / math.sqrt(2.0)

    def excess(sd: float) -> float:
        return float(erf(seen / sd) - CENTRAL * erf(half / math.sqrt(2.0) / sd))

    return float(brentq(excess, seen, 50.0 * half, xtol=1e-12))


def _quantile(ordered: np.ndarray, share: float) -> float:
    place = share * (ordered.size - 1)
    below = int(place)
    return float(ordered[below] + (place - below) * (ordered[below + 1] - ordered[below]))
