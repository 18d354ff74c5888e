"""The database as this version of the service needs it."""

from functools import cache
from importlib.resources import as_file, files
from typing import ClassVar

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from service.errors import ServiceError
from service.store.database import Database
from service.store.tables import audit_head

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


class DatabaseOlder(ServiceError):
    """An earlier version of the service has written to this database."""

    code: ClassVar[str] = "DATABASE_OLDER"
    status: ClassVar[int] = 500

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            f"expected a database of this version, found revision {found!r} of an earlier one. "
            "Start the service once: it brings it up to date."
        )


class DatabaseOfOthers(ServiceError):
    """The database holds what another program has written."""

    code: ClassVar[str] = "DATABASE_OF_OTHERS"
    status: ClassVar[int] = 500

    def __init__(self) -> None:
        super().__init__(
            "expected a database of the service or an empty one, found tables of something else. "
            "Nothing was changed. Give another HLADR_DATABASE_URL."
        )


def upgrade(database: Database) -> None:
    """Bring a database, empty or of an earlier version, to what this version needs.

    Raises
    ------
    DatabaseNewer, DatabaseOfOthers
    DatabaseUnavailable
    """
    with as_file(files("service.store") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        with database.writing("upgrade") as writing:
            _alone(writing.connection)
            if own_revision(writing.connection) != revisions()[0]:
                config.attributes["connection"] = writing.connection
                command.upgrade(config, "head")


def revision(connection: Connection) -> str | None:
    """Revision of a database; None of an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def own_revision(connection: Connection) -> str | None:
    """Revision of a database that this version knows; None of an empty one.

    Raises
    ------
    DatabaseNewer, DatabaseOfOthers
    """
    found = revision(connection)
    if found in revisions():
        return found
    tables = set(inspect(connection).get_table_names()) - {"alembic_version"}
    if found is None and not tables:
        return None
    if found is not None and audit_head.name in tables:
        raise DatabaseNewer(found=found)
    raise DatabaseOfOthers


def require_current(connection: Connection) -> None:
    """Refuse a database that is not as this version needs it.

    Raises
    ------
    DatabaseNewer, DatabaseOfOthers, DatabaseOlder
    """
    found = own_revision(connection)
    if found is not None and found != revisions()[0]:
        raise DatabaseOlder(found=found)


@cache
def revisions() -> tuple[str, ...]:
    """Revisions that this version knows, its own first."""
    with as_file(files("service.store") / "migrations") as folder:
        return tuple(each.revision for each in ScriptDirectory(folder).walk_revisions())


def _alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")
