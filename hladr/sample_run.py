"""A blood file to antibodies bound per cell: what the events give, before anything is judged."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from calibration.curve import StandardCurve
from hladr.arrays import BoolArray, IndexArray
from hladr.assay.definition import AssayDefinition
from hladr.cd14_stain import require_cd14_stain
from hladr.comparison import Comparison, compare_gates
from hladr.drawn.population import DrawnGates, require_events
from hladr.errors import HladrError
from hladr.fcs.table import EventTable
from hladr.gates.events import EventColumns
from hladr.gating.automatic import AutomaticGate, gate_monocytes
from hladr.gating.populations import MONOCYTES, automatic_populations
from hladr.internal_control import (
    ControlClusters,
    InternalControl,
    find_clusters,
    measure_control,
    nothing_found,
)
from hladr.panel import Panel, bottom
from hladr.population import Population
from hladr.quantification import (
    Abundance,
    Intensity,
    abundance,
    boundary_shift,
    geometric_mean,
    intensity,
    require_measurable,
)
from hladr.sample_columns import SampleColumns, read_columns


@dataclass(frozen=True, slots=True, eq=False)
class DrawnRun:
    """Gates drawn by hand as they were applied.

    Parameters
    ----------
    gates
        The gates.
    columns
        What they read.
    populations
        What they hold, as `DrawnGates.populations` gives it.
    comparison
        The automatic gate beside them; None where it refused.
    """

    gates: DrawnGates
    columns: EventColumns
    populations: tuple[Population, ...]
    comparison: Comparison | None


@dataclass(frozen=True, slots=True, eq=False)
class SampleRun:
    """Gate, number and internal control of one sample.

    Parameters
    ----------
    automatic
        The automatic gate; beside gates drawn by hand also why there is none.
    drawn
        Gates drawn by hand; None where the number rests on the automatic gate.
    populations
        The gating tree that the number rests on, from all events down.
    monocytes
        The population that was measured, one of them.
    boundary_shift
        How far AB/c moves (natural log) when the gate's outline moves by 10 %; NaN for gates drawn
        by hand.
    """

    table: EventTable
    panel: Panel
    columns: SampleColumns
    automatic: AutomaticGate | HladrError
    drawn: DrawnRun | None
    populations: tuple[Population, ...]
    monocytes: Population
    seen: Intensity
    boundary_shift: float
    measured: Abundance
    clusters: ControlClusters
    control: InternalControl

    @property
    def gate(self) -> AutomaticGate | None:
        """The automatic gate, where there is one."""
        return None if isinstance(self.automatic, HladrError) else self.automatic


def measure_sample(
    table: EventTable,
    panel: Panel,
    curve: StandardCurve,
    assay: AssayDefinition,
    drawn: DrawnGates | None = None,
) -> SampleRun:
    """Monocyte HLA-DR of a sample by a standard curve.

    Parameters
    ----------
    drawn
        Gates drawn by hand that hold the monocytes. The automatic gate then stands beside them.

    Raises
    ------
    HladrError
        No monocytes, or no positive fluorescence: there is no number.
    """
    work = SampleWork(table, panel, read_columns(table, panel), curve, assay)
    return work.run(drawn)


@dataclass(frozen=True, eq=False)  # no slots: what no gate drawn by hand changes is kept
class SampleWork:
    """A sample ready to be measured, by one gate or by one after another."""

    table: EventTable
    panel: Panel
    columns: SampleColumns
    curve: StandardCurve
    assay: AssayDefinition

    def run(self, drawn: DrawnGates | None) -> SampleRun:
        """Measure as `measure_sample` does."""
        return self._by_automatic_gate() if drawn is None else self._by_drawn_gates(drawn)

    @cached_property
    def automatic(self) -> AutomaticGate | HladrError:
        """The automatic gate, or why there is none."""
        try:
            gate = gate_monocytes(self.columns.cells, self.assay.purity)
            held = gate.monocytes
            require_cd14_stain(self.columns.hla_dr[held], self.columns.cells.cd14[held])
        except HladrError as error:
            return error
        return gate

    @cached_property
    def events(self) -> EventColumns:
        """What gates drawn by hand read."""
        return EventColumns(self.table)

    def _by_automatic_gate(self) -> SampleRun:
        gate = self.automatic
        if isinstance(gate, HladrError):
            raise gate
        seen = self._seen(gate.monocytes)
        require_measurable(seen)
        beside = [np.flatnonzero(each) for each in (gate.wider, gate.narrower)]
        doubt = self._shift(seen.geometric_mean, beside)
        shift = self._shift(self._mean_of(gate.moved.held), gate.moved.outlines)
        populations = automatic_populations(gate)
        monocytes = next(each for each in populations if each.name == MONOCYTES)
        return self._run(gate, None, populations, monocytes, (seen, doubt, shift))

    def _by_drawn_gates(self, drawn: DrawnGates) -> SampleRun:
        populations = drawn.populations(self.events)
        *above, monocytes = populations
        # Nothing is known of an event without a value; it is in no gate.
        monocytes = replace(monocytes, mask=monocytes.mask & np.isfinite(self.columns.hla_dr))
        require_events(monocytes)
        seen = self._seen(monocytes.mask)
        require_measurable(seen)
        automatic = self._automatic_beside
        comparison = None
        if not isinstance(automatic, HladrError):
            abc = (self._abc(seen), self._abc(self._seen(automatic.monocytes)))
            comparison = compare_gates(monocytes.mask, automatic.monocytes, *abc)
        return self._run(
            automatic,
            DrawnRun(drawn, self.events, populations, comparison),
            (*above, monocytes),
            monocytes,
            (seen, math.nan, math.nan),
        )

    @cached_property
    def _automatic_beside(self) -> AutomaticGate | HladrError:
        gate = self.automatic
        if isinstance(gate, HladrError):
            return gate
        try:
            require_measurable(self._seen(gate.monocytes))
        except HladrError as error:
            return error
        return gate

    def _seen(self, mask: BoolArray) -> Intensity:
        columns, events = self.columns, np.flatnonzero(mask)
        return intensity(
            columns.hla_dr[events], bottom=bottom(self.panel.hla_dr), at_top=columns.at_top[events]
        )

    def _mean_of(self, events: IndexArray) -> float:
        return geometric_mean(self.columns.hla_dr[events], bottom=bottom(self.panel.hla_dr))

    def _shift(self, inner: float, outer: Sequence[IndexArray]) -> float:
        return boundary_shift(inner, [self._mean_of(events) for events in outer], self.curve.slope)

    def _abc(self, seen: Intensity) -> float:
        chosen = seen.median if self.assay.statistic == "median" else seen.geometric_mean
        return self.curve.molecules(chosen) / self.assay.fp_ratio

    def _run(
        self,
        automatic: AutomaticGate | HladrError,
        drawn: DrawnRun | None,
        populations: tuple[Population, ...],
        monocytes: Population,
        found: tuple[Intensity, float, float],
    ) -> SampleRun:
        seen, doubt, shift = found
        measured = abundance(
            seen,
            self.curve,
            statistic=self.assay.statistic,
            fp_ratio=self.assay.fp_ratio,
            gate_shift=doubt,
            declared=self.assay.interval,
        )
        clusters = self._clusters(automatic)
        control = measure_control(self.columns.hla_dr, clusters, self.curve, self.assay.fp_ratio)
        return SampleRun(
            self.table, self.panel, self.columns, automatic, drawn, populations, monocytes, seen,
            shift, measured, clusters, control,
        )  # fmt: skip

    def _clusters(self, automatic: AutomaticGate | HladrError) -> ControlClusters:
        if isinstance(automatic, HladrError):
            return nothing_found(self.table.n_events)
        least = self.assay.internal_control.bright_least * self.assay.fp_ratio
        bright = self.curve.fluorescence(least)
        return find_clusters(self.columns.hla_dr, automatic.lymphocytes, bright)
