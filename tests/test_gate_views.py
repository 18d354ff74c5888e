"""The plots of the gate: outlines that hold what the gate kept, on axes an expert knows."""

import io

import numpy as np
import pytest

from hladr.assay.loading import load_assay
from hladr.fcs.reader import read_fcs
from hladr.gate_views import gate_views, outline_of
from hladr.gating import gate_monocytes
from hladr.panel import find_panel
from hladr.sample_columns import read_columns
from hladr.simulate import make_pair

ASSAY = load_assay("quantibrite-340827")
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
    return sample, gate, gate_views(gate, sample.cells, LABELS)


def test_views_stand_in_the_order_of_the_gate_and_name_their_parents(gated):
    _, _, views = gated
    order = ["steady events", "singlets", "leukocytes", "monocytes"]
    drawn = [view.population for view in views]
    assert drawn == sorted(drawn, key=order.index)
    assert drawn[-1] == "monocytes"
    for view in views:
        assert order.index(view.parent) < order.index(view.population)


def test_axes_are_columns_of_the_evidence_and_carry_labels(gated):
    sample, _, views = gated
    for view in views:
        assert {view.x.role, view.y.role} <= set(sample.by_role())
        assert {view.x.scaling, view.y.scaling} <= {"linear", "log", "logicle"}
        assert "hla_dr" not in {view.x.role, view.y.role}
    assert views[-1].x.label == "CD14 (PerCP-Cy5-5-A)"


def test_outlines_hold_what_the_gate_kept(gated):
    sample, gate, views = gated
    columns = sample.by_role()
    masks = {"singlets": gate.singlets, "leukocytes": gate.leukocytes, "monocytes": gate.monocytes}
    for view in views:
        (outline,) = view.outlines
        assert np.isfinite(outline).all()
        kept = masks[view.population]
        x, y = columns[view.x.role][kept], columns[view.y.role][kept]
        assert inside_outline(x, y, outline).mean() > 0.93, view.population


def test_the_monocyte_outline_leaves_others_out(gated):
    sample, gate, views = gated
    others = gate.leukocytes & ~gate.wider
    x, y = sample.cells.cd14[others], sample.cells.ssc[others]
    assert inside_outline(x, y, views[-1].outlines[0]).mean() < 0.02


def test_a_view_is_drawn_only_of_what_was_gated(gated):
    _, gate, views = gated
    drawn = {view.population for view in views}
    assert ("singlets" in drawn) == (gate.cells.doublet_limit is not None)
    assert ("leukocytes" in drawn) == (gate.cells.cd45_threshold is not None)


@pytest.mark.parametrize("count", [0, 1, 2, 30])
def test_hardly_anybody_still_has_an_outline(count):
    rng = np.random.default_rng(1)
    cd14, ssc = rng.lognormal(8.0, 0.3, 50), rng.lognormal(10.0, 0.2, 50)
    outline = outline_of(cd14, ssc, np.arange(50) < count, 100.0)
    assert outline.shape == ((48, 2) if count else (0, 2))
    assert np.isfinite(outline).all()
