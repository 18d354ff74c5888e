"""What is kept of a sample for its next gates: nothing is opened or worked out twice."""

import json

from laboratory import (
    describe,
    regate,
    tube_file,
)
from moved_gates import GATE, by_hand, move, shifted, stored, vertices_of

from hladr.gate_files import write_gatingml
from service.analyses import analysing
from service.analyses.again import again_of
from service.measuring import gates_read, kept
from service.measuring.kept import KeptSamples


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
