"""t components in a plane of two of their axes: their density, and the share of some of them.

A Student t distribution seen on two of its axes is a Student t distribution again, with the same
degrees of freedom (Kotz S, Nadarajah S, Multivariate t Distributions, 2004, section 1.10).
"""

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.kernels.jit import kernel


@kernel
def plane_density(
    x: FloatArray, y: FloatArray, share: FloatArray, mean: FloatArray, scale: FloatArray, nu: float
) -> FloatArray:
    """Heights of k components on a grid, shape (k, nx, ny); one factor common to all left out.

    Parameters
    ----------
    x, y : shape (nx,), (ny,)
        Grid lines.
    share, mean, scale : shape (k,), (k, 2), (k, 2, 2)
        Of the components in this plane.
    nu
        Degrees of freedom: ``nu + 2`` must be a whole number.
    """
    k, nx, ny = share.size, x.size, y.size
    density = np.empty((k, nx, ny))
    tail = np.empty(ny)
    whole, half = divmod(round(nu) + 2, 2)
    for c in range(k):
        a, b, d = scale[c, 0, 0], scale[c, 0, 1], scale[c, 1, 1]
        determinant = max(a * d - b * b, 1e-12)
        top = share[c] / np.sqrt(determinant)
        per = 1.0 / (determinant * nu)
        for i in range(nx):
            u = x[i] - mean[c, 0]
            height = density[c, i]
            for j in range(ny):
                v = y[j] - mean[c, 1]
                tail[j] = 1.0 / (1.0 + (d * u * u - 2.0 * b * u * v + a * v * v) * per)
                height[j] = top
            for _ in range(whole):
                for j in range(ny):
                    height[j] *= tail[j]
            if half:
                for j in range(ny):
                    height[j] *= np.sqrt(tail[j])
    return density


@kernel
def held_along(density: FloatArray, region: BoolArray) -> FloatArray:
    """Sum over x of `density` (k, nx, ny) inside `region` (nx, ny): shape (k, ny)."""
    k, nx, ny = density.shape
    held, inside = np.empty((k, ny)), np.empty(ny)
    for c in range(k):
        for j in range(ny):
            held[c, j] = 0.0
    for i in range(nx):
        any_inside = 0.0
        for j in range(ny):
            inside[j] = 1.0 if region[i, j] else 0.0
            any_inside += inside[j]
        if any_inside > 0.0:
            for c in range(k):
                line, total = density[c, i], held[c]
                for j in range(ny):
                    total[j] += line[j] * inside[j]
    return held


@kernel
def wanted_share(density: FloatArray, factor: FloatArray, wanted: BoolArray) -> FloatArray:
    """Share of the `wanted` (k,) components in each cell: shape (nx, ny), 0 to 1.

    `density` has shape (k, nx, ny); `factor` (k, ny) multiplies each component along x.
    """
    k, nx, ny = density.shape
    share, total = np.empty((nx, ny)), np.empty(ny)
    for i in range(nx):
        inside = share[i]
        for j in range(ny):
            total[j], inside[j] = 1e-300, 0.0
        for c in range(k):
            line, part = density[c, i], factor[c]
            keep = 1.0 if wanted[c] else 0.0
            for j in range(ny):
                height = line[j] * part[j]
                total[j] += height
                inside[j] += keep * height
        for j in range(ny):
            inside[j] /= total[j]
    return share
