"""The number beside gates: printed as on the report, never on the other side of a cut-off."""

import json

import pytest
from laboratory import BEADS, LOT, SAMPLES

import hladr
from hladr.criterion.loading import load_criterion
from service.analyses.gates_printed import gates_printed


@pytest.fixture
def result():
    lot = ",".join(map(str, LOT["assigned"]))
    return json.loads(
        json.dumps(hladr.quantify(SAMPLES / "healthy.fcs", beads=BEADS, lot=lot).to_dict())
    )


@pytest.fixture
def criterion(result):
    return load_criterion(result["classification"]["criterion"]["name"])


def test_rounding_does_not_cross_a_cut_off(result, criterion):
    result["hla_dr"] |= {"abc": 4999.6, "ci95": [4700.2, 5000.3]}
    result["gating"]["automatic"] = {"moved": -0.0001, "monocytes": 1533}
    printed = gates_printed(result, criterion, by_hand=True)
    assert (printed["abc"], printed["ci95"]) == ("4,999.6", "4,700 to 5,000")
    assert printed["automatic"] == "5,000 AB/c, 1,533 monocytes"
    result["gating"]["automatic"]["moved"] = 0.00001
    assert gates_printed(result, criterion, by_hand=True)["automatic"].startswith("4,999.6 AB/c")


def test_beyond_the_beads_is_said(result, criterion):
    assert gates_printed(result, criterion, by_hand=False)["range"] == ""
    result["hla_dr"]["range"] = "above"
    top = f"{LOT['assigned'][-1]:,.0f}"
    printed = gates_printed(result, criterion, by_hand=False)
    assert printed["range"] == f"Above the top bead (> {top} AB/c): extrapolated."
    result["hla_dr"] |= {"range": "below", "abc": None, "ci95": [None, None]}
    printed = gates_printed(result, criterion, by_hand=False)
    assert printed["range"].startswith("Below the lowest bead (< ")
    assert (printed["abc"], printed["ci95"]) == ("no number", "none")
