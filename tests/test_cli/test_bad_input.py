"""Bad input is a sentence with a stable code, exit status 1, and the other samples still run."""

import json

import numpy as np
import pytest

from hladr.fcs import OutputChannel, write_fcs


@pytest.fixture
def beside(hladr, pair):
    """Run a bad sample beside a good one; what is said of the bad, and that the good came out."""

    def run(bad, *, beads=pair.beads_path, lot=pair.lot):
        arguments = ("quantify", bad, pair.blood_path, "--beads", beads, "--lot", lot)
        ran = hladr(*arguments, "--format", "json")
        first, second = map(json.loads, ran.out.splitlines())
        assert ran.status == 1
        assert second["schema"] == "hladr.result/1"
        assert second["hla_dr"]["abc"] == pytest.approx(pair.blood.abc, rel=0.05)
        return first, ran.err

    return run


def refused(record, said, code):
    assert record["schema"] == "hladr.error/1"
    assert record["error"]["code"] == code
    assert f"error [{code}]: " in said
    assert "Traceback" not in said
    return record["error"]["message"]


def random_tube(path, names):
    rng = np.random.default_rng(1)
    channels = [
        OutputChannel(name=name, values=rng.lognormal(8, 0.5, 2000).astype("f4"), marker=marker)
        for name, marker in names
    ]
    write_fcs(path, channels, keywords={})
    return path


def test_not_an_fcs_file(beside, samples):
    message = refused(*beside(samples / "real" / "corrupted_10bytes.fcs"), "NOT_FCS")
    assert "FCS3.1" in message


def test_an_empty_file(beside, tmp_path):
    (tmp_path / "empty.fcs").touch()
    refused(*beside(tmp_path / "empty.fcs"), "NOT_FCS")


@pytest.mark.parametrize("share", [0.3, 0.999])
def test_a_file_cut_short(beside, pair, tmp_path, share):
    whole = pair.blood_path.read_bytes()
    (tmp_path / "short.fcs").write_bytes(whole[: int(len(whole) * share)])
    message = refused(*beside(tmp_path / "short.fcs"), "TRUNCATED_DATA")
    assert "cut short" in message


def test_no_pe_channel(beside, tmp_path):
    names = (("FSC-A", None), ("SSC-A", None), ("FITC-A", "CD3"), ("PerCP-Cy5-5-A", "CD14"))
    message = refused(*beside(random_tube(tmp_path / "a.fcs", names)), "CHANNEL_NOT_FOUND")
    assert "HLA-DR" in message


def test_no_cd14(beside, tmp_path):
    names = (("FSC-A", None), ("SSC-A", None), ("PE-A", "HLA-DR"), ("FITC-A", "CD3"))
    message = refused(*beside(random_tube(tmp_path / "a.fcs", names)), "CHANNEL_NOT_FOUND")
    assert "CD14" in message


def test_beads_offered_as_blood(beside, pair):
    record, said = beside(pair.beads_path)
    if record["schema"] == "hladr.error/1":
        refused(record, said, record["error"]["code"])
    else:
        assert record["verdict"] == "reject"
        assert record["hla_dr"] is None


def test_a_missing_file_and_a_folder(beside, tmp_path):
    refused(*beside(tmp_path / "none.fcs"), "FILE_NOT_FOUND")
    refused(*beside(tmp_path), "FOLDER_GIVEN")


@pytest.mark.parametrize(
    ("lot", "code"),
    [
        ("474,5359,23843", "LEVEL_COUNT_MISMATCH"),
        ("474,5359,5000,62336", "INVALID_LOT"),
        ("4.7,5.3,23.8,62.3", "INVALID_LOT"),
    ],
)
def test_a_wrong_lot_refuses_every_sample_and_is_said_once(hladr, pair, lot, code):
    ran = hladr(
        "quantify", pair.blood_path, pair.blood_path, "--beads", pair.beads_path, "--lot", lot,
        "--format", "json",
    )  # fmt: skip
    found = [json.loads(line) for line in ran.out.splitlines()]
    assert [each["error"]["code"] for each in found] == [code, code]
    assert ran.err.count(f"error [{code}]: ") == 1
    assert ran.status == 1


def test_blood_offered_as_beads(hladr, pair):
    ran = hladr(
        "quantify", pair.blood_path, "--beads", pair.blood_path, "--lot", pair.lot,
        "--format", "json",
    )  # fmt: skip
    record = json.loads(ran.out)
    assert ran.status == 1
    assert record["schema"] == "hladr.error/1"
    assert "bead" in record["error"]["message"]


def test_a_bead_file_that_is_missing_or_broken_refuses_with_its_own_reason(
    hladr, pair, samples, tmp_path
):
    for beads, code in (
        (tmp_path / "none.fcs", "FILE_NOT_FOUND"),
        (samples / "real" / "corrupted_10bytes.fcs", "NOT_FCS"),
    ):
        ran = hladr("quantify", pair.blood_path, "--beads", beads, "--lot", pair.lot)
        assert ran.status == 1
        assert f"✖ refused  {code}" in ran.out
        assert f"error [{code}]: " in ran.err
        assert beads.name in ran.err
        assert pair.blood_path.name not in ran.err


def test_a_fault_of_the_beads_names_the_bead_file(hladr, pair):
    asked = ("quantify", pair.blood_path, "--beads", pair.beads_path, "--lot", "474,5359,23843")
    ran = hladr(*asked)
    beads = pair.beads_path.name
    assert f"error [LEVEL_COUNT_MISMATCH]: {beads}: the lot has 3 levels" in ran.err
    (record,) = map(json.loads, hladr(*asked, "--format", "json").out.splitlines())
    assert record["sample"]["file"] == pair.blood_path.name
    assert record["error"]["message"].startswith(f"{beads}: ")


@pytest.mark.parametrize("written", ["4,420", "4.420"])
def test_a_ferritin_with_two_readings_gives_no_result(hladr, pair, written):
    ran = hladr(
        "quantify", pair.blood_path, "--beads", pair.beads_path, "--lot", pair.lot,
        "--ferritin", written, "--format", "json",
    )  # fmt: skip
    record = json.loads(ran.out)
    assert ran.status == 1
    assert record["error"]["code"] == "AMBIGUOUS_FERRITIN"


@pytest.mark.parametrize(
    ("option", "code"), [("--assay", "UNKNOWN_ASSAY"), ("--criterion", "UNKNOWN_CRITERION")]
)
def test_an_unknown_definition_names_those_that_are_known(hladr, pair, option, code):
    ran = hladr(
        "quantify", pair.blood_path, "--beads", pair.beads_path, "--lot", pair.lot,
        option, "nonsense",
    )  # fmt: skip
    assert ran.status == 1
    assert f"error [{code}]: " in ran.err


def test_a_file_that_is_no_curve(hladr, pair, tmp_path):
    (tmp_path / "curve.json").write_text("{}")
    ran = hladr("quantify", pair.blood_path, "--curve", tmp_path / "curve.json")
    assert ran.status == 1
    assert "error [INVALID_CURVE_RECORD]: " in ran.err


def test_a_bug_is_called_one_and_the_other_samples_still_run(hladr, pair, monkeypatch):
    from hladr.cli import measuring

    whole = measuring.quantify
    calls = []

    def failing(table, **options):
        calls.append(table.name)
        if len(calls) == 1:
            raise ZeroDivisionError("a slip")
        return whole(table, **options)

    monkeypatch.setattr(measuring, "quantify", failing)
    ran = hladr(
        "quantify", pair.blood_path, pair.blood_path, "--beads", pair.beads_path, "--lot", pair.lot,
        "--format", "json",
    )  # fmt: skip
    first, second = map(json.loads, ran.out.splitlines())
    assert ran.status == 70
    assert first["error"]["code"] == "INTERNAL_ERROR"
    assert second["schema"] == "hladr.result/1"
    assert "ZeroDivisionError: a slip" in ran.err
    assert "report" in ran.err


def test_a_hostile_file_name_cannot_command_the_terminal(hladr, pair, tmp_path):
    broken = tmp_path / "\x1b]0;owned\x07\r[red]broken.fcs"
    sound = tmp_path / "\x1b]0;owned\x07\r[red]sound.fcs"
    broken.write_bytes(b"")
    sound.write_bytes(pair.blood_path.read_bytes())
    ran = hladr("quantify", broken, sound, "--beads", pair.beads_path, "--lot", pair.lot)
    for said in (ran.out, ran.err):
        assert not set("\x1b\x07\r") & set(said)
        assert "[red]broken.fcs" in said
    assert "[red]sound.fcs" in ran.out
