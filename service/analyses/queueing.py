"""What leaves by itself is put into the line of each door."""

from service.analyses.departure import departure_of, told_before
from service.analyses.release import Status
from service.analyses.standing import standing_of
from service.analyses.tube import Kind
from service.laboratory import Laboratory
from service.store import analyses, outgoing
from service.store.database import Writing
from service.store.message import Left


def queue(writing: Writing, laboratory: Laboratory, id: str) -> None:
    """Have sent what left of an analysis by this transaction, if anything did.

    Nothing about control blood is sent: there is no patient whom it would be about. Where another
    patient was told last, or it is known as control blood since, what that patient was told is
    withdrawn first: no message about somebody else would take it away. A door that is closed, but
    by which something was told of it, gets its message as well: it waits until the door is open.
    What is held or lies untaken is looked at again: more is known of the tube now.
    """
    outgoing.look_at(writing, id)
    told_by = outgoing.doors_of(writing.connection, id)
    doors = tuple(dict.fromkeys((*laboratory.settings.open_doors, *told_by)))
    if not doors:
        return
    found = analyses.current(writing.connection, id)
    standing = standing_of(writing.connection, found)
    departure, history = departure_of(standing), standing.history
    if departure is None or departure.at != writing.at:
        return
    now, told = history.whose(departure.version), told_before(history, departure.version)
    if told is not None and history.whose(told).is_of_another(now):
        outgoing.enqueue(writing, Left(id, told, Status.WITHDRAWN, told), doors)
    if now.kind == Kind.PATIENT:
        left = Left(id, departure.version, departure.status, departure.replaces)
        outgoing.enqueue(writing, left, doors)
