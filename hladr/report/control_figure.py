"""A Levey-Jennings chart: runs in their order, each as far from its mean as it lies in SDs.

The axis of every chart is the same, so that a lot or a service that moves the mean moves no point,
and charts of several quantities can be compared at a glance.
"""

from dataclasses import dataclass
from enum import Enum

from markupsafe import Markup

from hladr.number_format import MINUS
from hladr.report.axis import Box, frame, horizontal, vertical
from hladr.report.ruler import Ruler, linear_ruler
from hladr.report.svg import element, join, number, visible

WIDTH, HEIGHT = 688.0, 216.0
REACH = 4.5
"""SDs between the middle and either end of the axis; what lies farther is drawn there."""

_BOX = Box(left=56.0, top=34.0, right=580.0, bottom=178.0)
_LEAST_RUNS = 20  # room for so many, however few there are
_ROWS = 2  # of words above the box, one over the other
_LETTERS = 40  # of the words at a line


class Mark(Enum):
    """How a point is drawn; any two differ in shape.

    ├── STEADY     judged, and nothing violated: filled circle
    ├── OPEN       not judged: ring
    ├── ALONE      beyond 2 SD once, which one in twenty is: small diamond
    ├── WARNED     a rule that warns: triangle
    └── REJECTED   a rule that rejects: cross in a square
    """

    STEADY = "steady"
    OPEN = "open"
    ALONE = "alone"
    WARNED = "warned"
    REJECTED = "rejected"


_RADII = {Mark.STEADY: 3.0, Mark.OPEN: 2.8}
_SHAPES = {
    Mark.ALONE: "M0 -4L4 0L0 4L-4 0Z",
    Mark.WARNED: "M0 -5.5L5.5 4H-5.5Z",
    Mark.REJECTED: "M-5 -5H5V5H-5ZL5 5M5 -5L-5 5",
}


@dataclass(frozen=True, slots=True)
class ControlPoint:
    """A run on the chart.

    Parameters
    ----------
    place
        Its number in the order of runs, from 1.
    distance
        From the mean, in SDs; may be infinite.
    rules
        Labels of what is violated; empty where nothing is.
    told
        What the pointer says over it.
    """

    place: int
    distance: float
    mark: Mark
    rules: str
    told: str


@dataclass(frozen=True, slots=True)
class Stretch:
    """Points that are held against one mean, and are joined.

    Parameters
    ----------
    begins
        What began with it, as words at a line before its first run; empty for the first.
    window
        First and last place of the locked window; none, an empty tuple.
    has_baseline
        Whether mean and SD are a baseline; else they are those of its own points.
    """

    begins: str
    points: tuple[ControlPoint, ...]
    window: tuple[int, ...]
    has_baseline: bool


@dataclass(frozen=True, slots=True)
class ControlPlot:
    """What a chart is drawn from.

    Parameters
    ----------
    name
        Of the quantity.
    runs
        How many there are to the right end of the axis.
    along
        Label of the axis of runs.
    lines
        Distances that have a line, in SDs, and what is written beside it.
    """

    name: str
    runs: int
    along: str
    lines: tuple[tuple[int, str], ...]
    stretches: tuple[Stretch, ...]


def draw_control(plot: ControlPlot) -> Markup:
    """SVG of a Levey-Jennings chart."""
    end = max(plot.runs, _LEAST_RUNS) + 0.5
    bottom = linear_ruler(0.5, end, plot.along).placed(_BOX.left, _BOX.right)
    left = linear_ruler(-REACH, REACH, "SD from the mean").placed(_BOX.bottom, _BOX.top)
    begun = [each for each in plot.stretches if each.begins and each.points]
    return element(
        "svg",
        join(_window(each, bottom) for each in plot.stretches if each.window),
        join(_level(distance, words, left) for distance, words in plot.lines),
        join(_begin(each, row % _ROWS, bottom) for row, each in enumerate(begun)),
        join(_joined(each, bottom, left) for each in plot.stretches),
        join(_point(p, bottom, left) for each in plot.stretches for p in each.points),
        frame(_BOX, bottom, left),
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="img",
        aria_label=_summary(plot),
    )


def example(mark: Mark) -> Markup:
    """Shape of a mark around the origin, for a key."""
    return _shape(mark, 0.0, 0.0, Markup())


def _summary(plot: ControlPlot) -> str:
    points = [point for each in plot.stretches for point in each.points]
    marked = [f"run {point.place}, {point.rules}" for point in points if point.rules]
    said = "; ".join(marked) if marked else "no rule is violated"
    return f"Levey-Jennings chart of {plot.name}, {len(points)} runs: {said}"


def _window(stretch: Stretch, bottom: Ruler) -> Markup:
    """The locked window: a shade between two dashed edges, and the word."""
    start, end = (bottom.at(v) for v in (stretch.window[0] - 0.5, stretch.window[1] + 0.5))
    shade = element(
        "rect", x=start, y=_BOX.top, width=end - start, height=_BOX.height, class_="window"
    )
    edges = (vertical(x, _BOX.top, _BOX.bottom, "centre") for x in (start, end))
    word = element("text", "baseline", x=start + 3, y=_BOX.bottom - 4, class_="quiet")
    return join((shade, *edges, word))


def _level(distance: int, words: str, left: Ruler) -> Markup:
    """Mean or a limit; what is farther out is drawn in shorter dashes."""
    y = left.at(distance)
    name = f"{'+' if distance > 0 else MINUS}{abs(distance)} SD" if distance else "mean"
    line = horizontal(y, _BOX.left, _BOX.right, f"sd{abs(distance)}")
    text = element("text", f"{name} {words}".strip(), x=_BOX.right + 5, y=y + 3.5)
    return join((line, text))


def _begin(stretch: Stretch, row: int, bottom: Ruler) -> Markup:
    """A vertical line before the first run of a lot or service, with its words."""
    x = bottom.at(stretch.points[0].place - 0.5)
    y = _BOX.top - 5 - 12 * row
    turned = x > _BOX.middle
    text = element(
        "text", visible(stretch.begins, _LETTERS), x=x + (-4 if turned else 4), y=y,
        class_="end" if turned else "start",
    )  # fmt: skip
    return join((vertical(x, y - 9, _BOX.bottom, "begun"), text))


def _joined(stretch: Stretch, bottom: Ruler, left: Ruler) -> Markup:
    places = [_place(point, bottom, left) for point in stretch.points]
    if len(places) < 2:
        return Markup()
    line = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in places)
    return element("path", d=line, class_="joined" if stretch.has_baseline else "joined dashed")


def _place(point: ControlPoint, bottom: Ruler, left: Ruler) -> tuple[float, float]:
    """Pixel position; what lies beyond the axis, or nowhere, is drawn at its end."""
    return bottom.at(point.place), left.at(min(max(point.distance, -REACH), REACH))


def _point(point: ControlPoint, bottom: Ruler, left: Ruler) -> Markup:
    x, y = _place(point, bottom, left)
    title = element("title", point.told)
    return join((_shape(point.mark, x, y, title), _rules(point, x, y)))


def _shape(mark: Mark, x: float, y: float, title: Markup) -> Markup:
    if mark in _RADII:
        return element("circle", title, cx=x, cy=y, r=_RADII[mark], class_=mark.value)
    at = f"translate({number(x)} {number(y)})"
    return element("path", title, d=_SHAPES[mark], transform=at, class_=mark.value)


def _rules(point: ControlPoint, x: float, y: float) -> Markup:
    """Label of the rules, upright beside the point, on the side of the mean: there is room."""
    if not point.rules:
        return Markup()
    above = point.distance > 0.0
    turn = f"translate({number(x + 3.5)} {number(y + (9 if above else -9))}) rotate(-90)"
    side = "end" if above else "start"
    style = "quiet" if point.mark is Mark.ALONE else "label"
    return element("text", point.rules, transform=turn, class_=f"{style} {side}")
