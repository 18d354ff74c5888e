"""Charts of an instrument as they are drawn: `calibration.control` to figures."""

import math
import statistics
from collections.abc import Iterator, Mapping, Sequence

from markupsafe import Markup

from calibration.control import (
    Action,
    Baseline,
    Chart,
    Epoch,
    Point,
    Quantity,
    Rule,
    Segment,
    Standing,
)
from calibration.number_text import sd_text
from hladr.report.control_figure import ControlPlot, ControlPoint, Mark, Stretch, draw_control

_DISTANCES = (3, 2, 1, 0, -1, -2, -3)
_OPEN = frozenset({Standing.EARLIER, Standing.UNJUDGED})


def draw_control_chart(chart: Chart, runs: Sequence[str], lots: Mapping[str, str]) -> Markup:
    """SVG Levey-Jennings chart of one quantity.

    Parameters
    ----------
    runs
        Ids of all runs of the instrument in their order: a run has one place on all charts.
    lots
        What to call a bead lot, by the name of it in `Epoch.beads`.

    Notes
    -----
    Points of an epoch with a baseline lie as far from its mean as they do in its SDs. Where there
    is none yet they are rings, and lie around the mean of their own values in their own SDs.
    """
    places = {id: place for place, id in enumerate(runs, 1)}
    moments = {point.run: str(point.moment) for point in chart.points}
    drawn = [each for each in chart.segments if each.points]
    return draw_control(
        ControlPlot(
            name=chart.quantity.words,
            runs=len(runs),
            along=_along([moments[id] for id in runs if id in moments]),
            lines=tuple(_lines(chart)),
            stretches=tuple(
                _stretch(chart.quantity, each, _begins(before, each.epoch, lots), places)
                for before, each in zip([None, *drawn], drawn, strict=False)
            ),
        )
    )


def _along(moments: Sequence[str]) -> str:
    if not moments:
        return "Run"
    return f"Run, from {moments[0][:10]} to {moments[-1][:10]}"


def _lines(chart: Chart) -> Iterator[tuple[int, str]]:
    """Mean and limits, with the values of the last baseline beside them; none without one."""
    drawn = [each.baseline for each in chart.segments if each.points]
    known = [each for each in drawn if isinstance(each, Baseline)]
    if not known:
        return
    last = known[-1]
    for distance in _DISTANCES:
        beside = chart.quantity.told(last.mean + distance * last.sd)
        yield distance, "" if distance and last.sd == 0.0 else beside


def _begins(before: Segment | None, epoch: Epoch, lots: Mapping[str, str]) -> str:
    """What is another than in the stretch before."""
    if before is None:
        return ""
    old = before.epoch
    said = []
    if epoch.beads != old.beads:
        said.append(f"lot {lots.get(epoch.beads, epoch.beads)}")
    if epoch.control != old.control:
        said.append(f"control blood {epoch.control}")
    if epoch.service != old.service:
        said.append(f"service {epoch.service[:10]}" if epoch.service else "before a service")
    return ", ".join(said)


def _stretch(
    quantity: Quantity, segment: Segment, begins: str, places: Mapping[str, int]
) -> Stretch:
    has_baseline = isinstance(segment.baseline, Baseline)
    distances = (
        [point.z or 0.0 for point in segment.points] if has_baseline else _own(segment.points)
    )
    window = [places[p.run] for p in segment.points if p.standing is Standing.WINDOW]
    points = [
        _point(quantity, point, distance, places[point.run])
        for point, distance in zip(segment.points, distances, strict=True)
    ]
    ends = (min(window), max(window)) if window else ()
    return Stretch(begins, tuple(points), ends, has_baseline)


def _own(points: Sequence[Point]) -> list[float]:
    """Distances from the mean of these points, in SDs of these points."""
    values = [point.value for point in points]
    mean = statistics.fmean(values)
    sd = statistics.stdev(values) if len(values) > 1 else 0.0
    return [(value - mean) / sd if sd > 0.0 else 0.0 for value in values]


def _point(quantity: Quantity, point: Point, distance: float, place: int) -> ControlPoint:
    rules = [each.rule for each in point.violations]
    # Who is beyond 3 SD is beyond 2: the graver label says it.
    graver = [rule for rule in rules if rule is not Rule.ONE_2S] or rules
    return ControlPoint(
        place=place,
        distance=distance,
        mark=_mark(point),
        rules=" ".join(graver),
        told=f"Run {place}, {str(point.moment)[:16].replace('T', ' ')}: "
        f"{quantity.told(point.value)}{_far(point)}",
    )


def _mark(point: Point) -> Mark:
    if not point.violations:
        return Mark.OPEN if point.standing in _OPEN else Mark.STEADY
    if any(each.action is Action.REJECT for each in point.violations):
        return Mark.REJECTED
    alone = [each.rule for each in point.violations] == [Rule.ONE_2S]
    return Mark.ALONE if alone else Mark.WARNED


def _far(point: Point) -> str:
    if point.z is None:
        return ", not judged"
    return f", {sd_text(point.z)}" if math.isfinite(point.z) else ", off the mean"
