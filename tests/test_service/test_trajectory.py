"""A subject over time: what has left, of one person, one point a draw."""

import math

import pytest
from laboratory import codes, describe, regate, release, site_key
from ward import HIGH, LOW, MIDDLE, opened


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    with opened(tmp_path_factory.mktemp("ward")) as found:
        yield found


def test_numbers_are_those_of_the_analyses_and_compared_by_their_logarithms(ward):
    subject = ward.patient()
    made = [
        ward.draw(subject, day, file, "900") for day, file in ((1, LOW), (3, MIDDLE), (8, HIGH))
    ]
    told = ward.course(subject)
    abcs = [each["result"]["hla_dr"]["abc"] for each in made]
    assert [each["hla_dr"]["abc"] for each in told["points"]] == abcs
    assert [each["day"] for each in told["points"]] == [0.0, 2.0, 7.0]
    assert [each["analysis"]["id"] for each in told["points"]] == [each["id"] for each in made]
    assert {each["analysis"]["status"] for each in told["points"]} == {"final"}
    last = told["since_first"][-1]
    assert last["ratio"]["value"] == pytest.approx(abcs[2] / abcs[0])
    assert last["change"]["value"] == pytest.approx(abcs[2] - abcs[0])
    assert last["slope_per_day"]["value"] == pytest.approx(math.log(abcs[2] / abcs[0]) / 7)
    low, high = last["ratio"]["ci95"]
    assert low < last["ratio"]["value"] < high
    assert all(each["shared_calibration"] for each in told["steps"])


def test_what_has_not_left_is_not_in_it(ward):
    subject = ward.patient()
    open_ = ward.tube(subject)
    told = ward.course(subject)
    assert (told["points"], told["hidden"]) == ([], 0)
    assert str(open_["result"]["hla_dr"]["abc"]) not in str(told)
    release(ward.service, open_)
    assert len(ward.course(subject)["points"]) == 1


def test_a_version_that_nobody_signed_does_not_move_the_point(ward):
    subject = ward.patient()
    made = ward.draw(subject)
    newer = regate(ward.service, made)
    assert newer["version"] == 2
    assert ward.course(subject)["points"][0]["analysis"]["version"] == 1


def test_a_number_that_was_withdrawn_is_not_compared(ward):
    subject = ward.patient()
    ward.draw(subject, 1)
    bad = ward.draw(subject, 3, MIDDLE)
    ward.service.sign(bad, "boris", "rejected", comment="clumps")
    told = ward.course(subject)
    assert [each["use"] for each in told["points"]] == ["used", "rejected"]
    assert told["points"][1]["analysis"]["status"] == "withdrawn"
    assert told["points"][1]["hla_dr"] is None
    assert str(bad["result"]["hla_dr"]["abc"]) not in str(told)
    assert told["steps"] == []


def test_an_id_is_found_however_it_is_written_and_is_one_person(ward):
    subject = ward.patient()
    ward.draw(subject, 1)
    ward.draw(subject.lower().replace("-", " "), 3, MIDDLE)
    for written in (subject, subject.lower(), subject.replace("-", "")):
        assert len(ward.course(written)["points"]) == 2


@pytest.mark.parametrize("subject", ["nobody", "---", "..", "\u2603"])
def test_an_id_that_no_tube_has_is_told_as_such(ward, subject):
    assert ward.course(subject, 404)["code"] == "NOT_FOUND"


def test_tubes_without_a_subject_are_nobodys_course(ward):
    ward.tube(None, named="somebody")
    assert ward.course("-", 404)["code"] == "NOT_FOUND"


def test_control_blood_is_no_patient(ward):
    subject = ward.patient()
    ward.tube(subject, kind="control")
    ward.course(subject, 404)


def test_the_same_id_at_two_sites_is_asked_for_and_never_guessed(ward):
    subject = ward.patient()
    ward.draw(subject, 1, site="Athens")
    ward.draw(subject, 3, MIDDLE, site="Berlin")
    ward.draw(subject, 5, HIGH)
    refused = ward.course(subject, 409)
    assert (refused["code"], refused["sites"]) == (
        "SUBJECT_AT_SEVERAL_SITES", ["", "Athens", "Berlin"],
    )  # fmt: skip
    days = {"Athens": "2026-03-01", "Berlin": "2026-03-03", "": "2026-03-05"}
    for site, day in days.items():
        (point,) = ward.course(subject, site=site)["points"]
        assert point["moment"].startswith(day)
    ward.course(subject, 404, site="Cairo")
    assert ward.eligibility(subject, 409)["code"] == "SUBJECT_AT_SEVERAL_SITES"
    assert ward.assess(subject, 409)["code"] == "SUBJECT_AT_SEVERAL_SITES"


def test_a_site_sees_its_own_and_learns_of_no_other(ward):
    subject = ward.patient()
    ward.draw(subject, 1, site="Athens")
    other = ward.draw(subject, 3, MIDDLE, site="Berlin")
    athens = site_key(ward.service, "Athens")
    told = ward.course(subject, by=athens)
    assert len(told["points"]) == 1
    assert "Berlin" not in str(told)
    assert other["id"] not in str(told)
    ward.course(subject, 404, by=athens, site="Berlin")
    ward.course(subject, 404, by=site_key(ward.service, "Cairo"))


def test_a_tube_that_is_described_as_of_another_site_is_not_the_first_ones_any_more(ward):
    subject = ward.patient()
    made = ward.draw(subject, 1, site="Athens")
    athens = site_key(ward.service, "Athens")
    assert ward.course(subject, by=athens)["points"]
    describe(ward.service, ward.service.get(f"analyses/{made['id']}"), site="Berlin")
    for by in (athens, site_key(ward.service, "Berlin")):
        ward.course(subject, 404, by=by)  # nobody has signed that
    assert ward.course(subject)["site"] == "Athens"


def test_of_one_draw_the_last_released_stands_for_it_and_that_is_said(ward):
    subject = ward.patient()
    first = ward.draw(subject, 1, LOW, "900")
    again = ward.tube(subject, 1, LOW, related_to=first["id"], relation="duplicate")
    assert len(ward.course(subject)["points"]) == 1
    release(ward.service, again)
    told = ward.course(subject)
    (point,) = told["points"]
    assert point["id"] == again["id"]
    assert [each["id"] for each in point["same_draw"]] == [first["id"]]
    assert point["ferritin_ng_ml"] == "900"  # of the draw, told with the first tube
    assert "ONE_OF_DRAW" in codes(told["findings"])


def test_a_tube_of_the_draw_that_was_rejected_does_not_take_the_place_of_a_number(ward):
    subject = ward.patient()
    first = ward.draw(subject, 1, LOW)
    again = ward.tube(subject, 1, LOW, related_to=first["id"], relation="reacquisition")
    ward.service.sign(again, "anna", "rejected", comment="clumps")
    (point,) = ward.course(subject)["points"]
    assert (point["id"], point["use"]) == (first["id"], "used")


def test_ferritin_with_a_tube_without_a_number_is_a_point_of_ferritin_alone(ward):
    subject = ward.patient()
    ward.draw(subject, 1, LOW, "10000")
    ward.without(subject, 4, ferritin_ng_ml="8000")
    told = ward.course(subject)
    point = told["points"][1]
    assert (point["use"], point["hla_dr"], point["verdict"]) == ("no number", None, None)
    assert (point["ferritin_ng_ml"], point["day"]) == ("8000", 3.0)
    assert told["restoration"][0]["answer"] == "met"  # of MALS: 20 % below the entry


def test_a_draw_told_as_a_day_is_no_midnight(ward):
    measured, kept = ward.patient(), ward.patient()
    acquired = ward.draw(measured, 14, drawn_at="2026-03-14")["result"]["sample"]["acquired_at"]
    assert acquired.startswith("2026-03-14T09:")
    (point,) = ward.course(measured)["points"]
    assert (point["moment"], point["moment_of"]) == (f"{acquired}+00:00", "acquisition")
    ward.draw(kept, 14, drawn_at="2026-03-13")
    told = ward.course(kept)
    assert (told["points"][0]["moment"], told["points"][0]["use"]) == (None, "time unknown")
    assert "POINTS_NOT_USED" in codes(told["findings"])


def test_a_tube_that_is_doubted_is_left_out_and_said(ward):
    subject = ward.patient()
    made = ward.draw(subject)
    describe(ward.service, ward.service.get(f"analyses/{made['id']}"), subject="somebody else")
    told = ward.course(subject)
    assert told["points"] == []
    assert "POINTS_DOUBTED" in codes(told["findings"])
    assert told["verdict"] == "review"
    ward.course("somebody else", 404)  # nobody has signed that


def test_mixed_preparations_and_a_threefold_change_within_a_day_are_found(ward):
    subject = ward.patient()
    ward.draw(subject, 1, LOW, preparation="lyse, wash")
    ward.draw(subject, 1, HIGH, preparation="lyse, no wash", drawn_at="2026-03-01T20:00")
    told = ward.course(subject)
    assert "THREEFOLD_WITHIN_A_DAY" in codes(told["findings"])
    assert told["verdict"] == "review"
    assert any("PREPARATION" in each for each in codes(told["findings"]))


def test_another_criterion_may_be_asked_for_and_a_path_may_not(ward):
    subject = ward.patient()
    ward.draw(subject, 1, LOW, "900")
    told = ward.course(subject, criterion="grid-2023")
    assert (told["criterion"]["name"], told["bands"]) == ("grid-2023", [8000.0, 15000.0])
    assert told["entry"]["class"] == "undetermined"  # it was classified by another
    assert ward.course(subject, 422, criterion="../grid-2023")["code"] == "DEFINITION_UNKNOWN"


def test_an_id_with_slashes_and_the_words_of_calls_is_an_id(ward):
    subject = f"{ward.patient()}/eligibility/trajectory"
    ward.draw(subject, named="")
    assert ward.course(subject)["subject"] == subject
    assert ward.eligibility(subject)["subject"] == subject


def test_a_criterion_of_two_consecutive_days_is_judged_where_the_series_has_them(ward):
    subject = ward.patient()
    for day, file in ((1, LOW), (2, LOW), (5, MIDDLE), (8, HIGH)):
        ward.draw(subject, day, file, "900", criterion="meisel-2009")
    told = ward.course(subject)
    assert told["criterion"]["name"] == "meisel-2009"
    assert (told["entry"]["class"], told["entry"]["day"]) == ("immunoparalysis", 1.0)
    answers = [(each["day"], each["answer"], each["certainty"]) for each in told["restoration"]]
    assert answers == [(4.0, "not met", "unverified"), (7.0, "met", "unverified")]


def test_what_a_criterion_lacks_is_said(ward):
    subject = ward.patient()
    for day in (1, 3):
        ward.draw(subject, day, LOW, "900")
    lacks = {"meisel-2009": "two consecutive days", "grid-2023": "study day 3"}
    for criterion, words in lacks.items():
        told = ward.course(subject, criterion=criterion)
        assert told["entry"]["class"] == "undetermined"
        assert words in told["entry"]["reason"]
        assert told["restoration"][0]["answer"] == "not known"
