"""B cells tell what is left of PE in CD14, granulocytes what is left of CD14 in PE."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.assay.definition import CompensationLimits
from hladr.compensation.b_cells import b_cell_findings, residual_of_b_cells
from hladr.compensation.granulocytes import granulocyte_findings, tilt_of_granulocytes
from hladr.gating.columns import CellColumns
from hladr.internal_control import ControlClusters

LIMITS = CompensationLimits()


def lymphocytes(share, *, b_cells=200, t_cells=3000, seed=1):
    """HLA-DR, CD14, and the clusters; a share of HLA-DR is left in CD14."""
    rng = np.random.default_rng(seed)
    hla_dr = np.concatenate(
        [40_000.0 * rng.lognormal(0.0, 0.3, b_cells), rng.normal(40.0, 60.0, t_cells)]
    )
    noise = np.concatenate([rng.normal(0.0, 600.0, b_cells), rng.normal(0.0, 80.0, t_cells)])
    bright = np.arange(hla_dr.size) < b_cells
    return hla_dr, 60.0 + share * hla_dr + noise, ControlClusters(bright, ~bright)


@pytest.mark.parametrize("share", [-0.1, -0.02, 0.0, 0.02, 0.15])
def test_what_is_left_of_pe_is_found(share):
    residual = residual_of_b_cells(*lymphocytes(share))
    assert abs(residual.share - share) < 4.0 * residual.standard_error + 0.002
    assert residual.exceeds(LIMITS.residual_warn) == (abs(share) > 0.01)
    found = [f.code for f in b_cell_findings(residual, LIMITS)]
    assert found == ["COMPENSATION_OFF"] * (abs(share) > 0.01)


@pytest.mark.parametrize(("b_cells", "t_cells"), [(14, 3000), (200, 14), (0, 0)])
def test_few_cells_tell_nothing(b_cells, t_cells):
    assert residual_of_b_cells(*lymphocytes(0.1, b_cells=b_cells, t_cells=t_cells)) is None
    assert not list(b_cell_findings(None, LIMITS))


def test_chance_among_few_b_cells_is_no_doubt():
    found = [
        list(b_cell_findings(residual_of_b_cells(*lymphocytes(0.0, b_cells=15, seed=s)), LIMITS))
        for s in range(200)
    ]
    assert sum(map(len, found)) == 0


def blood(share, *, cd14_gain=1.0, size_glow=0.0, pe_noise=20.0, taken=0.0, n=8000, seed=2):
    """Granulocytes and monocytes; a share of CD14 is left in HLA-DR."""
    rng = np.random.default_rng(seed)
    size = rng.standard_normal(n)
    monocyte = np.arange(n) < n // 10
    cd14 = cd14_gain * np.where(
        monocyte, 20_000.0 * rng.lognormal(0.0, 0.3, n), 700.0 * rng.lognormal(0.0, 0.4, n)
    )
    noise = rng.normal(0.0, pe_noise, n)
    hla_dr = np.where(monocyte, 8_000.0 * rng.lognormal(0.0, 0.4, n), 100.0) + noise
    hla_dr = hla_dr + size_glow * size + share * cd14
    cd14 = cd14 + 3.0 * size_glow * size - taken * noise + rng.normal(0.0, 40.0, n)
    cells = CellColumns(
        fsc=1e5 * np.exp(0.1 * size + 0.01 * rng.standard_normal(n)),
        fsc_height=None,
        ssc=1e5 * np.exp(0.1 * rng.standard_normal(n)),
        cd14=cd14,
        cd45=None,
        time=None,
        fsc_top=None,
        ssc_top=None,
    )
    return hla_dr, cells, monocyte, ~monocyte


def tilt(*given, taken=0.0, **words):
    return tilt_of_granulocytes(*blood(*given, taken=taken, **words), taken)


@pytest.mark.parametrize("share", [-0.02, 0.02])
def test_what_is_left_of_cd14_is_found_with_what_it_does_to_the_number(share):
    found = tilt(share)
    # The ends that are left out cost the slope a part, never its sign.
    assert 0.7 < found.share / share < 1.05
    hla_dr, cells, monocytes, _ = blood(share)
    level = np.exp(np.log(hla_dr[monocytes]).mean())
    assert found.effect == pytest.approx(found.share * cells.cd14[monocytes].mean() / level)
    (finding,) = granulocyte_findings(found, LIMITS)
    assert ("left in" in finding.message) == (share > 0)


def test_a_right_matrix_is_not_doubted():
    assert not any(list(granulocyte_findings(tilt(0.0, seed=s), LIMITS)) for s in range(40))


def test_an_error_that_does_not_move_the_number_is_let_be():
    """CD14 hardly amplified: 2 % of it is nothing."""
    assert not list(granulocyte_findings(tilt(0.02, cd14_gain=0.03, pe_noise=2.0), LIMITS))


def test_large_cells_that_glow_in_all_detectors_are_not_taken_for_spillover():
    found = tilt(0.0, size_glow=60.0)
    assert found is None or abs(found.share) < 0.006


@settings(max_examples=20)
@given(taken=st.floats(0.0, 0.3), seed=st.integers(0, 50))
def test_noise_that_compensation_carries_over_is_no_tilt(taken, seed):
    """Taking PE from CD14 takes its noise along."""
    found = tilt(0.0, taken=taken, pe_noise=400.0, seed=seed)
    assert not list(granulocyte_findings(found, LIMITS))


def test_granulocytes_with_hla_dr_or_too_few_tell_nothing():
    hla_dr, cells, monocytes, granulocytes = blood(0.02)
    assert tilt_of_granulocytes(hla_dr + 3_000.0, cells, monocytes, granulocytes, 0.0) is None
    few = granulocytes & (np.arange(hla_dr.size) < 1_200)
    assert tilt_of_granulocytes(hla_dr, cells, monocytes, few, 0.0) is None
    constant = np.where(granulocytes, 50.0, hla_dr)
    assert tilt_of_granulocytes(constant, cells, monocytes, granulocytes, 0.0) is None
    assert not list(granulocyte_findings(None, LIMITS))
