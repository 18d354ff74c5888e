"""How sure a class is at a distance from its cut-off, a curve a coefficient of variation."""

from collections.abc import Sequence

import numpy as np
from markupsafe import Markup

from hladr.criterion import same_side_probability
from hladr.report.axis import Box, frame, vertical
from hladr.report.ruler import linear_ruler
from hladr.report.svg import element, join, path_data

WIDTH, HEIGHT = 660.0, 322.0
_BOX = Box(left=60.0, top=12.0, right=630.0, bottom=282.0)
_LOW, _HIGH = 0.5, 1.6  # of the cut-off: the ends of the axis
_STEPS = 221
_DASHES = ("none", "8 3", "4 3", "1.5 3")
_KEY = (426.0, 200.0)  # where the key stands: below the curves
_STYLE = (
    "text { font: 11px sans-serif; fill: #222 } .mid { text-anchor: middle } "
    ".end { text-anchor: end } .power { font-size: 8px } .frame { fill: none; stroke: #444 } "
    ".rule { stroke: #444 } .cutoff { stroke: #b3261e } .curve { fill: none; stroke: #0b6e99; "
    "stroke-width: 1.8 }"
)


def draw_certainty(cutoff: float, curves: Sequence[tuple[str, float]]) -> Markup:
    """SVG, complete in itself: probability of the stated side against AB/c.

    Parameters
    ----------
    cutoff
        AB/c, > 0.
    curves
        One to four, each the words of its key and a coefficient of variation, 0 to 1.
    """
    if not 0 < len(curves) <= len(_DASHES):
        raise ValueError(f"expected one to {len(_DASHES)} curves, found {len(curves)}")
    bottom = linear_ruler(_LOW * cutoff, _HIGH * cutoff, "measured HLA-DR, AB/c")
    bottom = bottom.placed(_BOX.left, _BOX.right)
    left = linear_ruler(0.5, 1.005, "probability that the truth lies on the same side")
    left = left.placed(_BOX.bottom, _BOX.top)
    abcs = np.linspace(_LOW * cutoff, _HIGH * cutoff, _STEPS)
    abcs = np.unique(np.append(abcs, cutoff))
    lines = []
    for (_, cv), dash in zip(curves, _DASHES, strict=False):
        sure = np.array([same_side_probability(abc, cutoff, cv) for abc in abcs.tolist()])
        d = path_data(bottom.pixel(abcs), left.pixel(sure))
        lines.append(element("path", d=d, class_="curve", stroke_dasharray=dash))
    return element(
        "svg",
        element("style", Markup(_STYLE)),  # noqa: S704 - our own
        element("rect", width=WIDTH, height=HEIGHT, fill="#fff"),
        vertical(bottom.at(cutoff), _BOX.bottom, _BOX.top, "cutoff"),
        join(lines),
        _key([words for words, _ in curves]),
        frame(_BOX, bottom, left),
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {WIDTH:g} {HEIGHT:g}",
        role="img",
        aria_label=f"How sure a class is at a distance from {cutoff:,.0f} AB/c",
    )


def _key(words: Sequence[str]) -> Markup:
    x, y = _KEY
    return join(
        element(
            "g",
            element(
                "path", d=f"M{x} {y + 18 * row}h26", class_="curve", stroke_dasharray=_DASHES[row]
            ),
            element("text", text, x=x + 32, y=y + 18 * row + 4),
        )
        for row, text in enumerate(words)
    )
