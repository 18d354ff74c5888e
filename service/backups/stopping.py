"""What a restored service was about to send, stopped: receivers may have had it since, and more."""

from typing import Final

from sqlalchemy import inspect

from service.people.who import SYSTEM
from service.store import deliveries
from service.store.database import Database
from service.store.tables import outgoing

SAID: Final = "restored from a backup: look at what the receiver has, then send again"


def stop_sending(database: Database) -> int:
    """Leave every message that has not ended to a person; how many there are.

    What the receiver was told after the backup is not known any more. A number that was withdrawn
    then would come back.

    Raises
    ------
    DatabaseUnavailable
    """
    with database.reading() as connection:
        if not inspect(connection).has_table(outgoing.name):  # of a version without doors
            return 0
    with database.writing(SYSTEM) as writing:
        return deliveries.stop(writing, SAID)
