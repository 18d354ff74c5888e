"""Messages that were refused, sent again: one, or many after receivers were away for long."""

from dataclasses import dataclass
from typing import ClassVar, Final

from sqlalchemy import ColumnElement, exists, func, select, update

from service.errors import ServiceError
from service.store.audit import record
from service.store.database import Writing
from service.store.message import Message, Stage
from service.store.outgoing import by_id
from service.store.tables import outgoing

_ROWS: Final = outgoing.c
_MOST: Final = 500  # in a transaction, for which all who write wait


class NotRefused(ServiceError):
    """A message that was not refused is asked to be sent again."""

    code: ClassVar[str] = "NOT_REFUSED"
    status: ClassVar[int] = 409

    def __init__(self, *, state: Stage) -> None:
        self.state = state
        super().__init__(
            f"expected a message that was refused, found one that is {state}. Nothing is to be "
            "done about it."
        )


class LaterMessage(ServiceError):
    """A message is asked to be sent again after a later one about the same analysis."""

    code: ClassVar[str] = "LATER_MESSAGE"
    status: ClassVar[int] = 409

    def __init__(self) -> None:
        super().__init__(
            "expected the last message about an analysis, found one with a later one that was not "
            "refused. The receiver would take the older one for the newer; send none of them again."
        )


@dataclass(frozen=True, slots=True)
class Ended:
    """Which messages that were refused are meant: by a door, and by when they were.

    Parameters
    ----------
    since, before
        Moments as `service.moment` writes them; the second is not in it any more.
    """

    door: str
    since: str
    before: str


def again(writing: Writing, id: str) -> Message:
    """Let a message that was refused be sent again.

    Raises
    ------
    NotFound, NotRefused, LaterMessage
    """
    found = by_id(writing.connection, id)
    if found.state is not Stage.REFUSED:
        raise NotRefused(state=found.state)
    later = select(_ROWS.id).where(_ROWS.id == id, _later_is_not_refused())
    if writing.connection.execute(later).first() is not None:
        raise LaterMessage
    _wait(writing, found.id, found.door, found.analysis_id)
    return by_id(writing.connection, id)


def many_again(writing: Writing, ended: Ended) -> tuple[int, int]:
    """Let messages that were refused be sent again, the oldest first; how many, how many are left.

    Those stay that a later message about the analysis, which was not refused, has overtaken.
    """
    wanted = (
        _ROWS.door == ended.door,
        _ROWS.state == Stage.REFUSED,
        _ROWS.ended_at >= ended.since,
        _ROWS.ended_at < ended.before,
        ~_later_is_not_refused(),
    )
    number = select(func.count()).where(*wanted)
    all_of_them = int(writing.connection.execute(number).scalar_one())
    query = select(outgoing).where(*wanted).order_by(_ROWS.created_at, _ROWS.place, _ROWS.id)
    rows = writing.connection.execute(query.limit(_MOST)).all()
    for row in rows:
        _wait(writing, row.id, row.door, row.analysis_id)
    return len(rows), all_of_them - len(rows)


def _later_is_not_refused() -> ColumnElement[bool]:
    later = outgoing.alias()
    return exists().where(
        later.c.door == _ROWS.door,
        later.c.analysis_id == _ROWS.analysis_id,
        later.c.place > _ROWS.place,
        later.c.state != Stage.REFUSED,
    )


def _wait(writing: Writing, id: str, door: str, analysis_id: str) -> None:
    writing.connection.execute(
        update(outgoing)
        .where(_ROWS.id == id)
        .values(state=Stage.WAITING, tries=0, next_at=writing.at, ended_at=None)
    )
    record(writing, "outgoing.again", id, {"door": door, "analysis": analysis_id})
