"""The automatic gate in the file's own columns: as a person could have drawn it, and can change it.

Applied to the file it holds the very events of the automatic gate. Written as Gating-ML 2.0 it can
be looked at, and redrawn, in other programs.
"""

import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

import numpy as np

from hladr.arrays import FloatArray
from hladr.errors import HladrError
from hladr.gates.column import Column, Ratio, Recorded
from hladr.gates.combination import Combination, Logic, Path, Reference
from hladr.gates.dimension import Dimension
from hladr.gates.interval import Interval
from hladr.gates.node import Node
from hladr.gates.polygon import PolygonGate
from hladr.gates.rectangle import RectangleGate
from hladr.gates.strategy import GatingStrategy
from hladr.gating.automatic import AutomaticGate
from hladr.gating.steadiness import TimeRange
from hladr.sample_columns import SampleColumns

POSITIVE = sys.float_info.min  # the least number above zero that every program can read
NO_CLOCK = "stretches were left out by their place in the file, and no Time tells them apart"
LARGEST = sys.float_info.max


class AutomaticNotDrawable(HladrError):
    """The automatic gate of a file cannot be said in gates on its channels."""

    code: ClassVar[str] = "AUTOMATIC_NOT_DRAWABLE"

    def __init__(self, *, reason: str) -> None:
        self.reason = reason
        super().__init__(
            f"the automatic gate of this file cannot be written as gates: {reason}. Expected gates "
            "on its channels; record Time, or draw the gates by hand."
        )


@dataclass(slots=True)
class _Chain:
    """Gates, each drawn on the one before."""

    nodes: list[Node] = field(default_factory=list)
    path: Path = ()

    def add(self, gate: RectangleGate | PolygonGate | Combination) -> None:
        self.path = (*self.path, gate.name)
        self.nodes.append(Node(self.path, gate))

    def add_any(self, name: str, gates: Iterable[RectangleGate | PolygonGate]) -> None:
        """Add a gate of the events that any of the given ones holds."""
        parts = list(gates)
        if len(parts) == 1:
            self.add(replace(parts[0], name=name))
            return
        references = []
        for n, part in enumerate(parts, 1):
            path = (*self.path, f"{name}_{n}")
            self.nodes.append(Node(path, replace(part, name=path[-1])))
            references.append(Reference(path))
        self.add(Combination(name, Logic.OR, tuple(references)))


def automatic_strategy(gate: AutomaticGate, columns: SampleColumns) -> GatingStrategy:
    """Gates on the file's channels, the last of which holds the events of the automatic gate.

    `on_scale`, `steady`, `singlets`, `leukocytes`, `single_cells` (by the standard of the
    monocytes), `monocytes_by_cd14`, `monocytes_by_fsc`, `monocytes`; what the automatic gate did
    not need is not there. Polygons lie on the scales of the automatic gate.

    Raises
    ------
    AutomaticNotDrawable
        Stretches were left out, and no clock tells when they were; or the gate holds nothing.
    """
    cells, sources = gate.cells, columns.sources
    if cells.steadiness.ranges is None:
        raise AutomaticNotDrawable(reason=NO_CLOCK)
    if not all(plot.polygons for plot in gate.boundary.plots):
        raise AutomaticNotDrawable(reason="one of its plots has no outline")
    chain = _Chain()
    chain.add(_on_scale(columns))
    if cells.steadiness.ranges != (TimeRange(None, None),):
        chain.add_any("steady", _times(sources["time"], cells.steadiness.ranges))
    if cells.doublet_limit is not None:
        chain.add(_one_range("singlets", _area_over_height(sources), 0.0, cells.doublet_limit))
    if cells.cd45_threshold is not None:
        chain.add(_one_range("leukocytes", sources["cd45"], cells.cd45_threshold, None))
    if gate.single is not None:
        chain.add(_one_range("single_cells", _area_over_height(sources), *gate.single))
    for name, polygons in _plots(gate, columns):
        chain.add_any(name, polygons)
    return GatingStrategy(tuple(chain.nodes))


def _on_scale(columns: SampleColumns) -> RectangleGate:
    """Positive scatter below the detectors' tops; stains where some are no finite number."""
    cells, sources = columns.cells, columns.sources
    intervals = [
        Interval(Dimension(sources[role]), POSITIVE, top)
        for role, top in (("fsc", cells.fsc_top), ("ssc", cells.ssc_top))
    ]
    stains = {"cd14": cells.cd14, "cd45": cells.cd45, "hla_dr": columns.hla_dr}
    for role, values in stains.items():
        if values is not None and not _all_finite(values):
            intervals.append(Interval(Dimension(sources[role]), -LARGEST, LARGEST))
    return RectangleGate("on_scale", tuple(intervals))


def _all_finite(values: FloatArray) -> bool:
    return bool(np.isfinite(values).all())


def _times(time: Column, ranges: tuple[TimeRange, ...]) -> list[RectangleGate]:
    return [_one_range("steady", time, start, end) for start, end in ranges]


def _plots(
    gate: AutomaticGate, columns: SampleColumns
) -> list[tuple[str, tuple[PolygonGate, ...]]]:
    """Polygons of each plot on the file's columns; the last plot makes the monocytes."""
    drawn = gate.boundary.gates()
    names = [f"monocytes_by_{polygons[0].x.column}" for polygons in drawn[:-1]]
    return [
        (name, tuple(_on_channels(each, columns) for each in polygons))
        for name, polygons in zip((*names, "monocytes"), drawn, strict=True)
    ]


def _on_channels(polygon: PolygonGate, columns: SampleColumns) -> PolygonGate:
    """Return a polygon on columns by role as one on the file's columns."""
    x, y = (
        replace(side, column=columns.sources[str(side.column)]) for side in (polygon.x, polygon.y)
    )
    return replace(polygon, x=x, y=y)


def _one_range(name: str, column: Column, low: float | None, high: float | None) -> RectangleGate:
    return RectangleGate(name, (Interval(Dimension(column), low, high),))


def _area_over_height(sources: Mapping[str, Column]) -> Ratio:
    area, height = sources["fsc"], sources["fsc_height"]
    if not (isinstance(area, Recorded) and isinstance(height, Recorded)):
        raise TypeError("scatter is not compensated")
    return Ratio(area, height, a=1.0, b=0.0, c=0.0)
