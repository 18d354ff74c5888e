"""Quantiles of a sample, as NumPy gives them to the last bit, without its look at the arguments.

That look takes as long as the work where a sample has some thousand values, and there are dozens.
"""

import math

import numpy as np

from hladr.arrays import FloatArray


def percentiles(values: FloatArray, *percents: float) -> tuple[float, ...]:
    """Percentiles, 0 to 100, of one or more values, shape (n,); NaN where any value is NaN.

    Linear between neighbours: definition 7 of Hyndman and Fan (Am Stat 1996;50:361).

    Raises
    ------
    ValueError
        There is no value, or a percent is none.
    """
    if values.size == 0 or not all(0.0 <= percent <= 100.0 for percent in percents):
        raise ValueError(f"expected values, and percents from 0 to 100; found {percents}")
    last = values.size - 1
    places = [percent / 100.0 * last for percent in percents]
    below = [math.floor(place) for place in places]
    above = [min(place + 1, last) for place in below]
    ordered = np.partition(values, sorted({*below, *above, last}))
    if math.isnan(ordered[last]):
        return (math.nan,) * len(percents)
    return tuple(
        _between(float(ordered[low]), float(ordered[high]), place - low)
        for low, high, place in zip(below, above, places, strict=True)
    )


def median(values: FloatArray) -> float:
    """Median of one or more values, shape (n,); NaN where any value is NaN."""
    half, last = values.size // 2, values.size - 1
    lower = half if values.size % 2 else half - 1
    ordered = np.partition(values, sorted({lower, half, last}))
    if math.isnan(ordered[last]):
        return math.nan
    low, high = float(ordered[lower]), float(ordered[half])
    return low if lower == half else (low + high) / 2.0


def _between(low: float, high: float, share: float) -> float:
    """Value at a share, 0 to 1, of the way, from the nearer end."""
    apart = high - low
    return high - apart * (1.0 - share) if share >= 0.5 else low + apart * share
