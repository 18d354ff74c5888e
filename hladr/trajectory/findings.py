"""Findings on a series: what is not used and why, times that do not fit, jumps, mixing."""

import itertools
from collections.abc import Iterator, Mapping, Sequence

from calibration.finding import Finding, Severity
from hladr.trajectory.jumps import jumps
from hladr.trajectory.mixing import mixing_findings
from hladr.trajectory.placed import Series
from hladr.trajectory.point import MomentOf, Point, Use

_UNUSED: Mapping[Use, tuple[Severity, str]] = {
    Use.REJECTED: (Severity.NOTE, "were rejected; their number may not be used."),
    Use.NO_NUMBER: (Severity.NOTE, "have no HLA-DR that can be compared."),
    Use.ABOVE: (
        Severity.NOTE,
        "lie above the brightest bead; shown as more than it, in no ratio.",
    ),
    Use.BELOW: (
        Severity.WARN,
        "lie below the dimmest bead; shown as less than it, in no ratio. Were they stained?",
    ),
    Use.TIME_UNKNOWN: (
        Severity.WARN,
        "have no time of draw or acquisition and are in no comparison. Give the time of the draw.",
    ),
    Use.SAME_MOMENT: (
        Severity.WARN,
        "were drawn at one moment, and none is used. Correct the times, or leave all but one out.",
    ),
}


def series_findings(series: Series) -> tuple[Finding, ...]:
    """Findings on all points of a subject."""
    used = [each.point for each in series.used]
    return (
        *_unused(series),
        *_times(series),
        *jumps(series.timed),
        *(mixing_findings(used) if len(used) > 1 else ()),
    )


def _unused(series: Series) -> Iterator[Finding]:
    for use, (severity, why) in _UNUSED.items():
        ids = [each.point.id for each in series.placed if each.use is use and _measured(each.point)]
        if ids:
            yield Finding("POINTS_NOT_USED", severity, f"{_listed(ids)} {why}")


def _measured(point: Point) -> bool:
    """Whether a tube was measured; ferritin may stand alone without a word."""
    return point.verdict is not None


def _times(series: Series) -> Iterator[Finding]:
    by_acquisition = [
        each.point.id for each in series.used if each.point.moment_of is MomentOf.ACQUISITION
    ]
    if by_acquisition:
        yield Finding(
            "MOMENT_OF_ACQUISITION",
            Severity.NOTE,
            f"The time of the draw of {_listed(by_acquisition)} was not given; the start of the "
            "acquisition stands for it. Note it on the request.",
        )
    if series.mixed_clocks:
        yield Finding(
            "CLOCKS_MIXED",
            Severity.NOTE,
            "Some times have a zone and some have none; the clocks on the wall were compared. "
            "Give every time with its zone.",
        )
    order = _order_of_acquisition(series)
    if order:
        yield Finding(
            "ORDER_CONTRADICTS",
            Severity.WARN,
            f"By the time of the draw {order[0]!r} comes before {order[1]!r}, but it was measured "
            "a day or more after it. Check the times and the identity of both tubes.",
        )


def _order_of_acquisition(series: Series) -> tuple[str, str] | None:
    """Find two points drawn in one order and measured in the other, a day or more apart."""
    timed = [each for each in series.timed if each.point.acquired is not None]
    for earlier, later in itertools.pairwise(timed):
        first, second = earlier.point.acquired, later.point.acquired
        if first is None or second is None or earlier.known_day == later.known_day:
            continue
        if (first.tzinfo is None) != (second.tzinfo is None):
            first, second = first.replace(tzinfo=None), second.replace(tzinfo=None)
        if (first - second).days >= 1:
            return earlier.point.id, later.point.id
    return None


def _listed(ids: Sequence[str]) -> str:
    return ", ".join(map(repr, ids))
