"""What stores something, done once for each Idempotency-Key, and answered the same every time."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Annotated, Any, Final

from fastapi import Header
from pydantic import BaseModel
from starlette.responses import Response

from service.canonical import canonical, sha256_of
from service.http.conditional import tag
from service.laboratory import Laboratory
from service.principal import Principal
from service.store import idempotency
from service.store.database import Writing
from service.store.idempotency import Kept, Request

REPLAYED: Final = "Idempotency-Replayed"

Key = Annotated[
    str | None,
    Header(
        alias="Idempotency-Key",
        min_length=1,
        max_length=200,
        pattern=r"^[\x21-\x7e]+$",
        description="The same key and request: the stored answer, and nothing is done again.",
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


def asked(principal: Principal, key: str | None, call: str, content: BaseModel) -> Asked:
    """Return a request whose body is JSON."""
    return Asked(principal, key, call, sha256_of(canonical(content.model_dump(mode="json"))))


def once(laboratory: Laboratory, request: Asked, prepare: Callable[[], Act]) -> Response:
    """Do what is asked, unless it was done before.

    Parameters
    ----------
    prepare
        Works out what is to be stored, without a transaction; what it returns stores it, in the
        transaction that also keeps the answer.

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
            return _response(before, {REPLAYED: "true"})
    try:
        act = prepare()
        with database.writing(request.principal.name) as writing:
            answer = act(writing)
            kept = Kept(answer.status, answer.headers, canonical(dict(answer.body)))
            if keyed is not None:
                idempotency.finish(writing, keyed, kept)
    except BaseException:
        if keyed is not None:
            with database.writing(request.principal.name) as writing:
                idempotency.forget(writing, keyed)
        raise
    return _response(kept, {})


def shown(answer: Answer) -> Response:
    """Return an answer to a question that changes nothing."""
    return _response(Kept(answer.status, answer.headers, canonical(dict(answer.body))), {})


def _response(kept: Kept, more: Mapping[str, str]) -> Response:
    return Response(kept.body, kept.status, {**kept.headers, **more}, "application/json")
