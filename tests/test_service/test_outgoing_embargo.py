"""What an embargo hides is held at the door, and leaves by itself when the study is unblinded."""

import pytest
from laboratory import describe, release, running, tube_file, two_people
from receivers import MllpServer, begun, ended, fields, sent, until

RANDOMISED = "2026-03-14T08:00:00+00:00"
BEFORE, AFTER = "2026-03-14T07:30", "2026-03-14T08:30"


@pytest.fixture
def server(tmp_path):
    with begun(MllpServer(tmp_path / "mllp")) as found:
        yield found


@pytest.fixture
def folder(tmp_path):
    made = tmp_path / "to-the-lis"
    made.mkdir()
    return made


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
