"""What moves no gate, and what does so alone when somebody says that they know."""

import pytest
from laboratory import (
    files_kept,
    regate,
    release,
    rows,
)
from moved_gates import GATE, move, shifted, vertices_of
from test_embargo import Trial

from service.measuring import kept


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


@pytest.mark.parametrize("meaning", ["performed", "preliminary", "rejected"])
def test_gates_of_a_signed_version_are_moved_by_whoever_knows_of_it(bench, automatic, meaning):
    told = bench.analyse(bench.calibration())
    bench.sign(told, "anna", meaning, comment="looked at")
    before = files_kept(bench), rows(bench, "audit")
    drawn = {"gate": GATE, "vertices": shifted(vertices_of(automatic))}
    for wanted in (drawn, {"automatic": True}, {"again": 1}):
        refused = move(bench, told, 409, **wanted)
        assert refused["code"] == "CHANGE_NOT_CONFIRMED"
        assert refused["released"] is (meaning == "preliminary")
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
