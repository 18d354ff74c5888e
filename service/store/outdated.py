"""What rests on a version that was corrected since."""

from collections.abc import Collection
from typing import Any

from sqlalchemy import Connection, Select, and_, bindparam, select, tuple_

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


def newer_lots(
    connection: Connection, used: Collection[tuple[str, int]]
) -> dict[tuple[str, int], int]:
    """Return the lot's version for each calibration that rests on other values than it has now.

    Parameters
    ----------
    used
        Calibrations: id and version.
    """
    if not used:
        return {}
    rows = connection.execute(_NEWER_LOTS, {"used": list(used)})
    return {(row.id, row.made): row.version for row in rows}


def _newer_lots() -> Select[Any]:
    made, then, now = calibration_versions.c, lot_versions.alias(), lot_versions.alias()
    return (
        select(made.id, made.version.label("made"), now.c.version)
        .select_from(calibration_versions)
        .join(lots, lots.c.id == made.lot_id)
        .join(then, and_(then.c.id == made.lot_id, then.c.version == made.lot_version))
        .join(now, and_(now.c.id == made.lot_id, now.c.version == lots.c.version))
        .where(tuple_(made.id, made.version).in_(bindparam("used", expanding=True)))
        .where(then.c.sha256 != now.c.sha256)
    )


_NEWER_LOTS = _newer_lots()  # made once: it is asked for each analysis of a table


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
