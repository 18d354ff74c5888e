"""How names and values of a file appear in a sentence."""

from collections.abc import Sequence

SHOWN_CHARACTERS = 60


def shown(value: object) -> str:
    """Return `value` for a sentence: quoted, control characters escaped, not longer than a line."""
    text = repr(value)
    return text if len(text) <= SHOWN_CHARACTERS else text[:SHOWN_CHARACTERS] + "…"


def listed(names: Sequence[str], *, most: int = 12) -> str:
    """Return names for a sentence, the first few of them."""
    text = ", ".join(shown(name) for name in names[:most])
    return text if len(names) <= most else f"{text} and {len(names) - most} more"
