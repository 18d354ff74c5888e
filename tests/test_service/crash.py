"""A service that is killed again and again while clients post samples and it recalculates.

    python tests/test_service/crash.py --kills 20

Nothing that was acknowledged may be lost, nothing done twice, and the audit must hold. The script
goes with `scripts/crash_service.sh`; the tests run it with few kills.
"""

import argparse
import contextlib
import hashlib
import itertools
import random
import secrets
import tempfile
import threading
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from crash_process import Process, answered, until
from laboratory import BEADS, LOT, SAMPLES
from postgresql_server import running

CLIENTS = 4
BLOOD = (SAMPLES / "healthy.fcs").read_bytes()


@dataclass
class Acknowledged:
    """What clients were told is kept: id of the analysis by the key of the request."""

    ids: dict[str, str] = field(default_factory=dict)
    hashes: dict[str, str] = field(default_factory=dict)
    changing: threading.Lock = field(default_factory=threading.Lock)

    def note(self, key, sha256, answer):
        with self.changing:
            assert self.ids.setdefault(key, answer["id"]) == answer["id"], "answered otherwise"
            self.hashes[key] = sha256


class Crash:
    """A laboratory at work, and a service that is killed under it."""

    def __init__(self, folder, url=None, *, port, before, during, seed):
        self.process = Process(folder / "data", port, url)
        self.process.folder.mkdir(parents=True)
        self.before, self.during = before, during
        self.random = random.Random(seed)  # noqa: S311 - when to kill
        self.told = Acknowledged()
        self.killed = threading.Event()
        self.corrections = 0

    def run(self, kills):
        """Kill the service so often, then see that everything is there."""
        self.process.begin()
        try:
            self.work(kills)
        finally:
            self.killed.set()
            self.process.kill()

    def work(self, kills):
        self.secret = self.process.key()
        with self.process.client(self.secret) as client:
            self.process.wait(client)
            calibration = self.prepare(client)
            self.post_all(calibration, "before", lambda posted: posted < self.before)
            recalculations = [self.recalculate(client)]
            posting = threading.Thread(
                target=self.post_all, args=(calibration, "during", self.goes_on)
            )
            posting.start()
            for number in range(kills):
                if number % 4 == 3:  # while it starts
                    time.sleep(self.random.uniform(0.0, 3.0))
                else:
                    self.work_for_a_while(client, recalculations)
                self.process.kill()
                self.process.begin()
            self.killed.set()
            posting.join()
            self.process.wait(client)
            for recalculation in recalculations:
                until(lambda id_=recalculation: self.finished(client, id_), "a recalculation")
            self.check(client, recalculations)

    def goes_on(self, posted):
        return posted < self.during or not self.killed.is_set()

    def work_for_a_while(self, client, recalculations):
        """Until the service has acknowledged something again, and a random time longer."""
        self.process.wait(client)
        if self.finished(client, recalculations[-1]):
            recalculations.append(self.recalculate(client))
        before = len(self.told.ids)
        until(lambda: len(self.told.ids) > before, "a tube that is acknowledged")
        time.sleep(self.random.uniform(0.0, 1.5))

    def prepare(self, client):
        instrument = made(client.post("/api/v1/instruments", json={"name": "Canto"}))
        self.lot = made(
            client.post("/api/v1/lots", json={"number": "1", "assigned": LOT["assigned"]})
        )
        ids = {"lot_id": self.lot["id"], "instrument_id": instrument["id"]}
        files = {"file": ("beads.fcs", BEADS.read_bytes())}
        return made(client.post("/api/v1/calibrations", data=ids, files=files))["id"]

    def recalculate(self, client):
        """Correct the lot, and ask for everything that rests on it."""
        self.corrections += 1
        factor = 1.0 + 0.01 * self.corrections
        corrected = {"number": "1", "assigned": [factor * each for each in LOT["assigned"]]}
        headers = {"If-Match": f'"{self.corrections}"'}
        path = f"/api/v1/lots/{self.lot['id']}"
        made(client.put(path, json={**corrected, "reason": "a slip"}, headers=headers), 200)
        wanted = {"reason": "a slip", "lot_id": self.lot["id"]}
        told = made(client.post("/api/v1/recalculations", json=wanted))
        assert sum(told["items"].values()) >= self.before
        return told["id"]

    def post_all(self, calibration, name, goes_on):
        numbers, taking = itertools.count(), threading.Lock()

        def work():
            with self.process.client(self.secret) as client:
                while True:
                    with taking:
                        number = next(numbers)
                    if not goes_on(number):
                        return
                    key = f"{name}-{number}"
                    until(lambda key=key: self.posted(client, calibration, key), key)

        threads = [threading.Thread(target=work) for _ in range(CLIENTS)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()

    def posted(self, client, calibration, key):
        """Post a tube of its own until it is acknowledged; the same request each time."""
        content = BLOOD + key.encode()
        answer = answered(
            lambda: client.post(
                "/api/v1/analyses",
                files={"file": (f"{key}.fcs", content)},
                data={"calibration_id": calibration, "subject": key},
                headers={"Idempotency-Key": key},
            )
        )
        if answer is None or answer.status_code in {409, 500, 503}:
            return False
        self.told.note(key, hashlib.sha256(content).hexdigest(), made(answer))
        return True

    def finished(self, client, recalculation):
        answer = answered(lambda: client.get(f"/api/v1/recalculations/{recalculation}"))
        told = None if answer is None else made(answer, 200)
        return told if told is not None and told["finished_at"] else None

    def check(self, client, recalculations):
        """Everything acknowledged is there once; every item has one result; the audit holds."""
        assert len(self.told.ids) >= self.before + self.during
        again = Counter()
        for recalculation in recalculations:
            items = made(client.get(f"/api/v1/recalculations/{recalculation}/items"), 200)["items"]
            assert not [each for each in items if each["state"] != "done"]
            again.update(each["analysis_id"] for each in items)
        for key, id_ in self.told.ids.items():
            analysis = made(client.get(f"/api/v1/analyses/{id_}"), 200)
            assert (analysis["version"], analysis["tube"]["subject"]) == (1 + again[id_], key)
            sha256 = self.told.hashes[key]
            stored = self.process.folder / "files" / sha256[:2] / sha256
            assert hashlib.sha256(stored.read_bytes()).hexdigest() == sha256
        assert len(set(self.told.ids.values())) == len(self.told.ids)
        assert self.number_of_analyses(client) == len(self.told.ids)
        assert made(client.post("/api/v1/audit/verification"), 200)["intact"]
        health = made(client.get("/health"), 200)
        assert health["files"] == {"ok": True, "lost": 0}
        self.items = sum(again.values())

    def number_of_analyses(self, client):
        count, after = 0, None
        while True:
            page = {"most": 200} if after is None else {"most": 200, "after": after}
            told = made(client.get("/api/v1/analyses", params=page), 200)
            count, after = count + len(told["analyses"]), told["next"]
            if after is None:
                return count


def made(answer, status=201):
    """What a call answers, if it is as it should be."""
    assert answer.status_code == status, (answer.status_code, answer.text)
    return answer.json()


def main():
    """Run it at length."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kills", type=int, default=20)
    parser.add_argument("--before", type=int, default=500, help="analyses that are recalculated")
    parser.add_argument("--during", type=int, default=200, help="analyses that come meanwhile")
    parser.add_argument("--postgresql", action="store_true", help="not SQLite")
    parser.add_argument("--seed", type=int, default=secrets.randbelow(1_000_000))
    parser.add_argument("--port", type=int, default=8741)
    wanted = parser.parse_args()
    print(f"seed {wanted.seed}", flush=True)
    with contextlib.ExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="hladr-crash-"))
        url = stack.enter_context(running()).fresh() if wanted.postgresql else None
        begun = time.monotonic()
        crash = Crash(
            Path(folder), url, port=wanted.port, before=wanted.before, during=wanted.during,
            seed=wanted.seed,
        )  # fmt: skip
        crash.run(wanted.kills)
    kind = "PostgreSQL" if wanted.postgresql else "SQLite"
    print(
        f"{kind}: {wanted.kills} kills, {crash.items} items, {len(crash.told.ids)} analyses, "
        f"nothing lost, nothing twice; {time.monotonic() - begun:.0f} s"
    )


if __name__ == "__main__":
    main()
