"""Foreign text made fit for a terminal: file names and keywords can hold escape sequences."""

import unicodedata

# Control, format (bidirectional overrides among them), surrogates, line and paragraph separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})


def printable(text: str) -> str:
    """`text` on one line, with everything that a terminal would obey instead of show escaped."""
    if text.isprintable():
        return text
    return "".join(_shown(sign) for sign in text)


def printable_line(line: str) -> str:
    """Return a line of results, with its line feed, as `printable`; a quoted cell's lines in it."""
    return printable(line.removesuffix("\n")) + "\n"


def _shown(sign: str) -> str:
    if unicodedata.category(sign) not in _HIDDEN:
        return sign
    return sign.encode("unicode_escape").decode("ascii")
