"""Everything that is not in a gate."""

from collections.abc import Mapping
from dataclasses import dataclass

from hladr.arrays import BoolArray, FloatArray
from hladr.gates.column import Column
from hladr.gates.dimension import Gate


@dataclass(frozen=True, slots=True)
class Outside:
    """Events that a gate leaves out, those with a NaN too: both make up the whole file.

    For other gates of a strategy, with what is above them, see `Combination`.
    """

    gate: Gate

    @property
    def name(self) -> str:
        """What the gate is called."""
        return self.gate.name

    def mask(self, columns: Mapping[Column, FloatArray]) -> BoolArray:
        """One boolean an event of `columns`: data values by what the dimensions name."""
        return ~self.gate.mask(columns)

    def mask_among(self, columns: Mapping[Column, FloatArray], among: BoolArray) -> BoolArray:
        """The same for the events `among` which it is asked, False for the others."""
        return among & ~self.gate.mask_among(columns, among)
