"""The data value at which a scale reaches a bound: gates compare data without scaling it."""

import math
import struct
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from hladr.arrays import FloatArray
from hladr.scales.scale import Scale

LARGEST = float(np.finfo(np.float64).max)
NEIGHBOURS = 32  # doubles looked at on either side of the inverse before bisecting


@lru_cache(maxsize=4096)
def data_threshold(scale: Scale, scaled: float) -> float:
    """Smallest finite double x with ``scale.forward(x) >= scaled``; inf where there is none.

    For a rising scale ``low <= forward(x) < high`` and ``data_threshold(low) <= x <
    data_threshold(high)`` are the same events, to the last bit of x. ``scaled = -LARGEST`` and
    ``scaled = inf`` enclose every finite x with a finite scale value.
    """
    guess = float(scale.inverse(np.array([scaled]))[0])
    if math.isfinite(guess):
        near = np.arange(-NEIGHBOURS, NEIGHBOURS + 1) + _rank(guess)
        around = _number(np.minimum(np.maximum(near, _rank(-LARGEST)), _rank(LARGEST)))
        reached = scale.forward(around) >= scaled
        if reached[-1] and not reached[0]:
            return float(around[np.argmax(reached)])
    return _bisected(scale, scaled)


def _bisected(scale: Scale, scaled: float) -> float:
    always, once = scale.forward(np.array([-LARGEST, LARGEST])) >= scaled
    if always or not once:
        return -LARGEST if always else np.inf
    low, high = _rank(-LARGEST), _rank(LARGEST)
    while high - low > 1:
        middle = (low + high) // 2
        if scale.forward(_number(np.array([middle])))[0] >= scaled:
            high = middle
        else:
            low = middle
    return float(_number(np.array([high]))[0])


def _rank(number: float) -> int:
    """Place of a double among all doubles: neighbours differ by one."""
    (bits,) = struct.unpack("=q", struct.pack("=d", number))
    return int(bits) if bits >= 0 else -(bits & 0x7FFF_FFFF_FFFF_FFFF)


def _number(rank: NDArray[np.int64]) -> FloatArray:
    """Doubles of the given places."""
    return np.copysign(np.abs(rank).view(np.float64), rank)
