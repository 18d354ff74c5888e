"""What an embargo hides is held at the door, and leaves by itself when the study is unblinded."""

import time

import pytest
from laboratory import answer, describe, release, running, tube_file, two_people
from receivers import ended, fields, sent, until

from service.doors.courier.courier import Courier

RANDOMISED = "2026-03-14T08:00:00+00:00"
BEFORE, AFTER = "2026-03-14T07:30", "2026-03-14T08:30"


@pytest.fixture
def service(settings, server, folder, hasty):
    more = {"mllp": server.place, "hl7_folder": folder, **hasty}
    with running(settings.model_copy(update=more)) as found:
        two_people(found)
        yield found


def study(service):
    return service.post("studies", json={"name": "ImmunoSep"})


def randomise(service, study):
    path = f"studies/{study['id']}/subjects/ATH-0101"
    service.put(path, json={"randomised_at": RANDOMISED})


def of_trial(service, study, drawn_at):
    file = tube_file(_SRC="ATH-0101")
    said = {"subject": "ATH-0101", "study": study["id"], "drawn_at": drawn_at}
    return service.analyse(service.calibration(), file, **said)


def held(service):
    until(lambda: len(sent(service, "held")) == 2, "messages that are held")
    return sent(service, "held")


def test_a_hidden_number_is_held_until_the_study_is_unblinded(service, server, folder):
    trial = study(service)
    randomise(service, trial)
    told = of_trial(service, trial, AFTER)
    release(service, told)
    assert {each["said"] for each in held(service)} == {"EMBARGOED"}
    refused = service.get(f"analyses/{told['id']}/hl7", 403)
    assert (refused["code"], refused["study_id"]) == ("EMBARGOED", trial["id"])
    assert service.get(f"analyses/{told['id']}/redcap", 403)["code"] == "EMBARGOED"
    assert (server.messages, list(folder.iterdir())) == ([], [])
    assert service.get("/health")["outgoing"]["ok"]
    service.post(f"studies/{trial['id']}/unblinding", 200, json={"reason": "it is over"})
    ended(service)
    [content] = server.messages
    assert fields(content)["OBX"]["HLADR-ABC"][5] != ""
    until(lambda: [path.read_bytes() for path in folder.glob("*.hl7")] == [content], "the file")


def test_another_study_that_is_unblinded_opens_nothing(service, server):
    trial, other = study(service), service.post("studies", json={"name": "Another"})
    randomise(service, trial)
    release(service, of_trial(service, trial, AFTER))
    before = {each["id"]: each["next_at"] for each in held(service)}
    service.post(f"studies/{other['id']}/unblinding", 200, json={"reason": "it is over"})
    until(
        lambda: (
            all(each["next_at"] > before[each["id"]] for each in sent(service, "held"))
            and len(sent(service, "held")) == 2
        ),
        "another look",
    )
    assert server.messages == []


def test_what_lies_in_the_folder_when_its_subject_is_randomised_is_taken_back(
    service, server, folder
):
    trial = study(service)
    told = of_trial(service, trial, AFTER)
    release(service, told)
    server.wait(1)
    until(lambda: list(folder.glob("*.hl7")), "a file")
    randomise(service, trial)
    until(lambda: sent(service, "held"), "a message that is held")
    assert list(folder.iterdir()) == []


def test_a_hidden_number_that_is_rejected_leaves_as_withdrawn_alone(service, server):
    trial = study(service)
    randomise(service, trial)
    told = of_trial(service, trial, AFTER)
    number = f"|{told['result']['hla_dr']['abc']:.0f}|".encode()
    release(service, told)
    service.sign(told, "boris", "rejected", comment="it is the wrong tube")
    held(service)
    assert server.messages == []
    service.post(f"studies/{trial['id']}/unblinding", 200, json={"reason": "it is over"})
    server.wait(2)
    assert [fields(each)["OBX"]["HLADR-ABC"][11] for each in server.messages] == ["W", "W"]
    assert not any(number in each for each in server.messages)


def statuses(messages):
    return [fields(each)["OBX"]["HLADR-ABC"][11] for each in messages]


def test_what_was_told_of_another_patient_is_withdrawn_while_a_study_hides_it(service, server):
    told = service.analyse(service.calibration(), subject="P-1", ferritin_ng_ml="812")
    release(service, told, comment="a word on the first")
    server.wait(1)
    trial = study(service)
    randomise(service, trial)
    again = describe(service, told, subject="ATH-0101", study=trial["id"], drawn_at=AFTER)
    for finding in again["open_findings"]:
        again = answer(service, again, finding)
    release(service, again)
    server.wait(2)
    until(lambda: "held" in {each["state"] for each in sent(service)}, "one that is held")
    first, second = (fields(each) for each in server.messages)
    assert statuses(server.messages) == ["F", "W"]
    assert first["PID"][0][3] == second["PID"][0][3] == "P-1"
    assert second["OBX"]["HLADR-CLASS"][5].split("^")[0] == "undetermined"
    assert not any(each[5] for code, each in second["OBX"].items() if code != "HLADR-CLASS")
    withdrawal = server.messages[1].decode()
    for word in ("812", "word", "ATH-0101", first["OBX"]["HLADR-ABC"][5]):
        assert word not in withdrawal, word
    assert {each[3] for each in second["NTE"]} == {
        "Research use only; not for diagnosis.",
        "In the place of what was told before",
        "Class by criterion immunosep-2025, version 1.",
        "Withdrawn: the number that was given out may not be used.",
    }


def test_a_rejection_after_the_subject_was_randomised_is_told_to_who_has_the_number(
    service, server, folder
):
    told = of_trial(service, study(service), AFTER)
    service.sign(told, "anna", "preliminary")
    server.wait(1)
    path = until(lambda: list(folder.glob("*.hl7")), "a file")[0]
    path.rename(f"{path}.ok")
    until(lambda: len(sent(service, "taken")) == 2, "both")
    randomise(service, {"id": told["tube"]["study"]})
    release(service, told)
    held(service)
    service.sign(told, "boris", "rejected", comment="it is the wrong tube")
    server.wait(2)
    assert statuses(server.messages) == ["P", "W"]
    content = until(lambda: list(folder.glob("*.hl7")), "the withdrawal")[0].read_bytes()
    assert content == server.messages[1]
    assert b"wrong tube" not in content
    over = sent(service, "refused")
    assert {each["said"] for each in over} == {"withdrawn before it was given"}


def test_what_was_taken_as_its_subject_was_randomised_is_withdrawn_as_well(
    service, folder, monkeypatch
):
    trial = study(service)
    told = of_trial(service, trial, AFTER)
    release(service, told)
    path = until(lambda: list(folder.glob("*.hl7")), "a file")[0]
    until(lambda: sent(service, "given"), "that it was given")
    with monkeypatch.context() as nobody_looks:
        nobody_looks.setattr(Courier, "_claim", lambda *_: None)
        time.sleep(0.2)  # for a look that is under way
        path.rename(f"{path}.ok")
        randomise(service, trial)
        service.sign(told, "boris", "rejected", comment="it is the wrong tube")
    [path] = until(lambda: list(folder.glob("*.hl7")), "the withdrawal")
    assert statuses([path.read_bytes()]) == ["W"]


def test_what_was_drawn_before_leaves_at_once(service, server):
    trial = study(service)
    randomise(service, trial)
    release(service, of_trial(service, trial, BEFORE))
    assert len(server.wait(1)) == 1


def test_a_draw_that_is_corrected_is_held_from_then_on(service, server):
    trial = study(service)
    randomise(service, trial)
    told = of_trial(service, trial, BEFORE)
    release(service, told)
    server.wait(1)
    again = describe(service, told, drawn_at=AFTER)
    release(service, again)
    until(lambda: sent(service, "held"), "a message that is held")
    assert len(server.messages) == 1
