"""A subject over time: AB/c with intervals above, ferritin below, each on a log axis of its own."""

import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from enum import Enum

from markupsafe import Markup

from hladr.report.axis import Box, frame, horizontal, vertical
from hladr.report.ruler import Ruler, linear_ruler, log_ruler
from hladr.report.svg import element, join, number

WIDTH, HEIGHT = 760.0, 470.0
_ABC = Box(left=60.0, top=22.0, right=640.0, bottom=262.0)
_FERRITIN = Box(left=60.0, top=300.0, right=640.0, bottom=430.0)
_ROOM = 1.5  # beyond the outermost value, as a factor
_EDGE = 0.05  # of the time axis, free on either side
_CAP = 3.0  # pixels of an interval's end on either side
_SHORT = 2.0  # decades; a shorter axis has labels between the powers of ten
_BETWEEN = (2.0, 5.0)
_APART = 12.0  # least distance of two labels of lines, pixels

Shape = Callable[[float, float, str], Markup]


class Mark(Enum):
    """How a value is drawn.

    ├── USED   filled: it is compared
    ├── OPEN   not filled: it is shown, and not compared
    ├── ABOVE  an arrow up: it is more than this
    └── BELOW  an arrow down: it is less than this
    """

    USED = "used"
    OPEN = "open"
    ABOVE = "above"
    BELOW = "below"


@dataclass(frozen=True, slots=True)
class CourseMark:
    """A value at a time: days since the first draw, > 0 the value and the ends of its interval."""

    day: float
    value: float
    ends: tuple[float, float]
    mark: Mark = Mark.USED


@dataclass(frozen=True, slots=True)
class CourseLine:
    """A value that parts classes; `is_sure` False where its source is not."""

    value: float
    words: str
    is_sure: bool = True


@dataclass(frozen=True, slots=True)
class Treatment:
    """A mark of treatment, in days since the first draw."""

    day: float
    words: str


@dataclass(frozen=True, slots=True)
class Panel:
    """The values of one quantity and the lines that part its classes."""

    marks: tuple[CourseMark, ...]
    lines: tuple[CourseLine, ...]


def draw_course(abc: Panel, ferritin: Panel, treatments: tuple[Treatment, ...]) -> Markup:
    """SVG of a subject over time.

    Parameters
    ----------
    abc, ferritin
        In AB/c and ng/mL; each may be empty but for its lines.
    treatments
        Marks through both panels.
    """
    days = [each.day for each in (*abc.marks, *ferritin.marks)]
    days += [each.day for each in treatments]
    first, last = min(days, default=0.0), max(days, default=1.0)
    edge = _EDGE * max(last - first, 1.0)
    bottom = linear_ruler(first - edge, max(last, first + 1.0) + edge, "Days since the first draw")
    bottom = bottom.placed(_ABC.left, _ABC.right)
    return element(
        "svg",
        _treatments(treatments, bottom),
        _panel(_ABC, abc, bottom, "AB/c", _dot),
        _panel(_FERRITIN, ferritin, bottom, "Ferritin, ng/mL", _square),
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="img",
        aria_label="AB/c and ferritin of this subject over time; the table below has the numbers",
    )


def _panel(box: Box, panel: Panel, bottom: Ruler, label: str, shape: Shape) -> Markup:
    left = _ruler(panel, label).placed(box.bottom, box.top)
    places = [(bottom.at(each.day), left.at(each.value), each) for each in panel.marks]
    used = [(x, y) for x, y, each in places if each.mark is Mark.USED]
    line = "M" + "L".join(f"{number(x)} {number(y)}" for x, y in used)
    return join(
        (
            *_lines(box, panel.lines, left),
            element("path", d=line, class_="line dashed") if len(used) > 1 else Markup(),
            join(_interval(x, each, left) for x, _, each in places),
            join(_shape(x, y, each.mark, shape) for x, y, each in places),
            frame(box, bottom, left),
            *_between(box, left),
        )
    )


def _ruler(panel: Panel, label: str) -> Ruler:
    ends = (end for each in panel.marks for end in (each.value, *each.ends))
    shown = [value for value in (*ends, *(each.value for each in panel.lines)) if _is_shown(value)]
    low, high = min(shown, default=1.0), max(shown, default=10.0)
    return log_ruler(low / _ROOM, high * _ROOM, label)


def _between(box: Box, left: Ruler) -> Iterator[Markup]:
    """Labels between the powers of ten, of which a short axis has one or none."""
    low, high = math.log10(left.low), math.log10(left.high)
    if high - low > _SHORT:
        return
    for decade in range(math.floor(low), math.ceil(high)):
        for value in (each * 10.0**decade for each in _BETWEEN):
            if left.shows(value):
                words = f"{value / 1000.0:g}k" if value >= 1000.0 else f"{value:g}"
                y = left.at(value) + 3.5
                yield element("text", words, x=box.left - 7, y=y, class_="tick end")


def _is_shown(value: float) -> bool:
    return 0.0 < value < math.inf


def _lines(box: Box, lines: Iterable[CourseLine], left: Ruler) -> Iterator[Markup]:
    """Each line with its words at the right, which do not touch those of the line below it."""
    above = math.inf
    for each in sorted(lines, key=lambda line: line.value):
        y = left.at(each.value)
        place = min(y, above - _APART)
        above = place
        yield horizontal(y, box.left, box.right, "cutoff" if each.is_sure else "median")
        yield element("text", each.words, x=box.right + 6, y=place + 3.5)


def _treatments(treatments: Iterable[Treatment], bottom: Ruler) -> Markup:
    parts = []
    for each in treatments:
        x = bottom.at(each.day)
        end = x > _ABC.middle
        words = element(
            "text", each.words, x=x + (-4 if end else 4), y=_ABC.top - 8,
            class_="end" if end else "begin",
        )  # fmt: skip
        parts += [vertical(x, _FERRITIN.bottom, _ABC.top - 14, "other"), words]
    return join(parts)


def _interval(x: float, each: CourseMark, left: Ruler) -> Markup:
    low, high = (left.at(min(max(end, left.low), left.high)) for end in each.ends)
    if low == high:
        return Markup()
    caps = (horizontal(end, x - _CAP, x + _CAP, "line") for end in (low, high))
    return join((vertical(x, low, high, "line"), *caps))


def _dot(x: float, y: float, style: str) -> Markup:
    return element("circle", cx=x, cy=y, r=4.5, class_=style)


def _square(x: float, y: float, style: str) -> Markup:
    return element("rect", x=x - 4, y=y - 4, width=8.0, height=8.0, class_=style)


def _shape(x: float, y: float, mark: Mark, known: Shape) -> Markup:
    """A value on the paper: an arrow where it lies beyond what can be told."""
    if mark in {Mark.ABOVE, Mark.BELOW}:
        tip = y - 9 if mark is Mark.ABOVE else y + 9
        d = f"M{number(x - 5)} {number(y)}H{number(x + 5)}L{number(x)} {number(tip)}Z"
        return element("path", d=d, class_="dot")
    return known(x, y, "dot" if mark is Mark.USED else "line")
