"""Connections: who does not say in time what they ask for, or does not read, is cut off."""

import asyncio
import contextlib
import fcntl
import sys
import termios
import time
from typing import Any, ClassVar, Final

import h11
from starlette.responses import Response
from starlette.types import Receive, Scope, Send
from uvicorn.protocols.http.h11_impl import H11Protocol

from service.errors import ServiceError
from service.http.problem import INVALID, of_error, problem

HEAD_SECONDS: Final = 10.0
HEAD_BYTES: Final = 1 << 16
READ_SECONDS, READ_BYTES = 30.0, 1 << 16
"""In which a client reads so much of what waits for it, or all."""
MOST: Final = 500
"""Connections of a process, beyond which each request is answered 503."""
_LOOK_SECONDS = 5.0


class TooManyConnections(ServiceError):
    """The process has more connections than it bears."""

    code: ClassVar[str] = "TOO_MANY_CONNECTIONS"
    status: ClassVar[int] = 503

    def __init__(self) -> None:
        super().__init__(f"expected at most {MOST} connections, found more. Try again in a moment.")

    @property
    def headers(self) -> dict[str, str]:
        """When to ask again; the connection is given up."""
        return {"Connection": "close", "Retry-After": "5"}


class Connection(H11Protocol):
    """A connection as the server has them, with limits for the head of a request and for reading.

    The server has limits between requests alone: who connected and sent nothing, or a header a
    minute, or reads no answer, would hold a place for ever. It is h11's, and reads one request
    after the other: what comes after the first waits, and is not read from the line beyond a bound.
    """

    _head: asyncio.TimerHandle | None = None
    _look: asyncio.TimerHandle | None = None
    _unread: tuple[float, int] | None = None  # since when, how much

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as the server has it
        """Begin."""
        super().connection_made(transport)
        self._expect_head()
        self._look = self.loop.call_later(_LOOK_SECONDS, self._look_at_unread)

    def data_received(self, data: bytes) -> None:
        """Take some bytes; those of a head have to come to its end."""
        many = len(self.connections) > MOST
        self.app = _too_many if many else self.config.loaded_app
        super().data_received(data)
        if self._asks():
            self._forget_head()
        elif self._head is None and not self.transport.is_closing():
            self._expect_head()

    def resume_writing(self) -> None:
        """Go on, for the client has read nearly all that waited."""
        self._unread = None
        super().resume_writing()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._forget_head()
        if self._look is not None:
            self._look.cancel()
        super().connection_lost(exc)

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the server's own words
        """Answer what is no request, unless an answer has begun."""
        if self.conn.our_state in {h11.IDLE, h11.SEND_RESPONSE}:
            said = "expected a request of HTTP/1.1 whose head has at most 64 KiB; this is none."
            self._write(problem(400, INVALID, said, headers={"Connection": "close"}))
        self.transport.close()

    def _write(self, answer: Response) -> None:
        for event in (
            h11.Response(status_code=answer.status_code, headers=answer.raw_headers),
            h11.Data(data=bytes(answer.body)),
            h11.EndOfMessage(),
        ):
            self.transport.write(self.conn.send(event) or b"")

    def _asks(self) -> bool:
        """Whether there is a request that was not answered yet."""
        cycle: Any = self.cycle  # None before the first one
        return cycle is not None and not cycle.response_complete

    def _expect_head(self) -> None:
        self._head = self.loop.call_later(HEAD_SECONDS, self._late)

    def _forget_head(self) -> None:
        if self._head is not None:
            self._head.cancel()
            self._head = None

    def _late(self) -> None:
        self._head = None
        if not self._asks():
            self.transport.close()

    def _look_at_unread(self) -> None:
        """Cut off who does not read, also when the connection waits for that to be closed."""
        moment, size = time.monotonic(), _unread(self.transport)
        since, before = self._unread or (moment, size)
        if size == 0:
            self._unread = None
        elif before - size >= READ_BYTES:
            self._unread = moment, size
        elif moment - since > READ_SECONDS:
            self.transport.abort()
            return
        else:
            self._unread = since, max(before, size)
        self._look = self.loop.call_later(_LOOK_SECONDS, self._look_at_unread)


def _unread(transport: asyncio.Transport) -> int:
    """Bytes that wait for a client: here, and with the system, which may take megabytes."""
    waiting = bytes(4)
    with contextlib.suppress(OSError, ValueError):  # it is closed, or the system does not tell
        handle = transport.get_extra_info("socket").fileno()
        waiting = fcntl.ioctl(handle, termios.TIOCOUTQ, waiting)
    return transport.get_write_buffer_size() + int.from_bytes(waiting, sys.byteorder)


async def _too_many(scope: Scope, receive: Receive, send: Send) -> None:
    await of_error(TooManyConnections())(scope, receive, send)


OPTIONS: Final[dict[str, Any]] = {
    "http": Connection,
    "h11_max_incomplete_event_size": HEAD_BYTES,
    "loop": "asyncio",
    "ws": "none",
    "log_config": None,
    "access_log": False,
    "server_header": False,
    "timeout_keep_alive": 5,
}
"""Of the server, whatever whoever operates it sets: one parser and one loop, everywhere."""
