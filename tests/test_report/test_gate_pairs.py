"""Gates drawn by hand in the report: beside the automatic gate, on the same axes."""

import dataclasses
import re

import numpy as np
import pytest

from hladr.comparison import compare_gates
from hladr.evidence import Axis, GateView, ListedGate
from hladr.population import gated
from hladr.report import render
from hladr.report.density import data_uri, png, shades
from hladr.report.drawings import gate_drawings
from hladr.report.gate_figure import GatePlot, density
from hladr.report.gate_names import gate_words
from hladr.report.gate_pairs import gate_comparison
from hladr.report.gate_plots import MOST_DRAWN
from hladr.report.page import GatePair
from hladr.report.printing import Released
from hladr.report.ruler import ruler_for
from hladr.result import AutomaticBeside, Gating

HAND_ABC = 3394.2
AUTOMATIC_ABC = 3512.8
NAME = "My <b>monocytes</b>"
BOX = np.array([(2.0e3, 2.0e4), (5.0e4, 2.0e4), (5.0e4, 9.0e4), (2.0e3, 9.0e4)])
CD45 = Axis("cd45 mine", "CD45 (V500-A)", "logicle")


def by_hand(passed):
    """The automatic result as if a person had drawn the gates: one on CD14, one on other axes."""
    automatic = passed.gating.monocytes
    columns = {**passed.evidence.columns, "cd45 mine": passed.evidence.columns["ssc"][::-1]}
    everything = dataclasses.replace(passed.gating.populations[0], name="events", parent=None)
    cells = gated(everything, "cells", columns["cd45 mine"] > 2e4)
    mine = gated(cells, NAME, automatic.mask)
    fsc, ssc, cd14 = (
        next(axis for view in passed.evidence.views for axis in (view.x, view.y) if axis.role == r)
        for r in ("fsc", "ssc", "cd14")
    )
    views = (
        GateView("cells", None, CD45, fsc, (BOX,)),
        GateView(NAME, "cells", ssc, cd14, (BOX[:, ::-1],)),  # the other way round
    )
    comparison = compare_gates(mine.mask, automatic.mask, HAND_ABC, AUTOMATIC_ABC)
    return dataclasses.replace(
        passed,
        gating=Gating("gates", "d" * 64, None, (everything, cells, mine), NAME),
        evidence=dataclasses.replace(
            passed.evidence,
            columns=columns,
            views=views,
            listed=(ListedGate("single", "range of FSC-A / FSC-H"),),
        ),
        measured=dataclasses.replace(passed.measured, monocytes=mine.count),
        beside=AutomaticBeside(passed.gating, comparison, passed.evidence.views[1:]),
    )


@pytest.fixture(scope="module")
def drawn(passed):
    return by_hand(passed)


def plots_of(result):
    return gate_comparison(result, Released(())).plots


def pairs_of(result):
    return [each for each in plots_of(result) if isinstance(each, GatePair)]


def test_both_numbers_stand_side_by_side_with_how_far_the_number_moved(drawn, parse):
    text = parse(render(drawn)).text(within="compared")
    comparison = drawn.beside.comparison
    for said in (NAME, "3,394 AB/c", "3,513 AB/c", f"{comparison.monocytes:,}"):
        assert said in text
    moved = parse(render(drawn)).text(within="moved")
    assert "−3.4 %" in moved.replace("\u202f", " ").replace("\xa0", " ")
    assert f"{comparison.shared:,} events are in both" in moved


def test_a_gate_and_the_automatic_one_on_its_axes_are_one_pair(drawn):
    assert [each.title for each in plots_of(drawn)] == ["Cells", NAME]
    (pair,) = pairs_of(drawn)
    assert pair.title == NAME
    assert pair.drawn.endswith("of Cells")
    assert pair.automatic.endswith("of Leukocytes")


def test_a_gate_without_an_automatic_one_on_its_axes_is_drawn_once(drawn):
    first, _ = plots_of(drawn)
    assert first.caption.endswith("of Events; no automatic gate on these axes")
    assert outlines(first.svg, "other") == []


def not_moved(passed, drawn, **changes):
    """The automatic gate of the monocytes as if a person had taken it over."""
    (view,) = [each for each in passed.evidence.views if each.population == "monocytes"]
    mine = dataclasses.replace(view, parent="cells", **changes)
    *above, population = drawn.gating.populations
    gating = dataclasses.replace(
        drawn.gating,
        populations=(*above, dataclasses.replace(population, name="monocytes")),
        population="monocytes",
    )
    evidence = dataclasses.replace(drawn.evidence, views=(drawn.evidence.views[0], mine))
    return dataclasses.replace(drawn, gating=gating, evidence=evidence)


def test_a_gate_that_was_not_moved_is_drawn_once_and_says_what_the_automatic_one_holds(
    passed, drawn
):
    result = not_moved(passed, drawn)
    assert pairs_of(result) == []
    alone = plots_of(result)[-1]
    assert alone.caption.startswith(f"{result.gating.monocytes.count:,} events, ")
    assert f"; automatic: {passed.gating.monocytes.count:,} events, " in alone.caption
    assert len(outlines(alone.svg, "gate")) == len(outlines(alone.svg, "other")) == 1


def test_a_gate_whose_smallest_change_is_seen_is_a_pair(passed, drawn):
    (view,) = [each for each in passed.evidence.views if each.population == "monocytes"]
    (line,) = view.outlines
    moved = line.copy()
    moved[0, 0] *= 1.0001
    for outlines_, pairs in (((line * (1 + 1e-12),), 0), ((moved,), 1), ((line, line), 1)):
        result = not_moved(passed, drawn, outlines=outlines_)
        assert len(pairs_of(result)) == pairs


def test_an_unmoved_gate_whose_axes_stand_the_other_way_round_is_drawn_once(passed, drawn):
    (view,) = [each for each in passed.evidence.views if each.population == "monocytes"]
    result = not_moved(
        passed, drawn, x=view.y, y=view.x, outlines=tuple(each[:, ::-1] for each in view.outlines)
    )
    assert pairs_of(result) == []
    svg = plots_of(result)[-1].svg
    assert outlines(svg, "gate") == outlines(svg, "other")


def outlines(svg, style):
    return re.findall(rf'<path d="([^"]+)" class="{style}"', svg)


def test_the_same_outlines_and_axes_are_on_both_sides(drawn):
    (pair,) = pairs_of(drawn)
    for style in ("gate", "other"):
        left, right = (outlines(svg, style) for svg in (pair.drawn_svg, pair.automatic_svg))
        assert left == right
        assert len(left) == 1
    ticks = [
        re.findall(r"<text[^>]*>.*?</text>", svg) for svg in (pair.drawn_svg, pair.automatic_svg)
    ]
    assert ticks[0] == ticks[1]


def test_a_joined_gate_shows_the_outlines_of_its_parts_and_says_how_they_are_joined(drawn, parse):
    *others, mine = drawn.evidence.views
    joined = dataclasses.replace(
        mine, outlines=(*mine.outlines, 0.5 * mine.outlines[0]), joined="left or <i>right</i>"
    )
    evidence = dataclasses.replace(drawn.evidence, views=(*others, joined))
    beside = dataclasses.replace(drawn, evidence=evidence)
    (pair,) = pairs_of(beside)
    for svg in (pair.drawn_svg, pair.automatic_svg):
        assert len(outlines(svg, "gate")) == 2
    assert pair.drawn.endswith("; joined from left or <i>right</i>")
    assert "; joined from left or <i>right</i>" in parse(render(beside)).text(within="gates")
    alone = render(dataclasses.replace(beside, beside=None))
    assert "of Cells; joined from left or <i>right</i>" in parse(alone).text(within="gates")
    assert "joined from" not in render(drawn)


def test_axes_that_stand_the_other_way_round_are_turned(drawn):
    """The corners of the box, drawn with CD14 along y, come out with CD14 along x."""
    (path,) = outlines(pairs_of(drawn)[0].drawn_svg, "gate")
    x, y = np.array(re.findall(r"([\d.]+) ([\d.]+)", path), float).T
    assert [a > b for a, b in zip(x[1:3], x[[0, 3]], strict=True)] == [True, True]
    assert np.ptp(x[[0, 3]]) < 0.01
    assert np.ptp(y[:2]) < 0.01
    assert y[2] < y[1]  # more side scatter is higher on the paper


def picture(result, pair, mask):
    """Density of some events on the axes of CD14 and side scatter, as an address."""
    columns = result.evidence.columns
    rulers = [ruler_for(columns[axis.role], axis.scaling, axis.label) for axis in pair]
    plot = GatePlot("", *(columns[axis.role][mask] for axis in pair), *rulers, ())
    return data_uri(png(shades(density(plot))))


def test_each_side_shows_the_events_that_its_gate_was_drawn_on(drawn):
    (pair,) = pairs_of(drawn)
    view = next(each for each in drawn.beside.views if each.population == "monocytes")
    by_name = {each.name: each.mask for each in drawn.gating.populations}
    automatic = {each.name: each.mask for each in drawn.beside.gating.populations}
    left, right = (
        re.search(r'href="([^"]+)"', svg)[1] for svg in (pair.drawn_svg, pair.automatic_svg)
    )
    assert left == picture(drawn, (view.x, view.y), by_name["cells"])
    assert right == picture(drawn, (view.x, view.y), automatic["leukocytes"])
    assert left != right


def test_the_two_outlines_differ_in_dashes_not_only_in_colour(drawn):
    css = re.search(r"svg \.other \{[^}]*\}", render(drawn))[0]
    assert "stroke-dasharray" in css
    assert "stroke-dasharray" not in re.search(r"svg \.gate \{[^}]*\}", render(drawn))[0]
    assert 'aria-label="dashed"' in render(drawn)


def test_gates_that_cannot_be_drawn_are_listed(drawn, parse):
    text = parse(render(drawn)).text()
    assert "Single range of FSC-A / FSC-H" in text


def test_of_many_gates_those_nearest_the_monocytes_are_drawn_and_the_others_listed(drawn, parse):
    first, last = drawn.evidence.views
    views = (*[dataclasses.replace(first)] * (MOST_DRAWN + 3), last)
    many = dataclasses.replace(drawn, evidence=dataclasses.replace(drawn.evidence, views=views))
    assert len(plots_of(many)) == MOST_DRAWN
    assert plots_of(many)[-1].title == NAME
    assert parse(render(many)).text().count("Cells CD45 (V500-A) and FSC-A") == 4


def test_names_of_gates_are_text_and_nothing_else(drawn, parse):
    html = render(drawn)
    assert "<b>monocytes</b>" not in html
    assert parse(html).open == []


def test_on_a_rejected_result_neither_number_is_shown(rejected, parse):
    page = parse(render(by_hand(rejected)))
    text = page.text(without="unreleasable")
    assert "3,394" not in text
    assert "3,513" not in text
    assert page.text(within="compared").count("not releasable") == 2


def test_without_an_automatic_gate_the_drawn_gates_are_shown_alone(drawn, parse):
    alone = dataclasses.replace(drawn, beside=None)
    text = parse(render(alone)).text()
    assert "The automatic gate found no monocytes to compare them with." in text
    assert "Not judged" in text
    assert 'class="other"' not in render(alone)
    assert f"2. {NAME}" in text


def test_an_automatic_result_has_no_pairs(passed, parse):
    assert gate_comparison(passed, Released(())) is None
    assert parse(render(passed)).text(within="compared") == ""


@pytest.mark.parametrize(
    ("label", "said"),
    [
        ("single_cells", "Single cells"), ("monocytes_by_cd14", "Monocytes by CD14"),
        ("monocytes by CD14", "Monocytes by CD14"), ("My_own CD", "My_own CD"), ("", ""),
    ],
)  # fmt: skip
def test_gates_have_names_in_words(label, said):
    assert gate_words(label) == said


def test_the_time_stands_first_with_what_was_left_out_shaded(passed, drawn):
    (steady, *others) = passed.evidence.views
    cut = dataclasses.replace(steady, outlines=(), cut=(steady.outlines[0],))
    beside = dataclasses.replace(drawn.beside, views=(cut, *others))
    first, *_ = plots_of(dataclasses.replace(drawn, beside=beside))
    assert first.title == "Time"
    assert len(outlines(first.svg, "cut")) == 1
    assert first.caption.startswith("Automatic: ")
    assert first.caption.endswith("; shaded what was left out")
    evidence = dataclasses.replace(passed.evidence, views=(cut, *others))
    alone = gate_drawings(dataclasses.replace(passed, evidence=evidence))
    assert [each.title for each in alone][:2] == ["Time", "Singlets"]
    assert len(outlines(alone[0].svg, "cut")) == 1
    assert alone[0].caption.endswith("; shaded what was left out")
