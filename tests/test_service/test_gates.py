"""Gates drawn by hand: a new version by them, and what a gate file must not do."""

import pytest
from laboratory import BEADS, LOT, SAMPLES, files_kept, regate, rows, tube_file

import hladr
from hladr.gate_files import write_gatingml

BOMB = (
    '<?xml version="1.0"?><!DOCTYPE b [<!ENTITY a "aaaaaaaaaa">'
    + "".join(
        f'<!ENTITY {b} "{f"&{a};" * 10}">' for a, b in zip("abcdefgh", "bcdefghi", strict=True)
    )
    + "]><b>&i;</b>"
).encode()


@pytest.fixture(scope="module")
def drawn():
    """The automatic gates as a file, and the result by it in the library."""
    lot = ",".join(map(str, LOT["assigned"]))
    sample = SAMPLES / "healthy.fcs"
    strategy = hladr.quantify(sample, beads=BEADS, lot=lot).gating.strategy
    return write_gatingml(strategy).encode(), strategy


def gate_file(content, name="gates.xml"):
    return (name, content, "application/xml")


@pytest.mark.usefixtures("gate_processes")
def test_gates_of_a_file_make_a_new_version(service, analysis, drawn, tmp_path):
    content, _ = drawn
    told = regate(service, analysis, gates=gate_file(content), population="monocytes", reason="x")
    assert (told["version"], told["cause"], told["state"]) == (2, "gated", "open")
    path = tmp_path / "gates.xml"
    path.write_bytes(content)
    expected = hladr.quantify(
        SAMPLES / "healthy.fcs", beads=BEADS, lot=",".join(map(str, LOT["assigned"])),
        gates=path, population="monocytes",
    ).to_dict()  # fmt: skip
    assert told["result"]["hla_dr"] == expected["hla_dr"]
    assert told["gates_sha256"] == expected["gating"]["gates_sha256"]
    assert service.get(f"analyses/{analysis['id']}/versions/1")["gates_sha256"] is None


def test_the_automatic_gate_comes_back(service, analysis, drawn):
    gated = regate(service, analysis, gates=gate_file(drawn[0]), population="monocytes")
    back = regate(service, gated, reason="the drawn one is too wide")
    assert (back["version"], back["gates_sha256"]) == (3, None)
    assert back["result"] == analysis["result"]


@pytest.mark.usefixtures("gate_processes")
def test_gates_come_with_the_sample_as_well(service, drawn):
    calibration = service.calibration()
    parts = {
        "file": ("healthy.fcs", (SAMPLES / "healthy.fcs").read_bytes()),
        "gates": gate_file(drawn[0]),
    }
    said = {"subject": "blood", "calibration_id": calibration["id"], "population": "monocytes"}
    told = service.post("analyses", files=parts, data=said)
    assert told["gates_sha256"]
    assert told["result"]["gating"]["method"] != "automatic"


def test_a_tube_that_is_described_anew_keeps_its_gates(service, analysis, drawn):
    gated = regate(service, analysis, gates=gate_file(drawn[0]), population="monocytes")
    said = {"tube": {"subject": "blood", "visit": "D7"}, "reason": "it was forgotten"}
    told = service.put(f"analyses/{analysis['id']}/tube", json=said, version=2)
    assert told["gates_sha256"] == gated["gates_sha256"]
    assert told["result"]["hla_dr"] == gated["result"]["hla_dr"]


@pytest.mark.usefixtures("gate_processes")
@pytest.mark.parametrize(
    "content", [b"", b"no XML", b"<a><b></a>", BOMB, b"<html/>", b"\xff\xfe\x00"],
    ids=["empty", "text", "broken", "bomb", "html", "bytes"],
)  # fmt: skip
def test_what_is_no_gate_file_is_refused_and_leaves_nothing(service, analysis, content):
    before = rows(service, "audit"), rows(service, "files"), files_kept(service)
    refused = regate(service, analysis, 422, gates=gate_file(content), population="monocytes")
    assert refused["code"].isupper()
    assert service.get(f"analyses/{analysis['id']}") == analysis
    assert (rows(service, "audit"), rows(service, "files"), files_kept(service)) == before


def test_a_gate_file_without_the_population_is_refused(service, analysis, drawn):
    refused = regate(service, analysis, 422, gates=gate_file(drawn[0]), population="B cells")
    assert refused["code"] == "GATE_NOT_FOUND"


@pytest.mark.parametrize(
    "said",
    [{}, {"automatic": "false"}, {"automatic": "true", "population": "monocytes"}],
)
def test_gates_are_those_of_a_file_or_the_automatic_ones(service, analysis, said):
    parts = {name: (None, text) for name, text in {"reason": "x", **said}.items()}
    path = f"analyses/{analysis['id']}/gates"
    assert service.post(path, 422, files=parts, version=1)["code"] == "FORM_INVALID"


def test_a_reason_is_one_line(service, analysis):
    assert regate(service, analysis, 422, reason="one\ntwo")["code"] == "FORM_INVALID"


@pytest.mark.parametrize("source", ["canto-beads.fcs", "calibur-beads.fcs"])
def test_beads_by_gates_are_no_blood(service, drawn, source):
    calibration = service.calibration()
    parts = {"file": tube_file(source, _SRC=None), "gates": gate_file(drawn[0])}
    said = {"subject": "blood", "calibration_id": calibration["id"], "population": "monocytes"}
    refused = service.post("analyses", 422, files=parts, data=said)
    assert refused["code"] == "SAMPLE_LOOKS_LIKE_BEADS"
    assert rows(service, "analyses") == 0


def test_where_nothing_was_measured_nothing_is_gated(service):
    told = service.post("analyses", files={"outcome": (None, "clotted")})
    assert regate(service, told, 409)["code"] == "NOTHING_MEASURED"


@pytest.mark.usefixtures("gate_processes")
def test_by_a_damaged_gate_file_nothing_is_measured_again(service, analysis, drawn):
    gated = regate(service, analysis, gates=gate_file(drawn[0]), population="monocytes")
    path = service.laboratory.archive.path(gated["gates_sha256"])
    path.write_bytes(drawn[0] + b"<!-- another -->")
    said = {"tube": {"subject": "blood", "visit": "D7"}, "reason": "it was forgotten"}
    told = service.put(f"analyses/{analysis['id']}/tube", 500, json=said, version=2)
    assert told["code"] == "FILE_DAMAGED"
