"""What values a gate's dimension reads, said without reading them.

A gate may read any key that the caller's columns have, a plain string too. The kinds below also say
how the values come from a file; `hladr.gates.EventColumns` makes them.
"""

import math
from dataclasses import dataclass

from hladr.gates.matrix import FileMatrix, Matrix


@dataclass(frozen=True, slots=True)
class Recorded:
    """A channel ($PnN) in scale values: log amplification and gain undone, not compensated."""

    channel: str

    def __str__(self) -> str:
        """Name for messages."""
        return self.channel


@dataclass(frozen=True, slots=True)
class Compensated:
    """A channel after compensation.

    Parameters
    ----------
    channel
        Fluorochrome of `matrix`; of the file's own matrix, its channel ($PnN). A channel that the
        matrix does not hold comes as it is recorded.
    matrix
        What compensates it.
    """

    channel: str
    matrix: FileMatrix | Matrix

    def __str__(self) -> str:
        """Name for messages."""
        return f"{self.channel} ({self.matrix})"


@dataclass(frozen=True, slots=True)
class Ratio:
    """``A (numerator - B) / (denominator - C)``, held between `low` and `high`.

    References
    ----------
    .. [1] Gating-ML 2.0, International Society for Advancement of Cytometry, 2013; fratio,
       section 6.2.7, and boundMin and boundMax.
    """

    numerator: Recorded | Compensated
    denominator: Recorded | Compensated
    a: float
    b: float
    c: float
    low: float = -math.inf
    high: float = math.inf

    def __str__(self) -> str:
        """Name for messages."""
        return f"{self.numerator} / {self.denominator}"


Column = str | Recorded | Compensated | Ratio


def channels_of(column: Column) -> tuple[str, ...]:
    """Channels of the file that a column is made of; those of the file's own matrix are its own."""
    match column:
        case Compensated(channel, Matrix() as matrix) if channel in matrix.fluorochromes:
            return matrix.detectors
        case Ratio(numerator, denominator):
            return channels_of(numerator) + channels_of(denominator)
        case Recorded(channel) | Compensated(channel, _):
            return (channel,)
        case str():
            return (column,)
