"""Who stands for something: a person, whose password is asked for once more."""

from typing import Protocol

from service.http.attempts import Attempts
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


def _own_name(laboratory: Laboratory, user_id: str | None) -> str:
    if user_id is None:
        return ""  # nobody's: refused as a wrong name is
    with laboratory.database.reading() as connection:
        return users.by_id(connection, user_id).name
