"""Tubes without monocytes, and hostile columns: a refusal that says why, never a bare error."""

from dataclasses import replace

import numpy as np
import pytest

from hladr.errors import HladrError
from hladr.gating import gate_monocytes

PURITY = 0.5
REFUSALS = {"TOO_FEW_EVENTS", "LOOKS_LIKE_BEADS", "MONOCYTES_NOT_FOUND"}


@pytest.fixture
def sepsis(tube):
    return tube("sepsis")


def refusal(cells):
    """The error that refuses these columns; None where a gate is found."""
    try:
        gate_monocytes(cells, PURITY)
    except HladrError as error:
        return error
    return None


def only(cells, mask):
    kept = {
        name: values[mask]
        for name in ("fsc", "fsc_height", "ssc", "cd14", "cd45", "time")
        if (values := getattr(cells, name)) is not None
    }
    return replace(cells, **kept)


def test_blood_whose_monocytes_are_gone_is_refused(sepsis):
    monocytes = sepsis.blood.monocytes | sepsis.blood.are("doublet")
    error = refusal(only(sepsis.cells, ~monocytes))
    assert error.code == "MONOCYTES_NOT_FOUND"
    assert "CD14" in str(error)


@pytest.mark.parametrize("kind", ["neutrophil", "T cell"])
def test_one_kind_of_cell_is_no_blood(tube, kind):
    found = tube("healthy")
    error = refusal(only(found.cells, found.blood.are(kind)))
    assert error.code in {"MONOCYTES_NOT_FOUND", "LOOKS_LIKE_BEADS"}


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("shape", ["nothing", "noise", "one value", "everything alike"])
def test_a_forgotten_cd14_stain_is_refused(sepsis, shape, seed):
    size = sepsis.cells.cd14.size
    rng = np.random.default_rng(seed)
    cd14 = {
        "nothing": np.zeros(size),
        "noise": rng.normal(0.0, 50.0, size),
        "one value": np.full(size, 7.0),
        "everything alike": rng.lognormal(5.0, 1.0, size),
    }[shape]
    assert refusal(replace(sepsis.cells, cd14=cd14)).code == "MONOCYTES_NOT_FOUND"


def test_particles_of_one_size_are_beads(sepsis):
    rng = np.random.default_rng(2)
    size = sepsis.cells.fsc.size
    fsc, ssc = rng.lognormal(11.0, 0.05, size), rng.lognormal(10.0, 0.08, size)
    error = refusal(replace(sepsis.cells, fsc=fsc, ssc=ssc, fsc_height=None))
    assert error.code == "LOOKS_LIKE_BEADS"
    assert "exchanged" in str(error)


def test_fewer_than_five_hundred_cells_are_refused_with_the_number(sepsis):
    on_scale = sepsis.cells.on_scale()
    some = on_scale & (on_scale.cumsum() <= 499)
    error = refusal(only(sepsis.cells, some))
    assert error.code == "TOO_FEW_EVENTS"
    assert error.found == 499
    assert "500" in str(error)


@pytest.mark.parametrize("name", ["fsc", "ssc", "cd14", "cd45"])
def test_a_column_without_numbers_leaves_too_few_cells(sepsis, name):
    empty = np.full(sepsis.cells.fsc.size, np.nan)
    assert refusal(replace(sepsis.cells, **{name: empty})).code == "TOO_FEW_EVENTS"


@pytest.mark.parametrize("name", ["fsc", "fsc_height", "ssc", "cd14", "cd45", "time"])
@pytest.mark.parametrize("value", [0.0, 5.0, -3.0, 1e12])
def test_a_constant_column_is_gated_or_refused_but_breaks_nothing(sepsis, name, value):
    constant = np.full(sepsis.cells.fsc.size, value)
    error = refusal(replace(sepsis.cells, **{name: constant}))
    assert error is None or error.code in REFUSALS


@pytest.mark.parametrize("height", [0.0, np.nan])
def test_useless_pulse_heights_are_said_and_the_gate_goes_on_without(sepsis, height, agreement):
    cells = replace(sepsis.cells, fsc_height=np.full(sepsis.cells.fsc.size, height))
    gate = gate_monocytes(cells, PURITY)
    assert "PULSE_HEIGHT_UNUSABLE" in {f.code for f in gate.findings}
    assert gate.cells.doublet_limit is None
    assert agreement(gate.monocytes, sepsis.blood.monocytes) > 0.9
