"""A person as an administrator describes them, and how they change."""

import dataclasses
from typing import Annotated, Any, ClassVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, SecretStr, StrictBool

from service.canonical import canonical, sha256_of
from service.errors import ServiceError
from service.people.password import LONGEST
from service.principal import Role
from service.store import sessions, users
from service.store.audit import record
from service.store.database import Writing
from service.store.users import User
from service.texts import UserName, Word


def _is_text(password: SecretStr) -> SecretStr:
    """Refuse halves of pairs, which no hash can be made of."""
    try:
        password.get_secret_value().encode()
    except UnicodeEncodeError:
        raise ValueError("expected a text, found signs that are none") from None
    return password


Password = Annotated[SecretStr, Field(min_length=1, max_length=LONGEST), AfterValidator(_is_text)]
Roles = Annotated[frozenset[Role], Field(min_length=1)]


class LastAdministrator(ServiceError):
    """Nobody would be left who administers."""

    code: ClassVar[str] = "LAST_ADMINISTRATOR"
    status: ClassVar[int] = 409

    def __init__(self) -> None:
        super().__init__(
            "expected an active administrator to be left, found none but this one. Make somebody "
            "else an administrator first."
        )


class RolesMixed(ServiceError):
    """Somebody would administer and sign: whoever makes people could sign in their place."""

    code: ClassVar[str] = "ROLES_MIXED"
    status: ClassVar[int] = 422

    def __init__(self) -> None:
        super().__init__(
            "expected the administrator's role alone, found it together with one that signs. "
            "Make two users of this person, each with a name of its own, or take one role away."
        )


def require_apart(roles: frozenset[Role]) -> None:
    """Refuse the administrator's role together with another one.

    Raises
    ------
    RolesMixed
    """
    if Role.ADMINISTRATOR in roles and len(roles) > 1:
        raise RolesMixed


class NewUser(BaseModel):
    """A person who is to work with the service; `site` null: they belong to the laboratory."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: UserName
    full_name: Word
    password: Password
    roles: Roles
    site: Word | None = None


class UserChange(BaseModel):
    """A person as they are from now on; without `password`, theirs stays.

    `site` must be said: a person without one sees every site.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    full_name: Word
    roles: Roles
    site: Word | None
    active: StrictBool
    password: Password | None = None


class UserRecord(BaseModel):
    """A person, without their password."""

    id: str
    version: int
    name: str
    full_name: str
    roles: list[Role]
    site: str | None
    active: bool
    created_at: str


class Users(BaseModel):
    """All people, by name."""

    users: list[UserRecord]


def told(user: User) -> dict[str, Any]:
    """Return a person as they are answered."""
    return {
        "id": user.id,
        "version": user.version,
        "name": user.name,
        "full_name": user.full_name,
        "roles": sorted(user.roles),
        "site": user.site,
        "active": user.active,
        "created_at": user.created_at,
    }


def content_sha256(wanted: NewUser | UserChange) -> str:
    """Hash of what is asked, the same in every process; of a password only whether there is one.

    The hash is kept in the database: a quick one of a password could be guessed from it.
    """
    plain = wanted.model_dump(mode="json", exclude={"password", "roles"})
    said = {**plain, "roles": sorted(wanted.roles), "password": wanted.password is not None}
    return sha256_of(canonical(said))


def changed(
    writing: Writing, id: str, base: int, wanted: UserChange, password_hash: str | None
) -> User:
    """Keep a person as they are from now on; who may do something else than before signs in anew.

    Raises
    ------
    NotFound, VersionMoved, LastAdministrator, RolesMixed
    """
    if wanted.active:  # whoever is kept out does nothing
        require_apart(wanted.roles)
    before = users.by_id(writing.connection, id)
    after = dataclasses.replace(
        before,
        full_name=wanted.full_name,
        roles=wanted.roles,
        site=wanted.site,
        active=wanted.active,
        password_hash=password_hash or before.password_hash,
    )
    made = users.change(writing, base, after, "changed")
    # Only now: two who write to the audit wait for each other, and the second sees the first.
    if _administers(before) and not any(map(_administers, users.everybody(writing.connection))):
        raise LastAdministrator
    if password_hash is not None:
        record(writing, "user.password_changed", id, {})
    if _signed_in_as(before) != _signed_in_as(made):
        sessions.end_all(writing, id)
    return made


def _administers(user: User) -> bool:
    return user.active and Role.ADMINISTRATOR in user.roles


def _signed_in_as(user: User) -> tuple[object, ...]:
    return user.roles, user.active, user.password_hash
