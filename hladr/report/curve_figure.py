"""The standard curve on log-log paper, its residuals on their own scale below it."""

from dataclasses import dataclass

import numpy as np
from markupsafe import Markup

from hladr.arrays import FloatArray
from hladr.report.axis import Box, frame, horizontal
from hladr.report.ruler import Ruler, linear_ruler, log_ruler
from hladr.report.svg import element, join, number, path_data

WIDTH, HEIGHT = 336.0, 280.0
_LINE_BOX = Box(left=52.0, top=10.0, right=328.0, bottom=152.0)
_RESIDUAL_BOX = Box(left=52.0, top=178.0, right=328.0, bottom=238.0)
_LEAST_RESIDUAL_REACH = 5.0  # percent: a good curve must not look bad
_ROOM = 2.0  # free space beyond the outermost points, as a factor


@dataclass(frozen=True, slots=True, eq=False)
class CurvePlot:
    """What the curve figure is drawn from.

    Parameters
    ----------
    molecules, fluorescence, residual_percent
        PE molecules, geometric mean and back-calculated residual of each fitted level,
        shape (n,), positive but for the residuals.
    slope, intercept
        ``log10(fluorescence) = intercept + slope * log10(molecules)``, slope > 0.
    band_molecules, band_percent
        Where the curve's 95 % interval is drawn, and its half-width in percent of the molecules,
        each shape (k,).
    samples
        PE molecules and fluorescence of what is to be pointed out on the line, shape (m, 2).
    label
        Channel, for the fluorescence axis.
    """

    molecules: FloatArray
    fluorescence: FloatArray
    residual_percent: FloatArray
    slope: float
    intercept: float
    band_molecules: FloatArray
    band_percent: FloatArray
    samples: FloatArray
    label: str


@dataclass(frozen=True, slots=True, eq=False)
class EarlierLine:
    """The line of an earlier run, drawn behind: as the fields of `CurvePlot`."""

    molecules: FloatArray
    fluorescence: FloatArray
    slope: float
    intercept: float


def draw_curve(plot: CurvePlot, earlier: EarlierLine | None = None) -> Markup:
    """SVG of the line with its points, and of the residuals under it."""
    upper, lower = _LINE_BOX, _RESIDUAL_BOX
    before = () if earlier is None else (earlier,)
    along_x = (plot.molecules, plot.samples[:, 0], *(each.molecules for each in before))
    bottom = _around(along_x, "PE molecules").placed(upper.left, upper.right)
    along_y = (plot.fluorescence, plot.samples[:, 1], *(each.fluorescence for each in before))
    left = _around(along_y, plot.label).placed(upper.bottom, upper.top)
    worst = float(np.max(np.abs(plot.residual_percent), initial=0.0))
    reach = max(_LEAST_RESIDUAL_REACH, 1.2 * worst)
    residual = linear_ruler(-reach, reach, "Residual, %").placed(lower.bottom, lower.top)
    along = bottom.pixel(plot.molecules)
    return element(
        "svg",
        join(_ghost(each, bottom, left) for each in before),
        _line(plot, bottom, left),
        join(_drop_lines(x, y, bottom, left) for x, y in plot.samples.tolist()),
        _dots(along, left.pixel(plot.fluorescence)),
        frame(upper, _unlabelled(bottom), left),
        _band(plot, bottom, residual),
        horizontal(residual.at(0.0), lower.left, lower.right, "line"),
        _dots(along, residual.pixel(plot.residual_percent)),
        frame(lower, bottom, residual),
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="img",
        aria_label="Standard curve and its residuals",
    )


def _around(points: tuple[FloatArray, ...], label: str) -> Ruler:
    values = np.concatenate(points)
    return log_ruler(float(values.min()) / _ROOM, float(values.max()) * _ROOM, label)


def _unlabelled(ruler: Ruler) -> Ruler:
    return Ruler(ruler.scale, ruler.low, ruler.high, "", ruler.start, ruler.end)


def _line(plot: CurvePlot, bottom: Ruler, left: Ruler) -> Markup:
    """Solid between the lowest and the top level, dashed where it is extrapolated."""
    lowest, top = float(plot.molecules.min()), float(plot.molecules.max())
    pieces = (
        (bottom.low, lowest, "line dashed"),
        (lowest, top, "line"),
        (top, bottom.high, "line dashed"),
    )
    return join(
        element("path", d=_piece(plot, np.array([a, b]), bottom, left), class_=style)
        for a, b, style in pieces
    )


def _ghost(line: EarlierLine, bottom: Ruler, left: Ruler) -> Markup:
    """Line of an earlier run from end to end, its points as rings."""
    ends = np.array([bottom.low, bottom.high])
    rings = zip(
        bottom.pixel(line.molecules).tolist(), left.pixel(line.fluorescence).tolist(), strict=True
    )
    return join(
        (
            element("path", d=_piece(line, ends, bottom, left), class_="ghost"),
            *(element("circle", cx=x, cy=y, r=4.5, class_="ghost") for x, y in rings),
        )
    )


def _piece(plot: CurvePlot | EarlierLine, ends: FloatArray, bottom: Ruler, left: Ruler) -> str:
    """Stretch of the line, cut where it leaves the fluorescence axis."""
    floor, ceiling = 10.0 ** ((np.log10([left.low, left.high]) - plot.intercept) / plot.slope)
    molecules = np.clip(ends, floor, ceiling)
    fluorescence = 10.0 ** (plot.intercept + plot.slope * np.log10(molecules))
    return path_data(bottom.pixel(molecules), left.pixel(fluorescence))


def _drop_lines(molecules: float, fluorescence: float, bottom: Ruler, left: Ruler) -> Markup:
    """From the fluorescence axis to the line and down to the molecules."""
    x, y = bottom.at(molecules), left.at(fluorescence)
    path = f"M{number(_LINE_BOX.left)} {number(y)}H{number(x)}V{number(_LINE_BOX.bottom)}"
    return element("path", d=path, class_="sample")


def _band(plot: CurvePlot, bottom: Ruler, residual: Ruler) -> Markup:
    x = bottom.pixel(plot.band_molecules)
    above, below = residual.pixel(plot.band_percent), residual.pixel(-plot.band_percent)
    around = np.concatenate([x, x[::-1]]), np.concatenate([above, below[::-1]])
    return element("path", d=path_data(*around, closed=True), class_="band")


def _dots(x: FloatArray, y: FloatArray) -> Markup:
    return join(
        element("circle", cx=a, cy=b, r=3, class_="dot")
        for a, b in zip(x.tolist(), y.tolist(), strict=True)
    )
