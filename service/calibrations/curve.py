"""Beads to a curve and all it was made with: of a new calibration, of a new version of one."""

from collections.abc import Iterator
from pathlib import Path

from calibration.curve import StandardCurve
from calibration.finding import Severity
from hladr.assay.definition import AssayDefinition
from hladr.bead_run import calibrate_beads
from hladr.version import ALGORITHM
from service.finding import ServiceFinding
from service.instruments.instrument import Instrument, instrument_of
from service.laboratory import Laboratory
from service.lots.lot import bead_lot_of
from service.measuring.opened import opened
from service.store.calibrations import CurveMade
from service.store.versions import Version


def curve_of_beads(
    laboratory: Laboratory, file: tuple[Path, str], lot: Version, assay: AssayDefinition
) -> StandardCurve:
    """Work out the curve of a bead file, when there is a place to measure; `file` is path and name.

    Raises
    ------
    HladrError, CalibrationError
        The beads give no curve.
    """
    path, name = file

    def work() -> StandardCurve:
        table = opened(path, name, laboratory.settings)
        return calibrate_beads(table, bead_lot_of(lot), assay=assay).curve

    return laboratory.turns.take(work)


def made_of(
    curve: StandardCurve, lot: Version, instrument: Version, assay_sha256: str
) -> CurveMade:
    """Return a curve with what it was made with, and whether it is of its instrument."""
    findings = instrument_findings(curve, instrument_of(instrument))
    return CurveMade(
        (lot.id, lot.version),
        (instrument.id, instrument.version),
        assay_sha256,
        ALGORITHM,
        curve,
        tuple(each.to_dict() for each in findings),
    )


def instrument_findings(curve: StandardCurve, instrument: Instrument) -> Iterator[ServiceFinding]:
    """Whether a bead file is of the instrument that it is said to be of."""
    source = curve.provenance
    for what, said, found in (
        ("cytometer", instrument.cytometer, source.cytometer),
        ("serial number", instrument.serial, source.serial),
    ):
        if said is None:
            continue
        if found is None:
            yield ServiceFinding(
                "INSTRUMENT_UNPROVEN",
                Severity.NOTE,
                f"The bead file does not say its {what}; {instrument.name} has {said!r}.",
            )
        elif found.casefold() != said.casefold():
            yield ServiceFinding(
                "INSTRUMENT_OTHER",
                Severity.WARN,
                f"The bead file says {what} {found!r}; {instrument.name} has {said!r}. Choose the "
                "instrument the beads were run on, or correct its entry.",
                blocks=True,
            )
