"""A gate ready to be asked: what it reads, the box around it, and what decides inside the box."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from hladr.arrays import BoolArray, FloatArray, IndexArray
from hladr.gates.column import Column
from hladr.gates.interval import Interval
from hladr.gates.piece import Piece, Reader, chosen, mask_of
from hladr.kernels.gating import events_in_polygon, events_within, places_within
from hladr.scales.scale import Scale

ReaderOf = Callable[[Column], Reader]


class Shape(Protocol):
    """What tells the events of a piece apart."""

    def inside(self, piece: Piece, events: IndexArray) -> IndexArray:
        """Those of some events of a piece that lie inside, in their order."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class Box:
    """Bounds on several columns, in data values: low included, high excluded."""

    readers: tuple[Reader, ...]
    bounds: tuple[tuple[float, float], ...]

    @classmethod
    def of(cls, intervals: tuple[Interval, ...], reader_of: ReaderOf) -> "Box":
        """Return the box of some intervals."""
        readers = tuple(reader_of(interval.dimension.column) for interval in intervals)
        return cls(readers, tuple(interval.data_bounds for interval in intervals))

    def inside(self, piece: Piece, events: IndexArray) -> IndexArray:
        """Those of some events that lie inside, in their order."""
        return self._narrowed(piece, events)[0]

    def held(self, piece: Piece, events: IndexArray) -> tuple[IndexArray, list[FloatArray]]:
        """Those of some events that lie inside, and their data values in each column."""
        events, dear = self._narrowed(piece, events)
        return events, [
            piece.values(reader, events) if reader.is_cheap else dear[reader]
            for reader in self.readers
        ]

    def _narrowed(
        self, piece: Piece, events: IndexArray
    ) -> tuple[IndexArray, dict[Reader, FloatArray]]:
        """Those of some events that lie inside, and their values in columns that cost something.

        What costs least to read is asked first, and of the rest only what is left.
        """
        for reader, bounds in zip(self.readers, self.bounds, strict=True):
            if reader.is_cheap:
                events = events_within(piece.whole(reader), events, *bounds)
        dear: dict[Reader, FloatArray] = {}
        for reader, bounds in zip(self.readers, self.bounds, strict=True):
            if not reader.is_cheap:
                values = dear.get(reader)
                values = piece.values(reader, events) if values is None else values
                places = places_within(values, *bounds)
                events, dear[reader] = events[places], values
                dear = {each: chosen(known, places) for each, known in dear.items()}
        return events, dear


@dataclass(frozen=True, slots=True, eq=False)
class Scaled:
    """A shape within a box; only events inside the box are scaled.

    Parameters
    ----------
    box
        Around the shape.
    scales
        Of its columns, None where the shape is drawn in data values.
    holds
        Which events are inside, by their scaled values.
    """

    box: Box
    scales: tuple[Scale | None, ...]
    holds: Callable[[list[FloatArray]], BoolArray]

    @classmethod
    def of(
        cls,
        intervals: tuple[Interval, ...],
        reader_of: ReaderOf,
        holds: Callable[[list[FloatArray]], BoolArray],
    ) -> "Scaled":
        """Return a shape within some intervals."""
        dimensions = [interval.dimension for interval in intervals]
        scales = tuple(None if each.is_unscaled else each.scale for each in dimensions)
        return cls(Box.of(intervals, reader_of), scales, holds)

    def inside(self, piece: Piece, events: IndexArray) -> IndexArray:
        """Those of some events that lie inside, in their order."""
        events, values = self.box.held(piece, events)
        scaled = []
        for scale, data in zip(self.scales, values, strict=True):
            placed = data if scale is None else scale.forward(data)
            placed.flags.writeable = False
            scaled.append(placed)
        return events[self.holds(scaled)]


@dataclass(frozen=True, slots=True, eq=False)
class Polygon:
    """A polygon of vertices (n, 2) on two columns as they are read, nothing scaled."""

    x: Reader
    y: Reader
    vertices: FloatArray

    def inside(self, piece: Piece, events: IndexArray) -> IndexArray:
        """Those of some events that lie inside, in their order."""
        x, y = piece.whole(self.x), piece.whole(self.y)
        return events_in_polygon(x, y, events, self.vertices)


@dataclass(frozen=True, slots=True, eq=False)
class Complement:
    """Everything outside a shape, events with a NaN too."""

    shape: Shape

    def inside(self, piece: Piece, events: IndexArray) -> IndexArray:
        """Those of some events that the shape leaves out, in their order."""
        held = mask_of(self.shape.inside(piece, events), piece.end - piece.begin)
        return events[~held[events]]
