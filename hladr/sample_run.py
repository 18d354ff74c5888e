"""A blood file to antibodies bound per cell: what the events give, before anything is judged."""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace

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
from hladr.internal_control import (
    ControlClusters,
    InternalControl,
    find_clusters,
    measure_control,
    nothing_found,
)
from hladr.panel import Panel, bottom
from hladr.population import Population, all_events, gated
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

MONOCYTES = "monocytes"


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
    work = _Work(table, panel, read_columns(table, panel), curve, assay)
    return work.by_automatic_gate() if drawn is None else work.by_drawn_gates(drawn)


@dataclass(frozen=True, slots=True, eq=False)
class _Work:
    table: EventTable
    panel: Panel
    columns: SampleColumns
    curve: StandardCurve
    assay: AssayDefinition

    def by_automatic_gate(self) -> SampleRun:
        gate = self._automatic()
        seen = self._seen(gate.monocytes)
        require_measurable(seen)
        beside = [np.flatnonzero(each) for each in (gate.wider, gate.narrower)]
        doubt = self._shift(seen.geometric_mean, beside)
        shift = self._shift(self._mean_of(gate.moved.held), gate.moved.outlines)
        populations = automatic_populations(gate)
        monocytes = next(each for each in populations if each.name == MONOCYTES)
        return self._run(gate, None, populations, monocytes, (seen, doubt, shift))

    def by_drawn_gates(self, drawn: DrawnGates) -> SampleRun:
        events = EventColumns(self.table)
        populations = drawn.populations(events)
        *above, monocytes = populations
        # Nothing is known of an event without a value; it is in no gate.
        monocytes = replace(monocytes, mask=monocytes.mask & np.isfinite(self.columns.hla_dr))
        require_events(monocytes)
        seen = self._seen(monocytes.mask)
        require_measurable(seen)
        automatic = self._automatic_beside()
        comparison = None
        if not isinstance(automatic, HladrError):
            abc = (self._abc(seen), self._abc(self._seen(automatic.monocytes)))
            comparison = compare_gates(monocytes.mask, automatic.monocytes, *abc)
        return self._run(
            automatic,
            DrawnRun(drawn, events, populations, comparison),
            (*above, monocytes),
            monocytes,
            (seen, math.nan, math.nan),
        )

    def _automatic(self) -> AutomaticGate:
        gate = gate_monocytes(self.columns.cells, self.assay.purity)
        held = gate.monocytes
        require_cd14_stain(self.columns.hla_dr[held], self.columns.cells.cd14[held])
        return gate

    def _automatic_beside(self) -> AutomaticGate | HladrError:
        try:
            gate = self._automatic()
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


def automatic_populations(gate: AutomaticGate) -> tuple[Population, ...]:
    """The tree of the automatic gate, from all events down."""
    everything = all_events("events", gate.monocytes.size)
    steady = gated(everything, "steady events", gate.steady)
    singlets = gated(steady, "singlets", gate.singlets)
    leukocytes = gated(singlets, "leukocytes", gate.leukocytes)
    return (
        everything,
        steady,
        singlets,
        leukocytes,
        gated(leukocytes, "monocytes by CD14", gate.by_cd14),
        gated(leukocytes, MONOCYTES, gate.monocytes),
        gated(leukocytes, "lymphocytes", gate.lymphocytes & ~gate.monocytes),
    )
