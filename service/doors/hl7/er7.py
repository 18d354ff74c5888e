"""HL7's text with bars: segments of fields, every text escaped, times in their own form."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from service.told_time import Day, told

_SIGNS = {"\\": "\\E\\", "|": "\\F\\", "^": "\\S\\", "~": "\\R\\", "&": "\\T\\"}
_UNSEEN = (*range(0x20), *range(0x7F, 0xA0), 0x2028, 0x2029)
_CONTROLS = {chr(code): f"\\X{chr(code).encode().hex().upper()}\\" for code in _UNSEEN}
_ESCAPES: Final = str.maketrans(_SIGNS | _CONTROLS)
_WIDEST_ZONE: Final = dt.timedelta(hours=12)
_ZONE_SIGNS: Final = 5  # hours and minutes; zones of long ago had seconds as well

Field = str | tuple[str, ...]
"""A text, or its components; each is plain, and escaped when it is written."""


@dataclass(frozen=True, slots=True)
class Repeated:
    """A field that stands several times."""

    times: tuple[Field, ...]


Fields = Mapping[int, Field | Repeated]
"""Fields by their numbers."""


def escaped(text: str) -> str:
    r"""Return a text in which no sign means anything but itself.

    Line ends and other signs that nobody sees are written by their bytes (``\X0D\``; in UTF-8):
    some system would end a line, a segment or the message there.
    """
    return text.encode("utf-8", "replace").decode().translate(_ESCAPES)


def segment(name: str, fields: Fields) -> str:
    """Return a segment; fields that are not given are empty."""
    texts = (_field(fields.get(number, "")) for number in range(1, max(fields) + 1))
    return "|".join([name, *texts]).rstrip("|")


def moment(text: str | None, zone: dt.tzinfo) -> str:
    """Return a time in HL7's form: a day alone stays one, any other is told with its zone.

    The form knows no zone beyond 12 hours; a time in one is told in UTC.

    Parameters
    ----------
    text
        ISO 8601; None, or a year that cannot be believed, is told as nothing.
    zone
        Of the laboratory: of times that say none.
    """
    said = told(text, zone)
    if said is None:
        return ""
    if isinstance(said, Day):
        return said.day.strftime("%Y%m%d")
    at = said.at
    if abs(at.utcoffset() or dt.timedelta()) > _WIDEST_ZONE:
        at = at.astimezone(dt.UTC)
    return at.strftime("%Y%m%d%H%M%S") + at.strftime("%z")[:_ZONE_SIGNS]


def _field(value: Field | Repeated) -> str:
    if isinstance(value, Repeated):
        return "~".join(map(_field, value.times))
    if isinstance(value, tuple):
        return "^".join(escaped(each) for each in value).rstrip("^")
    return escaped(value)
