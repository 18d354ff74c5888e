"""``/api/v1/session``: of whoever asks."""

from typing import Annotated, Any

from fastapi import APIRouter, Request
from pydantic import AfterValidator, BaseModel, ConfigDict
from starlette.responses import Response

from service.http.attempts import TriedPasswords
from service.http.authentication import COOKIE, caller_of, is_own_origin
from service.http.once import Answer, shown
from service.http.problem import answers
from service.laboratory import Lab
from service.moment import now, written
from service.people.person import Password
from service.people.signing_in import sign_in
from service.people.who import NotSignedIn, RequestForged, principal_of_user
from service.principal import Role, Scope
from service.settings import Settings
from service.store import sessions, users
from service.store.sessions import Session
from service.store.users import User
from service.texts import Word

PATH = "/api/v1/session"
router = APIRouter(prefix=PATH, tags=["session"])


class NameAndPassword(BaseModel):
    """Who signs in; names are lower case, however they are typed."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[Word, AfterValidator(str.lower)]
    password: Password


class SignedIn(BaseModel):
    """A person, and what they may ask for."""

    name: str
    full_name: str
    roles: list[Role]
    site: str | None
    scopes: list[Scope]


class SessionTold(BaseModel):
    """Whose session it is, and until when unless they go on working."""

    user: SignedIn
    expires_at: str


class SessionBegun(SessionTold):
    """A session, and the token that its changes send as X-CSRF-Token."""

    csrf_token: str


@router.post("", response_model=SessionBegun, responses=answers())
def begin(
    request: Request, wanted: NameAndPassword, laboratory: Lab, tried: TriedPasswords
) -> Response:
    """Sign in: the session is a cookie, which no script can read."""
    if not is_own_origin(request.headers, laboratory.settings):
        raise RequestForged
    tried.take(wanted.name)
    password = wanted.password.get_secret_value()
    session, user, token, csrf = sign_in(laboratory, wanted.name, password)
    tried.right(wanted.name)
    answer = shown(Answer({**_told(user, session), "csrf_token": csrf}))
    set_cookie(answer, laboratory.settings, token)
    return answer


@router.get("", response_model=SessionTold, responses=answers())
def current(request: Request, laboratory: Lab) -> Response:
    """Who is signed in."""
    asking = session_of(request)
    with laboratory.database.reading() as connection:
        # Read anew: by being asked for it may just have become longer.
        session = sessions.running(connection, asking.token_sha256, written(now()))
        if session is None:
            raise NotSignedIn
        user = users.by_id(connection, session.user_id)
    return shown(Answer(_told(user, session)))


@router.delete("", status_code=204, response_model=None, responses=answers())
def end(request: Request, laboratory: Lab) -> Response:
    """Sign out."""
    session = session_of(request)
    with laboratory.database.writing(caller_of(request).principal.name) as writing:
        sessions.end(writing, session)
    answer = Response(status_code=204)
    clear_cookie(answer, laboratory.settings)
    return answer


def session_of(request: Request) -> Session:
    """Return the session of whoever asks; a system has none."""
    session = caller_of(request).session
    if session is None:
        raise NotSignedIn
    return session


def _told(user: User, session: Session) -> dict[str, Any]:
    person = {
        "name": user.name,
        "full_name": user.full_name,
        "roles": sorted(user.roles),
        "site": user.site,
        "scopes": sorted(principal_of_user(user).scopes),
    }
    return {"user": person, "expires_at": session.expires_at}


def set_cookie(answer: Response, settings: Settings, token: str) -> None:
    """Give a browser its session; no script can read it, and no other site can send it."""
    answer.set_cookie(COOKIE, token, **_cookie(settings))


def clear_cookie(answer: Response, settings: Settings) -> None:
    """Take a browser its session."""
    answer.delete_cookie(COOKIE, **_cookie(settings))


def _cookie(settings: Settings) -> dict[str, Any]:
    return {"path": "/", "secure": settings.secure_cookies, "httponly": True, "samesite": "strict"}
