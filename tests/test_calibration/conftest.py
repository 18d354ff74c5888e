"""Bead tubes with a known answer: molecules, photo-electrons, gain, noise, digits."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest

from calibration import BeadLot

QUANTIBRITE = (474.0, 5359.0, 23843.0, 62336.0)
LOT_96597 = (638.0, 6930.0, 31008.0, 67601.0)
TOP = 262143.0


@dataclass(frozen=True)
class Recipe:
    assigned: tuple[float, ...] = QUANTIBRITE
    n_events: int = 10_000
    gain: float = 1.3  # scale units per PE molecule
    spread: tuple[float, ...] = (0.12, 0.08, 0.08, 0.08)  # natural-log SD of PE molecules
    shares: tuple[float, ...] = ()
    doublets: float = 0.03
    triplets: float = 0.004
    debris: float = 0.01
    background: float = 15.0  # PE equivalents a bead
    electrons: float = 0.2  # per PE molecule
    noise: float = 20.0  # SD, scale units
    missing: tuple[int, ...] = ()
    logarithmic: bool = False  # four decades on 1024 channels
    top: float = TOP


@dataclass(frozen=True)
class Tube:
    values: np.ndarray
    geometric_means: np.ndarray  # of the single beads in the file, NaN for a missing level
    lot: BeadLot
    saturation: float
    recipe: Recipe = field(repr=False)


def _tube(seed: int, recipe: Recipe) -> Tube:
    rng = np.random.default_rng(seed)
    assigned, levels = np.array(recipe.assigned), len(recipe.assigned)
    shares = np.array(recipe.shares or (1.0,) * levels)
    shares[list(recipe.missing)] = 0.0
    n_debris = round(recipe.debris * recipe.n_events)
    n = recipe.n_events - n_debris
    beads_in = np.ones(n, dtype=int)
    n_more = round((recipe.doublets + recipe.triplets) * n)
    beads_in[:n_more] = 2
    beads_in[: round(recipe.triplets * n)] = 3
    which = rng.choice(levels, (3, n), p=shares / shares.sum())
    spread = np.resize(recipe.spread, levels)
    each = assigned[which] * np.exp(spread[which] * rng.normal(size=(3, n)))
    light = (each * (np.arange(3)[:, None] < beads_in)).sum(axis=0) + recipe.background * beads_in
    light = np.concatenate([light, rng.exponential(25.0, n_debris)])
    values = rng.poisson(light * recipe.electrons) / recipe.electrons * recipe.gain
    values = values + recipe.noise * rng.normal(size=values.size)
    if recipe.logarithmic:
        values = 10.0 ** (np.floor(256.0 * np.log10(values.clip(1.0))).clip(0, 1023) / 256.0)
    values = np.minimum(values, recipe.top)
    single = np.concatenate([beads_in == 1, np.zeros(n_debris, dtype=bool)])
    level = np.concatenate([which[0], np.zeros(n_debris, dtype=int)])
    means = [
        np.exp(np.log(values[single & (level == i) & (values > 0)]).mean())
        if shares[i] > 0.0
        else np.nan
        for i in range(levels)
    ]
    return Tube(
        values=rng.permutation(values),
        geometric_means=np.array(means),
        lot=BeadLot(assigned=recipe.assigned),
        saturation=10.0 ** (1023 / 256) if recipe.logarithmic else recipe.top,
        recipe=recipe,
    )


@pytest.fixture
def bead_tube() -> Callable[..., Tube]:
    """Draw a bead tube: seed, then fields of the recipe."""
    return lambda seed, **changes: _tube(seed, Recipe(**changes))


@pytest.fixture
def lot() -> BeadLot:
    return BeadLot(assigned=QUANTIBRITE)


@pytest.fixture
def other_lot() -> BeadLot:
    return BeadLot(assigned=LOT_96597)


@pytest.fixture
def corpus() -> Path:
    """Folder of shared FCS files."""
    folder = Path(__file__).resolve().parents[2] / ".." / "shared" / "fcs"
    if not folder.is_dir():
        pytest.skip("the shared file corpus is not beside this checkout")
    return folder
