"""Kappa against statsmodels and a published table."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from statsmodels.stats.inter_rater import cohens_kappa as of_statsmodels

from hladr.agreement import cohens_kappa, reclassification

TABLES = st.lists(st.lists(st.integers(0, 40), min_size=3, max_size=3), min_size=3, max_size=3).map(
    np.array
)


def test_the_table_of_fleiss_cohen_and_everitt():
    """Psychol Bull 1969, table 1: proportions of 200 subjects, kappa 0.429."""
    table = np.array([[106, 10, 4], [22, 28, 10], [2, 12, 6]])
    found = cohens_kappa(table)
    assert (found.n, found.same) == (200, 140)
    assert round(found.kappa, 3) == 0.429


@given(TABLES)
def test_kappa_and_its_interval_are_those_of_statsmodels(table):
    n = table.sum()
    if n == 0 or table.sum(axis=1) @ table.sum(axis=0) == n * n:
        return
    found = cohens_kappa(table)
    with np.errstate(invalid="ignore", divide="ignore"):  # its variance rounds to below zero
        expected = of_statsmodels(table)
    assert found.kappa == pytest.approx(expected.kappa, abs=1e-12)
    if expected.var_kappa > 1e-12:
        assert found.interval.low == pytest.approx(max(expected.kappa_low, -1), abs=1e-9)
        assert found.interval.high == pytest.approx(min(expected.kappa_upp, 1), abs=1e-9)


@given(TABLES, st.permutations(range(3)))
def test_exchange_and_order_of_the_classes_do_not_matter(table, order):
    found = cohens_kappa(table).kappa
    assert cohens_kappa(table.T).kappa == pytest.approx(found, nan_ok=True)
    assert cohens_kappa(table[np.ix_(order, order)]).kappa == pytest.approx(found, nan_ok=True)


@pytest.mark.parametrize("table", [np.zeros((3, 3), int), np.diag([7, 0, 0])])
def test_one_class_alone_says_nothing(table):
    assert math.isnan(cohens_kappa(table).kappa)
    assert math.isnan(cohens_kappa(table).interval.low)


def test_all_the_same_is_one():
    found = cohens_kappa(np.diag([5, 3, 2]))
    assert (found.kappa, found.interval.low, found.interval.high) == (1.0, 1.0, 1.0)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), max_size=40))
def test_every_sample_is_counted_once_in_its_place(moves):
    table = reclassification([a for a, _ in moves], [b for _, b in moves], 4)
    assert table.sum() == len(moves)
    for a in range(4):
        for b in range(4):
            assert table[a, b] == moves.count((a, b))


def test_series_of_two_lengths_are_refused():
    with pytest.raises(ValueError, match="one length"):
        reclassification([0, 1], [0], 2)
