"""Write FCS 2.0, 3.0, 3.1 and 3.2 list mode: the stored numbers exactly as they are given.

The same arguments give the same bytes. FlowIO writes floats only; simulators and tests need
integers of every width, log amplification and both byte orders as well.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO, Literal

import numpy as np

from hladr.fcs.header import HEADER_BYTES, TEXT_BYTES_LIMIT, VERSIONS
from hladr.fcs.keywords import BLANKS
from hladr.fcs.output_channel import Field, OutputChannel, check_channel, field_of

__all__ = ["OutputChannel", "write_fcs"]

_HEADER_LAST = 99_999_999
_PIECE_EVENTS = 65_536
_DELIMITERS = "/|\\!~\x0c"
_OFFSET_DIGITS = 14


def write_fcs(
    target: str | Path | BinaryIO,
    channels: Sequence[OutputChannel],
    *,
    keywords: Mapping[str, str] | None = None,
    version: str = "FCS3.1",
    data_type: Literal["I", "F", "D"] = "F",
    byte_order: Literal["little", "big"] = "little",
    delimiter: str | None = None,
) -> None:
    """Write one data set.

    Parameters
    ----------
    target
        Path, or a binary stream to write to.
    channels
        Columns, all of one length.
    keywords
        Further keywords, written before the required ones: $CYT, $SPILLOVER, $TIMESTEP …
    version, data_type, byte_order
        ``FCS2.0`` to ``FCS3.2``, $DATATYPE, $BYTEORD.
    delimiter
        One ASCII character; None takes the first customary one that occurs in no name or value.

    Raises
    ------
    ValueError
        Columns of different lengths, numbers that do not fit their type, a type of a channel's own
        before FCS 3.2, settings that are none, keywords that describe the bytes and are the
        writer's own, names that no reader would find again, an empty value, or more TEXT than is
        read.
    """
    if version not in VERSIONS:
        raise ValueError(f"version must be one of {VERSIONS}, not {version!r}")
    for channel in channels:
        check_channel(channel, data_type, version)
    fields = [field_of(channel, channel.data_type or data_type) for channel in channels]
    if len({field.numbers.size for field in fields}) != 1:
        raise ValueError("channels must be of one length, at least one channel")
    n_events = fields[0].numbers.size
    entries = dict(keywords or {})
    _refuse_own_names(entries, len(fields))
    _check_names(entries)
    entries |= _required(channels, fields, n_events, data_type, byte_order)
    text = _Text(entries, _delimiter(entries, delimiter))
    head = _head(version, text, n_events * sum(field.width for field in fields))
    with _stream(target) as stream:
        stream.write(head)
        for piece in _pieces(fields, n_events, byte_order):
            stream.write(piece)


def _check_names(entries: Mapping[str, str]) -> None:
    """Refuse keywords that a reader would find under another name, or not at all."""
    if len({name.upper() for name in entries}) != len(entries):
        raise ValueError("keywords must differ by more than upper and lower case")
    padded = [name for name in entries if name != name.strip(BLANKS)]
    if padded:
        raise ValueError(f"keywords must have no blanks around them: {padded}")


def _required(
    channels: Sequence[OutputChannel],
    fields: Sequence[Field],
    n_events: int,
    data_type: str,
    byte_order: str,
) -> dict[str, str]:
    entries = {
        "$BYTEORD": "1,2,3,4" if byte_order == "little" else "4,3,2,1",
        "$DATATYPE": data_type,
        "$MODE": "L",
        "$NEXTDATA": "0",
        "$PAR": str(len(channels)),
        "$TOT": str(n_events),
    }
    for n, (channel, field) in enumerate(zip(channels, fields, strict=True), start=1):
        entries[f"$P{n}N"] = channel.name
        entries[f"$P{n}B"] = str(8 * field.width)
        entries[f"$P{n}R"] = f"{channel.range:.17g}"
        entries[f"$P{n}E"] = channel.amplification
        optional = {"S": channel.marker, "DATATYPE": channel.data_type}
        numbers = {"G": channel.gain, "V": channel.voltage}
        optional |= {k: None if v is None else f"{v:.17g}" for k, v in numbers.items()}
        entries |= {f"$P{n}{k}": v for k, v in optional.items() if v is not None}
    return entries


def _refuse_own_names(entries: Mapping[str, str], count: int) -> None:
    """Refuse keywords that describe the bytes: the writer knows them better."""
    own = {"$BYTEORD", "$DATATYPE", "$MODE", "$NEXTDATA", "$PAR", "$TOT"}
    own |= {f"${edge}{what}" for edge in ("BEGIN", "END") for what in ("DATA", "STEXT", "ANALYSIS")}
    letters = ("N", "B", "R", "E", "G", "V", "S", "DATATYPE")
    own |= {f"$P{n}{letter}" for n in range(1, count + 1) for letter in letters}
    given = [name for name in entries if name.upper() in own]
    if given:
        raise ValueError(f"the writer sets {given} itself")


@dataclass(frozen=True, slots=True)
class _Text:
    entries: dict[str, str]
    delimiter: str

    def encoded(self, offsets: dict[str, str]) -> bytes:
        mark = self.delimiter
        tokens = [token for pair in (offsets | self.entries).items() for token in pair]
        escaped = (token.replace(mark, mark + mark) for token in tokens)
        try:
            text = (mark + mark.join(escaped) + mark).encode()
        except UnicodeEncodeError as error:
            raise ValueError("keywords and values must be whole characters (Unicode)") from error
        if len(text) > TEXT_BYTES_LIMIT:
            raise ValueError(
                f"TEXT must have {TEXT_BYTES_LIMIT:,} bytes at most, not {len(text):,}"
            )
        return text


def _delimiter(entries: Mapping[str, str], wanted: str | None) -> str:
    names, values = "".join(entries), "".join(entries.values())
    if any(not value for value in entries.values()) or any(not name for name in entries):
        raise ValueError("keywords and values must not be empty")
    if wanted is None:
        free = (mark for mark in _DELIMITERS if mark not in names and mark not in values)
        wanted = next(free, "/")
    if len(wanted.encode()) != 1 or wanted in names:
        raise ValueError(f"delimiter {wanted!r} must be one ASCII character that is in no name")
    return wanted


def _head(version: str, text: _Text, size: int) -> bytes:
    """HEADER and TEXT; the keywords of offsets have a fixed width, so that one pass is enough."""
    zeros = dict.fromkeys(_offset_names(version), "0" * _OFFSET_DIGITS)
    begin = HEADER_BYTES + len(text.encoded(zeros))
    end = begin + size - 1 if size else 0
    offsets = dict(zeros)
    if offsets:
        offsets["$BEGINDATA"] = f"{begin if size else 0:0{_OFFSET_DIGITS}}"
        offsets["$ENDDATA"] = f"{end:0{_OFFSET_DIGITS}}"
    elif end > _HEADER_LAST:
        raise ValueError("FCS 2.0 holds 99,999,999 bytes at most; write FCS 3.1")
    large = end > _HEADER_LAST or not size
    data = (0, 0) if large else (begin, end)
    places = (HEADER_BYTES, begin - 1, *data, 0, 0)
    header = f"{version}    " + "".join(f"{place:8d}" for place in places)
    return header.encode() + text.encoded(offsets)


def _offset_names(version: str) -> tuple[str, ...]:
    if version == "FCS2.0":
        return ()
    segments = ("ANALYSIS", "DATA", "STEXT")
    return tuple(f"${edge}{segment}" for segment in segments for edge in ("BEGIN", "END"))


def _pieces(fields: Sequence[Field], n_events: int, byte_order: str) -> Iterator[bytes]:
    """Events as bytes, 65,536 of them at a time."""
    event_bytes = sum(field.width for field in fields)
    order: Literal["<", ">"] = "<" if byte_order == "little" else ">"
    for at in range(0, n_events, _PIECE_EVENTS):
        count = min(_PIECE_EVENTS, n_events - at)
        block = np.empty((count, event_bytes), np.uint8)
        offset = 0
        for field in fields:
            part = field.numbers[at : at + count]
            machine = part.astype(part.dtype.newbyteorder(order))
            octets = machine.view(np.uint8).reshape(count, part.dtype.itemsize)
            low = octets[:, : field.width] if order == "<" else octets[:, -field.width :]
            block[:, offset : offset + field.width] = low
            offset += field.width
        yield block.tobytes()


@contextmanager
def _stream(target: str | Path | BinaryIO) -> Iterator[BinaryIO]:
    if isinstance(target, str | Path):
        with Path(target).open("wb") as stream:
            yield stream
    else:
        yield target
