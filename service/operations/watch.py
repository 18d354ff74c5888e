"""Every request from outside: numbered, timed, logged, counted; and no error leaves as another."""

import asyncio
import contextlib
import time
from typing import Final
from uuid import uuid4

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.http.problem import FAULT, REFUSED, problem
from service.operations.log import log, trace_of
from service.operations.measures import Measures

_HEADERS: Final = {
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cache-control": "no-store",
    "cross-origin-resource-policy": "same-origin",
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; "
        "connect-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
}
_NO_ROUTE = "none"
_LINGER_SECONDS = 1.0


class Watch:
    """Middleware around all others."""

    def __init__(self, app: ASGIApp, measures: Measures) -> None:
        self._app, self._measures = app, measures

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See a request through to its end."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        request = _Request(scope, receive, send, self._measures)
        try:
            await self._app(scope, request.receive, request.send)
        except Exception as error:  # noqa: BLE001 - a fault of ours; the log has where
            log().error(
                "fault", request_id=request.id, error=type(error).__name__, trace=trace_of(error)
            )
            await request.fail()
        finally:
            request.end()


class _Request:
    def __init__(self, scope: Scope, receive: Receive, send: Send, measures: Measures) -> None:
        self.id = str(uuid4())
        self._scope, self._receive, self._send, self._measures = scope, receive, send, measures
        self._begun, self._bytes, self._status = time.monotonic(), 0, 0
        self._coming = _has_body(Headers(scope=scope))
        scope.setdefault("state", {})

    async def receive(self) -> Message:
        message = await self._receive()
        self._bytes += len(message.get("body", b""))
        self._coming = self._coming and message.get("more_body", False)
        return message

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self._status = message["status"]
            own = {name for name, _ in message["headers"]}
            more = {**_HEADERS, "x-request-id": self.id}
            if self._coming:
                more["connection"] = "close"
            message["headers"] = [
                *message["headers"],
                *(
                    (name.encode(), value.encode())
                    for name, value in more.items()
                    if name.encode() not in own
                ),
            ]
        elif self._coming and not message.get("more_body", False):
            await self._send({**message, "more_body": True})
            await self._let_come()
            message = {"type": message["type"], "body": b"", "more_body": False}
        await self._send(message)

    async def _let_come(self) -> None:
        """Throw away for a moment what still comes: who is sending would not read the answer."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(_LINGER_SECONDS):
                while self._coming:
                    await self.receive()

    async def fail(self) -> None:
        """Answer that there is a fault; an answer that has begun is broken off."""
        if self._status:
            return
        said = (
            "a fault of the service; nothing of this request was stored. Tell whoever operates "
            f"it: {self.id}."
        )
        await problem(500, FAULT, said)(self._scope, self._receive, self.send)

    def end(self) -> None:
        seconds = time.monotonic() - self._begun
        method, route = self._scope["method"], self._route()
        if method not in {"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"}:
            method = "other"
        self._measures.requests.labels(method, route, str(self._status)).inc()
        self._measures.seconds.labels(route).observe(seconds)
        self._measures.received.inc(self._bytes)
        code = self._scope["state"].get(REFUSED)
        if code is not None:
            self._measures.refused.labels(code).inc()
        log().info(
            "request",
            request_id=self.id,
            method=method,
            route=route,
            status=self._status,
            seconds=round(seconds, 4),
            bytes=self._bytes,
            **({} if code is None else {"code": code}),
        )

    def _route(self) -> str:
        """Return the pattern of the path: what was put into it stays out of logs and measures."""
        found = self._scope.get("route")
        path: str = getattr(found, "path", _NO_ROUTE)
        return path


def _has_body(headers: Headers) -> bool:
    return "transfer-encoding" in headers or headers.get("content-length", "0") != "0"
