"""A gate bounded in each of its dimensions: range, rectangle, box, quadrant."""

from collections.abc import Mapping
from dataclasses import dataclass

from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.gates.column import Column
from hladr.gates.dimension import check_finite
from hladr.gates.errors import InvalidGate
from hladr.gates.gate import events_inside, mask_by
from hladr.gates.interval import Interval
from hladr.gates.shape import Box, ReaderOf


@dataclass(frozen=True, slots=True)
class RectangleGate:
    """Events with ``low <= scale value < high`` in every dimension.

    Parameters
    ----------
    name
        What the gate is called.
    intervals
        One or more; bounds are scale values, None where a side is open.

    Raises
    ------
    InvalidGate
        No interval, a bound that is not finite, or ``low > high``.

    Notes
    -----
    Bounds are carried to data values (`hladr.scales.data_threshold`), the events are not scaled;
    the events inside are the same.

    References
    ----------
    .. [1] Gating-ML 2.0, International Society for Advancement of Cytometry, 2013; section 5.1.1.
    """

    name: str
    intervals: tuple[Interval, ...]

    def __post_init__(self) -> None:
        """Refuse bounds that enclose nothing by mistake."""
        if not self.intervals:
            raise InvalidGate(gate=self.name, expected="one dimension or more", found="none")
        for interval in self.intervals:
            bounds = [bound for bound in (interval.low, interval.high) if bound is not None]
            check_finite(self.name, "bounds", bounds)
            if bounds != sorted(bounds):
                expected = f"a low bound below the high one on {str(interval.dimension.column)!r}"
                found = f"{interval.low} to {interval.high}"
                raise InvalidGate(gate=self.name, expected=expected, found=found)

    def mask(self, columns: Mapping[Column, FloatArray]) -> BoolArray:
        """One boolean an event of `columns`: data values by what the dimensions name."""
        dimensions = tuple(interval.dimension for interval in self.intervals)
        return mask_by(self, dimensions, columns)

    def among(self, columns: Mapping[Column, FloatArray], events: IndexArray) -> IndexArray:
        """Those of some events of `columns` that lie inside, in their order."""
        dimensions = tuple(interval.dimension for interval in self.intervals)
        return events_inside(self, dimensions, columns, events)

    def shape(self, reader_of: ReaderOf) -> Box:
        """Return the gate ready to be asked about the events of a file."""
        return Box.of(self.intervals, reader_of)
