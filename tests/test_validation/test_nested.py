"""Mean squares and variance components against printed answers and other programs."""

from itertools import pairwise

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.regression.mixed_linear_model import MixedLM

from hladr.validation import nested_anova


def one_cell(*levels):
    """Groups with all results about one mean."""
    return np.array([np.zeros(len(levels[0]), int), *levels])


def test_calcium_in_turnip_leaves_as_sas_prints_it():
    """Snedecor and Cochran, Statistical Methods, 1967, p. 286; SAS/STAT, PROC NESTED, example 1."""
    calcium = [
        3.28, 3.09, 3.52, 3.48, 2.88, 2.80, 2.46, 2.44, 1.87, 1.92, 2.19, 2.19,
        2.77, 2.66, 3.74, 3.44, 2.55, 2.55, 3.78, 3.87, 4.07, 4.12, 3.31, 3.31,
    ]  # fmt: skip
    found = nested_anova(
        np.array(calcium), one_cell(np.repeat(range(4), 6), np.repeat(range(12), 2))
    )
    assert found.dof.tolist() == [3, 8, 12]
    assert found.mean_squares == pytest.approx([2.520115, 0.328775, 0.006654], abs=5e-7)
    assert found.components == pytest.approx([0.365223, 0.161060, 0.006654], abs=5e-7)


def test_runs_of_an_assay_as_the_pharmacopeia_prints_them():
    """USP <1010>, tables 1 and 2: five runs of three; variance of one result 1.251."""
    runs = [
        100.70, 101.05, 101.15, 99.46, 99.37, 99.59, 99.96, 100.17, 101.01,
        101.80, 102.16, 102.44, 101.91, 102.00, 101.67,
    ]  # fmt: skip
    found = nested_anova(np.array(runs), one_cell(np.repeat(range(5), 3)))
    assert found.dof.tolist() == [4, 10]
    assert (found.mean_squares * found.dof).tolist() == pytest.approx([14.200, 1.018], abs=6e-4)
    assert found.mean_squares == pytest.approx([3.550, 0.102], abs=5e-4)
    assert found.components.sum() == pytest.approx(1.251, abs=5e-4)


def test_a_textbook_batch_of_four_runs():
    """Published worked example: mean squares 0.85861, 0.24229; components 0.2054398, 0.2422917."""
    value = [9.85, 9.95, 10.0, 9.9, 8.8, 9.5, 11.2, 11.1, 9.8, 9.7, 10.1, 10.0]
    found = nested_anova(np.array(value), one_cell(np.repeat(range(4), 3)))
    assert found.mean_squares == pytest.approx([0.85861, 0.24229], abs=5e-6)
    assert found.components == pytest.approx([0.2054398, 0.2422917], abs=5e-8)


def unbalanced(rng):
    """Two cells, days in them, runs in the days, one to four results a run."""
    rows = [
        (cell, cell * 10 + day, (cell * 10 + day) * 10 + run)
        for cell in range(2)
        for day in range(int(rng.integers(2, 5)))
        for run in range(int(rng.integers(1, 4)))
        for _ in range(int(rng.integers(1, 5)))
    ]
    rows.append(rows[-1])
    rows += [(0, 0, 9), (0, 0, 9)]
    return np.array([np.unique(each, return_inverse=True)[1] for each in zip(*rows, strict=True)])


def expected_by_projection(groups):
    """E of each mean square by the trace of its quadratic form: matrices, no formula of groups."""
    n = groups.shape[1]
    levels = [*groups, np.arange(n)]
    indicators = [(level[:, None] == np.unique(level)[None, :]).astype(float) for level in levels]
    projections = [z @ np.linalg.pinv(z) for z in indicators]
    table = []
    for outer, inner in pairwise(projections):
        form = inner - outer
        dof = np.trace(form)
        table.append([np.trace(form @ z @ z.T) / dof for z in indicators[1:]])
    return np.array(table)


@pytest.mark.parametrize("seed", range(5))
def test_expected_mean_squares_of_an_unbalanced_design(seed):
    rng = np.random.default_rng(seed)
    groups = unbalanced(rng)
    found = nested_anova(rng.normal(size=groups.shape[1]), groups)
    assert found.expected == pytest.approx(expected_by_projection(groups), abs=1e-9)


def test_a_balanced_design_as_restricted_maximum_likelihood_sees_it():
    rng = np.random.default_rng(3)
    day, run = np.repeat(range(12), 6), np.repeat(range(36), 2)
    y = rng.normal(0, 2, 12)[day] + rng.normal(0, 1, 36)[run] + rng.normal(0, 0.7, 72)
    found = nested_anova(y, one_cell(day, run))
    data = pd.DataFrame({"y": y, "day": day, "run": run})
    model = MixedLM.from_formula(
        "y ~ 1", data, groups="day", re_formula="1", vc_formula={"run": "0 + C(run)"}
    )
    fit = model.fit()
    reml = [float(fit.cov_re.iloc[0, 0]), float(fit.vcomp[0]), float(fit.scale)]
    assert found.components == pytest.approx(reml, rel=2e-3)


@settings(max_examples=40)
@given(st.integers(0, 10_000), st.floats(-1e3, 1e3), st.floats(0.1, 10))
def test_components_know_no_origin_and_scale_as_squares(seed, shift, factor):
    rng = np.random.default_rng(seed)
    groups = unbalanced(rng)
    y = rng.normal(size=groups.shape[1])
    found = nested_anova(y, groups)
    moved = nested_anova(shift + factor * y, groups)
    assert moved.components == pytest.approx(factor**2 * found.components, rel=1e-6, abs=1e-7)
    order = rng.permutation(y.size)
    assert nested_anova(y[order], groups[:, order]).components == pytest.approx(
        found.components, rel=1e-9, abs=1e-12
    )


def test_components_of_unequal_groups_are_right_in_the_mean():
    rng = np.random.default_rng(11)
    groups = unbalanced(rng)
    n_days, n_runs = groups[1].max() + 1, groups[2].max() + 1
    found = []
    for _ in range(3000):
        y = (
            rng.normal(0, 1.0, n_days)[groups[1]]
            + rng.normal(0, 0.5, n_runs)[groups[2]]
            + rng.normal(0, 0.7, groups.shape[1])
        )
        found.append(nested_anova(y, groups).components)
    error = np.std(found, axis=0) / np.sqrt(len(found))
    assert np.all(np.abs(np.mean(found, axis=0) - [1.0, 0.25, 0.49]) < 4 * error)


def test_a_level_that_parts_nothing_is_refused():
    with pytest.raises(ValueError, match="part the one before"):
        nested_anova(np.arange(4.0), one_cell([0, 0, 0, 0]))
