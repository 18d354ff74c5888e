"""What a restored service was about to send waits for a person: the receiver may know better."""

import shutil
import signal

import pytest
from laboratory import release, running, two_people
from operator_at_work import service_settings
from process import free_port
from receivers import TOKEN, RedcapServer, begun, ended, sent

from service.doors.courier.courier import Courier

STATUS = ("hladr_status", "hladr_abc")


@pytest.fixture
def project(tmp_path):
    with begun(RedcapServer(tmp_path / "redcap")) as found:
        yield found


@pytest.fixture
def door(project, tmp_path, hasty):
    token = tmp_path / "token"
    token.write_text(TOKEN)
    return {"redcap_url": project.url, "redcap_token_file": token, **hasty}


def test_a_number_that_was_withdrawn_after_the_backup_does_not_come_back(
    settings, project, door, operator, there, tmp_path, monkeypatch
):
    opened = settings.model_copy(update=door)
    with monkeypatch.context() as nothing_leaves, running(opened) as service:
        nothing_leaves.setattr(Courier, "_claim", lambda *_: None)
        two_people(service)
        told = service.analyse(service.calibration())
        release(service, told)
        operator.backup(settings.data_dir, "backups")
        key = service.key
    with running(opened) as again:
        service = again.as_key(key)
        ended(service)
        service.sign(told, "boris", "rejected", comment="it is the wrong tube")
        ended(service, 2)
    before = {name: project.records[told["id"]][name] for name in STATUS}
    assert before == {"hladr_status": "withdrawn", "hladr_abc": ""}
    shutil.rmtree(settings.data_dir)
    said = there.call("restore", "backups", "--data", "new", "--verify").stderr
    assert "audit intact" in said
    assert "1 messages to other systems were not sent" in said
    restored = service_settings(tmp_path / "new", there.url)
    with running(restored.model_copy(update=door)) as found:
        service = found.as_key(key)
        [message] = sent(service)
        assert message["state"] == "refused"
        assert message["said"] == (
            "restored from a backup: look at what the receiver has, then send again"
        )
        assert service.get("/health")["outgoing"]["refused"] == 1
        assert {name: project.records[told["id"]][name] for name in STATUS} == before
        assert service.audit()[-1] == "outgoing.refused"
        service.sign(told, "boris", "rejected", comment="it is the wrong tube")
        ended(service, 2)
        service.post(f"outgoing/{message['id']}/again", 409)
        assert {name: project.records[told["id"]][name] for name in STATUS} == before


KILLED = """
import os, signal, sys
from importlib import import_module
ending, module, name = (sys.argv.pop() for _ in range(3))
def killed(*_, **__):
    os.kill(os.getpid(), getattr(signal, ending))
setattr(import_module(module), name, killed)
from service.program import main
main()
"""
PLACES = [
    ("settle", "service.backups.restoring"),
    ("_prove", "service.operating.restore"),
    ("stop_sending", "service.backups.stopping"),
]


@pytest.fixture
def untold(settings, door, operator, monkeypatch):
    """A result that was about to be sent when the backup was made, and a key."""
    with monkeypatch.context() as nothing_leaves:
        nothing_leaves.setattr(Courier, "_claim", lambda *_: None)
        with running(settings.model_copy(update=door)) as service:
            two_people(service)
            told = service.analyse(service.calibration())
            release(service, told)
            operator.backup(settings.data_dir, "backups")
            return told, service.key


@pytest.mark.usefixtures("untold")
@pytest.mark.parametrize(
    ("where", "ending"), [*((each, "SIGKILL") for each in PLACES), (PLACES[1], "SIGHUP")]
)
def test_nothing_is_sent_by_a_service_on_what_a_restore_left_that_was_killed(
    project, door, there, where, ending
):
    arguments = ("restore", "backups", "--data", "new", "--verify")
    ran = there.run(*arguments, *where, ending, program=KILLED)
    assert ran.returncode == -getattr(signal, ending)
    served = there.run("serve", "--data", "new", "--port", free_port(), **door)
    assert served.returncode == 2
    assert "RESTORE_UNENDED" in served.stderr
    assert project.records == {}
    told = there.call("doctor", "--data", "new", port=free_port(), status=1).stdout
    assert "a restore has not ended" in told


def test_what_a_person_sends_again_leaves(untold, project, door, there, tmp_path):
    told, key = untold
    there.call("restore", "backups", "--data", "new")
    restored = service_settings(tmp_path / "new", there.url)
    with running(restored.model_copy(update=door)) as found:
        service = found.as_key(key)
        assert project.records == {}
        service.post(f"outgoing/{sent(service)[0]['id']}/again", 200)
        assert ended(service)[0]["state"] == "taken"
        assert project.records[told["id"]]["hladr_status"] == "final"
