"""The plots of the gate: outlines that hold what the gate kept, on axes an expert knows."""

import io
from dataclasses import replace

import numpy as np
import pytest

from hladr.assay.loading import load_assay
from hladr.fcs.reader import read_fcs
from hladr.gates_used.automatic_steps import automatic_chain
from hladr.gates_used.automatic_views import later_views
from hladr.gating import gate_monocytes
from hladr.gating.steadiness import Steadiness
from hladr.panel import find_panel
from hladr.sample_columns import read_columns
from hladr.simulate import make_pair

ASSAY = load_assay("quantibrite-340827")
FAR = 1e9  # beyond every event
LABELS = {"cd14": "CD14 (PerCP-Cy5-5-A)", "ssc": "SSC-A"}


def inside_outline(x, y, outline):
    """Whether points are in a polygon, by counting crossings to the right."""
    found = np.zeros(x.size, bool)
    for (x0, y0), (x1, y1) in zip(outline, np.roll(outline, -1, axis=0), strict=True):
        crosses = (y0 > y) != (y1 > y)
        with np.errstate(divide="ignore", invalid="ignore"):
            found ^= crosses & (x < x0 + (y - y0) / (y1 - y0) * (x1 - x0))
    return found


@pytest.fixture(scope="module", params=["sepsis", "sepsis_calibur"])
def gated(request):
    blood = make_pair(request.param, 2, events=15_000).blood
    table = read_fcs(io.BytesIO(blood.recording.to_bytes()))
    sample = read_columns(table, find_panel(table, ASSAY))
    gate = gate_monocytes(sample.cells, ASSAY.purity)
    return sample, gate, later_views(gate, sample.cells, LABELS)


def test_views_stand_in_the_order_of_the_gate_and_name_their_parents(gated):
    sample, gate, views = gated
    order = [each.name for each in automatic_chain(gate, sample.cells)][:-1]
    time, *drawn = views
    assert (time.population, time.parent) == ("on_scale", "on_scale")
    assert [each.population for each in drawn] == order[1:]
    assert [each.parent for each in drawn] == order[:-1]
    assert (order[1], order[-1]) == ("on_scale", "monocytes")


def test_axes_are_columns_of_the_evidence_and_carry_labels(gated):
    sample, _, views = gated
    for view in views:
        assert {view.x.role, view.y.role} <= set(sample.by_role())
        assert {view.x.scaling, view.y.scaling} <= {"linear", "log", "logicle"}
        assert "hla_dr" not in {view.x.role, view.y.role}
    first = next(view for view in views if view.population == "monocytes_by_cd14")
    assert first.x.label == "CD14 (PerCP-Cy5-5-A)"


def test_outlines_hold_what_the_gate_kept(gated):
    sample, gate, views = gated
    columns = sample.by_role()
    masks = {each.name: each.mask for each in automatic_chain(gate, sample.cells)}
    for view in views[1:]:  # after the time
        kept = masks[view.population]
        x, y = columns[view.x.role][kept], columns[view.y.role][kept]
        inside = np.zeros(x.size, bool)
        for outline in view.outlines:
            inside |= inside_outline(x, y, np.clip(outline, -FAR, FAR))
        assert inside.mean() > 0.98, view.population


def test_what_lies_inside_both_outlines_and_is_single_is_the_gate(gated):
    """On the gates' own scales a point is inside or not: no event more, no event less."""
    sample, gate, _ = gated
    columns = sample.by_role()
    inside = gate.leukocytes.copy()
    for gates in gate.boundary.gates():
        either = np.zeros(inside.size, bool)
        for drawn in gates:
            x = drawn.x.scale.forward(columns[drawn.x.column])
            y = drawn.y.scale.forward(columns[drawn.y.column])
            either |= inside_outline(x, y, np.array(drawn.vertices))
        inside &= either
    assert not np.any(gate.monocytes & ~inside)
    assert np.count_nonzero(inside & ~gate.monocytes) < 0.03 * np.count_nonzero(inside)


def test_a_view_is_drawn_only_of_what_was_gated(gated):
    _, gate, views = gated
    drawn = {view.population for view in views}
    assert ("singlets" in drawn) == (gate.cells.doublet_limit is not None)
    assert ("leukocytes" in drawn) == (gate.cells.cd45_threshold is not None)


def test_the_time_comes_first_with_what_was_left_out(gated):
    sample, gate, views = gated
    first = views[0]
    assert (first.population, first.x.role, first.y.role) == ("on_scale", "time", "fsc")
    assert (first.outlines, first.cut) == ((), ())
    steadiness = gate.cells.steadiness
    good = np.ones_like(steadiness.good)
    good[2:4] = False
    cells = replace(
        gate.cells, steadiness=Steadiness.of(good, sample.cells.time, sample.cells.fsc.size)
    )
    first = later_views(replace(gate, cells=cells), sample.cells, LABELS)[0]
    assert (first.population, first.parent, len(first.outlines)) == ("steady", "on_scale", 2)
    (cut,) = first.cut
    time = sample.cells.time
    left_out = np.flatnonzero((time >= cut[0, 0]) & (time < cut[1, 0]))
    assert (left_out[0], left_out[-1]) == pytest.approx((1000, 1999), abs=100)  # ticks
    assert np.isinf(cut[:, 1]).all()


def test_without_a_clock_there_is_no_plot_of_the_time(gated):
    sample, gate, _ = gated
    for time in (None, sample.cells.time[::-1]):
        views = later_views(gate, replace(sample.cells, time=time), LABELS)
        assert "time" not in {view.x.role for view in views}
