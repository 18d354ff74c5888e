"""What a bench looks through: analyses by state and by what somebody types, page by page."""

from collections.abc import Collection
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, Connection, Select, exists, func, or_, select

from service.store.analyses import joined, read
from service.store.analysis import Analysis, State
from service.store.studies import plain
from service.store.tables import (
    analyses,
    analysis_versions,
    calibration_versions,
    calibrations,
    instruments,
    lots,
)

_HEADS = analyses.c


@dataclass(frozen=True, slots=True)
class Sought:
    """Which analyses are looked for; None: whichever.

    Parameters
    ----------
    text
        In the subject, the barcode or the name of the file, or at the beginning of the id,
        capitals or not; or the subject as one writes it otherwise.
    barcode
        All of it.
    """

    site: str | None = None
    states: Collection[State] | None = None
    text: str | None = None
    barcode: str | None = None


@dataclass(frozen=True, slots=True)
class Run:
    """Beads of a day: on which instrument, of which lot, and whether their curve is accepted."""

    id: str
    instrument: str
    lot: str
    accepted: bool
    created_at: str


def numbers(connection: Connection, sought: Sought) -> dict[State, int]:
    """How many there are in each state."""
    wanted = select(_HEADS.state, func.count().label("number")).where(*_which(sought))
    rows = connection.execute(wanted.group_by(_HEADS.state))
    return {State(row.state): row.number for row in rows}


def page(connection: Connection, sought: Sought, skipped: int, most: int) -> list[Analysis]:
    """Return analyses at their newest versions, the newest first; `skipped` are before them."""
    newest = (_HEADS.created_at.desc(), _HEADS.id)
    return _in_order(connection, select(_HEADS.id).where(*_which(sought)).order_by(*newest)
                     .offset(skipped).limit(most))  # fmt: skip


def oldest(connection: Connection, sought: Sought, most: int) -> list[Analysis]:
    """Return analyses at their newest versions, the oldest first."""
    order = (_HEADS.created_at, _HEADS.id)
    return _in_order(
        connection, select(_HEADS.id).where(*_which(sought)).order_by(*order).limit(most)
    )


def runs(connection: Connection, ids: Collection[str] | None = None, most: int = 5) -> list[Run]:
    """Return runs, the newest first.

    Parameters
    ----------
    ids
        Of which calibrations; None: of the last `most`.
    """
    heads, now = calibrations.c, calibration_versions.c
    wanted = (
        select(
            heads.id, instruments.c.label.label("instrument"), lots.c.label.label("lot"),
            now.accepted, heads.created_at,
        )
        .join_from(calibrations, calibration_versions, now.id == heads.id)
        .join(instruments, instruments.c.id == heads.instrument_id)
        .join(lots, lots.c.id == heads.lot_id)
        .where(now.version == heads.version)
        .order_by(heads.created_at.desc(), heads.id)
    )  # fmt: skip
    wanted = wanted.limit(most) if ids is None else wanted.where(heads.id.in_(list(ids)))
    return [
        Run(row.id, row.instrument, row.lot, bool(row.accepted), row.created_at)
        for row in connection.execute(wanted)
    ]


def numbers_of_runs(
    connection: Connection, ids: Collection[str], site: str | None
) -> dict[tuple[str, State], int]:
    """How many analyses of each run there are in each state."""
    versions = analysis_versions.c
    wanted = (
        select(versions.calibration_id, _HEADS.state, func.count().label("number"))
        .join_from(analyses, analysis_versions, versions.id == _HEADS.id)
        .where(versions.version == _HEADS.version, versions.calibration_id.in_(list(ids)))
        .where(*_which(Sought(site)))
        .group_by(versions.calibration_id, _HEADS.state)
    )
    rows = connection.execute(wanted)
    return {(row.calibration_id, State(row.state)): row.number for row in rows}


def _in_order(connection: Connection, wanted: Select[Any]) -> list[Analysis]:
    """Return the analyses of some ids, in the order of these; heads alone are passed over."""
    ids = list(connection.execute(wanted).scalars())
    rows = joined().where(analysis_versions.c.version == _HEADS.version, _HEADS.id.in_(ids))
    found = {row.id: read(row) for row in connection.execute(rows)}
    return [found[id_] for id_ in ids]


def _which(sought: Sought) -> list[ColumnElement[bool]]:
    which: list[ColumnElement[bool]] = []
    if sought.site is not None:
        which.append(_HEADS.site == sought.site)
    if sought.states is not None:
        which.append(_HEADS.state.in_(list(sought.states)))
    if sought.barcode is not None:
        which.append(_HEADS.barcode == sought.barcode)
    if sought.text is not None:
        which.append(_holds(sought.text))
    return which


def _holds(text: str) -> ColumnElement[bool]:
    """Whether any of what people look for holds a text; its signs stand for themselves."""
    said = (_HEADS.subject, _HEADS.barcode, _HEADS.file_name)
    ways = [column.icontains(text, autoescape=True) for column in said]
    ways.append(_HEADS.id.istartswith(text, autoescape=True))
    if plain(text):  # a whole id is found however it is written
        said_now = analysis_versions.c
        ways.append(
            exists().where(
                said_now.id == _HEADS.id,
                said_now.version == _HEADS.version,
                said_now.plain_subject == plain(text),
            )
        )
    return or_(*ways)
