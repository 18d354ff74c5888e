"""Single beads: the densest place of forward against side scatter.

All beads of a kit are one size, so their singlets are one tight cluster whatever their colour.
"""

import math
from typing import ClassVar

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.errors import HladrError
from hladr.gating.columns import LOOKED_AT, mode_and_left_spread
from hladr.gating.counting import counted
from hladr.gating.singlets import area_over_height
from hladr.gating.smoothing import smooth_2d
from hladr.kernels.gating import in_ellipse
from hladr.population import evenly
from hladr.quantile import percentiles

BINS = 128
WIDTH = 2.0  # bins of smoothing
CORE = 0.3  # of the peak density: what counts as the cluster's core
INSIDE = 9.21  # squared Mahalanobis distance: 99 % of a normal cluster
KEPT_VARIANCE = 0.95  # variance that the 99 % keep: 1 - q exp(-q/2) / (2 * 0.99)
ROUNDS = 3
LEAST_EVENTS = 200
SINGLE = 4.0  # standard deviations of area over height


class TooFewBeads(HladrError):
    """The bead file holds hardly any events of one size."""

    code: ClassVar[str] = "TOO_FEW_EVENTS"

    def __init__(self, *, file: str, found: int, needed: int) -> None:
        self.file, self.found, self.needed = file, found, needed
        super().__init__(
            f"{file}: {found:,} single beads, at least {needed:,} are needed. "
            "Check that this is the bead tube and acquire 10,000 events."
        )


def gate_beads(
    fsc: FloatArray, ssc: FloatArray, fsc_height: FloatArray | None, *, file: str
) -> BoolArray:
    """Single beads of a bead run; all arrays shape (n_events,), scale values.

    Raises
    ------
    TooFewBeads
        Fewer than 200 events are left.
    """
    usable = (fsc > 0) & (ssc > 0) & np.isfinite(fsc) & np.isfinite(ssc)
    if (found := int(usable.sum())) < LEAST_EVENTS:
        raise TooFewBeads(file=file, found=found, needed=LEAST_EVENTS)
    singlets = np.zeros(fsc.size, dtype=bool)
    singlets[usable] = _densest_cluster(np.log(fsc[usable]), np.log(ssc[usable]))
    if fsc_height is not None:
        ratio = area_over_height(fsc, fsc_height)
        some = ratio[evenly(np.flatnonzero(singlets), LOOKED_AT)]
        known = some[(some > 0.0) & (some < np.inf)]
        if known.size:
            mode, spread = mode_and_left_spread(np.log(known))
            apart = SINGLE * max(spread, 1e-6)
            singlets &= (ratio >= math.exp(mode - apart)) & (ratio <= math.exp(mode + apart))
    if (found := int(singlets.sum())) < LEAST_EVENTS:
        raise TooFewBeads(file=file, found=found, needed=LEAST_EVENTS)
    return singlets


def _densest_cluster(x: FloatArray, y: FloatArray) -> BoolArray:
    """Events within the ellipse of the densest cluster."""
    spans = [_span(values) for values in (x, y)]
    edges = [np.linspace(*span, BINS + 1) for span in spans]
    density = smooth_2d(counted(x, y, spans[0], spans[1], BINS).counts, WIDTH)
    i, j = np.unravel_index(int(density.argmax()), density.shape)
    mean = np.array([edges[0][i : i + 2].mean(), edges[1][j : j + 2].mean()])
    scale = _core_scale(density, edges, mean)
    inside = _within(x, y, mean, scale)
    for _ in range(ROUNDS):
        events = np.flatnonzero(inside)
        if events.size < 10:
            break
        cluster = np.stack([x[events], y[events]])
        mean = cluster.mean(axis=1)
        centred = cluster - mean[:, None]
        # Not a matrix product: its last digits would depend on the BLAS that is installed.
        scale = np.einsum("in,jn->ij", centred, centred) / (events.size - 1) / KEPT_VARIANCE
        scale += 1e-8 * np.eye(2)
        inside = _within(x, y, mean, scale)
    return inside


def _span(values: FloatArray) -> tuple[float, float]:
    low, high = percentiles(evenly(values, LOOKED_AT), 0.5, 99.5)
    return float(low) - 1e-3, float(high) + 1e-3


def _core_scale(density: FloatArray, edges: list[FloatArray], centre: FloatArray) -> FloatArray:
    """Spread of the cluster from where its density along each axis falls to `CORE` of the peak."""
    peak = density.max()
    variances = []
    for axis in (0, 1):
        other = int(np.searchsorted(edges[1 - axis], centre[1 - axis])) - 1
        profile = density[:, other] if axis == 0 else density[other, :]
        top = int(profile.argmax())
        low = high = top
        while low > 0 and profile[low - 1] > CORE * peak:
            low -= 1
        while high < BINS - 1 and profile[high + 1] > CORE * peak:
            high += 1
        half = 0.5 * (high - low + 1) * (edges[axis][1] - edges[axis][0])
        variances.append(half**2 / (2.0 * np.log(1.0 / CORE)))
    return np.diag(variances)


def _within(x: FloatArray, y: FloatArray, mean: FloatArray, scale: FloatArray) -> BoolArray:
    x, y = x.view(), y.view()
    x.flags.writeable = y.flags.writeable = False  # as gates have them: the kernel is compiled once
    return in_ellipse(x, y, mean, np.asarray(np.linalg.inv(scale), np.float64), INSIDE)
