"""Tubes that have come: each until it is measured, or until somebody says that it will not be.

A reception is a note of the bench, changed in place; the audit has each form of it.
"""

import dataclasses
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, Row, Select, and_, func, insert, or_, select
from sqlalchemy.exc import IntegrityError

from service.store.audit import record
from service.store.database import Writing
from service.store.heads import AlreadyThere, NotFound, move
from service.store.reception import Arrival, Reception, ReceptionState, Wanted
from service.store.tables import receptions

_ROWS = receptions.c


def add(writing: Writing, arrival: Arrival) -> Reception:
    """Note a tube that has come.

    Raises
    ------
    AlreadyThere
        Another one with this barcode waits at the same site.
    """
    id_, said = str(uuid4()), dataclasses.asdict(arrival)
    made = {"created_at": writing.at, "created_by": writing.actor}
    new = insert(receptions).values(
        id=id_, version=1, state=ReceptionState.OPEN, **said, **made, **_changed(writing)
    )
    with _alone(writing, arrival.barcode):
        writing.connection.execute(new)
    record(writing, "reception.made", id_, said)
    return by_id(writing.connection, id_)


def change(writing: Writing, at: tuple[str, int], arrival: Arrival, reason: str) -> Reception:
    """Describe a tube that waits anew.

    Parameters
    ----------
    at
        Id, and the version that was looked at.

    Raises
    ------
    NotFound, VersionMoved, AlreadyThere
    """
    said = dataclasses.asdict(arrival)
    with _alone(writing, arrival.barcode):
        return _moved(writing, at, "reception.changed", {**said, "reason": reason})


def close(writing: Writing, at: tuple[str, int], reason: str) -> Reception:
    """Note that a tube will not be measured, and why.

    Raises
    ------
    NotFound, VersionMoved
    """
    facts = {"state": ReceptionState.CLOSED, "reason": reason}
    return _moved(writing, at, "reception.closed", facts)


def go(writing: Writing, before: Reception, analysis_id: str) -> Reception:
    """Note that a tube has become an analysis.

    Raises
    ------
    VersionMoved
    """
    facts = {"state": ReceptionState.ANALYSED, "analysis_id": analysis_id}
    return _moved(writing, (before.id, before.version), "reception.analysed", facts)


def by_id(connection: Connection, id: str) -> Reception:
    """Return a reception.

    Raises
    ------
    NotFound
    """
    row = connection.execute(select(receptions).where(_ROWS.id == id)).one_or_none()
    if row is None:
        raise NotFound(kind="reception", id=id)
    return _read(row)


def open_by_barcode(connection: Connection, barcode: str, site: str | None) -> list[Reception]:
    """Return the tubes with a barcode that wait, the oldest first.

    Parameters
    ----------
    site
        Where alone they are looked for; None: everywhere, and each site may have one.
    """
    return listed(connection, Wanted(ReceptionState.OPEN, barcode, site))


def of_analysis(connection: Connection, id: str, barcode: str) -> Reception | None:
    """Return the tube with a barcode that has become an analysis; None without one."""
    wanted = select(receptions).where(_ROWS.analysis_id == id, _ROWS.barcode == barcode)
    row = connection.execute(wanted.order_by(_ROWS.changed_at.desc())).first()
    return None if row is None else _read(row)


def listed(connection: Connection, wanted: Wanted) -> list[Reception]:
    """Return receptions, the oldest first."""
    query = _chosen(wanted)
    if wanted.after is not None:
        moment, id_ = wanted.after
        same = and_(_ROWS.created_at == moment, _ROWS.id > id_)
        query = query.where(or_(_ROWS.created_at > moment, same))
    query = query.order_by(_ROWS.created_at, _ROWS.id).limit(wanted.most)
    return [_read(row) for row in connection.execute(query)]


def waiting(connection: Connection, site: str | None, most: int) -> list[Reception]:
    """Return the tubes that wait, the one that is due first first, those without a time last."""
    query = _chosen(Wanted(ReceptionState.OPEN, site=site))
    order = (_ROWS.due_at.is_(None), _ROWS.due_at, _ROWS.created_at, _ROWS.id)
    return [_read(row) for row in connection.execute(query.order_by(*order).limit(most))]


def number_waiting(connection: Connection, site: str | None) -> int:
    """How many tubes wait."""
    chosen = _chosen(Wanted(ReceptionState.OPEN, site=site)).subquery()
    return int(connection.execute(select(func.count()).select_from(chosen)).scalar_one())


def _chosen(wanted: Wanted) -> Select[Any]:
    query = select(receptions)
    for column, value in (
        (_ROWS.state, wanted.state),
        (_ROWS.barcode, wanted.barcode),
        (_ROWS.site, wanted.site),
    ):
        if value is not None:
            query = query.where(column == value)
    return query


def _moved(writing: Writing, at: tuple[str, int], done: str, said: dict[str, Any]) -> Reception:
    id_, base = at
    values = {**said, "version": base + 1, **_changed(writing)}
    move(writing, "reception", receptions, at, values)
    record(writing, done, id_, {**said, "version": base + 1})
    return by_id(writing.connection, id_)


def _changed(writing: Writing) -> dict[str, str]:
    return {"changed_at": writing.at, "changed_by": writing.actor}


@contextmanager
def _alone(writing: Writing, barcode: str) -> Iterator[None]:
    try:
        with writing.connection.begin_nested():
            yield
    except IntegrityError as error:
        raise AlreadyThere(kind="barcode of a tube that waits", label=barcode) from error


def _read(row: Row[Any]) -> Reception:
    arrival = Arrival(**{name: getattr(row, name) for name in Arrival.__dataclass_fields__})
    return Reception(
        row.id, row.version, ReceptionState(row.state), arrival, row.analysis_id, row.reason,
        row.created_at, row.created_by, row.changed_at, row.changed_by,
    )  # fmt: skip
