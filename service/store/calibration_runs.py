"""Bead runs of an instrument in their order: what charts and comparisons look at."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from sqlalchemy import Connection, Exists, Select, bindparam, exists, func, select

from service.store.analysis import State
from service.store.calibration import Calibration
from service.store.calibrations import joined, read
from service.store.tables import analyses, analysis_versions, calibration_versions, calibrations

RECENT: Final = 30
"""Runs among which the last five of the same settings are looked for."""
_MOST_WITH_CONTROL: Final = 24
"""Two levels by turns have ten values each among so many; no rule looks at more."""
_MOST_OF_LOT: Final = 12


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


@dataclass(frozen=True, slots=True, order=True)
class RunKey:
    """A run at its newest version: what charts of it hang on, without what was measured.

    Parameters
    ----------
    at
        Moment of creation.
    """

    at: str
    id: str
    version: int
    lot_id: str


@dataclass(frozen=True, slots=True)
class RunsNear:
    """Runs that a look at some of them takes in, the oldest first.

    Parameters
    ----------
    newest
        The newest, without a gap.
    earlier
        Before them, runs of what was measured seldom: rules count its values, not all runs.
    """

    newest: tuple[RunKey, ...]
    earlier: tuple[RunKey, ...]

    @property
    def all(self) -> tuple[RunKey, ...]:
        """Both."""
        return (*self.earlier, *self.newest)


def near(connection: Connection, instrument_id: str, until: str, most: int) -> RunsNear:
    """Return which runs of an instrument whose curve is accepted a look takes in.

    Parameters
    ----------
    until
        The last moment of creation; of those before it `most` are the newest. Before these some
        with control blood are taken in, and some of each lot where there are several.
    """
    asked = {"instrument_id": instrument_id, "until": until}
    newest = _keys(connection, _UNTIL, {**asked, "most": most})
    if len(newest) < most:
        return RunsNear(tuple(newest), ())
    asked["until"] = newest[0].at
    found = set(_keys(connection, _WITH_CONTROL, {**asked, "most": _MOST_WITH_CONTROL}))
    lots = {each.lot_id for each in newest}
    for lot in sorted(lots) if len(lots) > 1 else ():
        found.update(_keys(connection, _OF_LOT, {**asked, "lot_id": lot, "most": _MOST_OF_LOT}))
    return RunsNear(tuple(newest), tuple(sorted(found - set(newest))))


def at_keys(connection: Connection, keys: Sequence[RunKey]) -> list[Calibration]:
    """Return the calibrations of some keys, the oldest first."""
    wanted = (
        joined()
        .where(calibration_versions.c.version == calibrations.c.version)
        .where(calibrations.c.id.in_([each.id for each in keys]))
        .order_by(calibrations.c.created_at, calibrations.c.id)
    )
    return [read(row) for row in connection.execute(wanted)]


def number_since(connection: Connection, first: Calibration) -> int:
    """How many runs whose curve is accepted an instrument made from one on, itself counted."""
    of_instrument = calibrations.c.instrument_id == first.outcome.instrument[0]
    since = _accepted().where(of_instrument, calibrations.c.created_at >= first.created_at)
    counted = select(func.count()).select_from(since.subquery())
    return int(connection.execute(counted).scalar_one())


def end_after(connection: Connection, instrument_id: str, at: str, most: int) -> str:
    """Return when the last of some runs was created that came next; `at` itself without one."""
    created = calibrations.c.created_at
    wanted = select(created).where(calibrations.c.instrument_id == instrument_id, created > at)
    rows = connection.execute(wanted.order_by(created).limit(most)).scalars().all()
    return str(rows[-1]) if rows else at


def _accepted() -> Select[Any]:
    heads = calibrations.c
    return (
        select(heads.created_at, heads.id, heads.version, heads.lot_id)
        .join_from(calibrations, calibration_versions)
        .where(calibration_versions.c.version == heads.version, calibration_versions.c.accepted)
    )


def _until() -> Select[Any]:
    heads = calibrations.c
    return (
        _accepted()
        .where(heads.instrument_id == bindparam("instrument_id"))
        .where(heads.created_at <= bindparam("until"))
        .order_by(heads.created_at.desc(), heads.id.desc())
        .limit(bindparam("most"))
    )


def _has_control_blood() -> Exists:
    return exists(
        select(analyses.c.id)
        .join_from(analysis_versions, analyses)
        .where(analysis_versions.c.calibration_id == calibrations.c.id)
        .where(analysis_versions.c.version == analyses.c.version)
        .where(analyses.c.kind == "control", analyses.c.state != State.REJECTED)
    )


# Made once: they are asked for each number of a patient.
_UNTIL: Final = _until()
_WITH_CONTROL: Final = _until().where(_has_control_blood())
_OF_LOT: Final = _until().where(calibrations.c.lot_id == bindparam("lot_id"))


def _keys(connection: Connection, wanted: Select[Any], asked: Mapping[str, Any]) -> list[RunKey]:
    return [RunKey(*row) for row in connection.execute(wanted, asked)][::-1]


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
