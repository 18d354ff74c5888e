"""Beads to a curve and all it was made with: of a new calibration, of a new version of one."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from calibration.control import Calibrated, compare_with_recent
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
from service.store.calibration import Calibration, CurveMade
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
    curve: StandardCurve,
    lot: Version,
    instrument: Version,
    assay_sha256: str,
    recent: Sequence[Calibration],
) -> CurveMade:
    """Return a curve with what it was made with, and whether it is of its instrument.

    Parameters
    ----------
    recent
        Accepted calibrations of the instrument before it, the oldest first.
    """
    findings = (
        *instrument_findings(curve, instrument_of(instrument)),
        *shift_findings(curve, recent),
    )
    return CurveMade(
        (lot.id, lot.version),
        (instrument.id, instrument.version),
        assay_sha256,
        ALGORITHM,
        curve,
        tuple(each.to_dict() for each in findings),
    )


def shift_findings(curve: StandardCurve, recent: Sequence[Calibration]) -> Iterator[ServiceFinding]:
    """Whether a curve lies where the last five of its instrument did: r² shows no wrong lot."""
    before = [Calibrated.of(each.id, each.curve) for each in recent]
    for each in compare_with_recent(Calibrated.of("this one", curve), before).findings:
        if each.severity is not Severity.NOTE:
            yield ServiceFinding(each.code, each.severity, each.message)


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
