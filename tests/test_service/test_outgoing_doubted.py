"""A tube that is described as somebody else's is not told of the first, before it is signed."""

import datetime as dt
import time

import pytest
from laboratory import describe, release, running, two_people
from receivers import ended, fields, sent, until

from service.doors.courier import courier
from service.doors.courier.courier import Courier
from service.moment import now, written
from service.store.tables import outgoing


@pytest.fixture
def service(settings, server, folder, hasty, monkeypatch):
    monkeypatch.setattr(courier, "_LONGEST_LOOK_SECONDS", 3600)
    more = {"mllp": server.place, "hl7_folder": folder, **hasty}
    with running(settings.model_copy(update=more)) as found:
        two_people(found)
        yield found


@pytest.fixture
def described(service, monkeypatch):
    """A result of X that was not given yet when the laboratory wrote Y."""

    def made(**changes):
        with monkeypatch.context() as nothing_leaves:
            nothing_leaves.setattr(Courier, "_claim", lambda *_: None)
            told = service.analyse(service.calibration(), subject="X")
            release(service, told)
            return describe(service, told, **changes)

    return made


def to_whom(server):
    told = [fields(each) for each in server.messages]
    return [
        (each["PID"][0][3], each["OBX"]["HLADR-ABC"][11], each["OBX"]["HLADR-ABC"][5] != "")
        for each in told
    ]


@pytest.mark.parametrize("changes", [{"subject": "Y"}, {"kind": "control"}])
def test_it_waits_until_that_is_signed_and_the_number_never_goes_to_the_first(
    service, server, folder, described, changes
):
    again = described(**changes)
    until(lambda: len(sent(service, "held")) == 2, "messages that are held")
    assert {each["said"] for each in sent(service)} == {
        "described as another patient's since; it waits until that is signed"
    }
    assert (server.messages, list(folder.iterdir())) == ([], [])
    release(service, again)
    last = [("Y", "F", True)] if "subject" in changes else []
    server.wait(2 + len(last))
    assert to_whom(server) == [("X", "W", False), ("X", "W", False), *last]


def test_what_is_signed_while_somebody_looks_is_not_missed(service, server, described, monkeypatch):
    again = described(subject="Y")
    until(lambda: len(sent(service, "held")) == 2, "messages that are held")
    decided = Courier._held

    def slow(self, *message):
        step = decided(self, *message)
        time.sleep(0.7)  # meanwhile the second signature is there
        return step

    monkeypatch.setattr(Courier, "_held", slow)
    release(service, again)
    server.wait(2)
    assert {each[:2] for each in to_whom(server)} >= {("X", "W")}


def test_what_is_described_as_the_first_patients_again_is_told(service, server, described):
    again = described(subject="Y")
    until(lambda: len(sent(service, "held")) == 2, "messages that are held")
    describe(service, again, subject="X")
    server.wait(1)
    assert to_whom(server) == [("X", "F", True)]


def test_a_file_that_lies_untaken_is_taken_back_at_once(service, folder):
    told = service.analyse(service.calibration(), subject="X")
    release(service, told)
    until(lambda: list(folder.glob("*.hl7")), "the file")
    until(lambda: sent(service, "given"), "that it was given")
    with service.laboratory.database.writing("test") as writing:  # nobody looks for an hour
        later, attempt = written(now() + dt.timedelta(hours=1)), outgoing.c.attempt + 1
        writing.connection.execute(outgoing.update().values(next_at=later, attempt=attempt))
    describe(service, told, subject="Y")
    until(lambda: not list(folder.iterdir()), "an empty folder")


def test_another_visit_of_the_same_patient_holds_nothing(service, server, described):
    described(visit="D7")
    ended(service)
    assert to_whom(server) == [("X", "F", True)]
