"""A calibration as a tube needs it: by the newest values of its lot, for the assay it is asked for.

A calibration has a version for each lot version, assay and algorithm it was needed for. Which of
them was made last says nothing about which one fits.
"""

from calibration.curve import StandardCurve
from hladr.assay.definition import AssayDefinition
from hladr.bead_run import calibrate_beads
from hladr.version import ALGORITHM
from service.calibrations.calibrating import instrument_findings
from service.instruments.instrument import instrument_of
from service.laboratory import Laboratory
from service.lots.lot import bead_lot_of
from service.measuring.opened import opened
from service.principal import Principal
from service.store import calibrations, definitions
from service.store.calibrations import Calibration, CurveMade
from service.store.database import Writing
from service.store.definitions import StoredDefinition
from service.store.heads import VersionMoved
from service.store.versions import INSTRUMENTS, LOTS, Version

REASON = "a tube needed the newest values of the lot, this assay and this software"


def fitting(
    laboratory: Laboratory,
    who: Principal,
    id: str,
    assay: tuple[AssayDefinition, StoredDefinition],
) -> Calibration:
    """Return the version of a calibration that a new tube is measured by, made now without one.

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
    if known is not None:
        return known
    path = laboratory.archive.path(head.file_sha256)

    def work() -> StandardCurve:
        table = opened(path, head.file_name, laboratory.settings)
        return calibrate_beads(table, bead_lot_of(lot), assay=rules).curve

    curve = laboratory.turns.take(work)
    try:
        with laboratory.database.writing(who.name) as writing:
            return brought(writing, id, lot, kept, curve, REASON)
    except VersionMoved:
        return fitting(laboratory, who, id, assay)


def brought(  # which calibration, by what, to which curve, why
    writing: Writing,
    id: str,
    lot: Version,
    assay: StoredDefinition,
    curve: StandardCurve,
    reason: str,
) -> Calibration:
    """Return the version of a calibration by a lot and an assay, made now of a curve without one.

    Raises
    ------
    VersionMoved
        The lot was corrected meanwhile.
    """
    connection = writing.connection
    newest = LOTS.current(connection, lot.id).version
    if newest != lot.version:
        raise VersionMoved(kind=LOTS.kind, base=lot.version, current=newest)
    known = calibrations.made_with(connection, id, lot.version, ALGORITHM, assay.sha256)
    if known is not None:
        return known
    definitions.keep(writing, assay)
    before = calibrations.current(connection, id)
    instrument = INSTRUMENTS.current(connection, before.outcome.instrument[0])
    findings = instrument_findings(curve, instrument_of(instrument))
    made = CurveMade(
        (lot.id, lot.version),
        (instrument.id, instrument.version),
        assay.sha256,
        ALGORITHM,
        curve,
        tuple(each.to_dict() for each in findings),
    )
    return calibrations.change(writing, before, made, reason)
