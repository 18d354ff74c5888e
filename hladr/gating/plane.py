"""The populations of a mixture in a few planes, and where in each the monocytes prevail.

An event is a monocyte where it lies inside the outlines of all planes. What competes with the
monocytes in one plane is only what the others let through, so they are settled in turn.
"""

import math
from dataclasses import dataclass
from functools import reduce

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.gating.axes import SSC
from hladr.gating.mixture import CellMixture
from hladr.kernels.plane import held_along, plane_density, wanted_share

CELLS = 96  # a side
REACH = 5.0  # standard deviations of the wanted populations
CORE = 0.995  # share of the monocytes that a plane holds before anything competes
ROUNDS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """One axis of the mixture against side scatter, as a grid; all planes share the lines of y.

    Parameters
    ----------
    axis
        Which of the mixture's axes lies along x; side scatter lies along y.
    x, y : shape (CELLS,)
        Grid lines in scaled units.
    density : shape (k, CELLS, CELLS)
        Height of each component, its share of the events included; one factor is left out.
    whole : shape (k, CELLS)
        Sum of each component's heights along every line of constant y, were it without end.
    """

    axis: int
    x: FloatArray
    y: FloatArray
    density: FloatArray
    whole: FloatArray

    @classmethod
    def of(cls, mixture: CellMixture, axis: int, shown: BoolArray) -> "Plane":
        """Return the plane that holds the `shown` (k,) components of a mixture."""
        x, y = _lines(mixture, axis, shown), _lines(mixture, SSC, shown)
        rows, columns = np.ix_((axis, SSC), (axis, SSC))
        scale = np.ascontiguousarray(mixture.scale[:, rows, columns])
        mean = np.ascontiguousarray(mixture.mean[:, (axis, SSC)])
        whole = _marginal(y, mean[:, 1], scale[:, 1, 1], mixture) / float(x[1] - x[0])
        density = plane_density(x, y, mixture.share, mean, scale, mixture.nu)
        return cls(axis, x, y, density, np.maximum(whole, 1e-300))

    def core(self, wanted: BoolArray) -> BoolArray:
        """Densest cells that together hold almost all of the `wanted` components."""
        density = self.density[wanted].sum(axis=0)
        falling = np.sort(density.ravel())[::-1]
        within = np.cumsum(falling)
        least = falling[np.searchsorted(within, CORE * within[-1])]
        inside: BoolArray = density >= least
        return inside

    def let_through(self, region: BoolArray) -> FloatArray:
        """Share of each component that a `region` holds at every side scatter: (k, CELLS), 0-1."""
        share: FloatArray = held_along(self.density, region) / self.whole
        return share


def settle(
    planes: tuple[Plane, ...], wanted: BoolArray, level: float, least: float
) -> list[FloatArray]:
    """Share of the `wanted` (k,) components in each cell of every plane, 0 to 1.

    Each is the share among the events that lie inside the other planes' regions, which are where
    the wanted ones make up at least `level`, and the first plane's x is `least` or more. What a
    region lets through is told along side scatter, which all planes have.
    """
    first, *others = planes
    everything = np.ones_like(first.whole)
    through = [everything, *(plane.let_through(plane.core(wanted)) for plane in others)]
    shares = [np.zeros_like(plane.density[0]) for plane in planes]
    for _ in range(ROUNDS):
        for own, plane in enumerate(planes):
            by_others = reduce(np.multiply, [*through[:own], *through[own + 1 :]])
            shares[own] = wanted_share(plane.density, by_others, wanted)
            region = shares[own] >= level
            if own == 0:
                region &= first.x[:, None] >= least
            through[own] = plane.let_through(region)
    return shares


def _lines(mixture: CellMixture, axis: int, shown: BoolArray) -> FloatArray:
    spread = REACH * np.sqrt(mixture.scale[shown, axis, axis])
    centre = mixture.mean[shown, axis]
    return np.linspace(float((centre - spread).min()), float((centre + spread).max()), CELLS)


def _marginal(
    lines: FloatArray, mean: FloatArray, variance: FloatArray, mixture: CellMixture
) -> FloatArray:
    """Integral of each component's height across the plane at every line, shape (k, CELLS)."""
    nu = mixture.nu
    factor = math.sqrt(nu * math.pi) * math.gamma((nu + 1.0) / 2.0) / math.gamma(nu / 2.0 + 1.0)
    distance = (lines - mean[:, None]) ** 2 / (nu * variance[:, None])
    heights: FloatArray = (
        factor
        * (mixture.share / np.sqrt(variance))[:, None]
        * (1.0 + distance) ** (-(nu + 1.0) / 2.0)
    )
    return heights
