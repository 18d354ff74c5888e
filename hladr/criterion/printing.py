"""Numbers as they are printed: never on the wrong side of a cut-off, never quite certain."""

import math
from collections.abc import Iterable

from hladr.criterion.definition import CutOff

HIGHEST_PROBABILITY = 0.999
LOWEST_PROBABILITY = 0.001
"""Nothing measured is certain: no probability is stated beyond these."""

_MOST_DECIMALS = 20


def format_abc(value: float, cutoffs: Iterable[CutOff]) -> str:
    """AB/c with thousands separators and no decimals, unless rounding would cross a cut-off.

    Parameters
    ----------
    value
        AB/c, finite.
    cutoffs
        What the printed number must not contradict, e.g. ``criterion.cutoffs(Quantity.ABC)``.

    Returns
    -------
    str
        ``3,394``; with the fewest decimals at which every cut-off holds for the printed number
        just when it holds for the value (below 5000: 4999.6 is ``4,999.6``, 5000.3 is ``5,000``).
    """
    held = tuple(cutoffs)
    for decimals in range(_MOST_DECIMALS):
        text = f"{value:,.{decimals}f}"
        printed = float(text.replace(",", ""))
        if all(cutoff.holds(printed) == cutoff.holds(value) for cutoff in held):
            return text
    return repr(value)


def format_probability(probability: float) -> str:
    """Print a probability with three decimals, rounded towards 0: never 1, never 0.

    Parameters
    ----------
    probability
        0 to 1.
    """
    return f"{math.floor(bounded_probability(probability) * 1000.0) / 1000.0:.3f}"


def bounded_probability(probability: float) -> float:
    """`probability` (0 to 1) kept away from 0 and 1 by what may be claimed."""
    if not 0.0 <= probability <= 1.0:
        raise ValueError(f"a probability is between 0 and 1, not {probability}")
    return min(max(probability, LOWEST_PROBABILITY), HIGHEST_PROBABILITY)
