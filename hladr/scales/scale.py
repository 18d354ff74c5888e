"""What every scale can do."""

from typing import Protocol

from hladr.arrays import AnyFloatArray, FloatArray


class Scale(Protocol):
    """A rising map from data values to scale values; the top of the data, T, lands on 1.

    A scale is frozen and hashable. NaN stays NaN; what the formula does not cover is NaN or an
    infinity, never an exception.
    """

    def forward(self, values: AnyFloatArray) -> FloatArray:
        """Turn data values into scale values; same shape, float64."""
        ...

    def inverse(self, scaled: AnyFloatArray) -> FloatArray:
        """Turn scale values back into data values; same shape, float64."""
        ...

    def __hash__(self) -> int:
        """Equal scales hash alike: thresholds and tables are kept by scale."""
        ...
