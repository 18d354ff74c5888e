"""One data set as bytes: HEADER and TEXT made anew, events as they were."""

from dataclasses import dataclass

from hladr.deidentify.errors import DeidentifiedDiffers
from hladr.fcs.header import HEADER_BYTES

DELIMITER = "|"
_HEADER_LAST = 99_999_999
_OFFSET_DIGITS = 14
_OFFSETS = tuple(
    f"${edge}{segment}" for segment in ("ANALYSIS", "DATA", "STEXT") for edge in ("BEGIN", "END")
)


@dataclass(frozen=True, slots=True, eq=False)
class Block:
    """HEADER with TEXT, and the events behind it."""

    head: bytes
    data: memoryview

    @property
    def size(self) -> int:
        """Number of bytes."""
        return len(self.head) + len(self.data)


def make_block(version: str, entries: dict[str, str], data: memoryview, *, is_last: bool) -> Block:
    """Bytes of a data set.

    Parameters
    ----------
    version
        As in the HEADER.
    entries
        Keywords without those of places.
    data
        Events.
    is_last
        Whether no data set follows.

    Raises
    ------
    ValueError
        A keyword or value is empty or holds the delimiter.
    DeidentifiedDiffers
        FCS 2.0 has no room for offsets of this size.
    """
    if any(not part or DELIMITER in part for pair in entries.items() for part in pair):
        raise ValueError("keywords and values must not be empty, nor hold the delimiter")
    names = () if version == "FCS2.0" else _OFFSETS
    zero = "0" * _OFFSET_DIGITS
    places = dict.fromkeys((*names, "$NEXTDATA"), zero)
    begin = HEADER_BYTES + len(_text(places | entries))
    last = begin + len(data) - 1
    if names and len(data):
        places |= {"$BEGINDATA": _padded(begin), "$ENDDATA": _padded(last)}
    if not is_last:
        places["$NEXTDATA"] = _padded(begin + len(data))
    fits = len(data) > 0 and last <= _HEADER_LAST
    if len(data) and not fits and not names:
        raise DeidentifiedDiffers(what="the place of the events, which FCS 2.0 cannot give")
    offsets = (HEADER_BYTES, begin - 1, *((begin, last) if fits else (0, 0)), 0, 0)
    header = f"{version}    " + "".join(f"{offset:8d}" for offset in offsets)
    return Block(header.encode() + _text(places | entries), data)


def _padded(offset: int) -> str:
    return f"{offset:0{_OFFSET_DIGITS}d}"


def _text(entries: dict[str, str]) -> bytes:
    tokens = [token for pair in entries.items() for token in pair]
    return (DELIMITER + DELIMITER.join(tokens) + DELIMITER).encode()
