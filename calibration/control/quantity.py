"""What is charted over time: which quantity, in which unit, and how much its rules may weigh."""

import math
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, Self

from calibration.errors import InvalidControlRecord
from calibration.number_text import grouped_text, scale_text

LARGEST: Final = 1e12  # no detector and no count of molecules comes near
_GROUPED: Final = 100.0  # from here on whole numbers


class Kind(StrEnum):
    """Kinds of quantities.

    `slope` and `intercept` of the line; `residual`, the largest of a bead, percent; `peak`, the
    geometric mean of one bead level, scale value; `peak_cv`, its CV, percent; `voltage` of the PE
    detector; `control`, AB/c of one level of control blood.
    """

    SLOPE = "slope"
    INTERCEPT = "intercept"
    RESIDUAL = "residual"
    PEAK = "peak"
    PEAK_CV = "peak_cv"
    VOLTAGE = "voltage"
    CONTROL = "control"

    @property
    def rejects(self) -> bool:
        """Whether its rules reject a run by default.

        With beads of the same day a drift of the gain moves cells and beads alike and cancels.
        What moves with the gain (peaks, intercept, voltage) therefore warns; what stays wrong in
        the result (slope, residual, control blood) rejects.
        """
        return self in {Kind.SLOPE, Kind.RESIDUAL, Kind.CONTROL}

    @property
    def logarithmic(self) -> bool:
        """Whether log10 is charted: the error of an intensity is a share of it."""
        return self in {Kind.PEAK, Kind.CONTROL}

    @property
    def upward(self) -> bool:
        """Whether only what lies above the mean counts: a smaller residual is no fault."""
        return self is Kind.RESIDUAL

    @property
    def of_beads(self) -> bool:
        """Whether it belongs to the bead lot, so that a new one begins a new baseline."""
        return self not in {Kind.CONTROL, Kind.VOLTAGE}

    @property
    def unit(self) -> str:
        """Unit of the measured value."""
        return _UNITS[self]


_UNITS: Final = {
    Kind.SLOPE: "decades per decade",
    Kind.INTERCEPT: "log10 scale value",
    Kind.RESIDUAL: "%",
    Kind.PEAK: "scale value",
    Kind.PEAK_CV: "%",
    Kind.VOLTAGE: "V",
    Kind.CONTROL: "AB/c",
}
_WORDS: Final = {
    Kind.SLOPE: "slope",
    Kind.INTERCEPT: "intercept",
    Kind.RESIDUAL: "largest residual",
    Kind.PEAK: "geometric mean of peak {part}",
    Kind.PEAK_CV: "CV of peak {part}",
    Kind.VOLTAGE: "voltage of the PE detector",
    Kind.CONTROL: "control blood {part}",
}
_DECIMALS: Final = {
    Kind.SLOPE: 4,
    Kind.INTERCEPT: 4,
    Kind.RESIDUAL: 2,
    Kind.PEAK_CV: 2,
    Kind.VOLTAGE: 2,
}


@dataclass(frozen=True, slots=True, order=True)
class Quantity:
    """One quantity that has a chart.

    Parameters
    ----------
    kind
        What is measured.
    part
        Which of its kind: the place of a peak in its lot, ``"1"`` for the dimmest level, blanks
        counted; the level of control blood, such as ``"low"``. Empty for the other kinds.

    Raises
    ------
    InvalidControlRecord
        A peak without a place, control blood without a level, or a part that the kind has not.
    """

    kind: Kind
    part: str = ""

    def __post_init__(self) -> None:
        """Refuse what names no quantity."""
        if self.kind in {Kind.PEAK, Kind.PEAK_CV}:
            if not (self.part.isascii() and self.part.isdigit() and not self.part.startswith("0")):
                raise _no_part(self.kind, "a place in the lot, 1 or more", self.part)
        elif self.kind is Kind.CONTROL:
            if not self.part.strip() or self.part != self.part.strip():
                raise _no_part(self.kind, "the name of a level", self.part)
        elif self.part:
            raise _no_part(self.kind, "no part", self.part)

    @classmethod
    def of_key(cls, key: str) -> Self:
        """Quantity of a key such as ``slope``, ``peak:2`` or ``control:low``."""
        kind, _, part = key.partition(":")
        if kind not in set(Kind):
            expected = f"one of {', '.join(Kind)}"
            raise InvalidControlRecord(field="quantity", expected=expected, found=key)
        return cls(Kind(kind), part)

    @property
    def key(self) -> str:
        """Stable name: ``slope``, ``peak:2``, ``control:low``."""
        return f"{self.kind}:{self.part}" if self.part else str(self.kind)

    @property
    def words(self) -> str:
        """Its name in a sentence."""
        return _WORDS[self.kind].format(part=self.part)

    def charted(self, measured: float) -> float:
        """Value on the chart; NaN for what is no measurement of this quantity.

        Notes
        -----
        No measurement: NaN, infinities, numbers beyond every instrument, and of an intensity what
        lies at or below zero.
        """
        if not abs(measured) < LARGEST:
            return math.nan
        if not self.kind.logarithmic:
            return float(measured)
        return math.log10(measured) if measured > 0.0 else math.nan

    def measured(self, charted: float) -> float:
        """Value in the unit it was measured in, from that on the chart."""
        return 10.0**charted if self.kind.logarithmic else charted

    def told(self, charted: float) -> str:
        """Value of the chart in a sentence, in the unit it was measured in."""
        measured = self.measured(charted)
        if self.kind.logarithmic:
            number = scale_text(measured) if measured < _GROUPED else grouped_text(measured, 0)
        else:
            number = grouped_text(measured, _DECIMALS[self.kind])
        bare = self.kind in {Kind.SLOPE, Kind.INTERCEPT, Kind.PEAK}
        return number if bare else f"{number} {self.kind.unit}"


def _no_part(kind: Kind, expected: str, found: str) -> InvalidControlRecord:
    return InvalidControlRecord(field=f"quantity {kind}", expected=expected, found=found)


SLOPE: Final = Quantity(Kind.SLOPE)
INTERCEPT: Final = Quantity(Kind.INTERCEPT)
RESIDUAL: Final = Quantity(Kind.RESIDUAL)
VOLTAGE: Final = Quantity(Kind.VOLTAGE)


def peak(place: int) -> Quantity:
    """Geometric mean of one bead level, 1 for the dimmest of the lot."""
    return Quantity(Kind.PEAK, str(place))


def peak_cv(place: int) -> Quantity:
    """CV of one bead level, 1 for the dimmest of the lot."""
    return Quantity(Kind.PEAK_CV, str(place))


def control(level: str) -> Quantity:
    """AB/c of one level of control blood."""
    return Quantity(Kind.CONTROL, level)
