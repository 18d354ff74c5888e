"""A bead file to a standard curve: the singlets are gated here, the curve is fitted below."""

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import BinaryIO

from calibration.calibrate import calibrate
from calibration.curve import StandardCurve
from calibration.errors import CalibrationError
from calibration.finding import Finding, Severity
from calibration.lot import BeadLot
from hladr.acquisition import DEIDENTIFIED, days_possible, provenance
from hladr.assay.definition import AssayDefinition
from hladr.bead_gate import gate_beads
from hladr.channel_name import canonical, detector_name, pulse_feature
from hladr.drift import bead_drift_findings
from hladr.errors import HladrError
from hladr.evidence import BeadEvidence
from hladr.fcs.reader import read_fcs
from hladr.fcs.table import Channel, EventTable
from hladr.heap import keep_freed_blocks
from hladr.lot_file import read_lot
from hladr.panel import companion, scatter_channel, stained_channel
from hladr.spillover import Spillover, SpilloverError


@dataclass(frozen=True, eq=False)  # without slots: what every sample of the run asks is kept
class BeadRun:
    """A standard curve, the bead events it was made from, and the file they lie in."""

    curve: StandardCurve
    evidence: BeadEvidence
    table: EventTable

    @cached_property
    def spillover(self) -> Spillover | None:
        """Matrix of the bead file; one that cannot be used is none, for beads do not need it."""
        try:
            return Spillover.from_table(self.table)
        except SpilloverError:
            return None


def calibrate_beads(
    beads: EventTable | str | Path | BinaryIO,
    lot: BeadLot | str | Path,
    *,
    assay: AssayDefinition,
    detector: Channel | str | None = None,
) -> BeadRun:
    """Standard curve of a bead file.

    Parameters
    ----------
    beads
        Bead file or its events.
    lot
        Bead lot, lot file, or assigned values as text.
    assay
        Names the PE channel, the acceptance limits.
    detector
        The sample's channel, or a `$PnN`; by default the assay's HLA-DR channel is looked for.

    Raises
    ------
    HladrError, CalibrationError
        There is no curve. What the beads are at fault for names the bead file.

    Notes
    -----
    Beads carry PE and nothing else. A unit-diagonal spillover matrix leaves the PE of a PE single
    stain as it is, so bead values are used uncompensated whether or not the file has a matrix:
    compensation would add nothing but the other detectors' noise.
    """
    keep_freed_blocks()
    table = beads if isinstance(beads, EventTable) else read_beads(beads)
    table.begin_sha256()
    known_lot = lot if isinstance(lot, BeadLot) else read_lot(lot)
    channel = bead_channel(table, assay, detector)
    fsc = scatter_channel(table, "fsc", assay.channels["fsc"])
    ssc = scatter_channel(table, "ssc", assay.channels["ssc"])
    height = companion(table, fsc, "height")
    used = (channel, fsc, ssc) if height is None else (channel, fsc, ssc, height)
    (values, forward, side, *heights), seen = table.columns_and_findings(used)
    singlets = gate_beads(forward, side, heights[0] if heights else None, file=table.name)
    days = days_possible(table)
    try:
        curve = calibrate(
            values[singlets],
            known_lot,
            saturation=table.top(channel),
            limits=assay.curve,
            log_amplifier=channel.log_decades > 0,
            provenance=provenance(table, channel),
            on=None if days is None else days[0],
        )
    except CalibrationError as error:
        raise error.about(table.name) from error
    findings = (
        *curve.findings,
        *_expiry_findings(table, known_lot, days),
        *seen,
        *bead_drift_findings(values, singlets, curve, assay.drift),
    )
    evidence = BeadEvidence(values, singlets, forward, side)
    return BeadRun(replace(curve, findings=findings), evidence, table)


def read_beads(beads: str | Path | BinaryIO) -> EventTable:
    """Events of a bead file.

    Raises
    ------
    HladrError
        It cannot be read; the sentence names the bead file, where it is one with a name.
    """
    try:
        return read_fcs(beads)
    except HladrError as error:
        if isinstance(beads, str | Path):
            raise error.about(Path(beads).name) from error
        raise


def bead_channel(
    table: EventTable, assay: AssayDefinition, detector: Channel | str | None
) -> Channel:
    """The bead file's channel for a sample's detector, or the assay's PE channel.

    A bead file that lacks the sample's detector gives its own PE channel; that the two differ is
    then a finding of the comparison of settings.
    """
    if isinstance(detector, str):
        return table.channel(detector)
    if detector is not None and (same := channel_like(table, detector)) is not None:
        return same
    return stained_channel(table, "hla_dr", assay.channels["hla_dr"])


def channel_like(table: EventTable, detector: Channel) -> Channel | None:
    """The channel of the same detector and pulse feature as another file's, None without one."""
    wanted = (canonical(detector_name(detector.name)), pulse_feature(detector.name))
    for channel in table.channels:
        if (canonical(detector_name(channel.name)), pulse_feature(channel.name)) == wanted:
            return channel
    return None


def _expiry_findings(
    table: EventTable, lot: BeadLot, days: tuple[dt.date, dt.date] | None
) -> Iterator[Finding]:
    """A lot that may have expired before the beads were run, on a day that was hidden."""
    if table.keyword(DEIDENTIFIED) is None or lot.expires is None:
        return
    if days is None or days[0] <= lot.expires < days[1]:
        yield Finding(
            "LOT_EXPIRY_HIDDEN",
            Severity.WARN,
            f"The lot expires on {lot.expires.isoformat()}; the bead file was de-identified and "
            "does not tell whether the beads were run before. Ask the laboratory that has the "
            "original.",
        )
