"""What a scale's parameters may be, and the refusal when they are not."""

import math
from typing import ClassVar

from hladr.errors import HladrError

LN_10 = math.log(10.0)
SLACK = 1e-12  # rounding of limits such as M - 2W
SMALLEST_TOP, LARGEST_TOP = 1e-30, 1e30
MOST_DECADES = 100.0  # 10**200 and its inverse still fit a double


class ScaleError(HladrError):
    """A scale's parameter is not one that its formula allows."""

    code: ClassVar[str] = "INVALID_SCALE"

    def __init__(self, *, scale: str, parameter: str, expected: str, found: float) -> None:
        self.scale, self.parameter = scale, parameter
        self.expected, self.found = expected, found
        super().__init__(
            f"{scale} scale: {parameter} must be {expected}, found {found!r}. "
            "Correct the scale where the gate or the assay defines it."
        )


def check_top(scale: str, t: float) -> None:
    """Raise ScaleError unless the top of scale T is positive and fits a double with its decades."""
    if not SMALLEST_TOP <= t <= LARGEST_TOP:
        expected = f"a positive number between {SMALLEST_TOP:g} and {LARGEST_TOP:g}"
        raise ScaleError(scale=scale, parameter="T", expected=expected, found=t)


def check_decades(scale: str, m: float) -> None:
    """Raise ScaleError unless the decades M are positive and finite."""
    if not 0.0 < m <= MOST_DECADES:
        expected = f"positive and at most {MOST_DECADES:g}"
        raise ScaleError(scale=scale, parameter="M", expected=expected, found=m)


def check_between(scale: str, parameter: str, value: float, *, low: float, high: float) -> None:
    """Raise ScaleError unless ``low <= value <= high``, rounding forgiven."""
    slack = SLACK * max(1.0, abs(low), abs(high))
    if not (low - slack <= value <= high + slack and math.isfinite(value)):
        expected = f"between {low:g} and {high:g}"
        raise ScaleError(scale=scale, parameter=parameter, expected=expected, found=value)
