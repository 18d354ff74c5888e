"""What rests on a version that was corrected since."""

from sqlalchemy import Connection, select

from service.store.analysis_lists import resting_on
from service.store.tables import calibration_versions


def outdated_by_lot(connection: Connection, id: str, version: int, most: int) -> list[str]:
    """Ids of analyses whose newest version rests on a lot before one of its versions.

    Parameters
    ----------
    id, version
        Of the lot; the version as it is now.
    most
        How many ids at most, those of the oldest analyses.
    """
    before = select(calibration_versions.c.id, calibration_versions.c.version).where(
        calibration_versions.c.lot_id == id, calibration_versions.c.lot_version < version
    )
    return list(resting_on(connection, before, most))


def resting_on_calibration(connection: Connection, id: str, most: int) -> list[str]:
    """Return the analyses whose newest version rests on some version of a calibration.

    Parameters
    ----------
    id
        Of the calibration.
    """
    columns = calibration_versions.c
    wanted = select(columns.id, columns.version).where(columns.id == id)
    return list(resting_on(connection, wanted, most))


def all_measured(connection: Connection, most: int) -> list[str]:
    """Return all analyses in which something was measured, the oldest first."""
    columns = calibration_versions.c
    return list(resting_on(connection, select(columns.id, columns.version), most))
