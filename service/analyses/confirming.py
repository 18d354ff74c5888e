"""Who stands for something: a person, whose password is asked for once more."""

from typing import Protocol

from pydantic import BaseModel

from service.canonical import canonical, sha256_of
from service.http.attempts import Attempts
from service.http.once import Asked
from service.laboratory import Laboratory
from service.people.person import Password
from service.people.signing_in import confirm_password
from service.principal import Principal
from service.store import users
from service.store.users import User


class ByPassword(Protocol):
    """What a person stands for by their password; `name` None: whoever is signed in."""

    @property
    def name(self) -> str | None:
        """By which they sign in."""

    @property
    def password(self) -> Password:
        """Theirs."""


def confirmed(laboratory: Laboratory, who: Principal, tried: Attempts, wanted: ByPassword) -> User:
    """Return the person who stands for what is wanted.

    Raises
    ------
    SignInRefused, TooMany
    """
    name = wanted.name or _own_name(laboratory, who.user_id)
    tried.take(name)
    user = confirm_password(laboratory, name, wanted.password.get_secret_value())
    tried.right(name)
    return user


def asked_by(user: User, who: Principal, key: str | None, call: str, wanted: BaseModel) -> Asked:
    """Return the request of a person who stands for it, whether or not they gave their name.

    Of the password there is nothing in it: the hash is kept in the database, and a quick one of a
    password could be guessed from it.
    """
    said = wanted.model_dump(mode="json", exclude={"password"}) | {"name": user.name}
    return Asked(who, key, call, sha256_of(canonical(said)))


def _own_name(laboratory: Laboratory, user_id: str | None) -> str:
    if user_id is None:
        return ""  # nobody's: refused as a wrong name is
    with laboratory.database.reading() as connection:
        return users.by_id(connection, user_id).name
