"""Texts of a form that stand before its files, which are not read: for whoever may send none."""

from typing import Final

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

_MOST: Final = 65_536  # bytes


class _FileBegins(Exception):
    """The first file of a form."""


async def texts_before_files(request: Request) -> dict[str, str]:
    """Return the texts of a form by field, as far as they stand before its first file.

    A form that breaks off has those that came whole; another body has none.
    """
    media, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if media != b"multipart/form-data" or not boundary:
        return {}
    texts, size = _Texts(), 0
    try:
        parser = MultipartParser(boundary, texts.callbacks)  # type: ignore[arg-type]
        async for piece in request.stream():
            parser.write(piece[: _MOST - size])
            size += len(piece)
            if size >= _MOST:
                break
    except (_FileBegins, FormParserError, ClientDisconnect):
        pass  # what came before is kept
    return texts.whole


class _Texts:
    """Parts of a form as they come."""

    def __init__(self) -> None:
        self.whole: dict[str, str] = {}
        self._header, self._value, self._field, self._text = b"", b"", "", b""
        self.callbacks = {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_part_data": self._data,
            "on_part_end": self._end,
        }

    def _begin(self) -> None:
        self._header, self._value, self._field, self._text = b"", b"", "", b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]

    def _header_end(self) -> None:
        if self._header.lower() == b"content-disposition":
            _, options = parse_options_header(self._value)
            if b"filename" in options:
                raise _FileBegins
            self._field = options.get(b"name", b"").decode("utf-8", "replace")
        self._header, self._value = b"", b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        self._text += data[start:end]

    def _end(self) -> None:
        if self._field:
            self.whole[self._field] = self._text.decode("utf-8", "replace")
