"""Figures: what is drawn lies where its number says."""

import dataclasses
import itertools
import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from hladr.report.bead_figure import PeakMark, draw_beads
from hladr.report.curve_figure import CurvePlot, draw_curve
from hladr.report.gate_figure import N_BINS, GatePlot, density, draw_gate
from hladr.report.histogram import bin_counts
from hladr.report.hladr_figure import AbcTick, Cloud, HlaDrPlot, Mark, draw_hla_dr
from hladr.report.ruler import linear_ruler

values = st.floats(-20.0, 120.0) | st.sampled_from([np.nan, np.inf, -np.inf, 0.0, 50.0, 100.0])
columns = arrays(np.float64, 40, elements=values)


def gate_plot(x, y, outlines=()):
    bottom, left = linear_ruler(0.0, 100.0, "x"), linear_ruler(0.0, 100.0, "y")
    return GatePlot("gate", x, y, bottom, left, outlines)


@given(columns, columns)
def test_every_event_with_two_values_is_in_one_cell(x, y):
    drawn = density(gate_plot(x, y)).sum()
    assert drawn == np.count_nonzero(~(np.isnan(x) | np.isnan(y)))


def test_an_event_is_drawn_in_its_own_cell():
    grid = density(gate_plot(np.array([25.0]), np.array([10.0])))
    row, column = np.argwhere(grid == 1)[0]
    assert column == int(0.25 * N_BINS)
    assert row == N_BINS - 1 - int(0.10 * N_BINS)  # first row on top


def test_events_beyond_an_axis_lie_on_the_frame():
    grid = density(gate_plot(np.array([-5.0, 500.0]), np.array([50.0, np.inf])))
    assert grid[:, 0].sum() == 1
    assert grid[0, -1] == 1


def path_points(element):
    numbers = re.findall(r"-?\d+\.?\d*", element)
    return np.array(numbers, dtype=float).reshape(-1, 2)


def test_a_gate_is_drawn_over_the_events_it_holds(parse):
    corners = np.array([[20.0, 30.0], [60.0, 30.0], [60.0, np.inf], [20.0, np.inf]])
    svg = draw_gate(gate_plot(np.array([50.0]), np.array([50.0]), (corners,)))
    elements = parse(svg).elements
    image = next(a for tag, a in elements if tag == "image")
    left, top = float(image["x"]), float(image["y"])
    width, height = float(image["width"]), float(image["height"])
    outline = next(a["d"] for tag, a in elements if a.get("class") == "gate")
    expected = [(0.2, 0.3), (0.6, 0.3), (0.6, 1.0), (0.2, 1.0)]
    expected = [(left + fx * width, top + (1 - fy) * height) for fx, fy in expected]
    assert path_points(outline) == pytest.approx(np.array(expected), abs=0.01)


def test_a_gate_without_an_outline_is_still_a_picture(parse):
    empty = draw_gate(gate_plot(np.array([]), np.array([]), (np.empty((0, 2)),)))
    assert [tag for tag, _ in parse(empty).elements].count("image") == 1


@given(arrays(np.float64, st.integers(0, 80), elements=values))
def test_bins_agree_with_numpy_within_the_edges_and_lose_nothing_beyond(sample):
    edges = np.linspace(0.0, 100.0, 21)
    counts = bin_counts(sample, edges)
    assert counts.sum() == np.count_nonzero(~np.isnan(sample))
    inside = sample[(sample >= 0.0) & (sample < 100.0)]
    beyond = np.zeros(20, int)
    beyond[0] = np.count_nonzero(sample < 0.0)
    beyond[-1] = np.count_nonzero(sample >= 100.0)
    assert np.array_equal(counts, np.histogram(inside, bins=edges)[0] + beyond)


def curve_plot(**changes):
    molecules = np.array([474.0, 5359.0, 23843.0, 62336.0])
    plot = CurvePlot(
        molecules=molecules,
        fluorescence=1.17 * molecules,
        residual_percent=np.array([0.4, -2.0, 8.0, -1.0]),
        slope=1.0,
        intercept=float(np.log10(1.17)),
        band_molecules=molecules,
        band_percent=np.array([3.0, 2.0, 2.0, 3.0]),
        samples=np.array([[3394.0, 3394.0 * 1.17]]),
        label="Fluorescence (PE-A)",
    )
    return dataclasses.replace(plot, **changes)


def test_beads_lie_on_their_line_and_residuals_to_their_scale(parse):
    elements = parse(draw_curve(curve_plot())).elements
    dots = np.array([(float(a["cx"]), float(a["cy"])) for tag, a in elements if tag == "circle"])
    above, below = dots[:4], dots[4:]
    assert above[:, 0] == pytest.approx(below[:, 0])
    slope, intercept = np.polyfit(above[:, 0], above[:, 1], 1)
    assert above[:, 1] == pytest.approx(slope * above[:, 0] + intercept, abs=0.05)
    assert np.diff(above[:, 0]) / np.ptp(above[:, 0]) == pytest.approx(
        np.diff(np.log([474, 5359, 23843, 62336])) / np.log(62336 / 474), abs=1e-3
    )
    lift, zero = np.polyfit([0.4, -2.0, 8.0, -1.0], below[:, 1], 1)
    assert lift < 0  # a positive residual is up
    assert below[:, 1] == pytest.approx(zero + lift * np.array([0.4, -2.0, 8.0, -1.0]), abs=0.02)


def test_the_sample_is_dropped_from_the_line_to_its_molecules(parse):
    elements = parse(draw_curve(curve_plot())).elements
    lines = [a["d"] for tag, a in elements if (a.get("class") or "").startswith("line")]
    sample = next(a["d"] for tag, a in elements if a.get("class") == "sample")
    x, y = (float(v) for v in re.search(r"M[\d.]+ ([\d.]+)H([\d.]+)V", sample).groups()[::-1])
    ends = path_points(lines[1])  # between the lowest and the top bead
    on_line = np.interp(x, ends[:, 0], ends[:, 1])
    assert y == pytest.approx(on_line, abs=0.05)


def test_no_sample_is_drawn_where_none_may_be_shown(parse):
    elements = parse(draw_curve(curve_plot(samples=np.empty((0, 2))))).elements
    assert not [a for _, a in elements if a.get("class") == "sample"]


def test_even_an_awful_curve_is_drawn(parse):
    bent = curve_plot(
        fluorescence=np.array([900.0, 1000.0, 1010.0, 1020.0]),
        slope=0.03,
        intercept=2.9,
        residual_percent=np.array([900.0, -80.0, 70.0, -95.0]),
    )
    assert len(parse(draw_curve(bent)).elements) > 20


def test_the_upper_axis_agrees_with_the_lower_one(parse):
    rng = np.random.default_rng(8)
    plot = HlaDrPlot(
        monocytes=Cloud(rng.lognormal(8.0, 0.5, 3000), "monocytes", "filled"),
        controls=(Cloud(rng.normal(40.0, 60.0, 3000), "negative", "negative"),),
        marks=(Mark(5850.0, "cut-off 5,000 AB/c", "cutoff"),),
        abc_ticks=(AbcTick(5850.0, "5,000"), AbcTick(1170.0, "1,000")),
        label="HLA-DR",
    )
    elements, texts = parse(draw_hla_dr(plot)).elements, {}
    for (_, a), text in zip(
        [e for e in elements if e[0] == "text"],
        re.findall(r"<text[^>]*>(.*?)</text>", draw_hla_dr(plot)),
        strict=True,
    ):
        texts[text] = a
    cut = next(a["d"] for tag, a in elements if a.get("class") == "cutoff")
    x = float(re.match(r"M([\d.]+) ", cut).group(1))
    assert float(texts["5,000"]["x"]) == pytest.approx(x, abs=0.01)
    assert float(texts["1,000"]["x"]) < x


def test_a_mark_outside_the_events_widens_the_axis(parse):
    plot = HlaDrPlot(
        Cloud(np.geomspace(50.0, 200.0, 500), "monocytes", "filled"),
        (),
        (Mark(5850.0, "cut-off", "cutoff"),),
        (),
        "HLA-DR",
    )
    cut = next(a["d"] for _, a in parse(draw_hla_dr(plot)).elements if a.get("class") == "cutoff")
    assert 600 < float(re.match(r"M([\d.]+) ", cut).group(1)) < 680


def test_a_control_nobody_found_leaves_no_trace():
    plot = HlaDrPlot(
        Cloud(np.geomspace(500.0, 9000.0, 500), "monocytes", "filled"),
        (Cloud(np.array([]), "bright lymphocytes", "bright"),),
        (),
        (),
        "HLA-DR",
    )
    assert "bright" not in draw_hla_dr(plot)


def label_boxes(svg, names):
    found = re.findall(r'<text x="([\d.]+)" y="([\d.-]+)" class="tick mid">([^<]*)</text>', svg)
    return [(float(y), float(x), 5.6 * len(t)) for x, y, t in found if t in names]


@pytest.mark.parametrize("step", [1.25, 1.5, 2.2, 8.0])
def test_peak_labels_do_not_touch(step):
    centres = 300.0 * step ** np.arange(8)
    names = [f"{round(c):,}" for c in centres]
    peaks = tuple(
        PeakMark(name, 0.9 * c, c, 1.1 * c) for name, c in zip(names, centres, strict=True)
    )
    rng = np.random.default_rng(3)
    svg = draw_beads(
        np.concatenate([c * rng.lognormal(0, 0.03, 200) for c in centres]), peaks, "PE"
    )
    boxes = sorted(label_boxes(svg, names))
    assert len(boxes) == 8
    for (y, x, width), (other_y, other_x, other_width) in itertools.pairwise(boxes):
        assert y != other_y or other_x - x >= (width + other_width) / 2


def test_a_bead_window_is_shaded_from_its_low_to_its_high_end(parse):
    centres = np.array([600.0, 7000.0, 31_000.0, 83_000.0])
    peaks = tuple(PeakMark(f"{c:g}", 0.5 * c, c, 1.4 * c) for c in centres)
    rng = np.random.default_rng(3)
    beads = np.concatenate([c * rng.lognormal(0, 0.06, 500) for c in centres])
    elements = parse(draw_beads(beads, peaks, "PE")).elements
    windows = [a for _, a in elements if a.get("class") == "window"]
    left = np.array([float(a["x"]) for a in windows])
    width = np.array([float(a["width"]) for a in windows])
    lines = [a["d"] for _, a in elements if a.get("class") == "centre"]
    centre = np.array([float(re.match(r"M([\d.]+) ", d).group(1)) for d in lines])
    scale, _ = np.polyfit(np.log(centres), centre, 1)  # pixels a natural-log unit
    assert width == pytest.approx(np.full(4, scale * np.log(1.4 / 0.5)), abs=0.05)
    assert centre - left == pytest.approx(np.full(4, scale * np.log(2.0)), abs=0.05)
