"""What is in a file, without the patient's name, and what it can be used for."""

import json

import pytest

from hladr.fcs import OutputChannel, write_fcs
from hladr.simulate import simulate_pair


def tube(path, *, names, keywords=None, events=400, values=None):
    """Write a small file with these channels: name, or name and marker."""
    channels = [
        OutputChannel(
            name=name,
            values=values if values is not None else [100.0 + i for i in range(events)],
            marker=marker,
            voltage=400.0,
        )
        for name, marker in names
    ]
    write_fcs(path, channels, keywords=keywords or {})
    return path


SCATTER = (("FSC-A", None), ("SSC-A", None))
BLOOD = (*SCATTER, ("PE-A", "HLA-DR"), ("PerCP-Cy5-5-A", "CD14"))


def test_the_verdict_names_the_channels_of_a_blood_file(hladr, pair):
    ran = hladr("inspect", pair.blood_path)
    assert ran.status == 0
    assert "can be quantified" in ran.out
    assert "HLA-DR (PE) on PE-A" in ran.out
    assert "CD14 (monocyte) on PerCP-Cy5-5-A" in ran.out


def test_beads_are_told_from_blood_by_what_is_in_the_file(hladr, pair):
    beads = json.loads(hladr("inspect", pair.beads_path, "--format", "json").out)
    blood = json.loads(hladr("inspect", pair.blood_path, "--format", "json").out)
    assert (beads["as_blood"]["possible"], beads["as_beads"]["possible"]) == (False, True)
    assert (blood["as_blood"]["possible"], blood["as_beads"]["possible"]) == (True, False)
    assert f"{len(pair.beads.assigned)} bead peaks" in beads["verdict"]
    assert "cannot be quantified" in beads["verdict"]


def test_without_cd14_the_verdict_says_why_not(hladr, tmp_path):
    ran = hladr("inspect", tube(tmp_path / "a.fcs", names=(*SCATTER, ("PE-A", "HLA-DR"))))
    assert ran.status == 1
    assert "cannot be quantified" in ran.out
    assert "no CD14" in ran.out


def test_a_file_that_serves_for_nothing_exits_with_one(hladr, tmp_path):
    file = tube(tmp_path / "fitc.fcs", names=(*SCATTER, ("FITC-A", "CD3")))
    ran = hladr("inspect", file, "--format", "json")
    assert ran.status == 1
    record = json.loads(ran.out)
    assert not record["as_blood"]["possible"]
    assert not record["as_beads"]["possible"]
    assert record["verdict"].startswith("cannot be quantified")


def test_a_broken_matrix_is_why_not(hladr, tmp_path):
    file = tube(
        tmp_path / "blood.fcs",
        names=BLOOD,
        keywords={"$SPILLOVER": "2,PE-A,PerCP-Cy5-5-A,1,1,1,1"},
    )
    record = json.loads(hladr("inspect", file, "--format", "json").out)
    assert not record["as_blood"]["possible"]
    assert "spillover" in record["as_blood"]["reason"].lower()


def test_too_few_events_is_why_not(hladr, tmp_path):
    ran = hladr("inspect", tube(tmp_path / "blood.fcs", names=BLOOD, events=20))
    assert ran.status == 1
    assert "cannot be quantified" in ran.out
    assert "20 events" in ran.out


def test_too_few_monocytes_is_why_not(hladr, tmp_path):
    truth = simulate_pair("sepsis", 1, tmp_path, events=3_000)
    record = json.loads(hladr("inspect", truth.blood_path, "--format", "json").out)
    assert truth.blood.monocytes < 250
    assert not record["as_blood"]["possible"]
    assert "monocytes" in record["as_blood"]["reason"]


def test_json_and_text_say_the_same_of_a_simulated_file(hladr, pair):
    record = json.loads(hladr("inspect", pair.blood_path, "--format", "json").out)
    text = hladr("inspect", pair.blood_path).out
    assert record["schema"] == "hladr.inspection/1"
    assert record["sha256"] in text
    assert record["verdict"] in text
    assert (record["cytometer"], record["serial"]) == ("FACSCantoII", "V00000001")
    assert record["acquired_at"] == "2026-03-14T09:31:07"
    by_role = {each["role"]: each["name"] for each in record["channels"] if each["role"]}
    assert by_role["HLA-DR (PE)"] == "PE-A"
    assert by_role["CD45"] == "V500-A"
    (pe,) = (each for each in record["channels"] if each["name"] == "PE-A")
    assert (pe["marker"], pe["voltage"], pe["range"]) == ("HLA-DR", 410.0, 262144.0)
    assert (pe["log_decades"], pe["bits"]) == (0.0, 32)
    matrix = record["spillover"]
    assert len(matrix["matrix"]) == len(matrix["detectors"])
    for row, name in zip(matrix["matrix"], matrix["detectors"], strict=True):
        assert row[matrix["detectors"].index(name)] == 1.0


def test_what_may_name_a_patient_is_not_shown(hladr, tmp_path):
    secret = {"$SRC": "Jane Roe", "$OP": "Dr Who", "PATIENT ID": "123-45", "$COM": "Jane again"}
    file = tube(tmp_path / "blood.fcs", names=BLOOD, keywords=secret)
    for form in ("text", "json"):
        ran = hladr("inspect", file, "--format", form)
        assert not any(value in ran.out + ran.err for value in secret.values())


def test_a_hostile_marker_cannot_command_the_terminal(hladr, tmp_path):
    marker = "\x1b[31m[bold]HLA-DR"
    names = (*SCATTER, ("PE-A", marker), ("PerCP-Cy5-5-A", "CD14"))
    ran = hladr("inspect", tube(tmp_path / "blood.fcs", names=names))
    assert "\x1b" not in ran.out + ran.err
    assert "[bold]HLA-DR" in ran.out


def test_settings_stand_in_the_table(hladr, tmp_path):
    ran = hladr("inspect", tube(tmp_path / "blood.fcs", names=BLOOD))
    (line,) = (line for line in ran.out.splitlines() if line.strip().startswith("3  PE-A"))
    assert line.split()[:3] == ["3", "PE-A", "HLA-DR"]
    assert "400" in line.split()


def test_a_file_with_two_data_sets_says_so(hladr, samples):
    lmd = samples.parents[1] / "shared" / "fcs" / "formats" / "FC500_coulter.lmd"
    if not lmd.exists():
        pytest.skip("the shared file corpus is absent")
    record = json.loads(hladr("inspect", lmd, "--format", "json").out)
    assert len(record["data_sets"]) == 2


@pytest.mark.parametrize("form", ["text", "json"])
def test_ten_bytes_of_nothing_are_refused_with_a_code(hladr, samples, form):
    ran = hladr("inspect", samples / "real" / "corrupted_10bytes.fcs", "--format", form)
    assert ran.status == 1
    assert ran.err.startswith("error [NOT_FCS]: corrupted_10bytes.fcs: ")
    if form == "json":
        record = json.loads(ran.out)
        assert record["schema"] == "hladr.error/1"
        assert record["error"]["code"] == "NOT_FCS"
    else:
        assert ran.out == ""


def test_a_real_calibur_file_is_shown_with_its_log_amplifiers(hladr, samples):
    ran = hladr("inspect", samples / "real" / "FACSCalibur_0877408774.B08")
    (line,) = (line for line in ran.out.splitlines() if "FL2-H" in line and "decades" in line)
    assert "4 decades from 1" in line
    assert "FACSCalibur" in ran.out
    assert "10,000" in ran.out
