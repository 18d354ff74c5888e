"""Quantiles of a sample, as NumPy gives them to the last bit, without its look at the arguments.

That look takes as long as the work where a sample has some thousand values, and there are dozens.
NumPy also begins anew for every place that it is asked for; here each begins where the one below
it ended, and the value behind is the least of the rest. Of values that are none the rest has some.
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
    places = [percent / 100.0 * (values.size - 1) for percent in percents]
    below = [math.floor(place) for place in places]
    pairs = _neighbours(values, below)
    return tuple(
        _between(*pairs[low], place - low) for low, place in zip(below, places, strict=True)
    )


def median(values: FloatArray) -> float:
    """Median of one or more values, shape (n,); NaN where any value is NaN."""
    lower = (values.size - 1) // 2
    low, high = _neighbours(values, [lower])[lower]
    if math.isnan(high):
        return math.nan
    return low if values.size % 2 else (low + high) / 2.0


def weighted_quantiles(
    values: FloatArray, weights: FloatArray, shares: tuple[float, ...]
) -> FloatArray:
    """Values up to which some shares, above 0 to 1, of the weight lie; shape (len(shares),).

    Definition 1 of Hyndman and Fan. `values` and `weights`, shape (n,), n above 0, are known, and
    the weights not negative.
    """
    order = np.argsort(values)
    below = np.cumsum(weights[order])
    below /= below[-1]
    return values[order[np.minimum(np.searchsorted(below, shares), values.size - 1)]]


def _neighbours(values: FloatArray, places: list[int]) -> dict[int, tuple[float, float]]:
    """By place in ascending order the value there and the one behind, itself at the end."""
    rest, begin, found = values.copy(), 0, {}
    for place in sorted(set(places)):
        rest.partition(place - begin)
        rest, begin = rest[place - begin :], place
        found[place] = float(rest[0]), float(rest[1:].min() if rest.size > 1 else rest[0])
    return found


def _between(low: float, high: float, share: float) -> float:
    """Value at a share, 0 to 1, of the way, from the nearer end."""
    apart = high - low
    return high - apart * (1.0 - share) if share >= 0.5 else low + apart * share
