"""Revisions of the tables that this version of the service knows."""

from functools import cache
from importlib.resources import as_file, files

from alembic.script import ScriptDirectory

from service.store.schema import DatabaseNewer


def newest() -> str:
    """Revision that this version needs."""
    return _known()[0]


def require_known(found: str | None) -> None:
    """Refuse a revision that only a later version knows; None is that of an empty database.

    Raises
    ------
    DatabaseNewer
    """
    if found is not None and found not in _known():
        raise DatabaseNewer(found=found)


@cache
def _known() -> tuple[str, ...]:
    with as_file(files("service.store") / "migrations") as folder:
        return tuple(each.revision for each in ScriptDirectory(str(folder)).walk_revisions())
