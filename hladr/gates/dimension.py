"""What gates share: a dimension, and the columns they read."""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from hladr.arrays import FloatArray
from hladr.gates.column import Column, Recorded, channels_of
from hladr.gates.errors import GateChannelMissing, InvalidGate
from hladr.scales.linear import UNSCALED
from hladr.scales.scale import Scale


@dataclass(frozen=True, slots=True)
class Dimension:
    """A column, and the scale in whose coordinates the gate is drawn on it."""

    column: Column
    scale: Scale = UNSCALED

    @property
    def is_unscaled(self) -> bool:
        """Whether the gate is drawn in data values."""
        return self.scale == UNSCALED


def gate_columns(
    gate: str, dimensions: tuple[Dimension, ...], columns: Mapping[Column, FloatArray]
) -> list[FloatArray]:
    """Columns of the dimensions, one-dimensional, of one length and read-only.

    Read-only views keep the kernels to one compiled version.

    Raises
    ------
    GateChannelMissing
        A dimension's column is not in `columns`.
    ValueError
        The columns are not one-dimensional or differ in length.
    """
    found = []
    for dimension in dimensions:
        require_column(gate, dimension, columns)
        column = columns[dimension.column].view()
        column.flags.writeable = False
        found.append(column)
    shapes = {column.shape for column in found}
    if len(shapes) != 1 or len(found[0].shape) != 1:
        raise ValueError(f"columns must be one-dimensional and of one length, found {shapes}")
    return found


def require_column(gate: str, dimension: Dimension, columns: Mapping[Column, FloatArray]) -> None:
    """Refuse a column that is not there, by the first channel of it that is missing.

    Raises
    ------
    GateChannelMissing
    """
    column = dimension.column
    if column in columns:
        return
    absent = (name for name in channels_of(column) if not {name, Recorded(name)} & columns.keys())
    raise GateChannelMissing(
        gate=gate,
        channel=next(absent, str(column)),
        present=tuple(map(str, columns)),
        drawn_on=str(column),
    )


def check_finite(gate: str, what: str, numbers: object) -> None:
    """Raise InvalidGate unless every number is finite."""
    try:
        finite = bool(np.isfinite(np.asarray(numbers, np.float64)).all())
    except (TypeError, ValueError):
        finite = False
    if not finite:
        raise InvalidGate(gate=gate, expected=f"finite numbers as {what}", found=numbers)
