"""Hills that compensation scatters about zero have a mirror image; stained ones have none."""

import numpy as np
import pytest

from hladr.gating.landscape import RESOLUTIONS, survey


def cells(rng, *parts):
    """Scaled CD14 and side scatter of some populations: number, CD14, spread, side scatter."""
    cd14 = np.concatenate([rng.normal(x, spread, n) for n, x, spread, _ in parts])
    ssc = np.concatenate([rng.normal(y, 0.15, n) for n, _, _, y in parts])
    return cd14, ssc


def hill_at(landscape, cd14, ssc):
    away = np.abs(landscape.summit - (cd14, ssc)).sum(axis=1)
    assert away.min() < 0.5
    return int(away.argmin())


@pytest.fixture
def landscape():
    rng = np.random.default_rng(3)
    parts = (
        (12_000, 1.0, 0.3, 11.6),
        (4_000, 0.0, 0.4, 9.8),
        (900, 4.0, 0.35, 10.9),
        (400, 2.5, 0.3, 9.9),  # the upper lobe of what scatters about zero
        (400, -2.5, 0.3, 9.9),
    )
    return survey(*cells(rng, *parts), RESOLUTIONS[0])


def test_a_lobe_of_scatter_is_mirrored_and_a_stained_population_is_not(landscape):
    monocytes, lobe = hill_at(landscape, 4.0, 10.9), hill_at(landscape, 2.5, 9.9)
    assert landscape.mirrored[monocytes] < 0.02 * landscape.count[monocytes]
    assert landscape.mirrored[lobe] > 0.6 * landscape.count[lobe]


def test_events_on_a_hill_are_as_many_as_it_counts(landscape):
    for hill in range(landscape.count.size):
        assert landscape.events_on(hill).size == landscape.count[hill]
