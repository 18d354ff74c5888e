"""``/api/v1/users/me/password``: of whoever asks."""

import dataclasses

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict
from starlette.responses import Response

from service.accounts.session import session_of
from service.accounts.users import PATH as USERS
from service.canonical import sha256_of
from service.http.attempts import Attempts, TriedPasswords
from service.http.authentication import caller_of
from service.http.once import Act, Answer, Asked, Key, once
from service.http.problem import answers
from service.laboratory import Lab, Laboratory
from service.people.password import hash_password
from service.people.person import Password, UserRecord, told
from service.people.signing_in import SignInRefused, confirm_password
from service.principal import Principal
from service.store import sessions, users
from service.store.audit import record
from service.store.database import Writing
from service.store.sessions import Session
from service.store.users import User

PATH = f"{USERS}/me/password"
router = APIRouter(prefix=PATH, tags=["users"])


class PasswordChange(BaseModel):
    """Another password of whoever is signed in; `password` is the one that they have."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    password: Password
    new_password: Password


@router.put("", response_model=UserRecord, responses=answers())
def change(
    request: Request,
    wanted: PasswordChange,
    laboratory: Lab,
    tried: TriedPasswords,
    key: Key = None,
) -> Response:
    """Change one's own password; elsewhere one signs in again, here one stays signed in.

    A request that is repeated by its key keeps the first one's password.
    """
    session = session_of(request)
    return changed(laboratory, (caller_of(request).principal, session), wanted, tried, key)


def changed(
    laboratory: Laboratory,
    signed_in: tuple[Principal, Session],
    wanted: PasswordChange,
    tried: Attempts,
    key: str | None = None,
) -> Response:
    """Change the password of somebody who is signed in.

    Raises
    ------
    SignInRefused, TooMany, PasswordUnfit
    """
    who, session = signed_in

    def prepare() -> Act:
        tried.take(who.name)
        password = wanted.password.get_secret_value()
        user = confirm_password(laboratory, who.name, password)
        tried.right(who.name)
        password_hash = hash_password(wanted.new_password.get_secret_value(), name=user.name)

        def act(writing: Writing) -> Answer:
            made = _keep(writing, user, password_hash, session)
            return Answer(told(made), version=made.version)

        return act

    # Of passwords nothing is kept, not even whether two are the same.
    return once(laboratory, Asked(who, key, f"PUT {PATH}", sha256_of("")), prepare)


def _keep(writing: Writing, user: User, password_hash: str, session: Session) -> User:
    """Keep the password; they stay signed in by one session alone.

    Raises
    ------
    SignInRefused
        They were changed since their password was read: it may not be theirs any more.
    """
    if users.by_id(writing.connection, user.id) != user:
        raise SignInRefused
    after = dataclasses.replace(user, password_hash=password_hash)
    made = users.change(writing, user.version, after, "changed")
    record(writing, "user.password_changed", user.id, {})
    sessions.end_all(writing, user.id, but=session)
    return made
