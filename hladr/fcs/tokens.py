"""Keywords and values between delimiters, when real files disagree on what two delimiters mean.

The standard writes a delimiter inside a value twice. Many instruments write an empty value, which
the standard forbids, and that puts two delimiters side by side as well. Both occur, even in one
file; and some write a delimiter inside a value once. The first reading here tells the first two
apart by their place; the others are tried only where it leaves required keywords missing or finds
keywords in the place of values, and the one with the fewest gaps is taken.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import zip_longest

from hladr.fcs.errors import LimitExceeded, TextInvalid, shown
from hladr.fcs.keywords import BLANKS
from hladr.fcs.standard_keywords import STANDARD, WEIGHTY

_BLANKS = BLANKS.encode()
KEYWORD_LIMIT = 65_536
CHANNEL_LIMIT = 4096
_ENDLESS = 2**62  # gaps of no reading
_NAMING = re.compile(rb"\$P[0-9]{1,4}[NS]")
_REQUIRED = (b"$PAR", b"$TOT", b"$DATATYPE", b"$BYTEORD", b"$MODE")
Pairs = list[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Split:
    """Keywords and values of a segment.

    Parameters
    ----------
    pairs
        Keyword and value, as written.
    joined
        Keywords whose values hold the delimiter unescaped.
    misplaced
        Keywords of the standard that stand in the place of a value, and nowhere else.
    """

    pairs: Pairs
    joined: tuple[bytes, ...]
    misplaced: tuple[bytes, ...]


def split_pairs(segment: bytes, most: int = KEYWORD_LIMIT) -> Pairs:
    """Take a TEXT segment apart into keywords and values.

    Raises
    ------
    TextInvalid, LimitExceeded
        As `split_segment`.
    """
    return split_segment(segment, most).pairs


def split_segment(segment: bytes, most: int = KEYWORD_LIMIT) -> Split:
    """Take a TEXT segment apart, and say what does not fit.

    Parameters
    ----------
    segment
        The bytes; the first one is the delimiter, whichever byte it is.
    most
        Keywords that are read.

    Raises
    ------
    TextInvalid
        There is nothing between the delimiters, or a keyword that numbers rest on stands where
        every reading sees a value.
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
    joined: list[bytes] = []
    fewest = _ENDLESS
    for reading in (by_place, all_escaped, all_empty, pairs_apart):
        pairs = reading(pieces, delimiter)
        gaps = count_gaps(pairs, delimiter, fewest)
        if gaps < fewest:
            best, fewest = pairs, gaps
        if fewest == 0:
            break
    if fewest:
        pairs, names = rejoined(pieces, delimiter)
        if names and count_gaps(pairs, delimiter, fewest) < fewest:
            best, joined = pairs, names
    if not best:
        raise TextInvalid(found=f"{len(segment)} bytes without one")
    misplaced = tuple(_misplaced(best, delimiter)) if fewest else ()
    lost = next((name for name in misplaced if WEIGHTY.fullmatch(name)), None)
    if lost is not None:
        name = shown(lost.decode("latin-1"))
        raise TextInvalid(found=f"{name} in the place of a value, as after a stray delimiter")
    return Split(best, tuple(joined), misplaced)


def by_place(pieces: list[bytes], delimiter: bytes) -> Pairs:
    """After a keyword two delimiters are an empty value, inside a value they are an escaped one."""
    if all(pieces):  # as nearly always: no two delimiters meet
        return list(zip_longest(pieces[::2], pieces[1::2], fillvalue=b""))
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
    if at + 1 < len(pieces) and pieces[at] and pieces[at + 1]:  # as nearly always
        return pieces[at], at + 1
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


def rejoined(pieces: list[bytes], delimiter: bytes) -> tuple[Pairs, list[bytes]]:
    """As `by_place`, but what stands before a keyword of the standard in its stead ends a value.

    ``/$P1F/585/42/$P1E/4,1/`` has one delimiter too many or one too few: 42 belongs to 585, since
    $P1E is a keyword. Also returns the keywords whose values were put together so.
    """
    pairs: Pairs = []
    joined: dict[bytes, None] = {}
    at = 0
    while at < len(pieces):
        keyword = pieces[at]
        at += 1
        following = pieces[at] if at < len(pieces) else b""
        if keyword and pairs and _is_standard(following) and not _is_standard(keyword):
            name, value = pairs[-1]
            pairs[-1] = (name, value + delimiter + keyword)
            joined[name] = None
        elif keyword:
            value, at = _value(pieces, at, delimiter)
            pairs.append((keyword, value))
    return pairs, list(joined)


def _is_standard(token: bytes) -> bool:
    # Most tokens are no keywords: the look that costs little comes first.
    return (b"$" in token or b"SPILL" in token.upper()) and bool(STANDARD.fullmatch(_upper(token)))


def _upper(token: bytes) -> bytes:
    return token.strip(_BLANKS).upper()


def _paired(tokens: list[bytes]) -> Pairs:
    return [pair for pair in zip(tokens[::2], tokens[1::2], strict=False) if pair[0]]


def count_gaps(pairs: Pairs, delimiter: bytes, enough: int) -> int:
    """How far a reading is from whole; not counted beyond `enough`.

    Counts required keywords that are missing, keywords found inside values, and standard keywords
    given twice with different values.
    """
    found: dict[bytes, bytes] = {}
    gaps = 0
    for keyword, value in pairs:
        name = _upper(keyword)
        if found.setdefault(name, value) != value and STANDARD.fullmatch(name):
            gaps += 1
        if _keyword_inside(keyword, value, delimiter) is not None:
            gaps += 1
        if gaps >= enough:
            return gaps
    gaps += sum(name not in found for name in _REQUIRED)
    channels = found.get(b"$PAR", b"").strip()
    if channels.isdigit() and len(channels) <= 4:
        promised = min(int(channels), CHANNEL_LIMIT)
        possible = min(promised, len(found))  # a promise of thousands costs no time
        gaps += 2 * (promised - possible)
        for n in range(1, possible + 1):
            gaps += (b"$P%dB" % n not in found) + (b"$P%dR" % n not in found)
    return gaps


def _keyword_inside(keyword: bytes, value: bytes, delimiter: bytes) -> bytes | None:
    """Keyword of the standard that a value is, or that stands in it between delimiters.

    A channel may be called SPILL.
    """
    if b"$" not in value and b"SPILL" not in value:
        return None
    if delimiter in value:
        inside = (token for token in value.split(delimiter)[1:] if STANDARD.fullmatch(token))
        return next(inside, None)
    token = _upper(value)
    if not STANDARD.fullmatch(token) or (b"$" not in token and _NAMING.fullmatch(_upper(keyword))):
        return None
    return token


def _misplaced(pairs: Pairs, delimiter: bytes) -> Iterator[bytes]:
    names = {_upper(keyword) for keyword, _value in pairs}
    for keyword, value in pairs:
        inside = _keyword_inside(keyword, value, delimiter)
        if inside is not None and inside not in names:
            yield inside


def _without_tail(segment: bytes) -> bytes:
    """Drop the leading delimiter, padding after the last one, and the last one itself."""
    delimiter = segment[:1]
    padding = bytes(byte for byte in _BLANKS if byte != segment[0])
    body = segment[1:].rstrip(padding)
    return body[:-1] if body.endswith(delimiter) else body
