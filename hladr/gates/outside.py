"""Everything that is not in a gate."""

from collections.abc import Mapping
from dataclasses import dataclass

from hladr.arrays import BoolArray, FloatArray
from hladr.gates.column import Column
from hladr.gates.gate import Gate
from hladr.gates.shape import Complement, ReaderOf


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

    def shape(self, reader_of: ReaderOf) -> Complement:
        """Return the gate ready to be asked about the events of a file."""
        return Complement(self.gate.shape(reader_of))
