"""All witnesses of the compensation heard."""

from collections.abc import Iterator
from weakref import WeakKeyDictionary

from calibration.finding import Finding
from hladr.assay.definition import AssayDefinition
from hladr.bead_run import BeadRun, channel_like
from hladr.compensation.b_cells import b_cell_findings, residual_of_b_cells
from hladr.compensation.beads import bead_findings, pe_share
from hladr.compensation.granulocytes import Tilt, granulocyte_findings, tilt_of_granulocytes
from hladr.compensation.matrices import matrix_findings
from hladr.fcs.channel import Channel
from hladr.gating.automatic import AutomaticGate
from hladr.sample_run import SampleRun

# Share of PE by index of the detector, as long as the bead run lives.
_SEEN: WeakKeyDictionary[BeadRun, dict[int, float | None]] = WeakKeyDictionary()


def compensation_findings(
    run: SampleRun, beads: BeadRun | None, assay: AssayDefinition
) -> Iterator[Finding]:
    """Doubts about the compensation of a measured sample; `beads` None where a curve was given."""
    limits, columns = assay.compensation, run.columns
    if beads is not None and columns.spillover is not None:
        stains = tuple(c.name for c in run.panel.stains.values())
        yield from matrix_findings(columns.spillover, beads.spillover, stains, limits)
        yield from _bead_findings(run, beads, assay)
    residual = residual_of_b_cells(columns.hla_dr, columns.cells.cd14, run.clusters)
    yield from b_cell_findings(residual, limits)
    if run.gate is not None:
        yield from granulocyte_findings(_tilt(run, run.gate), limits)


def _tilt(run: SampleRun, gate: AutomaticGate) -> Tilt | None:
    """What the granulocytes show; a log amplifier has nothing below zero to weigh up."""
    if run.panel.hla_dr.log_decades != 0:
        return None
    matrix = run.columns.spillover
    taken = 0.0 if matrix is None else matrix.share(run.panel.hla_dr.name, run.panel.cd14.name)
    monocytes = run.monocytes.mask
    granulocytes = gate.granulocytes & ~monocytes
    return tilt_of_granulocytes(
        run.columns.hla_dr, run.columns.cells, monocytes, granulocytes, taken
    )


def _bead_findings(run: SampleRun, beads: BeadRun, assay: AssayDefinition) -> Iterator[Finding]:
    """What the beads show of PE in the sample's other detectors, against what was taken."""
    matrix = run.columns.spillover
    if matrix is None:  # said by the columns; a log amplifier has compensated already
        return
    for role, stain in run.panel.stains.items():
        if role == "hla_dr":
            continue
        detector = channel_like(beads.table, stain)
        if detector is None:
            continue
        seen = _pe_share_in(beads, detector)
        taken = matrix.share(run.panel.hla_dr.name, stain.name)
        yield from bead_findings(seen, taken, stain.name, assay.compensation)


def _pe_share_in(beads: BeadRun, detector: Channel) -> float | None:
    """Share of PE that a detector of a bead run sees: the same for every sample of the run."""
    known = _SEEN.setdefault(beads, {})
    if detector.index not in known:
        table, seen = beads.table, beads.evidence
        known[detector.index] = pe_share(
            seen.values, table.column(detector), table.top(detector), seen.singlets, beads.curve
        )
    return known[detector.index]
