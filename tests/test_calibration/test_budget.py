"""Uncertainty budgets: the GUM's own example, laws, and coverage on simulated measurements."""

import math

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from calibration import Term, combine, interval, t_quantile

TERMS = st.lists(st.tuples(st.floats(0.0, 0.3), st.floats(1.0, 100.0)), min_size=1, max_size=6).map(
    lambda rows: [Term(f"term {i}", u, dof) for i, (u, dof) in enumerate(rows)]
)


def test_gum_example_h1_end_gauge():
    # JCGM 100:2008, H.1.6: u_c = 32 nm, 16 degrees of freedom (truncated), U99 = 93 nm.
    nanometre = 1e-3
    budget = combine(
        Term(name, u * nanometre, dof)
        for name, u, dof in [
            ("standard", 25.0, 18.0),
            ("difference", 9.7, 25.6),
            ("expansion", 2.9, 50.0),
            ("temperature", 16.6, 2.0),
        ]
    )
    assert budget.relative == pytest.approx(32 * nanometre, abs=0.5 * nanometre)
    assert math.floor(budget.dof) == 16
    expanded = t_quantile(0.995, math.floor(budget.dof)) * budget.relative
    assert expanded == pytest.approx(93 * nanometre, abs=1.0 * nanometre)


@given(TERMS)
def test_the_sum_is_not_below_its_largest_term(terms):
    combined = combine(terms)
    assert combined.relative >= max(term.relative for term in terms) * (1.0 - 1e-12)
    assert combined.relative <= sum(term.relative for term in terms) * (1.0 + 1e-12)


@given(TERMS)
@example([Term("a", 5e-324, 1.0), Term("b", 5e-324, 1.0)])
def test_freedom_lies_between_the_poorest_term_and_all_together(terms):
    if combine(terms).relative == 0.0:
        return
    dof = combine(terms).dof
    assert dof >= min(term.dof for term in terms) * (1.0 - 1e-9)
    assert dof <= sum(term.dof for term in terms) * (1.0 + 1e-9)


@given(TERMS, st.integers(0, 100))
def test_order_of_the_terms_does_not_matter(terms, seed):
    shuffled = [terms[i] for i in np.random.default_rng(seed).permutation(len(terms))]
    assert combine(shuffled).relative == pytest.approx(combine(terms).relative, rel=1e-12)
    assert combine(shuffled).dof == pytest.approx(combine(terms).dof, rel=1e-9)


def test_tiny_terms_keep_their_freedom():
    tiny = combine([Term("curve", 1e-120, 2.0)])
    assert tiny.dof == pytest.approx(2.0)


def test_declared_terms_alone_are_normal():
    declared = combine([Term("repeatability", 0.032)])
    assert declared.dof == math.inf
    assert declared.factor(0.95) == pytest.approx(math.exp(1.959964 * 0.032), rel=1e-6)


@given(st.floats(1e-3, 1e6), TERMS, st.floats(0.5, 0.99))
def test_the_interval_is_a_factor_up_and_down(value, terms, coverage):
    combined = combine(terms)
    low, high = interval(value, combined, coverage)
    assert low <= value <= high
    assert low * high == pytest.approx(value * value, rel=1e-9)
    wider = interval(value, combined, 0.5 + 0.5 * coverage)
    assert wider[0] <= low
    assert wider[1] >= high


def test_unknown_terms_are_carried_by_name_and_not_counted():
    combined = combine([Term("curve", 0.01, 2.0)], not_included=["bead values"])
    assert combined.not_included == ("bead values",)
    assert combined.relative == 0.01


@pytest.mark.parametrize(
    ("terms", "missing"),
    [(["curve", "curve"], []), (["curve"], ["curve"]), ([], ["gate", "gate"])],
)
def test_a_term_is_counted_once(terms, missing):
    with pytest.raises(ValueError, match="each term once"):
        combine([Term(name, 0.01) for name in terms], not_included=missing)


@pytest.mark.parametrize(
    ("relative", "dof"),
    [(-0.1, 2.0), (math.nan, 2.0), (math.inf, 2.0), (0.1, 0.0), (0.1, math.nan)],
)
def test_what_is_no_uncertainty_is_no_term(relative, dof):
    with pytest.raises(ValueError, match="term curve"):
        Term("curve", relative, dof)


@pytest.mark.parametrize("value", [0.0, -1.0, math.nan])
def test_no_interval_in_log_space_around_nothing(value):
    with pytest.raises(ValueError, match="above 0"):
        interval(value, combine([Term("curve", 0.01)]))


@pytest.mark.parametrize("coverage", [0.0, 1.0, math.nan])
def test_no_interval_without_coverage(coverage):
    with pytest.raises(ValueError, match="coverage"):
        interval(1.0, combine([Term("curve", 0.01)]), coverage)


def test_intervals_of_mixed_budgets_hold_the_truth():
    # A term known from three repeats beside a declared one of the same size.
    rng = np.random.default_rng(5)
    held, n = 0, 2500
    for _ in range(n):
        repeats = rng.normal(0.0, 0.02 * math.sqrt(3.0), 3)
        estimated = Term("estimated", repeats.std(ddof=1) / math.sqrt(3.0), 2.0)
        budget = combine([estimated, Term("declared", 0.02)])
        low, high = interval(math.exp(repeats.mean() + rng.normal(0.0, 0.02)), budget)
        held += low <= 1.0 <= high
    assert 0.935 <= held / n <= 0.975


def test_an_uncertainty_beyond_all_numbers_gives_an_interval_without_an_end():
    assert interval(5.0, combine([Term("curve", 1e300, 1.0)])) == (0.0, math.inf)
