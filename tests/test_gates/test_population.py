"""Populations: counts, parts of the parent, and masks nobody can change."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.population import Population, all_events, gated

MASKS = st.lists(st.tuples(st.booleans(), st.booleans()), max_size=40)


@given(pairs=MASKS)
def test_a_child_holds_the_events_of_both_masks_and_counts_against_its_parent(pairs):
    first, second = np.array(pairs, bool).reshape(-1, 2).T
    root = all_events("all", len(pairs))
    parent = gated(root, "leukocytes", first)
    child = gated(parent, "monocytes", second)
    np.testing.assert_array_equal(child.mask, first & second)
    assert (child.parent, child.parent_count) == ("leukocytes", first.sum())
    assert child.count == (first & second).sum()
    if first.any():
        assert child.percent_of_parent == pytest.approx(100.0 * child.count / first.sum())
    else:
        assert math.isnan(child.percent_of_parent)


def test_the_root_is_all_of_itself():
    root = all_events("all", 7)
    assert (root.count, root.parent, root.percent_of_parent) == (7, None, 100.0)


def test_a_mask_cannot_be_changed_from_inside_or_outside():
    mask = np.array([True, False, True])
    population = Population("p", None, mask, 3)
    mask[:] = False
    assert population.count == 2
    for frozen in (population, gated(population, "c", np.ones(3, bool)), all_events("all", 3)):
        with pytest.raises(ValueError, match="read-only"):
            frozen.mask[0] = True
    assert mask.flags.writeable


@pytest.mark.parametrize("mask", [np.ones(3), np.ones((2, 2), bool), np.array([0, 1])])
def test_what_is_no_mask_is_a_mistake_of_the_caller(mask):
    with pytest.raises(ValueError, match="one boolean an event"):
        Population("p", None, mask, 5)


def test_a_mask_of_another_file_is_a_mistake_of_the_caller():
    root = all_events("all", 3)
    with pytest.raises(ValueError, match="mask of"):
        gated(root, "p", np.ones(1, bool))
    with pytest.raises(ValueError, match="in parent"):
        Population("p", "root", np.ones(3, bool), 2)
