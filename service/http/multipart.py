"""Bodies that hold files (``multipart/form-data``), written to the data folder as they come.

Not the parser of the framework: that one reads the whole body before anybody was asked whether it
is wanted, and writes it to a folder of its own.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import ClassVar

from python_multipart.exceptions import FormParserError
from python_multipart.multipart import MultipartParser, parse_options_header
from starlette.requests import ClientDisconnect, Request

from service.archive.incoming import Arriving, Incoming, Upload, shown_name
from service.canonical import canonical
from service.errors import ServiceError
from service.http.body import ClientLeft

_LARGEST_HEADER = 8_192
_MOST_PARTS = 64


class FormInvalid(ServiceError):
    """The body is no form, or not the one that the call describes."""

    code: ClassVar[str] = "FORM_INVALID"
    status: ClassVar[int] = 422

    hint: ClassVar[str] = "See /openapi.json."

    def __init__(self, *, expected: str, found: str) -> None:
        self.expected, self.found = expected, found
        super().__init__(f"expected {expected}, found {found}.")


class NotMultipart(ServiceError):
    """The body is no form with files."""

    code: ClassVar[str] = "NOT_MULTIPART"
    status: ClassVar[int] = 415

    def __init__(self) -> None:
        super().__init__("expected multipart/form-data with a boundary, found another body.")


@dataclass(frozen=True, slots=True)
class FormKind:
    """The fields that a form may have.

    Parameters
    ----------
    files
        Fields that hold files, written to disk.
    texts
        Fields that hold texts, and how many bytes at most; sent as a file or not.
    """

    files: frozenset[str]
    texts: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Form:
    """A form that came whole.

    Parameters
    ----------
    files, texts
        By field. Empty texts count as not given.
    sha256
        Of all that was sent, whatever the boundary was.
    """

    files: Mapping[str, Upload]
    texts: Mapping[str, str]
    sha256: str


def is_multipart(request: Request) -> bool:
    """Whether a body says that it may hold files."""
    media, _ = parse_options_header(request.headers.get("content-type", ""))
    return media == b"multipart/form-data"


async def receive_form(request: Request, kind: FormKind, incoming: Incoming) -> Form:
    """Read a form to its end.

    Raises
    ------
    NotMultipart, FormInvalid
    ClientLeft, BodyTooLarge, BodyTooSlow, DiskFull
    """
    media, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if media != b"multipart/form-data" or not boundary:
        raise NotMultipart
    reading = _Reading(kind, incoming)
    try:
        parser = MultipartParser(boundary, reading.callbacks)  # type: ignore[arg-type]
        async for piece in request.stream():
            parser.write(piece)
        parser.finalize()
    except FormParserError as error:
        raise _malformed() from error
    except ClientDisconnect as error:
        raise ClientLeft from error
    return reading.form()


def _malformed() -> FormInvalid:
    return FormInvalid(expected="a body as its Content-Type says", found="one that breaks off")


class _Reading:
    """A form of which the parts are coming."""

    def __init__(self, kind: FormKind, incoming: Incoming) -> None:
        self._kind, self._incoming = kind, incoming
        self._files: dict[str, Upload] = {}
        self._texts: dict[str, bytes] = {}
        self._names: dict[str, str] = {}
        self._field = b""
        self._headers: dict[bytes, bytes] = {}
        self._header, self._value = b"", b""
        self._arriving: Arriving | None = None
        self._ended = False

    @property
    def callbacks(self) -> dict[str, Callable[..., None]]:
        """What the parser calls."""
        return {
            "on_part_begin": self._begin,
            "on_header_field": self._header_field,
            "on_header_value": self._header_value,
            "on_header_end": self._header_end,
            "on_headers_finished": self._name_part,
            "on_part_data": self._data,
            "on_part_end": self._end_part,
            "on_end": self._end,
        }

    def form(self) -> Form:
        """Return the form.

        Raises
        ------
        FormInvalid
        """
        if not self._ended:
            raise _malformed()
        texts = {name: _decoded(name, value) for name, value in self._texts.items()}
        said = {
            "files": {name: [each.name, each.sha256] for name, each in self._files.items()},
            "texts": texts,
        }
        digest = hashlib.sha256(canonical(said).encode()).hexdigest()
        given = {name: text for name, text in texts.items() if text}
        return Form(self._files, given, digest)

    def _begin(self) -> None:
        self._headers, self._header, self._value = {}, b"", b""

    def _header_field(self, data: bytes, start: int, end: int) -> None:
        self._header += data[start:end]
        self._check_header(self._header)

    def _header_value(self, data: bytes, start: int, end: int) -> None:
        self._value += data[start:end]
        self._check_header(self._value)

    @staticmethod
    def _check_header(text: bytes) -> None:
        if len(text) > _LARGEST_HEADER:
            raise FormInvalid(expected="short headers of parts", found="a longer one")

    def _header_end(self) -> None:
        self._headers[self._header.lower()] = self._value
        self._header, self._value = b"", b""
        if len(self._headers) > _MOST_PARTS:
            raise FormInvalid(expected="few headers of a part", found="many")

    def _name_part(self) -> None:
        _, options = parse_options_header(self._headers.get(b"content-disposition", b""))
        name = _decoded("the name of a part", options.get(b"name", b""))
        if name not in self._kind.files and name not in self._kind.texts:
            known = ", ".join(sorted((*self._kind.files, *self._kind.texts)))
            raise FormInvalid(expected=f"fields among {known}", found=repr(name[:80]))
        if name in self._files or name in self._texts:
            raise FormInvalid(expected="every field once", found=f"{name} twice")
        self._field = name.encode()
        self._arriving = None
        if name in self._kind.files:
            sender = options.get(b"filename", b"").decode("utf-8", "replace")
            self._arriving = self._incoming.begin(shown_name(sender))
        else:
            self._texts[name] = b""

    def _data(self, data: bytes, start: int, end: int) -> None:
        if self._arriving is not None:
            self._arriving.write(memoryview(data)[start:end])
            return
        name = self._field.decode()
        self._texts[name] += data[start:end]
        limit = self._kind.texts[name]
        if len(self._texts[name]) > limit:
            raise FormInvalid(expected=f"{name} of at most {limit} bytes", found="a longer one")

    def _end_part(self) -> None:
        if self._arriving is not None:
            self._files[self._field.decode()] = self._arriving.finished()
            self._arriving = None

    def _end(self) -> None:
        self._ended = True


def _decoded(what: str, value: bytes) -> str:
    try:
        text = value.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise FormInvalid(expected=f"{what} in UTF-8", found="bytes that are no text") from error
    if "\0" in text:
        raise FormInvalid(expected=f"{what} without NUL", found="one with")
    return text.strip()
