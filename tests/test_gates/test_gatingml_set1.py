"""ISAC's compliance set 1 of Gating-ML 2.0, event for event: our reading, our events, our gates."""

import zipfile
from pathlib import Path

import numpy as np
import pytest

from hladr.fcs import read_fcs
from hladr.gate_files import load_gates, parse_gates, write_gatingml
from hladr.gates import EventColumns

SET_1 = Path(__file__).resolve().parents[2] / ".." / "shared/fcs/gating/gatingml2_set1"

pytestmark = [
    pytest.mark.corpus,
    pytest.mark.skipif(not SET_1.exists(), reason="the shared file corpus is not here"),
]


@pytest.fixture(scope="module")
def table():
    return read_fcs(SET_1 / "data1.fcs")


@pytest.fixture(scope="module")
def strategy(table):
    return load_gates(SET_1 / "gates1.xml").strategy_for(table)


def said_by_isac():
    with zipfile.ZipFile(SET_1 / "ExpectedResults_set_1.zip") as results:
        for name in results.namelist():
            gate = name.removeprefix("Results_").removesuffix(".txt")
            yield gate, np.array(results.read(name).split(), int).astype(bool)


def test_all_sixty_gates_hold_the_events_that_isac_says(table, strategy):
    masks = strategy.apply(EventColumns(table))
    found = dict(zip(strategy.labels(), masks.values(), strict=True))
    expected = dict(said_by_isac())
    assert len(expected) == 60
    wrong = {gate: np.flatnonzero(found[gate] != mask).tolist() for gate, mask in expected.items()}
    assert {gate: events for gate, events in wrong.items() if events} == {}


def test_the_set_written_anew_is_the_same_strategy(table, strategy):
    again = parse_gates(write_gatingml(strategy).encode()).strategy_for(table)
    assert again == strategy
