"""Names and passwords: who somebody is, when they sign in and when they sign."""

import datetime as dt
from typing import ClassVar

from service.errors import ServiceError
from service.laboratory import Laboratory
from service.moment import read, written
from service.people.password import is_password
from service.people.secret import hash_of, new_token
from service.people.who import SYSTEM
from service.store import sessions, users
from service.store.audit import record
from service.store.sessions import Session
from service.store.users import User

UNKNOWN = "unknown"
"""In the audit, in place of a name that nobody has: it may be a password in the wrong field."""


class SignInRefused(ServiceError):
    """Name and password are not those of somebody who works here."""

    code: ClassVar[str] = "SIGN_IN_REFUSED"
    status: ClassVar[int] = 401

    def __init__(self) -> None:
        super().__init__(
            "expected the name and the password of somebody who works with the service, found "
            "others. Type them again, or ask an administrator for a new password."
        )


def sign_in(laboratory: Laboratory, name: str, password: str) -> tuple[Session, User, str, str]:
    """Begin a session: it, its person, and its two secrets, which are for their browser alone.

    Returns
    -------
    session, user
        As they are kept.
    token, csrf
        The token of the cookie, and the one that every change brings with it.

    Raises
    ------
    SignInRefused
    """
    user = _known(laboratory, name, password, "session.refused")
    lifetime = dt.timedelta(minutes=laboratory.settings.session_minutes)
    token = new_token()
    csrf = csrf_of(token)
    with laboratory.database.writing(user.name) as writing:
        until = written(read(writing.at) + lifetime)
        session = Session(
            hash_of(token), user.id, hash_of(csrf), writing.at, writing.at, until
        )  # fmt: skip
        sessions.begin(writing, session)
        # An administrator may have changed them since the password was read; one who does from
        # here on waits in the audit's line, and then finds this session to end it.
        if users.by_id(writing.connection, user.id) != user:
            raise SignInRefused
    return session, user, token, csrf


def csrf_of(token: str) -> str:
    """Return what every change of a session brings with it.

    It follows from the token, so that a page can be made for a session; the token does not follow
    from it, which scripts of the page may read.
    """
    return hash_of(f"csrf of {token}")


def made_by(laboratory: Laboratory, csrf: str) -> str | None:
    """Return the id of the person for whose session a form was made; None where nobody knows."""
    with laboratory.database.reading() as connection:
        return sessions.owner_of(connection, hash_of(csrf))


def confirm_password(laboratory: Laboratory, name: str, password: str) -> User:
    """Return the person who a password is of, asked once more before they sign.

    Raises
    ------
    SignInRefused
    """
    return _known(laboratory, name, password, "password.refused")


def _known(laboratory: Laboratory, name: str, password: str, refused: str) -> User:
    """Return the person of a name and a password; `refused` is what the audit calls it if none."""
    with laboratory.database.reading() as connection:
        user = users.by_name(connection, name)
    # As slow for a name that nobody has: whoever guesses learns nothing by waiting.
    right = is_password(password, None if user is None else user.password_hash)
    if user is None or not user.active or not right:
        with laboratory.database.writing(SYSTEM) as writing:
            record(writing, refused, UNKNOWN if user is None else user.name, {})
        raise SignInRefused
    return user
