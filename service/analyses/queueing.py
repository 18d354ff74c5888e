"""What leaves by itself is put into the line of each door that is open."""

from service.analyses.departure import departure_of
from service.analyses.standing import standing_of
from service.analyses.tube import Kind
from service.laboratory import Laboratory
from service.store import analyses, outgoing
from service.store.database import Writing
from service.store.message import Left


def queue(writing: Writing, laboratory: Laboratory, id: str) -> None:
    """Have sent what left of an analysis by this transaction, if anything did.

    Nothing about control blood is sent: there is no patient whom it would be about.
    """
    doors = laboratory.settings.open_doors
    if not doors:
        return
    found = analyses.current(writing.connection, id)
    departure = departure_of(standing_of(writing.connection, found))
    if departure is None or departure.at != writing.at or found.tube.kind != Kind.PATIENT:
        return
    left = Left(id, departure.version, departure.status, departure.replaces)
    outgoing.enqueue(writing, left, doors)
