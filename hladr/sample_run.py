"""A blood file to antibodies bound per cell: what the events give, before anything is judged."""

from dataclasses import dataclass

from calibration.curve import StandardCurve
from hladr.assay.definition import AssayDefinition
from hladr.cd14_stain import require_cd14_stain
from hladr.fcs.table import EventTable
from hladr.gating.automatic import AutomaticGate, gate_monocytes
from hladr.internal_control import (
    ControlClusters,
    InternalControl,
    find_clusters,
    measure_control,
)
from hladr.panel import Panel, bottom
from hladr.population import Population, all_events, gated
from hladr.quantification import (
    Abundance,
    Intensity,
    abundance,
    boundary_shift,
    intensity,
    require_measurable,
)
from hladr.sample_columns import SampleColumns, read_columns


@dataclass(frozen=True, slots=True, eq=False)
class SampleRun:
    """Gate, number and internal control of one sample.

    `boundary_shift` is how far AB/c moves (natural log) when the gate's outline moves by 10 %.
    """

    table: EventTable
    panel: Panel
    columns: SampleColumns
    gate: AutomaticGate
    seen: Intensity
    boundary_shift: float
    measured: Abundance
    clusters: ControlClusters
    control: InternalControl

    def populations(self) -> tuple[Population, ...]:
        """The gating tree, from all events down."""
        gate = self.gate
        everything = all_events("events", self.table.n_events)
        steady = gated(everything, "steady events", gate.steady)
        singlets = gated(steady, "singlets", gate.singlets)
        leukocytes = gated(singlets, "leukocytes", gate.leukocytes)
        return (
            everything,
            steady,
            singlets,
            leukocytes,
            gated(leukocytes, "monocytes by CD14", gate.by_cd14),
            gated(leukocytes, "monocytes", gate.monocytes),
            gated(leukocytes, "lymphocytes", gate.lymphocytes & ~gate.monocytes),
        )


def measure_sample(
    table: EventTable, panel: Panel, curve: StandardCurve, assay: AssayDefinition
) -> SampleRun:
    """Monocyte HLA-DR of a sample by a standard curve.

    Raises
    ------
    HladrError
        No monocytes, or no positive fluorescence: there is no number.
    """
    columns = read_columns(table, panel)
    gate = gate_monocytes(columns.cells, assay.purity)
    require_cd14_stain(columns.hla_dr[gate.monocytes], columns.cells.cd14[gate.monocytes])
    seen, *edges = (
        intensity(columns.hla_dr[mask], bottom=bottom(panel.hla_dr), at_top=columns.at_top[mask])
        for mask in (gate.monocytes, gate.wider, gate.narrower, *gate.moved)
    )
    require_measurable(seen)
    doubt, shift = (
        boundary_shift(seen.geometric_mean, [each.geometric_mean for each in some], curve.slope)
        for some in (edges[:2], edges[2:])
    )
    measured = abundance(
        seen,
        curve,
        statistic=assay.statistic,
        fp_ratio=assay.fp_ratio,
        gate_shift=doubt,
        declared=assay.interval,
    )
    bright = curve.fluorescence(assay.internal_control.bright_least * assay.fp_ratio)
    clusters = find_clusters(columns.hla_dr, gate.lymphocytes, bright)
    control = measure_control(columns.hla_dr, clusters, curve, assay.fp_ratio)
    return SampleRun(table, panel, columns, gate, seen, shift, measured, clusters, control)
