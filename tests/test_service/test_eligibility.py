"""Eligibility: asked of everyone, signed by a person, resting on what was released."""

import pytest
from laboratory import PASSWORD, release
from sqlalchemy.exc import DBAPIError
from ward import LOW, MIDDLE, TIMES, TRIAL, YES, Ward


def test_a_record_has_every_answer_with_who_and_when_and_the_arm(ward, patient):
    made = ward.assess(patient)
    record = made["record"]
    assert (record["schema"], record["outcome"]) == ("hladr.eligibility/1", "eligible")
    assert (record["arm"], record["eligible_for"]) == (
        "immunoparalysis", "interferon-gamma or placebo",
    )  # fmt: skip
    assert {each["answer"]["by"] for each in record["answers"]} == {"Boris (boris)"}
    moments = {each["answer"]["at"] for each in record["answers"]}
    assert moments == {record["assessed_at"], record["signed"][0]["at"]}
    assert record["signed"][0]["by"] == "Boris (boris)"
    assert record["trial"] == {
        "name": TRIAL.name, "version": TRIAL.version, "sha256": TRIAL.sha256,
    }  # fmt: skip
    assert ward.eligibility(patient) == made
    assert "eligibility.recorded" in ward.service.audit()


def test_a_later_record_goes_before_an_earlier_one_which_stays(ward, patient):
    first = ward.assess(patient, answers={**YES, "consent": "not known"})
    assert first["record"]["outcome"] == "undetermined"
    assert [each["item"] for each in first["missing"]] == ["consent"]
    second = ward.assess(patient.lower())
    assert (first["version"], second["version"]) == (1, 2)
    assert ward.eligibility(patient)["id"] == second["id"]


@pytest.mark.parametrize(
    ("changed", "item"),
    [
        ({"answers": {**YES, "autoimmune-disease": "yes"}}, "autoimmune-disease"),
        ({"answers": {**YES, "covid-19": "yes"}}, "covid-19"),
        ({"answers": {**YES, "adult": "no"}}, "adult"),
        ({"times": {**TIMES, "first_dose_at": "2026-03-04T06:00"}}, "window"),  # 72 h
    ],
)
def test_what_rules_a_patient_out_is_the_reason(ward, patient, changed, item):
    record = ward.assess(patient, **changed)["record"]
    assert (record["outcome"], record["arm"]) == ("not eligible", None)
    assert [each["item"] for each in record["reasons"]] == [item]


def test_a_minute_less_than_the_window_is_in_it(ward, patient):
    times = {**TIMES, "first_dose_at": "2026-03-04T05:59"}
    assert ward.assess(patient, times=times)["record"]["outcome"] == "eligible"


def test_autoimmune_disease_rules_out_interferon_and_not_anakinra(ward):
    subject = ward.patient()
    ward.draw(subject, 1, LOW, "9000")
    record = ward.assess(subject, answers={**YES, "autoimmune-disease": "yes"})["record"]
    assert record["eligible_for"] == "anakinra or placebo"


def test_the_last_draw_with_a_class_counts_unless_another_is_named(ward, patient):
    first = ward.course(patient)["points"][0]["id"]
    last = ward.draw(patient, 3, MIDDLE, "900")
    ward.draw(patient, 5, MIDDLE)  # without ferritin it has no class
    assert ward.assess(patient)["analysis"]["id"] == last["id"]
    chosen = ward.assess(patient, analysis_id=first)
    assert chosen["analysis"] == {"id": first, "version": 1}
    other = ward.draw(ward.patient(), 1, LOW, "900")
    assert ward.assess(patient, 404, analysis_id=other["id"])["code"] == "NOT_FOUND"


def test_nothing_is_recorded_without_a_released_class(ward):
    subject = ward.patient()
    made = ward.tube(subject, 1, LOW, "900")
    for more in ({}, {"analysis_id": made["id"]}):
        refused = ward.assess(subject, 404 if more else 409, **more)
        assert refused["code"] == ("NOT_FOUND" if more else "CLASS_NOT_RELEASED")
    release(ward.service, made)
    ward.assess(subject)


def test_a_class_by_another_criterion_is_none_of_the_trials(ward):
    subject = ward.patient()
    made = ward.draw(subject, 1, LOW, "900", criterion="provide-2022")
    assert ward.assess(subject, 409)["code"] == "CLASS_NOT_RELEASED"
    refused = ward.assess(subject, 422, analysis_id=made["id"])
    assert refused["code"] == "CLASS_OF_OTHER_TRIAL"


@pytest.mark.parametrize(
    ("wrong", "status", "code"),
    [
        ({"password": "another sentence altogether"}, 401, "SIGN_IN_REFUSED"),
        ({"name": "nobody"}, 401, "SIGN_IN_REFUSED"),
        ({"trial": "immunosep-2026"}, 422, "DEFINITION_UNKNOWN"),
        ({"trial": "../trial/immunosep-2025.toml"}, 422, "DEFINITION_UNKNOWN"),
        ({"answers": {**YES, "shoe-size": "yes"}}, 422, "UNKNOWN_QUESTION"),
        ({"answers": {**YES, "adult": "perhaps"}}, 422, "INVALID_REQUEST"),
        ({"times": {**TIMES, "first_dose_at": "2026-03-02"}}, 422, "INVALID_REQUEST"),
        ({"meaning": "performed"}, 422, "INVALID_REQUEST"),
    ],
)
def test_what_is_wrong_is_refused_and_nothing_is_kept(ward, patient, wrong, status, code):
    assert ward.assess(patient, status, **wrong)["code"] == code
    assert ward.eligibility(patient)["record"] is None


def test_an_administrator_signs_no_eligibility(ward, patient):
    ward.service.call(
        "POST", "users",
        json={"name": "ada", "full_name": "Ada", "password": PASSWORD, "roles": ["administrator"]},
    )  # fmt: skip
    assert ward.assess(patient, 403, name="ada")["code"] == "ROLE_MISSING"


def test_a_request_that_is_sent_twice_is_done_once(ward, patient):
    first, again = (ward.assess(patient, key=f"once-{patient}") for _ in range(2))
    assert first == again
    assert ward.assess(patient)["version"] == 2
    other = ward.assess(patient, 422, key=f"once-{patient}", times={})
    assert other["code"] == "IDEMPOTENCY_KEY_REUSED"


def test_records_are_kept_on_both_databases_and_never_changed(bench):
    ward = Ward.__new__(Ward)
    ward.service, ward.run, ward._count = bench, bench.calibration(), iter(range(1, 9))
    ward.draw("PT-1", 1, LOW, "900")
    made = ward.assess("PT-1")
    assert ward.eligibility("pt 1") == made
    for change in ("UPDATE eligibility_records SET site = 'x'", "DELETE FROM eligibility_records"):
        with (
            pytest.raises(DBAPIError, match="never changed"),
            bench.laboratory.database.writing("somebody") as writing,
        ):
            writing.connection.exec_driver_sql(change)
    assert ward.eligibility("PT-1") == made


def test_ferritin_alone_makes_mals_where_nothing_was_measured(ward):
    subject = ward.patient()
    ward.without(subject, ferritin_ng_ml=">40000")
    record = ward.assess(subject)["record"]
    assert record["eligible_for"] == "anakinra or placebo"
    assert record["classification"]["hla_dr"]["abc"] is None


@pytest.mark.parametrize(
    ("dose", "outcome"),
    [
        ("2026-03-01T08:00", "eligible"),  # the moment of the draw
        ("2026-03-01T07:59", "undetermined"),
        ("2026-03-01 7:59", "undetermined"),
        ("2026-03-01T09:59+02:00", "undetermined"),  # by the clock of the laboratory 07:59
        ("2026-03-01T03:01-05:00", "eligible"),  # 08:01
    ],
)
def test_blood_that_was_drawn_after_the_first_dose_makes_no_class(ward, patient, dose, outcome):
    told = ward.assess(patient, times={**TIMES, "first_dose_at": dose})
    assert told["record"]["outcome"] == outcome
    late = [each["item"] for each in told["missing"]]
    assert late == ([] if outcome == "eligible" else ["class-before-dose"])


def test_a_draw_after_treatment_does_not_take_the_place_of_the_one_at_entry(ward, patient):
    first = ward.course(patient)["points"][0]["id"]
    ward.draw(patient, 9, MIDDLE, "700")
    assert ward.assess(patient)["record"]["outcome"] == "undetermined"
    assert "class-before-dose" in [each["item"] for each in ward.eligibility(patient)["missing"]]
    assert ward.assess(patient, analysis_id=first)["record"]["outcome"] == "eligible"
