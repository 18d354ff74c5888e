"""What gates share: a dimension, the columns they read, and the refusals."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Protocol

import numpy as np

from hladr.arrays import BoolArray, FloatArray
from hladr.errors import HladrError
from hladr.scales.linear import UNSCALED
from hladr.scales.scale import Scale


class GateError(HladrError):
    """A gate cannot be made, or not be applied to these events."""

    code: ClassVar[str] = "GATE_ERROR"


class InvalidGate(GateError):
    """A gate's geometry or logic is not one that can be executed."""

    code: ClassVar[str] = "INVALID_GATE"

    def __init__(self, *, gate: str, expected: str, found: object) -> None:
        self.gate, self.expected, self.found = gate, expected, found
        super().__init__(
            f"gate {gate!r} cannot be used: expected {expected}, found {found}. "
            "Draw the gate again or correct the gate file."
        )


class GateChannelMissing(GateError):
    """A gate is drawn on a channel that the events do not have."""

    code: ClassVar[str] = "GATE_CHANNEL_MISSING"

    def __init__(self, *, gate: str, channel: str, present: tuple[str, ...]) -> None:
        self.gate, self.channel, self.present = gate, channel, present
        super().__init__(
            f"gate {gate!r} is drawn on channel {channel!r}, which is not among the channels "
            f"{', '.join(present) or '(none)'}. Use the gates of this panel or name the channel."
        )


class Gate(Protocol):
    """A region of channel space; a frozen value, equal to a gate with the same fields."""

    @property
    def name(self) -> str:
        """What the gate is called in messages and results."""
        ...

    def mask(self, columns: Mapping[str, FloatArray]) -> BoolArray:
        """One boolean an event of `columns`: data values by channel, already compensated."""
        ...


@dataclass(frozen=True, slots=True)
class Dimension:
    """A channel, and the scale in whose coordinates the gate is drawn on it."""

    channel: str
    scale: Scale = UNSCALED

    @property
    def is_unscaled(self) -> bool:
        """Whether the gate is drawn in data values."""
        return self.scale == UNSCALED


def gate_columns(
    gate: str, dimensions: tuple[Dimension, ...], columns: Mapping[str, FloatArray]
) -> list[FloatArray]:
    """Columns of the dimensions, one-dimensional, of one length and read-only.

    Read-only views keep the kernels to one compiled version.

    Raises
    ------
    GateChannelMissing
        A channel is not in `columns`.
    ValueError
        The columns are not one-dimensional or differ in length.
    """
    found = []
    for dimension in dimensions:
        if dimension.channel not in columns:
            raise GateChannelMissing(gate=gate, channel=dimension.channel, present=tuple(columns))
        column = columns[dimension.channel].view()
        column.flags.writeable = False
        found.append(column)
    shapes = {column.shape for column in found}
    if len(shapes) != 1 or len(found[0].shape) != 1:
        raise ValueError(f"columns must be one-dimensional and of one length, found {shapes}")
    return found


def check_finite(gate: str, what: str, numbers: object) -> None:
    """Raise InvalidGate unless every number is finite."""
    try:
        finite = bool(np.isfinite(np.asarray(numbers, np.float64)).all())
    except (TypeError, ValueError):
        finite = False
    if not finite:
        raise InvalidGate(gate=gate, expected=f"finite numbers as {what}", found=numbers)
