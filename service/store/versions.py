"""Instruments and lots: things that a laboratory corrects, each correction a new version."""

import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from sqlalchemy import Connection, Table, insert, select
from sqlalchemy.exc import IntegrityError

from service.canonical import canonical, sha256_of
from service.store import tables
from service.store.audit import record
from service.store.database import Writing
from service.store.heads import AlreadyThere, NotFound, move
from service.store.label import called


@dataclass(frozen=True, slots=True)
class Version:
    """A thing as it was at one of its versions, from 1."""

    id: str
    version: int
    content: Mapping[str, Any]
    sha256: str
    made_at: str
    made_by: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Versions:
    """All things of one kind.

    Parameters
    ----------
    kind
        As people call one: ``lot``.
    heads, rows
        Its tables.
    """

    kind: str
    heads: Table
    rows: Table

    def add(self, writing: Writing, label: str, content: Mapping[str, Any]) -> Version:
        """Keep a new one, called `label`.

        Raises
        ------
        AlreadyThere
        """
        made = _version(writing, str(uuid4()), 1, content, None)
        head = {"id": made.id, "version": 1, "label": label}
        new = insert(self.heads).values(**head, created_at=writing.at, created_by=writing.actor)
        with self._naming(writing, label):
            writing.connection.execute(new)
        self._keep(writing, made, "made")
        return made

    def change(
        self,
        writing: Writing,
        id: str,
        base: int,
        label: str,
        content: Mapping[str, Any],
        reason: str,
    ) -> Version:
        """Keep a new version of one whose version is `base`.

        Raises
        ------
        NotFound, VersionMoved, AlreadyThere
        """
        made = _version(writing, id, base + 1, content, reason)
        with self._naming(writing, label):
            move(writing, self.kind, self.heads, (id, base), {"version": base + 1, "label": label})
        self._keep(writing, made, "changed")
        return made

    def current(self, connection: Connection, id: str) -> Version:
        """Return one as it is now.

        Raises
        ------
        NotFound
        """
        return self._one(connection, id, self.rows.c.version == self.heads.c.version)

    def at(self, connection: Connection, id: str, version: int) -> Version:
        """Return one as it was.

        Raises
        ------
        NotFound
        """
        return self._one(connection, id, self.rows.c.version == version)

    def history(self, connection: Connection, id: str) -> list[Version]:
        """Return all versions of one, the newest first.

        Raises
        ------
        NotFound
        """
        wanted = self._joined().where(self.rows.c.id == id).order_by(self.rows.c.version.desc())
        found = [_read(row) for row in connection.execute(wanted).mappings()]
        if not found:
            raise NotFound(kind=self.kind, id=id)
        return found

    def all(self, connection: Connection) -> Iterator[Version]:
        """Return all as they are now, by their labels."""
        wanted = self._joined().where(self.rows.c.version == self.heads.c.version)
        return map(_read, connection.execute(wanted.order_by(self.heads.c.label)).mappings())

    def _one(self, connection: Connection, id: str, which: Any) -> Version:  # noqa: ANN401
        row = connection.execute(self._joined().where(self.rows.c.id == id, which)).mappings()
        found = row.one_or_none()
        if found is None:
            raise NotFound(kind=self.kind, id=id)
        return _read(found)

    def _joined(self) -> Any:  # noqa: ANN401 - a select of these columns
        return select(self.rows).join_from(self.rows, self.heads)

    @contextmanager
    def _naming(self, writing: Writing, label: str) -> Iterator[None]:
        try:
            with writing.connection.begin_nested():
                yield
        except IntegrityError as error:
            raise AlreadyThere(kind=self.kind, label=called(label)) from error

    def _keep(self, writing: Writing, made: Version, done: str) -> None:
        writing.connection.execute(
            insert(self.rows).values(
                id=made.id,
                version=made.version,
                content=canonical(dict(made.content)),
                sha256=made.sha256,
                made_at=made.made_at,
                made_by=made.made_by,
                reason=made.reason,
            )
        )
        facts = {"version": made.version, "sha256": made.sha256, "reason": made.reason}
        record(writing, f"{self.kind}.{done}", made.id, facts)


INSTRUMENTS: Final = Versions("instrument", tables.instruments, tables.instrument_versions)
LOTS: Final = Versions("lot", tables.lots, tables.lot_versions)


def _version(
    writing: Writing,
    id: str,
    version: int,
    content: Mapping[str, Any],
    reason: str | None,
) -> Version:
    digest = sha256_of(canonical(dict(content)))
    return Version(id, version, content, digest, writing.at, writing.actor, reason)


def _read(row: Mapping[Any, Any]) -> Version:
    return Version(**{**row, "content": json.loads(row["content"])})
