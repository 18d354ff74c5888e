"""What leaves is put into a line with what releases it, and sent in order until it has ended."""

import json

import pytest
from laboratory import describe, regate, rejected, release, running, two_people
from receivers import ended, fields, sent, until


@pytest.fixture
def service(settings, server, hasty):
    more = {"mllp": server.place, "laboratory": "Immunology", **hasty}
    with running(settings.model_copy(update=more)) as found:
        two_people(found)
        yield found


def test_what_is_signed_leaves_and_the_door_shows_the_same_bytes(service, server):
    analysis = service.analyse(service.calibration())
    service.sign(analysis, "anna", "performed")
    assert sent(service) == []
    service.sign(analysis, "boris", "reviewed")
    [message] = ended(service)
    assert (message["state"], message["tries"], message["door"]) == ("taken", 0, "mllp")
    [content] = server.messages
    shown = service.call("GET", f"analyses/{analysis['id']}/hl7")
    assert shown.content == content
    assert shown.headers["content-type"] == "application/hl7-v2; charset=utf-8"
    assert fields(content)["MSH"][0][9] == message["message_id"]
    assert service.audit()[-2:] == ["outgoing.waiting", "outgoing.taken"]


def about(server, analysis):
    """Status of each message about an analysis."""
    told = [fields(each)["OBR"][0] for each in server.messages]
    return [each[25] for each in told if each[3] == f"{analysis['id']}^HLADR"]


def patient(service):
    """Let it try for ever from now on."""
    service.laboratory.settings.__dict__["send_tries"] = 10**6


def test_each_step_of_a_number_is_told_in_its_order(service, server):
    analysis = service.analyse(service.calibration())
    service.sign(analysis, "anna", "preliminary")
    service.sign(analysis, "anna", "performed")
    service.sign(analysis, "boris", "reviewed")
    again = regate(service, analysis)
    release(service, again)
    ended(service, 3)
    service.sign(again, "boris", "rejected", comment="it is the wrong tube")
    ended(service, 4)
    told = [fields(each) for each in server.messages]
    assert [each["OBR"][0][25] for each in told] == ["P", "F", "C", "C"]
    assert [each["OBX"]["HLADR-ABC"][11] for each in told] == ["P", "F", "C", "W"]
    assert [bool(each["OBX"]["HLADR-ABC"][5]) for each in told] == [True, True, True, False]
    assert len({each["MSH"][0][9] for each in told}) == 4
    assert len({each["OBR"][0][3] for each in told}) == 1


def test_that_nothing_was_measured_leaves_without_a_signature(service, server):
    said = {"subject": "P1", "outcome": "clotted", "received_at": "2026-03-14T10:00"}
    made = service.post("analyses", files={name: (None, text) for name, text in said.items()})
    describe(service, made, visit="D7")
    ended(service, 2)
    first, second = (fields(each) for each in server.messages)
    assert (first["OBX"]["HLADR-ABC"][5], first["OBX"]["HLADR-ABC"][11]) == ("", "X")
    assert first["SPM"][0][21] == "RC^Clotting^HL70490"
    assert [each["OBR"][0][25] for each in (first, second)] == ["F", "C"]


def test_a_rejected_number_is_told_as_none(service, server):
    told = rejected(service)
    service.sign(told, "anna", "rejected", comment="it is of another instrument")
    ended(service)
    [content] = server.messages
    assert fields(content)["OBX"]["HLADR-ABC"][11] == "X"
    number = str(told["result"]["unreleasable"]["abc"])[:5]
    assert number.encode() not in content


def test_control_blood_is_never_sent(service, server):
    control = service.analyse(service.calibration(), kind="control")
    release(service, control)
    assert sent(service) == []
    refused = service.get(f"analyses/{control['id']}/hl7", 409)
    assert refused["code"] == "CONTROL_STAYS"
    assert server.messages == []


def test_what_the_receiver_refuses_waits_for_a_person(service, server):
    server.behave("AE no such order")
    release(service, service.analyse(service.calibration()))
    [message] = ended(service)
    assert (message["state"], message["said"]) == ("refused", "AE no such order")
    health = service.get("/health")
    assert health["status"] == "degraded"
    assert (health["outgoing"]["ok"], health["outgoing"]["refused"]) == (False, 1)
    counted = 'hladr_messages_total{door="mllp",state="refused"} 1.0'
    assert counted in service.call("GET", "/metrics").text
    server.behave("ok")
    path = f"outgoing/{message['id']}/again"
    assert service.post(path, 200, key="once")["state"] == "waiting"
    assert service.post(path, 200, key="once")["state"] == "waiting"
    [message] = ended(service)
    assert message["state"] == "taken"
    assert len(server.messages) == 2
    assert service.get("/health")["outgoing"]["ok"]
    assert service.post(path, 409)["code"] == "NOT_REFUSED"
    assert service.audit()[-4:] == [
        "outgoing.waiting", "outgoing.refused", "outgoing.again", "outgoing.taken",
    ]  # fmt: skip


def test_what_nobody_takes_is_given_up_with_the_reason(service, server):
    server.end()
    release(service, service.analyse(service.calibration()))
    [message] = ended(service)
    assert (message["state"], message["tries"]) == ("refused", 5)
    assert message["said"] == "not given in 5 tries; the server: Connection refused"
    server.begin()


def test_a_later_message_waits_for_an_earlier_one_and_another_analysis_does_not(service, server):
    server.behave("cut")
    calibration = service.calibration()
    first = service.analyse(calibration)
    patient(service)
    service.sign(first, "anna", "preliminary")
    server.wait(1)
    service.sign(first, "anna", "performed")
    service.sign(first, "boris", "reviewed")
    other = service.analyse(calibration, "borderline.fcs")
    release(service, other)
    until(lambda: about(server, other) and len(about(server, first)) > 2, "both of them")
    assert set(about(server, first)) == {"P"}
    server.behave("ok")
    ended(service, 3)
    *before, last = about(server, first)
    assert (set(before), last) == ({"P"}, "F")


def test_a_number_that_is_rejected_before_it_is_sent_never_leaves(service, server):
    server.end()
    patient(service)
    analysis = service.analyse(service.calibration())
    number = f"|{analysis['result']['hla_dr']['abc']:.0f}|".encode()
    release(service, analysis)
    assert number in service.call("GET", f"analyses/{analysis['id']}/hl7").content
    until(lambda: sent(service)[0]["tries"] > 0, "a try")
    service.sign(analysis, "boris", "rejected", comment="it is the wrong tube")
    server.begin()
    ended(service, 2)
    told = [fields(each)["OBX"]["HLADR-ABC"] for each in server.messages]
    assert [(each[5], each[11]) for each in told] == [("", "W"), ("", "W")]
    assert [fields(each)["OBR"][0][25] for each in server.messages] == ["C", "C"]
    assert not any(number in each for each in server.messages)


def to_whom(server):
    """Subject, status and number of each message."""
    told = [fields(each) for each in server.messages]
    return [
        (each["PID"][0][3], each["OBX"]["HLADR-ABC"][11], each["OBX"]["HLADR-ABC"][5] != "")
        for each in told
    ]


def test_what_another_patient_was_told_is_withdrawn_from_them(service, server):
    told = service.analyse(service.calibration(), subject="blood")
    release(service, told)
    ended(service)
    again = describe(service, told, subject="P-2")
    release(service, again)
    ended(service, 3)
    assert to_whom(server) == [("blood", "F", True), ("blood", "W", False), ("P-2", "F", True)]
    third = describe(service, service.get(f"analyses/{told['id']}"), subject="blood")
    service.sign(third, "boris", "rejected", comment="nobody knows whose it is")
    ended(service, 5)
    assert to_whom(server)[3:] == [("P-2", "W", False), ("blood", "W", False)]
    withdrawn = fields(server.messages[1])
    assert withdrawn["OBX"]["HLADR-CLASS"][5].split("^")[0] == "undetermined"
    assert "looked at" not in str(withdrawn["NTE"])


def test_what_a_patient_was_told_of_control_blood_is_withdrawn(service, server):
    told = service.analyse(service.calibration(), subject="blood", ferritin_ng_ml="812")
    release(service, told)
    ended(service)
    again = describe(service, told, kind="control", visit="D7")
    release(service, again)
    ended(service, 2)
    assert to_whom(server) == [("blood", "F", True), ("blood", "W", False)]
    third = describe(service, service.get(f"analyses/{told['id']}"), visit="D8")
    release(service, third)
    assert len(sent(service)) == 2


def test_an_id_that_is_written_otherwise_is_the_same_patient(service, server):
    told = service.analyse(service.calibration(), subject="blood")
    release(service, told)
    ended(service)
    release(service, describe(service, told, subject="Blood"))
    ended(service, 2)
    assert to_whom(server) == [("blood", "F", True), ("Blood", "C", True)]


def test_an_older_message_is_not_sent_after_a_later_one(service, server):
    server.behave("AE")
    analysis = service.analyse(service.calibration())
    service.sign(analysis, "anna", "preliminary")
    [first] = ended(service)
    server.behave("ok")
    release(service, analysis)
    ended(service, 2)
    refused = service.post(f"outgoing/{first['id']}/again", 409)
    assert refused["code"] == "LATER_MESSAGE"
    assert service.get("/health")["outgoing"]["ok"]


@pytest.mark.usefixtures("server")
def test_messages_are_listed_by_pages_to_those_who_manage(service):
    calibration = service.calibration()
    for name in ("healthy.fcs", "borderline.fcs", "mals.fcs"):
        release(service, service.analyse(calibration, name))
    found = ended(service, 3)
    first = service.get("outgoing?most=2")
    second = service.get(f"outgoing?most=2&after={first['next']}")
    assert [*first["messages"], *second["messages"]] == found
    assert second["next"] is None
    assert sent(service, "refused") == []
    reader = service.as_key(service.api_key("read", "analyse")["key"])
    site = service.as_key(service.api_key("read", "manage", site="Athens")["key"])
    for each in (reader, site):
        assert each.get("outgoing", 403)["code"] == "NOT_ALLOWED"
        assert each.post(f"outgoing/{found[0]['id']}/again", 403)["code"] == "NOT_ALLOWED"
    assert service.post("outgoing/00000000-0000-0000-0000-000000000000/again", 404)
    assert "said" in json.dumps(found)
