"""Bead runs of an instrument in their order: what charts and comparisons look at."""

from collections.abc import Collection
from typing import Final

from sqlalchemy import Connection, select

from service.store.calibration import Calibration
from service.store.calibrations import joined, read
from service.store.tables import calibration_versions, calibrations

RECENT: Final = 30
"""Runs among which the last five of the same settings are looked for."""


def runs_of(connection: Connection, instrument_id: str, until: str, most: int) -> list[Calibration]:
    """Return calibrations of an instrument whose curve is accepted, the oldest first.

    Parameters
    ----------
    until
        The last moment of creation; of those before it `most` are returned, the newest.
    """
    wanted = (
        joined()
        .where(calibration_versions.c.version == calibrations.c.version)
        .where(calibrations.c.instrument_id == instrument_id, calibration_versions.c.accepted)
        .where(calibrations.c.created_at <= until)
        .order_by(calibrations.c.created_at.desc(), calibrations.c.id.desc())
        .limit(most)
    )
    return [read(row) for row in connection.execute(wanted)][::-1]


def before(connection: Connection, calibration: Calibration) -> list[Calibration]:
    """Return the accepted calibrations of an instrument that came before one, as they are now."""
    instrument_id = calibration.outcome.instrument[0]
    found = runs_of(connection, instrument_id, calibration.created_at, RECENT)
    return [each for each in found if each.id != calibration.id]


def places_of(connection: Connection, ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return instrument and moment of creation of some calibrations, by their ids."""
    heads = calibrations.c
    wanted = select(heads.id, heads.instrument_id, heads.created_at)
    rows = connection.execute(wanted.where(heads.id.in_(list(ids))))
    return {row.id: (row.instrument_id, row.created_at) for row in rows}
