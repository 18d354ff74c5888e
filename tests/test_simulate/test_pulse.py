from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from hladr.simulate.multiplet import pass_by
from hladr.simulate.particle import NOBODY, Particles, Passages, Source
from hladr.simulate.pulse import REFERENCE_DIAMETER, heights_per_area

LIGHT = np.zeros((len(Source), 2))
LIGHT[Source.FORWARD, 0] = 1.0
LIGHT[Source.PE, 1] = 1.0


def particles(diameters, forward, pe):
    emission = np.zeros((len(diameters), len(Source)))
    emission[:, Source.FORWARD], emission[:, Source.PE] = forward, pe
    return Particles(np.zeros(len(diameters), np.intp), np.array(diameters, float), emission)


def one_passage(who, gaps):
    members = np.full((1, 3), NOBODY, np.intp)
    members[0, : who.count] = np.arange(who.count)
    gap = np.zeros((1, 2))
    gap[0, : len(gaps)] = gaps
    return Passages(who, members, np.zeros(1, np.intp), gap)


def scanned_height(who, centres, brightness, beam_sigma):
    """Top of the summed pulse on a fine grid, for an area of one, on the scale of a lymphocyte."""
    x = np.linspace(-40, 80, 24_001)
    width = np.sqrt(beam_sigma**2 + who.diameter**2 / 12)
    pulses = brightness[:, None] / np.sum(brightness) / (width[:, None] * np.sqrt(2 * np.pi))
    pulses = pulses * np.exp(-0.5 * ((x - np.array(centres)[:, None]) / width[:, None]) ** 2)
    area = np.trapezoid(pulses.sum(axis=0), x)
    reference = np.sqrt(beam_sigma**2 + REFERENCE_DIAMETER**2 / 12) * np.sqrt(2 * np.pi)
    return pulses.sum(axis=0).max() / area * reference


@given(
    diameters=st.lists(st.floats(4.0, 12.0), min_size=1, max_size=3),
    share=st.lists(st.floats(0.05, 1.0), min_size=3, max_size=3),
    gap=st.floats(0.0, 15.0),
    beam=st.floats(2.0, 15.0),
)
def test_heights_are_the_top_of_the_summed_pulse(diameters, share, gap, beam):
    brightness = np.array(share[: len(diameters)])
    who = particles(diameters, brightness, brightness[::-1])
    found = heights_per_area(one_passage(who, [gap] * (len(diameters) - 1)), LIGHT, beam)
    centres = [gap * place for place in range(len(diameters))]
    for detector, light in enumerate((brightness, brightness[::-1])):
        expected = scanned_height(who, centres, light, beam)
        assert found[0, detector] == pytest.approx(expected, rel=0.005)


def test_a_doublet_of_equals_far_apart_is_as_high_as_one_with_twice_the_area():
    pair = heights_per_area(one_passage(particles([8, 8], 1, 1), [60.0]), LIGHT, 2.5)
    single = heights_per_area(one_passage(particles([8], 1, 1), []), LIGHT, 2.5)
    np.testing.assert_allclose(pair, single / 2, rtol=1e-9)


def test_a_lymphocyte_is_as_high_as_its_area_and_bigger_cells_are_lower():
    rows = [one_passage(particles([d], 1, 1), []) for d in (REFERENCE_DIAMETER, 10.0)]
    lymphocyte, bigger = (heights_per_area(row, LIGHT, 2.25)[0, 0] for row in rows)
    assert lymphocyte == 1.0
    assert bigger < 0.95


@given(st.integers(0, 8), st.integers(0, 8), st.integers(1, 8), st.integers(0, 99))
def test_everybody_passes_once_and_light_is_neither_lost_nor_made(pairs, triplets, alone, seed):
    rng = np.random.default_rng(seed)
    n = alone + 2 * pairs + 3 * triplets
    who = replace(
        particles(rng.uniform(5, 10, n), rng.uniform(1, 2, n), rng.uniform(0, 9, n)),
        kind=np.arange(n),
    )
    passages = pass_by(who, (alone, pairs, triplets), (-1, -3), rng)
    assert sorted(passages.members[passages.members != NOBODY]) == list(range(n))
    np.testing.assert_allclose(passages.emission().sum(axis=0), who.emission.sum(axis=0))
    assert np.sum(passages.label == -1) == pairs
    assert np.sum(passages.label == -3) == triplets
    size = np.sum(passages.members != NOBODY, axis=1)
    np.testing.assert_array_equal(
        size, np.select([passages.label == -1, passages.label == -3], [2, 3], 1)
    )


def test_particles_that_do_not_make_up_the_groups_are_a_mistake():
    with pytest.raises(ValueError, match="5 particles are not 1 \\+ 1 pairs \\+ 1 triplets"):
        pass_by(particles([8] * 5, 1, 1), (1, 1, 1), (-1, -1), np.random.default_rng(0))
