"""CD14 against side scatter as a landscape: where the hills are and how many live on each."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from hladr.arrays import FloatArray
from hladr.gating.counting import counted
from hladr.gating.smoothing import smooth_2d
from hladr.kernels.landscape import find_hills
from hladr.population import evenly
from hladr.quantile import percentiles

BINS = 96


@dataclass(frozen=True, slots=True)
class Resolution:
    """How closely one looks: bins of smoothing, and how much a hill stands above its saddle."""

    width: float
    persistence: float


RESOLUTIONS = (Resolution(1.6, 1.6), Resolution(1.3, 1.25), Resolution(1.0, 1.15))
"""From afar first: what is a hill from afar is one, what shows only nearby may be chance."""

LEAST_DENSITY = 0.02  # events a bin, smoothed: below is empty land
X_MARGIN, Y_MARGIN = (0.2, 0.3), (0.1, 0.1)  # around the map, scaled
AT_ENDS = 65_536  # events from which the ends of the map are learnt
LEAST_EVENTS = 25
LEAST_SHARE = 0.001


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """Hills of the (CD14, side scatter) density of the leukocytes.

    Parameters
    ----------
    events : shape (m,)
        Indices, among the cells given, of the events on the map.
    cell : shape (m,)
        Flat index of the map cell of each of these events, 0 to BINS² - 1.
    hill : shape (BINS²,)
        Hill of each cell, -1 for none.
    summit : shape (n_hills, 2)
        CD14 and side scatter (scaled) at each summit.
    count : shape (n_hills,)
        Events on each hill.
    mirrored : shape (n_hills,)
        Events with the same side scatter and the CD14 of the hill below zero instead of above:
        what compensation scatters about zero lies on both sides.
    by_chance : shape (n_hills,)
        Events that would be there if CD14 had nothing to do with side scatter.
    """

    events: NDArray[np.intp]
    cell: NDArray[np.intp]
    hill: NDArray[np.int32]
    summit: FloatArray
    count: FloatArray
    mirrored: FloatArray
    by_chance: FloatArray

    def events_on(self, hill: int) -> NDArray[np.intp]:
        """Indices, among the cells given, of the events on a hill."""
        on_hill: NDArray[np.intp] = self.events.compress(self.hill[self.cell] == hill)
        return on_hill


def survey(cd14: FloatArray, ssc: FloatArray, resolution: Resolution) -> Landscape:
    """Map of some cells; `cd14` and `ssc` are scaled, shape (n_cells,) each."""
    x_low, x_high = percentiles(evenly(cd14, AT_ENDS), 0.05, 99.95)
    y_low, y_high = percentiles(evenly(ssc, AT_ENDS), 0.1, 99.9)
    x_low, x_high = x_low - X_MARGIN[0], x_high + X_MARGIN[1]
    y_low, y_high = y_low - Y_MARGIN[0], y_high + Y_MARGIN[1]
    events, cell, counts = counted(cd14, ssc, (x_low, x_high), (y_low, y_high), BINS)
    density = smooth_2d(counts, resolution.width)
    density[density < LEAST_DENSITY] = 0.0
    hills = find_hills(density, resolution.persistence)
    labels = hills.labels.ravel()
    inhabited = labels >= 0
    size: FloatArray = np.bincount(
        labels[inhabited], counts.ravel()[inhabited], minlength=len(hills.peaks)
    ).astype(np.float64)
    large = np.flatnonzero(size >= max(LEAST_EVENTS, LEAST_SHARE * events.size))
    renumber = np.full(len(hills.peaks) + 1, -1, dtype=np.int32)
    renumber[large] = np.arange(large.size)
    steps = np.array([(x_high - x_low) / BINS, (y_high - y_low) / BINS])
    summit = np.array([x_low, y_low]) + (hills.peaks[large] + 0.5) * steps
    hill = renumber[labels]
    middles = x_low + (np.arange(BINS) + 0.5) * steps[0]
    opposite = np.floor((-middles - x_low) / steps[0]).astype(np.intp)
    return Landscape(
        events,
        cell,
        hill,
        summit,
        size[large],
        _mirrored(counts, hill, opposite, large.size),
        _by_chance(counts, hill, large.size),
    )


def _mirrored(
    counts: FloatArray, hill: NDArray[np.int32], opposite: NDArray[np.intp], n_hills: int
) -> FloatArray:
    """Events of each hill's cells mirrored in CD14; `opposite` is the bin of each bin's mirror."""
    there = (opposite >= 0) & (opposite < BINS)
    reflected = np.zeros((BINS, BINS))
    reflected[there] = counts[opposite[there]]
    on_hill = hill >= 0
    sums: FloatArray = np.bincount(
        hill[on_hill], reflected.ravel()[on_hill], minlength=n_hills
    ).astype(np.float64)
    return sums


def _by_chance(counts: FloatArray, hill: NDArray[np.int32], n_hills: int) -> FloatArray:
    """Events of each hill's cells by the two axes' own counts."""
    total = max(float(counts.sum()), 1.0)
    expected = np.outer(counts.sum(axis=1), counts.sum(axis=0)) / total
    on_hill = hill >= 0
    sums: FloatArray = np.bincount(
        hill[on_hill], expected.ravel()[on_hill], minlength=n_hills
    ).astype(np.float64)
    return sums


def thinned(map_: Landscape, at_most: int) -> tuple[NDArray[np.intp], FloatArray]:
    """The first events of every map cell, at most so many, each with the number it stands for.

    Crowded cells are thinned, rare populations kept whole; the cost of what follows hardly grows
    with the number of events.
    """
    # Sixteen bits hold every cell, and are sorted by radix.
    order = np.argsort(map_.cell.astype(np.uint16), kind="stable")
    cell = map_.cell[order]
    is_first = np.ones(cell.size, dtype=bool)
    np.not_equal(cell[1:], cell[:-1], out=is_first[1:])
    first = np.flatnonzero(is_first)
    count = np.diff(first, append=cell.size)
    taken = np.minimum(count, at_most)
    end = np.cumsum(taken)
    kept = np.arange(int(taken.sum())) + np.repeat(first - (end - taken), taken)
    return order[kept], np.repeat(np.maximum(count / at_most, 1.0), taken)
