"""Mixture of Student t components: one step after another of expectation and maximisation.

A component's density is ``share / |L| * (1 + m / nu) ** -power`` with ``m`` the squared Mahalanobis
distance, ``L`` the Cholesky factor of its scale matrix, ``power`` an integer and
``nu = 2 * power - d``: heavier tails than the normal, and no exponential to compute.
Peel D, McLachlan GJ, Stat Comput 2000;10:339-348.
"""

import numpy as np

from hladr.kernels.jit import kernel


@kernel
def _inverse_factor(scale, inverse):  # type: ignore[no-untyped-def]
    """Inverse of the lower Cholesky factor of `scale` into `inverse`; returns the factor's determinant."""
    d = scale.shape[0]
    factor = np.zeros((d, d))
    determinant = 1.0
    for i in range(d):
        for j in range(i + 1):
            s = scale[i, j]
            for k in range(j):
                s -= factor[i, k] * factor[j, k]
            if i == j:
                factor[i, i] = np.sqrt(max(s, 1e-12))
                determinant *= factor[i, i]
            else:
                factor[i, j] = s / factor[j, j]
    for i in range(d):
        inverse[i, i] = 1.0 / factor[i, i]
        for j in range(i):
            s = 0.0
            for k in range(j, i):
                s -= factor[i, k] * inverse[k, j]
            inverse[i, j] = s / factor[i, i]
    return determinant


@kernel
def _heights(point, mean, inverse, height, power, out, tail):  # type: ignore[no-untyped-def]
    """Density of every component at one point into `out`, and ``1 / (1 + m / nu)`` into `tail`."""
    k, d = mean.shape
    nu = 2.0 * power - d
    total = 1e-300
    for j in range(k):
        m = 0.0
        for a in range(d):
            z = 0.0
            for b in range(a + 1):
                z += inverse[j, a, b] * (point[b] - mean[j, b])
            m += z * z
        base = 1.0 / (1.0 + m / nu)
        value = height[j]
        for _ in range(power):
            value *= base
        out[j] = value
        tail[j] = base
        total += value
    return total


@kernel
def fit(points, weights, share, mean, scale, anchor, prior_mean, prior_scale, strength, power, steps):  # type: ignore[no-untyped-def]
    """Run `steps` EM steps in place on `share` (k,), `mean` (k, d) and `scale` (k, d, d).

    `points` (n, d), `weights` (n,). `anchor[j]` is the component whose mean j shares (itself when
    free). `strength[j]` counts the imaginary events that hold mean and scale at their prior;
    infinite = not moved.
    """
    n, d = points.shape
    k = share.size
    nu = 2.0 * power - d
    inverse = np.zeros((k, d, d))
    height = np.empty(k)
    p = np.empty(k)
    tail = np.empty(k)
    for _ in range(steps):
        for j in range(k):
            height[j] = share[j] / _inverse_factor(scale[j], inverse[j])
        count = np.zeros(k)
        mass = np.zeros(k)
        first = np.zeros((k, d))
        second = np.zeros((k, d, d))
        for i in range(n):
            total = _heights(points[i], mean, inverse, height, power, p, tail)
            for j in range(k):
                r = weights[i] * p[j] / total
                if r < 1e-6 * weights[i]:
                    continue
                g = r * 2.0 * power / nu * tail[j]
                count[j] += r
                mass[j] += g
                for a in range(d):
                    da = points[i, a] - mean[j, a]
                    first[j, a] += g * da
                    for b in range(a + 1):
                        second[j, a, b] += g * da * (points[i, b] - mean[j, b])
        whole = count.sum()
        for j in range(k):
            share[j] = count[j] / whole
            if not np.isfinite(strength[j]) or mass[j] <= 0.0:
                continue
            s = strength[j]
            for a in range(d):
                for b in range(a + 1):
                    spread = second[j, a, b] - first[j, a] * first[j, b] / mass[j]
                    value = (spread + s * prior_scale[j, a, b]) / (count[j] + s)
                    scale[j, a, b] = value
                    scale[j, b, a] = value
            for a in range(d):
                shift = mass[j] * mean[j, a] + first[j, a] + s * prior_mean[j, a]
                mean[j, a] = shift / (mass[j] + s)
        for j in range(k):
            for a in range(d):
                mean[j, a] = mean[anchor[j], a]


@kernel
def share_of(points, share, mean, scale, wanted, power):  # type: ignore[no-untyped-def]
    """Posterior share of the `wanted` (k,) components at each point: shape (n,), 0 to 1."""
    n, d = points.shape
    k = share.size
    inverse = np.zeros((k, d, d))
    height = np.empty(k)
    p = np.empty(k)
    tail = np.empty(k)
    out = np.empty(n)
    for j in range(k):
        height[j] = share[j] / _inverse_factor(scale[j], inverse[j])
    for i in range(n):
        total = _heights(points[i], mean, inverse, height, power, p, tail)
        inside = 0.0
        for j in range(k):
            if wanted[j]:
                inside += p[j]
        out[i] = inside / total
    return out
