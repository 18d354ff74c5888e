"""A gate that somebody moves: a new version by it, at once, and of nobody else's."""

import json

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from laboratory import (
    BEADS,
    LOT,
    SAMPLES,
    describe,
    files_kept,
    regate,
    release,
    rows,
    tube_file,
)
from test_embargo import Trial

import hladr
from hladr.drawn.source import GateSource
from hladr.fcs import read_fcs
from hladr.gate_files import read_written, write_gatingml
from hladr.gates import EventColumns, PolygonGate
from service.analyses import analysing
from service.analyses.again import again_of
from service.measuring import gates_read, kept
from service.measuring.kept import KeptSamples
from service.store import analyses

SAMPLE = SAMPLES / "healthy.fcs"
LOT_TEXT = ",".join(map(str, LOT["assigned"]))
GATE = "monocytes_by_cd14"


@pytest.fixture(scope="module")
def automatic():
    """The automatic gates of the sample."""
    return hladr.gating_strategy(hladr.quantify(SAMPLE, beads=BEADS, lot=LOT_TEXT))


@pytest.fixture
def analysis(service):
    return service.analyse(service.calibration())


def vertices_of(strategy, gate=GATE):
    return [list(each) for each in strategy.find(gate).gate.vertices]


def shifted(vertices, x=0.02, y=0.0):
    return [[a + x, b + y] for a, b in vertices]


def move(service, told, status=201, *, key=None, **wanted):
    path = f"analyses/{told['id']}/gates/moved"
    return service.post(path, status, version=told["version"], json=wanted, key=key)


def by_hand(strategy, gate, vertices):
    old = strategy.find(gate).gate
    moved = PolygonGate(old.name, old.x, old.y, tuple(map(tuple, vertices)))
    changed = strategy.with_gate(gate, moved)
    lot = {"beads": BEADS, "lot": LOT_TEXT}
    return hladr.quantify(SAMPLE, gates=changed, population="monocytes", **lot).to_dict(), changed


def told_gate(told, name=GATE):
    return next(each for each in told["gates"] if each["gate"] == name)


def stored(service, told):
    with service.laboratory.database.reading() as connection:
        return analyses.at(connection, told["id"], told["version"])


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


def test_a_gate_without_monocytes_is_refused_and_the_old_version_stays(service, analysis):
    before = files_kept(service), rows(service, "audit")
    away = [[0.0, 0.0], [0.01, 0.0], [0.0, 0.01]]
    refused = move(service, analysis, 422, gate=GATE, vertices=away)
    assert refused["code"] == "POPULATION_EMPTY"
    assert service.get(f"analyses/{analysis['id']}") == analysis
    assert (files_kept(service), rows(service, "audit")) == before


TRIANGLE = [[0.1, 0.1], [0.9, 0.1], [0.5, 0.9]]


NO_MOVES = [
    {},
    {"gate": GATE},
    {"vertices": TRIANGLE},
    {"gate": GATE, "vertices": TRIANGLE[:2]},
    {"gate": GATE, "vertices": [[0.1, 0.1]] * 501},
    {"gate": GATE, "vertices": [[0.1, 0.1, 0.1]] * 3},
    {"gate": GATE, "vertices": TRIANGLE, "intervals": [[0, 1]]},
    {"gate": GATE, "vertices": TRIANGLE, "automatic": True},
    {"gate": GATE, "automatic": True},
    {"automatic": False},
    {"again": 0},
    {"automatic": True, "again": 1},
    {"gate": "leukocytes", "intervals": []},
    {"gate": GATE, "vertices": TRIANGLE, "population": "monocytes"},
]


def test_what_is_no_move_is_refused(service, analysis):
    for wanted in NO_MOVES:
        assert move(service, analysis, 422, **wanted)["code"] == "INVALID_REQUEST", wanted


def test_a_vertex_is_a_pair_of_finite_numbers(service, analysis):
    path, headers = f"analyses/{analysis['id']}/gates/moved", {"Content-Type": "application/json"}
    for number in ("NaN", "Infinity", "1e999", "null"):
        content = f'{{"gate": "{GATE}", "vertices": [[{number}, 0.1], [0.9, 0.1], [0.5, 0.9]]}}'
        told = service.post(path, 422, version=1, content=content, headers=headers)
        assert told["code"] == "INVALID_REQUEST", number


OTHER_SHAPES = [
    ({"gate": "B cells", "vertices": TRIANGLE}, "GATE_NOT_FOUND"),
    ({"gate": "leukocytes", "vertices": TRIANGLE}, "GATE_NOT_MOVABLE"),
    ({"gate": GATE, "intervals": [[0, 1]]}, "GATE_NOT_MOVABLE"),
    ({"gate": "leukocytes", "intervals": [[0, 1], [0, 1]]}, "GATE_NOT_MOVABLE"),
    ({"gate": "leukocytes", "intervals": [[9, 1]]}, "INVALID_GATE"),
]


def test_a_gate_keeps_its_shape(service, analysis):
    for wanted, code in OTHER_SHAPES:
        assert move(service, analysis, 422, **wanted)["code"] == code, wanted


def test_the_version_is_named(service, analysis):
    path = f"analyses/{analysis['id']}/gates/moved"
    assert service.post(path, 428, json={"automatic": True})["code"] == "VERSION_NOT_NAMED"
    missing = "analyses/00000000-0000-0000-0000-000000000000/gates/moved"
    assert service.post(missing, 404, version=1, json={"automatic": True})["code"] == "NOT_FOUND"


def test_where_nothing_was_measured_nothing_is_moved(service):
    told = service.post("analyses", files={"outcome": (None, "clotted")})
    assert move(service, told, 409, automatic=True)["code"] == "NOTHING_MEASURED"


def test_who_may_not_analyse_moves_nothing(service, analysis):
    reader = service.as_key(service.api_key("read")["key"])
    assert move(reader, analysis, 403, automatic=True)["code"] == "NOT_ALLOWED"


def test_a_signed_number_stays_until_the_new_version_is_signed(bench, automatic):
    told = bench.analyse(bench.calibration())
    final = release(bench, told)
    wanted = {"gate": GATE, "vertices": shifted(vertices_of(automatic))}
    moved = move(bench, final, sure=True, **wanted)
    assert (final["state"], moved["state"]) == ("final", "open")
    assert moved["release"] == final["release"]


@pytest.mark.parametrize("meaning", ["performed", "rejected"])
def test_gates_of_a_signed_version_are_moved_by_whoever_knows_of_it(bench, automatic, meaning):
    told = bench.analyse(bench.calibration())
    bench.sign(told, "anna", meaning, comment="looked at")
    before = files_kept(bench), rows(bench, "audit")
    drawn = {"gate": GATE, "vertices": shifted(vertices_of(automatic))}
    for wanted in (drawn, {"automatic": True}, {"again": 1}):
        assert move(bench, told, 409, **wanted)["code"] == "CHANGE_NOT_CONFIRMED"
    assert (files_kept(bench), rows(bench, "audit")) == before
    assert bench.get(f"analyses/{told['id']}")["state"] == meaning
    moved = move(bench, told, sure=True, **drawn)
    assert (moved["version"], moved["state"]) == (2, "open")


def test_what_is_signed_while_its_gates_are_measured_is_not_changed(bench, automatic, monkeypatch):
    told, measure = bench.analyse(bench.calibration()), kept.KeptSample.result

    def beside(sample, gates, question):
        monkeypatch.setattr(kept.KeptSample, "result", measure)
        bench.sign(told, "anna", "performed", comment="looked at")
        return measure(sample, gates, question)

    monkeypatch.setattr(kept.KeptSample, "result", beside)
    wanted = {"gate": GATE, "vertices": shifted(vertices_of(automatic))}
    assert move(bench, told, 409, **wanted)["code"] == "CHANGE_NOT_CONFIRMED"
    assert bench.get(f"analyses/{told['id']}")["state"] == "performed"


def test_whoever_an_embargo_hides_a_result_from_does_not_move_its_gates(service, automatic):
    trial = Trial(service)
    hidden = trial.send("2026-03-14T08:30", trial.athens)
    wanted = {"gate": GATE, "vertices": shifted(vertices_of(automatic))}
    away = {"gate": GATE, "vertices": [[0.0, 0.0], [0.01, 0.0], [0.0, 0.01]]}
    before = files_kept(service), rows(service, "audit")
    for each in (wanted, away, {"automatic": True}):
        refused = move(trial.athens, hidden, 403, **each)
        assert refused["code"] == "RESULT_HIDDEN"
        assert "events" not in refused["detail"]
    assert regate(trial.athens, hidden, 403)["code"] == "RESULT_HIDDEN"
    assert (files_kept(service), rows(service, "audit")) == before
    assert move(service, hidden, **wanted)["version"] == 2


def test_gates_of_a_file_are_read_apart_and_can_be_moved(service, analysis, automatic):
    """The file is of another form than ours."""
    text = write_gatingml(automatic).replace("  <", "\t<")
    told = regate(service, analysis, gates=("g.xml", text.encode(), "application/xml"))
    vertices = shifted(vertices_of(automatic))
    moved = move(service, told, gate=GATE, vertices=vertices)
    assert moved["result"]["hla_dr"] == by_hand(automatic, GATE, vertices)[0]["hla_dr"]
    back = move(service, moved, again=2)
    assert back["gates_sha256"] == told["gates_sha256"]
    assert back["result"] == told["result"]


def test_no_process_is_begun_for_gates_that_were_written_here(
    service, analysis, automatic, monkeypatch
):
    told = move(service, analysis, gate=GATE, vertices=shifted(vertices_of(automatic)))

    def never(*_facts):
        raise AssertionError("a process of its own")

    monkeypatch.setattr(gates_read, "rewritten_apart", never)
    service.laboratory.gates.__init__()  # as another process knows them
    assert move(service, told, gate=GATE, vertices=vertices_of(automatic))["version"] == 3


def test_a_tube_with_gates_that_were_written_here_is_described_without_a_process(
    service, analysis, automatic, monkeypatch
):
    told = move(service, analysis, gate=GATE, vertices=shifted(vertices_of(automatic)))

    def never(*_facts):
        raise AssertionError("a process of its own")

    monkeypatch.setattr(analysing, "measured_apart", never)
    described = describe(service, told, ferritin_ng_ml="5000")
    for part in ("gating", "hla_dr"):
        assert described["result"][part] == told["result"][part]
    assert described["result"]["classification"] != told["result"]["classification"]
    monkeypatch.undo()
    again = again_of(service.laboratory, stored(service, described)).result()
    assert json.loads(json.dumps(again)) == described["result"]


def test_a_damaged_file_is_not_measured_from_what_is_kept(service, analysis, automatic):
    told = move(service, analysis, gate=GATE, vertices=shifted(vertices_of(automatic)))
    path = service.laboratory.archive.path(analysis["file"]["sha256"])
    path.write_bytes(path.read_bytes()[:-4] + b"abcd")
    assert move(service, told, 500, automatic=True)["code"] == "FILE_DAMAGED"


def test_a_damaged_gate_file_moves_nothing(service, analysis, automatic):
    told = move(service, analysis, gate=GATE, vertices=shifted(vertices_of(automatic)))
    path = service.laboratory.archive.path(told["gates_sha256"])
    path.write_bytes(path.read_bytes().replace(b"0.", b"0.1", 1))
    service.laboratory.gates.__init__()
    wanted = {"gate": GATE, "vertices": vertices_of(automatic)}
    assert move(service, told, 500, **wanted)["code"] == "FILE_DAMAGED"


def test_nothing_is_worked_out_twice_for_a_second_move(service, analysis, automatic, monkeypatch):
    told = move(service, analysis, gate=GATE, vertices=shifted(vertices_of(automatic)))

    def never(*_facts):
        raise AssertionError("worked out again")

    for name in ("opened", "read_columns"):
        monkeypatch.setattr(kept, name, never)
    monkeypatch.setattr("hladr.sample_run.gate_monocytes", never)
    assert move(service, told, gate=GATE, vertices=vertices_of(automatic))["version"] == 3
    assert move(service, {**told, "version": 3}, automatic=True)["version"] == 4


def test_kept_samples_are_bounded(tmp_path, service, monkeypatch):
    calibration, samples = service.calibration(), KeptSamples(service.laboratory.settings)
    told = stored(service, service.analyse(calibration))
    again = again_of(service.laboratory, told)
    for number in range(kept.MOST_KEPT + 3):
        path = tmp_path / f"{number}.fcs"
        path.write_bytes(tube_file(_SRC=str(number))[1])
        samples.of((path, path.name), again.curve, again.question.assay)
        assert len(samples._kept) == min(number + 1, kept.MOST_KEPT)
    monkeypatch.setattr(
        kept, "MOST_BYTES", 3 * samples.of(again.sample, again.curve, again.question.assay).bytes
    )
    samples.of((path, "other name.fcs"), again.curve, again.question.assay)
    assert len(samples._kept) == 3


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


@settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None
)
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
