"""Keywords and values between delimiters, when real files disagree on what two delimiters mean.

The standard writes a delimiter inside a value twice. Many instruments write an empty value, which
the standard forbids, and that puts two delimiters side by side as well. Both occur, even in one
file. The first reading here tells them apart by their place; the others are tried only where it
leaves required keywords missing, and the one with the fewest gaps is taken.
"""

import re

from hladr.fcs.errors import LimitExceeded, TextInvalid
from hladr.fcs.keywords import BLANKS

_BLANKS = BLANKS.encode()
KEYWORD_LIMIT = 65_536
CHANNEL_LIMIT = 4096
_REQUIRED = (b"$PAR", b"$TOT", b"$DATATYPE", b"$BYTEORD", b"$MODE")
_STANDARD = re.compile(
    rb"\$(?:P[0-9]{1,4}[BEGNRSV]|PAR|TOT|DATATYPE|BYTEORD|MODE|NEXTDATA|BEGINDATA|ENDDATA)"
)

Pairs = list[tuple[bytes, bytes]]


def split_pairs(segment: bytes, most: int = KEYWORD_LIMIT) -> Pairs:
    """Take a TEXT segment apart into keywords and values.

    Parameters
    ----------
    segment
        The bytes; the first one is the delimiter, whichever byte it is.
    most
        Keywords that are read.

    Raises
    ------
    TextInvalid
        There is nothing between the delimiters.
    LimitExceeded
        More than `most` keywords.
    """
    if len(segment) < 2:
        raise TextInvalid(found=f"{len(segment)} bytes")
    delimiter, body = segment[:1], _without_tail(segment)
    count = body.count(delimiter) // 2
    if count > most:
        raise LimitExceeded(what="the number of keywords", found=count, limit=most)
    pieces = body.split(delimiter)
    best: Pairs = []
    fewest = -1
    for reading in (by_place, all_escaped, all_empty, pairs_apart):
        pairs = reading(pieces, delimiter)
        gaps = count_gaps(pairs, delimiter)
        if fewest < 0 or gaps < fewest:
            best, fewest = pairs, gaps
        if fewest == 0:
            break
    if not best:
        raise TextInvalid(found=f"{len(segment)} bytes without one")
    return best


def by_place(pieces: list[bytes], delimiter: bytes) -> Pairs:
    """After a keyword two delimiters are an empty value, inside a value they are an escaped one."""
    pairs: Pairs = []
    at = 0
    while at < len(pieces):
        keyword = pieces[at]
        at += 1
        if keyword:
            value, at = _value(pieces, at, delimiter)
            pairs.append((keyword, value))
    return pairs


def _value(pieces: list[bytes], at: int, delimiter: bytes) -> tuple[bytes, int]:
    """Value that begins at a piece, and the piece after it.

    An empty piece is a place where two delimiters meet: an odd number of them before text is one
    that ends the value and pairs that stand for one delimiter each; an even number, pairs only.
    """
    empty = _empty_run(pieces, at)
    if empty % 2 or at + empty >= len(pieces):
        return delimiter * ((empty - 1) // 2), at + empty
    parts = [delimiter * (empty // 2), pieces[at + empty]]
    at += empty + 1
    while True:
        empty = _empty_run(pieces, at)
        if empty % 2 == 0 or at + empty >= len(pieces):
            parts.append(delimiter * (empty // 2))
            return b"".join(parts), at + empty
        parts.extend((delimiter * ((empty + 1) // 2), pieces[at + empty]))
        at += empty + 1


def _empty_run(pieces: list[bytes], at: int) -> int:
    end = at
    while end < len(pieces) and not pieces[end]:
        end += 1
    return end - at


def all_escaped(pieces: list[bytes], delimiter: bytes) -> Pairs:
    """Two delimiters are one inside the text, everywhere: the standard to the letter."""
    tokens: list[bytes] = []
    at = 0
    while at < len(pieces):
        parts = [pieces[at]]
        at += 1
        while at + 1 < len(pieces) and not pieces[at]:
            parts.append(pieces[at + 1])
            at += 2
        tokens.append(delimiter.join(parts))
    return _paired(tokens)


def all_empty(pieces: list[bytes], _delimiter: bytes) -> Pairs:
    """Two delimiters enclose an empty value, everywhere."""
    return _paired(pieces)


def pairs_apart(pieces: list[bytes], _delimiter: bytes) -> Pairs:
    """Two delimiters are one: every pair was written between delimiters of its own."""
    return _paired([piece for piece in pieces if piece])


def _paired(tokens: list[bytes]) -> Pairs:
    return [pair for pair in zip(tokens[::2], tokens[1::2], strict=False) if pair[0]]


def count_gaps(pairs: Pairs, delimiter: bytes) -> int:
    """How far a reading is from whole: required keywords missing, keywords found inside values."""
    found = {keyword.strip(_BLANKS).upper(): value for keyword, value in pairs}
    gaps = sum(name not in found for name in _REQUIRED)
    channels = found.get(b"$PAR", b"").strip()
    if channels.isdigit() and len(channels) <= 4:
        promised = min(int(channels), CHANNEL_LIMIT)
        possible = min(promised, len(found))  # a promise of thousands costs no time
        gaps += 2 * (promised - possible)
        for n in range(1, possible + 1):
            gaps += (b"$P%dB" % n not in found) + (b"$P%dR" % n not in found)
    for value in found.values():
        at = value.find(b"$")
        if at >= 0:
            inside = value[at - 1 : at] == delimiter and _STANDARD.match(value, at)
            gaps += bool(inside or _STANDARD.fullmatch(value))
    return gaps


def _without_tail(segment: bytes) -> bytes:
    """Drop the leading delimiter, padding after the last one, and the last one itself."""
    delimiter = segment[:1]
    padding = bytes(byte for byte in _BLANKS if byte != segment[0])
    body = segment[1:].rstrip(padding)
    return body[:-1] if body.endswith(delimiter) else body
