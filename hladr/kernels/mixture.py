"""Mixture of Student t components in four dimensions: expectation and maximisation in turn.

A component's density is ``share / |L| * (1 + m / nu) ** -POWER`` with ``m`` the squared Mahalanobis
distance, ``L`` the Cholesky factor of its scale matrix and ``nu = 2 * POWER - d``: heavier tails
than the normal, and no exponential to compute.
Peel D, McLachlan GJ, Stat Comput 2000;10:339-348. Data of three dimensions carry a fourth of
zeros, with mean 0 and scale 1, which adds nothing to any distance.
"""

import numpy as np

from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.kernels.jit import kernel

POWER = 6  # tails of the components: nu = 2 * POWER - dimensions
NEGLIGIBLE = 1e-6  # share of an event below which a component learns nothing from it
BLOCK = 512  # points a pass: what is expected of them stays in the first-level cache


@kernel
def inverse_factor(scale: FloatArray) -> tuple[FloatArray, float]:
    """Inverse of the lower Cholesky factor of `scale` (4, 4), and the factor's determinant."""
    factor, inverse = np.empty((4, 4)), np.empty((4, 4))
    determinant = 1.0
    for i in range(4):
        for j in range(i + 1):
            s = scale[i, j]
            for k in range(j):
                s -= factor[i, k] * factor[j, k]
            if i == j:
                factor[i, i] = np.sqrt(max(s, 1e-12))
                determinant *= factor[i, i]
            else:
                factor[i, j] = s / factor[j, j]
    for i in range(4):
        inverse[i, i] = 1.0 / factor[i, i]
        for j in range(i):
            s = 0.0
            for k in range(j, i):
                s -= factor[i, k] * inverse[k, j]
            inverse[i, j] = s / factor[i, i]
            inverse[j, i] = 0.0
    return inverse, determinant


@kernel
def heights(
    points: FloatArray,
    start: int,
    top: float,
    mean: FloatArray,
    inverse: FloatArray,
    nu: float,
    height: FloatArray,
    tail: FloatArray,
) -> None:
    """Density of one component at points from `start` on, as many as `height` (n,) holds.

    `top` is the density at its `mean` (4,), `inverse` (4, 4) that of its scale's Cholesky factor.
    ``1/(1+m/nu)`` goes into `tail` (n,).
    """
    a, b, c, d = mean[0], mean[1], mean[2], mean[3]
    l00, l10, l11 = inverse[0, 0], inverse[1, 0], inverse[1, 1]
    l20, l21, l22 = inverse[2, 0], inverse[2, 1], inverse[2, 2]
    l30, l31, l32, l33 = inverse[3, 0], inverse[3, 1], inverse[3, 2], inverse[3, 3]
    per_nu = 1.0 / nu
    end = start + height.size
    x, y = points[0, start:end], points[1, start:end]
    z, w = points[2, start:end], points[3, start:end]
    for i in range(height.size):
        p, q, r, s = x[i] - a, y[i] - b, z[i] - c, w[i] - d
        e = l00 * p
        f = l10 * p + l11 * q
        g = l20 * p + l21 * q + l22 * r
        h = l30 * p + l31 * q + l32 * r + l33 * s
        near = 1.0 / (1.0 + (e * e + f * f + g * g + h * h) * per_nu)
        tail[i] = near
        near *= near * near
        height[i] = top * near * near


@kernel
def add_moments(
    points: FloatArray,
    start: int,
    mean: FloatArray,
    count: FloatArray,
    weight: FloatArray,
    least: FloatArray,
    sums: FloatArray,
) -> None:
    """Add to `sums` (16,): of `count`, of `weight`, first and second moments about `mean`.

    All of shape (n,) but `mean` (4,) and `points` (4, …), of which those from `start` on are meant.
    Events whose `count` is below `least` are passed over. The second moments are the lower
    triangle, row by row.
    """
    a, b, c, d = mean[0], mean[1], mean[2], mean[3]
    whole = mass = mp = mq = mr = ms = 0.0
    pp = qp = qq = rp = rq = rr = sp = sq = sr = ss = 0.0
    end = start + count.size
    x, y = points[0, start:end], points[1, start:end]
    z, w = points[2, start:end], points[3, start:end]
    for i in range(count.size):
        if count[i] < least[i]:
            continue
        g = weight[i]
        p, q, r, s = x[i] - a, y[i] - b, z[i] - c, w[i] - d
        gp, gq, gr, gs = g * p, g * q, g * r, g * s
        whole += count[i]
        mass += g
        mp += gp
        mq += gq
        mr += gr
        ms += gs
        pp += gp * p
        qp += gq * p
        qq += gq * q
        rp += gr * p
        rq += gr * q
        rr += gr * r
        sp += gs * p
        sq += gs * q
        sr += gs * r
        ss += gs * s
    found = (whole, mass, mp, mq, mr, ms, pp, qp, qq, rp, rq, rr, sp, sq, sr, ss)
    for place, value in enumerate(found):
        sums[place] += value


@kernel
def expect(
    points: FloatArray,
    stands_for: FloatArray,
    share: FloatArray,
    mean: FloatArray,
    scale: FloatArray,
    nu: float,
    moves: BoolArray,
    sums: FloatArray,
) -> None:
    """Add what every component learns from the `points` (4, n) to `sums` (k, 16).

    Of those that do not move, as `moves` (k,) says, only the count.
    """
    n, k = points.shape[1], share.size
    height, tail = np.empty((k, BLOCK)), np.empty((k, BLOCK))
    total, weight, least = np.empty(BLOCK), np.empty(BLOCK), np.empty(BLOCK)
    inverse, top = np.empty((k, 4, 4)), np.empty(k)
    for j in range(k):
        found, determinant = inverse_factor(scale[j])
        top[j] = share[j] / determinant
        for row in range(4):
            for column in range(4):
                inverse[j, row, column] = found[row, column]
    pull = 2.0 * POWER / nu
    for start in range(0, n, BLOCK):
        size = min(BLOCK, n - start)
        for i in range(size):
            total[i], least[i] = 1e-300, NEGLIGIBLE * stands_for[start + i]
        for j in range(k):
            count, near = height[j, :size], tail[j, :size]
            heights(points, start, top[j], mean[j], inverse[j], nu, count, near)
            for i in range(size):
                total[i] += count[i]
        for i in range(size):
            total[i] = stands_for[start + i] / total[i]
        for j in range(k):
            count, near = height[j, :size], tail[j, :size]
            if not moves[j]:
                whole = 0.0
                for i in range(size):
                    count[i] *= total[i]
                    whole += 0.0 if count[i] < least[i] else count[i]
                sums[j, 0] += whole
                continue
            for i in range(size):
                count[i] *= total[i]
                weight[i] = count[i] * near[i] * pull
            add_moments(points, start, mean[j], count, weight[:size], least[:size], sums[j])


@kernel
def maximise(
    sums: FloatArray,
    strength: FloatArray,
    prior_mean: FloatArray,
    prior_scale: FloatArray,
    moves: BoolArray,
    axes: int,
    mean: FloatArray,
    scale: FloatArray,
) -> None:
    """Move `mean` (k, 4) and `scale` (k, 4, 4) to what `sums` (k, 16) says beside the priors."""
    for j in range(strength.size):
        whole, mass, held = sums[j, 0], sums[j, 1], strength[j]
        if not moves[j] or not mass > 0.0:
            continue
        first, second = sums[j, 2:6], sums[j, 6:]
        place = 0
        for row in range(axes):
            for column in range(row + 1):
                spread = second[place] - first[row] * (first[column] / mass)
                held_here = held * prior_scale[j, row, column]
                scale[j, row, column] = (spread + held_here) / (whole + held)
                scale[j, column, row] = scale[j, row, column]
                place += 1
        for row in range(axes):
            known = mass * mean[j, row] + first[row] + held * prior_mean[j, row]
            mean[j, row] = known / (mass + held)


def fit(
    points: FloatArray,
    stands_for: FloatArray,
    share: FloatArray,
    mean: FloatArray,
    scale: FloatArray,
    anchor: IndexArray,
    strength: FloatArray,
    axes: int,
    nu: float,
    steps: int,
) -> None:
    """Run `steps` EM steps in place on `share` (k,), `mean` (k, 4) and `scale` (k, 4, 4).

    `points` (4, n) each stand for `stands_for` (n,) events. `anchor[j]` is the component whose mean
    j shares (itself when free). `strength[j]` counts the imaginary events that hold mean and scale
    at their start; infinite = not moved. Only the first `axes` of the four are fitted: on one that
    is not there, scales that shrink would favour the large components.
    """
    prior_mean, prior_scale, sums = mean.copy(), scale.copy(), np.empty((share.size, 16))
    moves = np.isfinite(strength)
    for _ in range(steps):
        sums[:] = 0.0
        expect(points, stands_for, share, mean, scale, nu, moves, sums)
        maximise(sums, strength, prior_mean, prior_scale, moves, axes, mean, scale)
        mean[:] = mean[anchor]
        share[:] = sums[:, 0] / sums[:, 0].sum()


def shares_of(
    points: FloatArray,
    share: FloatArray,
    mean: FloatArray,
    scale: FloatArray,
    wanted: BoolArray,
    nu: float,
) -> FloatArray:
    """Posterior shares of sets of components at `points` (4, n): shape (m, n), 0 to 1.

    `wanted` (m, k) says which of them each set holds.
    """
    n = points.shape[1]
    height, tail, total = np.empty(n), np.empty(n), np.full(n, 1e-300)
    inside = np.zeros((len(wanted), n))
    for j in range(share.size):
        inverse, determinant = inverse_factor(scale[j])
        heights(points, 0, share[j] / determinant, mean[j], inverse, nu, height, tail)
        total += height
        inside[wanted[:, j]] += height
    inside /= total
    return inside
