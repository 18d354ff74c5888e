"""Density of t components in a plane of two of their axes.

A Student t distribution seen on two of its axes is a Student t distribution again, with the same
degrees of freedom (Kotz S, Nadarajah S, Multivariate t Distributions, 2004, section 1.10).
"""

import numpy as np

from hladr.arrays import FloatArray
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
    whole, half = divmod(round(nu) + 2, 2)
    for c in range(k):
        a, b, d = scale[c, 0, 0], scale[c, 0, 1], scale[c, 1, 1]
        determinant = max(a * d - b * b, 1e-12)
        top = share[c] / np.sqrt(determinant)
        per = 1.0 / (determinant * nu)
        for i in range(nx):
            u = x[i] - mean[c, 0]
            for j in range(ny):
                v = y[j] - mean[c, 1]
                tail = 1.0 / (1.0 + (d * u * u - 2.0 * b * u * v + a * v * v) * per)
                height = top
                for _ in range(whole):
                    height *= tail
                if half:
                    height *= np.sqrt(tail)
                density[c, i, j] = height
    return density
