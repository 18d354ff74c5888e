"""Hills of a density map against persistence worked out cell by cell."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hladr.kernels.landscape import falling, find_hills


def neighbours(cell, shape):
    return [
        (i, j)
        for i in range(max(cell[0] - 1, 0), min(cell[0] + 2, shape[0]))
        for j in range(max(cell[1] - 1, 0), min(cell[1] + 2, shape[1]))
        if (i, j) != cell
    ]


def reachable(density, start, level):
    """Cells that a walker from `start` reaches without going below `level`."""
    seen, waiting = {start}, [start]
    while waiting:
        for cell in neighbours(waiting.pop(), density.shape):
            if cell not in seen and density[cell] >= level:
                seen.add(cell)
                waiting.append(cell)
    return seen


def lasting_summits(density, persistence):
    """Local maxima that stand `persistence` times above their saddle towards higher land."""
    lasting = set()
    for cell in np.ndindex(density.shape):
        height = density[cell]
        if height <= 0 or any(density[n] > height for n in neighbours(cell, density.shape)):
            continue
        levels = sorted((level for level in density.ravel() if 0 < level <= height), reverse=True)
        saddle = next(
            (
                level
                for level in levels
                if max(density[c] for c in reachable(density, cell, level)) > height
            ),
            0.0,
        )
        if height >= persistence * saddle:
            lasting.add(cell)
    return lasting


@st.composite
def maps(draw):
    """Small maps without ties, some of them with empty land."""
    shape = draw(st.tuples(st.integers(1, 7), st.integers(1, 7)))
    order = np.array(draw(st.permutations(range(shape[0] * shape[1])))).reshape(shape)
    return np.where(order < draw(st.sampled_from([0, 3, 20])), 0.0, 1.2**order)


@settings(max_examples=150)
@given(maps(), st.integers(0, 12), st.sampled_from([0.999, 1.001]))
def test_the_summits_are_those_of_the_definition(density, steps, nearly):
    """The limit a hair from the ratio of two heights that the map may hold."""
    persistence = max(1.2**steps * nearly, 1.0)
    hills = find_hills(density, persistence)
    assert {tuple(map(int, peak)) for peak in hills.peaks} == lasting_summits(density, persistence)


@settings(max_examples=100)
@given(maps(), st.sampled_from([1.0, 1.3, 2.0]))
def test_all_land_belongs_to_one_hill_and_none_is_higher_than_its_summit(density, persistence):
    hills = find_hills(density, persistence)
    np.testing.assert_array_equal(hills.labels >= 0, density > 0)
    for hill, peak in enumerate(map(tuple, hills.peaks)):
        assert density[peak] == density[hills.labels == hill].max()


@settings(max_examples=50)
@given(maps())
def test_hills_come_tallest_first_and_the_tallest_always_stays(density):
    heights = [density[tuple(peak)] for peak in find_hills(density, 1e9).peaks]
    assert len(heights) <= 1 or heights == sorted(heights, reverse=True)
    assert heights[:1] == ([density.max()] if density.max() > 0 else [])


@pytest.mark.parametrize("factor", [1e-6, 7.0])
def test_the_unit_of_density_does_not_matter(factor):
    density = np.random.default_rng(2).gamma(1.0, size=(20, 20))
    one, other = find_hills(density, 1.5), find_hills(factor * density, 1.5)
    np.testing.assert_array_equal(one.labels, other.labels)
    np.testing.assert_array_equal(one.peaks, other.peaks)


def test_an_empty_map_has_no_hills():
    hills = find_hills(np.zeros((5, 4)), 1.5)
    assert hills.peaks.shape == (0, 2)
    assert (hills.labels == -1).all()


@given(st.lists(st.sampled_from([0.5, 1.0, 2.0]) | st.floats(0.1, 9.0), max_size=80).map(np.array))
def test_the_densest_cell_comes_first_and_of_equal_ones_the_first(values):
    np.testing.assert_array_equal(falling(values), np.argsort(-values, kind="stable"))
