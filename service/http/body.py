"""The body of a request, bounded before anybody reads it: its bytes are counted as they come."""

import asyncio
import time
from collections.abc import Callable
from typing import ClassVar

from starlette.datastructures import Headers
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from service.errors import ServiceError
from service.http.problem import of_error
from service.settings import Settings

TakesFiles = Callable[[str, str], bool]
"""Whether a call, by method and path, takes a body that holds files."""


class BodyTooLarge(ServiceError):
    """More bytes than the service takes."""

    code: ClassVar[str] = "BODY_TOO_LARGE"
    status: ClassVar[int] = 413

    def __init__(self, *, limit: int) -> None:
        self.limit = limit
        super().__init__(f"expected a body of at most {limit} bytes, found a larger one.")

    @property
    def headers(self) -> dict[str, str]:
        """What follows is not read."""
        return {"Connection": "close"}


class BodyTooSlow(ServiceError):
    """The bytes come too slowly."""

    code: ClassVar[str] = "BODY_TOO_SLOW"
    status: ClassVar[int] = 408

    def __init__(self, *, rate: int) -> None:
        self.rate = rate
        super().__init__(
            f"expected a body that comes at {rate} bytes a second or faster; it does not. Send it "
            "again over a better line."
        )

    @property
    def headers(self) -> dict[str, str]:
        """What follows is not read."""
        return {"Connection": "close"}


class BodyEncoded(ServiceError):
    """The body is compressed."""

    code: ClassVar[str] = "BODY_ENCODED"
    status: ClassVar[int] = 415

    def __init__(self) -> None:
        super().__init__("expected a body without Content-Encoding, found one with. Send it plain.")


class ClientLeft(ServiceError):
    """The connection ended before the body did."""

    code: ClassVar[str] = "BODY_INCOMPLETE"
    status: ClassVar[int] = 400

    def __init__(self) -> None:
        super().__init__("expected the whole body; the connection ended before.")


class BoundedBody:
    """Middleware: refuses bodies that are too large, too slow or compressed.

    Bodies that hold files go on as they come, counted, to the calls that take files; all others
    are small and read here, so that nothing behind this ever waits for one.

    Parameters
    ----------
    takes_files
        A call that does not take files gets no large body, whatever its Content-Type says.
    """

    def __init__(self, app: ASGIApp, settings: Settings, takes_files: TakesFiles) -> None:
        self._app, self._settings, self._takes_files = app, settings, takes_files

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Let a request through, or answer it."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = Headers(scope=scope)
        streamed = _is_form(headers) and self._takes_files(scope["method"], scope["path"])
        limit = self._settings.largest_request if streamed else self._settings.largest_json
        try:
            _check(headers, limit)
            bounded = _Bounded(receive, limit, self._settings)
            source = bounded.message if streamed else await _whole(bounded)
        except ServiceError as error:
            await of_error(error)(scope, receive, send)
            return
        await self._app(scope, source, send)


def _is_form(headers: Headers) -> bool:
    return headers.get("content-type", "").lower().startswith("multipart/form-data")


def _check(headers: Headers, limit: int) -> None:
    if headers.get("content-encoding", "identity").lower() != "identity":
        raise BodyEncoded
    said = headers.get("content-length", "")
    if said.isdecimal() and int(said) > limit:
        raise BodyTooLarge(limit=limit)


class _Bounded:
    """Messages of a request, as long as they keep to the limits."""

    def __init__(self, receive: Receive, limit: int, settings: Settings) -> None:
        self._receive, self._limit, self._settings = receive, limit, settings
        self._bytes, self._begun = 0, time.monotonic()

    async def message(self) -> Message:
        """Return the next message.

        Raises
        ------
        BodyTooLarge, BodyTooSlow
        """
        rate = self._settings.slowest_bytes_a_second
        try:
            message = await asyncio.wait_for(self._receive(), self._settings.idle_seconds)
        except TimeoutError as error:
            raise BodyTooSlow(rate=rate) from error
        if message["type"] == "http.request":
            self._bytes += len(message.get("body", b""))
            if self._bytes > self._limit:
                raise BodyTooLarge(limit=self._limit)
            spent = time.monotonic() - self._begun - self._settings.idle_seconds
            if message.get("more_body", False) and spent * rate > self._bytes:
                raise BodyTooSlow(rate=rate)
        return message


async def _whole(bounded: _Bounded) -> Receive:
    """Read a body to its end; what gives it out again, and then what follows it."""
    pieces: list[bytes] = []
    more = True
    while more:
        message = await bounded.message()
        if message["type"] == "http.disconnect":
            raise ClientLeft
        pieces.append(message.get("body", b""))
        more = message.get("more_body", False)
    waiting: list[Message] = [
        {"type": "http.request", "body": b"".join(pieces), "more_body": False}
    ]

    async def receive() -> Message:
        return waiting.pop() if waiting else {"type": "http.disconnect"}

    return receive
