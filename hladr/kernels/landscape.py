"""Hills of a density map: which cell belongs to which peak."""

from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from hladr.arrays import FloatArray, IndexArray
from hladr.kernels.jit import kernel

CellArray = NDArray[np.int32]


class Hills(NamedTuple):
    """Labels of the cells and the place of each peak, tallest first."""

    labels: CellArray  # (nx, ny) int32: index of the hill, -1 where there is no density
    peaks: CellArray  # (n_hills, 2) int32: cell of the summit


@kernel
def root_of(parent: CellArray, i: int) -> int:
    """Hill that hill `i` has joined."""
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@kernel
def flood(
    density: FloatArray,
    order: IndexArray,
    persistence: float,
    label: CellArray,
    parent: CellArray,
    summit: IndexArray,
) -> int:
    """Label cells from the summit down; a low hill joins the taller one where they meet.

    `density` is (nx, ny); `order` (m,) the flat indices of its positive cells, densest first;
    `persistence` the least ratio of a summit to the saddle towards a taller hill. Writes each
    cell's hill into `label` (nx * ny,), -1 everywhere before, each hill's parent and summit cell
    into `parent` and `summit` (m,), and returns the number of hills.
    """
    nx, ny = density.shape
    flat = density.ravel()
    hills = 0
    for k in range(order.size):
        cell = order[k]
        x, y = cell // ny, cell % ny
        best = -1
        for dx in range(-1, 2):
            for dy in range(-1, 2):
                i, j = x + dx, y + dy
                if (dx == 0 and dy == 0) or i < 0 or j < 0 or i >= nx or j >= ny:
                    continue
                neighbour: int = np.int64(label[i * ny + j])  # type: ignore[assignment]
                if neighbour < 0:
                    continue
                hill = root_of(parent, neighbour)
                if best < 0:
                    best = hill
                elif hill != best:
                    taller, lower = best, hill
                    if flat[summit[lower]] > flat[summit[taller]]:
                        taller, lower = lower, taller
                    if flat[summit[lower]] < persistence * flat[cell]:
                        parent[lower] = taller
                    best = taller
        if best < 0:
            best = hills
            parent[hills] = hills
            summit[hills] = cell
            hills += 1
        label[cell] = best
    return hills


def falling(values: FloatArray) -> IndexArray:
    """Places of some values, the largest first, of equal ones the first first.

    NumPy's stable sort takes three times as long as its quick one and another of whole numbers.
    """
    order = np.argsort(-values)
    ordered = values[order]
    rank = np.zeros(order.size, np.intp)  # equal values have one
    np.cumsum(ordered[1:] != ordered[:-1], out=rank[1:])
    rank *= order.size
    return np.sort(rank + order) - rank


def find_hills(density: FloatArray, persistence: float) -> Hills:
    """Hills of a smoothed density, shape (nx, ny), by flooding from the summits down."""
    flat = density.ravel()
    land = np.flatnonzero(flat > 0)
    order = land[falling(flat[land])]
    label = np.full(density.size, -1, np.int32)
    parent, summit = np.empty(order.size, np.int32), np.empty(order.size, np.intp)
    hills = flood(density, order, persistence, label, parent, summit)
    roots = np.array([root_of(parent, i) for i in range(hills)], dtype=np.int32)
    tallest = [i for i in range(hills) if roots[i] == i]
    tallest.sort(key=lambda i: -flat[summit[i]])
    rank = np.full(hills + 1, -1, dtype=np.int32)
    for position, hill in enumerate(tallest):
        rank[:-1][roots == hill] = position
    labels = rank[label].reshape(density.shape)
    peaks = np.array(
        [divmod(int(summit[i]), density.shape[1]) for i in tallest], dtype=np.int32
    ).reshape(-1, 2)
    return Hills(labels, peaks)
