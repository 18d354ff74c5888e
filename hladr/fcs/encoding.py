"""Letters of a TEXT segment: which encoding its bytes are in."""

# What Windows puts where Latin-1 has control characters: dashes, quotes, the trademark sign.
_WINDOWS_ONLY = bytes(range(0x80, 0xA0))


def encoding_of(raw: bytes) -> str:
    """Return the encoding of a segment.

    UTF-8 where its bytes are that; MacRoman where a Macintosh wrote it; Windows-1252 where it has
    signs that Latin-1 has not; else Latin-1.
    """
    if _is(raw, "utf-8"):
        return "utf-8"
    lower = raw.lower()
    if b"macintosh" in lower or b"mac os" in lower:
        return "mac-roman"
    windows = raw.translate(None, _WINDOWS_ONLY) != raw and _is(raw, "cp1252")
    return "cp1252" if windows else "latin-1"


def _is(raw: bytes, encoding: str) -> bool:
    try:
        raw.decode(encoding)
    except UnicodeDecodeError:
        return False
    return True


def texts_of(tokens: list[bytes], encoding: str, delimiter: bytes) -> list[str]:
    """Return the letters of one or more keywords or values."""
    together = delimiter.join(tokens)
    if delimiter.isascii() and together.count(delimiter) == len(tokens) - 1:  # as nearly always
        return together.decode(encoding).split(delimiter.decode("ascii"))
    return [_text_of(token, encoding, delimiter) for token in tokens]


def _text_of(token: bytes, encoding: str, delimiter: bytes) -> str:
    """Return the letters of a keyword or value; a delimiter in it is one character by itself."""
    if delimiter not in token:
        return token.decode(encoding)
    sign = delimiter.decode("ascii" if delimiter.isascii() else "latin-1")
    return sign.join(part.decode(encoding) for part in token.split(delimiter))
