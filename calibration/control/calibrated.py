"""A calibration as its history remembers it: settings, lot values, line, and where peaks lie."""

import math
from dataclasses import dataclass
from typing import Final, Self

from calibration.curve import StandardCurve
from calibration.errors import InvalidControlRecord

_VOLTAGE_ROUNDING: Final = 0.05  # volts that rounding in a file may cost
_GAIN_ROUNDING: Final = 0.0005  # relative


@dataclass(frozen=True, slots=True)
class Settings:
    """Settings of the PE detector; ``None`` is "not recorded".

    Parameters
    ----------
    detector
        ``$PnN``.
    voltage, gain, log_decades
        Volts, factor, decades of the amplifier (0 is linear).
    """

    detector: str | None = None
    voltage: float | None = None
    gain: float | None = None
    log_decades: float | None = None

    def same_as(self, other: "Settings") -> bool:
        """Whether fluorescence can be compared; what neither recorded is taken as equal."""
        return (
            self.detector == other.detector
            and self.log_decades == other.log_decades
            and _near(self.voltage, other.voltage, _VOLTAGE_ROUNDING)
            and _near(self.gain, other.gain, _GAIN_ROUNDING * (self.gain or 0.0))
        )

    @property
    def words(self) -> str:
        """Voltage and gain in a sentence."""
        told = [
            f"{value:g} {unit}"
            for value, unit in ((self.voltage, "V"), (self.gain, "gain"))
            if value is not None
        ]
        return ", ".join(told) if told else "voltage and gain not recorded"


@dataclass(frozen=True, slots=True)
class Calibrated:
    """One calibration.

    Parameters
    ----------
    id
        Its own.
    settings
        Of the detector it was measured with.
    slope, intercept
        log10(fluorescence) = intercept + slope log10(PE molecules).
    peaks
        The fitted levels, dimmest first: assigned PE molecules and geometric mean, scale value.

    Raises
    ------
    InvalidControlRecord
        A line or a level that is none.
    """

    id: str
    settings: Settings
    slope: float
    intercept: float
    peaks: tuple[tuple[float, float], ...]

    def __post_init__(self) -> None:
        """Refuse what is no calibration."""
        line = math.isfinite(self.intercept) and math.isfinite(self.slope) and self.slope > 0.0
        levels = all(0.0 < value < math.inf for level in self.peaks for value in level)
        if not (line and levels and len(self.peaks) >= 2):
            raise InvalidControlRecord(
                field=f"calibration {self.id}",
                expected="a rising line and two or more levels above 0",
                found=(self.slope, self.intercept, self.peaks),
            )

    @classmethod
    def of(cls, id: str, curve: StandardCurve) -> Self:
        """Calibration of a curve."""
        origin = curve.provenance
        return cls(
            id=id,
            settings=Settings(origin.detector, origin.voltage, origin.gain, origin.log_decades),
            slope=curve.slope,
            intercept=curve.intercept,
            peaks=tuple(
                (peak.assigned, peak.geometric_mean)
                for peak in curve.peaks
                if peak.assigned is not None and peak.geometric_mean is not None
            ),
        )

    @property
    def assigned(self) -> tuple[float, ...]:
        """PE molecules of the fitted levels."""
        return tuple(molecules for molecules, _ in self.peaks)

    def log_fluorescence(self, molecules: float) -> float:
        """Log10 scale value that the line gives a number of PE molecules > 0."""
        return self.intercept + self.slope * math.log10(molecules)

    def log_molecules(self, log_fluorescence: float) -> float:
        """Log10 PE molecules that the line gives a log10 scale value."""
        return (log_fluorescence - self.intercept) / self.slope


def _near(one: float | None, other: float | None, tolerance: float) -> bool:
    if one is None or other is None:
        return one is other
    return abs(one - other) <= tolerance
