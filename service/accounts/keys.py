"""``/api/v1/keys``.

A key is answered once, when it is made, and kept as its hash. So there is no Idempotency-Key here:
the stored answer would hold the secret. Whoever misses the answer revokes the key and makes
another.
"""

import datetime as dt
from typing import Annotated, Any, ClassVar
from uuid import uuid4

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from service.canonical import sha256_of
from service.errors import ServiceError
from service.http.authentication import Administrator
from service.http.once import Answer, Asked, Key, once, shown
from service.http.problem import answers
from service.laboratory import Lab
from service.moment import now, written
from service.people.secret import PREFIX, hash_of, new_key
from service.principal import Principal, Scope
from service.settings import Settings
from service.store import keys
from service.store.database import Writing
from service.store.keys import ApiKey
from service.texts import Id, Word, ZonedMoment

PATH = "/api/v1/keys"
router = APIRouter(prefix=PATH, tags=["keys"])

_LONGEST_LABEL = 196  # with "key:" before it, it is a name in the audit


class IdempotencyNotHere(ServiceError):
    """An Idempotency-Key came where an answer cannot be kept."""

    code: ClassVar[str] = "IDEMPOTENCY_NOT_HERE"
    status: ClassVar[int] = 422

    def __init__(self) -> None:
        super().__init__(
            "expected no Idempotency-Key, found one: the answer holds a secret, which is not kept. "
            "Send the request without it; of two keys revoke the one that did not arrive."
        )


class KeyExpired(ServiceError):
    """The key would be over before anybody used it."""

    code: ClassVar[str] = "KEY_EXPIRED"
    status: ClassVar[int] = 422

    def __init__(self, *, found: str) -> None:
        self.found = found
        super().__init__(
            f"expected a time to come as expires_at, found {found}, which is past. Give a later "
            "one, or null for a key that is valid until it is revoked."
        )


class ScopeTooWide(ServiceError):
    """Whoever makes a key may not do what it could."""

    code: ClassVar[str] = "SCOPE_TOO_WIDE"
    status: ClassVar[int] = 403

    def __init__(self, *, scopes: frozenset[Scope]) -> None:
        self.scopes = scopes
        super().__init__(
            "expected scopes that whoever makes the key has, found beside them "
            f"{', '.join(sorted(scopes))}. Leave them out, or ask an administrator."
        )


class NewKey(BaseModel):
    """A key that a system is to have; limits that are null are those of the settings."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    label: Annotated[Word, Field(max_length=_LONGEST_LABEL)]
    scopes: Annotated[frozenset[Scope], Field(min_length=1)]
    site: Word | None = None
    expires_at: ZonedMoment | None = None
    requests_a_minute: Annotated[int, Field(strict=True, ge=1, le=1_000_000)] | None = None
    bytes_a_day: Annotated[int, Field(strict=True, ge=1, le=1 << 50)] | None = None


class KeyRecord(BaseModel):
    """A key without its secret; `prefix` is how the secret begins."""

    id: str
    label: str
    prefix: str
    scopes: list[Scope]
    site: str | None
    requests_a_minute: int
    bytes_a_day: int
    created_at: str
    created_by: str
    expires_at: str | None
    last_used_at: str | None
    revoked_at: str | None


class KeyMade(KeyRecord):
    """A key with its secret, which nobody can show again."""

    key: str


class Keys(BaseModel):
    """All keys, the oldest first, also those that are over or revoked."""

    keys: list[KeyRecord]


@router.post("", status_code=201, response_model=KeyMade, responses=answers())
def add(request: Request, wanted: NewKey, who: Administrator, laboratory: Lab) -> Response:
    """Make a key. It is in this answer and in no other: an Idempotency-Key is refused here."""
    if "idempotency-key" in request.headers:
        raise IdempotencyNotHere
    require_scopes(who, wanted.scopes)
    expires_at, secret = _expiry(wanted.expires_at), new_key()
    with laboratory.database.writing(who.name) as writing:
        made = _key(wanted, secret, expires_at, laboratory.settings, writing)
        keys.add(writing, made)
    answer = Answer({**told(made), "key": secret}, 201, location=f"{PATH}/{made.id}")
    return shown(answer)


@router.get("", response_model=Keys, responses=answers())
def every(who: Administrator, laboratory: Lab) -> Response:  # noqa: ARG001 - that they may
    """All keys."""
    with laboratory.database.reading() as connection:
        return shown(Answer({"keys": list(map(told, keys.all_keys(connection)))}))


@router.get("/{id}", response_model=KeyRecord, responses=answers(404))
def one(id: Id, who: Administrator, laboratory: Lab) -> Response:  # noqa: ARG001
    """A key."""
    with laboratory.database.reading() as connection:
        return shown(Answer(told(keys.by_id(connection, id))))


@router.delete("/{id}", response_model=KeyRecord, responses=answers(404, 409))
def revoke(id: Id, who: Administrator, laboratory: Lab, key: Key = None) -> Response:
    """Make a key useless from now on; of one that is, nothing changes."""

    def act(writing: Writing) -> Answer:
        return Answer(told(keys.revoke(writing, id)))

    return once(laboratory, Asked(who, key, f"DELETE {PATH}/{id}", sha256_of("")), lambda: act)


def require_scopes(who: Principal, scopes: frozenset[Scope]) -> None:
    """Refuse scopes that whoever makes a key does not have; an administrator may give any.

    Raises
    ------
    ScopeTooWide
    """
    beside = scopes - who.scopes
    if beside and not who.may(Scope.ADMINISTER):
        raise ScopeTooWide(scopes=beside)


def told(key: ApiKey) -> dict[str, Any]:
    """Return a key as it is answered: nothing of its secret but the beginning."""
    return {
        "id": key.id,
        "label": key.label,
        "prefix": key.prefix,
        "scopes": sorted(key.scopes),
        "site": key.site,
        "requests_a_minute": key.requests_a_minute,
        "bytes_a_day": key.bytes_a_day,
        "created_at": key.created_at,
        "created_by": key.created_by,
        "expires_at": key.expires_at,
        "last_used_at": key.last_used_at,
        "revoked_at": key.revoked_at,
    }


def _expiry(given: str | None) -> str | None:
    if given is None:
        return None
    moment = dt.datetime.fromisoformat(given)
    if moment <= now():
        raise KeyExpired(found=written(moment))
    return written(moment)


def _key(
    wanted: NewKey, secret: str, expires_at: str | None, settings: Settings, writing: Writing
) -> ApiKey:
    return ApiKey(
        id=str(uuid4()),
        secret_sha256=hash_of(secret),
        prefix=secret[:PREFIX],
        label=wanted.label,
        scopes=wanted.scopes,
        site=wanted.site,
        requests_a_minute=wanted.requests_a_minute or settings.requests_a_minute,
        bytes_a_day=wanted.bytes_a_day or settings.bytes_a_day,
        created_at=writing.at,
        created_by=writing.actor,
        expires_at=expires_at,
        last_used_at=None,
        revoked_at=None,
    )
