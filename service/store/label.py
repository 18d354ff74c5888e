"""What something is called: by its label it is told from others, by its name people know it."""

from typing import Final

BETWEEN: Final = " · "
"""Between the parts of a label, as maker, product and number of a lot."""
UNSAID: Final = "?"
"""A part that nobody said."""


def called(label: str) -> str:
    """Return a label as people read it: what nobody said is left out, but for its last part."""
    *before, last = label.split(BETWEEN)
    return BETWEEN.join((*(each for each in before if each != UNSAID), last))
