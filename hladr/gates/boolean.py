"""A gate made of other gates: and, or, not."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from hladr.arrays import BoolArray, FloatArray
from hladr.gates.column import Column
from hladr.gates.dimension import Gate
from hladr.gates.errors import InvalidGate


class Logic(StrEnum):
    """How the operands of a BooleanGate are joined."""

    AND = "and"
    OR = "or"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Operand:
    """A gate, or with `complement` everything outside it."""

    gate: Gate
    complement: bool = False


@dataclass(frozen=True, slots=True)
class BooleanGate:
    """Events for which the logic of the operands' masks is true.

    Parameters
    ----------
    name
        What the gate is called.
    logic
        How the operands are joined.
    operands
        One or more; exactly one for ``NOT``.

    Raises
    ------
    InvalidGate
        The number of operands does not suit the logic.

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
    operands: tuple[Operand, ...]

    def __post_init__(self) -> None:
        """Refuse a logic that is none, and a number of operands that it cannot join."""
        if self.logic not in tuple(Logic):
            raise InvalidGate(gate=self.name, expected="and, or, not", found=self.logic)
        n = len(self.operands)
        if n == 0 or (self.logic == Logic.NOT and n != 1):
            expected = "one operand" if self.logic == Logic.NOT else "one operand or more"
            raise InvalidGate(gate=self.name, expected=expected, found=n)

    def mask(self, columns: Mapping[Column, FloatArray]) -> BoolArray:
        """One boolean an event of `columns`: data values by what the dimensions name."""
        masks = [
            ~operand.gate.mask(columns) if operand.complement else operand.gate.mask(columns)
            for operand in self.operands
        ]
        first, *others = masks
        joined = ~first if self.logic == Logic.NOT else first
        for mask in others:
            joined = joined & mask if self.logic == Logic.AND else joined | mask
        return joined
