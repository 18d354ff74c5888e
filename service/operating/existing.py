"""The database of a service that is there: commands that look after it never make one."""

import contextlib
from collections.abc import Iterator
from typing import TYPE_CHECKING, ClassVar

import typer

from hladr.cli.failure import WRONG_USAGE, say_refused
from service.errors import ServiceError

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
def existing_database(settings: "Settings") -> Iterator["Database"]:
    """Give the database; without one, or one that does not answer, the command ends with 2."""
    from service.store.database import Database

    try:
        database = Database(settings.url)
        try:
            _require(database)
            yield database
        finally:
            database.close()
    except ServiceError as error:
        say_refused(error)
        raise typer.Exit(WRONG_USAGE) from error


def _require(database: "Database") -> None:
    from sqlalchemy.exc import DatabaseError

    from service.store import schema

    if not database.is_there:
        raise NoDatabase
    try:
        with database.reading() as connection:
            found = schema.revision(connection)
    except DatabaseError as error:  # a file that is no database at all
        raise NoDatabase from error
    if found is None:
        raise NoDatabase
