"""The database of a service that is there: commands that look after it never make one."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

from service.errors import ServiceError
from service.operating.ending import in_a_sentence

if TYPE_CHECKING:
    from service.settings import Settings
    from service.store.database import Database


class NoDatabase(ServiceError):
    """There is no database of the service where a command was to find one."""

    code: ClassVar[str] = "NO_DATABASE"
    status: ClassVar[int] = 500

    def __init__(self) -> None:
        super().__init__(
            "expected a database of the service, found none. Give its folder by --data, or its "
            "address by HLADR_DATABASE_URL, as the service has them."
        )


@contextlib.contextmanager
def existing_database(settings: "Settings", *, current: bool) -> Iterator["Database"]:
    """Give the database; without one, or one that does not answer, the command ends with 2.

    Parameters
    ----------
    current
        Whether it must be as this version needs it; one of an earlier version can be read.
    """
    from service.store.database import Database

    with in_a_sentence(settings):
        database = Database(settings.url)
        try:
            _require(database, current=current)
            yield database
        finally:
            database.close()


def _require(database: "Database", *, current: bool) -> None:
    from sqlalchemy.exc import DatabaseError

    from service.store import schema

    if not database.is_there:
        raise NoDatabase
    try:
        with database.reading() as connection:
            if schema.own_revision(connection) is None:
                raise NoDatabase
            if current:
                schema.require_current(connection)
    except DatabaseError as error:
        if not database.is_sqlite:
            raise
        # A file that is no database at all.
        raise NoDatabase from error
