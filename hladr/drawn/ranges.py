"""A range of one column on two axes: a band, or of area over height a wedge."""

from collections.abc import Mapping

import numpy as np

from hladr.arrays import FloatArray
from hladr.gates.column import Ratio
from hladr.gates.drawing import data_values
from hladr.gates.interval import Interval
from hladr.gates.outside import Outside
from hladr.gates.rectangle import RectangleGate

BESIDE = {"ssc": "fsc", "time": "fsc"}
"""What a role is looked at with; every other one with side scatter."""


_ALONG = 65  # points of a line through zero


def range_of(gate: object) -> Interval | None:
    """Interval of a gate on one column alone, or of what is outside it; None for others."""
    match gate:
        case RectangleGate(_, (interval,)):
            return interval
        case Outside(inner):
            return range_of(inner)
    return None


def beside(role: str, known: Mapping[str, FloatArray]) -> str | None:
    """Role of the column that a range of `role` is drawn with; None where the file has none."""
    other = BESIDE.get(role, "ssc")
    return other if other in known else None


def ends_of(interval: Interval) -> tuple[float, float]:
    """Data values of both ends; an open side is infinite."""
    bounds = (
        -np.inf if interval.low is None else interval.low,
        np.inf if interval.high is None else interval.high,
    )
    low, high = data_values(interval.dimension, np.array(bounds)).tolist()
    return low, high


def band(low: float, high: float) -> FloatArray:
    """Outline of all between two values of the horizontal axis, shape (4, 2)."""
    return np.array([(low, -np.inf), (high, -np.inf), (high, np.inf), (low, np.inf)])


def area_and_height(column: object, values: FloatArray, known: Mapping[str, FloatArray]) -> bool:
    """Whether a column is forward scatter's area over its height."""
    if not isinstance(column, Ratio) or not {"fsc", "fsc_height"} <= set(known):
        return False
    with np.errstate(divide="ignore", invalid="ignore"):
        ratio = known["fsc"] / known["fsc_height"]
    finite = np.isfinite(ratio) & np.isfinite(values)
    return bool(finite.any()) and np.allclose(ratio[finite], values[finite], rtol=1e-3)


def wedge(low: float, high: float, area: FloatArray, height: FloatArray) -> FloatArray:
    """Outline of ``low <= area / height < high`` on area and height, shape (n, 2).

    With points along both lines, so that one that leaves an axis is not bent at its end.
    """
    right, top = float(np.nanmax(area)), float(np.nanmax(height))
    below, above = _exit(high, right, top), _exit(low, right, top)
    corner = [(right, top)] if below[0] == right and above[0] < right else []
    along = np.linspace(0.0, 1.0, _ALONG)[:, None]
    return np.vstack([along * below, *corner, (along * above)[:0:-1]])


def _exit(ratio: float, right: float, top: float) -> tuple[float, float]:
    """Where the line of one ratio leaves the paper."""
    if ratio <= 0.0:
        return 0.0, top
    return (ratio * top, top) if ratio * top < right else (right, right / ratio)
