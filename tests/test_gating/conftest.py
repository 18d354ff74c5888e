"""Simulated blood as the gate sees it, with the true name of every event beside it."""

import io
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache

import numpy as np
import pytest

from hladr.assay.loading import load_assay
from hladr.fcs.reader import read_fcs
from hladr.gating import AutomaticGate, CellColumns, gate_monocytes
from hladr.panel import find_panel
from hladr.sample_columns import SampleColumns, read_columns
from hladr.simulate import SimulatedBlood, make_pair

PURITY = load_assay("quantibrite-340827").purity


@dataclass(frozen=True, eq=False)
class Tube:
    """One simulated blood tube, read and compensated, and its gate."""

    blood: SimulatedBlood
    sample: SampleColumns
    gate: AutomaticGate

    @property
    def cells(self) -> CellColumns:
        return self.sample.cells


@cache
def simulated(case: str, seed: int, events: int) -> Tube:
    blood = make_pair(case, seed, events=events).blood
    table = read_fcs(io.BytesIO(blood.recording.to_bytes()))
    sample = read_columns(table, find_panel(table, load_assay("quantibrite-340827")))
    return Tube(blood, sample, gate_monocytes(sample.cells, PURITY))


@pytest.fixture(scope="session")
def tube() -> Callable[..., Tube]:
    """Make a tube by case and seed; the same one for the same words."""

    def make(case: str, seed: int = 1, events: int = 25_000) -> Tube:
        return simulated(case, seed, events)

    return make


@pytest.fixture(scope="session")
def gated() -> Callable[..., AutomaticGate]:
    """Gate columns, some of them replaced."""

    def gate(cells: CellColumns, **replaced: object) -> AutomaticGate:
        return gate_monocytes(replace(cells, **replaced), PURITY)

    return gate


@pytest.fixture(scope="session")
def agreement() -> Callable[[np.ndarray, np.ndarray], float]:
    """F1 of two masks: 1 where they hold the same events."""

    def f1(one: np.ndarray, other: np.ndarray) -> float:
        return 2.0 * float((one & other).sum()) / float(one.sum() + other.sum())

    return f1
