"""How an analogue pulse becomes the number stored in the file."""

from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from hladr.arrays import FloatArray


class Digitiser(Protocol):
    """What every digitiser has: a range for `$PnR`, bits for `$PnB`, `$PnE`, and two directions."""

    @property
    def range(self) -> int:
        """Value of `$PnR`."""

    @property
    def bits(self) -> int:
        """Value of `$PnB`."""

    @property
    def amplification(self) -> str:
        """Value of `$PnE`."""

    def stored(self, values: FloatArray) -> NDArray[Any]:
        """Numbers written for these scale values."""

    def scale(self, stored: NDArray[Any]) -> FloatArray:
        """Scale values that a reader makes of stored numbers."""


@dataclass(frozen=True, slots=True)
class FloatDigitiser:
    """BD digital electronics: baseline restored, so below zero too; the top is 18 bits."""

    range: int = 262144
    bits: int = 32
    amplification: str = "0,0"

    def stored(self, values: FloatArray) -> NDArray[np.float32]:
        """Single-precision floats, cut at the top."""
        return np.minimum(values, self.range - 1.0).astype(np.float32)

    def scale(self, stored: NDArray[Any]) -> FloatArray:
        """Return stored numbers as they are."""
        return np.asarray(stored, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class LinearDigitiser:
    """Linear integers; what lies below zero is stored as zero."""

    range: int
    bits: int = 32
    amplification: str = "0,0"

    def stored(self, values: FloatArray) -> NDArray[np.int64]:
        """Whole channels, cut at zero and at the top."""
        return np.clip(np.floor(values), 0, self.range - 1).astype(np.int64)

    def scale(self, stored: NDArray[Any]) -> FloatArray:
        """Return stored numbers as they are: the low edge of each channel."""
        return np.asarray(stored, dtype=np.float64)


@dataclass(frozen=True, slots=True)
class LogDigitiser:
    """Logarithmic amplifier before a converter, as on a FACSCalibur: four decades on 1024 channels.

    Parameters
    ----------
    decades, range
        Span of the amplifier and number of channels.
    ripple
        Largest relative departure of the amplifier from a true logarithm, one wave a decade
        (assumed).
    """

    decades: float = 4.0
    range: int = 1024
    bits: int = 16
    ripple: float = 0.0

    @property
    def amplification(self) -> str:
        """As CellQuest writes it: the offset is zero, which readers must take for one."""
        return f"{self.decades:g},0"

    def stored(self, values: FloatArray) -> NDArray[np.int64]:
        """Whole channels of the logarithm; everything below one is channel 0."""
        level = np.log10(np.maximum(values, 1.0))
        level += self.ripple / np.log(10.0) * np.sin(2.0 * np.pi * level)
        channel = np.floor(level * self.range / self.decades)
        return np.clip(channel, 0, self.range - 1).astype(np.int64)

    def scale(self, stored: NDArray[Any]) -> FloatArray:
        """10 ** (decades * channel / range): the low edge of each channel."""
        return np.asarray(10.0 ** (self.decades * np.asarray(stored, float) / self.range))
