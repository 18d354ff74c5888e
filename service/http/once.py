"""What stores something, done once for each Idempotency-Key, and told again when it is repeated."""

import contextlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Annotated, Any, Final

from fastapi import Header
from pydantic import BaseModel
from sqlalchemy import Connection
from starlette.responses import Response

from service.canonical import canonical, sha256_of
from service.http.conditional import tag
from service.laboratory import Laboratory
from service.principal import Principal
from service.store import idempotency
from service.store.database import DatabaseUnavailable, Writing
from service.store.engine import BUSY_SECONDS
from service.store.idempotency import Kept, Request

_SHORT: Final = 1.0  # seconds
REPLAYED: Final = "Idempotency-Replayed"

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description=(
            "The same key and request: nothing is done again, and the answer has the status and "
            "headers of the first. Of an analysis it tells the version as it is to be seen now."
        ),
    ),
]


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call answers: a body in JSON's kinds, its version, and where it can be found."""

    body: Mapping[str, Any]
    status: int = 200
    version: int | None = None
    location: str | None = None

    @property
    def headers(self) -> dict[str, str]:
        """`ETag` and `Location`, as far as there are."""
        headers = {} if self.version is None else {"ETag": tag(self.version)}
        return headers if self.location is None else {**headers, "Location": self.location}


@dataclass(frozen=True, slots=True)
class Asked:
    """A request: who asks for what, under which Idempotency-Key.

    Parameters
    ----------
    call
        Method and path, so that one key cannot mean two things.
    content_sha256
        Of everything else that was asked.
    """

    principal: Principal
    key: str | None
    call: str
    content_sha256: str
    keyed: Request | None = field(init=False)

    def __post_init__(self) -> None:
        """Work out what the key stands for."""
        keyed = None
        if self.key is not None:
            digest = sha256_of(f"{self.call}\n{self.content_sha256}")
            keyed = Request(self.principal.id, self.key, digest)
        object.__setattr__(self, "keyed", keyed)


Act = Callable[[Writing], Answer]
Tell = Callable[[Connection, Mapping[str, Any]], Mapping[str, Any]]
"""Tells a thing as it is now to whoever asks, by its `id` and `version`."""
_IDENTIFY: Final = ("id", "version")


def asked(principal: Principal, key: str | None, call: str, content: BaseModel) -> Asked:
    """Return a request whose body is JSON."""
    return Asked(principal, key, call, sha256_of(canonical(content.model_dump(mode="json"))))


def once(
    laboratory: Laboratory,
    request: Asked,
    prepare: Callable[[], Act],
    tell: Tell | None = None,
) -> Response:
    """Do what is asked, unless it was done before.

    Parameters
    ----------
    prepare
        Works out what is to be stored, without a transaction; what it returns stores it, in the
        transaction that also keeps the answer.
    tell
        Tells what was made again, where it may since be hidden or withheld: only what identifies
        it is kept then. Without it the answer is kept as it was given.

    Raises
    ------
    KeyReused, StillRunning
    ServiceError, HladrError, CalibrationError
        What `prepare` raises; nothing is stored then.
    """
    database, keyed = laboratory.database, request.keyed
    if keyed is not None:
        with database.writing(request.principal.name) as writing:
            before = idempotency.begin(writing, keyed)
        if before is not None:
            return _response(_told_again(laboratory, before, tell), {REPLAYED: "true"})
    try:
        act = prepare()
        with database.writing(request.principal.name) as writing:
            answer = act(writing)
            body = dict(answer.body)
            given = Kept(answer.status, answer.headers, canonical(body))
            if keyed is not None:
                if tell is not None:
                    body = {name: body[name] for name in _IDENTIFY}
                idempotency.finish(writing, keyed, replace(given, body=canonical(body)))
    except BaseException as error:
        if keyed is not None:
            # Whoever has waited in vain does not wait as long once more.
            patience = _SHORT if isinstance(error, DatabaseUnavailable) else BUSY_SECONDS
            with (
                contextlib.suppress(DatabaseUnavailable),
                database.writing(request.principal.name, patience) as writing,
            ):
                idempotency.forget(writing, keyed)
        raise
    return _response(given, {})


def _told_again(laboratory: Laboratory, before: Kept, tell: Tell | None) -> Kept:
    if tell is None:
        return before
    with laboratory.database.reading() as connection:
        told = tell(connection, json.loads(before.body))
    return replace(before, body=canonical(dict(told)))


def shown(answer: Answer) -> Response:
    """Return an answer to a question that changes nothing."""
    return _response(Kept(answer.status, answer.headers, canonical(dict(answer.body))), {})


def _response(kept: Kept, more: Mapping[str, str]) -> Response:
    return Response(kept.body, kept.status, {**kept.headers, **more}, "application/json")
