"""Search bytes for texts, whatever their case, their encoding, and the order of their words."""

import itertools
import re
from collections.abc import Collection, Iterable, Iterator
from functools import lru_cache

import numpy as np

_ENCODINGS = ("utf-8", "latin-1", "mac-roman", "utf-16-le", "utf-16-be")
_PIECE = 1 << 20
_HEAD = 3
"""Bytes that are compared by table, before the text is compared in full."""

_MOST_CANDIDATES = 1 << 14  # of a piece; beyond, as in a stretch of zeros, each text is looked for
_MOST_ORDERED = 4  # words that are looked for in every order: 24 of them
_BETWEEN = rb"[^0-9a-z\x80-\xff]{0,3}"


def words_of(text: str) -> tuple[str, ...]:
    """Words of a text in lower case, without the NULs that UTF-16 leaves between letters."""
    return tuple(word for word in re.split(r"[\W_]+", text.replace("\0", "").lower()) if word)


def weight(text: str) -> int:
    """How hard the letters and digits of a text are to meet by chance, in bytes or so.

    Letters of one byte in some encoding count once, all others three times: at least two bytes,
    of which upper and lower case are not alike.
    """
    return sum(1 if _in_one_byte(sign) else 3 for sign in text if sign.isalnum())


def _in_one_byte(sign: str) -> bool:
    if sign.isascii() or ord(sign) < 256:
        return True
    return len(sign.encode("mac-roman", "ignore")) == 1


def spellings(text: str) -> frozenset[bytes]:
    """Bytes that a text may have become; ASCII letters in lower case, as `found_in` compares.

    Of UTF-16 without the zeros at the ends, which are the same in both byte orders.
    """
    found = set()
    for form in {text, text.lower(), text.upper()}:
        for encoding in _ENCODINGS:
            try:
                found.add(form.encode(encoding).lower().strip(b"\0"))
            except UnicodeEncodeError:
                continue
    return frozenset(found - {b""})


def first_trace(content: bytes | memoryview, values: Iterable[str]) -> tuple[int, str] | None:
    """First place where one of the values stands, and which; None where none does.

    A value stands where its words stand side by side, with up to three other signs between them: in
    every order where they are no more than four, else in their own.

    Parameters
    ----------
    content
        Where to search.
    values
        What to search for; one of fewer than three bytes is passed over.
    """
    anchors: dict[bytes, list[str]] = {}
    for value in values:
        for needle in spellings(_anchor(value)):
            anchors.setdefault(needle, []).append(value)
    for at, needle in found_in(content, anchors):
        for value in anchors[needle]:
            reach = 2 * (len(value.encode("utf-8", "replace")) + 8)
            around = bytes(content[max(at - reach, 0) : at + len(needle) + reach])
            if _pattern(value).search(around.replace(b"\0", b"").lower()):
                return at, value
    return None


def _anchor(value: str) -> str:
    """Word of a value that is met least by chance, or all of it where none is long enough."""
    rarest = max(words_of(value), key=lambda word: (len(set(word)), weight(word)), default="")
    return rarest if len(rarest.encode("utf-8", "replace")) >= _HEAD else value.strip("\0 ")


@lru_cache(maxsize=256)
def _pattern(value: str) -> re.Pattern[bytes]:
    """Words of a value side by side, in bytes without zeros and in lower case."""
    spelled = [_any_of(spellings(word)) for word in words_of(value)] or [_any_of(spellings(value))]
    several = 1 < len(spelled) <= _MOST_ORDERED
    orders = itertools.permutations(spelled) if several else [tuple(spelled)]
    return re.compile(b"|".join(_BETWEEN.join(order) for order in orders))


def _any_of(forms: Iterable[bytes]) -> bytes:
    plain = sorted({form.replace(b"\0", b"") for form in forms})
    return b"(?:" + b"|".join(map(re.escape, plain)) + b")"


def found_in(
    content: bytes | memoryview, needles: Collection[bytes]
) -> Iterator[tuple[int, bytes]]:
    """Places where one of the needles stands, ASCII letters compared without case.

    Parameters
    ----------
    content
        Where to search.
    needles
        Lower case; those shorter than 3 bytes are not searched for.
    """
    heads: dict[bytes, list[bytes]] = {}
    for needle in needles:
        if len(needle) >= _HEAD:
            heads.setdefault(needle[:_HEAD], []).append(needle)
    if not heads:
        return
    first, second = _table(head[:2] for head in heads), _table(head[1:] for head in heads)
    longest = max(len(needle) for group in heads.values() for needle in group)
    for at in range(0, len(content), _PIECE):
        piece = bytes(content[at : at + _PIECE + longest]).lower()
        candidates = _candidates(piece, first, second)
        if len(candidates) > _MOST_CANDIDATES:
            heads_there = {piece[each : each + _HEAD] for each in set(candidates)}
            sought = [needle for head in heads_there for needle in heads.get(head, ())]
            yield from _one_by_one(piece, sought, at)
            continue
        for position in candidates:
            if position < _PIECE:
                for needle in heads.get(piece[position : position + _HEAD], ()):
                    if piece.startswith(needle, position):
                        yield at + position, needle


def _one_by_one(piece: bytes, needles: Iterable[bytes], start: int) -> Iterator[tuple[int, bytes]]:
    for needle in needles:
        at = piece.find(needle)
        while 0 <= at < _PIECE:
            yield start + at, needle
            at = piece.find(needle, at + 1)


def _table(pairs: Iterable[bytes]) -> np.ndarray:
    table = np.zeros(1 << 16, dtype=bool)
    for pair in pairs:
        table[pair[0] | pair[1] << 8] = True
    return table


def _candidates(piece: bytes, first: np.ndarray, second: np.ndarray) -> list[int]:
    """Positions whose three bytes are in the tables, pair by pair."""
    if len(piece) < _HEAD:
        return []
    octets = np.frombuffer(piece, np.uint8).astype(np.uint16)
    pairs = octets[:-1] | octets[1:] << np.uint16(8)
    return np.flatnonzero(first[pairs[:-1]] & second[pairs[1:]]).tolist()
