"""What a message says now: more may be known of the tube than when it left, or less may be told."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import Connection

from service.analyses.departure import Departure
from service.analyses.release import History, Status
from service.analyses.standing import history_now, standing_of
from service.analyses.tube import Tube, tube_of
from service.doors.leaving import Leaving, at_departure
from service.doors.number import Absence, Absent, Classified
from service.doors.refusals import Embargoed
from service.doors.spared import others_of
from service.laboratory import Laboratory
from service.store import analyses, audit, outgoing
from service.store.message import Message

_NO_CLASS = "undetermined"


class Doubted(Exception):
    """The tube is described as somebody else's since, and nobody has signed that."""

    code: Final = "described as another patient's since; it waits until that is signed"


@dataclass(frozen=True, slots=True)
class _Known:
    """What is known of an analysis that a message is about."""

    connection: Connection
    message: Message
    history: History

    @classmethod
    def of(cls, connection: Connection, message: Message) -> "_Known":
        return cls(connection, message, history_now(connection, message.analysis_id))

    def tube(self, version: int) -> Tube:
        found = analyses.at(self.connection, self.message.analysis_id, version)
        return tube_of(dict(found.outcome.tube))

    def is_of_same(self, version: int) -> bool:
        """Whether a version is of the patient that the message is about."""
        return self.history.is_of_same(version, self.message.version)

    def told_before(self) -> int | None:
        """Version by which the same patient was told last; None where nobody was."""
        taken = outgoing.taken_before(self.connection, self.message)
        return next(filter(self.is_of_same, taken), None)

    def is_withdrawn_after(self) -> bool:
        """Whether a later message withdraws what the same patient was told."""
        later = outgoing.withdrawn_after(self.connection, self.message)
        return any(map(self.is_of_same, later))

    @property
    def is_of_another_now(self) -> bool:
        """Whether it is signed since as somebody else's."""
        left, own = max(self.history.left), self.history.whose(self.message.version)
        return own.is_of_another(self.history.whose(left))

    @property
    def is_doubted(self) -> bool:
        """Whether it is described since as somebody else's, and nobody has signed that."""
        return not self.is_of_another_now and self.history.is_doubted(self.message.version)


def leaving_now(connection: Connection, laboratory: Laboratory, message: Message) -> Leaving:
    """Return what a message says as it stands now.

    A number that was rejected since, or is somebody else's since, is told as withdrawn; with what
    is somebody else's go its ferritin and the class that rests on it. What was told before an
    embargo hid it is withdrawn all the same: that tells nothing new.

    Raises
    ------
    Embargoed, Doubted
    """
    status, known = Status(message.status), _Known.of(connection, message)
    departure = Departure(message.version, status, message.replaces, message.created_at)
    withdrawn = status is Status.WITHDRAWN
    if known.is_doubted and not withdrawn:
        raise Doubted
    try:
        found = at_departure(connection, laboratory, message.analysis_id, departure)
    except Embargoed:
        told = known.told_before() if withdrawn else None
        if told is None:
            raise
        return _nothing_but_that(known, departure, told)
    if known.is_of_another_now:
        return _nothing_but_that(known, departure, message.version)
    return found


def is_over(connection: Connection, message: Message) -> bool:
    """Whether what is held will never be told: the patient was told before, and it is withdrawn."""
    known = _Known.of(connection, message)
    return (
        message.status != Status.WITHDRAWN
        and known.told_before() is not None
        and known.is_withdrawn_after()
    )


def _nothing_but_that(known: _Known, departure: Departure, told: int) -> Leaving:
    """Return that a number is withdrawn: no class, no finding, no comment.

    The tube is described as it was to who is told, and the class is told to be none.
    """
    id_ = known.message.analysis_id
    standing = standing_of(known.connection, analyses.at(known.connection, id_, departure.version))
    result = standing.analysis.outcome.result
    return Leaving(
        departure=departure,
        standing=standing,
        tube=known.tube(told),
        result=None,
        number=Absent(Absence.WITHDRAWN, None),
        classified=None if result is None else _no_class(Classified.of(result["classification"])),
        ferritin_ng_ml=None,
        of_service=(),
        reason=None,
        anchor=audit.last_of(known.connection, id_),
        others=others_of(known.connection, standing),
    )


def _no_class(told: Classified) -> Classified:
    return Classified(told.criterion, told.criterion_version, _NO_CLASS, None, None, None)
