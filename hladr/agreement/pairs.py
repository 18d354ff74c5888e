"""Two series of numbers that belong together, one by one."""

import numpy as np

from hladr.arrays import FloatArray


def paired(old: FloatArray, new: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Both series as float64.

    Raises
    ------
    ValueError
        They are not of one length and one dimension, or hold a number that is not finite: a sample
        without a number is left out by who asks, who can say so.
    """
    x, y = (np.ascontiguousarray(each, dtype=np.float64) for each in (old, new))
    if x.ndim != 1 or x.shape != y.shape:
        raise ValueError(f"expected two series of one length, found shapes {x.shape} and {y.shape}")
    if not (np.isfinite(x).all() and np.isfinite(y).all()):
        raise ValueError("expected finite numbers, found NaN or infinity; leave these pairs out")
    return x, y
