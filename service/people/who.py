"""Who asks: the key or the session that a request brings, as a principal."""

import contextlib
import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass
from typing import ClassVar

from service.errors import ServiceError
from service.moment import now, read, written
from service.people.secret import hash_of
from service.principal import SCOPES, Principal, Scope
from service.store import keys, sessions, users
from service.store.database import Database, DatabaseUnavailable, Writing
from service.store.keys import ApiKey
from service.store.sessions import Session
from service.store.users import User

_NOTED_EVERY = dt.timedelta(minutes=1)  # that a key or a session was used
_OF_LABORATORY = frozenset({Scope.MANAGE, Scope.RECALCULATE, Scope.ADMINISTER})
_PATIENCE = 0.1  # seconds
SYSTEM = "system"


class NotSignedIn(ServiceError):
    """Nobody knows who asks."""

    code: ClassVar[str] = "NOT_SIGNED_IN"
    status: ClassVar[int] = 401

    def __init__(self) -> None:
        super().__init__(
            "expected an API key (Authorization: Bearer hladr_…) or a session, found none that is "
            "valid. Ask an administrator for a key, or sign in."
        )

    @property
    def headers(self) -> dict[str, str]:
        """How to say who one is."""
        return {"WWW-Authenticate": "Bearer"}


class NotAllowed(ServiceError):
    """Whoever asks may not ask for this."""

    code: ClassVar[str] = "NOT_ALLOWED"
    status: ClassVar[int] = 403

    def __init__(self, *, scope: Scope) -> None:
        self.scope = scope
        super().__init__(
            f"expected somebody who may {scope}; whoever asks may not. Ask an administrator."
        )


class RequestForged(ServiceError):
    """A browser sent a request that no page of this service made."""

    code: ClassVar[str] = "REQUEST_FORGED"
    status: ClassVar[int] = 403

    def __init__(self) -> None:
        super().__init__(
            "expected the token of the session in X-CSRF-Token and an Origin of this service, "
            "found another. Load the page again."
        )


@dataclass(frozen=True, slots=True)
class Caller:
    """Who asks, and by what they are known.

    Parameters
    ----------
    requests_a_minute, bytes_a_day
        What they may ask for and send; None: as the settings say.
    session
        Theirs; None for a system.
    """

    principal: Principal
    requests_a_minute: int | None
    bytes_a_day: int | None
    session: Session | None


def by_key(database: Database, secret: str) -> Caller:
    """Return who a key belongs to.

    Raises
    ------
    NotSignedIn
    """
    moment = written(now())
    with database.reading() as connection:
        key = keys.valid(connection, hash_of(secret), moment)
    if key is None:
        raise NotSignedIn
    if key.last_used_at is None or read(moment) - read(key.last_used_at) > _NOTED_EVERY:
        _note(database, lambda writing: keys.used(writing, key))
    return Caller(principal_of_key(key), key.requests_a_minute, key.bytes_a_day, None)


def by_session(database: Database, token: str, lifetime: dt.timedelta) -> Caller:
    """Return who is signed in with a token; their session lasts longer by being used.

    Raises
    ------
    NotSignedIn
    """
    moment = now()
    with database.reading() as connection:
        session = sessions.running(connection, hash_of(token), written(moment))
        if session is None:
            raise NotSignedIn
        user = users.by_id(connection, session.user_id)
    if moment - read(session.seen_at) > _NOTED_EVERY:
        until = written(moment + lifetime)
        _note(database, lambda writing: sessions.seen(writing, session, until))
    return Caller(principal_of_user(user), None, None, session)


def _note(database: Database, note: Callable[[Writing], None]) -> None:
    """Note that somebody was here, if that can be done at once: nobody waits for it.

    The next request does it again; a database that cannot write can still be read.
    """
    with contextlib.suppress(DatabaseUnavailable), database.writing(SYSTEM, _PATIENCE) as writing:
        note(writing)


def principal_of_key(key: ApiKey) -> Principal:
    """Return a system as a principal."""
    return Principal(key.id, f"key:{key.label}", _of_site(key.scopes, key.site), None, key.site)


def principal_of_user(user: User) -> Principal:
    """Return a person as a principal."""
    scopes = frozenset[Scope]().union(*(SCOPES[role] for role in user.roles))
    return Principal(user.id, user.name, _of_site(scopes, user.site), user.id, user.site)


def _of_site(scopes: frozenset[Scope], site: str | None) -> frozenset[Scope]:
    """Scopes of somebody of a site: without those that concern every site."""
    return scopes if site is None else scopes - _OF_LABORATORY
