"""Bead events of one channel in ascending order, and where the scale clips them.

Everything after this works on sorted values, so the order of events in a file changes nothing.
"""

from dataclasses import dataclass
from typing import Final

import numpy as np

from calibration.arrays import FloatArray, IndexArray

# One value held by this many events, and by this many times more than any of its neighbours,
# is not a distribution but the end of a scale.
PILE_UP_EVENTS: Final = 10
PILE_UP_RATIO: Final = 5.0
_NEIGHBOURS: Final = 10

# No detector writes such a number: it is garbage, or a missing value.
_ABSURD: Final = 1e60

# float32 data may miss the detector's top by a rounding.
_TOP_TOLERANCE: Final = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class OrderedEvents:
    """Finite events below the detector's top, ascending.

    Parameters
    ----------
    values : shape (n,)
        Scale values; zero and negative ones included.
    floor : >= 0
        Events at or below it have no usable logarithm: zero, or the lowest value where events are
        piled up on it (channel 0 of a logarithmic amplifier).
    top
        Value the scale ends at; ``inf`` when neither told nor visible.
    n_events
        Events offered, before anything was set aside.
    n_top
        Events at or above `top`.
    """

    values: FloatArray
    floor: float
    top: float
    n_events: int
    n_top: int

    @property
    def n_unlogged(self) -> int:
        """Number of events at or below the floor."""
        return int(np.searchsorted(self.values, self.floor, side="right"))


def order_events(pe_values: FloatArray, *, saturation: float | None) -> OrderedEvents:
    """Sort the events and find the ends of the scale.

    Parameters
    ----------
    pe_values : shape (n,)
        Scale values; NaN, infinities and absurd numbers are set aside.
    saturation
        Scale value of the detector's top, ``None`` when not known. A pile-up of events on their
        highest value counts as top in any case.

    Raises
    ------
    ValueError
        Not one-dimensional, or a saturation that is not a positive number.
    """
    values = np.asarray(pe_values, dtype=np.float64)
    if values.ndim != 1:
        raise ValueError(f"expected the values of one channel, found shape {values.shape}")
    if saturation is not None and not 0.0 < saturation < np.inf:
        raise ValueError(f"expected a saturation above 0, found {saturation}")
    ordered = np.sort(values[np.abs(values) < _ABSURD])  # NaN and infinities compare false
    top = np.inf if saturation is None else saturation * (1.0 - _TOP_TOLERANCE)
    if ordered.size and _piled_up(ordered[::-1]):
        top = min(top, float(ordered[-1]))
    below = ordered[: np.searchsorted(ordered, top, side="left")].copy()
    floor = 0.0
    if below.size and below[0] > 0.0 and _piled_up(below):
        floor = float(below[0])
    below.setflags(write=False)
    return OrderedEvents(
        values=below,
        floor=floor,
        top=top,
        n_events=int(values.size),
        n_top=int(ordered.size - below.size),
    )


def _starts(from_the_end: FloatArray, most: int) -> IndexArray:
    """Where each of the first `most` different values of a sorted array begins."""
    looked_at = 1024
    while True:
        part = from_the_end[:looked_at]
        starts = np.flatnonzero(np.diff(part, prepend=np.nan) != 0.0)
        if starts.size >= most or looked_at >= from_the_end.size:
            return starts[:most]
        looked_at *= 8


def _piled_up(from_the_end: FloatArray) -> bool:
    """Whether the first value of a sorted array holds a crowd that its neighbours do not."""
    starts = _starts(from_the_end, _NEIGHBOURS + 2)
    if starts.size < 2:
        return from_the_end.size >= PILE_UP_EVENTS
    counts = np.diff(starts)
    if counts.size < 2:
        return False
    return bool(counts[0] >= PILE_UP_EVENTS and counts[0] >= PILE_UP_RATIO * counts[1:].max())
