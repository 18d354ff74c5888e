"""The last signed run behind a new one: where its beads and its line were."""

import dataclasses
import re

import numpy as np
import pytest

from hladr.report.run_drawings import draw_bead_run, draw_standard_curve


def moved(beads, factor, repeat=1):
    """The same beads, brighter by a factor, each this many times."""
    return dataclasses.replace(
        beads,
        values=np.tile(beads.values * factor, repeat),
        singlets=np.tile(beads.singlets, repeat),
    )


def points(d):
    return np.array([[float(v) for v in pair.split()] for pair in re.split("[ML]", d)[1:]])


def ghosts(parse, svg, tag):
    return [a for name, a in parse(svg).elements if name == tag and a.get("class") == "ghost"]


def summits(outline, n=4):
    """Where the highest steps of an outline lie, from left to right, one in each quarter."""
    xy = points(outline)
    return [xy[part][np.argmin(xy[part][:, 1]), 0] for part in np.array_split(range(len(xy)), n)]


def test_without_an_earlier_run_nothing_is_ghosted(passed):
    assert "ghost" not in draw_bead_run(passed.curve, passed.bead_evidence)
    assert "ghost" not in draw_standard_curve(passed.curve)


def test_the_same_beads_are_ghosted_where_they_are_whatever_their_number(parse, passed):
    beads = passed.bead_evidence
    drawn = [
        ghosts(parse, draw_bead_run(passed.curve, beads, moved(beads, 1.0, n)), "path")[0]["d"]
        for n in (1, 3)
    ]
    assert drawn[0] == drawn[1]
    filled = next(
        a["d"] for _, a in parse(draw_bead_run(passed.curve, beads)).elements
        if a.get("class") == "filled"
    )  # fmt: skip
    assert points(drawn[0])[:, 1].min() == pytest.approx(points(filled[:-1])[:, 1].min())


def test_dimmer_beads_are_ghosted_to_the_left(parse, passed):
    beads = passed.bead_evidence
    now, then = (
        ghosts(parse, draw_bead_run(passed.curve, beads, moved(beads, f)), "path")[0]["d"]
        for f in (1.0, 0.8)
    )
    assert np.mean(np.subtract(summits(then), summits(now))) < -3.0


def test_the_line_of_an_earlier_run_goes_through_its_own_points(parse, passed):
    curve = passed.curve
    brighter = tuple(
        dataclasses.replace(p, geometric_mean=p.geometric_mean and 2.0 * p.geometric_mean)
        for p in curve.peaks
    )
    line = dataclasses.replace(curve.line, intercept=curve.intercept + np.log10(2.0))
    earlier = dataclasses.replace(curve, peaks=brighter, line=line)
    svg = draw_standard_curve(curve, earlier=earlier)
    rings = np.array([[float(a["cx"]), float(a["cy"])] for a in ghosts(parse, svg, "circle")])
    (x0, y0), (x1, y1) = points(ghosts(parse, svg, "path")[0]["d"])
    on_line = y0 + (rings[:, 0] - x0) * (y1 - y0) / (x1 - x0)
    assert len(rings) == 4
    assert rings[:, 1] == pytest.approx(on_line, abs=2.0)
    dots = [a for name, a in parse(svg).elements if name == "circle" and a.get("class") == "dot"]
    assert all(ring < float(dot["cy"]) for ring, dot in zip(rings[:, 1], dots[:4], strict=True))
