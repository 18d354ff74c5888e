"""People who work with the service."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

from sqlalchemy import Connection, func, insert, select
from sqlalchemy.exc import IntegrityError

from service.canonical import canonical
from service.principal import Role
from service.store.audit import record
from service.store.database import Writing
from service.store.heads import AlreadyThere, NotFound, move
from service.store.tables import users


@dataclass(frozen=True, slots=True)
class User:
    """A person.

    Parameters
    ----------
    name
        To sign in by: lower case.
    full_name
        As it is printed.
    roles
        What they are in the laboratory.
    site
        The site they belong to; None: the laboratory.
    version
        Moves on with every change.
    """

    id: str
    name: str
    full_name: str
    password_hash: str
    roles: frozenset[Role]
    site: str | None
    active: bool
    version: int
    created_at: str


def add(
    writing: Writing,
    *,
    name: str,
    full_name: str,
    password_hash: str,
    roles: frozenset[Role],
    site: str | None,
) -> User:
    """Keep a new person.

    Raises
    ------
    AlreadyThere
    """
    made = User(
        str(uuid4()), name, full_name, password_hash, roles, site, active=True, version=1,
        created_at=writing.at,
    )  # fmt: skip
    try:
        with writing.connection.begin_nested():
            writing.connection.execute(insert(users).values(_row(made)))
    except IntegrityError as error:
        raise AlreadyThere(kind="user", label=name) from error
    record(writing, "user.made", made.id, _told(made))
    return made


def change(writing: Writing, base: int, user: User, done: str) -> User:
    """Keep a person as they are from now on; `base` is the version that was looked at.

    Raises
    ------
    VersionMoved
    """
    move(writing, "user", users, (user.id, base), {**_row(user), "version": base + 1})
    current = by_id(writing.connection, user.id)
    record(writing, f"user.{done}", user.id, _told(current))
    return current


def by_id(connection: Connection, id: str) -> User:
    """Return a person.

    Raises
    ------
    NotFound
    """
    row = connection.execute(select(users).where(users.c.id == id)).mappings().one_or_none()
    if row is None:
        raise NotFound(kind="user", id=id)
    return _read(row)


def by_name(connection: Connection, name: str) -> User | None:
    """Return the person of this name, None without one."""
    row = connection.execute(select(users).where(users.c.name == name)).mappings().one_or_none()
    return None if row is None else _read(row)


def everybody(connection: Connection) -> Iterator[User]:
    """Return all, by name."""
    return map(_read, connection.execute(select(users).order_by(users.c.name)).mappings())


def number(connection: Connection) -> int:
    """How many there are."""
    return int(connection.execute(select(func.count()).select_from(users)).scalar_one())


def _row(user: User) -> dict[str, Any]:
    return {
        "id": user.id,
        "name": user.name,
        "full_name": user.full_name,
        "password_hash": user.password_hash,
        "roles": canonical(sorted(user.roles)),
        "site": user.site,
        "active": user.active,
        "version": user.version,
        "created_at": user.created_at,
    }


def _read(row: Mapping[Any, Any]) -> User:
    roles = frozenset(map(Role, json.loads(row["roles"])))
    return User(**{**row, "roles": roles, "active": bool(row["active"])})


def _told(user: User) -> dict[str, Any]:
    """What the audit says of a person: no password."""
    return {key: value for key, value in _row(user).items() if key != "password_hash"}
