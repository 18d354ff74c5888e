"""``/api/v1/users``."""

from fastapi import APIRouter
from starlette.responses import Response

from service.http.authentication import Administrator
from service.http.conditional import IfMatch, version_of
from service.http.once import Act, Answer, Asked, Key, once, shown
from service.http.problem import answers
from service.laboratory import Lab
from service.people.password import hash_password
from service.people.person import (
    NewUser,
    UserChange,
    UserRecord,
    Users,
    changed,
    content_sha256,
    require_apart,
    told,
)
from service.store import users
from service.store.database import Writing
from service.texts import Id

PATH = "/api/v1/users"
router = APIRouter(prefix=PATH, tags=["users"])


@router.post("", status_code=201, response_model=UserRecord, responses=answers(409))
def add(wanted: NewUser, who: Administrator, laboratory: Lab, key: Key = None) -> Response:
    """Register a person; a request that is repeated by its key keeps the first one's password."""

    def prepare() -> Act:
        require_apart(wanted.roles)
        password_hash = hash_password(wanted.password.get_secret_value(), name=wanted.name)

        def act(writing: Writing) -> Answer:
            made = users.add(
                writing,
                name=wanted.name,
                full_name=wanted.full_name,
                password_hash=password_hash,
                roles=wanted.roles,
                site=wanted.site,
            )
            return Answer(told(made), 201, made.version, f"{PATH}/{made.id}")

        return act

    return once(laboratory, Asked(who, key, f"POST {PATH}", content_sha256(wanted)), prepare)


@router.get("", response_model=Users, responses=answers())
def every(who: Administrator, laboratory: Lab) -> Response:  # noqa: ARG001 - that they may
    """All people, also those who have left."""
    with laboratory.database.reading() as connection:
        return shown(Answer({"users": list(map(told, users.everybody(connection)))}))


@router.get("/{id}", response_model=UserRecord, responses=answers(404))
def one(id: Id, who: Administrator, laboratory: Lab) -> Response:  # noqa: ARG001
    """A person."""
    with laboratory.database.reading() as connection:
        found = users.by_id(connection, id)
    return shown(Answer(told(found), version=found.version))


@router.put("/{id}", response_model=UserRecord, responses=answers(404, 409, 412, 428))
def change(
    id: Id,
    wanted: UserChange,
    who: Administrator,
    laboratory: Lab,
    key: Key = None,
    if_match: IfMatch = None,
) -> Response:
    """Describe a person anew; with other roles or another password they sign in again."""
    base = version_of(if_match)

    def prepare() -> Act:
        password_hash = _password_hash(laboratory, id, wanted)

        def act(writing: Writing) -> Answer:
            made = changed(writing, id, base, wanted, password_hash)
            return Answer(told(made), version=made.version)

        return act

    call = f"PUT {PATH}/{id} {base}"
    return once(laboratory, Asked(who, key, call, content_sha256(wanted)), prepare)


def _password_hash(laboratory: Lab, id: str, wanted: UserChange) -> str | None:
    if wanted.password is None:
        return None
    with laboratory.database.reading() as connection:
        name = users.by_id(connection, id).name
    return hash_password(wanted.password.get_secret_value(), name=name)
