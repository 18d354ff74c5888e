"""PE beads show the spillover of PE, whatever else is on them, and a matrix that says otherwise."""

import numpy as np
import pytest

from calibration import BeadLot, calibrate
from calibration.finding import Severity
from hladr.assay.definition import CompensationLimits
from hladr.compensation.beads import bead_findings, pe_share

LEVELS = (474.0, 5359.0, 23843.0, 62336.0)
GAIN = 1.3
TOP = 262143.0


def tube(share, *, glow=40.0, n=2000, seed=1, gain=GAIN):
    """PE and another detector of single beads of four levels."""
    rng = np.random.default_rng(seed)
    molecules = np.concatenate([level * rng.lognormal(0.0, 0.07, n) for level in LEVELS])
    pe = gain * molecules + rng.normal(0.0, 15.0, molecules.size)
    other = glow + share * pe + rng.normal(0.0, 30.0, molecules.size)
    order = rng.permutation(pe.size)
    return pe[order], other[order]


def curve(pe):
    return calibrate(pe, BeadLot(LEVELS), saturation=TOP)


@pytest.mark.parametrize("share", [-0.05, 0.0, 0.02, 0.18])
@pytest.mark.parametrize("glow", [0.0, 300.0])
def test_the_share_is_found_whatever_the_plastic_glows(share, glow):
    pe, other = tube(share, glow=glow)
    everybody = np.ones(pe.size, bool)
    assert pe_share(pe, other, TOP, everybody, curve(pe)) == pytest.approx(share, abs=0.002)


def test_a_level_that_the_other_detector_clips_does_not_count():
    pe, other = tube(0.18)
    top = 9_000.0  # the brightest level lies above, the next below
    clipped = np.minimum(other, top)
    everybody = np.ones(pe.size, bool)
    assert pe_share(pe, clipped, top, everybody, curve(pe)) == pytest.approx(0.18, abs=0.003)
    assert pe_share(pe, clipped, None, everybody, curve(pe)) < 0.13  # its top not known: it is off


def test_events_that_are_no_single_beads_do_not_count():
    pe, other = tube(0.1)
    known = curve(pe)
    rng = np.random.default_rng(2)
    debris = rng.uniform(0.0, 80_000.0, 3_000)
    both, beside = np.concatenate([pe, debris]), np.concatenate([other, 5.0 * debris])
    singlets = np.arange(both.size) < pe.size
    assert pe_share(both, beside, TOP, singlets, known) == pytest.approx(0.1, abs=0.002)


def test_without_two_levels_that_can_be_measured_nothing_is_said():
    pe, other = tube(0.1)
    known = curve(pe)
    few = np.zeros(pe.size, bool)
    few[:60] = True
    assert pe_share(pe, other, TOP, few, known) is None
    assert not list(bead_findings(None, 0.2, "PerCP-A", CompensationLimits()))


@pytest.mark.parametrize(
    ("seen", "taken", "found"),
    [(0.100, 0.100, False), (0.100, 0.0901, False), (0.100, 0.089, True), (0.02, 0.0, True)],
)
def test_a_matrix_that_takes_another_share_is_doubted(seen, taken, found):
    findings = list(bead_findings(seen, taken, "PerCP-A", CompensationLimits()))
    assert [f.code for f in findings] == ["COMPENSATION_OFF"] * found
    assert all(f.severity is Severity.WARN and "PerCP-A" in f.message for f in findings)
