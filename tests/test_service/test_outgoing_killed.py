"""A service that is killed between sending and noting sends again, under the same id."""

import os
import signal

import httpx2
import pytest
from laboratory import BEADS, LOT, PASSWORD, SAMPLES, part
from process import QUICK, serving
from receivers import fields, until


@pytest.fixture
def settings(tmp_path, database_url, server):
    known = {
        "data_dir": tmp_path / "data", "mllp": server.place, "send_seconds": 1,
        "lease_seconds": 0.5, "two_person": "false", "longest_pause_seconds": 1,
    }  # fmt: skip
    return known if database_url is None else {**known, "database_url": database_url}


class Client:
    def __init__(self, address, key):
        self.address, self.headers = f"{address}/api/v1/", {"Authorization": f"Bearer {key}"}

    def call(self, method, path, status=201, version=None, **more):
        headers = self.headers if version is None else {**self.headers, "If-Match": f'"{version}"'}
        answer = httpx2.request(method, self.address + path, headers=headers, timeout=30, **more)
        assert answer.status_code == status, answer.text
        return answer.json()

    def prepare(self):
        user = {"name": "anna", "full_name": "Anna", "roles": ["technician", "reviewer"]}
        self.call("POST", "users", json={**user, "password": PASSWORD})
        lot = self.call("POST", "lots", json={"number": "1", "assigned": LOT["assigned"]})
        instrument = self.call("POST", "instruments", json={"name": "Canto"})
        ids = {"lot_id": lot["id"], "instrument_id": instrument["id"]}
        files = {"file": part(BEADS)}
        self.calibration = self.call("POST", "calibrations", files=files, data=ids)["id"]

    def sign(self, file):
        said = {"subject": "blood", "calibration_id": self.calibration}
        made = self.call("POST", "analyses", files={"file": part(SAMPLES / file)}, data=said)
        signature = {"name": "anna", "password": PASSWORD, "meaning": "performed"}
        path = f"analyses/{made['id']}/signatures"
        return self.call("POST", path, json=signature, version=made["version"])

    def messages(self):
        return self.call("GET", "outgoing", 200)["messages"]


def kill(process):
    os.killpg(process.process.pid, signal.SIGKILL)
    process.process.wait()


def test_what_was_sent_and_not_noted_is_sent_again_and_never_lost(tmp_path, settings, server):
    server.behave("slow 60")
    with serving(tmp_path, program=QUICK, **settings) as process:
        key = process.key
        client = Client(process.address, key)
        client.prepare()
        signed = [client.sign(file) for file in ("healthy.fcs", "borderline.fcs")]
        server.wait(1)  # it has the message, and has not acknowledged it
        kill(process)
    assert len(server.messages) >= 1
    for number in range(2):
        before = len(server.messages)
        with serving(tmp_path, program=QUICK, **settings) as process:
            until(lambda before=before: len(server.messages) > before, f"repeat {number}")
            kill(process)
    server.behave("ok")
    with serving(tmp_path, program=QUICK, **settings) as process:
        client = Client(process.address, key)
        until(lambda: all(each["state"] == "taken" for each in client.messages()), "both taken")
        told = [fields(each) for each in server.messages]
        by_analysis = {}
        for each in told:
            by_analysis.setdefault(each["OBR"][0][3], set()).add(each["MSH"][0][9])
        assert set(by_analysis) == {f"{each['id']}^HLADR" for each in signed}
        assert all(len(ids) == 1 for ids in by_analysis.values())
        assert len(set(server.messages)) == 2
        assert len(server.messages) > 2
        assert client.call("POST", "audit/verification", 200)["intact"]
