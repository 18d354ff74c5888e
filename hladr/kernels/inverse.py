"""Inverse of a small square matrix, to the same last digit whatever BLAS is installed.

A result is to have the same bytes on every machine of a kind; LAPACK's kernels differ from one
processor to the next.
"""

import numpy as np

from hladr.arrays import FloatArray
from hladr.kernels.jit import kernel


def inverse(matrix: FloatArray) -> FloatArray:
    """Inverse of a matrix, shape (n, n).

    A matrix without one gives infinities or NaN: its condition is for the caller to check.
    """
    left, right = np.array(matrix, np.float64), np.eye(len(matrix))
    eliminate(left, right)
    return right


@kernel
def eliminate(left: FloatArray, right: FloatArray) -> None:
    """Turn `left` (n, n) into the identity and `right` into its product with the inverse, in place.

    Gauss-Jordan elimination, rows exchanged for the largest pivot.
    """
    n = left.shape[0]
    for k in range(n):
        pivot = k
        for i in range(k + 1, n):
            if abs(left[i, k]) > abs(left[pivot, k]):
                pivot = i
        for j in range(n):
            left[k, j], left[pivot, j] = left[pivot, j], left[k, j]
            right[k, j], right[pivot, j] = right[pivot, j], right[k, j]
        per = 1.0 / left[k, k]
        for j in range(n):
            left[k, j] *= per
            right[k, j] *= per
        for i in range(n):
            share = left[i, k]
            if i != k and share != 0.0:
                for j in range(n):
                    left[i, j] -= share * left[k, j]
                    right[i, j] -= share * right[k, j]
