"""What is in a file, without the patient's name, and what it can be used for."""

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest
from rich.cells import cell_len

from calibration.provenance import Provenance
from hladr import quantify
from hladr.assay import load_assay
from hladr.bead_run import calibrate_beads
from hladr.errors import HladrError
from hladr.fcs import OutputChannel, read_fcs, write_fcs
from hladr.inspection import inspect_table, without_values
from hladr.inspection.discretion import known_software
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
    lines = [line.split() for line in ran.out.splitlines()]
    assert ["PE-A", "HLA-DR", "HLA-DR", "(PE)", "410"] in [line[1:6] for line in lines]
    assert ["PerCP-Cy5-5-A", "CD14", "CD14", "(monocyte)"] in [line[1:5] for line in lines]


def test_beads_are_told_from_blood_by_what_is_in_the_file(hladr, pair):
    beads = json.loads(hladr("inspect", pair.beads_path, "--format", "json").out)
    blood = json.loads(hladr("inspect", pair.blood_path, "--format", "json").out)
    assert (beads["as_blood"]["possible"], beads["as_beads"]["possible"]) == (False, True)
    assert (blood["as_blood"]["possible"], blood["as_beads"]["possible"]) == (True, False)
    assert f"{len(pair.beads.assigned)} bead peaks" in beads["verdict"]
    assert "cannot be quantified" in beads["verdict"]
    assert beads["findings"] == []  # of blood, which it is not


def test_that_the_stain_is_not_proved_is_said(hladr, pair):
    record = json.loads(hladr("inspect", pair.blood_path, "--format", "json").out)
    assert "stain not proved without beads" in record["verdict"]
    assert "without them nothing shows that HLA-DR was stained" in record["advice"]


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


def changed(pair, path, change, keywords=None):
    """The blood with another HLA-DR column."""
    table = read_fcs(pair.blood_path)
    channels = [
        OutputChannel(
            c.name,
            change(table.column(c)) if c.name == "PE-A" else table.column(c),
            marker=c.marker,
            voltage=c.voltage,
            range=c.range,
        )
        for c in table.channels
    ]
    kept = {"$SPILLOVER": table.keyword("$SPILLOVER")} if keywords is None else keywords
    write_fcs(path, channels, keywords=kept)
    return path


def some_below(values):
    """Every twentieth event at -20."""
    return np.where(np.arange(values.size) % 20 == 0, -20.0, values)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (np.zeros_like, "no HLA-DR above zero in 100 %"),
        (some_below, "no HLA-DR above zero in 5"),
        (lambda values: np.full_like(values, np.nan), ""),
    ],
)
def test_hla_dr_that_gives_no_number_is_why_not(hladr, pair, tmp_path, change, reason):
    file = changed(pair, tmp_path / "a.fcs", change, keywords={})
    record = json.loads(hladr("inspect", file, "--format", "json").out)
    assert not record["as_blood"]["possible"]
    assert reason in record["verdict"]


def test_saturation_and_a_missing_matrix_are_found(hladr, pair, tmp_path):
    file = changed(pair, tmp_path / "a.fcs", lambda v: np.full_like(v, 262143), keywords={})
    ran = hladr("inspect", file)
    assert "warn       MONOCYTES_SATURATED: 100.0 %" in ran.out
    assert "warn       SPILLOVER_MISSING" in ran.out


def test_a_share_of_monocytes_that_blood_does_not_have_is_why_not(pair, monkeypatch):
    monkeypatch.setattr("hladr.inspection.usability.MOST_MONOCYTES", 0.02)
    blood = inspect_table(read_fcs(pair.blood_path), load_assay("quantibrite-340827")).as_blood
    assert not blood.possible
    assert blood.reason.endswith("% of the cells would be monocytes")


@pytest.mark.parametrize("suffix", ["-A", "-H", ""])
def test_a_marker_that_repeats_the_dye_is_no_antigen(tmp_path, suffix):
    names = {"FSC-A": "FSC-A", "SSC-A": "SSC-A", "FL1-A": "FITC-A", "FL2-A": f"PE{suffix}",
             "FL3-A": f"PerCP{suffix}"}  # fmt: skip
    table = read_fcs(tube(tmp_path / "a.fcs", names=names.items()))
    roles = inspect_table(table, load_assay("quantibrite-340827")).as_blood.roles
    assert set(roles.values()) >= {"HLA-DR (PE)", "CD14 (monocyte)"}


def test_an_unusable_matrix_is_no_missing_one(hladr, tmp_path):
    file = tube(tmp_path / "a.fcs", names=BLOOD, keywords={"$SPILLOVER": "2,PE-A,Jane,1,0,0,1"})
    ran = hladr("inspect", file)
    assert "Spillover  unusable: $SPILLOVER" in ran.out
    assert "warn       SPILLOVER_UNUSABLE" in ran.out
    assert "no matrix in the file" not in ran.out
    record = json.loads(hladr("inspect", file, "--format", "json").out)
    assert record["spillover"] == {
        "unusable": "$SPILLOVER: '…', which is not one channel of the file"
    }


NAMING = (
    {"$TIMESTEP": "Jane Roe"}, {"CREATOR": "Jane Roe"}, {"CREATOR": "FACSDiva of Jane Roe"},
    {"Jane Roe": "x", "JANE ROE 2": "y"}, {"$COMP": "Jane Roe,1"}, {"$DFC1TO2": "Jane Roe"},
    {"$SPILLOVER": "Jane Roe"}, {"$SPILLOVER": "2,PE-A,Jane Roe,1,0,0,1"},
)  # fmt: skip


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("keywords", NAMING, ids="-".join)
def test_no_value_that_could_not_be_read_is_shown(hladr, tmp_path, keywords, form):
    file = tube(tmp_path / "blood.fcs", names=BLOOD, keywords=keywords)
    content = file.read_bytes()
    for old, new in ((b"/y/", b"//"), (b"$P3V/400", b"$P3V/Jan"), (b"$P3G/1", b"$P3G/J")):
        content = content.replace(old, new)
    file.write_bytes(content)
    ran = hladr("inspect", file, "--format", form)
    assert "jane" not in (ran.out + ran.err).lower()


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("old", ["$DATATYPE/F", "$MODE/L", "$PAR/4", "$BYTEORD/1,2,3,4"])
def test_a_refusal_shows_no_value_either(hladr, tmp_path, old, form):
    file = tube(tmp_path / "blood.fcs", names=BLOOD)
    name, value = old.split("/")
    content = file.read_bytes()
    assert content.count(old.encode()) == 1
    file.write_bytes(content.replace(old.encode(), f"{name}/{'Jane Roe'[: len(value)]}".encode()))
    ran = hladr("inspect", file, "--format", form)
    assert ran.status == 1
    assert "error [" in ran.err
    assert f"'{'Jane Roe'[: len(value)]}" not in ran.out + ran.err
    (tmp_path / "list.csv").write_text("Jane Roe, 17-MAR-1946")
    ran = hladr("inspect", tmp_path / "list.csv", "--format", form)
    assert "Jane" not in ran.out + ran.err


def test_names_of_keywords_and_labels_stay_in_a_sentence():
    said = "the HEADER's '$P3S', 'PE-A' and 'Jane's', \"O'Hara\", b'Jan', 'Roe an…; '$P3 Roe'."
    assert without_values(said, ["pe-a"]) == (
        "the HEADER's '$P3S', 'PE-A' and '…'s', '…', '…', '…'; '…'."
    )


def test_software_is_shown_where_it_is_known_to_be():
    for text in ("BD FACSDiva Software Version 6.1.3", "CellQuest Pro™ 5.1.1", "SpectroFlo 3.3.0"):
        assert known_software(text) == text
    for text in (
        "FACSDiva of Jane",
        "Jane",
        "6.1.3",
        "Version 19460317",
        "FACSDiva Jane",
        "",
        None,
    ):
        assert known_software(text) is None


def strict(text):
    def refuse(constant):
        raise AssertionError(constant)

    return json.loads(text, parse_constant=refuse)


def test_a_range_that_is_no_number_is_null(hladr, tmp_path):
    file = tube(tmp_path / "a.fcs", names=BLOOD)
    file.write_bytes(file.read_bytes().replace(b"$P3R/262144", b"$P3R/   nan"))
    record = strict(hladr("inspect", file, "--format", "json").out)
    assert [each["range"] for each in record["channels"]] == [262144.0, 262144.0, None, 262144.0]


def test_type_order_and_time_step_are_shown(hladr, tmp_path):
    channels = [OutputChannel(name, [1, 2], bits=bits) for name, bits in (("A", 16), ("B", 24))]
    write_fcs(
        tmp_path / "a.fcs", channels, data_type="I", byte_order="big", keywords={"$TIMESTEP": "0.2"}
    )
    ran = hladr("inspect", tmp_path / "a.fcs")
    assert "Format     FCS3.1, integers of 16, 24 bits, big-endian" in ran.out
    assert "Time step  0.2 s" in ran.out
    record = strict(hladr("inspect", tmp_path / "a.fcs", "--format", "json").out)
    assert (record["data_type"], record["byte_order"], record["time_step"]) == (
        "I", "big-endian", 0.2,
    )  # fmt: skip


SHARED = Path(__file__).resolve().parents[3] / "shared" / "fcs"
SAMPLES = Path(__file__).resolve().parents[2] / "sample_fcs"
SUFFIXES = (".fcs", ".lmd", ".b08", *(f".00{n}" for n in range(1, 6)))
CORPUS = sorted(
    path
    for folder in (SHARED, SAMPLES)
    for path in (folder.rglob("*") if folder.is_dir() else ())
    if path.suffix.lower() in SUFFIXES
)


@pytest.mark.corpus
@pytest.mark.skipif(not SHARED.is_dir(), reason="the shared file corpus is absent")
@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_every_file_is_shown_within_the_line_and_as_strict_json(hladr, path, monkeypatch):
    record = strict(hladr("inspect", path, "--format", "json").out)
    if record["schema"] == "hladr.error/1":
        return
    for width in (80, 120):
        monkeypatch.setenv("COLUMNS", str(width))
        ran = hladr("inspect", path)
        table = ran.out.split("\n\n")[1].splitlines()
        assert len(table) == 1 + len(record["channels"])
        assert max(map(cell_len, table)) <= width
        (verdict,) = (line for line in ran.out.splitlines() if line.startswith("  Verdict "))
        assert cell_len(verdict) <= 100


BY_BEADS_ALONE = {"NO_HLA_DR_STAIN", "MONOCYTES_SATURATED"}


@pytest.fixture(scope="module")
def open_curve():
    """A curve of which nothing is known that a sample could contradict."""
    assay = load_assay("quantibrite-340827")
    run = calibrate_beads(SAMPLES / "canto-beads.fcs", SAMPLES / "simulated-lot.toml", assay=assay)
    return dataclasses.replace(run.curve, provenance=Provenance())


@pytest.mark.parametrize("path", CORPUS, ids=lambda path: path.name)
def test_the_verdict_is_that_of_quantify_as_far_as_no_beads_are_needed(path, open_curve):
    assay = load_assay("quantibrite-340827")
    try:
        table = read_fcs(path)
    except HladrError as error:
        with pytest.raises(type(error)):
            quantify(path, curve=open_curve)
        return
    blood = inspect_table(table, assay).as_blood
    try:
        result = quantify(table, curve=open_curve)
    except HladrError:
        assert not blood.possible
        return
    rejecting = {f.code for f in result.findings if f.severity.value == "reject"}
    if blood.possible:
        assert rejecting <= BY_BEADS_ALONE
    elif not blood.reason.endswith("would be monocytes"):
        assert rejecting
