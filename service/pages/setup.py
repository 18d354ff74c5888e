"""``/setup``: the first user of an empty service, made by whoever has the key it printed."""

from urllib.parse import parse_qsl

from anyio.to_thread import run_sync
from fastapi import APIRouter, Request
from starlette.responses import Response

from service.http.attempts import TriedPasswords
from service.http.authentication import is_own_origin
from service.http.body import BodyTooLarge
from service.laboratory import Lab, Laboratory
from service.pages.form import SECRET
from service.pages.page import page
from service.pages.refusal import REFUSALS, sentence_of
from service.people.password import hash_password
from service.people.person import NewUser
from service.people.who import NotSignedIn, RequestForged, by_key
from service.principal import Role, Scope
from service.store import users
from service.store.heads import NotFound
from service.store.users import User

router = APIRouter(include_in_schema=False)
_FIELDS = ("key", "name", "full_name", "password")
_MOST_FIELDS, _LONGEST = 10, 16 << 10  # bytes


@router.get("/setup")
def form(laboratory: Lab) -> Response:
    """Show the form, as long as there is nobody."""
    if _somebody(laboratory):
        raise NotFound(kind="page", id="setup")
    return _page("setup.html", 200)


@router.post("/setup")
async def make(request: Request, laboratory: Lab, tried: TriedPasswords) -> Response:
    """Make the first user."""
    if await run_sync(_somebody, laboratory):
        raise NotFound(kind="page", id="setup")
    if not is_own_origin(request.headers, laboratory.settings):
        raise RequestForged
    tried.take("setup")
    body = await request.body()
    if len(body) > _LONGEST:
        raise BodyTooLarge(limit=_LONGEST)
    return await run_sync(_made, laboratory, _given(body))


def _given(body: bytes) -> dict[str, str]:
    """Return the fields of the form; what has many more is none."""
    try:
        said = dict(parse_qsl(body.decode("utf-8", "replace"), max_num_fields=_MOST_FIELDS))
    except ValueError:
        said = {}
    return {name: said.get(name, "") for name in _FIELDS}


def _made(laboratory: Laboratory, given: dict[str, str]) -> Response:
    try:
        user = _first_user(laboratory, given)
    except NotFound:
        raise
    except REFUSALS as error:
        return _page("setup.html", 422, **given, problem=sentence_of(error))
    return _page("done.html", 201, name=user.name, full_name=user.full_name)


def _first_user(laboratory: Laboratory, given: dict[str, str]) -> User:
    """Make the first user.

    Raises
    ------
    NotSignedIn, PasswordUnfit, ValidationError
    NotFound
        There is somebody already.
    """
    caller = by_key(laboratory.database, given["key"].strip())
    if not caller.principal.may(Scope.ADMINISTER):
        raise NotSignedIn
    said = {name: given[name] for name in ("name", "full_name", "password")}
    wanted = NewUser.model_validate({**said, "roles": [Role.ADMINISTRATOR]})
    password_hash = hash_password(given["password"], name=wanted.name)
    with laboratory.database.writing(caller.principal.name) as writing:
        if users.number(writing.connection):
            raise NotFound(kind="page", id="setup")
        return users.add(
            writing,
            name=wanted.name,
            full_name=wanted.full_name,
            password_hash=password_hash,
            roles=wanted.roles,
            site=None,
        )


def _somebody(laboratory: Laboratory) -> bool:
    with laboratory.database.reading() as connection:
        return users.number(connection) > 0


def _page(template: str, status: int, **said: str) -> Response:
    shown = {"name": "", "full_name": "", "problem": "", **said}
    return page(template, None, status, **{k: v for k, v in shown.items() if k not in SECRET})
