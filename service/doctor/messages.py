"""Messages to other systems that nobody gives."""

from collections.abc import Iterator

from sqlalchemy import Connection

from service.doctor.check import Check, note, ok, wrong
from service.settings import Settings
from service.store import outgoing

PART = "doors"


def messages(settings: Settings, connection: Connection) -> Iterator[Check]:
    """Look for messages that wait by a door that is closed, and for those that were refused."""
    closed = outgoing.at_closed(connection, settings.open_doors)
    for door, number in closed.items():
        do = "open it again; what was told by it would not be taken back"
        yield wrong(PART, door, f"closed, {number} messages wait by it", do)
    refused = outgoing.refused(connection)
    if refused:
        do = "look at GET /api/v1/outgoing?state=refused, mend the cause, send them again"
        yield note(PART, "refused", f"{refused} messages", do)
    if not closed and not refused:
        yield ok(PART, "messages", "none that nobody gives")
