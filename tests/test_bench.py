"""The bench scripts run, in a configuration that says nothing about accuracy or speed."""

import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BENCH = ROOT / "bench"

if not BENCH.is_dir():
    pytest.skip("the bench is in the checkout only", allow_module_level=True)


def run(script, *options):
    paths = os.pathsep.join([str(ROOT), *filter(None, [os.environ.get("PYTHONPATH")])])
    return subprocess.run(
        [sys.executable, BENCH / script, *options],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "PYTHONPATH": paths},
    )


@pytest.fixture
def outcome(monkeypatch):
    """Outcome of a good measurement, with changes."""
    monkeypatch.syspath_prepend(str(BENCH))
    from outcome import Outcome

    good = Outcome(
        case="made_up",
        seed=1,
        truth=4000.0,
        abc=4040.0,
        low=3900.0,
        high=4180.0,
        verdict="pass",
        code="",
        class_name="immunoparalysis",
    )
    return lambda **changes: replace(good, **changes)


def test_accuracy_measures_every_kind_of_case_and_writes_its_page(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("above\n<!-- accuracy:begin -->\nold table\n<!-- accuracy:end -->\nbelow\n")
    cases = ("level_12000", "healthy_canto", "other_serial")
    options = [option for case in cases for option in ("--case", case)]
    ran = run(
        "accuracy.py", "--seeds", "1", "--ordinary", "1", "--faults", "1", *options, "--write", page
    )
    assert ran.returncode in {0, 1}, ran.stderr
    for case in cases:
        assert f"| {case} | 1 |" in ran.stdout
    assert ("Every limit holds." in ran.stdout) == (ran.returncode == 0)
    written = page.read_text()
    assert written.startswith(
        "above\n<!-- accuracy:begin -->\n\n    python bench/accuracy.py --seeds 1"
    )
    assert "old table" not in written
    assert ran.stdout.strip() in written
    assert written.endswith("<!-- accuracy:end -->\nbelow\n")


def test_accuracy_prints_the_same_table_again():
    options = ("--seeds", "1", "--oracle", "--case", "level_4000")
    first, second = run("accuracy.py", *options), run("accuracy.py", *options, "--workers", "2")
    assert first.stdout == second.stdout != ""


def test_hostile_says_what_is_held_and_what_is_broken(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("above\n<!-- hostile:begin -->\n<!-- hostile:end -->\nbelow\n")
    cases = ("beads_as_blood", "time_missing")
    options = [option for case in cases for option in ("--case", case)]
    ran = run("hostile.py", "--seeds", "1", *options, "--write", page)
    assert ran.returncode in {0, 1}, ran.stderr
    for case in cases:
        assert f"| {case} | " in ran.stdout
    assert ("Every expectation holds" in ran.stdout) == (ran.returncode == 0)
    assert ran.stdout.strip() in page.read_text()


def test_hostile_is_broken_by_a_number_that_may_not_be(monkeypatch, outcome):
    monkeypatch.syspath_prepend(str(BENCH))
    from hostile import said

    assert said(outcome(case="carry_over_10")) == ""
    assert "%" in said(outcome(case="carry_over_10", abc=4400.0))
    assert said(outcome(case="beads_as_blood", verdict="reject")) != ""


def test_speed_prints_its_rows():
    ran = run("speed.py", "--runs", "1", "--events", "5000")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.count(" ms |") >= 5


@pytest.mark.corpus
def test_the_gate_of_a_real_file_is_held_against_markers_it_does_not_see():
    file = ROOT / ".." / "shared" / "fcs" / "human" / "a2004_O1T2pb05i_A2_A02.fcs"
    if not file.exists():
        pytest.skip("the shared file corpus is not beside this checkout")
    ran = run("real_gate.py", file)
    assert ran.returncode == 0, ran.stderr
    assert "| monocytes (gated) |" in ran.stdout


def problems(outcomes, kind="hard"):
    from limits import broken

    return " ".join(broken({("own", kind): outcomes}))


def test_no_limit_is_broken_by_a_good_outcome(outcome):
    assert problems([outcome()] * 20) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"abc": 4240.0, "high": 4400.0}, "worst error"),
        ({"abc": 4600.0, "high": 4700.0}, "above 10 %"),
        ({"abc": 4640.0, "high": 4700.0, "truth": 4400.0}, "by a cut-off"),
        ({"class_name": "unclassified"}, "wrong class"),
        ({"abc": float("nan"), "verdict": "refused", "class_name": "undetermined"}, "no number"),
        ({"low": 4010.0}, "coverage"),
    ],
)
def test_an_outcome_that_breaks_a_limit_is_named(outcome, changes, said):
    others = [outcome()] * 20
    assert said in problems([*others, outcome(case="bad", **changes)])


def test_a_pass_without_an_answer_is_a_broken_limit(outcome):
    assert "above 10 %" in problems([outcome(truth=float("nan"))], kind="fault")
    assert problems([outcome(truth=float("nan"), verdict="reject")], kind="fault") == ""


def test_a_class_is_not_wrong_by_the_cut_off_or_where_none_is_stated(outcome):
    assert not outcome(truth=5200.0).wrong_class
    assert not outcome(truth=9000.0, class_name="undetermined").wrong_class
    assert outcome(truth=5600.0).wrong_class


def test_ordinary_pairs_may_not_be_looked_at_too_often(outcome):
    passed, looked_at = outcome(), outcome(verdict="review", code="FEW_MONOCYTES")
    assert problems([passed] * 19 + [looked_at], kind="ordinary") == ""
    assert "% pass" in problems([passed] * 18 + [looked_at] * 2, kind="ordinary")
    rejected = outcome(verdict="reject")
    assert "rejected" in problems([passed] * 99 + [rejected], kind="ordinary")
    assert problems([passed] * 200 + [rejected], kind="ordinary") == ""
