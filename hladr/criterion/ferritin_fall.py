"""How far ferritin fell since entry, also where a value lies beyond a reporting limit."""

import math
from fractions import Fraction

from hladr.criterion.certainty import sd_of_logarithm
from hladr.criterion.definition import CutOff, Span
from hladr.criterion.measured import Reading, Spread
from hladr.ferritin import Ferritin, Relation

_MOST_DECIMALS = 16


def read_fall(entry: Ferritin, now: Ferritin, cv: float, cutoffs: tuple[CutOff, ...]) -> Reading:
    """Fall of ferritin as a fraction of the value at entry; a rise is below 0."""
    left = Fraction(repr(now.value)) / Fraction(repr(entry.value))
    point = float(1 - left)
    spread = Spread(float(left), math.sqrt(2.0) * sd_of_logarithm(cv), math.inf)
    low, high = (1.0 - end for end in reversed(spread.interval()))
    sides = {_fall_if(entry.relation, entry=True), _fall_if(now.relation, entry=False)} - {""}
    text = _percent(point, cutoffs)
    if not sides:
        return Reading(text, point, None, (low, high))
    if sides == {">"}:
        return Reading(f"more than {text}", Span(point, 1.0), None, (low, 1.0))
    if sides == {"<"}:
        return Reading(f"less than {text}", Span(-math.inf, point), None, (-math.inf, high))
    return Reading("of unknown size", Span(-math.inf, 1.0), None, (-math.inf, 1.0))


def _percent(fall: float, cutoffs: tuple[CutOff, ...]) -> str:
    """Print a fall with the fewest decimals, one or more, that do not cross a cut-off."""
    for decimals in range(1, _MOST_DECIMALS):
        text = f"{100.0 * fall:.{decimals}f}"
        if all(each.holds(float(text) / 100.0) == each.holds(fall) for each in cutoffs):
            return f"{text} %"
    return f"{100.0 * fall!r} %"


def _fall_if(relation: Relation, *, entry: bool) -> str:
    """Side of the computed fall on which the truth lies when one ferritin is beyond a limit."""
    if relation is Relation.EXACT:
        return ""
    return ">" if (relation is Relation.ABOVE) == entry else "<"
