"""Who looks at a page: a person who is signed in, and what they may do."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from service.errors import ServiceError
from service.http.authentication import session_caller
from service.laboratory import Lab
from service.people.signing_in import csrf_of
from service.people.who import NotAllowed
from service.principal import Principal, Scope
from service.store import users
from service.store.users import User


@dataclass(frozen=True, slots=True)
class Visitor:
    """A person who is signed in.

    Parameters
    ----------
    csrf
        What every form of theirs sends along, so that no other site can send one for them.
    session_minutes
        After which their session ends if nothing of theirs comes.
    """

    who: Principal
    user: User
    csrf: str
    session_minutes: int

    def may(self, scope: str) -> bool:
        """Whether they may ask for something; pages show what may be asked for alone."""
        return self.who.may(Scope(scope))


class SignInNeeded(ServiceError):
    """A page is asked for by nobody who is signed in."""

    code = "NOT_SIGNED_IN"
    status = 401

    def __init__(self) -> None:
        super().__init__("expected somebody who is signed in, found nobody. Sign in.")


def visitor_of(request: Request, laboratory: Lab) -> Visitor:
    """Return who looks at a page.

    Raises
    ------
    SignInNeeded
    """
    found = session_caller(request)
    if found is None:
        raise SignInNeeded
    caller, token = found
    with laboratory.database.reading() as connection:
        user = users.by_id(connection, str(caller.principal.user_id))
    minutes = laboratory.settings.session_minutes
    return Visitor(caller.principal, user, csrf_of(token), minutes)


Anybody = Annotated[Visitor, Depends(visitor_of)]
"""Somebody who is signed in, whatever they may do."""


def _allowed(scope: Scope) -> Callable[[Visitor], Visitor]:
    def check(visitor: Anybody) -> Visitor:
        if not visitor.who.may(scope):
            raise NotAllowed(scope=scope)
        return visitor

    return check


Reading = Annotated[Visitor, Depends(_allowed(Scope.READ))]
AtBench = Annotated[Visitor, Depends(_allowed(Scope.ANALYSE))]
Managing = Annotated[Visitor, Depends(_allowed(Scope.MANAGE))]
Recalculating = Annotated[Visitor, Depends(_allowed(Scope.RECALCULATE))]
Administering = Annotated[Visitor, Depends(_allowed(Scope.ADMINISTER))]
"""Somebody who may ask for that."""
