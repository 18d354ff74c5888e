"""A stretch unlike the rest is found wherever it lies, and chance is not taken for one."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.assay.definition import DriftLimits
from hladr.step import sample_step_findings, step_of


def tube(n, share, change, rng, *, late=False):
    """Values of one population; a share at one end differs by `change` in natural log."""
    logs = 8.0 + 0.5 * rng.standard_normal(n)
    part = np.arange(n) < share * n
    logs[part[::-1] if late else part] += change
    return np.exp(logs)


@pytest.mark.parametrize("late", [False, True])
@pytest.mark.parametrize(("share", "change"), [(0.03, 1.5), (0.1, -0.8), (0.4, 0.3)])
def test_a_step_is_found_where_it_is_and_as_large_as_it_is(share, change, late):
    n = 4_000
    values = tube(n, share, change, np.random.default_rng(1), late=late)
    step = step_of(values, np.ones(n, bool))
    assert step.at == pytest.approx(1.0 - share if late else share, abs=0.02)
    assert step.change == pytest.approx(-change if not late else change, abs=0.15)
    assert step.effect == pytest.approx(share * change, abs=0.02)
    assert step.exceeds(0.02)


def test_chance_alone_is_no_step():
    rng = np.random.default_rng(2)
    for n in (300, 3_000):
        steps = [step_of(tube(n, 0.0, 0.0, rng), np.ones(n, bool)) for _ in range(200)]
        assert not any(step.exceeds(0.0) for step in steps)


def test_other_cells_and_values_without_a_logarithm_do_not_count():
    rng = np.random.default_rng(3)
    values = tube(2_000, 0.1, 1.0, rng)
    mixed = np.empty(4_000)
    mixed[::2], mixed[1::2] = values, rng.uniform(-10.0, 0.0, 2_000)
    assert step_of(mixed, np.ones(4_000, bool)) == step_of(values, np.ones(2_000, bool))
    assert step_of(mixed, np.arange(4_000) % 2 == 0) == step_of(values, np.ones(2_000, bool))


@pytest.mark.parametrize("n", [0, 1, 39])
def test_too_few_events_tell_nothing(n):
    assert step_of(np.ones(n), np.ones(n, bool)) is None


def test_equal_values_are_no_step():
    assert not step_of(np.full(500, 7.0), np.ones(500, bool)).exceeds(0.0)


@settings(max_examples=25)
@given(factor=st.floats(1e-3, 1e3), seed=st.integers(0, 99))
def test_the_detectors_gain_does_not_matter(factor, seed):
    values = tube(600, 0.1, 0.7, np.random.default_rng(seed))
    everybody = np.ones(600, bool)
    before, after = step_of(values, everybody), step_of(factor * values, everybody)
    assert after.at == before.at
    assert after.effect == pytest.approx(before.effect, abs=1e-9)


def test_the_finding_says_how_much_and_where():
    values = tube(4_000, 0.05, 1.5, np.random.default_rng(4))
    everybody = np.ones(4_000, bool)
    (finding,) = sample_step_findings(values, everybody, DriftLimits())
    assert finding.code == "SAMPLE_STEP"
    assert "after 5 % of them" in finding.message
    assert not list(sample_step_findings(values, everybody, DriftLimits(step_warn=0.5)))
