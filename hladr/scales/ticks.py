"""Where an axis carries its marks."""

import math
from typing import NamedTuple

import numpy as np

from hladr.arrays import FloatArray
from hladr.scales.linear import Linear
from hladr.scales.scale import Scale

CROWDED = 0.04  # marks nearer than this part of the axis to the mark at zero are left out
LINEAR_STEPS = 5
ROUND_STEPS = ((1.0, 5), (2.0, 4), (5.0, 5), (10.0, 5))  # factor, finer parts of it


class Ticks(NamedTuple):
    """Data values of the marks, rising: `major` carry a number, `minor` do not."""

    major: FloatArray
    minor: FloatArray


def decade_ticks(scale: Scale, low: float, high: float) -> Ticks:
    """Mark an axis between two data values: zero and decades, or round steps if it is linear.

    Parameters
    ----------
    scale
        Scale of the axis.
    low, high
        Ends of the axis in data values, finite, ``low < high``; both may carry a mark.

    Returns
    -------
    Ticks
        Decades so close to zero that they would crowd it are left out; the minor marks are 2 to 9
        times a decade. On a scale without zero (log) the axis starts at the smallest positive
        value on it.

    Raises
    ------
    ValueError
        The ends are not finite and rising.
    """
    if not (math.isfinite(low) and math.isfinite(high) and low < high):
        raise ValueError(f"axis ends must be finite and rising, found {low!r} to {high!r}")
    if isinstance(scale, Linear):
        return _linear_ticks(low, high)
    zero, start = scale.forward(np.array([0.0, low]))
    if not math.isfinite(start):
        low = float(scale.inverse(np.array([0.0]))[0])
    reach = max(abs(low), abs(high))
    nearest = max(_clear_of_zero(scale, low, high), low, -high) if math.isfinite(zero) else low
    powers = range(math.floor(math.log10(nearest)) - 1, math.ceil(math.log10(reach)) + 1)
    decades = np.array([10.0**k for k in powers])
    minor = np.sort(np.outer(decades, np.arange(2.0, 10.0)).ravel())
    if math.isfinite(zero):
        far = decades >= nearest
        major = np.concatenate([-decades[far][::-1], [0.0], decades[far]])
        minor = np.concatenate([-minor[::-1], minor])
        minor = minor[np.abs(minor) >= 0.1 * nearest]
    else:
        major = decades
    return Ticks(_within(major, low, high), _within(minor, low, high))


def _clear_of_zero(scale: Scale, low: float, high: float) -> float:
    """Find the data value a crowding distance above zero, by the length of the axis."""
    zero, start, end = scale.forward(np.array([0.0, low, high]))
    away = zero + CROWDED * (end - start)
    return float(scale.inverse(np.array([away]))[0])


def _linear_ticks(low: float, high: float) -> Ticks:
    """Step by 1, 2 or 5 times a power of ten, about five times, with finer marks between."""
    rough = (high - low) / LINEAR_STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    factor, parts = min(ROUND_STEPS, key=lambda step: abs(math.log(step[0] * power / rough)))
    fine = factor * power / parts
    every = np.arange(math.ceil(low / fine), math.floor(high / fine) + 1)
    on_step = every % parts == 0
    marks = np.clip(every * fine, low, high)  # 73 times 0.1 is more than 7.3
    return Ticks(marks[on_step], marks[~on_step])


def _within(values: FloatArray, low: float, high: float) -> FloatArray:
    return values[(low <= values) & (values <= high)]
