"""The database as this version of the service needs it."""

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
    with as_file(files("service.store") / "migrations") as folder:
        config = Config()
        config.set_main_option("script_location", str(folder).replace("%", "%%"))
        with database.writing("upgrade") as writing:
            _alone(writing.connection)
            _refuse_newer(writing.connection, ScriptDirectory.from_config(config))
            config.attributes["connection"] = writing.connection
            command.upgrade(config, "head")


def revision(connection: Connection) -> str | None:
    """Revision of a database; None of an empty one."""
    return MigrationContext.configure(connection).get_current_revision()


def _alone(connection: Connection) -> None:
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(f"SELECT pg_advisory_xact_lock({_LOCK})")


def _refuse_newer(connection: Connection, scripts: ScriptDirectory) -> None:
    found = revision(connection)
    known = {script.revision for script in scripts.walk_revisions()}
    if found is not None and found not in known:
        raise DatabaseNewer(found=found)
