"""HL7 into a folder: a file is whole or not there, and its new name says what became of it."""

import hashlib
import time
from pathlib import Path

import pytest
from laboratory import release, running, two_people
from receivers import ended, fields, sent, until

from service.doors.courier import courier
from service.doors.courier.courier import Courier


@pytest.fixture
def database_url():
    return None


@pytest.fixture
def service(settings, folder, hasty, monkeypatch):
    monkeypatch.setattr(courier, "_LONGEST_LOOK_SECONDS", 0.05)
    with running(settings.model_copy(update={"hl7_folder": folder, **hasty})) as found:
        two_people(found)
        yield found


def given(service, number=1):
    """Messages that lie in the folder."""
    until(lambda: len(sent(service, "given")) == number, f"{number} files")
    return sent(service, "given")


def only(folder):
    [path] = folder.iterdir()
    return path


def test_a_file_lies_there_until_it_is_renamed(service, folder):
    analysis = service.analyse(service.calibration())
    release(service, analysis)
    [message] = given(service)
    path = only(folder)
    assert path.name == f"{message['message_id']}.hl7"
    assert path.stat().st_mode & 0o777 == 0o640
    assert path.read_bytes() == service.call("GET", f"analyses/{analysis['id']}/hl7").content
    path.rename(f"{path}.ok")
    [message] = ended(service)
    assert (message["state"], message["said"], message["tries"]) == ("taken", None, 0)
    assert only(folder).name.endswith(".hl7.ok")
    assert service.audit()[-3:] == ["outgoing.waiting", "outgoing.given", "outgoing.taken"]


def test_a_file_that_is_refused_says_why_and_is_given_again_on_request(service, folder):
    release(service, service.analyse(service.calibration()))
    given(service)
    path = only(folder)
    path.write_bytes("no such order \x1b[31m\r\nask é".encode() + b"\xff" + b"x" * 10_000)
    path.rename(f"{path}.err")
    [message] = ended(service)
    assert message["state"] == "refused"
    assert message["said"].startswith("no such order [31m ask é\ufffdxx")
    assert len(message["said"]) == 500
    service.post(f"outgoing/{message['id']}/again", 200)
    given(service)
    only(folder).rename(f"{path}.ok")
    assert ended(service)[0]["state"] == "taken"


def test_a_file_that_goes_without_a_word_comes_again(service, folder):
    release(service, service.analyse(service.calibration()))
    given(service)
    only(folder).unlink()
    until(lambda: list(folder.iterdir()), "the file again")
    given(service)
    only(folder).rename(f"{only(folder)}.ok")
    [message] = ended(service)
    assert (message["state"], message["tries"]) == ("taken", 1)


def test_a_number_that_is_rejected_meanwhile_lies_there_no_more(service, folder):
    analysis = service.analyse(service.calibration())
    number = f"|{analysis['result']['hla_dr']['abc']:.0f}|".encode()
    release(service, analysis)
    given(service)
    path = only(folder)
    assert number in path.read_bytes()
    service.sign(analysis, "boris", "rejected", comment="it is the wrong tube")
    until(lambda: number not in path.read_bytes(), "the file without the number")
    assert fields(path.read_bytes())["OBX"]["HLADR-ABC"][11] == "W"
    assert only(folder) == path  # the withdrawal waits until this one is taken
    path.rename(f"{path}.ok")
    [other] = until(lambda: list(folder.glob("*.hl7")), "the withdrawal")
    assert fields(other.read_bytes())["OBR"][0][25] == "C"


def test_a_folder_that_is_away_is_waited_for(service, folder):
    away = folder.rename(folder.with_name("away"))
    service.laboratory.settings.__dict__["send_tries"] = 10**6
    release(service, service.analyse(service.calibration()))
    until(lambda: sent(service)[0]["tries"] > 1, "tries in vain")
    assert sent(service)[0]["said"] == "the folder: No such file or directory"
    away.rename(folder)
    given(service)
    assert [path.suffix for path in folder.iterdir()] == [".hl7"]


def test_links_that_somebody_lays_into_the_folder_are_not_followed(service, folder, tmp_path):
    secret = tmp_path / "secret"
    secret.write_text("a secret")
    release(service, service.analyse(service.calibration()))
    [message] = given(service)
    path = only(folder)
    path.unlink()
    (folder / f".{path.stem}.new").symlink_to(secret)
    until(path.is_file, "the file again")
    assert not path.is_symlink()
    assert secret.read_text() == "a secret"
    given(service)
    Path(f"{path}.err").symlink_to(secret)
    [message] = ended(service)
    assert (message["state"], message["said"]) == ("refused", "")
    assert not path.exists()


@pytest.mark.parametrize(("ending", "state"), [("ok", "taken"), ("err", "refused")])
def test_the_audit_has_the_hash_of_what_was_there_to_be_taken(
    service, folder, monkeypatch, ending, state
):
    analysis = service.analyse(service.calibration())
    release(service, analysis)
    given(service)
    path = only(folder)
    taken = hashlib.sha256(path.read_bytes()).hexdigest()
    with monkeypatch.context() as nobody_looks:
        nobody_looks.setattr(Courier, "_claim", lambda *_: None)
        time.sleep(0.2)  # for a look that is under way
        path.rename(f"{path}.{ending}")
        service.sign(analysis, "boris", "rejected", comment="it is the wrong tube")
    [message] = ended(service)
    assert (message["state"], message["content_sha256"]) == (state, taken)
    entries = service.get("audit?most=1000")["entries"]
    [entry] = [each for each in entries if each["action"] == f"outgoing.{state}"]
    assert entry["facts"]["content_sha256"] == taken
