"""One channel to be written: its numbers in the type they are written in, and what is refused."""

import math
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from hladr.fcs.keywords import number_in

_WIDTHS = (8, 16, 24, 32, 64)


@dataclass(frozen=True, slots=True, eq=False)
class OutputChannel:
    """One channel to write.

    Parameters
    ----------
    name
        $PnN.
    values
        Stored numbers, shape (n_events,).
    marker
        $PnS.
    bits
        $PnB of integers: 8, 16, 24, 32 or 64. Floats have 32, doubles 64, whatever is given.
    range
        $PnR.
    amplification
        $PnE, ``"0,0"`` for linear.
    gain, voltage
        $PnG and $PnV; left out when None.
    data_type
        $PnDATATYPE of FCS 3.2, I, F or D; None takes the file's, as earlier versions have to.
    """

    name: str
    values: ArrayLike
    marker: str | None = None
    bits: int = 32
    range: float = 262144
    amplification: str = "0,0"
    gain: float | None = None
    voltage: float | None = None
    data_type: Literal["I", "F", "D"] | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Field:
    """Numbers of one channel in the type they are written in; `width` in bytes."""

    numbers: NDArray[np.uint64] | NDArray[np.float64] | NDArray[np.float32]
    width: int
    data_type: str


def field_of(channel: OutputChannel, data_type: str) -> Field:
    """Values of a channel in the type they are written in.

    Raises
    ------
    ValueError
        They do not fit it.
    """
    values = np.asarray(channel.values)
    if values.ndim != 1:
        raise ValueError(f"channel {channel.name!r}: values must be one-dimensional")
    if data_type == "I":
        return Field(_whole_numbers(channel, values), channel.bits // 8, "I")
    if data_type == "D":
        return Field(values.astype(np.float64), 8, "D")
    with np.errstate(over="ignore"):
        floats = values.astype(np.float32)
    if np.any(np.isinf(floats) & np.isfinite(values.astype(np.float64))):
        raise ValueError(
            f"channel {channel.name!r}: values must be below 3.4e38 for 32-bit floats (F); write D"
        )
    return Field(floats, 4, "F")


def _whole_numbers(channel: OutputChannel, values: NDArray[Any]) -> NDArray[np.uint64]:
    """Values as unsigned integers of the channel's width."""
    if channel.bits not in _WIDTHS:
        raise ValueError(f"channel {channel.name!r}: bits must be one of {_WIDTHS}")
    fits = values.dtype.kind in "uif"  # objects hold integers too large for any width
    if fits and values.size:  # compared as Python's numbers, of which 64 bits lose none
        fits = values.min().item() >= 0 and values.max().item() < 2**channel.bits
    if not (fits and np.array_equal(numbers := values.astype(np.uint64), values)):
        raise ValueError(
            f"channel {channel.name!r}: values must be whole numbers of {channel.bits} bits"
        )
    return numbers


def check_channel(channel: OutputChannel, data_type: str, version: str) -> None:
    """Refuse a channel that no reader would understand as it was meant.

    Raises
    ------
    ValueError
        Its type, name or settings are none.
    """
    kind = channel.data_type or data_type
    where = f"channel {channel.name!r}"
    numbers = [channel.range, channel.gain, channel.voltage]
    if kind not in ("I", "F", "D"):
        raise ValueError(f"{where}: data type must be I, F or D, not {kind!r}")
    if kind != data_type and version != "FCS3.2":
        raise ValueError(f"{where}: a data type of its own needs FCS3.2, not {version}")
    if not channel.name or channel.name != channel.name.strip() or "," in channel.name:
        raise ValueError(f"{where}: a name must have neither commas nor blanks around it")
    if not all(number is None or math.isfinite(number) for number in numbers):
        raise ValueError(f"{where}: range, gain and voltage must be finite numbers")
    parts = [number_in(part) for part in channel.amplification.split(",")]
    if len(parts) != 2 or any(part is None or part < 0 for part in parts):
        raise ValueError(f"{where}: amplification must be decades and offset, as in '4,1'")
