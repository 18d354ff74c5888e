"""The populations of a mixture in a few planes, and where in each the monocytes prevail.

An event is a monocyte where it lies inside the outlines of all planes. What competes with the
monocytes in one plane is only what the others let through, so they are settled in turn.
"""

import math
from dataclasses import dataclass

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.gating.mixture import CellMixture
from hladr.kernels.plane import plane_density

CELLS = 128  # a side
REACH = 5.0  # standard deviations of the wanted populations
CORE = 0.995  # share of the monocytes that the second plane holds before anything competes
ROUNDS = 2


@dataclass(frozen=True, slots=True, eq=False)
class Plane:
    """Two axes of the mixture as a grid.

    Parameters
    ----------
    axes
        Which of the mixture's axes lie along x and y.
    x, y : shape (CELLS,)
        Grid lines in scaled units.
    density : shape (k, CELLS, CELLS)
        Height of each component, its share of the events included; one factor is left out.
    whole : shape (k,)
        Sum of each component's heights, were the grid without end.
    along_x, along_y : shape (k, CELLS)
        The same along the lines of constant x, and of constant y.
    """

    axes: tuple[int, int]
    x: FloatArray
    y: FloatArray
    density: FloatArray
    whole: FloatArray
    along_x: FloatArray
    along_y: FloatArray

    @classmethod
    def of(cls, mixture: CellMixture, axes: tuple[int, int], shown: BoolArray) -> "Plane":
        """Return the plane that holds the `shown` (k,) components of a mixture."""
        x, y = (_lines(mixture, axis, shown) for axis in axes)
        pair = np.ix_(axes, axes)
        scale = np.ascontiguousarray([each[pair] for each in mixture.scale])
        mean = np.ascontiguousarray(mixture.mean[:, axes])
        dx, dy = float(x[1] - x[0]), float(y[1] - y[0])
        return cls(
            axes,
            x,
            y,
            plane_density(x, y, mixture.share, mean, scale, mixture.nu),
            mixture.share * (2.0 * math.pi / (dx * dy)),
            _marginal(x, mean[:, 0], scale[:, 0, 0], mixture) / dy,
            _marginal(y, mean[:, 1], scale[:, 1, 1], mixture) / dx,
        )

    def core(self, wanted: BoolArray) -> BoolArray:
        """Densest cells that together hold almost all of the `wanted` components."""
        density = self.density[wanted].sum(axis=0)
        falling = np.sort(density.ravel())[::-1]
        within = np.cumsum(falling)
        least = falling[np.searchsorted(within, CORE * within[-1])]
        inside: BoolArray = density >= least
        return inside

    def let_through(self, other: "Plane", region: BoolArray) -> FloatArray:
        """Share of each component that a `region` of the `other` plane lets through, as a factor.

        Where the two planes have an axis in common the share is taken along it: shape
        (k, CELLS, 1), (k, 1, CELLS), or (k, 1, 1) without one.
        """
        common = [axis for axis in self.axes if axis in other.axes]
        inside = other.density * region
        if not common:
            return np.asarray(
                (inside.sum(axis=(1, 2)) / np.maximum(other.whole, 1e-300))[:, None, None]
            )
        theirs, ours = other.axes.index(common[0]), self.axes.index(common[0])
        whole = (other.along_x, other.along_y)[theirs]
        shares = inside.sum(axis=2 - theirs) / np.maximum(whole, 1e-300)
        lines = (other.x, other.y)[theirs]
        placed = np.array([np.interp((self.x, self.y)[ours], lines, row) for row in shares])
        return placed[:, :, None] if ours == 0 else placed[:, None, :]


def settle(
    planes: tuple[Plane, ...], wanted: BoolArray, level: float, least: float
) -> list[FloatArray]:
    """Share of the `wanted` (k,) components in each cell of every plane, 0 to 1.

    Each is the share among the events that lie inside the other planes' regions, which are where
    the wanted ones make up at least `level`, and the first plane's x is `least` or more.
    """
    regions = [plane.core(wanted) for plane in planes]
    eligible = planes[0].x[:, None] >= least
    regions[0] &= eligible
    shares = [np.zeros_like(plane.density[0]) for plane in planes]
    for _ in range(ROUNDS):
        for own, plane in enumerate(planes):
            density = plane.density
            for other, region in enumerate(regions):
                if other != own:
                    density = density * plane.let_through(planes[other], region)
            shares[own] = density[wanted].sum(axis=0) / np.maximum(density.sum(axis=0), 1e-300)
            regions[own] = shares[own] >= level
            if own == 0:
                regions[own] &= eligible
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
