"""Bead runs that people stand for: calibrations that a signed result rests on."""

from typing import Any

from sqlalchemy import Connection, Select, and_, case, select

from service.store import calibrations
from service.store.calibration import Calibration
from service.store.signatures import Meaning
from service.store.tables import analysis_versions, signatures
from service.store.tables import calibrations as heads


def last_signed(connection: Connection, run: Calibration) -> Calibration | None:
    """Return the last signed run of the same instrument before a run; None before the first.

    One of the same lot goes before a later one of another: its beads can be compared peak by peak.
    """
    lot_id, instrument_id = run.outcome.lot[0], run.outcome.instrument[0]
    same_lot = case((heads.c.lot_id == lot_id, 0), else_=1)
    wanted = (
        _signed()
        .where(
            heads.c.instrument_id == instrument_id,
            heads.c.created_at < run.created_at,
            heads.c.id != run.id,
        )
        .order_by(
            same_lot, heads.c.created_at.desc(), analysis_versions.c.calibration_version.desc()
        )
        .limit(1)
    )
    found = connection.execute(wanted).one_or_none()
    return None if found is None else calibrations.at(connection, found.id, found.version)


def _signed() -> Select[Any]:
    """Calibrations at the versions that signed numbers rest on."""
    versions = analysis_versions.c
    stands = and_(
        signatures.c.analysis_id == versions.id,
        signatures.c.analysis_version == versions.version,
        signatures.c.meaning != Meaning.REJECTED,
    )
    return (
        select(heads.c.id, versions.calibration_version.label("version"))
        .join(analysis_versions, versions.calibration_id == heads.c.id)
        .join(signatures, stands)
    )
