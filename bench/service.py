"""The service under load: clients that post samples without a pause, beside the library alone.

    python bench/service.py --write docs/operations.md

Fifty clients post tubes of 60,000 events (with beads of 50,000 to /quantify; to /analyses by a
stored calibration, each tube another file) for a minute each. Clients and service share the
processors; what the clients used themselves is measured and named. The bare loop is the same work
done by the library in as many processes as the service has, with nothing around it.
"""

import argparse
import http.client
import json
import multiprocessing
import os
import resource
import shutil
import signal
import sqlite3
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

sys.path.append(str(Path(__file__).resolve().parent / "peers"))

import job
import machine
import tubes
from page import put

EVENTS, BEADS, PORT = 60_000, 50_000, 8731
BOUNDARY = "----hladr-bench"
PROGRAM = "from service.program import main; main()"


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--clients", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--workers", type=int, default=os.cpu_count() or 1)
    parser.add_argument("--database", metavar="URL", help="PostgreSQL instead of SQLite")
    parser.add_argument("--write", type=Path, metavar="PAGE")
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="hladr-load-") as folder:
        lines = Load(Path(folder), wanted).measured()
    print("\n".join(lines))
    if wanted.write is not None:
        put(wanted.write, "load", ["    python bench/service.py", "", *lines])
    return 0


@dataclass(frozen=True)
class Answered:
    """What clients were answered: statuses, seconds of each answer, processor seconds of all."""

    statuses: dict[int, int]
    seconds: list[float]
    processor: float
    lasted: float

    @property
    def good(self) -> int:
        """How many were answered as they should be."""
        return sum(count for status, count in self.statuses.items() if status in {200, 201})

    @property
    def a_second(self) -> float:
        """Good answers a second."""
        return self.good / self.lasted

    def quantile(self, share: float) -> float:
        """Milliseconds that this share of the answers took at most."""
        return 1e3 * statistics.quantiles(self.seconds, n=100)[round(100 * share) - 1]


class Load:
    """A service on a folder of its own, and what is asked of it."""

    def __init__(self, folder: Path, wanted: argparse.Namespace) -> None:
        self.folder, self.wanted = folder, wanted
        self.blood = tubes.blood_tube(folder / "blood.fcs", EVENTS)
        self.beads = tubes.bead_tube(folder / "beads.fcs", BEADS)

    def measured(self) -> list[str]:
        """Everything, as lines of Markdown."""
        tube = (self.blood, self.beads)
        alone = {
            "quantify": self.bare(_quantified, tube),
            "analyses": self.bare(_analysed, tube),
        }
        with Server(self.folder / "data", self.wanted) as server:
            calibration = server.calibrate(self.beads)
            found = {}
            memory = [server.memory()]
            for call, body in (
                ("quantify", self.quantify_body()),
                ("analyses", self.analysis_body(calibration)),
            ):
                found[call] = clients(self.wanted, f"/api/v1/{call}", body, server.key)
                memory.append(server.memory())
            kept = server.rows()
        self._check(found, kept)
        return [machine.description(), "", *self._table(alone, found, memory)]

    def bare(self, work: object, tube: tuple[Path, Path]) -> float:
        """Samples a second of the library alone, in as many processes as the service has."""
        seconds = min(self.wanted.seconds, 15.0)
        context = multiprocessing.get_context("spawn")
        with context.Pool(self.wanted.workers) as pool:
            counts = pool.starmap(work, [(*tube, seconds)] * self.wanted.workers)
        return sum(counts)

    def quantify_body(self) -> tuple[bytes, bytes]:
        fields = _field("lot", job.LOT)
        beads = _file("beads", self.beads.read_bytes())
        return fields + beads + _head("sample"), self.blood.read_bytes()

    def analysis_body(self, calibration: str) -> tuple[bytes, bytes]:
        fields = _field("calibration_id", calibration) + _field("subject", "load")
        return fields + _head("file"), self.blood.read_bytes()

    def _check(self, found: dict[str, Answered], kept: int | None) -> None:
        for call, answered in found.items():
            if set(answered.statuses) - {200, 201}:
                raise SystemExit(f"{call}: {answered.statuses}")
        if kept is not None and kept != found["analyses"].good:
            raise SystemExit(f"{found['analyses'].good} acknowledged, {kept} kept")

    def _table(
        self, alone: dict[str, float], found: dict[str, Answered], memory: list[float]
    ) -> list[str]:
        clients, seconds = self.wanted.clients, self.wanted.seconds
        database = "PostgreSQL" if self.wanted.database else "SQLite"
        before, between, after = (f"{each:.0f}" for each in memory)
        said = (
            f"{clients} clients for {seconds:.0f} s each call, {self.wanted.workers} processes of "
            f"the service, {database}. No error, and every acknowledged analysis is kept. The "
            f"largest process of the service had {before} MiB before, {between} after the first "
            f"call, {after} after the second."
        )
        lines = [
            said,
            "",
            (
                "| call | a second | library alone, a second | share | median, ms | p95, ms "
                "| clients' share of the processors |"
            ),
            "| --- | ---: | ---: | ---: | ---: | ---: | ---: |",
        ]
        for call, answered in found.items():
            used = answered.processor / answered.lasted / (os.cpu_count() or 1)
            lines.append(
                f"| `/{call}` | {answered.a_second:.1f} | {alone[call]:.1f} "
                f"| {answered.a_second / alone[call]:.0%} | {answered.quantile(0.5):.0f} "
                f"| {answered.quantile(0.95):.0f} | {used:.0%} |"
            )
        return lines


class Server:
    """``hladr serve`` as a process."""

    def __init__(self, data: Path, wanted: argparse.Namespace) -> None:
        self.data, self.wanted = data, wanted

    def __enter__(self) -> "Server":
        settings = {"HLADR_LEAST_FREE": "0", "HLADR_REQUESTS_A_MINUTE": "1000000"}
        if self.wanted.database:
            settings["HLADR_DATABASE_URL"] = self.wanted.database
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, "serve", "--data", str(self.data), "--port", str(PORT),
             "--workers", str(self.wanted.workers)],
            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
            env={**os.environ, **settings}, start_new_session=True,
        )  # fmt: skip
        self.key = self.process.stdout.readline().partition(": ")[2].strip()
        try:
            self._wait()
        except BaseException:
            os.killpg(self.process.pid, signal.SIGKILL)
            raise
        return self

    def __exit__(self, *_error: object) -> None:
        os.killpg(self.process.pid, signal.SIGTERM)
        try:
            self.process.wait(60)
        except subprocess.TimeoutExpired:
            os.killpg(self.process.pid, signal.SIGKILL)
        shutil.rmtree(self.data, ignore_errors=True)

    def _wait(self) -> None:
        for _ in range(300):
            try:
                if ask("GET", "/health", self.key)[0] == 200:
                    return
            except OSError:
                pass
            time.sleep(0.2)
        raise SystemExit("the service does not answer")

    def calibrate(self, beads: Path) -> str:
        """Register instrument and lot, and calibrate; the id of the calibration."""
        instrument = self._made("instruments", json.dumps({"name": "bench"}).encode())
        assigned = list(map(float, job.LOT.split(",")))
        lot = self._made("lots", json.dumps({"number": "bench", "assigned": assigned}).encode())
        fields = _field("lot_id", lot) + _field("instrument_id", instrument)
        body = fields + _file("file", beads.read_bytes()) + _END
        return self._made("calibrations", body, FORM)

    def _made(self, what: str, body: bytes, kind: str = "application/json") -> str:
        status, said = ask("POST", f"/api/v1/{what}", self.key, body, kind)
        if status != 201:
            raise SystemExit(said.decode())
        return json.loads(said)["id"]

    def memory(self) -> float:
        """MiB of the largest process now."""
        tree = [self.process.pid, *_children(self.process.pid)]
        return max(map(_resident, tree))

    def rows(self) -> int | None:
        """Analyses that are kept; None where the database is not SQLite."""
        if self.wanted.database:
            return None
        with sqlite3.connect(f"file:{self.data}/hladr.sqlite?mode=ro", uri=True) as store:
            return int(store.execute("SELECT count(*) FROM analyses").fetchone()[0])


FORM = f"multipart/form-data; boundary={BOUNDARY}"
_END = f"\r\n--{BOUNDARY}--\r\n".encode()


def _field(name: str, value: str) -> bytes:
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"\r\n\r\n'
    return f"{head}{value}\r\n".encode()


def _head(name: str) -> bytes:
    said = f'Content-Disposition: form-data; name="{name}"; filename="{name}.fcs"'
    return f"--{BOUNDARY}\r\n{said}\r\nContent-Type: application/octet-stream\r\n\r\n".encode()


def _file(name: str, content: bytes) -> bytes:
    return _head(name) + content + b"\r\n"


def ask(
    method: str, path: str, key: str, body: bytes | None = None, kind: str = "application/json"
) -> tuple[int, bytes]:
    """One question on a connection of its own."""
    connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=60)
    try:
        headers = {"Authorization": f"Bearer {key}", "Content-Type": kind}
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()


def clients(wanted: argparse.Namespace, path: str, body: tuple[bytes, bytes], key: str) -> Answered:
    """Have clients post for a while, in a process of their own."""
    context = multiprocessing.get_context("spawn")
    with context.Pool(1) as pool:
        return pool.apply(_clients, (wanted.clients, wanted.seconds, path, body, key))


def _clients(
    number: int, seconds: float, path: str, body: tuple[bytes, bytes], key: str
) -> Answered:
    statuses: dict[int, int] = {}
    taken: list[float] = []
    changing = threading.Lock()
    before, begun = _processor_seconds(), time.monotonic()

    def client(place: int) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", PORT, timeout=120)
        connection.connect()
        turn = 0
        while time.monotonic() - begun < seconds:
            asked = time.monotonic()
            status = _post(connection, path, body, b"%d-%d" % (place, turn), key)
            with changing:
                taken.append(time.monotonic() - asked)
                statuses[status] = statuses.get(status, 0) + 1
            turn += 1

    threads = [threading.Thread(target=client, args=(place,)) for place in range(number)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    lasted = time.monotonic() - begun
    return Answered(statuses, taken, _processor_seconds() - before, lasted)


def _post(
    connection: http.client.HTTPConnection,
    path: str,
    body: tuple[bytes, bytes],
    mark: bytes,
    key: str,
) -> int:
    """Post a form whose last file ends in a mark of its own."""
    pieces = (*body, mark, _END)
    connection.putrequest("POST", path)
    connection.putheader("Authorization", f"Bearer {key}")
    connection.putheader("Content-Type", FORM)
    connection.putheader("Content-Length", str(sum(map(len, pieces))))
    connection.endheaders()
    for piece in pieces:
        connection.sock.sendall(piece)
    answer = connection.getresponse()
    answer.read()
    return answer.status


def _quantified(blood: Path, beads: Path, seconds: float) -> float:
    import hladr

    return _a_second(lambda: hladr.quantify(blood, beads=beads, lot=job.LOT).to_dict(), seconds)


def _analysed(blood: Path, beads: Path, seconds: float) -> float:
    import hladr
    from hladr.assay import load_assay
    from hladr.bead_run import calibrate_beads

    run = calibrate_beads(beads, job.LOT, assay=load_assay("quantibrite-340827"))
    return _a_second(lambda: hladr.quantify(blood, curve=run).to_dict(), seconds)


def _a_second(work: object, seconds: float) -> float:
    for _ in range(5):
        work()
    done, begun = 0, time.monotonic()
    while (lasted := time.monotonic() - begun) < seconds:
        work()
        done += 1
    return done / lasted


def _processor_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def _children(pid: int) -> list[int]:
    found = []
    for task in Path(f"/proc/{pid}/task").glob("*/children"):
        for child in map(int, task.read_text().split()):
            found += [child, *_children(child)]
    return found


def _resident(pid: int) -> float:
    try:
        lines = Path(f"/proc/{pid}/status").read_text(encoding="ascii").splitlines()
    except OSError:
        return 0.0
    return next((int(line.split()[1]) for line in lines if line.startswith("VmRSS")), 0) / 1024


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    sys.exit(main())
