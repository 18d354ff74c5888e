"""What was refused while a receiver was away is sent again by one call, each message once."""

import pytest
from laboratory import now_text, release, running, two_people
from receivers import ended, fields, sent, until

from service.store import sent_again


@pytest.fixture
def service(settings, server, folder, hasty):
    more = {"mllp": server.place, "hl7_folder": folder, **hasty, "send_tries": 1}
    with running(settings.model_copy(update=more)) as found:
        two_people(found)
        yield found


def refused(service, door="mllp"):
    return [each for each in sent(service, "refused") if each["door"] == door]


@pytest.fixture
def away(service, server):
    """Two results that the server refused; of the second what was preliminary, too."""
    server.behave("AE")
    since, calibration = now_text(), service.calibration()
    one = service.analyse(calibration)
    release(service, one)
    two = service.analyse(calibration, "borderline.fcs")
    service.sign(two, "anna", "preliminary")
    release(service, two)
    until(lambda: len(refused(service)) == 3, "three that were refused")
    server.behave("ok")
    return since, one, two


def statuses(messages, analysis):
    told = [fields(each)["OBR"][0] for each in messages]
    return [each[25] for each in told if each[3] == f"{analysis['id']}^HLADR"]


def again(service, since, **more):
    return service.post("outgoing/again", 200, json={"door": "mllp", "since": since, **more})


def test_all_that_a_door_refused_is_sent_again_in_order(service, server, away):
    since, one, two = away
    before = len(server.messages)
    said = {"door": "mllp", "since": since}
    told = [service.post("outgoing/again", 200, json=said, key="once") for _ in range(2)]
    assert told == [{"again": 3, "left": 0}] * 2
    ended(service, 3)
    until(lambda: len(sent(service, "taken")) == 3, "that all are taken")
    messages = server.messages[before:]
    assert statuses(messages, one) == ["F"]
    assert statuses(messages, two) == ["P", "F"]
    assert service.audit().count("outgoing.again") == 3
    assert again(service, since) == {"again": 0, "left": 0}


def test_those_of_another_door_or_time_stay(service, away):
    since, *_ = away
    assert again(service, now_text()) == {"again": 0, "left": 0}
    assert again(service, "2020-01-01T00:00+00:00", before=since) == {"again": 0, "left": 0}
    said = {"door": "folder", "since": since}
    assert service.post("outgoing/again", 200, json=said) == {"again": 0, "left": 0}
    assert len(refused(service)) == 3
    for wrong in ({"since": since}, {"door": "mllp"}, {"door": "mllp", "since": "yesterday"}):
        service.post("outgoing/again", 422, json=wrong)


def test_those_stay_that_a_later_message_has_overtaken(service, server, away):
    since, _, two = away
    service.sign(two, "boris", "rejected", comment="it is the wrong tube")
    until(lambda: sent(service, "taken"), "that the withdrawal is taken")
    assert again(service, since) == {"again": 1, "left": 0}
    until(lambda: len(sent(service, "taken")) == 2, "the other one")
    assert statuses(server.messages, two)[-1] == "C"
    assert len(refused(service)) == 2


def test_many_are_sent_again_by_more_than_one_call(service, away, monkeypatch):
    monkeypatch.setattr(sent_again, "_MOST", 2)
    since, *_ = away
    assert again(service, since, before=now_text()) == {"again": 2, "left": 1}
    assert again(service, since, before=now_text()) == {"again": 1, "left": 0}


def test_who_does_not_manage_the_laboratory_sends_nothing_again(service, away):
    since, *_ = away
    said = {"door": "mllp", "since": since}
    for key in (service.api_key("read", "analyse"), service.api_key("manage", site="Athens")):
        asked = service.as_key(key["key"])
        assert asked.post("outgoing/again", 403, json=said)["code"] == "NOT_ALLOWED"
