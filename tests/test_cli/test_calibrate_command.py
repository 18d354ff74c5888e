"""Beads to a curve: shown, saved, and refused where it cannot be one."""

import json
import math

import pytest

from calibration import InvalidCurveRecord
from hladr.curve_file import LARGEST_CURVE_FILE, CurveFileUnreadable, read_curve
from hladr.simulate import simulate_pair

LOT = "474,5359,23843,62336"


def test_the_curve_of_good_beads_finds_the_gain_of_the_simulated_instrument(hladr, pair):
    ran = hladr("calibrate", pair.beads_path, "--lot", pair.lot, "--format", "json")
    assert ran.status == 0
    record = json.loads(ran.out)
    fluorescence = 10 ** (record["intercept"] + record["slope"] * 4.0)
    assert fluorescence == pytest.approx(1e4 * pair.beads.scale_per_pe, rel=0.02)
    assert [peak["assigned"] for peak in record["peaks"]] == list(pair.beads.assigned)


def test_text_shows_the_line_and_every_level(hladr, pair):
    ran = hladr("calibrate", pair.beads_path, "--lot", pair.lot)
    assert ran.status == 0
    assert "pass" in ran.out.splitlines()[0]
    for shown in ("PE-A", "log10(fluorescence) =", "474", "5,359", "23,843", "62,336"):
        assert shown in ran.out
    assert "Research use only" in ran.err


def test_a_saved_curve_is_read_back_as_it_was(hladr, pair, tmp_path):
    saved = tmp_path / "curve.json"
    ran = hladr("calibrate", pair.beads_path, "--lot", pair.lot, "-o", saved, "--format", "json")
    shown, record = json.loads(ran.out), json.loads(saved.read_text())
    assert shown == record
    curve = read_curve(saved)
    assert (curve.slope, curve.intercept) == (record["slope"], record["intercept"])
    assert curve.provenance.detector == "PE-A"


def test_a_detector_can_be_named(hladr, pair):
    ran = hladr(
        "calibrate", pair.beads_path, "--lot", LOT, "--detector", "pe-h", "--format", "json"
    )
    assert json.loads(ran.out)["provenance"]["detector"] == "PE-H"


def test_the_values_of_another_lot_are_rejected_shown_and_saved(hladr, pair, tmp_path):
    saved = tmp_path / "curve.json"
    ran = hladr("calibrate", pair.beads_path, "--lot", "474,4500,23843,62336", "-o", saved)
    assert ran.status == 1
    assert "reject" in ran.out.splitlines()[0]
    assert "RESIDUAL_HIGH" in ran.out
    assert not read_curve(saved).accepted


def test_real_beads_of_six_levels_give_the_makers_line(hladr, samples):
    real = samples / "real"
    ran = hladr(
        "calibrate",
        real / "flowBeads_dako6_day1_LSRII.fcs",
        "--lot",
        real / "dako-fluorospheres-pe.toml",
        "--format",
        "json",
    )
    record = json.loads(ran.out)
    assert [peak["assigned"] for peak in record["peaks"]] == [
        None, 1500, 4400, 14500, 43800, 131200,
    ]  # fmt: skip
    assert 0.9 < record["slope"] < 1.1


@pytest.mark.parametrize(
    ("lot", "code"),
    [
        ("474,5359,23843", "LEVEL_COUNT_MISMATCH"),
        ("474,5359,23843,abc", "INVALID_LOT"),
        ("missing.toml", "LOT_FILE_UNREADABLE"),
    ],
)
def test_a_lot_that_does_not_fit_is_refused(hladr, pair, lot, code):
    ran = hladr("calibrate", pair.beads_path, "--lot", lot)
    assert (ran.status, ran.out) == (1, "")
    assert ran.err.startswith(f"error [{code}]: ")


def test_blood_offered_as_beads_is_refused_in_either_form(hladr, pair):
    text = hladr("calibrate", pair.blood_path, "--lot", LOT)
    record = json.loads(hladr("calibrate", pair.blood_path, "--lot", LOT, "--format", "json").out)
    assert (text.status, text.out) == (1, "")
    assert text.err.startswith(f"error [{record['error']['code']}]: ")
    assert "bead" in record["error"]["message"]
    assert record["schema"] == "hladr.error/1"


def test_a_missing_file_and_a_folder_are_sentences(hladr, tmp_path):
    missing = hladr("calibrate", tmp_path / "none.fcs", "--lot", LOT)
    folder = hladr("calibrate", tmp_path, "--lot", LOT)
    assert (missing.status, folder.status) == (1, 1)
    assert missing.err.startswith("error [FILE_NOT_FOUND]: ")
    assert folder.err.startswith("error [FOLDER_GIVEN]: ")


def test_the_curve_never_replaces_the_beads(hladr, tmp_path):
    truth = simulate_pair("healthy", 1, tmp_path, events=500)
    before = truth.beads_path.read_bytes()
    ran = hladr("calibrate", truth.beads_path, "--lot", LOT, "-o", truth.beads_path)
    assert ran.status == 2
    assert truth.beads_path.read_bytes() == before


def test_a_lot_is_required(hladr, pair):
    assert hladr("calibrate", pair.beads_path).status == 2


@pytest.mark.parametrize(
    "content", [b"", b"{}", b"[1]", b"null", b'{"slope": NaN}', b"\xff\xfe", b"[" * 100_000]
)
def test_a_file_that_is_no_saved_curve_is_refused(tmp_path, content):
    file = tmp_path / "curve.json"
    file.write_bytes(content)
    with pytest.raises(InvalidCurveRecord):
        read_curve(file)


def test_a_huge_file_is_no_saved_curve(tmp_path):
    file = tmp_path / "curve.json"
    file.write_bytes(b" " * (LARGEST_CURVE_FILE + 1))
    with pytest.raises(InvalidCurveRecord, match="larger"):
        read_curve(file)


def test_a_missing_curve_is_refused_with_what_to_do(tmp_path):
    with pytest.raises(CurveFileUnreadable, match="calibrate again"):
        read_curve(tmp_path / "none.json")


@pytest.mark.parametrize("field", ["slope", "intercept", "fit_sd", "fit_dof"])
@pytest.mark.parametrize("value", [math.nan, math.inf, None, "1", True])
def test_a_curve_with_a_number_that_is_none_is_refused(hladr, pair, tmp_path, field, value):
    saved = tmp_path / "curve.json"
    hladr("calibrate", pair.beads_path, "--lot", pair.lot, "-o", saved)
    saved.write_text(json.dumps({**json.loads(saved.read_text()), field: value}))
    with pytest.raises(InvalidCurveRecord):
        read_curve(saved)


def test_a_curve_whose_line_was_edited_is_refused(hladr, pair, tmp_path):
    saved = tmp_path / "curve.json"
    hladr("calibrate", pair.beads_path, "--lot", pair.lot, "-o", saved)
    record = json.loads(saved.read_text())
    record["slope"] *= 1.01
    saved.write_text(json.dumps(record))
    with pytest.raises(InvalidCurveRecord, match="slope"):
        read_curve(saved)
