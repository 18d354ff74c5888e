"""Figures of a method validation: replicates, sources of imprecision, linearity."""

from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby

import numpy as np
from markupsafe import Markup

from hladr.arrays import FloatArray
from hladr.report.axis import (
    Box,
    bottom_axis,
    frame,
    horizontal,
    left_axis,
    outline,
    vertical,
)
from hladr.report.ruler import Ruler, linear_ruler
from hladr.report.svg import element, join, number, path_data
from hladr.validation.columns import SPECIMEN
from hladr.validation.linearity import Linearity
from hladr.validation.observation import Observation
from hladr.validation.precision import Component

_WIDE, _TALL = 688.0, 220.0
_REPLICATES = Box(left=52.0, top=8.0, right=680.0, bottom=184.0)
_SHARE = 0.8  # of a specimen's place that its runs take
_MOST_NAMED = 40  # specimens whose number stands below
_LEAST_REACH = 2.0  # percent: noise of the last digit must not fill the paper
_MARGIN = 1.08
_ROW, _BAR = 24.0, 10.0  # pixels a source takes, and its bar
_HALF = 336.0
_PANEL = Box(left=52.0, top=8.0, right=328.0, bottom=200.0)
_MOST_CV = 1000.0  # percent; what is beyond sits on the frame
_FARTHEST = 3.0  # an interval is drawn so far beyond the largest estimate, as a factor


def draw_replicates(results: Sequence[Observation], levels: tuple[str, ...]) -> Markup:
    """SVG of each result's distance from the mean of its specimen, a column a run.

    Parameters
    ----------
    results
        One or more; specimens are numbered as they first appear.
    levels
        What a run is told by.
    """
    names = list(dict.fromkeys(each.specimen for each in results))
    percent = [np.array([100.0 * value for value in _relative(results, name)]) for name in names]
    reach = _MARGIN * max(_LEAST_REACH, *(float(np.abs(each).max()) for each in percent))
    left = linear_ruler(-reach, reach, "From the specimen’s mean, %")
    left = left.placed(_REPLICATES.bottom, _REPLICATES.top)
    width = _REPLICATES.width / len(names)
    parts = [horizontal(left.at(0.0), _REPLICATES.left, _REPLICATES.right, "zero")]
    for place, (name, values) in enumerate(zip(names, percent, strict=True)):
        start = _REPLICATES.left + place * width
        if place:
            parts.append(vertical(start, _REPLICATES.top, _REPLICATES.bottom, "top"))
        of_it = [each for each in results if each.specimen == name]
        parts.extend(_columns(_runs(of_it, levels), left.pixel(values), start, width))
        if 1 < len(names) <= _MOST_NAMED:
            middle = start + width / 2.0
            y = _REPLICATES.bottom + 16
            parts.append(element("text", str(place + 1), x=middle, y=y, class_="tick mid"))
    label = "Specimen, numbered as in the table" if len(names) > 1 else "Runs of the specimen"
    axis = element(
        "text", label, x=_REPLICATES.middle, y=_REPLICATES.bottom + 31, class_="axis mid"
    )
    return _figure(
        ("replicates", _WIDE, _TALL),
        "Replicates of each specimen",
        "Each point is a result: its distance in percent from the geometric mean of its specimen. "
        "Results of one run stand in one column and are joined.",
        *parts,
        outline(_REPLICATES),
        left_axis(_REPLICATES, left),
        axis,
    )


def _relative(results: Iterable[Observation], specimen: str) -> Iterator[float]:
    logs = np.log([each.abc for each in results if each.specimen == specimen])
    return iter(np.expm1(logs - logs.mean()).tolist())


def _runs(results: Sequence[Observation], levels: tuple[str, ...]) -> list[int]:
    keys = [tuple(each.said[name] for name in (SPECIMEN, *levels)) for each in results]
    places = {key: place for place, key in enumerate(dict.fromkeys(keys))}
    return [places[key] for key in keys]


def _columns(runs: list[int], y: FloatArray, start: float, width: float) -> Iterator[Markup]:
    n = max(runs) + 1
    dots = []
    for run, members in groupby(sorted(range(len(runs)), key=lambda i: runs[i]), runs.__getitem__):
        share = (1.0 - _SHARE) / 2.0 + _SHARE * (run + 0.5) / n
        x = start + share * width
        heights = y[list(members)]
        if heights.size > 1:
            yield vertical(x, float(heights.min()), float(heights.max()), "joined")
        dots += [f"M{number(x)} {number(height)}h0" for height in sorted(set(heights.tolist()))]
    yield element("path", d="".join(dots), class_="pairs")


def draw_sources(parts: Sequence[tuple[str, Component, float]]) -> Markup:
    """SVG of the CV of each source, with its interval and the laboratory's limit (NaN: none)."""
    box = Box(left=188.0, top=8.0, right=676.0, bottom=8.0 + _ROW * len(parts))
    largest = min(max(part.cv for _, part, _ in parts), _MOST_CV)
    limits = [limit for _, _, limit in parts if np.isfinite(limit)]
    ends = [part.interval.high for _, part, _ in parts]
    wanted = max([1.0, *limits, min(max(ends), _FARTHEST * max(largest, *limits, 1.0))])
    bottom = linear_ruler(0.0, _MARGIN * wanted, "CV, %").placed(box.left, box.right)
    rows = (
        _source(name, part, limit, box.top + _ROW * (place + 0.5), bottom)
        for place, (name, part, limit) in enumerate(parts)
    )
    return _figure(
        ("sources", _WIDE, box.bottom + 40.0),
        "Sources of imprecision",
        "Bar: CV of each source; line: its 95 % interval, with an arrow where it goes on beyond "
        "the paper; dashes: limit of the laboratory, where it gave one.",
        *rows,
        outline(box),
        bottom_axis(box, bottom),
    )


def _source(name: str, part: Component, limit: float, y: float, bottom: Ruler) -> Markup:
    start, end = bottom.at(part.interval.low), bottom.at(part.interval.high)
    beyond = part.interval.high > bottom.high
    cap = (
        element("path", d=f"M{number(end - 6)} {number(y - 4)}l6 4l-6 4", class_="mean")
        if beyond
        else vertical(end, y - 4, y + 4, "mean")
    )
    width = bottom.at(part.cv) - bottom.start
    return join(
        (
            element("text", name, x=bottom.start - 8, y=y + 3.5, class_="end"),
            element(
                "rect", x=bottom.start, y=y - _BAR / 2, width=width, height=_BAR, class_="filled"
            ),
            horizontal(y, start, end, "mean"),
            vertical(start, y - 4, y + 4, "mean"),
            cap,
            vertical(bottom.at(limit), y - _ROW / 2 + 2, y + _ROW / 2 - 2, "cutoff")
            if np.isfinite(limit)
            else Markup(),
        )
    )


def draw_line(
    found: Linearity, results: Sequence[Observation], place: int
) -> tuple[Markup, Markup]:
    """SVG of measured over expected with the straight line, and of the deviations from it.

    Parameters
    ----------
    found
        The series.
    results
        Its results.
    place
        Number of the series on the page.
    """
    expected = np.array([each.expected for each in results])
    abc = np.array([each.abc for each in results])
    bottom = _from_zero(expected, "Expected").placed(_PANEL.left, _PANEL.right)
    left = _from_zero(abc, "Measured, AB/c").placed(_PANEL.bottom, _PANEL.top)
    along = np.array([expected.min(), expected.max()])
    height = found.intercept.value + found.slope.value * along
    dots = "".join(
        f"M{number(x)} {number(y)}h0"
        for x, y in zip(bottom.pixel(expected), left.pixel(abc), strict=True)
    )
    line = _figure(
        (f"line-{place}", _HALF, 236.0),
        "Measured over expected",
        "Each point is a result; the line is fitted straight, each result weighted by its level.",
        element(
            "path", d=path_data(bottom.pixel(along), left.pixel(height)), class_="line"
        ),
        element("path", d=dots, class_="pairs"),
        frame(_PANEL, bottom, left),
    )  # fmt: skip
    return line, _deviations(found, bottom, place)


def _deviations(found: Linearity, bottom: Ruler, place: int) -> Markup:
    ends = np.array(
        [(each.deviation, each.interval.low, each.interval.high) for each in found.levels]
    )
    finite = np.abs(ends[np.isfinite(ends)])
    reach = _MARGIN * max(_LEAST_REACH, float(finite.max(initial=0.0)))
    left = linear_ruler(-reach, reach, "From the line, %").placed(_PANEL.bottom, _PANEL.top)
    marks = []
    for each in found.levels:
        if not np.isfinite(each.deviation):
            continue
        x = bottom.at(each.expected)
        if np.isfinite([each.interval.low, each.interval.high]).all():
            low, high = left.at(each.interval.low), left.at(each.interval.high)
            caps = (horizontal(end, x - 3, x + 3, "line") for end in (low, high))
            marks += [vertical(x, low, high, "line"), *caps]
        marks.append(element("circle", cx=x, cy=left.at(each.deviation), r=3.5, class_="dot"))
    return _figure(
        (f"deviations-{place}", _HALF, 236.0),
        "Deviation of each level from the line",
        "Mean of each level over the line, in percent, with its 95 % interval.",
        horizontal(left.at(0.0), _PANEL.left, _PANEL.right, "zero"),
        *marks,
        frame(_PANEL, bottom, left),
    )


def _from_zero(values: FloatArray, label: str) -> Ruler:
    return linear_ruler(0.0, 1.05 * float(values.max()), label)


def _figure(
    place: tuple[str, float, float], title: str, description: str, *parts: Markup
) -> Markup:
    name, width, height = place
    return element(
        "svg",
        element("title", title, id=f"{name}-title"),
        element("desc", description, id=f"{name}-desc"),
        *parts,
        viewBox=f"0 0 {width:g} {height:g}",
        role="img",
        aria_labelledby=f"{name}-title {name}-desc",
    )
