"""Quality over time: charts of an instrument, and runs that may not be used for patients."""

import pytest
from laboratory import PASSWORD, codes, running, two_people
from quality_runs import STEADY, calibrate, control_blood, quality, runs, write
from sqlalchemy.exc import DBAPIError


@pytest.fixture
def database_url(request):
    """Charts do not depend on the database that they are read from; the log does."""
    return request.getfixturevalue("either") if "either" in request.fixturenames else None


@pytest.fixture
def steady(bench, place):
    """Twenty runs of an instrument that is steady, each with control blood."""
    made = runs(bench, *place, STEADY[:20])
    for each in made:
        control_blood(bench, each)
    return made


def lock(service, place, window):
    return write(service, place, "baselines", runs=[each["id"] for each in window])


def run_of(told, calibration):
    (found,) = [each for each in told["runs"] if each["calibration_id"] == calibration["id"]]
    return found


def chart_of(told, quantity):
    (found,) = [each for each in told["charts"] if each["quantity"] == quantity]
    return found


def test_charts_have_every_quantity_of_every_run_and_judge_nothing_without_a_baseline(
    bench, place, steady
):
    told = quality(bench, place)
    assert [each["calibration_id"] for each in told["runs"]] == [each["id"] for each in steady]
    assert {each["outcome"] for each in told["runs"]} == {None}
    of = {each["quantity"]: len(each["parts"][0]["points"]) for each in told["charts"]}
    wanted = ["slope", "intercept", "residual", "voltage", "control:low C-7"]
    wanted += [f"{kind}:{n}" for kind in ("peak", "peak_cv") for n in (1, 2, 3, 4)]
    assert of == dict.fromkeys(wanted, 20)
    slopes = [each["value"] for each in chart_of(told, "slope")["parts"][0]["points"]]
    assert slopes == pytest.approx([each["curve"]["slope"] for each in steady])


def test_control_blood_that_moves_by_a_tenth_stops_the_run_until_a_reviewer_lets_it(
    bench, place, steady
):
    lock(bench, place, steady)
    today = calibrate(bench, *place, 30, -0.10)
    patient = bench.analyse(today, "borderline.fcs", subject="P-1")
    assert "RUN_OUT_OF_CONTROL" not in codes(patient["findings"])
    control_blood(bench, today)
    run = run_of(quality(bench, place), today)
    assert run["outcome"] == "reject"
    assert "WESTGARD_1_3S" in codes(run["findings"])
    now = bench.get(f"analyses/{patient['id']}")
    assert "RUN_OUT_OF_CONTROL" in now["open_findings"]
    bench.sign(now, "anna", "performed", 409)
    said = {"name": "boris", "password": PASSWORD, "finding": "RUN_OUT_OF_CONTROL", "answer": "so"}
    path = f"analyses/{now['id']}/answers"
    refused = bench.call("POST", path, json=said, version=now["version"])
    assert (refused.status_code, refused.json()["code"]) == (409, "RUN_NOT_USED")
    write(bench, place, "uses", calibration_id=today["id"], reason="the vial was old")
    now = bench.get(f"analyses/{patient['id']}")
    assert "RUN_OUT_OF_CONTROL" not in codes(now["findings"])
    (finding,) = [each for each in now["findings"] if each["code"] == "RUN_USED_IN_SPITE"]
    assert "the vial was old" in finding["message"]
    bench.sign(now, "anna", "performed", comment="as boris says")
    assert "quality.use" in bench.audit()


def test_a_gain_that_moves_alike_for_beads_and_cells_only_warns(bench, place):
    made = runs(bench, *place, STEADY[:20])
    lock(bench, place, made)
    today = calibrate(bench, *place, 30, 0.06)
    run = run_of(quality(bench, place), today)
    assert run["outcome"] == "warn"
    assert {each["severity"] for each in run["findings"]} <= {"warn", "note"}
    patient = bench.analyse(today, "borderline.fcs", subject="P-1")
    assert not codes(patient["findings"]) & {"RUN_OUT_OF_CONTROL", "RUN_USED_IN_SPITE"}


def test_a_lot_whose_values_are_all_a_tenth_off_is_seen_though_the_line_is_straight(bench, place):
    made = runs(bench, *place, STEADY[:5])
    assert all(each["accepted"] for each in made)
    wrong = bench.lot(number="other", assigned=[each * 1.1 for each in place[0]["assigned"]])
    today = calibrate(bench, wrong, place[1], 30, 0.0)
    assert today["accepted"]
    assert codes(today["findings"]) == {"CALIBRATION_SHIFTED"}
    patient = bench.analyse(today, "borderline.fcs", subject="P-1")
    assert patient["verdict"] == "review"
    right = bench.lot(number="third", assigned=[each * 1.003 for each in place[0]["assigned"]])
    assert calibrate(bench, right, place[1], 31, 0.0)["findings"] == []


def test_a_service_and_a_new_lot_begin_a_new_baseline(bench, place, steady):
    lock(bench, place, steady)
    write(bench, place, "services", at="2026-04-10T07:00", reason="new laser")
    after = calibrate(bench, *place, 30, 0.3)
    told = quality(bench, place)
    run = run_of(told, after)
    assert (run["service"], run["outcome"]) == ("2026-04-10T07:00:00", "accept")
    assert "CONTROL_BASELINE_MISSING" in codes(run["findings"])
    assert [each["service"] for each in chart_of(told, "voltage")["parts"]] == [
        None, "2026-04-10T07:00:00",
    ]  # fmt: skip
    other = bench.lot(number="next", assigned=[each * 1.02 for each in place[0]["assigned"]])
    calibrate(bench, other, place[1], 31, 0.3)
    told = quality(bench, place)
    assert len(chart_of(told, "slope")["parts"]) == 3
    assert len(chart_of(told, "voltage")["parts"]) == 2


def test_a_baseline_needs_twenty_runs_of_one_lot_or_is_set_by_hand(bench, place):
    made = runs(bench, *place, STEADY[:19])
    ids = [each["id"] for each in made]
    refused = write(bench, place, "baselines", 422, runs=ids)
    assert refused["code"] == "BASELINE_TOO_SHORT"
    twice = write(bench, place, "baselines", 422, runs=[*ids, ids[0]])
    assert twice["code"] == "BASELINE_TOO_SHORT"
    by_hand = {"slope": {"mean": 1.0, "sd": 0.0001}}
    assert write(bench, place, "baselines", 422)["code"] == "BASELINE_UNCLEAR"
    assert write(bench, place, "baselines", 422, by_hand=by_hand)["code"] == "BASELINE_UNCLEAR"
    both = write(bench, place, "baselines", 422, by_hand=by_hand, run=ids[0], runs=ids)
    assert both["code"] == "BASELINE_UNCLEAR"
    write(bench, place, "baselines", by_hand=by_hand, run=ids[0])
    told = quality(bench, place)
    assert chart_of(told, "slope")["parts"][0]["baseline"]["window"] is None
    assert run_of(told, made[-1])["outcome"] == "reject"
    other = bench.instrument(name="Canto 2")
    refused = write(bench, (place[0], other), "baselines", 404, runs=ids)
    assert refused["code"] == "NOT_FOUND"


def test_a_rule_is_switched_for_a_quantity(bench, place):
    made = runs(bench, *place, STEADY[:2])
    by_hand = {"slope": {"mean": 1.0, "sd": 0.0001}}
    write(bench, place, "baselines", by_hand=by_hand, run=made[0]["id"])
    assert run_of(quality(bench, place), made[1])["outcome"] == "reject"
    for rule in ("1-3s", "2-2s"):
        write(bench, place, "rules", of="slope", rule=rule, action="warn")
    told = quality(bench, place)
    assert run_of(told, made[1])["outcome"] == "warn"
    assert {"of": "slope", "rule": "1-3s", "action": "warn"} in told["rules"]
    write(bench, place, "rules", of="slope", rule="1-2s", action="off")
    write(bench, place, "rules", of="slope", rule="1-3s", action="off")
    assert run_of(quality(bench, place), made[0])["outcome"] == "accept"
    for wrong in ({"of": "slope:3"}, {"of": "colour"}, {"rule": "9-9s"}, {"action": "maybe"}):
        write(
            bench, place, "rules", 422, **{"of": "slope", "rule": "1-3s", "action": "off", **wrong}
        )


def test_a_run_that_is_steady_or_of_another_instrument_is_not_let_be_used(bench, place):
    (made,) = runs(bench, *place, STEADY[:1])
    refused = write(bench, place, "uses", 409, calibration_id=made["id"])
    assert refused["code"] == "RUN_STEADY"
    other = bench.instrument(name="Canto 2")
    refused = write(bench, (place[0], other), "uses", 404, calibration_id=made["id"])
    assert refused["code"] == "NOT_FOUND"


def test_who_manages_writes_the_log_and_a_site_does_not(bench, place):
    said = {"at": "2026-04-10T07:00", "reason": "new laser"}
    path = f"quality/{place[1]['id']}/services"
    for key, status in (
        (bench.api_key("read", "analyse")["key"], 403),
        (bench.api_key("read", "manage", site="Athens")["key"], 403),
        (bench.api_key("manage")["key"], 201),
    ):
        assert bench.as_key(key).call("POST", path, json=said).status_code == status
    assert bench.as_nobody().call("GET", f"quality/{place[1]['id']}").status_code == 401
    bench.get("quality/00000000-0000-4000-8000-000000000000", 404)


def test_the_log_stands_after_a_restart_and_nobody_changes_it(either, settings):  # noqa: ARG001
    with running(settings) as service:
        two_people(service)
        place = service.lot(), service.instrument()
        write(service, place, "services", at="2026-04-10T07:00", reason="new laser")
        key = service.client.headers["Authorization"]
    with running(settings) as service:
        service.client.headers["Authorization"] = key
        (entry,) = quality(service, place)["log"]
        assert (entry["kind"], entry["content"]) == ("service", {"at": "2026-04-10T07:00:00"})
        for change in ("UPDATE quality_log SET reason = 'none'", "DELETE FROM quality_log"):
            with pytest.raises(DBAPIError), service.laboratory.database.writing("anna") as writing:
                writing.connection.exec_driver_sql(change)
