"""Calibrations: a bead tube, and the curve it gave by each version of lot and instrument."""

import json
from collections.abc import Iterator
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, func, insert, select

from calibration.curve import StandardCurve
from calibration.record import curve_from_dict, curve_to_dict
from service.canonical import canonical, sha256_of
from service.store.audit import record
from service.store.calibration import Calibration, CurveMade, Made
from service.store.database import Writing
from service.store.heads import NotFound, move
from service.store.tables import calibration_versions, calibrations


def add(writing: Writing, id: str, file: tuple[str, str], outcome: CurveMade) -> Calibration:
    """Keep a new calibration; `file` is the SHA-256 and the name of the bead file."""
    sha256, name = file
    writing.connection.execute(
        insert(calibrations).values(
            id=id,
            version=1,
            file_sha256=sha256,
            file_name=name,
            lot_id=outcome.lot[0],
            instrument_id=outcome.instrument[0],
            created_at=writing.at,
            created_by=writing.actor,
        )
    )
    _keep(writing, id, 1, outcome, None)
    return current(writing.connection, id)


def change(writing: Writing, before: Calibration, outcome: CurveMade, reason: str) -> Calibration:
    """Keep a new version of a calibration.

    Raises
    ------
    VersionMoved
    """
    new = before.version + 1
    move(writing, "calibration", calibrations, (before.id, before.version), {"version": new})
    _keep(writing, before.id, new, outcome, reason)
    return current(writing.connection, before.id)


def current(connection: Connection, id: str) -> Calibration:
    """Return a calibration as it is now.

    Raises
    ------
    NotFound
    """
    return _one(connection, id, calibration_versions.c.version == calibrations.c.version)


def at(connection: Connection, id: str, version: int) -> Calibration:
    """Return a calibration as it was.

    Raises
    ------
    NotFound
    """
    return _one(connection, id, calibration_versions.c.version == version)


def newest(
    connection: Connection,
    *,
    instrument_id: str | None = None,
    lot_id: str | None = None,
    created_by: str | None = None,
    most: int,
) -> Iterator[Calibration]:
    """Return calibrations as they are now, the newest first."""
    wanted = joined().where(calibration_versions.c.version == calibrations.c.version)
    if instrument_id is not None:
        wanted = wanted.where(calibrations.c.instrument_id == instrument_id)
    if lot_id is not None:
        wanted = wanted.where(calibrations.c.lot_id == lot_id)
    if created_by is not None:
        wanted = wanted.where(calibrations.c.created_by == created_by)
    wanted = wanted.order_by(calibrations.c.created_at.desc(), calibrations.c.id).limit(most)
    return map(read, connection.execute(wanted))


def numbers_by_lot(connection: Connection) -> dict[str, int]:
    """How many calibrations there are of each lot that has any, by its id."""
    lot = calibrations.c.lot_id
    return {id_: int(n) for id_, n in connection.execute(select(lot, func.count()).group_by(lot))}


def is_bead_file(connection: Connection, sha256: str) -> bool:
    """Whether a file is the bead tube of some calibration."""
    wanted = select(calibrations.c.id).where(calibrations.c.file_sha256 == sha256).limit(1)
    return connection.execute(wanted).first() is not None


def made_with(  # of which calibration, by what
    connection: Connection,
    id: str,
    lot_version: int,
    algorithm: str,
    assay_sha256: str,
    instrument_version: int | None = None,
) -> Calibration | None:
    """Return the newest version that was made with these, None without one.

    Parameters
    ----------
    instrument_version
        None: whichever, for the curve is the same by all of them.
    """
    columns = calibration_versions.c
    wanted = joined().where(
        columns.id == id,
        columns.lot_version == lot_version,
        columns.algorithm == algorithm,
        columns.assay_sha256 == assay_sha256,
    )
    if instrument_version is not None:
        wanted = wanted.where(columns.instrument_version == instrument_version)
    row = connection.execute(wanted.order_by(columns.version.desc()).limit(1)).one_or_none()
    return None if row is None else read(row)


def _keep(writing: Writing, id: str, version: int, outcome: CurveMade, reason: str | None) -> None:
    curve = canonical(curve_to_dict(outcome.curve))
    writing.connection.execute(
        insert(calibration_versions).values(
            id=id,
            version=version,
            lot_id=outcome.lot[0],
            lot_version=outcome.lot[1],
            instrument_id=outcome.instrument[0],
            instrument_version=outcome.instrument[1],
            assay_sha256=outcome.assay_sha256,
            algorithm=outcome.algorithm,
            curve=curve,
            curve_sha256=sha256_of(curve),
            accepted=outcome.curve.accepted,
            findings=canonical([dict(each) for each in outcome.findings]),
            made_at=writing.at,
            made_by=writing.actor,
            reason=reason,
        )
    )
    facts = {
        "version": version,
        "lot": list(outcome.lot),
        "instrument": list(outcome.instrument),
        "curve_sha256": sha256_of(curve),
        "accepted": outcome.curve.accepted,
        "reason": reason,
    }
    record(writing, "calibration.made" if version == 1 else "calibration.changed", id, facts)


def _one(connection: Connection, id: str, which: Any) -> Calibration:  # noqa: ANN401
    wanted = joined().where(calibrations.c.id == id, which)
    row = connection.execute(wanted).one_or_none()
    if row is None:
        raise NotFound(kind="calibration", id=id)
    return read(row)


def joined() -> Select[Any]:
    """Return a query for calibrations and their versions."""
    heads = calibrations.c
    return select(
        calibration_versions, heads.file_sha256, heads.file_name, heads.created_at, heads.created_by
    ).join_from(calibration_versions, calibrations)


def read(row: Row[Any]) -> Calibration:
    """Return the calibration of a row of `joined`."""
    outcome = CurveMade(
        (row.lot_id, row.lot_version),
        (row.instrument_id, row.instrument_version),
        row.assay_sha256,
        row.algorithm,
        _curve(row.curve),
        tuple(json.loads(row.findings)),
    )
    return Calibration(
        row.id, row.version, row.file_sha256, row.file_name, row.created_at, row.created_by,
        Made(row.made_at, row.made_by, row.reason), outcome,
    )  # fmt: skip


@lru_cache(maxsize=512)
def _curve(text: str) -> StandardCurve:
    """Read a curve; charts ask for the same ones again and again."""
    return curve_from_dict(json.loads(text))
