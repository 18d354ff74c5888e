"""Messages to other systems: what waits too long, what was refused."""

from collections.abc import Iterator

from sqlalchemy import Connection

from service.doctor.check import Check, note, ok, wrong
from service.moment import now, written
from service.settings import Settings
from service.store import outgoing

PART = "doors"


def messages(settings: Settings, connection: Connection) -> Iterator[Check]:
    """Look for messages that nobody gives or takes, and for those that were refused."""
    closed = outgoing.at_closed(connection, settings.open_doors)
    for door, number in closed.items():
        do = "open it again; what was told by it would not be taken back"
        yield wrong(PART, door, f"closed, {number} messages wait by it", do)
    refused = outgoing.refused(connection)
    if refused:
        do = "look at GET /api/v1/outgoing?state=refused, mend the cause, send them again"
        yield note(PART, "refused", f"{refused} messages", do)
    since = written(now() - outgoing.LONGEST_WAIT)
    late = outgoing.awaited_since(connection, since)
    if late:
        said = ", ".join(f"{number} for {door}" for door, number in late.items())
        do = "GET /api/v1/outgoing says why; mend the receiver, or open a door that was closed"
        yield wrong(PART, "messages", f"not taken in an hour: {said}", do)
    if not (closed or refused or late):
        yield ok(PART, "messages", "none was refused, none waits longer than an hour")
