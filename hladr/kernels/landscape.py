"""Hills of a density map: which cell belongs to which peak."""

from typing import NamedTuple

import numpy as np

from hladr.kernels.jit import kernel


class Hills(NamedTuple):
    """Labels of the cells and the place of each peak, tallest first."""

    labels: np.ndarray  # (nx, ny) int32: index of the hill, -1 where there is no density
    peaks: np.ndarray  # (n_hills, 2) int32: cell of the summit


@kernel
def _root(parent, i):  # type: ignore[no-untyped-def]
    while parent[i] != i:
        parent[i] = parent[parent[i]]
        i = parent[i]
    return i


@kernel
def flood(density, order, persistence):  # type: ignore[no-untyped-def]
    """Label cells from the summit down; a hill that rises less than `persistence` over its saddle joins.

    `density` is (nx, ny); `order` the flat indices of its positive cells, densest first;
    `persistence` the least ratio of a summit to the saddle towards a taller hill.
    """
    nx, ny = density.shape
    flat = density.ravel()
    label = np.full(nx * ny, -1, dtype=np.int32)
    parent = np.empty(order.size, dtype=np.int32)
    summit = np.empty(order.size, dtype=np.int64)
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
                neighbour = label[i * ny + j]
                if neighbour < 0:
                    continue
                hill = _root(parent, neighbour)
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
    return label, parent[:hills].copy(), summit[:hills].copy()


def find_hills(density: np.ndarray, persistence: float) -> Hills:
    """Hills of a smoothed density, shape (nx, ny), by flooding from the summits down."""
    flat = density.ravel()
    order = np.argsort(-flat, kind="stable")
    order = order[: int(np.count_nonzero(flat > 0))]
    label, parent, summit = flood(density, order, persistence)
    roots = np.array([_root(parent, i) for i in range(parent.size)], dtype=np.int32)
    tallest = [i for i in range(parent.size) if roots[i] == i]
    tallest.sort(key=lambda i: -flat[summit[i]])
    rank = np.full(parent.size + 1, -1, dtype=np.int32)
    for position, hill in enumerate(tallest):
        rank[:-1][roots == hill] = position
    labels = rank[label].reshape(density.shape)
    peaks = np.array(
        [divmod(int(summit[i]), density.shape[1]) for i in tallest], dtype=np.int32
    ).reshape(-1, 2)
    return Hills(labels, peaks)
