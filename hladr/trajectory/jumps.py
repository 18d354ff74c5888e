"""Changes that are too fast to be believed at once; also where one end lies beyond the beads."""

import itertools
import math
from collections.abc import Iterator, Sequence

from calibration.finding import Finding, Severity
from hladr.criterion.definition import Span
from hladr.trajectory.placed import Placed, days_apart
from hladr.trajectory.point import Use

LARGEST_RATIO = 3.0
"""A change by this factor or more within a day is looked at before it is believed."""

_DAY = 1.0
_KNOWN = frozenset({Use.USED, Use.ABOVE, Use.BELOW})


def jumps(timed: Sequence[Placed]) -> Iterator[Finding]:
    """Findings on pairs of points within 24 h whose HLA-DR changed threefold or more.

    Of a point beyond the beads only its side is known: the least change that there can be counts.
    """
    known = [each for each in timed if each.use in _KNOWN]
    for earlier, later in itertools.combinations(known, 2):
        days = days_apart(earlier, later)
        if days > _DAY:
            continue
        low, high = _ratio(_span(earlier), _span(later))
        if low >= LARGEST_RATIO or high <= 1.0 / LARGEST_RATIO:
            yield Finding(
                "THREEFOLD_WITHIN_A_DAY",
                Severity.WARN,
                f"HLA-DR of {later.point.id!r} is {_words(low, high)} times that of "
                f"{earlier.point.id!r}, {24.0 * days:.1f} h earlier (looked at from "
                f"{LARGEST_RATIO:g} times on). Check the identity of both tubes, their stain and "
                "the age of the blood before believing it.",
            )


def _span(placed: Placed) -> Span:
    """Least and largest AB/c of a point; the same for one within the beads."""
    number = placed.point.number
    if placed.use is Use.ABOVE:
        return Span(number.limit, math.inf)
    return Span(0.0, number.limit) if placed.use is Use.BELOW else Span(number.abc, number.abc)


def _ratio(earlier: Span, later: Span) -> Span:
    """Least and largest ratio of the later to the earlier."""
    least = later.low / earlier.high if math.isfinite(earlier.high) else 0.0
    return Span(least, later.high / earlier.low if earlier.low > 0.0 else math.inf)


def _words(low: float, high: float) -> str:
    if low == high:
        return f"{low:.2f}"
    return f"more than {low:.2f}" if low >= LARGEST_RATIO else f"less than {high:.2f}"
