"""Connections: one that does not say in time what it asks for is closed."""

import asyncio
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from uvicorn.protocols.http.h11_impl import H11Protocol as ServerProtocol
else:
    from uvicorn.protocols.http.auto import AutoHTTPProtocol as ServerProtocol

HEAD_SECONDS: Final = 10.0
MOST: Final = 500
"""Connections of a process, beyond which each request is answered 503."""


class Connection(ServerProtocol):
    """A connection as the server has them, with a time limit for the head of a request.

    The server has limits between requests alone: who connected and sent nothing, or a header a
    minute, would hold a place for ever.
    """

    _limit: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:  # noqa: ANN401 - as the server has it
        """Begin."""
        super().connection_made(transport)
        self._expect_head()

    def data_received(self, data: bytes) -> None:
        """Take some bytes; those of a head have to come to its end."""
        super().data_received(data)
        if self._asks():
            self._forget()
        elif self._limit is None and not self.transport.is_closing():
            self._expect_head()

    def connection_lost(self, exc: Exception | None) -> None:
        """End."""
        self._forget()
        super().connection_lost(exc)

    def _asks(self) -> bool:
        """Whether there is a request that was not answered yet."""
        cycle: Any = self.cycle  # None before the first one
        return cycle is not None and not cycle.response_complete

    def _expect_head(self) -> None:
        self._limit = self.loop.call_later(HEAD_SECONDS, self._late)

    def _forget(self) -> None:
        if self._limit is not None:
            self._limit.cancel()
            self._limit = None

    def _late(self) -> None:
        self._limit = None
        if not self._asks():
            self.transport.close()
