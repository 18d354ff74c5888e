"""The hyperlog scale: an exponential plus a straight line, inverted by root finding.

With u the distance on the scale from data zero, the data value is

    E(u) = p * (exp(b u) - 1) + c u,  u >= 0,  E(-u) = -E(u),

the function a e^(by) + cy - f of Gating-ML 2.0 written about data zero, where a e^(b x1) = p and
E(0) = 0 removes f.

References
----------
.. [1] Bagwell CB. Hyperlog - a flexible log-like transform for negative, zero, and positive valued
   data. Cytometry A 2005;64A:34-42. doi:10.1002/cyto.a.20114
"""

import math
from typing import NamedTuple

import numpy as np

from hladr.arrays import AnyFloatArray, FloatArray
from hladr.kernels.jit import kernel

FAR = 1e250  # nothing but p * exp(b u) is left


class HyperlogCurve(NamedTuple):
    """Constants of E(u), and `zero`, the place of data zero on the scale."""

    p: float
    b: float
    c: float
    zero: float


@kernel
def hyperlog_distance(value: float, curve: HyperlogCurve) -> float:
    """Root u >= 0 of E(u) = value, for value >= 0, by Halley's method; NaN and inf stay.

    E is convex, so min(ln(1 + value / p) / b, value / E'(0)) bounds the root from above.
    """
    p, b, c, _ = curve
    if not value < np.inf:
        return value
    if max(value, value / p) > FAR:
        return (math.log(value) - math.log(p)) / b
    u = min(math.log1p(value / p) / b, value / (p * b + c))
    for _ in range(50):
        rising = math.expm1(b * u)
        up = p * b * (rising + 1.0)
        newton = (p * rising + c * u - value) / (up + c)
        step = newton / max(0.5, 1.0 - 0.5 * newton * up * b / (up + c))
        u -= step
        if abs(step) < 1e-6:  # cubic convergence: the error left is below 1e-16
            break
    return u


@kernel
def hyperlog_exact(values: AnyFloatArray, curve: HyperlogCurve) -> FloatArray:
    """Scale values of data values, each root solved for; shape (n,). NaN stays NaN."""
    scaled = np.empty(values.size)
    for i in range(values.size):
        value = np.float64(values[i])
        scaled[i] = curve.zero + math.copysign(hyperlog_distance(abs(value), curve), value)
    return scaled
