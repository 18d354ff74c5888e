"""What is told of an instrument: two bead lots side by side, order, and what JSON can hold."""

import json
import math

import pytest
from quality_runs import calibrate
from scipy import stats

from calibration.control import (
    Action,
    Baseline,
    ByHand,
    Epoch,
    Kind,
    Rule,
    RuleSet,
    Run,
    charts,
    control,
)
from service.pages.quality.runs_shown import finding_rows

AT = 5000.0


@pytest.fixture
def database_url():
    return None


@pytest.fixture
def beside(bench):
    """An instrument and two lots, the second one with values 3 % higher."""
    old, place = bench.lot(), bench.instrument()
    new = bench.lot(number="SIM-2", assigned=[each * 1.03 for each in old["assigned"]])
    return old, new, place


def bridging(service, lots, status=200):
    old, new, place = lots
    asked = {"old": old["id"], "new": new["id"]}
    return service.get(f"quality/{place['id']}/bridging", status, params=asked)


def on_days(service, lots, gains):
    """Both lots on each day, an hour apart."""
    old, new, place = lots
    return [
        (
            calibrate(service, old, place, day, gain),
            calibrate(service, new, place, day, gain, hour=1),
        )
        for day, gain in enumerate(gains)
    ]


def log_ratio(old, new, molecules):
    """Natural log of what the new line makes of the light that the old one calls `molecules`."""
    light = old["curve"]["intercept"] + old["curve"]["slope"] * math.log10(molecules)
    read = (light - new["curve"]["intercept"]) / new["curve"]["slope"]
    return (read - math.log10(molecules)) * math.log(10.0)


def percent(log):
    return 100.0 * math.expm1(log)


def test_the_bias_is_that_of_the_paired_logarithms(bench, beside):
    pairs = on_days(bench, beside, (0.0, 0.02, -0.01))
    told = bridging(bench, beside)
    ratios = [log_ratio(*pair, AT) for pair in pairs]
    wanted = stats.ttest_1samp(ratios, 0.0).confidence_interval(0.95)
    bias = told["bias"]
    assert bias["pairs"] == 3
    assert bias["percent"] == pytest.approx(percent(sum(ratios) / 3), abs=1e-9)
    assert (bias["low"], bias["high"]) == pytest.approx(
        (percent(wanted.low), percent(wanted.high)), abs=1e-6
    )
    assert bias["low"] < 3.0 < bias["high"]
    days = [each["percent"] for each in told["pairs"]]
    assert days == pytest.approx([percent(each) for each in ratios], abs=1e-9)
    span = told["range"]
    ends = [
        stats.ttest_1samp([log_ratio(*p, end) for p in pairs], 0.0).confidence_interval(0.975)
        for end in (span["lowest"], span["top"])
    ]
    assert span["low"] == pytest.approx(percent(min(end.low for end in ends)), abs=1e-6)
    assert span["high"] == pytest.approx(percent(max(end.high for end in ends)), abs=1e-6)


def test_runs_of_one_day_are_paired_and_the_others_count_for_nothing(bench, beside):
    old, new, place = beside
    pairs = on_days(bench, beside, (0.0, 0.01))
    before = bridging(bench, beside)
    calibrate(bench, old, place, 7, 0.3)
    calibrate(bench, new, place, 8, -0.3)
    calibrate(bench, old, place, 0, 0.2, hour=2)
    told = bridging(bench, beside)
    assert (before["alone"], told["alone"]) == (0, 3)
    assert told["bias"] == before["bias"]
    assert [(e["old_calibration_id"], e["new_calibration_id"]) for e in told["pairs"]] == [
        (a["id"], b["id"]) for a, b in pairs
    ]


def test_what_bridges_nothing_is_refused(bench, beside):
    old, new, place = beside
    on_days(bench, beside, (0.0,))
    assert bridging(bench, beside, 422)["code"] == "BRIDGING_TOO_FEW_PAIRS"
    assert bridging(bench, (old, old, place), 422)["code"] == "INVALID_CONTROL_RECORD"
    nobody = {"id": "00000000-0000-4000-8000-000000000000"}
    bridging(bench, (old, nobody, place), 404)
    bridging(bench, (old, new, nobody), 404)
    bench.get(f"quality/{place['id']}/bridging", 422, params={"old": old["id"]})
    nobody = bench.as_nobody().call("GET", f"quality/{place['id']}/bridging")
    assert nobody.status_code == 401


def test_beside_an_sd_of_nothing_a_distance_is_null_and_the_answer_is_json(bench, beside):
    old, _, place = beside
    made = calibrate(bench, old, place, 0, 0.0)
    said = {"voltage": {"mean": 399.0, "sd": 0.0}}
    wanted = {"by_hand": said, "run": made["id"], "reason": "as it was set"}
    bench.post(f"quality/{place['id']}/baselines", json=wanted)
    answer = bench.call("GET", f"quality/{place['id']}")

    def refuse(constant):
        raise AssertionError(constant)

    told = json.loads(answer.text, parse_constant=refuse)
    (chart,) = [each for each in told["charts"] if each["quantity"] == "voltage"]
    (point,) = chart["parts"][0]["points"]
    assert point["z"] is None
    assert [each["rule"] for each in point["violations"]] == ["1-2s", "1-3s"]


def test_of_a_window_the_quantities_that_are_named_are_locked_alone(bench, beside):
    old, _, place = beside
    made = [calibrate(bench, old, place, day, 0.0) for day in range(20)]
    path = f"quality/{place['id']}/baselines"
    wanted = {"runs": [each["id"] for each in made], "reason": "steady"}
    entry = bench.post(path, json={**wanted, "quantities": ["slope", "peak:2"]})
    locked = {each["quantity"] for each in entry["content"]["baselines"]}
    assert locked == {"slope", "peak:2"}
    none = bench.post(path, 422, json={**wanted, "quantities": ["control:low"]})
    assert none["code"] == "BASELINE_UNCLEAR"


def test_the_newest_runs_are_judged_by_those_before_them_whether_these_are_shown_or_not(
    bench, beside
):
    old, _, place = beside
    made = [calibrate(bench, old, place, day, 0.0) for day in range(12)]
    far = {"slope": {"mean": made[0]["curve"]["slope"] - 0.05, "sd": 0.04}}
    wanted = {"by_hand": far, "run": made[0]["id"], "reason": "to see ten on one side"}
    bench.post(f"quality/{place['id']}/baselines", json=wanted)
    path = f"quality/{place['id']}"
    everything, newest = (bench.get(path, params={"most": most}) for most in (200, 2))
    assert "WESTGARD_10X" in {each["code"] for each in newest["runs"][-1]["findings"]}
    assert newest["runs"] == everything["runs"][-2:]
    for chart, short in zip(everything["charts"], newest["charts"], strict=True):
        assert short["parts"][0]["points"] == chart["parts"][0]["points"][-2:]


def test_runs_stand_in_the_order_they_were_made_not_in_that_they_came(bench, beside):
    old, _, place = beside
    made = {day: calibrate(bench, old, place, day, 0.0) for day in (4, 2, 3)}
    told = bench.get(f"quality/{place['id']}")
    wanted = [made[day]["id"] for day in (2, 3, 4)]
    assert [each["calibration_id"] for each in told["runs"]] == wanted
    for chart in told["charts"]:
        assert [each["calibration_id"] for each in chart["parts"][0]["points"]] == wanted


def test_of_two_control_bloods_with_a_colon_in_their_names_each_is_told():
    low, high = control("C: low"), control("C: high")
    run = Run("a", 0.0, {low: 10.0**3.5, high: 10.0**2.5})
    of = [Baseline(each, Epoch(), 0.0, 1.0, ByHand("leaflet")) for each in (low, high)]
    rules = RuleSet().switched(Kind.CONTROL, Rule.TWO_2S, Action.OFF)
    rows = finding_rows(charts([run], of, rules).verdict("a").findings)
    said = [(row.code, row.message.rpartition(": ")[0]) for row in rows]
    assert said == [
        ("WESTGARD_1_3S", "Control blood C: low"),
        ("WESTGARD_1_2S", "Control blood C: high"),
    ]
