"""The bench scripts run, in a configuration that says nothing about accuracy or speed."""

import importlib
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
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


def test_control_says_how_soon_a_shift_is_seen_and_writes_its_page(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("above\n<!-- control:begin -->\n<!-- control:end -->\nbelow\n")
    ran = run("control.py", "--series", "400", "--lots", "40", "--write", page)
    assert ran.returncode in {0, 1}, ran.stderr
    assert "| 3.0 % | " in ran.stdout
    assert "| **the run** | " in ran.stdout
    assert ("Every limit holds." in ran.stdout) == (ran.returncode == 0)
    assert ran.stdout.strip() in page.read_text()


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


def test_moves_of_gates_are_timed_over_http():
    ran = run("regate.py", "--events", "20000", "--tubes", "1", "--moves", "5", "--workers", "1")
    assert "| those that follow | 5 |" in ran.stdout, ran.stderr
    assert ran.stdout.rstrip().endswith("kept")


def test_first_views_of_samples_are_timed_after_a_restart():
    ran = run("first_view.py", "--events", "20000", "--tubes", "2", "--settled", "0")
    for line in ("| automatic | first | 1 |", "| by hand | second | 1 |"):
        assert line in ran.stdout, ran.stderr
    assert ran.stdout.rstrip().endswith("kept")


@pytest.mark.usefixtures("peers")
def test_steps_run_without_timing():
    ran = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-n", "0", "--benchmark-disable", "bench"],
        capture_output=True,
        text=True,
        check=False,
        cwd=ROOT,
    )
    assert ran.returncode == 0, ran.stdout
    step = importlib.import_module("step")
    assert f"{len(step.MEGABYTES)} passed" in ran.stdout


def test_the_same_job_is_done_by_others_and_by_the_least_code_with_the_same_answers(tmp_path):
    page, picture = tmp_path / "page.md", tmp_path / "picture.svg"
    page.write_text("above\n<!-- compare:begin -->\n<!-- compare:end -->\nbelow\n")
    names = ("hladr", "floor", "flowkit", "parts")
    only = [option for name in names for option in ("--only", name)]
    options = ("--sizes", "10000", "--rounds", "1", "--tables", "job")
    here = ("--python", f"flowkit={sys.executable}")
    ran = run("compare.py", *options, *only, *here, "--write", page, "--picture", picture)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "| times as long as least numba code (floor) | 10,000 |" in ran.stdout
    assert ran.stdout.strip() in page.read_text()
    assert picture.read_text().count("<polyline") == 3 * len(names)


def test_an_archive_is_measured_killed_and_held_against_flowkit(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("above\n<!-- archive:begin -->\n<!-- archive:end -->\nbelow\n")
    options = ("--pairs", "20", "--sizes", "20", "--rounds", "1", "--flowkit", sys.executable)
    ran = run("archive.py", *options, "--folder", tmp_path, "--write", page)
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "| 20 | " in ran.stdout
    assert "of 20 known" in ran.stdout
    assert "Fixed gates, 20 pairs" in ran.stdout
    assert ran.stdout.strip() in page.read_text()


@pytest.fixture
def peers(monkeypatch):
    """The folder of the other contestants, to import from."""
    monkeypatch.syspath_prepend(str(BENCH / "peers"))


@pytest.mark.usefixtures("peers")
@pytest.mark.parametrize(
    ("name", "counts", "abc", "said"),
    [
        ("flowkit", [4, 3, 2, 1], 4800.001, ""),
        ("flowkit", [4, 3, 2, 2], 4800.0, "[4, 3, 2, 2]"),
        ("flowkit", [4, 3, 2, 1], 4800.01, "4800.01"),
        ("flowkit", [4, 3, 2, 1], float("nan"), "nan"),
        ("flowcal", [4, 3, 2, 1], 4850.0, ""),
        ("automatic", [2], 4850.0, ""),
        ("automatic", [2], 4900.0, "4900.0"),
    ],
)
def test_an_answer_that_is_not_the_same_is_named(name, counts, abc, said):
    from agreed import disagreements
    from rounds import Series

    own = Series([0.1], [1], [{"counts": [4, 3, 2, 1], "abc": 4800.0}])
    other = Series([0.2], [1], [{"counts": counts, "abc": abc}])
    found = disagreements({("hladr", 10): own, (name, 10): other}, ["hladr", name], [10])
    assert bool(found) == bool(said)
    assert said in " ".join(found)


@pytest.mark.usefixtures("peers")
def test_ratios_are_taken_round_by_round():
    from rounds import Series

    slow, fast = Series([2.0, 8.0, 3.0]), Series([1.0, 2.0, 1.5])
    spread = slow.over(fast)
    assert (spread.low, spread.middle, spread.high) == (2.0, 2.0, 4.0)


def test_the_gate_is_held_against_labels_and_rivals_and_writes_its_page(tmp_path):
    page = tmp_path / "page.md"
    page.write_text("above\n<!-- gate:begin -->\n<!-- gate:end -->\nbelow\n")
    ran = run(
        "gate.py", "--seeds", "1", "--case", "healthy_canto", "--encodings", "1", "--write", page
    )
    assert ran.returncode in {0, 1}, ran.stderr
    assert "| healthy_canto | 1 |" in ran.stdout
    assert "k-means: F1" in ran.stdout
    assert "| float dialects | 1 | 8 |" in ran.stdout
    assert ("Every limit holds." in ran.stdout) == (ran.returncode == 0)
    assert ran.stdout.strip() in page.read_text()


def test_settings_of_the_rivals_are_judged_on_seeds_of_their_own():
    ran = run("rival_settings.py", "--seeds", "1", "--case", "cd14_half")
    assert ran.returncode == 0, ran.stderr
    for rival in ("GaussianMixtures", "Valleys", "Means"):
        assert f"| `{rival}(" in ran.stdout


@pytest.fixture
def bench(monkeypatch):
    """The folder of the bench, to import from."""
    monkeypatch.syspath_prepend(str(BENCH))


@pytest.fixture
def blood():
    """Three round clouds on CD14, side and forward scatter, and which of them are monocytes."""
    rng = np.random.default_rng(1)
    centres = ((0.0, 9.0, 10.0), (1.5, 11.5, 11.5), (5.0, 10.5, 11.3))
    clouds = [
        rng.normal(centre, 0.2, (count, 3))
        for centre, count in zip(centres, (3000, 6000, 800), strict=True)
    ]
    return np.vstack(clouds), np.arange(9800) >= 9000


@pytest.mark.usefixtures("bench")
def test_every_rival_finds_a_cloud_that_stands_apart(blood):
    from agreement import RIVALS
    from labelled import f1

    cells, monocytes = blood
    for name, rival in RIVALS.items():
        assert f1(rival.gate(cells), monocytes) > 0.97, name


@pytest.mark.usefixtures("bench")
def test_what_is_brightest_but_too_few_is_not_picked_and_its_like_is():
    from rivals import Picking

    centre = np.array([[6.0, 11.0], [5.0, 10.5], [4.0, 10.6], [4.5, 12.0], [0.0, 9.0]])
    share = np.array([0.001, 0.06, 0.02, 0.5, 0.419])
    assert Picking(0.005, 1.5).chosen(centre, share).tolist() == [False, True, True, False, False]
    assert Picking(0.005, 0.5).chosen(centre, share).tolist() == [False, True, False, False, False]


@pytest.mark.usefixtures("bench")
def test_f1_is_of_purity_and_yield():
    from labelled import f1

    true = np.array([True, True, True, False])
    assert f1(np.array([True, True, False, True]), true) == pytest.approx(2.0 / 3.0)
    assert f1(np.zeros(4, dtype=bool), true) == 0.0


@pytest.mark.usefixtures("bench")
@pytest.mark.parametrize(
    ("case", "f1", "difference", "verdict", "said"),
    [
        ("sepsis", 0.98, 0.2, "pass", ""),
        ("sepsis", 0.92, 0.0, "pass", "F1 of 0.920"),
        ("sepsis", 0.0, float("nan"), "refused", "F1 of 0.000"),
        ("cd14_third", 0.80, 0.04, "pass", ""),
        ("cd14_third", 0.80, 0.06, "pass", "+6.0 % off"),
        ("cd14_third", 0.80, 0.06, "review", ""),
        ("monocytes_700", 0.0, float("nan"), "refused", ""),
    ],
)
def test_a_gate_is_judged_by_f1_and_where_it_is_tiny_or_dim_by_its_number(
    case, f1, difference, verdict, said
):
    from agreement_limits import broken

    ordinary = [_agreement("level_4000")] * 20
    one = _agreement(case, f1, difference, verdict)
    found = " ".join(broken({("own", "hard"): {"level_4000": ordinary, case: [one]}}))
    assert said in found
    assert bool(found) == bool(said)


def _agreement(case, f1=0.99, difference=0.0, verdict="pass"):
    from agreement import GATE, Agreement

    return Agreement(case, 1, verdict, {GATE: f1}, {GATE: difference})


@pytest.mark.usefixtures("bench")
def test_the_median_f1_is_judged_on_hard_cases_alone():
    from agreement_limits import broken

    cases = {"level_4000": [_agreement("level_4000", 0.96)] * 3}
    assert "median F1 0.960" in broken({("own", "hard"): cases})[0]
    assert broken({("own", "ordinary"): cases}) == []


def shared(*place):
    """A file or folder of the shared corpus, or a skip."""
    found = (ROOT / ".." / "shared" / "fcs").joinpath(*place)
    if not found.exists():
        pytest.skip("the shared file corpus is not beside this checkout")
    return found


@pytest.mark.corpus
def test_the_gate_of_a_real_file_is_held_against_markers_it_does_not_see():
    ran = run("real_gate.py", shared("human", "a2004_O1T2pb05i_A2_A02.fcs"))
    assert ran.returncode == 0, ran.stderr
    assert "| monocytes (gated) |" in ran.stdout
    assert "| CD14 ≥ 2,000 |" in ran.stdout
    assert "| CD14 and side scatter outwards |" in ran.stdout


@pytest.mark.corpus
def test_files_without_scatter_are_refused_and_a_part_of_the_gate_is_measured():
    ran = run("cytof.py", shared("human", "bodenmiller_H01"))
    assert ran.returncode == 0, ran.stderr
    assert "`CHANNEL_NOT_FOUND` 14." in ran.stdout
    assert "247 of 6,316 cells" in ran.stdout


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
