"""A calibration as a tube needs it: by the newest values of its lot, for the assay it is asked for.

A calibration has a version for each lot version, instrument version, assay and algorithm it was
needed for. Which of them was made last says nothing about which one fits.
"""

from dataclasses import dataclass

from calibration.curve import StandardCurve
from hladr.assay.definition import AssayDefinition
from hladr.version import ALGORITHM
from service.calibrations.curve import curve_of_beads, made_of
from service.laboratory import Laboratory
from service.store import calibration_runs, calibrations, definitions
from service.store.calibration import Calibration
from service.store.database import Writing
from service.store.definitions import StoredDefinition
from service.store.versions import INSTRUMENTS, LOTS, Version

REASON = "a tube needed the newest lot, instrument, assay and software"


@dataclass(frozen=True, slots=True)
class Fitted:
    """The curve of a calibration by a lot and an assay; whether there is a version of it or not.

    Parameters
    ----------
    id
        Of the calibration.
    file
        SHA-256 and name of its bead file.
    """

    id: str
    file: tuple[str, str]
    lot: Version
    assay: StoredDefinition
    curve: StandardCurve


def fitting(
    laboratory: Laboratory, id: str, assay: tuple[AssayDefinition, StoredDefinition]
) -> Fitted:
    """Return the curve that a tube is measured by now; nothing is stored.

    Raises
    ------
    NotFound, FileLost
    HladrError, CalibrationError
        The beads give no curve by the newest values.
    """
    rules, kept = assay
    with laboratory.database.reading() as connection:
        head = calibrations.current(connection, id)
        lot = LOTS.current(connection, head.outcome.lot[0])
        known = calibrations.made_with(connection, id, lot.version, ALGORITHM, kept.sha256)
    file = head.file_sha256, head.file_name
    if known is not None:
        return Fitted(id, file, lot, kept, known.curve)
    path = laboratory.archive.path(head.file_sha256)
    curve = curve_of_beads(laboratory, (path, head.file_name), lot, rules)
    return Fitted(id, file, lot, kept, curve)


def brought(writing: Writing, fitted: Fitted, reason: str) -> Calibration:
    """Return the version of a calibration that a curve is of, by its instrument as it is now.

    Without one it is made, in the transaction of what rests on it.
    """
    connection, lot, assay = writing.connection, fitted.lot, fitted.assay
    before = calibrations.current(connection, fitted.id)
    instrument = INSTRUMENTS.current(connection, before.outcome.instrument[0])
    known = calibrations.made_with(
        connection, fitted.id, lot.version, ALGORITHM, assay.sha256, instrument.version
    )
    if known is not None:
        return known
    definitions.keep(writing, assay)
    recent = calibration_runs.before(connection, before)
    made = made_of(fitted.curve, lot, instrument, assay.sha256, recent)
    return calibrations.change(writing, before, made, reason)
