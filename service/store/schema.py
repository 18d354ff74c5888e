"""The database as this version of the service needs it."""

import contextlib
from collections.abc import Iterator
from importlib.resources import as_file, files
from typing import ClassVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection

from service.errors import ServiceError
from service.store.database import Database

_LOCK = 0x484C4144  # of PostgreSQL: one process upgrades at a time


class DatabaseNewer(ServiceError):
    """A later version of the service has written to this database."""

    code: ClassVar[str] = "DATABASE_NEWER"
    status: ClassVar[int] = 500

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            f"expected a database of this version or an earlier one, found revision {found!r}, "
            "which this version does not know. Install the version that wrote it, or restore the "
            "backup that was made before."
        )


def upgrade(database: Database) -> None:
    """Bring a database, empty or of an earlier version, to what this version needs.

    Raises
    ------
    DatabaseNewer
    DatabaseUnavailable
    """
    with _steps() as config, database.writing("upgrade") as writing:
        _alone(writing.connection)
        require_known(revision(writing.connection))
        config.attributes["connection"] = writing.connection
        command.upgrade(config, "head")


def revision(connection: Connection) -> str | None:
    """Revision of a database; None of an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def require_known(found: str | None) -> None:
    """Refuse a revision that only a later version knows.

    Raises
    ------
    DatabaseNewer
    """
    with _steps() as config:
        known = {each.revision for each in ScriptDirectory.from_config(config).walk_revisions()}
    if found is not None and found not in known:
        raise DatabaseNewer(found=found)


def newest() -> str | None:
    """Revision that this version needs."""
    with _steps() as config:
        return ScriptDirectory.from_config(config).get_current_head()


def _alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


@contextlib.contextmanager
def _steps() -> Iterator[Config]:
    """Give the steps from each revision to the next."""
    with as_file(files("service.store") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        yield config
