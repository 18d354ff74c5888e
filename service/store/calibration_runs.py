"""Bead runs of an instrument in their order: what charts and comparisons look at.

A bead file that was sent more than once is one run, see `service.store.bead_copies`.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from typing import Any, Final

from sqlalchemy import (
    ColumnElement,
    Connection,
    Exists,
    Select,
    and_,
    bindparam,
    exists,
    func,
    not_,
    select,
)

from service.store.analysis import State
from service.store.bead_copies import COUNTS, TWINS, copies_of, is_twin, newest_accepted
from service.store.calibration import Calibration
from service.store.calibrations import joined, read
from service.store.run_key import RunKey, RunsNear
from service.store.tables import analyses, analysis_versions, calibration_versions, calibrations

RECENT: Final = 30
"""Runs among which the last five of the same settings are looked for."""
MOST_WITH_CONTROL: Final = 24
"""Two levels by turns have ten values each among so many; no rule looks at more."""
_MOST_OF_LOT: Final = 12

_NEWEST: Final = newest_accepted(calibrations, calibration_versions)


def recent_runs(
    connection: Connection, instrument_id: str, lot_id: str, sha256: str, until: str
) -> list[Calibration]:
    """Return what a bead file is compared with: accepted runs of others, the oldest first.

    Parameters
    ----------
    lot_id, sha256
        Lot and SHA-256 of the file: beads are not held against themselves.
    until
        The last moment of creation; of those before it the newest are returned.
    """
    heads = calibrations.c
    wanted = (
        joined()
        .where(_NEWEST, heads.instrument_id == instrument_id, COUNTS)
        .where(heads.created_at <= until)
        .where(not_(and_(heads.file_sha256 == sha256, heads.lot_id == lot_id)))
        .order_by(heads.created_at.desc(), heads.id.desc())
        .limit(RECENT)
    )
    return [read(row) for row in connection.execute(wanted)][::-1]


def before(connection: Connection, calibration: Calibration) -> list[Calibration]:
    """Return the accepted calibrations of an instrument that came before one, as they are now."""
    (instrument_id, _), (lot_id, _) = calibration.outcome.instrument, calibration.outcome.lot
    file, until = calibration.file_sha256, calibration.created_at
    return recent_runs(connection, instrument_id, lot_id, file, until)


def near(
    connection: Connection,
    instrument_id: str,
    until: str,
    most: int,
    with_control: int = MOST_WITH_CONTROL,
) -> RunsNear:
    """Return which runs of an instrument whose curve is accepted a look takes in.

    Parameters
    ----------
    until
        The last moment of creation; of those before it `most` are the newest. Before these some
        with control blood are taken in, and some of each lot where there are several.
    with_control
        How many with control blood; 0 where nothing is held against it.
    """
    asked = {"instrument_id": instrument_id, "until": until}
    newest = _keys(connection, _UNTIL, {**asked, "most": most})
    if len(newest) < most:
        return _with_copies(connection, newest, ())
    asked["until"] = newest[0].at
    found: set[RunKey] = set()
    if with_control:
        found.update(_keys(connection, _WITH_CONTROL, {**asked, "most": with_control}))
    lots = {each.lot_id for each in newest}
    for lot in sorted(lots) if len(lots) > 1 else ():
        found.update(_keys(connection, _OF_LOT, {**asked, "lot_id": lot, "most": _MOST_OF_LOT}))
    return _with_copies(connection, newest, sorted(found - set(newest)))


def _with_copies(
    connection: Connection, newest: Sequence[RunKey], earlier: Sequence[RunKey]
) -> RunsNear:
    copies = copies_of(connection, [each.id for each in (*earlier, *newest)])

    def known(keys: Sequence[RunKey]) -> tuple[RunKey, ...]:
        return tuple(
            replace(each, copies=copies[each.id]) if each.id in copies else each for each in keys
        )

    return RunsNear(known(newest), known(earlier))


def at_keys(connection: Connection, keys: Sequence[RunKey]) -> list[Calibration]:
    """Return the calibrations of some keys, the oldest first."""
    wanted = (
        joined()
        .where(_NEWEST, calibrations.c.id.in_([each.id for each in keys]))
        .order_by(calibrations.c.created_at, calibrations.c.id)
    )
    return [read(row) for row in connection.execute(wanted)]


def number_since(connection: Connection, instrument_id: str, at: str) -> int:
    """How many runs whose curve is accepted an instrument made from a moment on."""
    heads = calibrations.c
    since = _accepted().where(heads.instrument_id == instrument_id, heads.created_at >= at, COUNTS)
    counted = select(func.count()).select_from(since.subquery())
    return int(connection.execute(counted).scalar_one())


def end_after(connection: Connection, instrument_id: str, at: str, most: int) -> str:
    """Return when the last of some runs was created that came next; `at` itself without one."""
    asked = {"instrument_id": instrument_id, "after": at, "most": most}
    rows = connection.execute(_AFTER, asked).all()
    return str(rows[-1].created_at) if rows else at


def _accepted() -> Select[Any]:
    heads = calibrations.c
    return (
        select(heads.created_at, heads.id, calibration_versions.c.version, heads.lot_id)
        .add_columns(calibration_versions.c.curve_sha256)
        .join_from(calibrations, calibration_versions)
        .where(_NEWEST)
    )


def _of_instrument() -> Select[Any]:
    return _accepted().where(calibrations.c.instrument_id == bindparam("instrument_id"))


def _until(*more: ColumnElement[bool]) -> Select[Any]:
    heads = calibrations.c
    return (
        _of_instrument()
        .where(heads.created_at <= bindparam("until"), *more, COUNTS)
        .order_by(heads.created_at.desc(), heads.id.desc())
        .limit(bindparam("most"))
    )


def _after() -> Select[Any]:
    heads = calibrations.c
    return (
        _of_instrument()
        .where(heads.created_at > bindparam("after"), COUNTS)
        .order_by(heads.created_at, heads.id)
        .limit(bindparam("most"))
    )


def _has_control_blood() -> Exists:
    return exists(
        select(analyses.c.id)
        .join_from(TWINS, analysis_versions, analysis_versions.c.calibration_id == TWINS.c.id)
        .join(analyses, analyses.c.id == analysis_versions.c.id)
        .where(is_twin, analysis_versions.c.version == analyses.c.version)
        .where(analyses.c.kind == "control", analyses.c.state != State.REJECTED)
        .correlate(calibrations)
        .offset(0)  # asked run by run, until there are enough: PostgreSQL would join them all
    )


# Made once: they are asked for each number of a patient.
_AFTER: Final = _after()
_UNTIL: Final = _until()
_WITH_CONTROL: Final = _until(_has_control_blood())  # which few have, so asked first
_OF_LOT: Final = _until(calibrations.c.lot_id == bindparam("lot_id"))


def _keys(connection: Connection, wanted: Select[Any], asked: Mapping[str, Any]) -> list[RunKey]:
    return [RunKey(*row) for row in connection.execute(wanted, asked)][::-1]


def places_of(connection: Connection, ids: Collection[str]) -> dict[str, tuple[str, str]]:
    """Return instrument and moment of creation of some calibrations, by their ids."""
    heads = calibrations.c
    wanted = select(heads.id, heads.instrument_id, heads.created_at)
    rows = connection.execute(wanted.where(heads.id.in_(list(ids))))
    return {row.id: (row.instrument_id, row.created_at) for row in rows}
