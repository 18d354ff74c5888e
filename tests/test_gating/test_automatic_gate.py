"""Laws of the automatic gate: what it may depend on, what it must not, and who it finds."""

from dataclasses import replace

import numpy as np
import pytest

from hladr.gating import gate_monocytes
from hladr.simulate import LABELS

CASES = ("sepsis", "healthy", "immunoparalysis", "sepsis_calibur", "healthy_navios", "cd14_third")
STAINS_AND_SCATTER = ("fsc", "fsc_height", "ssc", "cd14", "cd45")


def reordered(cells, order):
    moved = {
        name: values[order]
        for name in STAINS_AND_SCATTER
        if (values := getattr(cells, name)) is not None
    }
    return replace(cells, time=None, **moved)


@pytest.mark.parametrize("case", CASES)
def test_each_population_lies_within_its_parent(tube, case):
    gate = tube(case).gate
    inner_to_outer = (
        (gate.singlets, gate.steady),
        (gate.leukocytes, gate.singlets),
        (gate.monocytes, gate.leukocytes),
        (gate.lymphocytes, gate.leukocytes),
        (gate.wider, gate.leukocytes),
        (gate.monocytes, gate.wider),
        (gate.narrower, gate.monocytes),
    )
    for inner, outer in inner_to_outer:
        assert inner.dtype == np.bool_
        assert not np.any(inner & ~outer)
    assert not np.any(gate.lymphocytes & gate.monocytes)


@pytest.mark.parametrize("case", ["b_cell_rich", "healthy", "sepsis"])
def test_no_monocyte_is_dimmer_in_cd14_than_lymphocytes_reach(tube, case):
    found = tube(case)
    assert found.cells.cd14[found.gate.wider].min() >= found.gate.cd14_floor
    assert found.cells.cd14[found.gate.lymphocytes].max() < found.gate.cd14_floor


@pytest.mark.parametrize("purity", [0.5, 0.7, 0.9, 0.999])
def test_the_moved_boundaries_lie_on_either_side_of_the_gate_whatever_its_purity(tube, purity):
    gate = gate_monocytes(tube("sepsis").cells, purity)
    assert not np.any(gate.monocytes & ~gate.wider)
    assert not np.any(gate.narrower & ~gate.monocytes)


@pytest.mark.parametrize("case", CASES)
def test_the_order_of_events_hardly_matters(tube, gated, agreement, case):
    cells = tube(case).cells
    order = np.random.default_rng(3).permutation(cells.fsc.size)
    there = gated(cells, time=None).monocytes
    again = gate_monocytes(reordered(cells, order), 0.5).monocytes
    assert agreement(there[order], again) > 0.99


@pytest.mark.parametrize("case", CASES[:2])
@pytest.mark.parametrize("factor", [0.3, 5.0])
@pytest.mark.parametrize("axis", ["fsc", "ssc", "cd14", "cd45"])
def test_the_gain_of_a_detector_does_not_matter(tube, gated, agreement, case, axis, factor):
    """The same cells at another gain, the detectors' tops moved along."""
    cells = tube(case).cells
    changed = {axis: getattr(cells, axis) * factor}
    if axis == "fsc":
        changed["fsc_height"] = cells.fsc_height * factor
    if axis in ("fsc", "ssc"):
        changed[f"{axis}_top"] = getattr(cells, f"{axis}_top") * factor
    assert agreement(tube(case).gate.monocytes, gated(cells, **changed).monocytes) > 0.99


@pytest.mark.parametrize("case", CASES)
def test_the_gate_finds_the_true_monocytes(tube, agreement, case):
    found = tube(case)
    assert agreement(found.gate.monocytes, found.blood.monocytes) > 0.93


@pytest.mark.parametrize(
    "case",
    ["sepsis", "healthy", "immunoparalysis", "sepsis_calibur", "immunoparalysis_no_cd45"],
)
def test_dim_and_nonclassical_monocytes_stay_in(tube, case):
    """CD14-dim cells are part of the answer; a CD14-bright gate would lose them."""
    found = tube(case, events=40_000)
    single = found.gate.singlets
    for subset in ("classical monocyte", "intermediate monocyte", "immature monocyte"):
        there = found.blood.are(subset) & single
        assert found.gate.monocytes[there].mean() > 0.93, subset
    dim = found.blood.are("non-classical monocyte") & single
    assert found.gate.monocytes[dim].mean() > 0.5


@pytest.mark.parametrize("case", ["sepsis", "healthy", "cd64_bright", "immature_35", "b_cell_rich"])
def test_other_cells_stay_out(tube, case):
    """Of a hundred gated events hardly any is a B cell, a granulocyte, or no cell at all."""
    found = tube(case, events=40_000)
    names = ("B cell", "neutrophil", "immature granulocyte", "NK cell", "T cell", "debris",
             "red cell", "platelet", "eosinophil", "basophil")  # fmt: skip
    assert set(names) <= set(LABELS)
    assert found.blood.are(*names)[found.gate.monocytes].mean() < 0.02
    assert found.gate.monocytes[found.blood.are("B cell")].mean() < 0.02


@pytest.mark.parametrize("case", ["sepsis", "healthy"])
def test_lymphocytes_of_the_control_are_lymphocytes(tube, case):
    found = tube(case)
    lymphocytes = found.blood.are("B cell", "T cell", "activated T cell", "NK cell")
    assert lymphocytes[found.gate.lymphocytes].mean() > 0.9
    assert found.gate.lymphocytes[found.blood.are("B cell") & found.gate.singlets].mean() > 0.6


def test_doublets_are_left_out_where_pulses_tell_them(tube):
    found = tube("doublets_12", events=40_000)
    doublets = found.blood.are("doublet")
    assert found.gate.singlets[doublets].mean() < 0.45
    assert found.gate.singlets[found.blood.monocytes].mean() > 0.97
    assert doublets[found.gate.monocytes].mean() < 0.02


def test_confidence_is_a_share_and_falls_when_a_neighbour_overlaps(tube, gated):
    cells = tube("sepsis").cells
    rng = np.random.default_rng(5)
    assert 0.9 < tube("sepsis").gate.confidence <= 1.0
    blurred = gated(cells, cd14=cells.cd14 * rng.lognormal(0.0, 1.0, cells.cd14.size))
    assert 0.0 <= blurred.confidence < tube("sepsis").gate.confidence


def test_events_off_scale_and_without_numbers_are_in_no_gate(tube, gated):
    cells = tube("sepsis").cells
    fsc, ssc, cd14 = cells.fsc.copy(), cells.ssc.copy(), cells.cd14.copy()
    fsc[:50], ssc[50:100], cd14[100:150] = cells.fsc_top, np.nan, np.inf
    gate = gated(cells, fsc=fsc, ssc=ssc, cd14=cd14)
    for mask in (gate.singlets, gate.leukocytes, gate.monocytes, gate.wider, gate.lymphocytes):
        assert not mask[:150].any()


def test_gating_changes_nothing_it_was_given_and_repeats_itself(tube, gated):
    cells = tube("sepsis").cells
    before = {name: getattr(cells, name).copy() for name in STAINS_AND_SCATTER}
    once, twice = gated(cells), gated(cells)
    np.testing.assert_array_equal(once.monocytes, twice.monocytes)
    assert once.confidence == twice.confidence
    for name, values in before.items():
        np.testing.assert_array_equal(getattr(cells, name), values)


def test_without_pulse_height_and_cd45_the_gate_says_so_and_still_finds_monocytes(
    tube, gated, agreement
):
    found = tube("sepsis")
    gate = gated(found.cells, fsc_height=None, cd45=None)
    assert gate.cells.doublet_limit is None
    assert gate.cells.cd45_threshold is None
    np.testing.assert_array_equal(gate.singlets, gate.leukocytes)
    assert agreement(gate.monocytes, found.blood.monocytes) > 0.85


@pytest.mark.parametrize("share", [0.001, 0.003])
def test_a_few_lymphocytes_compensated_far_too_much_do_not_cut_off_monocytes(tube, share):
    found = tube("healthy")
    rng = np.random.default_rng(8)
    some = found.gate.lymphocytes & (rng.random(found.cells.cd14.size) < share)
    cd14 = np.where(some, -20_000.0, found.cells.cd14)
    gate = gate_monocytes(replace(found.cells, cd14=cd14), 0.5)
    kept = np.count_nonzero(gate.monocytes & found.gate.monocytes)
    assert kept > 0.97 * np.count_nonzero(found.gate.monocytes)
