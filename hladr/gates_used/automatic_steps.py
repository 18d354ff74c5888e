"""The automatic gate as steps: gates one after the other, by the names of its strategy."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.drawn.ranges import band, wedge
from hladr.gates.column import Column
from hladr.gates.drawing import outline
from hladr.gates.polygon import PolygonGate
from hladr.gates_used.automatic_strategy import POSITIVE
from hladr.gating.automatic import AutomaticGate
from hladr.gating.axes import ROLES
from hladr.gating.columns import CellColumns
from hladr.gating.steadiness import TimeRange
from hladr.population import Population, all_events, gated

_ALL_THE_TIME = (TimeRange(None, None),)
_CELLS = ("leukocytes", "singlets", "steady", "on_scale")


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One gate of the automatic gate.

    Parameters
    ----------
    holds
        Gives the events inside it, shape (n_events,).
    roles
        The two columns that it is drawn on.
    outlines
        Closed outlines on these, shape (n, 2) each, in scale values; none of a gate without a plot.
    """

    name: str
    holds: Callable[[], BoolArray]
    roles: tuple[str, str]
    outlines: tuple[FloatArray, ...]


def automatic_steps(gate: AutomaticGate, columns: CellColumns) -> Iterator[Step]:
    """Gates of `automatic_strategy`, each drawn on the one before; the last holds the monocytes.

    Parts that a gate is joined from are no steps.
    """
    yield Step("on_scale", columns.on_scale, ("fsc", "ssc"), _corner(columns))
    yield from _steady(gate)
    cells, height = gate.cells, columns.fsc_height
    if height is not None and cells.doublet_limit is not None:
        below = wedge(0.0, cells.doublet_limit, columns.fsc, height)
        yield Step("singlets", lambda: gate.singlets, ("fsc", "fsc_height"), (below,))
    if cells.cd45_threshold is not None:
        above = band(cells.cd45_threshold, np.inf)
        yield Step("leukocytes", lambda: gate.leukocytes, ("cd45", "ssc"), (above,))
    if height is not None and cells.ratio is not None and gate.single is not None:
        between = wedge(*gate.single, columns.fsc, height)
        holds = partial(_within, cells.ratio, *gate.single)
        yield Step("single_cells", holds, ("fsc", "fsc_height"), (between,))
    yield from _plots(gate, columns)


def automatic_chain(gate: AutomaticGate, columns: CellColumns) -> tuple[Population, ...]:
    """All events, what each step holds, each in the one before, and the lymphocytes.

    The same populations as those of the strategy, where somebody takes it over and moves a gate.
    """
    everything = all_events("events", gate.monocytes.size)
    chain = [everything]
    for step in automatic_steps(gate, columns):
        chain.append(gated(chain[-1], step.name, step.holds()))
    by_name = {each.name: each for each in chain}
    cells = next(by_name[name] for name in _CELLS if name in by_name)
    return (*chain, gated(cells, "lymphocytes", gate.lymphocytes & ~gate.monocytes))


def during(stretch: TimeRange) -> FloatArray:
    """Outline of a stretch of time on the axis of the time, shape (4, 2)."""
    start, end = stretch.start, stretch.end
    return band(-np.inf if start is None else start, np.inf if end is None else end)


def _corner(columns: CellColumns) -> tuple[FloatArray, ...]:
    """Outline of what both scatters measured; none where stains are asked for, too."""
    stains = (each for each in (columns.cd14, columns.cd45) if each is not None)
    if not all(np.isfinite(each).all() for each in stains):
        return ()
    right, top = (np.inf if end is None else end for end in (columns.fsc_top, columns.ssc_top))
    low = POSITIVE
    return (np.array([(low, low), (right, low), (right, top), (low, top)]),)


def _steady(gate: AutomaticGate) -> Iterator[Step]:
    """The stretches that were kept, where some were not."""
    ranges = gate.cells.steadiness.ranges
    if ranges == _ALL_THE_TIME:
        return
    bands = tuple(during(each) for each in ranges or ())
    yield Step("steady", lambda: gate.steady, ("time", "fsc"), bands)


def _plots(gate: AutomaticGate, columns: CellColumns) -> Iterator[Step]:
    """Plots of the boundary, CD14 first; the last makes the monocytes."""
    plots, known = gate.boundary.plots, columns.by_role()
    for number, (plot, polygons) in enumerate(zip(plots, gate.boundary.gates(), strict=True), 1):
        x, y = (ROLES[axis] for axis in plot.axes)
        if number == len(plots):
            yield Step("monocytes", lambda: gate.monocytes, (x, y), _outlines(polygons))
            return
        holds = (lambda: gate.by_cd14) if number == 1 else partial(_inside, polygons, known)
        yield Step(f"monocytes_by_{x}", holds, (x, y), _outlines(polygons))


def _inside(polygons: tuple[PolygonGate, ...], known: Mapping[Column, FloatArray]) -> BoolArray:
    """Which events lie in any of some polygons."""
    inside = np.zeros(next(iter(known.values())).size, dtype=bool)
    for each in polygons:
        inside |= each.mask(known)
    return inside


def _within(values: FloatArray, low: float, high: float) -> BoolArray:
    within: BoolArray = (values >= low) & (values < high)
    return within


def _outlines(polygons: tuple[PolygonGate, ...]) -> tuple[FloatArray, ...]:
    return tuple(line for each in polygons if (line := outline(each)) is not None)
