"""What a standard curve is held against; every limit can be set."""

import math
from dataclasses import dataclass, fields
from typing import Final

Bounds = tuple[float, float]


@dataclass(frozen=True, slots=True)
class AcceptanceLimits:
    """What a curve is held against.

    Parameters
    ----------
    residual_warn, residual_reject
        Largest back-calculated residual of a bead, percent. A wrong lot shows as 7.6 %.
    slope_warn, slope_reject
        Slope of a digital (linear) detector; outside [low, high) it warns, or rejects.
    log_slope_warn, log_slope_reject
        The same for a logarithmic amplifier, whose decades are not quite decades.
    overlap_warn, overlap_reject
        Share of a population that neighbours may have exchanged with it.
    saturated_warn, saturated_reject
        Share of the brightest bead at the detector's top. Cutting the tail of a bead of 8 % CV
        there lowers its geometric mean by 0.03 % at 1 % and by 0.2 % at 5 %.
    events_warn, events_reject
        Fewest events of a peak.
    residual_floor
        Smallest standard deviation around the line believed, log10. Two degrees of freedom are
        sometimes zero by luck.

    Raises
    ------
    ValueError
        A warning limit beyond its rejection limit, or a limit that is not a number.
    """

    residual_warn: float = 3.0
    residual_reject: float = 5.0
    slope_warn: Bounds = (0.95, 1.05)
    slope_reject: Bounds = (0.90, 1.10)
    log_slope_warn: Bounds = (0.90, 1.10)
    log_slope_reject: Bounds = (0.85, 1.15)
    overlap_warn: float = 0.005
    overlap_reject: float = 0.025
    saturated_warn: float = 0.01
    saturated_reject: float = 0.05
    events_warn: int = 100
    events_reject: int = 20
    residual_floor: float = 0.004

    def __post_init__(self) -> None:
        """Refuse limits that contradict each other."""
        for field in fields(self):
            value = getattr(self, field.name)
            numbers = value if isinstance(value, tuple) else (value,)
            if not all(math.isfinite(number) and number >= 0.0 for number in numbers):
                raise ValueError(f"{field.name}: expected numbers >= 0, found {value}")
        in_order = (
            self.residual_warn <= self.residual_reject,
            _inside(self.slope_warn, self.slope_reject),
            _inside(self.log_slope_warn, self.log_slope_reject),
            self.overlap_warn <= self.overlap_reject,
            self.saturated_warn <= self.saturated_reject,
            self.events_warn >= self.events_reject,
        )
        if not all(in_order):
            raise ValueError(f"expected every warning before its rejection, found {self}")


def _inside(inner: Bounds, outer: Bounds) -> bool:
    return outer[0] <= inner[0] < inner[1] <= outer[1]


DEFAULT_LIMITS: Final = AcceptanceLimits()
