"""Tubes without monocytes, and hostile columns: a refusal that says why, never a bare error."""

from dataclasses import replace

import numpy as np
import pytest

from hladr.errors import HladrError
from hladr.gating import gate_monocytes
from hladr.gating.cells import TooFewCells
from hladr.gating.monocytes import MonocytesNotFound

PURITY = 0.5


@pytest.fixture
def sepsis(tube):
    return tube("sepsis")


def only(cells, mask):
    kept = {
        name: values[mask]
        for name in ("fsc", "fsc_height", "ssc", "cd14", "cd45", "time")
        if (values := getattr(cells, name)) is not None
    }
    return replace(cells, **kept)


def test_blood_whose_monocytes_are_gone_is_refused(sepsis):
    with pytest.raises(MonocytesNotFound) as caught:
        gate_monocytes(
            only(sepsis.cells, ~sepsis.blood.monocytes & ~sepsis.blood.are("doublet")), PURITY
        )
    assert caught.value.code == "MONOCYTES_NOT_FOUND"
    assert "CD14" in str(caught.value)


@pytest.mark.parametrize("kind", ["neutrophil", "T cell"])
def test_one_kind_of_cell_is_no_blood(tube, kind):
    found = tube("healthy", events=25_000)
    with pytest.raises(MonocytesNotFound):
        gate_monocytes(only(found.cells, found.blood.are(kind)), PURITY)


@pytest.mark.parametrize("shape", ["nothing", "noise", "one value", "everything alike"])
def test_a_forgotten_cd14_stain_is_refused(sepsis, shape):
    size = sepsis.cells.cd14.size
    rng = np.random.default_rng(1)
    cd14 = {
        "nothing": np.zeros(size),
        "noise": rng.normal(0.0, 50.0, size),
        "one value": np.full(size, 7.0),
        "everything alike": rng.lognormal(5.0, 1.0, size),
    }[shape]
    with pytest.raises(MonocytesNotFound):
        gate_monocytes(replace(sepsis.cells, cd14=cd14), PURITY)


def test_fewer_than_five_hundred_cells_are_refused_with_the_number(sepsis):
    some = np.arange(sepsis.cells.fsc.size) < 499
    with pytest.raises(TooFewCells) as caught:
        gate_monocytes(only(sepsis.cells, some), PURITY)
    assert caught.value.code == "TOO_FEW_EVENTS"
    assert caught.value.found <= 499
    assert "500" in str(caught.value)


@pytest.mark.parametrize("name", ["fsc", "ssc", "cd14", "cd45"])
def test_a_column_without_numbers_leaves_too_few_cells(sepsis, name):
    empty = np.full(sepsis.cells.fsc.size, np.nan)
    with pytest.raises(TooFewCells):
        gate_monocytes(replace(sepsis.cells, **{name: empty}), PURITY)


@pytest.mark.parametrize("name", ["fsc", "fsc_height", "ssc", "cd14", "cd45", "time"])
@pytest.mark.parametrize("value", [0.0, 5.0, -3.0, 1e12])
def test_a_constant_column_is_gated_or_refused_but_breaks_nothing(sepsis, name, value):
    cells = replace(sepsis.cells, **{name: np.full(sepsis.cells.fsc.size, value)})
    try:
        gate = gate_monocytes(cells, PURITY)
    except HladrError as refusal:
        assert refusal.code in {"TOO_FEW_EVENTS", "MONOCYTES_NOT_FOUND"}
    else:
        assert gate.monocytes.shape == (cells.fsc.size,)


@pytest.mark.parametrize("height", [0.0, np.nan])
def test_useless_pulse_heights_are_said_and_the_gate_goes_on_without(sepsis, height, agreement):
    cells = replace(sepsis.cells, fsc_height=np.full(sepsis.cells.fsc.size, height))
    gate = gate_monocytes(cells, PURITY)
    assert "PULSE_HEIGHT_UNUSABLE" in {f.code for f in gate.findings}
    assert gate.cells.doublet_limit is None
    assert agreement(gate.monocytes, sepsis.blood.monocytes) > 0.9
