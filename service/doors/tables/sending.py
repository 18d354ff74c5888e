"""A file that was made to be sent: whole before its first byte leaves, gone after its last."""

from collections.abc import Mapping
from typing import IO

from anyio.to_thread import run_sync
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

_PIECE = 1 << 18


class SentFile(Response):
    """An answer that is a file, to be kept and not shown; it is read a piece at a time.

    Parameters
    ----------
    file
        At any place; it is closed when it is sent, or nobody takes it any more.
    name
        What it is to be called: letters, digits, dots and dashes.
    """

    def __init__(
        self, file: IO[bytes], media_type: str, name: str, headers: Mapping[str, str]
    ) -> None:
        self._file = file
        size = file.seek(0, 2)
        said = {
            "Content-Disposition": f'attachment; filename="{name}"',
            **headers,
        }
        super().__init__(None, headers=said, media_type=media_type)
        self.headers["Content-Length"] = str(size)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:  # noqa: ARG002
        """Send it."""
        with self._file as file:
            file.seek(0)
            head = {"status": self.status_code, "headers": self.raw_headers}
            await send({"type": "http.response.start", **head})
            while piece := await run_sync(file.read, _PIECE):
                await send({"type": "http.response.body", "body": piece, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
