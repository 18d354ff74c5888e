"""Requests that are to be done once, by the key that the caller gave them."""

import datetime as dt
import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, ClassVar
from uuid import uuid4

from sqlalchemy import delete, select, update

from service.canonical import canonical
from service.errors import ServiceError
from service.moment import read, written
from service.store.database import Writing, keep_first
from service.store.tables import idempotency

GIVEN_UP_AFTER = dt.timedelta(minutes=5)
"""A request that has not finished by then was lost with its process; the next may try again."""
_USUAL = dt.timedelta(seconds=30)  # that a request lasts at most, as a rule
_NO_TIME = dt.timedelta()


class KeyReused(ServiceError):
    """The same Idempotency-Key came with another request."""

    code: ClassVar[str] = "IDEMPOTENCY_KEY_REUSED"
    status: ClassVar[int] = 422

    def __init__(self) -> None:
        super().__init__(
            "expected a new Idempotency-Key for a new request, found one that another request was "
            "made with. Send the request as it was, or with another key."
        )


class StillRunning(ServiceError):
    """The same request is being done at this moment."""

    code: ClassVar[str] = "STILL_RUNNING"
    status: ClassVar[int] = 409

    def __init__(self, *, lasted: dt.timedelta = _NO_TIME) -> None:
        self.lasted = lasted
        super().__init__(
            "a request with this Idempotency-Key is being done, or its process ended. Ask again "
            "after the seconds of Retry-After for its answer."
        )

    @property
    def headers(self) -> dict[str, str]:
        """When to ask again: soon, or when a request that takes so long is given up."""
        left = (GIVEN_UP_AFTER - self.lasted).total_seconds()
        return {"Retry-After": "1" if self.lasted < _USUAL else str(max(1, math.ceil(left)))}


@dataclass(frozen=True, slots=True)
class Kept:
    """An answer as it was given."""

    status: int
    headers: Mapping[str, str]
    body: str


@dataclass(frozen=True, slots=True)
class Request:
    """A request that is to be done once.

    Parameters
    ----------
    principal_id, key
        Who asks, and what they call it.
    sha256
        Of all that was asked.
    attempt
        To do it: another one may take it over, and then this one ends nothing any more.
    """

    principal_id: str
    key: str
    sha256: str
    attempt: str = field(default_factory=lambda: str(uuid4()))


def begin(writing: Writing, request: Request) -> Kept | None:
    """Note that a request begins; what was answered to it, where it was done before.

    Raises
    ------
    KeyReused, StillRunning
    """
    row = {
        "principal_id": request.principal_id,
        "key": request.key,
        "request_sha256": request.sha256,
        "attempt": request.attempt,
        "started_at": writing.at,
    }
    if keep_first(writing.connection, idempotency, row):
        return None
    wanted = select(idempotency).where(*_is(request)).with_for_update()
    found: Mapping[str, Any] = dict(writing.connection.execute(wanted).mappings().one())
    if found["request_sha256"] != request.sha256:
        raise KeyReused
    if found["finished_at"] is not None:
        return Kept(found["status"], json.loads(found["headers"]), found["body"])
    lasted = read(writing.at) - read(found["started_at"])
    if lasted < GIVEN_UP_AFTER:
        raise StillRunning(lasted=lasted)
    mine = {"started_at": writing.at, "attempt": request.attempt}
    writing.connection.execute(update(idempotency).where(*_is(request)).values(mine))
    return None


def finish(writing: Writing, request: Request, answer: Kept) -> None:
    """Keep the answer, in the transaction of what was done.

    Raises
    ------
    StillRunning
        Somebody else took the request for lost, and has done it.
    """
    kept = writing.connection.execute(
        update(idempotency)
        .where(*_is_open(request))
        .values(
            finished_at=writing.at,
            status=answer.status,
            headers=canonical(dict(answer.headers)),
            body=answer.body,
        )
    )
    if kept.rowcount != 1:
        raise StillRunning


def forget(writing: Writing, request: Request) -> None:
    """Forget a request that was refused: nothing was done, and it may be mended."""
    writing.connection.execute(delete(idempotency).where(*_is_open(request)))


def forget_unfinished(writing: Writing) -> None:
    """Forget all requests that were being done, when no process is left that could do them."""
    writing.connection.execute(delete(idempotency).where(idempotency.c.finished_at.is_(None)))


def clear(writing: Writing, older_than: dt.timedelta) -> None:
    """Forget answers that are older than anybody asks for."""
    limit = written(read(writing.at) - older_than)
    writing.connection.execute(delete(idempotency).where(idempotency.c.started_at < limit))


def _is(request: Request) -> tuple[Any, Any]:
    return (
        idempotency.c.principal_id == request.principal_id,
        idempotency.c.key == request.key,
    )


def _is_open(request: Request) -> tuple[Any, ...]:
    """Whether it is this attempt that is to do the request."""
    mine = idempotency.c.attempt == request.attempt
    return (*_is(request), mine, idempotency.c.finished_at.is_(None))
