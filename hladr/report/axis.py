"""The frame of a figure: box, ticks, tick labels, axis labels."""

import math
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from hladr.arrays import FloatArray
from hladr.number_format import MINUS
from hladr.report.ruler import Ruler
from hladr.report.svg import element, join, number, visible
from hladr.scales import UNSCALED, decade_ticks

_MAJOR, _MINOR = 5.0, 3.0  # length of a tick, pixels
_LETTER = 5.2  # pixels a letter of a label takes, on average
_HAIR = 2.0  # least distance of two unlabelled ticks, pixels
_STEPS, _FINE_STEPS = (1.0, 2.0, 5.0), (1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0, 7.0, 8.0, 9.0)
_FEWEST = 3  # amounts on an axis, or finer steps are taken
_SIDE, _WIDE_SIDE = 41.0, 54.0  # from the box to the middle of the label beside it, pixels
_BESIDE, _ABOVE = 26.0, 12.0  # room a tick label takes along an axis: in a row, in a column


@dataclass(frozen=True, slots=True)
class Box:
    """The area of a figure between its axes, pixels, y down."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def width(self) -> float:
        """Pixels from left to right."""
        return self.right - self.left

    @property
    def height(self) -> float:
        """Pixels from top to bottom."""
        return self.bottom - self.top

    @property
    def middle(self) -> float:
        """Pixel position halfway between left and right."""
        return (self.left + self.right) / 2


def frame(box: Box, bottom: Ruler, left: Ruler) -> Markup:
    """Box with ticks and labels below and on the left."""
    return _framed(box, bottom, left, _decades(left), _SIDE)


def frame_of_amounts(box: Box, bottom: Ruler, left: Ruler) -> Markup:
    """Box whose left axis, a logarithmic one, says its amounts in full, also within a decade."""
    shown = _amounts(left, _STEPS)
    if shown.size < _FEWEST:
        shown = _amounts(left, _FINE_STEPS)
    labels = {value: Markup(f"{value:,.10g}") for value in _labelled(shown, left, _ABOVE)}  # noqa: S704 - digits
    return _framed(box, bottom, left, labels, _WIDE_SIDE)


def outline(box: Box) -> Markup:
    """Box alone."""
    return element(
        "rect", x=box.left, y=box.top, width=box.width, height=box.height, class_="frame"
    )


def bottom_axis(box: Box, bottom: Ruler) -> Markup:
    """Ticks and label below."""
    return join((_bottom_ticks(box, bottom), _label_below(box, bottom)))


def left_axis(box: Box, left: Ruler) -> Markup:
    """Ticks and label on the left."""
    return join((_left_ticks(box, left, _decades(left)), _label_beside(box, left, _SIDE)))


def vertical(x: float, start: float, end: float, style: str) -> Markup:
    """Vertical line at `x`, from `start` to `end`."""
    return element("path", d=f"M{number(x)} {number(start)}V{number(end)}", class_=style)


def horizontal(y: float, start: float, end: float, style: str) -> Markup:
    """Horizontal line at `y`, from `start` to `end`."""
    return element("path", d=f"M{number(start)} {number(y)}H{number(end)}", class_=style)


def _framed(
    box: Box, bottom: Ruler, left: Ruler, labels: Mapping[float, Markup], beside: float
) -> Markup:
    return join(
        (
            outline(box),
            _bottom_ticks(box, bottom),
            _left_ticks(box, left, labels),
            _label_below(box, bottom),
            _label_beside(box, left, beside),
        )
    )


def _decades(ruler: Ruler) -> dict[float, Markup]:
    major, _ = decade_ticks(ruler.scale, ruler.low, ruler.high)
    return {value: _tick_text(value, ruler) for value in _labelled(major, ruler, _ABOVE)}


def _amounts(ruler: Ruler, steps: tuple[float, ...]) -> FloatArray:
    decades = range(math.floor(math.log10(ruler.low)), math.ceil(math.log10(ruler.high)))
    every = np.array([step * 10.0**decade for decade in decades for step in steps])
    return every[(every >= ruler.low) & (every <= ruler.high)]


def _label_below(box: Box, bottom: Ruler) -> Markup:
    return _label(bottom.label, box.width, x=box.middle, y=box.bottom + 31)


def _label_beside(box: Box, left: Ruler, beside: float) -> Markup:
    middle = number((box.top + box.bottom) / 2)
    side = f"translate({number(box.left - beside)} {middle}) rotate(-90)"
    return _label(left.label, box.height, transform=side)


def _label(text: str, room: float, **place: str | float) -> Markup:
    """Label of an axis, cut where it would be longer than the axis."""
    return element("text", visible(text, int(room / _LETTER)), **place, class_="axis mid")


def _bottom_ticks(box: Box, ruler: Ruler) -> Markup:
    major, minor = decade_ticks(ruler.scale, ruler.low, ruler.high)
    y = box.bottom
    return join(
        [vertical(x, y, y + _MAJOR, "rule") for x in ruler.pixel(major).tolist()]
        + [vertical(x, y, y + _MINOR, "rule") for x in _clear(minor, ruler)]
        + [
            element(
                "text", _tick_text(value, ruler), x=ruler.at(value), y=y + 16, class_="tick mid"
            )
            for value in _labelled(major, ruler, _BESIDE)
        ]
    )


def _left_ticks(box: Box, ruler: Ruler, labels: Mapping[float, Markup]) -> Markup:
    major, minor = decade_ticks(ruler.scale, ruler.low, ruler.high)
    x = box.left
    return join(
        [
            horizontal(ruler.at(v), x, x - _MAJOR, "rule")
            for v in dict.fromkeys((*major.tolist(), *labels))
        ]
        + [horizontal(y, x, x - _MINOR, "rule") for y in _clear(minor, ruler)]
        + [
            element("text", text, x=x - 7, y=ruler.at(value) + 3.5, class_="tick end")
            for value, text in labels.items()
        ]
    )


def _tick_text(value: float, ruler: Ruler) -> Markup:
    """Decades as powers of ten; linear values with k for thousands."""
    if ruler.scale == UNSCALED:
        return Markup(_linear_text(value, ruler.high))  # noqa: S704 - digits
    if value == 0.0:
        return Markup("0")
    exponent = round(math.log10(abs(value)))
    sign = MINUS if value < 0.0 else ""
    if 0 <= exponent <= 1:
        return Markup(f"{sign}{10**exponent}")  # noqa: S704 - digits
    power = f"{exponent}".replace("-", MINUS)
    return Markup("{}10").format(sign) + element("tspan", power, dy=-4, class_="power")


def _linear_text(value: float, high: float) -> str:
    text = f"{value / 1000:,.10g}k" if high >= 10_000.0 and value else f"{value:,.10g}"
    return text.replace("-", MINUS)


def _labelled(values: FloatArray, ruler: Ruler, room: float) -> list[float]:
    """Ticks whose labels do not touch, `room` pixels apart or more."""
    if ruler.scale == UNSCALED:
        return _every_nth(values, ruler, room)
    kept: list[float] = []
    places = dict(zip(values.tolist(), ruler.pixel(values).tolist(), strict=True))
    for value in sorted(places, key=lambda v: (v != 0.0, -abs(v))):  # zero, then the far decades
        if all(abs(places[value] - places[other]) >= room for other in kept):
            kept.append(value)
    return kept


def _every_nth(values: FloatArray, ruler: Ruler, room: float) -> list[float]:
    """Ticks of a linear axis at the least even distance that their labels allow."""
    if values.size < 2:
        return [float(value) for value in values]
    step = float(values[1] - values[0])
    between = abs(ruler.at(float(values[1])) - ruler.at(float(values[0])))
    stride = math.ceil(room / between)
    return [float(value) for value in values if round(value / step) % stride == 0]


def _clear(values: FloatArray, ruler: Ruler) -> list[float]:
    """Pixel positions of the unlabelled ticks, without those that would run into one another."""
    kept: list[float] = []
    for place in sorted(ruler.pixel(values).tolist()):
        if not kept or place - kept[-1] >= _HAIR:
            kept.append(place)
    return kept
