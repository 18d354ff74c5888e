"""Assays and criteria that results rest on, as they were: by hash."""

from dataclasses import dataclass

from sqlalchemy import Connection, select

from service.store.database import Writing, keep_first
from service.store.heads import NotFound
from service.store.tables import definitions


@dataclass(frozen=True, slots=True)
class StoredDefinition:
    """An assay or a criterion as its file was."""

    sha256: str
    kind: str
    name: str
    version: str
    content: str


def keep(writing: Writing, definition: StoredDefinition) -> None:
    """Keep a definition; one that is there stays as it is."""
    row = {name: getattr(definition, name) for name in StoredDefinition.__dataclass_fields__}
    keep_first(writing.connection, definitions, row)


def by_sha256(connection: Connection, sha256: str) -> StoredDefinition:
    """Return a definition.

    Raises
    ------
    NotFound
    """
    wanted = select(definitions).where(definitions.c.sha256 == sha256)
    row = connection.execute(wanted).mappings().one_or_none()
    if row is None:
        raise NotFound(kind="definition", id=sha256)
    return StoredDefinition(**row)
