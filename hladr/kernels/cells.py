"""What is asked of every event before any gate is drawn, each in one walk over the file."""

import numpy as np

from hladr.arrays import AnyFloatArray, BoolArray, FloatArray
from hladr.kernels.jit import kernel


@kernel
def on_scale(
    fsc: AnyFloatArray,
    ssc: AnyFloatArray,
    stains: tuple[AnyFloatArray, AnyFloatArray],
    fsc_top: float,
    ssc_top: float,
) -> BoolArray:
    """Whether scatter is above 0 and below its detector's top, and both stains are finite.

    Columns have shape (n_events,); a top of infinity only asks for a finite value.
    """
    first, second = stains
    inside = np.empty(fsc.size, np.bool_)
    for i in range(fsc.size):
        f, s, a, b = fsc[i], ssc[i], first[i], second[i]
        inside[i] = (
            (f > 0.0) & (f < fsc_top) & (s > 0.0) & (s < ssc_top) & (a - a == 0.0) & (b - b == 0.0)
        )
    return inside


@kernel
def quotient(above: AnyFloatArray, below: AnyFloatArray) -> FloatArray:
    """``above / below``, shape (n_events,); NaN where either is not above 0."""
    ratio = np.empty(above.size)
    for i in range(above.size):
        a, b = np.float64(above[i]), np.float64(below[i])
        ratio[i] = a / b if (a > 0.0) & (b > 0.0) else np.nan
    return ratio


@kernel
def never_falls(values: AnyFloatArray) -> bool:
    """Whether finite values, shape (n_events,), rise from first to last and never fall between."""
    last = -np.inf
    for value in values:
        if not value >= last:
            return False
        last = value
    return values[0] > -np.inf and last < np.inf and last > values[0]
