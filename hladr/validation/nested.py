"""Nested analysis of variance with random effects: mean squares, and the variances behind them.

Balanced or not, by the method of moments with Henderson's method 1 (C. R. Henderson, Biometrics
1953;9:226-252); the coefficients of an unbalanced hierarchy after J. C. Gower, Biometrics
1962;18:537-542 (S. R. Searle, G. Casella and C. E. McCulloch, Variance Components, Wiley 1992).
"""

from dataclasses import dataclass

import numpy as np

from hladr.arrays import FloatArray, IndexArray


@dataclass(frozen=True, slots=True, eq=False)
class NestedAnova:
    """Levels outermost first, the single results last.

    Parameters
    ----------
    groups
        Groups at each level, shape (k,); at the last as many as there are results.
    dof, mean_squares
        Of each level, shape (k,).
    expected
        Mean square i is expected to be the sum over j of ``expected[i, j] * variance[j]``,
        shape (k, k), upper triangular.
    weights
        The inverse: component j is the sum over i of ``weights[j, i] * mean_squares[i]``.
    components
        Unbiased estimates, shape (k,); they can be negative.
    """

    groups: IndexArray
    dof: FloatArray
    mean_squares: FloatArray
    expected: FloatArray
    weights: FloatArray
    components: FloatArray


def nested_anova(values: FloatArray, groups: IndexArray) -> NestedAnova:
    """Mean squares and variance components of a hierarchy.

    Parameters
    ----------
    values
        Results, shape (n,), finite.
    groups
        Number of the group that a result is in, from 0, shape (k, n): first the cells whose means
        are fixed, then the random levels from the outermost, each within the one before.

    Raises
    ------
    ValueError
        A level parts nothing that the one before it does not, or no two results share a group.
    """
    y = np.asarray(values, dtype=np.float64)
    levels = np.vstack([groups, np.arange(y.size)])
    counts = levels.max(axis=1) + 1
    dof = np.diff(counts).astype(np.float64)
    if (dof < 1).any():
        raise ValueError(f"expected each level to part the one before, found groups {counts}")
    sums = np.array([_square_of_means(y - y.mean(), level) for level in levels])
    mean_squares = np.diff(sums) / dof
    shares = np.array([[_share(outer, inner) for inner in levels[1:]] for outer in levels])
    # A level is the same throughout a group of one within it: what contains it cancels.
    expected = np.triu(np.diff(shares, axis=0) / dof[:, np.newaxis])
    weights = np.linalg.inv(expected)
    return NestedAnova(counts[1:], dof, mean_squares, expected, weights, weights @ mean_squares)


def _square_of_means(y: FloatArray, level: IndexArray) -> float:
    """Sum over the groups of their size times the square of their mean."""
    return float(np.sum(np.bincount(level, y) ** 2 / np.bincount(level)))


def _share(outer: IndexArray, inner: IndexArray) -> float:
    """Sum over the inner groups of the square of their size over the size of their outer group."""
    size, outer_size = np.bincount(inner), np.bincount(outer)
    holder = np.zeros(size.size, dtype=np.intp)
    holder[inner] = outer
    return float(np.sum(size**2 / outer_size[holder]))
