"""The columns of a blood sample that the analysis rests on, compensated, by role."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import numpy as np

from calibration.finding import Finding, Severity
from hladr.arrays import BoolArray, FloatArray
from hladr.fcs.column_findings import Look
from hladr.fcs.sums import SumsReader, WeightedSum
from hladr.fcs.table import Channel, EventTable
from hladr.gates.column import Column, Compensated, Recorded
from hladr.gates.matrix import FILE_MATRIX
from hladr.gating.columns import CellColumns
from hladr.heap import keep_freed_blocks
from hladr.panel import Panel
from hladr.spillover import Spillover, already_compensated, bare_detector

MANY_LOST = 0.01  # share of the events
PILE_UP = 20  # events at the largest value of a detector: chance does not bring so many together


@dataclass(frozen=True, slots=True, eq=False)
class SampleColumns:
    """HLA-DR beside the columns that the gate may see; scale values, shape (n_events,) each.

    `at_top` marks the events whose HLA-DR detector was at its top, `cd14_at_top` those whose CD14
    detector was; `spillover` is the matrix that was used, None where none was. `sources` says by
    role how the columns come from the file.
    """

    hla_dr: FloatArray
    at_top: BoolArray
    cd14_at_top: BoolArray
    cells: CellColumns
    sources: Mapping[str, Column]
    spillover: Spillover | None
    findings: tuple[Finding, ...]

    def by_role(self) -> dict[str, FloatArray]:
        """Columns that exist, by role."""
        cells = self.cells
        columns = {
            "fsc": cells.fsc,
            "fsc_height": cells.fsc_height,
            "ssc": cells.ssc,
            "cd14": cells.cd14,
            "cd45": cells.cd45,
            "time": cells.time,
            "hla_dr": self.hla_dr,
        }
        return {role: values for role, values in columns.items() if values is not None}


def read_columns(table: EventTable, panel: Panel) -> SampleColumns:
    """Scatter and stains of a sample, stains compensated once.

    Stains that were compensated at export are taken as they are; the others go through the file's
    matrix, its rows divided by their diagonal so that they stay in the detector's own units, which
    are the beads' units. An event whose HLA-DR is no finite number has no CD14 either, so that it
    is in no gate.
    """
    keep_freed_blocks()
    done = all(already_compensated(channel.name) for channel in panel.stains.values())
    spillover = None if done else Spillover.from_table(table)

    seen = table.look(tuple(panel.channels().values()))
    read = _read(table, panel, spillover, seen)
    hla_dr, cd14 = read["hla_dr"], read["cd14"]
    known = np.isfinite(hla_dr)
    if not known.all():
        cd14 = np.where(known, cd14, np.nan)
    cells = CellColumns(
        fsc=read["fsc"],
        fsc_height=read.get("fsc_height"),
        ssc=read["ssc"],
        cd14=cd14,
        cd45=read.get("cd45"),
        time=read.get("time"),
        fsc_top=table.top(panel.fsc),
        ssc_top=table.top(panel.ssc),
    )
    findings = (
        *seen.findings,
        *_number_findings(cd14),
        *_spillover_findings(panel, spillover),
    )
    at_top, cd14_at_top = (
        events_at_top(read[f"{role} detector"], table.top(detector_of(table, channel)))
        for role, channel in (("hla_dr", panel.hla_dr), ("cd14", panel.cd14))
    )
    sources = _sources(panel, spillover)
    return SampleColumns(hla_dr, at_top, cd14_at_top, cells, sources, spillover, findings)


def _read(
    table: EventTable, panel: Panel, spillover: Spillover | None, seen: Look
) -> dict[str, FloatArray]:
    """Columns by role, and the detectors of HLA-DR and CD14 as recorded, in one walk."""
    wanted = {
        role: WeightedSum.recorded(channel)
        if spillover is None or role not in panel.stains or already_compensated(channel.name)
        else spillover.weighted(table, channel)
        for role, channel in panel.channels().items()
    }
    for role in ("hla_dr", "cd14"):
        detector = detector_of(table, panel.stains[role])
        wanted[f"{role} detector"] = WeightedSum.recorded(detector)
    pieces = seen.passing(table.dataset.columns.pieces())
    columns = SumsReader.of(table, list(wanted.values())).of_pieces(pieces)
    return dict(zip(wanted, columns, strict=True))


def _sources(panel: Panel, spillover: Spillover | None) -> dict[str, Column]:
    """What each role's column is made of, by the rule of `read_columns`."""
    stains = panel.stains
    return {
        role: Recorded(name)
        if spillover is None or role not in stains or already_compensated(name)
        else Compensated(name, FILE_MATRIX)
        for role, name in panel.names().items()
    }


def detector_of(table: EventTable, channel: Channel) -> Channel:
    """Return the detector that a channel was compensated from, where the file has it."""
    bare = bare_detector(channel.name).lower()
    return next((c for c in table.channels if c.name.lower() == bare), channel)


def events_at_top(values: FloatArray, top: float | None) -> BoolArray:
    """Events that a detector could not measure, shape (n_events,); none where that is not known.

    Judged on the detector itself: compensation subtracts what other dyes leak, so that a
    compensated value lies below the top even where the detector was at it. Many events at the very
    same largest value are at the top whatever `$PnR` says.
    """
    largest = float(np.nanmax(values, initial=-np.inf))
    if np.count_nonzero(values == largest) >= PILE_UP:
        top = largest if top is None else min(top, largest)
    at_top: BoolArray = np.zeros(values.size, dtype=bool) if top is None else values >= top
    return at_top


def _number_findings(cd14: FloatArray) -> Iterator[Finding]:
    lost = cd14.size - int(np.count_nonzero(np.isfinite(cd14)))
    if lost:
        yield Finding(
            "VALUES_NOT_FINITE",
            Severity.NOTE if lost < MANY_LOST * cd14.size else Severity.WARN,
            f"{lost:,} of {cd14.size:,} events have no finite number for HLA-DR or CD14 and are in "
            f"no gate (from {100 * MANY_LOST:g} % on a person must look). Export the file again.",
        )


def _spillover_findings(panel: Panel, spillover: Spillover | None) -> Iterator[Finding]:
    stains = (panel.hla_dr, panel.cd14)
    if all(already_compensated(channel.name) for channel in stains):
        return
    if spillover is None:
        hardware = all(channel.log_decades > 0 for channel in stains)
        yield Finding(
            "SPILLOVER_MISSING",
            Severity.NOTE if hardware else Severity.WARN,
            "The file has no spillover matrix, so nothing was compensated. "
            + (
                "Instruments with log amplifiers compensate before they digitise."
                if hardware
                else "CD14 dye that leaks into PE would raise the number; export the file with "
                "its matrix, or sign that the stains do not overlap."
            ),
        )
        return
    known = {name.lower() for name in spillover.detectors}
    absent = [channel.name for channel in stains if channel.name.lower() not in known]
    if absent:
        yield Finding(
            "SPILLOVER_INCOMPLETE",
            Severity.WARN,
            f"The spillover matrix ({spillover.keyword}) does not hold {' and '.join(absent)}, "
            "which was not compensated. Export the file with its full matrix.",
        )
    yield from _form_findings(spillover)


def _form_findings(spillover: Spillover) -> Iterator[Finding]:
    """A matrix that is not written as the standard says."""
    if spillover.mended:
        yield Finding(
            "SPILLOVER_MENDED",
            Severity.NOTE,
            f"The spillover matrix ({spillover.keyword}) is not as the standard says: "
            f"{'; '.join(spillover.mended)}. It was read by the file's own channels. "
            "Nothing to do.",
        )
    if spillover.normalised:
        yield Finding(
            "SPILLOVER_NORMALISED",
            Severity.NOTE,
            f"The diagonal of the spillover matrix ({spillover.keyword}) was not 1; its rows were "
            "divided by it, so that beads and cells stay in the same units.",
        )
