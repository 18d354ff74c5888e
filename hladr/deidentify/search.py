"""Search bytes for texts, whatever their case and encoding."""

from collections.abc import Iterable, Iterator

import numpy as np

_ENCODINGS = ("utf-8", "latin-1", "mac-roman", "utf-16-le", "utf-16-be")
_PIECE = 1 << 20
_HEAD = 4
"""Bytes that are compared by table, before the text is compared in full."""


def spellings(text: str) -> frozenset[bytes]:
    """Bytes that a text may have become; ASCII letters in lower case, as `found_in` compares."""
    found = set()
    for form in {text, text.lower(), text.upper()}:
        for encoding in _ENCODINGS:
            try:
                found.add(form.encode(encoding).lower())
            except UnicodeEncodeError:
                continue
    return frozenset(found)


def found_in(content: bytes | memoryview, needles: Iterable[bytes]) -> Iterator[tuple[int, bytes]]:
    """Places where one of the needles stands, ASCII letters compared without case.

    Parameters
    ----------
    content
        Where to search.
    needles
        Lower case; those shorter than 4 bytes are not searched for.
    """
    heads: dict[bytes, list[bytes]] = {}
    for needle in needles:
        if len(needle) >= _HEAD:
            heads.setdefault(needle[:_HEAD], []).append(needle)
    if not heads:
        return
    first, second = _table(head[:2] for head in heads), _table(head[2:] for head in heads)
    longest = max(len(needle) for group in heads.values() for needle in group)
    for at in range(0, len(content), _PIECE):
        piece = bytes(content[at : at + _PIECE + longest]).lower()
        for position in _candidates(piece, first, second):
            if position < _PIECE:
                for needle in heads.get(piece[position : position + _HEAD], ()):
                    if piece.startswith(needle, position):
                        yield at + position, needle


def _table(pairs: Iterable[bytes]) -> np.ndarray:
    table = np.zeros(1 << 16, dtype=bool)
    for pair in pairs:
        table[pair[0] | pair[1] << 8] = True
    return table


def _candidates(piece: bytes, first: np.ndarray, second: np.ndarray) -> list[int]:
    """Positions whose four bytes are in the tables, two by two."""
    if len(piece) < _HEAD:
        return []
    octets = np.frombuffer(piece, np.uint8).astype(np.uint16)
    pairs = octets[:-1] | octets[1:] << np.uint16(8)
    return np.flatnonzero(first[pairs[:-2]] & second[pairs[2:]]).tolist()
