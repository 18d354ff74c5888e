"""What rests on a version that was corrected since."""

from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, select

from service.store.analysis import State
from service.store.analysis_lists import resting_on
from service.store.tables import analyses, calibration_versions, lot_versions, lots


def outdated_by_lot(connection: Connection, id: str, sha256: str, most: int) -> list[str]:
    """Ids of analyses whose newest version rests on a lot of other values than it has now.

    A correction that was taken back, or that changed nothing, leaves nothing outdated. What a
    person has rejected has no number that could be.

    Parameters
    ----------
    id, sha256
        Of the lot; the hash of its content as it is now.
    most
        How many ids at most, those of the oldest analyses.
    """
    made, then = calibration_versions.c, lot_versions.c
    before = (
        select(made.id, made.version)
        .join(lot_versions, and_(then.id == made.lot_id, then.version == made.lot_version))
        .where(made.lot_id == id, then.sha256 != sha256)
    )
    return list(resting_on(connection, before, most, analyses.c.state != State.REJECTED))


def newer_lot(connection: Connection, calibration: tuple[str, int] | None) -> int | None:
    """Return the lot's version, if a calibration rests on other values than it has now.

    Parameters
    ----------
    calibration
        Id and version; None where nothing was measured.
    """
    if calibration is None:
        return None
    asked = dict(zip(("id", "version"), calibration, strict=True))
    newer: int | None = connection.execute(_NEWER_LOT, asked).scalar_one_or_none()
    return newer


def _newer_lot() -> Select[Any]:
    made, then, now = calibration_versions.c, lot_versions.alias(), lot_versions.alias()
    return (
        select(now.c.version)
        .select_from(calibration_versions)
        .join(lots, lots.c.id == made.lot_id)
        .join(then, and_(then.c.id == made.lot_id, then.c.version == made.lot_version))
        .join(now, and_(now.c.id == made.lot_id, now.c.version == lots.c.version))
        .where(made.id == bindparam("id"), made.version == bindparam("version"))
        .where(then.c.sha256 != now.c.sha256)
    )


_NEWER_LOT = _newer_lot()  # made once: it is asked for each analysis of a table


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
