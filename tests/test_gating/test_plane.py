"""Planes: densities are those of a t distribution seen from one side, shares those of sampling."""

import numpy as np
import pytest
from scipy import stats

from hladr.gating.mixture import CellMixture
from hladr.gating.plane import CELLS, Plane, settle
from hladr.kernels.plane import plane_density, wanted_share


def mixture(means, scales, shares, monocyte, *, nu=8.0):
    k = len(shares)
    return CellMixture(
        share=np.array(shares, float),
        mean=np.array(means, float),
        scale=np.array(scales, float),
        monocyte=np.array(monocyte, bool),
        doubtful=np.zeros(k, bool),
        hill=tuple(range(k)),
        classical=0,
        nu=nu,
    )


def spread(*deviations, correlation=0.0):
    scale = np.diag(np.square(deviations)).astype(float)
    scale[0, 1] = scale[1, 0] = correlation * deviations[0] * deviations[1]
    return scale


MONOCYTES = ([4.0, 11.0, 11.5, 2.0], spread(0.35, 0.2, 0.1, 0.2, correlation=0.3))
GRANULOCYTES = ([1.5, 11.7, 11.6, 1.2], spread(0.35, 0.2, 0.1, 0.2))
TWO = mixture(
    [MONOCYTES[0], GRANULOCYTES[0]], [MONOCYTES[1], GRANULOCYTES[1]], [0.1, 0.9], [True, False]
)


def drawn(mean, scale, nu, n, rng):
    """Points of a t distribution in four dimensions."""
    return stats.multivariate_t(mean, scale, df=nu, seed=rng).rvs(n).T


@pytest.mark.parametrize("nu", [8.0, 9.0])
def test_a_density_in_the_plane_is_the_marginal_of_scipy(nu):
    mean, scale = np.array(MONOCYTES[0]), MONOCYTES[1]
    x, y = np.linspace(2.0, 6.0, 9), np.linspace(10.0, 12.0, 7)
    ours = plane_density(
        x, y, np.array([0.4]), mean[None, :2].copy(), scale[None, :2, :2].copy(), nu
    )[0]
    grid = np.stack(np.meshgrid(x, y, indexing="ij"), axis=-1)
    oracle = 0.4 * stats.multivariate_t(mean[:2], scale[:2, :2], df=nu).pdf(grid)
    np.testing.assert_allclose(ours / ours.sum(), oracle / oracle.sum(), rtol=1e-10)


@pytest.mark.parametrize("axis", [0, 2, 3])
def test_all_heights_of_a_component_that_lies_on_the_grid_add_up_to_its_whole(axis):
    plane = Plane.of(TWO, axis, np.array([True, True]))
    held = plane.let_through(np.ones((CELLS, CELLS), bool))
    middle = held[:, CELLS // 3 : 2 * CELLS // 3]
    assert np.all((middle > 0.98) & (middle < 1.001))


def test_the_core_holds_nearly_all_and_not_everything():
    plane = Plane.of(TWO, 0, np.array([True, False]))
    core = plane.core(np.array([True, False]))
    inside = plane.density[0][core].sum() / plane.density[0].sum()
    assert 0.994 < inside < 1.0
    assert core.mean() < 0.9


def test_what_a_region_lets_through_is_what_sampling_finds():
    plane = Plane.of(TWO, 0, np.array([True, True]))
    factor = plane.let_through((plane.x[:, None] >= 3.5) & (plane.y[None, :] < 11.2))
    points = drawn(*MONOCYTES, TWO.nu, 400_000, np.random.default_rng(1))
    passed = (points[0] >= 3.5) & (points[1] < 11.2)
    for at in (10.9, 11.0, 11.1):
        near = np.abs(points[1] - at) < 0.02
        line = int(np.abs(plane.y - at).argmin())
        assert factor[0, line] == pytest.approx(passed[near].mean(), abs=0.05)


def test_a_share_is_that_of_the_wanted_among_what_is_let_through():
    rng = np.random.default_rng(2)
    density, factor = rng.random((4, 7, 5)), rng.random((4, 5))
    wanted = np.array([True, False, True, False])
    height = density * factor[:, None, :]
    np.testing.assert_allclose(
        wanted_share(density, factor, wanted), height[wanted].sum(axis=0) / height.sum(axis=0)
    )


def test_monocytes_prevail_where_they_are_and_others_where_those_are():
    wanted = np.array([True, False])
    planes = tuple(Plane.of(TWO, axis, wanted) for axis in (0, 2, 3))
    share = settle(planes, wanted, 0.5, -np.inf)[0]
    at = {
        name: (int(np.abs(planes[0].x - x).argmin()), int(np.abs(planes[0].y - y).argmin()))
        for name, (x, y) in {"mono": (4.0, 11.0), "gran": (2.6, 11.6)}.items()
    }
    assert share[at["mono"]] > 0.99
    assert share[at["gran"]] < 0.5
    assert np.all((share >= 0.0) & (share <= 1.0))


def test_what_one_plane_keeps_out_does_not_compete_in_another():
    """Debris under the monocytes in CD14 and side scatter is small: forward scatter removes it."""
    debris = ([3.6, 10.9, 9.5, 2.0], spread(0.5, 0.3, 0.3, 0.2))
    three = mixture(
        [MONOCYTES[0], debris[0]], [MONOCYTES[1], debris[1]], [0.05, 0.95], [True, False]
    )
    wanted = np.array([True, False])
    alone = Plane.of(three, 0, wanted)
    crowded = alone.density[0] / alone.density.sum(axis=0)
    planes = (alone, Plane.of(three, 2, wanted))
    settled = settle(planes, wanted, 0.5, -np.inf)[0]
    i, j = int(np.abs(alone.x - 4.0).argmin()), int(np.abs(alone.y - 11.0).argmin())
    assert crowded[i, j] < 0.5
    assert settled[i, j] > 0.95
