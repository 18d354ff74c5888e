"""The logicle scale of the job, from its formula; NumPy only."""

import math

import job
import numpy as np


def curve() -> tuple[float, ...]:
    """Return a, b, c, d, f of the logicle biexponential, and the place of data zero."""
    b = (job.M + job.A) * math.log(10.0)
    w = job.W / (job.M + job.A)
    zero = job.A / (job.M + job.A) + w
    low, high = 0.0, b
    for _ in range(200):
        d = 0.5 * (low + high)
        low, high = (low, d) if 2.0 * math.log(d / b) + w * (b + d) > 0.0 else (d, high)
    c_over_a = math.exp(zero * (b + d)) * (b / d) ** 2
    f_over_a = -math.exp(b * zero) + c_over_a * math.exp(-d * zero)
    a = job.T / (math.exp(b) - c_over_a * math.exp(-d) + f_over_a)
    return a, b, c_over_a * a, d, f_over_a * a, zero


def inverse(scaled: np.ndarray, constants: tuple[float, ...]) -> np.ndarray:
    """Turn scale values into data values."""
    a, b, c, d, f, zero = constants
    y = zero + np.abs(scaled - zero)
    return np.copysign(a * np.exp(b * y) - c * np.exp(-d * y) + f, scaled - zero)
