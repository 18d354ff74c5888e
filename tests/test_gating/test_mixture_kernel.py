"""The mixture kernel against SciPy's t distribution and expectation-maximisation in NumPy."""

import numpy as np
import pytest
from scipy.stats import multivariate_t

from hladr.kernels import mixture

POWER = mixture.POWER
FREE = np.zeros(3)
TRUE_SHARE = np.array([0.6, 0.3, 0.1])
TRUE_MEAN = np.array([[0.0, 0, 0, 0], [3.0, 1, 0, 1], [-2.0, 3, 2, -1]])
TRUE_SCALE = np.array(
    [np.diag([0.5, 0.2, 0.1, 0.3]), 0.2 * np.eye(4) + 0.05, np.diag([0.1, 0.4, 0.2, 0.2])]
)


def drawn(count, dimensions=4, seed=1):
    rng = np.random.default_rng(seed)
    nu = 2 * POWER - dimensions
    who = rng.choice(3, count, p=TRUE_SHARE)
    normal = np.einsum(
        "nij,nj->ni", np.linalg.cholesky(TRUE_SCALE)[who], rng.normal(size=(count, 4))
    )
    points = TRUE_MEAN[who] + normal / np.sqrt(rng.chisquare(nu, count) / nu)[:, None]
    points[:, dimensions:] = 0.0
    return np.ascontiguousarray(points.T), who


def start():
    share = np.array([0.4, 0.3, 0.3])
    return share, TRUE_MEAN + 0.3, np.array([np.eye(4)] * 3)


def densities(points, share, mean, scale, nu, axes=4):
    """Component densities of each event, shape (k, n)."""
    return np.array([
        s * multivariate_t(m[:axes], c[:axes, :axes], df=nu).pdf(points[:axes].T)
        for s, m, c in zip(share, mean, scale, strict=True)
    ])  # fmt: skip


def em_step(points, weight, share, mean, scale, nu, strength):
    """Textbook step (Peel and McLachlan 2000), held by `strength` imaginary events at the start."""
    height = densities(points, share, mean, scale, nu)
    count = weight * height / height.sum(axis=0)
    new_mean, new_scale = mean.copy(), scale.copy()
    for j, n in enumerate(count):
        centred = points.T - mean[j]
        distance = np.einsum("ni,ij,nj->n", centred, np.linalg.inv(scale[j]), centred)
        w = n * (nu + 4) / (nu + distance)
        own = (w[:, None] * points.T).sum(axis=0) / w.sum()
        about = points.T - own
        scatter = np.einsum("n,ni,nj->ij", w, about, about)
        s = strength[j]
        new_scale[j] = (scatter + s * scale[j]) / (n.sum() + s)
        new_mean[j] = (w.sum() * own + s * mean[j]) / (w.sum() + s)
    return count.sum(axis=1) / weight.sum(), new_mean, new_scale


def fitted(points, weight, *, steps, strength=FREE, anchor=(0, 1, 2), axes=4):
    share, mean, scale = start()
    if axes == 3:
        mean[:, 3], scale[:, :3, 3], scale[:, 3, :3], scale[:, 3, 3] = 0.0, 0.0, 0.0, 1.0
    nu = 2.0 * POWER - axes
    mixture.fit(points, weight, share, mean, scale, np.array(anchor), strength, axes, nu, steps)
    return share, mean, scale


@pytest.mark.parametrize("strength", [FREE, np.array([0.0, 25.0, 400.0])])
def test_one_step_is_the_textbook_step(strength):
    points, _ = drawn(3000)
    weight = np.random.default_rng(2).uniform(0.5, 3.0, 3000)
    found = fitted(points, weight, steps=1, strength=strength)
    expected = em_step(points, weight, *start(), 2.0 * POWER - 4, strength)
    for one, other in zip(found, expected, strict=True):
        # events below a millionth of a component are passed over
        np.testing.assert_allclose(one, other, rtol=1e-5, atol=1e-5)


def test_the_likelihood_never_falls_and_the_truth_is_found():
    points, who = drawn(20_000)
    weight = np.ones(20_000)
    nu = 2 * POWER - 4
    likelihood = [
        np.log(densities(points, *fitted(points, weight, steps=steps), nu).sum(axis=0)).sum()
        for steps in range(0, 40, 4)
    ]
    assert np.all(np.diff(likelihood) > -1e-3)
    share, mean, scale = fitted(points, weight, steps=60)
    np.testing.assert_allclose(share, np.bincount(who) / who.size, atol=0.01)
    np.testing.assert_allclose(mean, TRUE_MEAN, atol=0.05)
    np.testing.assert_allclose(scale, TRUE_SCALE, atol=0.05)


def test_an_event_that_stands_for_several_counts_as_several():
    points, _ = drawn(500)
    times = np.random.default_rng(3).integers(1, 5, 500)
    heavy = fitted(points, times.astype(float), steps=5)
    many = fitted(
        np.ascontiguousarray(np.repeat(points, times, axis=1)), np.ones(times.sum()), steps=5
    )
    for one, other in zip(heavy, many, strict=True):
        np.testing.assert_allclose(one, other, rtol=1e-9)


def test_an_axis_that_is_not_there_changes_nothing():
    """Without CD45 the fit is the one in three dimensions, and the fourth axis is left alone."""
    points, _ = drawn(20_000, dimensions=3)
    share, mean, scale = fitted(points, np.ones(20_000), steps=60, axes=3)
    np.testing.assert_array_equal(mean[:, 3], 0.0)
    np.testing.assert_array_equal(scale[:, 3, 3], 1.0)
    np.testing.assert_allclose(share, TRUE_SHARE, atol=0.015)
    np.testing.assert_allclose(scale[:, :3, :3], TRUE_SCALE[:, :3, :3], atol=0.05)


def test_a_component_held_without_end_takes_its_share_all_the_same():
    points, _ = drawn(3000)
    weight = np.random.default_rng(2).uniform(0.5, 3.0, 3000)
    found, _, _ = fitted(points, weight, steps=1, strength=np.array([0.0, 0.0, np.inf]))
    expected, _, _ = em_step(points, weight, *start(), 2.0 * POWER - 4, FREE)
    np.testing.assert_allclose(found, expected, rtol=1e-5)


def test_a_component_held_without_end_keeps_its_place_and_shape():
    points, _ = drawn(3000)
    _, mean, scale = fitted(points, np.ones(3000), steps=10, strength=np.array([0.0, 0.0, np.inf]))
    np.testing.assert_array_equal(mean[2], start()[1][2])
    np.testing.assert_array_equal(scale[2], start()[2][2])
    assert not np.array_equal(mean[0], start()[1][0])


def test_an_anchored_component_shares_its_anchors_mean():
    points, _ = drawn(3000)
    _, mean, scale = fitted(points, np.ones(3000), steps=10, anchor=(0, 0, 2))
    np.testing.assert_array_equal(mean[1], mean[0])
    assert not np.array_equal(scale[1], scale[0])


@pytest.mark.parametrize("axes", [3, 4])
def test_shares_are_posteriors_of_t_distributions(axes):
    points, _ = drawn(400, dimensions=axes)
    scale = TRUE_SCALE.copy()
    if axes == 3:
        scale[:, :3, 3], scale[:, 3, :3], scale[:, 3, 3] = 0.0, 0.0, 1.0
    mean = TRUE_MEAN * (np.arange(4) < axes)
    nu = 2.0 * POWER - axes
    wanted = np.array([False, True, True])
    height = densities(points, TRUE_SHARE, mean, scale, nu, axes)
    sets = np.array([wanted, ~wanted])
    found = mixture.shares_of(points, TRUE_SHARE, mean, scale, sets, nu)
    expected = [height[each].sum(axis=0) / height.sum(axis=0) for each in sets]
    np.testing.assert_allclose(found, expected, rtol=1e-9)
    assert found.min() >= 0.0
    assert found.max() <= 1.0


def test_the_inverse_factor_inverts():
    scale = TRUE_SCALE[1]
    inverse, determinant = mixture.inverse_factor(scale)
    np.testing.assert_allclose(inverse @ scale @ inverse.T, np.eye(4), atol=1e-12)
    assert determinant**2 == pytest.approx(np.linalg.det(scale))
