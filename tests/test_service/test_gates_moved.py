"""A gate that somebody moves: a new version by it, at once, and of nobody else's."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from laboratory import (
    describe,
    files_kept,
    regate,
    rows,
)
from moved_gates import GATE, SAMPLE, by_hand, move, shifted, stored, told_gate, vertices_of

from hladr.drawn.source import GateSource
from hladr.fcs import read_fcs
from hladr.gate_files import read_written, write_gatingml
from hladr.gates import EventColumns, PolygonGate
from service.analyses.again import again_of
from service.measuring import kept


def test_a_moved_gate_is_a_new_version_by_the_librarys_number(service, analysis, automatic):
    vertices = shifted(vertices_of(automatic))
    told = move(service, analysis, gate=GATE, vertices=vertices, reason="too far left")
    expected, strategy = by_hand(automatic, GATE, vertices)
    assert (told["version"], told["cause"], told["state"]) == (2, "gated", "open")
    for part in ("gating", "hla_dr", "findings", "classification", "verdict"):
        assert told["result"][part] == expected[part], part
    assert told["result"]["hla_dr"]["abc"] != analysis["result"]["hla_dr"]["abc"]
    assert told["gates_sha256"] == GateSource.of(strategy).sha256
    assert told_gate(told)["vertices"] == vertices
    assert told["printed"]["abc"] == f"{told['result']['hla_dr']['abc']:,.0f}"
    assert service.audit()[-1] == "analysis.gated"


def test_what_is_stored_measures_the_same_from_the_archive(service, analysis, automatic):
    told = move(service, analysis, gate=GATE, vertices=shifted(vertices_of(automatic)))
    again = again_of(service.laboratory, stored(service, told)).result()
    assert json.loads(json.dumps(again)) == told["result"]
    same = describe(service, told, visit="D7")
    assert same["result"]["hla_dr"] == told["result"]["hla_dr"]
    assert same["gates_sha256"] == told["gates_sha256"]


def test_the_second_move_rests_on_the_first(service, analysis, automatic):
    first = move(service, analysis, gate=GATE, vertices=shifted(vertices_of(automatic)))
    vertices = shifted(vertices_of(automatic, "monocytes"), y=0.01)
    second = move(service, first, gate="monocytes", vertices=vertices)
    assert told_gate(second)["vertices"] == told_gate(first)["vertices"]
    assert told_gate(second, "monocytes")["vertices"] == vertices
    assert second["result"]["gating"]["automatic"]["f1"] < 1


def test_a_range_is_moved(service, analysis):
    told = move(service, analysis, gate="leukocytes", intervals=[[3000.0, None]])
    assert told_gate(told, "leukocytes")["intervals"] == [[3000.0, None]]
    held = {each["name"]: each["events"] for each in told["result"]["gating"]["populations"]}
    before = {each["name"]: each["events"] for each in analysis["result"]["gating"]["populations"]}
    assert held["leukocytes"] < before["leukocytes"]


def test_numbers_of_the_channels_are_put_on_the_scale(service, analysis, automatic):
    corners = automatic.find(GATE).gate.corners * [1.1, 1.0]
    told = move(service, analysis, gate=GATE, vertices=corners.tolist(), in_data=True)
    assert np.allclose(told_gate(told)["in_data"], corners)
    scale = automatic.find(GATE).gate.x.scale
    assert np.allclose(np.array(told_gate(told)["vertices"])[:, 0], scale.forward(corners[:, 0]))


def test_the_automatic_gate_and_those_of_an_earlier_version_come_back(service, analysis, automatic):
    first = move(service, analysis, gate=GATE, vertices=shifted(vertices_of(automatic)))
    reset = move(service, first, automatic=True)
    assert (reset["gates_sha256"], reset["result"]) == (None, analysis["result"])
    redone = move(service, reset, again=2)
    assert (redone["gates_sha256"], redone["result"]) == (first["gates_sha256"], first["result"])
    undone = move(service, redone, again=1)
    assert (undone["version"], undone["result"]) == (5, analysis["result"])
    assert undone["gates"] == reset["gates"]


def test_what_somebody_else_changed_is_not_overwritten(service, analysis, automatic):
    vertices = shifted(vertices_of(automatic))
    theirs = move(service, analysis, gate=GATE, vertices=vertices)
    before = files_kept(service), rows(service, "audit")
    refused = move(service, analysis, 412, gate=GATE, vertices=shifted(vertices, y=0.02))
    assert (refused["code"], refused["current_version"]) == ("VERSION_MOVED", 2)
    assert (files_kept(service), rows(service, "audit")) == before
    newest = service.get(f"analyses/{analysis['id']}")
    assert (newest["version"], newest["result"]) == (2, theirs["result"])


def test_two_who_move_at_once_do_not_both_have_it(service, analysis, automatic, monkeypatch):
    """The other one stores while this one measures."""
    vertices, measure = shifted(vertices_of(automatic)), kept.KeptSample.result

    def beside(sample, gates, question):
        monkeypatch.setattr(kept.KeptSample, "result", measure)
        regate(service, analysis, reason="faster")
        return measure(sample, gates, question)

    monkeypatch.setattr(kept.KeptSample, "result", beside)
    refused = move(service, analysis, 412, gate=GATE, vertices=vertices)
    assert refused["current_version"] == 2
    assert service.get(f"analyses/{analysis['id']}")["gates_sha256"] is None


def test_a_move_that_is_sent_again_is_made_once(service, analysis, automatic):
    wanted = {"gate": GATE, "vertices": shifted(vertices_of(automatic))}
    first = move(service, analysis, key="k", **wanted)
    assert move(service, analysis, key="k", **wanted) == first
    assert service.get(f"analyses/{analysis['id']}")["version"] == 2


@pytest.fixture(scope="module")
def events():
    return EventColumns(read_fcs(SAMPLE))


def inside(x, y, vertices):
    """Even-odd rule, edge by edge, in plain NumPy."""
    held = np.zeros(x.size, bool)
    for (x1, y1), (x2, y2) in zip(vertices, [*vertices[1:], vertices[0]], strict=True):
        if y1 != y2:
            crosses = (y1 <= y) != (y2 <= y)
            held ^= crosses & (x < (x2 - x1) * (y - y1) / (y2 - y1) + x1)
    return held


corner = st.integers(-100, 1200).map(lambda n: n / 1000)


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(vertices=st.lists(st.tuples(corner, corner), min_size=3, max_size=12))
def test_a_moved_polygon_holds_the_events_inside_it(vertices, automatic, events):
    gate = automatic.find(GATE).gate
    changed = automatic.with_gate(GATE, PolygonGate(GATE, gate.x, gate.y, tuple(vertices)))
    assert read_written(write_gatingml(changed).encode()) == changed
    node = changed.find(GATE)
    masks = changed.apply(events)
    x, y = (side.scale.forward(events[side.column]) for side in (gate.x, gate.y))
    expected = masks[node.parent] & inside(x, y, vertices)
    near = _near_an_edge(x, y, vertices)
    assert np.array_equal(masks[node.path][~near], expected[~near])
    assert near.sum() < 20


def _near_an_edge(x, y, vertices):
    """Events so near an edge that rounding may decide."""
    near = np.zeros(x.size, bool)
    for (x1, y1), (x2, y2) in zip(vertices, [*vertices[1:], vertices[0]], strict=True):
        length = np.hypot(x2 - x1, y2 - y1)
        if length:
            near |= np.abs((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1)) < 1e-9 * length
    return near
