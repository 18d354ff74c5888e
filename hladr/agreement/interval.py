"""An interval of 95 % confidence."""

import math
from dataclasses import dataclass

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """From `low` to `high`; NaN where it cannot be determined."""

    low: float
    high: float


UNKNOWN = Interval(math.nan, math.nan)
