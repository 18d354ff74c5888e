"""Levey-Jennings charts: where points lie, how violated ones are marked, what is shaded."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration.control import (
    VOLTAGE,
    Baseline,
    Epoch,
    Quantity,
    Run,
    charts,
    control,
)
from hladr.report.control_drawings import draw_control_chart
from hladr.report.control_figure import (
    REACH,
    ControlPlot,
    ControlPoint,
    Mark,
    Stretch,
    draw_control,
)

LOW, OF = control("low"), Epoch(beads="lot A")
MARKS = {each.value for each in Mark}


def plot(distances, *, window=(), mark=Mark.STEADY, rules="", words=""):
    points = tuple(
        ControlPoint(place, distance, mark, rules, words)
        for place, distance in enumerate(distances, 1)
    )
    stretch = Stretch(words, points, window, has_baseline=True)
    lines = tuple((k, words) for k in (3, 2, 1, 0, -1, -2, -3))
    return ControlPlot(words or "slope", len(distances), words or "Run", lines, (stretch,))


def places(parse, svg):
    """Where the points of a figure lie, pixels, by the order they are drawn in."""
    found = []
    for tag, a in parse(svg).elements:
        if a.get("class") in MARKS:
            x, y = (
                (a["cx"], a["cy"])
                if tag == "circle"
                else re.match(r"translate\((\S+) (\S+)\)", a["transform"]).groups()
            )
            found.append((float(x), float(y)))
    return np.array(found)


def levels(parse, svg):
    """Pixel heights of mean and limits, by their class."""
    found = {}
    for _, a in parse(svg).elements:
        if re.fullmatch(r"sd\d", a.get("class") or ""):
            found.setdefault(a["class"], []).append(float(re.match(r"M\S+ (\S+?)H", a["d"])[1]))
    return found


inside = st.floats(-REACH, REACH)


@given(distances=st.lists(inside, min_size=1, max_size=60))
def test_a_point_lies_as_far_from_the_mean_as_it_does_in_sds(parse, distances):
    svg = draw_control(plot(distances))
    lines = levels(parse, svg)
    mean, sd = lines["sd0"][0], (lines["sd0"][0] - min(lines["sd3"])) / 3.0
    found = places(parse, svg)
    assert found[:, 1] == pytest.approx(mean - sd * np.array(distances), abs=0.02)
    assert np.diff(found[:, 0], n=2) == pytest.approx(0.0, abs=0.02)  # runs at even distances
    assert (np.diff(found[:, 0]) > 0.0).all()


@pytest.mark.parametrize("far", [4.6, 300.0, 1e300, np.inf])
def test_what_lies_beyond_the_axis_is_drawn_at_its_end(parse, far):
    up, down = places(parse, draw_control(plot([far, -far])))
    assert (up[1], down[1]) == tuple(
        y for _, y in places(parse, draw_control(plot([REACH, -REACH])))
    )


def test_marks_differ_in_shape_not_in_colour_alone(parse):
    shapes = set()
    for mark in Mark:
        (shape,) = [
            (tag, a.get("d") or a.get("r"))
            for tag, a in parse(draw_control(plot([1.0], mark=mark))).elements
            if a.get("class") in MARKS
        ]
        shapes.add(shape)
    assert len(shapes) == len(Mark)


def test_the_window_is_shaded_from_its_first_run_to_its_last(parse):
    svg = draw_control(plot([0.0] * 30, window=(1, 20)))
    (shade,) = [a for _, a in parse(svg).elements if a.get("class") == "window"]
    x = places(parse, svg)[:, 0]
    left, right = float(shade["x"]), float(shade["x"]) + float(shade["width"])
    half = (x[1] - x[0]) / 2
    assert (left, right) == pytest.approx((x[0] - half, x[19] + half), abs=0.02)


def window(rng, n=20, quantity=LOW, epoch=OF):
    return [
        Run(
            f"r{i}",
            f"2026-03-{i + 1:02}T08:00:00",
            {quantity: 4000 * np.exp(0.02 * rng.normal())},
            epoch,
        )
        for i in range(n)
    ]


def drawn(runs, baselines, quantity=LOW, lots=None):
    found = charts(runs, baselines)
    return draw_control_chart(found.chart(quantity), [run.id for run in runs], lots or {})


def test_a_run_that_is_rejected_is_a_cross_with_the_label_of_its_rule(parse):
    runs = window(np.random.default_rng(2))
    baseline = Baseline.locked(LOW, runs)
    limit = 10.0 ** (baseline.mean + 3.2 * baseline.sd)
    runs.append(Run("bad", "2026-03-25T08:00:00", {LOW: limit}, OF))
    page = parse(drawn(runs, [baseline]))
    assert len([a for _, a in page.elements if a.get("class") == "rejected"]) == 1
    assert page.text(within="label") == "1-3s"  # it says that it is beyond 2 SD as well
    name = next(a["aria-label"] for tag, a in page.elements if tag == "svg")
    assert "run 21, 1-3s" in name


def test_a_value_beyond_two_sd_alone_is_told_quietly(parse):
    runs = window(np.random.default_rng(2))
    baseline = Baseline.locked(LOW, runs)
    beyond = 10.0 ** (baseline.mean - 2.4 * baseline.sd)
    runs.append(Run("odd", "2026-03-25T08:00:00", {LOW: beyond}, OF))
    page = parse(drawn(runs, [baseline]))
    classes = [a.get("class") for _, a in page.elements]
    assert classes.count("alone") == 1
    assert not {"warned", "rejected", "label end", "label start"} & set(classes)
    assert "1-2s" in page.text(within="quiet")


def test_points_are_held_against_the_baseline_of_their_own_epoch(parse):
    """After a service the values are others; each lies by its own mean."""
    rng = np.random.default_rng(3)
    runs = window(rng)
    baseline = Baseline.locked(LOW, runs)
    served = Epoch(beads="lot A", service="2026-04-01T07:00:00")
    after = [
        Run(f"a{i}", f"2026-04-0{i + 2}T08:00:00", {LOW: 9000.0 + 100.0 * i}, served)
        for i in range(3)
    ]
    known = Baseline.by_hand(LOW, served, mean=9100.0, sd=182.0, reason="leaflet")
    svg = drawn([*runs, *after], [baseline, known])
    lines = levels(parse, svg)
    sd = (lines["sd0"][0] - min(lines["sd3"])) / 3.0
    z = [known.z(LOW.charted(run.values[LOW])) for run in after]
    assert places(parse, svg)[-3:, 1] == pytest.approx(lines["sd0"][0] - sd * np.array(z), abs=0.02)
    assert "service 2026-04-01" in parse(svg).text()
    assert "mean 9,100 AB/c" in parse(svg).text()


def test_without_a_baseline_there_are_rings_and_no_limits(parse):
    page = parse(drawn(window(np.random.default_rng(4), 7), []))
    classes = [a.get("class") for _, a in page.elements]
    assert classes.count("open") == 7
    assert not [each for each in classes if re.fullmatch(r"sd\d", each or "")]


def test_a_setting_that_never_moved_lies_on_its_mean_and_one_that_moved_at_the_end(parse):
    runs = [Run(f"r{i}", f"2026-03-{i + 1:02}T08:00:00", {VOLTAGE: 410.0}, OF) for i in range(20)]
    baseline = Baseline.locked(VOLTAGE, runs)
    runs.append(Run("moved", "2026-03-25T08:00:00", {VOLTAGE: 411.0}, OF))
    svg = drawn(runs, [baseline], VOLTAGE)
    heights = places(parse, svg)[:, 1]
    assert set(heights[:20]) == {levels(parse, svg)["sd0"][0]}
    assert heights[20] == places(parse, draw_control(plot([REACH])))[0, 1]
    assert "off the mean" in parse(svg).text()


@pytest.mark.parametrize(
    "text",
    ["<script>alert(1)</script>", "</svg><svg onload=alert(1)>", '"><img src=x>', "a\0\u202eb"],
)
def test_hostile_names_stay_text(parse, text):
    quantity = Quantity.of_key(f"control:{text}")
    first = window(np.random.default_rng(5), quantity=quantity, epoch=Epoch(beads="x"))
    other = Epoch(beads=text, service=text)
    runs = [*first, Run("n", "2026-04-02T08:00:00", {quantity: 4000.0}, other)]
    svg = drawn(runs, [Baseline.locked(quantity, first)], quantity, {text: text})
    tags = {tag for tag, _ in parse(svg).elements}
    assert tags <= {"svg", "path", "text", "rect", "circle", "title", "tspan"}
    assert not [name for _, a in parse(svg).elements for name in a if name.startswith("on")]
    assert "\0" not in svg
    assert "\u202e" not in svg
