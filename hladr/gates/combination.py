"""A gate joined from other gates of its strategy: and, or, not."""

from dataclasses import dataclass
from enum import StrEnum

from hladr.gates.errors import InvalidGate

Path = tuple[str, ...]


class Logic(StrEnum):
    """How the references of a Combination are joined."""

    AND = "and"
    OR = "or"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Reference:
    """Events of another gate of the strategy, or with `complement` all others of the file."""

    path: Path
    complement: bool = False


@dataclass(frozen=True, slots=True)
class Combination:
    """Other gates of the strategy joined by and, or, not; their parents come with them.

    Parameters
    ----------
    name
        What the gate is called.
    logic
        How the references are joined.
    references
        One or more; exactly one for ``NOT``.

    Raises
    ------
    InvalidGate
        The logic is none, or the number of references does not suit it.

    Notes
    -----
    A complement holds every event its gate leaves out, those with a NaN too: a gate and its
    complement always make up the whole file.

    References
    ----------
    .. [1] Gating-ML 2.0, International Society for Advancement of Cytometry, 2013; section 5.1.5.
    """

    name: str
    logic: Logic
    references: tuple[Reference, ...]

    def __post_init__(self) -> None:
        """Refuse a logic that is none, and a number of references that it cannot join."""
        if self.logic not in tuple(Logic):
            raise InvalidGate(gate=self.name, expected="and, or, not", found=self.logic)
        n = len(self.references)
        if n == 0 or (self.logic == Logic.NOT and n != 1):
            expected = "one reference" if self.logic == Logic.NOT else "one reference or more"
            raise InvalidGate(gate=self.name, expected=expected, found=n)
