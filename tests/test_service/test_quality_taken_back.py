"""Entries of the log that were a mistake: taken back by another entry, and never changed."""

import pytest
from laboratory import codes
from quality_runs import STEADY, by_hand, calibrate, quality, runs, write


@pytest.fixture
def database_url(request):
    """Charts do not depend on the database that they are read from; the log does."""
    return request.getfixturevalue("either") if "either" in request.fixturenames else None


def take_back(service, place, entry, status=201):
    return write(
        service, place, "withdrawals", status, entry_id=entry["id"], reason="the wrong day"
    )


def without_log(told):
    return {name: what for name, what in told.items() if name != "log"}


def of_log(told, entry):
    (found,) = [each for each in told["log"] if each["id"] == entry["id"]]
    return found


def blocked(service, patient):
    return "RUN_OUT_OF_CONTROL" in service.get(f"analyses/{patient['id']}")["open_findings"]


def test_a_service_that_is_taken_back_is_as_if_it_had_not_been_there(either, bench, place):  # noqa: ARG001
    made = runs(bench, *place, STEADY[:20])
    write(bench, place, "baselines", runs=[each["id"] for each in made])
    after = calibrate(bench, *place, 30, 0.3)
    before = quality(bench, place)
    service = write(bench, place, "services", at="2026-04-10T07:00", reason="new laser")
    assert quality(bench, place)["runs"][-1]["service"] == "2026-04-10T07:00:00"
    entry = take_back(bench, place, service)
    told = quality(bench, place)
    assert without_log(told) == without_log(before)
    assert told["runs"][-1]["calibration_id"] == after["id"]
    assert entry["content"] == {"entry_id": service["id"], "kind": "service"}
    kept = of_log(told, service)
    assert {name: kept[name] for name in service} == service
    assert kept["taken_back"] == entry
    assert (entry["kind"], entry["reason"]) == ("withdrawal", "the wrong day")
    assert of_log(told, entry)["taken_back"] is None
    assert bench.audit()[-1] == "quality.withdrawal"


def test_a_baseline_that_was_locked_behind_it_is_told_as_what_it_is(bench, place):
    run = calibrate(bench, *place, 30, 0.0)
    slope = run["curve"]["slope"]
    first = by_hand(bench, place, run, "slope", slope, 1.0)
    service = write(bench, place, "services", at="2026-04-10T07:00")
    meanwhile = by_hand(bench, place, run, "slope", slope - 5.0, 1.0)
    assert quality(bench, place)["runs"][0]["outcome"] == "reject"
    take_back(bench, place, service)
    told = quality(bench, place)
    assert told["runs"][0]["outcome"] == "accept"
    assert [of_log(told, each)["holds"] for each in (first, meanwhile)] == [True, False]
    assert of_log(told, meanwhile)["taken_back"] is None
    (chart,) = [each for each in told["charts"] if each["quantity"] == "slope"]
    assert [part["service"] for part in chart["parts"]] == [None]
    write(bench, place, "services", at="2026-04-10T07:00", reason="it was that day")
    told = quality(bench, place)
    assert of_log(told, meanwhile)["holds"]
    assert told["runs"][0]["outcome"] == "reject"


def test_of_two_services_noted_for_one_moment_one_stands(bench, place):
    calibrate(bench, *place, 30, 0.0)
    one, _ = (write(bench, place, "services", at="2026-04-10T07:00") for _ in range(2))
    take_back(bench, place, one)
    assert quality(bench, place)["runs"][0]["service"] == "2026-04-10T07:00:00"


def test_behind_a_baseline_or_a_rule_that_is_taken_back_the_one_before_it_counts(bench, place):
    run = calibrate(bench, *place, 5, 0.0)
    slope = run["curve"]["slope"]
    by_hand(bench, place, run, "slope", slope, 1.0)
    wrong = by_hand(bench, place, run, "slope", slope - 5.0, 1.0)
    patient = bench.analyse(run, "borderline.fcs", subject="P-1")
    assert blocked(bench, patient)
    rule = write(bench, place, "rules", of="slope", rule="1-3s", action="warn")
    assert not blocked(bench, patient)
    take_back(bench, place, rule)
    assert blocked(bench, patient)
    take_back(bench, place, wrong)
    assert not blocked(bench, patient)
    assert quality(bench, place)["runs"][0]["outcome"] == "accept"


def test_without_any_baseline_left_nothing_is_judged(bench, place):
    run = calibrate(bench, *place, 5, 0.0)
    entry = by_hand(bench, place, run, "slope", 0.0, 0.1)
    take_back(bench, place, entry)
    (told,) = quality(bench, place)["runs"]
    assert (told["outcome"], told["findings"]) == (None, [])


def test_a_run_whose_use_is_taken_back_waits_again(either, bench, place):  # noqa: ARG001
    run = calibrate(bench, *place, 5, 0.0)
    by_hand(bench, place, run, "slope", run["curve"]["slope"] - 3.5, 1.0)
    use = write(bench, place, "uses", calibration_id=run["id"], reason="the slope is known")
    patient = bench.analyse(run, "borderline.fcs", subject="P-1")
    assert "RUN_USED_IN_SPITE" in codes(patient["findings"])
    bench.sign(patient, "anna", "performed", comment="as boris says")
    take_back(bench, place, use)
    assert blocked(bench, patient)
    assert quality(bench, place)["runs"][0]["use"] is None
    now = bench.get(f"analyses/{patient['id']}")
    refused = bench.sign(now, "boris", "reviewed", 409, comment="looked at")
    assert refused["findings"] == ["RUN_OUT_OF_CONTROL"]
    write(bench, place, "uses", calibration_id=run["id"], reason="known after all")
    assert not blocked(bench, patient)


def test_what_cannot_be_taken_back_is_refused_and_nothing_is_written(either, bench, place):  # noqa: ARG001
    service = write(bench, place, "services", at="2026-04-10T07:00")
    entry = take_back(bench, place, service)
    again = take_back(bench, place, service, 409)
    assert again["code"] == "ENTRY_TAKEN_BACK"
    assert take_back(bench, place, entry, 409)["code"] == "ENTRY_TAKEN_BACK"
    other = place[0], bench.instrument(name="Canto 2")
    of_other = write(bench, other, "services", at="2026-04-10T07:00")
    assert take_back(bench, place, of_other, 404)["code"] == "NOT_FOUND"
    take_back(bench, place, {"id": "00000000-0000-4000-8000-000000000000"}, 404)
    path = f"quality/{place[1]['id']}/withdrawals"
    bench.post(path, 422, json={"entry_id": service["id"], "reason": " "})
    bench.post(path, 422, json={"entry_id": service["id"]})
    assert len(quality(bench, place)["log"]) == 2


def test_who_manages_takes_back_and_nobody_else(bench, place):
    service = write(bench, place, "services", at="2026-04-10T07:00")
    path, said = f"quality/{place[1]['id']}/withdrawals", {"entry_id": service["id"], "reason": "x"}
    for key, status in (
        (bench.api_key("read", "analyse")["key"], 403),
        (bench.api_key("read", "manage", site="Athens")["key"], 403),
        (bench.api_key("manage")["key"], 201),
    ):
        assert bench.as_key(key).call("POST", path, json=said).status_code == status
