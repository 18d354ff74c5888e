"""Two people stand for a number before it leaves; a rejected one leaves through no door."""

from dataclasses import replace

import pytest
from laboratory import (
    PASSWORD,
    answer,
    describe,
    now_text,
    regate,
    rejected,
    release,
    rows,
    running,
    tube_file,
    two_people,
)

from service.analyses import confirming
from service.store import users
from service.store.signatures import Meaning


@pytest.fixture
def analysis(service):
    two_people(service)
    return service.analyse(service.calibration())


def doubtful(service):
    """An analysis with a warning: its blood was measured before its beads."""
    return service.analyse(service.calibration(), tube_file(_DATE="13-MAR-2026"))


def test_one_performs_and_another_reviews(service, analysis):
    signed = service.sign(analysis, "anna", "performed")
    assert (signed["state"], signed["release"]) == ("performed", None)
    final = service.sign(analysis, "boris", "reviewed")
    assert final["state"] == "final"
    assert final["release"] == {"version": 1, "status": "final", "replaces": None}
    said = [(each["meaning"], each["name"], each["full_name"]) for each in final["signatures"]]
    assert said == [("performed", "anna", "Anna"), ("reviewed", "boris", "Boris")]


def test_a_version_that_is_final_takes_no_further_signature(service, analysis):
    release(service, analysis)
    for name, meaning in (("anna", "performed"), ("boris", "reviewed"), ("boris", "preliminary")):
        refused = service.sign(analysis, name, meaning, 409, comment="again")
        assert refused["code"] == "SIGNED_OTHERWISE"


def test_nobody_reviews_their_own_work(service, analysis):
    service.sign(analysis, "boris", "performed")
    assert service.sign(analysis, "boris", "reviewed", 409)["code"] == "SAME_SIGNER"


def test_nothing_is_reviewed_that_nobody_performed(service, analysis):
    assert service.sign(analysis, "boris", "reviewed", 409)["code"] == "NOT_PERFORMED"
    service.sign(analysis, "anna", "preliminary")
    assert service.sign(analysis, "boris", "reviewed", 409)["code"] == "NOT_PERFORMED"


def test_nobody_signs_alone_where_two_must(service, analysis):
    refused = service.sign(analysis, "boris", "performed_alone", 409)
    assert refused["code"] == "SECOND_PERSON_NEEDED"
    assert service.get(f"analyses/{analysis['id']}")["release"] is None


def test_nobody_signs_twice_the_same(service, analysis):
    service.user("clara", "technician")
    service.sign(analysis, "anna", "performed")
    assert service.sign(analysis, "clara", "performed", 409)["code"] == "SIGNED_ALREADY"


@pytest.mark.parametrize(
    ("role", "meaning", "status"),
    [
        ("technician", "performed", 201),
        ("technician", "preliminary", 201),
        ("technician", "rejected", 201),
        ("technician", "reviewed", 403),
        ("administrator", "performed", 403),
        ("administrator", "rejected", 403),
    ],
)
def test_who_may_sign_what(service, analysis, role, meaning, status):
    service.user("dora", role)
    service.sign(analysis, "dora", meaning, status, comment="looked at")


def test_a_wrong_password_signs_nothing_and_is_in_the_audit(service, analysis):
    path, said = f"analyses/{analysis['id']}/signatures", {"name": "anna", "meaning": "performed"}
    wrong = {**said, "password": PASSWORD + "!"}
    assert service.post(path, 401, json=wrong, version=1)["code"] == "SIGN_IN_REFUSED"
    entry = service.get("audit?most=1000")["entries"][-1]
    assert (entry["action"], entry["subject"]) == ("password.refused", "anna")
    nobody = {**said, "name": "nobody", "password": PASSWORD}
    service.post(path, 401, json=nobody, version=1)
    assert rows(service, "signatures") == 0


@pytest.mark.parametrize("meaning", ["performed", "preliminary"])
def test_what_is_doubtful_is_signed_with_a_comment(service, meaning):
    two_people(service)
    told = doubtful(service)
    assert told["verdict"] == "review"
    assert service.sign(told, "anna", meaning, 422)["code"] == "COMMENT_MISSING"
    assert service.sign(told, "anna", meaning, comment="clock of the cytometer")["signatures"]


def test_a_rejection_says_why(service, analysis):
    assert service.sign(analysis, "anna", "rejected", 422)["code"] == "COMMENT_MISSING"


@pytest.mark.parametrize("meaning", sorted(set(Meaning) - {Meaning.REJECTED}))
def test_a_rejected_number_is_signed_by_no_meaning(service, meaning):
    two_people(service)
    told = rejected(service)
    refused = service.sign(told, "boris", meaning, comment="let it through", status=409)
    assert refused["code"] in {"NUMBER_REJECTED", "NOT_PERFORMED", "SECOND_PERSON_NEEDED"}
    assert service.get(f"analyses/{told['id']}")["release"] is None


def test_a_rejected_number_stands_in_no_answer_but_as_unreleasable(service):
    two_people(service)
    told = rejected(service)
    signed = service.sign(told, "anna", "rejected", comment="a stain is missing")
    assert (signed["state"], signed["release"]) == ("rejected", None)
    whole = service.get(f"analyses/{told['id']}")["result"]
    number = str(whole["unreleasable"]["abc"])
    assert whole["hla_dr"] is None
    for path in ("analyses", f"analyses/{told['id']}", f"analyses/{told['id']}/versions/1"):
        assert service.call("GET", path).text.count(number) == 1


def test_a_number_that_somebody_rejected_is_told_as_a_rejected_one(service, analysis):
    number = analysis["result"]["hla_dr"]
    signed = service.sign(analysis, "anna", "rejected", comment="it is the wrong tube")
    assert signed["verdict"] == "reject"
    assert signed["result"]["hla_dr"] is None
    assert signed["result"]["unreleasable"] == number
    assert signed["result"]["classification"]["class"] == "undetermined"
    old = service.get(f"analyses/{analysis['id']}/versions/1")["result"]
    assert old == signed["result"]


def test_a_class_that_rests_on_ferritin_alone_outlives_the_number(service):
    two_people(service)
    told = service.analyse(service.calibration(), ferritin_ng_ml="9000")
    signed = service.sign(told, "anna", "rejected", comment="it is clotted")
    assert signed["result"]["hla_dr"] is None
    assert signed["result"]["classification"]["class"] == "MALS"
    assert signed["result"]["classification"] == told["result"]["classification"]


def test_a_preliminary_number_becomes_final(service, analysis):
    night = service.sign(analysis, "anna", "preliminary")
    assert night["state"] == "preliminary"
    assert night["release"] == {"version": 1, "status": "preliminary", "replaces": None}
    assert service.sign(analysis, "anna", "performed")["release"]["status"] == "preliminary"
    final = service.sign(analysis, "boris", "reviewed")["release"]
    assert final == {"version": 1, "status": "final", "replaces": None}


def test_a_change_opens_a_new_version_and_the_old_release_stands(service, analysis):
    changed = describe(service, release(service, analysis), visit="D7")
    assert (changed["version"], changed["state"]) == (2, "open")
    assert changed["release"] == {"version": 1, "status": "final", "replaces": None}


def test_an_amended_result_names_what_it_replaces(service, analysis):
    changed = regate(service, release(service, analysis), reason="seen again")
    amended = release(service, changed)["release"]
    assert amended == {"version": 2, "status": "amended", "replaces": 1}


def test_what_was_final_is_withdrawn_by_a_rejection(service, analysis):
    changed = describe(service, release(service, analysis), visit="D7")
    told = service.sign(changed, "boris", "rejected", comment="it is the wrong tube")
    assert told["release"] == {"version": 2, "status": "withdrawn", "replaces": 1}


def test_a_final_version_is_withdrawn_by_a_reviewer_who_says_why(service, analysis):
    final = release(service, analysis)
    why = {"comment": "it is the wrong tube"}
    assert service.sign(final, "anna", "rejected", 403, **why)["code"] == "ROLE_MISSING"
    assert service.sign(final, "boris", "rejected", 422)["code"] == "COMMENT_MISSING"
    told = service.sign(final, "boris", "rejected", **why)
    assert (told["version"], told["state"], told["verdict"]) == (1, "rejected", "reject")
    assert told["release"] == {"version": 1, "status": "withdrawn", "replaces": 1}
    assert told["result"]["hla_dr"] is None
    again = service.sign(final, "boris", "rejected", 409, **why)
    assert again["code"] == "SIGNED_OTHERWISE"


def test_what_waits_for_a_reviewer_is_released_for_the_time_being_and_still_waits(
    service, analysis
):
    service.sign(analysis, "anna", "performed")
    told = service.sign(analysis, "anna", "preliminary")
    assert told["state"] == "performed"
    assert told["release"]["status"] == "preliminary"
    waiting = service.get("analyses?state=performed")["analyses"]
    assert [each["id"] for each in waiting] == [analysis["id"]]
    assert service.sign(analysis, "boris", "reviewed")["release"]["status"] == "final"


def test_what_is_signed_and_told_says_where_its_version_is(service, analysis):
    wanted = {"name": "anna", "password": PASSWORD, "meaning": "preliminary"}
    notice = {"told": "ICU", "told_at": now_text(), "read_back": True}
    path = f"/api/v1/analyses/{analysis['id']}"
    for call, body in (
        ("signatures", {"json": wanted}),
        ("notices", {"json": notice}),
        ("gates", {"files": {"automatic": (None, "true")}}),
    ):
        answered = service.call("POST", f"{path}/{call}", version=1, key=call, **body)
        version = 2 if call == "gates" else 1
        assert answered.status_code == 201
        assert answered.headers["Location"] == f"{path}/versions/{version}"
        assert answered.headers["ETag"] == f'"{version}"'
        assert service.get(answered.headers["Location"])["version"] == version
    doubted = service.analyse(service.get("calibrations")["calibrations"][0], subject="ATH-0102")
    path = f"/api/v1/analyses/{doubted['id']}"
    said = {"finding": doubted["open_findings"][0], "answer": "looked", **wanted}
    del said["meaning"]
    answered = service.call("POST", f"{path}/answers", version=1, json=said)
    assert (answered.status_code, answered.headers["Location"]) == (201, f"{path}/versions/1")


def test_what_was_preliminary_is_withdrawn_by_a_rejection(service, analysis):
    service.sign(analysis, "anna", "preliminary")
    told = service.sign(analysis, "boris", "rejected", comment="it is the wrong tube")
    assert told["release"] == {"version": 1, "status": "withdrawn", "replaces": 1}
    again = describe(service, told, visit="D7")
    assert again["open_findings"] == ["REJECTED_BEFORE"]
    answer(service, again, "REJECTED_BEFORE")
    assert release(service, again)["release"] == {"version": 2, "status": "amended", "replaces": 1}


def test_what_a_later_version_withdrew_is_told_as_withdrawn(service):
    two_people(service)
    calibration = service.calibration()
    first = release(service, service.analyse(calibration, key="once"))
    number = str(first["result"]["hla_dr"]["abc"])
    again = describe(service, first, visit="D7")
    withdrawn = service.sign(again, "boris", "rejected", comment="it is the wrong tube")
    assert withdrawn["release"] == {"version": 2, "status": "withdrawn", "replaces": 1}
    for told in (
        service.get(f"analyses/{first['id']}/versions/1"),
        service.analyse(calibration, key="once"),
    ):
        assert (told["verdict"], told["result"]["hla_dr"]) == ("reject", None)
        assert str(told["result"]["unreleasable"]["abc"]) == number
    answered = describe(service, withdrawn, visit="D8")
    answer(service, answered, "REJECTED_BEFORE")
    release(service, answered)
    assert service.get(f"analyses/{first['id']}/versions/1")["verdict"] == "pass"
    assert service.get(f"analyses/{first['id']}/versions/2")["verdict"] == "reject"


def test_a_final_number_is_withdrawn_by_a_reviewer_whatever_came_since(service, analysis):
    again = describe(service, release(service, analysis), visit="D7")
    refused = service.sign(again, "anna", "rejected", 403, comment="it is the wrong tube")
    assert refused["code"] == "ROLE_MISSING"
    told = service.sign(again, "boris", "rejected", comment="it is the wrong tube")
    assert told["release"]["status"] == "withdrawn"


def test_nobody_alone_takes_the_place_of_what_two_decided(service, analysis):
    again = describe(service, release(service, analysis), visit="D7")
    assert service.sign(again, "anna", "preliminary", 409)["code"] == "FINAL_BEFORE"
    withdrawn = service.sign(again, "boris", "rejected", comment="it is the wrong tube")
    third = describe(service, withdrawn, visit="D8")
    answer(service, third, "REJECTED_BEFORE")
    refused = service.sign(third, "anna", "preliminary", 409, comment="it is not")
    assert refused["code"] == "FINAL_BEFORE"
    assert service.get(f"analyses/{analysis['id']}")["release"]["status"] == "withdrawn"


def test_what_was_rejected_comes_back_with_an_answer_alone(service, analysis):
    told = service.sign(analysis, "anna", "rejected", comment="it is the wrong tube")
    again = describe(service, told, visit="D7")
    assert (again["verdict"], again["open_findings"]) == ("review", ["REJECTED_BEFORE"])
    refused = service.sign(again, "anna", "performed", 409, comment="it is not")
    assert refused["findings"] == ["REJECTED_BEFORE"]


def test_who_measured_at_night_does_not_review(service, analysis):
    service.sign(analysis, "boris", "preliminary")
    service.sign(analysis, "anna", "performed")
    assert service.sign(analysis, "boris", "reviewed", 409)["code"] == "SAME_SIGNER"


def test_who_was_changed_since_their_password_was_read_does_not_sign(
    service, analysis, monkeypatch
):
    confirmed = confirming.confirm_password

    def and_then_leaves(*arguments):
        user = confirmed(*arguments)
        with service.laboratory.database.writing("somebody") as writing:
            users.change(writing, user.version, replace(user, active=False), "changed")
        return user

    monkeypatch.setattr(confirming, "confirm_password", and_then_leaves)
    assert service.sign(analysis, "anna", "performed", 401)["code"] == "SIGN_IN_REFUSED"
    assert rows(service, "signatures") == 0


def test_an_older_version_is_not_signed(service, analysis):
    describe(service, analysis, visit="D7")
    refused = service.sign(analysis, "anna", "performed", 412)
    assert (refused["code"], refused["current_version"]) == ("VERSION_MOVED", 2)
    assert rows(service, "signatures") == 0


def test_one_person_is_enough_where_the_rule_says_so(settings):
    with running(settings.model_copy(update={"two_person": False})) as service:
        two_people(service)
        told = service.sign(service.analyse(service.calibration()), "anna", "performed")
    assert told["state"] == "final"
    assert [each["meaning"] for each in told["signatures"]] == ["performed_alone"]
    assert told["release"]["status"] == "final"


def test_somebody_of_another_site_does_not_sign(service):
    service.user("eleni", "technician", site="Athens")
    told = service.analyse(service.calibration(), site="Berlin")
    assert service.sign(told, "eleni", "performed", 403)["code"] == "SIGNER_ELSEWHERE"
