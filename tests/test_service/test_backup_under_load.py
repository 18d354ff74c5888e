"""What was acknowledged while a backup was made comes back, on either database."""

import contextlib
import shutil
import threading

import httpx2
from laboratory import BEADS, LOT, SAMPLES, running
from operator_at_work import Operator, empty_database, service_settings
from process import QUICK, serving

BLOOD = (SAMPLES / "healthy.fcs").read_bytes()
CLIENTS = 3


class Clients:
    """Clients that post tubes of their own until they are told to stop."""

    def __init__(self, process):
        self.process, self.told, self.stop = process, {}, threading.Event()
        self.client = httpx2.Client(
            base_url=process.address, headers={"Authorization": f"Bearer {process.key}"}, timeout=60
        )
        self.calibration = self.prepare()
        self.threads = [threading.Thread(target=self.work, args=(n,)) for n in range(CLIENTS)]

    def made(self, path, **more):
        answer = self.client.post(f"/api/v1/{path}", **more)
        assert answer.status_code == 201, answer.text
        return answer.json()

    def prepare(self):
        instrument = self.made("instruments", json={"name": "Canto"})
        lot = self.made("lots", json={"number": "1", "assigned": LOT["assigned"]})
        ids = {"lot_id": lot["id"], "instrument_id": instrument["id"]}
        files = {"file": ("beads.fcs", BEADS.read_bytes())}
        return self.made("calibrations", data=ids, files=files)["id"]

    def work(self, client):
        for number in range(1000):
            if self.stop.is_set():
                return
            name = f"{client}-{number}"
            files = {"file": (f"{name}.fcs", BLOOD + name.encode())}
            said = {"calibration_id": self.calibration, "subject": name}
            self.told[self.made("analyses", data=said, files=files)["id"]] = name

    def wait_for(self, number):
        while len(self.told) < number:
            assert not self.stop.wait(0.02)

    def answers(self):
        return {id_: self.client.get(f"/api/v1/analyses/{id_}").json() for id_ in self.told}

    def __enter__(self):
        for each in self.threads:
            each.start()
        return self

    def __exit__(self, *_):
        self.stop.set()
        for each in self.threads:
            each.join()


def test_what_was_acknowledged_under_load_comes_back_on_either_database(
    request, tmp_path, database_url, operator
):
    named = {} if database_url is None else {"database_url": database_url}
    with serving(tmp_path, "--data", "data", program=QUICK, **named) as process:
        with Clients(process) as clients:
            clients.wait_for(4)
            before = set(clients.told)
            operator.call("backup", "--data", "data", "-o", "backups")
            clients.wait_for(len(before) + 4)
        first = max((tmp_path / "backups").glob("*Z"))
        operator.call("backup", "--data", "data", "-o", "backups")
        with contextlib.closing(clients.client) as client:
            answers, head = clients.answers(), client.get("/api/v1/audit/head").json()
        key = process.key
    shutil.rmtree(tmp_path / "data")

    there = Operator(tmp_path, empty_database(request, database_url))
    ran = there.call("restore", "backups", "--data", "data", "--verify")
    assert f"audit intact: {head['seq']} rows, the last one {head['hash']}" in ran.stderr
    some = min(len(answers), 50)
    assert f"{some} results measured again: {some} the same\n" in ran.stderr
    with running(service_settings(tmp_path / "data", there.url)) as found:
        service = found.as_key(key)
        assert service.get("audit/head") == head
        assert service.post("audit/verification", 200)["intact"]
        assert service.get("/health")["files"] == {"ok": True, "lost": 0}
        for id_, answer in answers.items():
            assert service.get(f"analyses/{id_}") == answer

    early = Operator(tmp_path, empty_database(request, database_url))
    early.call("restore", first, "--data", "early", "--verify-all")
    with running(service_settings(tmp_path / "early", early.url)) as found:
        service = found.as_key(key)
        assert service.get("/health")["files"]["lost"] == 0
        for id_ in before:
            assert service.get(f"analyses/{id_}") == answers[id_]
