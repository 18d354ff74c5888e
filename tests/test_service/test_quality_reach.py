"""How far back rules look, whichever way a run is asked for, and what a run that is used is for."""

import pytest
from laboratory import codes
from quality_runs import calibrate, control_blood

from service.pages.quality.all import of_run
from service.quality import verdicts
from service.store import calibrations


@pytest.fixture
def database_url():
    return None


def path(place):
    return f"quality/{place[1]['id']}"


def write(service, place, what, **said):
    return service.post(f"{path(place)}/{what}", json={"reason": "as planned", **said})


def by_hand(service, place, run, **numbers):
    of = {key.replace("__", ":"): {"mean": m, "sd": sd} for key, (m, sd) in numbers.items()}
    return write(service, place, "baselines", run=run["id"], by_hand=of)


def low(service, place, run, first, share=0.9, sd=0.9):
    """Baseline of the control blood, so that what was measured lies a little above its mean."""
    said = {"control:low C-7": {"mean": share * first, "sd": sd * first}}
    return write(service, place, "baselines", run=run["id"], by_hand=said)


def judged(service, place, run, most=200):
    told = service.get(path(place), params={"most": most})
    (found,) = [each for each in told["runs"] if each["calibration_id"] == run["id"]]
    return found


def abc(analysis):
    return analysis["result"]["hla_dr"]["abc"]


def blocks(service, run, subject):
    """Whether a patient's number that rests on a run is stopped."""
    patient = service.analyse(run, "borderline.fcs", subject=subject)
    return "RUN_OUT_OF_CONTROL" in patient["open_findings"]


@pytest.fixture
def seldom(bench, place):
    """Control blood in every sixth of sixty runs, a little high each of the ten times."""
    made = [calibrate(bench, *place, day, 0.0) for day in range(60)]
    low(bench, place, made[0], abc(control_blood(bench, made[0])))
    for run in made[6::6]:
        control_blood(bench, run)
    return made


def test_control_blood_that_is_seldom_measured_is_judged_by_its_last_ten(bench, place, seldom):
    tenth = seldom[54]
    for most in (200, 20):
        assert codes(judged(bench, place, tenth, most)["findings"]) >= {"WESTGARD_10X"}, most
    assert blocks(bench, tenth, "P-1")
    assert not blocks(bench, seldom[48], "P-2")


def test_whoever_is_sent_to_a_run_finds_it_however_old_it_is(bench, place, seldom):
    page = f"/quality/{place[1]['id']}"
    for run, query in ((seldom[0], "?most=60"), (seldom[9], "?most=51"), (seldom[10], "")):
        sent = of_run(run["id"], None, bench.laboratory).headers["location"]
        assert sent == f"{page}{query}#run-{run['id']}"


def test_of_two_lots_the_one_that_is_seldom_run_is_judged_by_its_last_ten(bench, place):
    other = bench.lot(number="SIM-2", assigned=[each * 1.01 for each in place[0]["assigned"]])
    seldom = []
    for day in range(50):
        calibrate(bench, *place, day, 0.0)
        if day % 5 == 0:
            seldom.append(calibrate(bench, other, place[1], day, 0.0, hour=1))
    by_hand(bench, place, seldom[0], slope=(0.9, 10.0))
    assert "WESTGARD_10X" in codes(judged(bench, place, seldom[-1], most=5)["findings"])
    assert blocks(bench, seldom[-1], "P-1")
    assert not blocks(bench, seldom[-2], "P-2")


def test_a_run_that_is_sent_late_counts_where_it_was_measured(bench, place):
    """Two in a row beyond 2 SD, of which the second was sent first."""
    second = calibrate(bench, *place, 5, 0.0)
    by_hand(bench, place, second, slope=(second["curve"]["slope"] - 2.5, 1.0))
    assert not blocks(bench, second, "P-1")
    first = calibrate(bench, *place, 4, 0.0)
    assert "WESTGARD_2_2S" in codes(judged(bench, place, second)["findings"])
    assert blocks(bench, second, "P-2")
    assert not blocks(bench, first, "P-3")


def test_what_is_asked_of_one_run_and_of_many_is_the_same(bench, place, seldom):
    ids = [run["id"] for run in seldom]
    with bench.laboratory.database.reading() as connection:
        of_many = verdicts.verdicts_of(connection, ids)
        of_one = {id_: verdicts.verdicts_of(connection, [id_])[id_] for id_ in ids}
        rejecting = verdicts.rejections_of(connection, ids)
    told = {
        each["calibration_id"]: each["outcome"]
        for each in bench.get(path(place), params={"most": 200})["runs"]
    }
    assert {id_: each.verdict.outcome for id_, each in of_many.items()} == told
    assert of_one == of_many
    assert {id_: each.verdict.rejected_by for id_, each in rejecting.items()} == {
        id_: each.verdict.rejected_by for id_, each in of_many.items()
    }


def test_a_quantity_that_can_only_warn_still_stands_beside_one_that_rejects(bench, place):
    """Two levels of one run beyond 2 SD on one side: the other of them has its rules at warn."""
    run = calibrate(bench, *place, 5, 0.0)
    first = abc(control_blood(bench, run))
    control_blood(bench, run, "high")
    numbers = {"mean": 0.6 * first, "sd": 0.13 * first}  # +2.4 SD
    levels = {f"control:{level} C-7": numbers for level in ("low", "high")}
    write(bench, place, "baselines", run=run["id"], by_hand=levels)
    for rule in ("1-3s", "2-2s", "R-4s", "4-1s", "10x"):
        write(bench, place, "rules", of="control:high C-7", rule=rule, action="warn")
    assert judged(bench, place, run)["outcome"] == "reject"
    assert blocks(bench, run, "P-1")


def test_a_run_is_used_in_spite_of_what_was_known_and_of_nothing_else(bench, place):
    run = calibrate(bench, *place, 5, 0.0)
    first = abc(control_blood(bench, run))
    by_hand(bench, place, run, slope=(run["curve"]["slope"] - 3.5, 1.0))
    use = write(bench, place, "uses", calibration_id=run["id"], reason="the slope is known")
    assert use["content"]["violations"] == ["slope 1-3s"]
    patient = bench.analyse(run, "borderline.fcs", subject="P-1")
    assert "RUN_USED_IN_SPITE" in codes(patient["findings"])
    low(bench, place, run, first, share=0.5, sd=0.01)
    now = bench.get(f"analyses/{patient['id']}")
    assert "RUN_OUT_OF_CONTROL" in now["open_findings"]
    bench.sign(now, "anna", "performed", 409)
    assert judged(bench, place, run)["use"] is None
    write(bench, place, "uses", calibration_id=run["id"], reason="an old vial as well")
    now = bench.get(f"analyses/{patient['id']}")
    assert not now["open_findings"]
    assert judged(bench, place, run)["use"]["reason"] == "an old vial as well"


@pytest.mark.parametrize("meaning", ["preliminary", "reviewed"])
def test_what_is_measured_between_two_signatures_stops_the_second(bench, place, meaning):
    run = calibrate(bench, *place, 5, 0.0)
    by_hand(bench, place, run, slope=(run["curve"]["slope"], 1.0))
    patient = bench.analyse(run, "borderline.fcs", subject="P-1")
    bench.sign(patient, "anna", "performed", comment="looked at")
    first = abc(control_blood(bench, run))
    low(bench, place, run, first, share=0.5, sd=0.01)
    now = bench.get(f"analyses/{patient['id']}")
    refused = bench.sign(now, "boris", meaning, 409, comment="looked at")
    assert refused["findings"] == ["RUN_OUT_OF_CONTROL"]
    assert now["release"] is None


def test_verdicts_are_worked_out_once_for_all_tubes_of_a_run(bench, place, monkeypatch):
    run = calibrate(bench, *place, 5, 0.0)
    by_hand(bench, place, run, slope=(run["curve"]["slope"], 1.0))
    worked = []
    real = verdicts.charts
    monkeypatch.setattr(verdicts, "charts", lambda *of: worked.append(1) or real(*of))
    for subject in ("P-1", "P-2", "P-3"):
        bench.analyse(run, "borderline.fcs", subject=subject)
    assert len(worked) == 1
    control_blood(bench, run)
    assert not blocks(bench, run, "P-4")
    write(bench, place, "rules", of="slope", rule="10x", action="off")
    assert not blocks(bench, run, "P-5")
    calibrate(bench, *place, 6, 0.0)
    assert not blocks(bench, run, "P-6")
    assert len(worked) == 4


def test_what_was_worked_out_in_a_transaction_that_failed_is_not_kept(bench, place):
    run, other = (calibrate(bench, *place, day, 0.0) for day in (5, 6))
    by_hand(bench, place, other, slope=(other["curve"]["slope"], 1e-9))
    database = bench.laboratory.database

    def is_rejected_with_curve_of(writing, id_):
        connection = writing.connection
        before, outcome = (calibrations.current(connection, each) for each in (run["id"], id_))
        calibrations.change(writing, before, outcome.outcome, "measured again")
        return verdicts.rejections_of(connection, [run["id"]])[run["id"]].is_rejected

    with pytest.raises(ZeroDivisionError), database.writing("test") as writing:  # noqa: PT012
        assert not is_rejected_with_curve_of(writing, other["id"])
        raise ZeroDivisionError
    with database.writing("test") as writing:
        assert is_rejected_with_curve_of(writing, run["id"])
