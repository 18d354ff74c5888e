"""Gates of a file: the sample of a workspace, and what cannot be honoured."""

import hashlib

import numpy as np
import pytest
from oracle_drawn import CD14, PE, SSC, abc_of, compensated, matrix_of, scaled_inside
from oracle_gate_files import (
    flowjo_gate,
    flowjo_rectangle,
    gatingml,
    points,
    population,
    sample,
    scale,
    spillover,
    workspace,
)

import hladr
from hladr.gate_files import SampleNotInWorkspace


def study(table, corners, name):
    """A FlowJo workspace with the hand-drawn gate on linear axes, in this sample."""
    names, shares = matrix_of(table)
    linear = {"minRange": 0, "maxRange": 262144, "gain": 1}
    gate = flowjo_gate("PolygonGate", (f"Comp-{CD14}", SSC), points(*corners))
    inner = population("CD14 / SSC", gate, count=600)
    return workspace(
        sample(
            population("cells", flowjo_rectangle(FSC_A=(1000, None)), inner, count=20000),
            population("debris", flowjo_rectangle(FSC_A=(None, 1000)), count=10),
            uri=f"file:/C:/day%201/{name}",
            name=name,
            fil=name,
            scales=tuple(
                scale("linear", each, linear) for each in ("FSC-A", SSC, CD14, f"Comp-{CD14}")
            ),
            matrix=spillover(shares.tolist(), names),
        )
    )


def test_a_workspace_is_asked_for_the_sample_by_file_name(sepsis, corners, tmp_path, codes):
    path = tmp_path / "p-17.fcs"
    path.write_bytes(sepsis.pair.blood.recording.to_bytes())
    table = hladr.read_fcs(path)
    (tmp_path / "study.wsp").write_bytes(study(table, corners, "p-17.fcs"))
    (tmp_path / "other.wsp").write_bytes(study(table, corners, "p-18.fcs"))
    result = sepsis.result(tmp_path / "study.wsp", sample=path, population="cells/CD14 / SSC")
    mask = scaled_inside(table, corners) & (table.column("FSC-A") >= 1000)
    np.testing.assert_array_equal(result.gating.monocytes.mask, mask)
    expected = abc_of(compensated(table)[PE][mask], sepsis.curve)
    assert result.measured.abc == pytest.approx(expected, rel=1e-9)
    assert [(each.name, each.parent) for each in result.gating.populations] == [
        ("events", None),
        ("cells", "events"),
        ("CD14 / SSC", "cells"),
    ]
    digest = hashlib.sha256((tmp_path / "study.wsp").read_bytes()).hexdigest()
    assert result.gating.gates_sha256 == digest
    assert "GATES_MATRIX_DIFFERS" not in codes(result)
    said = next(f.message for f in result.findings if f.code == "GATES_COUNT_OTHERWISE")
    assert "the workspace counted 600" in said  # the counts in it are made up
    with pytest.raises(SampleNotInWorkspace):
        sepsis.result(tmp_path / "other.wsp", sample=path)


def test_a_file_that_cannot_be_honoured_is_refused_by_the_gates_name(sepsis, tmp_path):
    gate = (
        '<g:SplineGate g:id="odd"><g:dimension g:compensation-ref="uncompensated">'
        '<d:fcs-dimension d:name="SSC-A"/></g:dimension></g:SplineGate>'
    )
    path = tmp_path / "gates.xml"
    path.write_bytes(gatingml(gate))
    with pytest.raises(hladr.HladrError, match="odd") as caught:
        sepsis.result(path)
    assert caught.value.code == "GATE_NOT_SUPPORTED"
