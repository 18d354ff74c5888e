"""A method validation in words: one wording for the terminal and the report."""

import math
from collections.abc import Iterator, Mapping

from hladr.agreement import Interval
from hladr.number_format import NARROW_SPACE, NOT_A_NUMBER, format_fixed, format_signed
from hladr.validation.least_squares import Coefficient
from hladr.validation.precision import REPEAT, Component, Precision

_PLURALS = {
    "instrument": "instruments",
    "operator": "operators",
    "day": "days",
    "run": "runs",
    REPEAT: "repeats",
}
_LIMITS: Mapping[tuple[str, ...], str] = {
    (REPEAT,): "repeatability_cv",
    **{(level,): f"between_{level}_cv" for level in _PLURALS if level != REPEAT},
}
SIDES = {
    "lot": "Bead lot",
    "reagent_lot": "Reagent lot",
    "instrument": "Instrument",
    "operator": "Operator",
}
"""A compared column, as a person says it."""

_MOST_PERCENT = 1000.0
_MOST_DECIMALS = 4


def component_name(part: Component) -> str:
    """``Within run (repeatability)``, ``Between days``, ``Days and runs, not told apart``."""
    if part.levels == (REPEAT,):
        return "Within run (repeatability)"
    names = " and ".join(_PLURALS[level] for level in part.levels)
    if len(part.levels) == 1:
        return f"Between {names}"
    return f"{names[0].upper()}{names[1:]}, not told apart"


def named_parts(found: Precision) -> Iterator[tuple[str, str, Component]]:
    """Name, name of the laboratory's limit (empty: none), and source or sum, as they are listed."""
    for part in found.components:
        yield component_name(part), _LIMITS.get(part.levels, ""), part
    if found.between_instruments and len(found.on_one.levels) > 1:
        yield "All on one instrument", "one_instrument_cv", found.on_one
    if len(found.components) > 1:
        yield "All together", "total_cv", found.together


def side_limit(column: str) -> str:
    """Name of the laboratory's limit for the bias of a compared column."""
    return "lot_bias" if column.endswith("lot") else f"{column}_bias"


def share_text(percent: float) -> str:
    """``3.21 %``; ``> 1,000 %`` beyond what is a share."""
    if math.isnan(percent):
        return NOT_A_NUMBER
    if percent > _MOST_PERCENT:
        return f"> 1,000{NARROW_SPACE}%"
    return f"{format_fixed(percent, 2)}{NARROW_SPACE}%"


def share_interval(interval: Interval) -> str:
    """``2.41 % to 4.80 %``."""
    if math.isnan(interval.low) or math.isnan(interval.high):
        return NOT_A_NUMBER
    return f"{share_text(interval.low)} to {share_text(interval.high)}"


def signed_text(percent: float) -> str:
    """``+1.30 %``."""
    if not math.isfinite(percent):
        return NOT_A_NUMBER
    return f"{format_signed(percent, 2)}{NARROW_SPACE}%"


def signed_interval(interval: Interval) -> str:
    """``−0.41 % to +2.80 %``."""
    if not (math.isfinite(interval.low) and math.isfinite(interval.high)):
        return NOT_A_NUMBER
    return f"{signed_text(interval.low)} to {signed_text(interval.high)}"


def decimals_of(found: Coefficient) -> int:
    """Decimals that give a slope in any unit some five digits: ``1.0163``, ``39,886``."""
    size = abs(found.value)
    if not 0.0 < size < math.inf:
        return _MOST_DECIMALS
    return min(max(_MOST_DECIMALS - math.floor(math.log10(size)), 0), _MOST_DECIMALS)


def coefficient_value(found: Coefficient, decimals: int) -> str:
    """Value with fixed decimals."""
    return format_fixed(found.value, decimals)


def coefficient_range(found: Coefficient, decimals: int) -> str:
    """Its interval; words where it cannot be determined."""
    if not (math.isfinite(found.interval.low) and math.isfinite(found.interval.high)):
        return NOT_A_NUMBER
    low, high = (format_fixed(end, decimals) for end in (found.interval.low, found.interval.high))
    return f"{low} to {high}"


def p_text(p: float) -> str:
    """``0.031``, ``< 0.001``."""
    if math.isnan(p):
        return NOT_A_NUMBER
    return "< 0.001" if p < 0.001 else format_fixed(p, 3)


def limit_text(percent: float) -> str:
    """``10 %``; empty where there is no limit."""
    return "" if math.isnan(percent) else f"{percent:g}{NARROW_SPACE}%"


def cv_text(part: Component) -> str:
    """``3.21 %``, or that the estimate came out below zero."""
    return "0, estimate below zero" if part.negative else share_text(part.cv)
