"""Errors as the caller gets them: ``application/problem+json`` (RFC 9457) with our own `code`."""

import json
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from pydantic import BaseModel, ConfigDict
from starlette.exceptions import HTTPException
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from calibration.errors import CalibrationError
from hladr.errors import HladrError
from service.errors import ServiceError
from service.http.calls import Calls

MEDIA_TYPE = "application/problem+json"
REFUSED = "refused"
"""In the state of a request: the code that it was refused with."""
INVALID, FAULT = "INVALID_REQUEST", "INTERNAL_ERROR"
_CODES = {
    400: INVALID,
    404: "NOT_FOUND",
    405: "METHOD_NOT_ALLOWED",
    415: "MEDIA_TYPE_NOT_SUPPORTED",
}
_NO_SUCH_METHOD = 405
_LONGEST = 200  # characters of what is said about a field


class Problem(BaseModel):
    """What is wrong with a request: a code that stays, and a sentence for people."""

    model_config = ConfigDict(extra="allow")

    type: str
    title: str
    status: int
    code: str
    detail: str


def problem(
    status: int,
    code: str,
    detail: str,
    *,
    facts: Mapping[str, Any] | None = None,
    headers: Mapping[str, str] | None = None,
    cause: Exception | None = None,
) -> Response:
    """Return the answer to a request that is refused; `cause` is what was raised, if anything."""
    said = {
        "type": f"urn:hladr:problem:{code}",
        "title": code.replace("_", " ").capitalize(),
        "status": status,
        "code": code,
        "detail": detail,
        **(facts or {}),
    }
    return Refused(said, status, headers or {}, cause)


class Refused(Response):
    """A problem on its way out; whoever counts finds its code in the state of the request.

    Where the application has pages, its state says how a browser is `shown` it.
    """

    def __init__(
        self,
        said: Mapping[str, Any],
        status: int,
        headers: Mapping[str, str],
        cause: Exception | None,
    ) -> None:
        # ASCII: a name that a client made up may hold halves of pairs, which no UTF-8 can.
        super().__init__(json.dumps(said), status, dict(headers), MEDIA_TYPE)
        self.said, self.cause = said, cause

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, and leave the code for whoever counts."""
        scope.setdefault("state", {})[REFUSED] = self.said["code"]
        app = scope.get("app")
        shown = None if app is None else getattr(app.state, "shown", None)
        page = None if shown is None else shown(scope, self)
        if page is not None:
            await page(scope, receive, send)
            return
        await super().__call__(scope, receive, send)


def of_error(error: HladrError | CalibrationError) -> Response:
    """Return the answer for an error raised on purpose; a refusal of the library is 422."""
    if isinstance(error, ServiceError):
        said, head = error.facts, error.headers
        detail = f"{error} {error.hint}".strip()
        return problem(error.status, error.code, detail, facts=said, headers=head, cause=error)
    return problem(422, error.code, str(error), cause=error)


def handle(app: FastAPI, calls: Calls) -> None:
    """Have an application answer errors this way."""

    async def refused(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HladrError | CalibrationError)  # noqa: S101 - by registration
        return of_error(error)

    async def invalid(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)  # noqa: S101
        fields = [_field(each) for each in error.errors()]
        said = "; ".join(f"{each['field']}: {each['problem']}" for each in fields)
        return problem(
            422, INVALID, f"expected a request as /openapi.json describes it; {said}",
            facts={"errors": fields},
        )  # fmt: skip

    async def by_status(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101
        code, headers = _CODES.get(error.status_code, "REFUSED"), dict(error.headers or {})
        if error.status_code == _NO_SUCH_METHOD:
            headers["Allow"] = ", ".join(sorted(calls.methods(request.scope["path"]) or {"GET"}))
        return problem(error.status_code, code, str(error.detail), headers=headers)

    app.add_exception_handler(HladrError, refused)
    app.add_exception_handler(CalibrationError, refused)
    app.add_exception_handler(RequestValidationError, invalid)
    app.add_exception_handler(HTTPException, by_status)


def answers(*statuses: int) -> dict[int | str, dict[str, Any]]:
    """Return the statuses that a call may refuse with, as OpenAPI describes them."""
    every = {400, 401, 403, 408, 413, 415, 422, 429, 500, 503, *statuses}
    content = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    return {status: {"description": _TOLD[status], "content": content} for status in sorted(every)}


_TOLD = {
    400: "The request cannot be read",
    401: "Nobody knows who asks",
    403: "Whoever asks may not",
    404: "There is no such thing, or not for the one who asks",
    408: "The body came too slowly",
    409: "It contradicts what is there",
    412: "It was changed in the meantime",
    413: "The body is too large",
    415: "The body is of another kind",
    422: "Refused: the code and the sentence say why",
    428: "The version that is to be changed must be named (If-Match)",
    429: "Too many requests",
    500: "A fault of the service",
    501: "It is not installed",
    503: "Too busy, or the database does not answer",
    507: "The disk is full",
}


def _field(error: Any) -> dict[str, str]:  # noqa: ANN401 - pydantic's own
    where = ".".join(str(part) for part in error["loc"] if part != "body") or "body"
    return {"field": where[:_LONGEST], "problem": str(error["msg"])[:_LONGEST]}
