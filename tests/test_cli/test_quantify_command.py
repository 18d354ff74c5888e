"""The main job from the command line: numbers, forms, files, exit status."""

import csv
import io
import json

import pytest

from hladr.deidentify.block import make_block
from hladr.deidentify.segments import data_bytes
from hladr.fcs import read_fcs
from hladr.fcs.chain import read_chain
from hladr.fcs.dataset import read_dataset
from hladr.result_row import COLUMNS
from hladr.simulate import simulate_pair

TYPED_IN = "474,5359,23843,62336"


@pytest.fixture
def day(pair):
    """Sample, beads and lot as arguments."""
    return (pair.blood_path, "--beads", pair.beads_path, "--lot", pair.lot)


@pytest.fixture
def curve(hladr, pair, tmp_path):
    """The curve of the day, saved."""
    saved = tmp_path / "curve.json"
    hladr("calibrate", pair.beads_path, "--lot", pair.lot, "-o", saved)
    return saved


def records(ran):
    return [json.loads(line) for line in ran.out.splitlines()]


def test_the_number_is_the_known_answer_and_the_class_follows(hladr, pair, day):
    ran = hladr("quantify", *day, "--ferritin", "812", "--format", "json")
    assert ran.status == 0
    (record,) = records(ran)
    assert record["schema"] == "hladr.result/1"
    assert record["hla_dr"]["abc"] == pytest.approx(pair.blood.abc, rel=0.05)
    low, high = record["hla_dr"]["ci95"]
    assert low < record["hla_dr"]["abc"] < high
    assert record["classification"]["class"] == "unclassified"
    assert record["sample"]["file"] == pair.blood_path.name


def test_text_shows_number_interval_class_and_every_finding(hladr, day):
    (record,) = records(hladr("quantify", *day, "--ferritin", "9000", "--format", "json"))
    ran = hladr("quantify", *day, "--ferritin", "9000")
    first, *_ = ran.out.splitlines()
    assert first.endswith(("✔ pass", "▲ review"))
    assert f"{record['hla_dr']['abc']:,.0f} AB/c" in ran.out
    assert "95 % interval" in ran.out
    assert "MALS" in ran.out
    assert "ferritin 9000 ng/mL" in ran.out
    for finding in record["findings"]:
        assert f"{finding['code']}: {finding['message']}" in ran.out
    assert "Research use only" in ran.err
    assert "\x1b" not in ran.out + ran.err


def test_standard_output_is_json_lines_and_nothing_else(hladr, pair, day, tmp_path):
    broken = tmp_path / "broken.fcs"
    broken.write_bytes(b"no FCS file")
    sample, *rest = day
    ran = hladr(
        "quantify", broken, sample, tmp_path / "none.fcs", *rest,
        "--format", "json", "--report", tmp_path / "reports",
    )  # fmt: skip
    found = records(ran)
    assert [each["schema"] for each in found] == [
        "hladr.error/1", "hladr.result/1", "hladr.error/1",
    ]  # fmt: skip
    assert [each["sample"]["file"] for each in found] == [
        "broken.fcs", pair.blood_path.name, "none.fcs",
    ]  # fmt: skip
    assert [found[0]["error"]["code"], found[2]["error"]["code"]] == ["NOT_FCS", "FILE_NOT_FOUND"]
    assert ran.status == 1


def test_csv_has_a_header_and_a_row_a_sample(hladr, pair, day, tmp_path):
    formula = tmp_path / "=2+3.fcs"
    formula.write_bytes(b"no FCS file")
    sample, *rest = day
    ran = hladr("quantify", sample, formula, *rest, "--ferritin", "812", "--format", "csv")
    assert ran.status == 2  # a ferritin belongs to one sample
    ran = hladr("quantify", sample, formula, *rest, "--format", "csv")
    header, good, bad = csv.reader(io.StringIO(ran.out))
    assert tuple(header) == COLUMNS
    good, bad = (dict(zip(header, row, strict=True)) for row in (good, bad))
    assert float(good["abc"]) == pytest.approx(pair.blood.abc, rel=0.05)
    assert good["sample"] == str(pair.blood_path)
    assert good["error"] == ""
    assert bad["error"] == "NOT_FCS"
    assert bad["abc"] == ""
    assert bad["sample"].endswith("=2+3.fcs")


def test_a_cell_that_is_a_formula_is_shown_not_run(hladr, day, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "=2+3.fcs").write_bytes(b"no FCS file")
    ran = hladr("quantify", "=2+3.fcs", *day[1:], "--format", "csv")
    assert ran.out.splitlines()[1].startswith("'=2+3.fcs,")


def test_the_same_run_gives_the_same_bytes(hladr, day):
    assert hladr("quantify", *day, "--format", "json").out == (
        hladr("quantify", *day, "--format", "json").out
    )


def test_a_saved_curve_gives_the_number_the_beads_give(hladr, day, curve):
    (from_beads,) = records(hladr("quantify", *day, "--format", "json"))
    (from_curve,) = records(hladr("quantify", day[0], "--curve", curve, "--format", "json"))
    assert from_curve["hla_dr"]["abc"] == pytest.approx(from_beads["hla_dr"]["abc"], rel=1e-12)
    assert from_curve["calibration"]["beads"] == from_beads["calibration"]["beads"]
    assert from_curve["verdict"] == from_beads["verdict"]


def test_a_rejected_curve_saved_rejects_every_sample(hladr, pair, tmp_path):
    saved = tmp_path / "curve.json"
    hladr("calibrate", pair.beads_path, "--lot", "474,4500,23843,62336", "-o", saved)
    ran = hladr("quantify", pair.blood_path, "--curve", saved, "--format", "json")
    (record,) = records(ran)
    assert ran.status == 1
    assert record["verdict"] == "reject"
    assert record["hla_dr"] is None
    assert record["unreleasable"]["abc"] > 0


def test_a_rejected_number_is_not_in_the_table_and_marked_in_the_text(hladr, pair):
    wrong = ("--beads", pair.beads_path, "--lot", "474,4500,23843,62336", "--ferritin", "812")
    text = hladr("quantify", pair.blood_path, *wrong)
    table = hladr("quantify", pair.blood_path, *wrong, "--format", "csv")
    assert (text.status, table.status) == (1, 1)
    assert "✖ reject" in text.out
    assert "not releasable" in text.out
    header, row = csv.reader(io.StringIO(table.out))
    cells = dict(zip(header, row, strict=True))
    assert cells["verdict"] == "reject"
    assert cells["class"] == "undetermined"
    assert [cells[name] for name in ("abc", "ci95_low", "ci95_high", "abc_median")] == [""] * 4


def test_results_go_into_a_file_and_nowhere_else(hladr, day, tmp_path):
    target = tmp_path / "out.ndjson"
    shown = hladr("quantify", *day, "--format", "json")
    ran = hladr("quantify", *day, "--format", "json", "-o", target)
    assert ran.out == ""
    assert target.read_text() == shown.out


def test_reports_are_written_and_their_place_is_said(hladr, day, tmp_path):
    ran = hladr("quantify", *day, "--report", tmp_path / "new" / "folder")
    (page,) = (tmp_path / "new" / "folder").iterdir()
    assert page.suffix == ".html"
    assert str(page) in ran.err
    assert "AB/c" in page.read_text()


@pytest.mark.parametrize("form", ["text", "json", "csv"])
def test_a_report_that_cannot_be_written_costs_the_exit_status_not_the_number(
    hladr, day, tmp_path, form
):
    (tmp_path / "file").write_text("")
    without = hladr("quantify", *day, "--format", form)
    ran = hladr("quantify", *day, "--format", form, "--report", tmp_path / "file")
    assert (without.status, ran.status) == (0, 1)
    assert ran.out == without.out
    assert ran.err.count("error [OUTPUT_NOT_WRITABLE]: ") == 1


def test_a_bug_in_the_report_costs_the_exit_status_not_the_number(
    hladr, day, tmp_path, monkeypatch
):
    def failing(*_):
        raise ZeroDivisionError("a slip")

    monkeypatch.setattr("hladr.report.write", failing)
    ran = hladr("quantify", *day, "--format", "json", "--report", tmp_path)
    (record,) = records(ran)
    assert record["schema"] == "hladr.result/1"
    assert ran.status == 70
    assert "error [INTERNAL_ERROR]: " in ran.err


def test_a_saved_curve_that_praises_itself_is_judged_by_its_peaks(hladr, pair, tmp_path):
    saved = tmp_path / "curve.json"
    hladr("calibrate", pair.beads_path, "--lot", "474,4500,23843,62336", "-o", saved)
    record = json.loads(saved.read_text())
    saved.write_text(json.dumps({**record, "findings": [], "accepted": True}))
    ran = hladr("quantify", pair.blood_path, "--curve", saved, "--format", "json")
    (found,) = records(ran)
    assert ran.status == 1
    assert found["verdict"] == "reject"
    assert found["calibration"]["accepted"] is False
    assert "RESIDUAL_HIGH" in {finding["code"] for finding in found["findings"]}


def test_strict_accepts_only_pass(hladr, tmp_path):
    truth = simulate_pair("beads_other_day", 2, tmp_path, events=25_000)
    asked = ("quantify", truth.blood_path, "--beads", truth.beads_path, "--lot", truth.lot)
    relaxed = hladr(*asked, "--format", "json")
    strict = hladr(*asked, "--format", "json", "--strict")
    (record,) = records(relaxed)
    assert record["verdict"] == "review"
    assert (relaxed.status, strict.status) == (0, 1)
    assert relaxed.out == strict.out


def test_strict_lets_a_pass_through(hladr, day):
    (record,) = records(ran := hladr("quantify", *day, "--format", "json", "--strict"))
    assert (record["verdict"], ran.status) == ("pass", 0)


def test_a_ferritin_alone_can_decide(hladr, day):
    (record,) = records(hladr("quantify", *day, "--ferritin", ">40000", "--format", "json"))
    assert record["classification"]["class"] == "MALS"
    assert record["classification"]["ferritin_ng_ml"] == ">40000"


def test_another_criterion_can_be_asked_for(hladr, day):
    ran = hladr(
        "quantify", *day, "--ferritin", "812", "--criterion", "provide-2022", "--format", "json"
    )
    (record,) = records(ran)
    assert record["classification"]["criterion"]["name"] == "provide-2022"


@pytest.mark.parametrize(
    "arguments",
    [
        ("a.fcs",),
        ("a.fcs", "--beads", "b.fcs"),
        ("a.fcs", "--lot", TYPED_IN),
        ("a.fcs", "--beads", "b.fcs", "--lot", TYPED_IN, "--curve", "c.json"),
        ("a.fcs", "--curve", "c.json", "--lot", TYPED_IN),
        ("a.fcs", "b.fcs", "--curve", "c.json", "--ferritin", "812"),
        ("a.fcs", "--curve", "c.json", "--format", "xml"),
        ("--curve", "c.json"),
    ],
)
def test_options_that_make_no_sense_together_are_wrong_usage(hladr, arguments):
    ran = hladr("quantify", *arguments)
    assert (ran.status, ran.out) == (2, "")


def test_results_never_replace_the_sample(hladr, day, pair):
    before = pair.blood_path.read_bytes()
    assert hladr("quantify", *day, "-o", pair.blood_path).status == 2
    assert hladr("quantify", *day, "-o", pair.beads_path).status == 2
    assert pair.blood_path.read_bytes() == before


def test_exports_are_written_beside_reports_and_a_rejected_sample_has_none(
    hladr, samples, tmp_path
):
    names = ("healthy.fcs", "forgotten-stain.fcs", "borderline.fcs")
    day = ("--beads", samples / "canto-beads.fcs", "--lot", samples / "simulated-lot.toml")
    folder = tmp_path / "new" / "exports"
    files = [samples / name for name in names]
    ran = hladr("quantify", *files, *day, "--export", folder, "--format", "json")
    assert ran.status == 1  # for the sample that is rejected
    abc = [record["hla_dr"] and record["hla_dr"]["abc"] for record in records(ran)]
    assert [each is None for each in abc] == [False, True, False]
    written = sorted(path.name for path in folder.iterdir())
    expected = [f"{name[:-4]}-{read_fcs(samples / name).sha256[:12]}-abc.fcs" for name in names]
    assert written == sorted([expected[0], expected[2]])
    assert float(read_fcs(folder / expected[0]).keyword("HLADR_ABC")) == abc[0]
    assert ran.err.count("error [RESULT_REJECTED]") == 1
    assert f"export {folder / expected[2]}" in ran.err


def test_an_export_that_cannot_be_written_costs_the_exit_status_not_the_number(
    hladr, day, tmp_path
):
    folder = tmp_path / "a file"
    folder.write_text("in the way")
    ran = hladr("quantify", *day, "--export", folder, "--format", "json")
    assert ran.status == 1
    assert records(ran)[0]["verdict"] in ("pass", "review")
    assert "error [OUTPUT_NOT_WRITABLE]" in ran.err


def two_sets(pair, path):
    """The blood as the second data set of a file, beads as the first."""
    blocks = b""
    for position, source in enumerate((pair.beads_path, pair.blood_path)):
        (outline,) = read_chain(memoryview(source.read_bytes())).outlines
        places = ("$BEGIN", "$END", "$NEXT")
        entries = {k: v for k, v in outline.keywords.items() if not k.startswith(places)}
        data = data_bytes(read_dataset(outline).columns)
        block = make_block("FCS3.1", entries, data, is_last=position == 1)
        blocks += block.head + bytes(block.data)
    path.write_bytes(blocks)
    return path


def test_a_data_set_can_be_named(hladr, pair, day, tmp_path):
    path = two_sets(pair, tmp_path / "two.fcs")
    options = ("--beads", pair.beads_path, "--lot", pair.lot, "--format", "json")
    first, second = (
        hladr("quantify", path, *options, "--dataset", n, "--export", tmp_path / "out")
        for n in (0, 1)
    )
    assert "error" in records(first)[0]  # beads are no blood
    (alone,) = records(hladr("quantify", *day, "--format", "json"))
    assert records(second)[0]["hla_dr"]["abc"] == alone["hla_dr"]["abc"]
    (export,) = (tmp_path / "out").iterdir()
    assert read_fcs(export).n_events == read_fcs(pair.blood_path).n_events
    ran = hladr("quantify", path, *options, "--dataset", "2")
    assert (ran.status, records(ran)[0]["error"]["code"]) == (1, "DATASET_NOT_FOUND")
    assert hladr("quantify", path, *options, "--dataset", "-1").status == 2
