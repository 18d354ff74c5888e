"""Keys of systems, by their hash."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, func, insert, or_, select, update

from service.canonical import canonical
from service.principal import Scope
from service.store.audit import record
from service.store.database import Writing
from service.store.heads import NotFound
from service.store.tables import api_keys


@dataclass(frozen=True, slots=True)
class ApiKey:
    """A key, without its secret.

    Parameters
    ----------
    prefix
        The beginning of the secret, by which people know it again.
    label
        What it is for.
    requests_a_minute, bytes_a_day
        What it may ask for, and send to be kept.
    """

    id: str
    secret_sha256: str
    prefix: str
    label: str
    scopes: frozenset[Scope]
    site: str | None
    requests_a_minute: int
    bytes_a_day: int
    created_at: str
    created_by: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None


def add(writing: Writing, key: ApiKey) -> None:
    """Keep a new key."""
    writing.connection.execute(insert(api_keys).values(_row(key)))
    record(writing, "key.made", key.id, _told(key))


def valid(connection: Connection, secret_sha256: str, at: str) -> ApiKey | None:
    """Return the key of a secret, unless it was revoked or is over."""
    row = (
        connection.execute(
            select(api_keys).where(
                api_keys.c.secret_sha256 == secret_sha256,
                api_keys.c.revoked_at.is_(None),
                or_(api_keys.c.expires_at.is_(None), api_keys.c.expires_at > at),
            )
        )
        .mappings()
        .one_or_none()
    )
    return None if row is None else _read(row)


def used(writing: Writing, key: ApiKey) -> None:
    """Note that a key was used."""
    writing.connection.execute(
        update(api_keys).where(api_keys.c.id == key.id).values(last_used_at=writing.at)
    )


def revoke(writing: Writing, id: str) -> ApiKey:
    """Make a key useless; of one that is, nothing changes.

    Raises
    ------
    NotFound
    """
    moved = writing.connection.execute(
        update(api_keys)
        .where(api_keys.c.id == id, api_keys.c.revoked_at.is_(None))
        .values(revoked_at=writing.at)
    )
    if moved.rowcount == 1:
        record(writing, "key.revoked", id, {})
    return by_id(writing.connection, id)


def by_id(connection: Connection, id: str) -> ApiKey:
    """Return a key.

    Raises
    ------
    NotFound
    """
    row = connection.execute(select(api_keys).where(api_keys.c.id == id)).mappings().one_or_none()
    if row is None:
        raise NotFound(kind="key", id=id)
    return _read(row)


def all_keys(connection: Connection) -> Iterator[ApiKey]:
    """Return all, the oldest first."""
    wanted = select(api_keys).order_by(api_keys.c.created_at, api_keys.c.id)
    return map(_read, connection.execute(wanted).mappings())


def number(connection: Connection) -> int:
    """How many there are or were."""
    return int(connection.execute(select(func.count()).select_from(api_keys)).scalar_one())


def _row(key: ApiKey) -> dict[str, Any]:
    names = ApiKey.__dataclass_fields__
    return {name: getattr(key, name) for name in names} | {"scopes": canonical(sorted(key.scopes))}


def _read(row: Mapping[Any, Any]) -> ApiKey:
    return ApiKey(**{**row, "scopes": frozenset(map(Scope, json.loads(row["scopes"])))})


def _told(key: ApiKey) -> dict[str, Any]:
    return {
        "label": key.label,
        "prefix": key.prefix,
        "scopes": sorted(key.scopes),
        "site": key.site,
        "expires_at": key.expires_at,
    }
