"""How long a technician waits for the new number after a gate was moved.

    python bench/regate.py
    python bench/regate.py --events 300000 --moves 200 --workers 2

A service of its own on SQLite, asked over HTTP, one tube after another as at the bench. The first
move of a tube opens its file and gates it; those that follow rest on what each process has kept.
A connection of its own for every move, so that any of the processes may answer.
"""

import argparse
import contextlib
import http.client
import json
import os
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from hladr.simulate import simulate_pair

PROGRAM = "from service.program import main; main()"
GATE, BOUNDARY = "monocytes_by_cd14", "----hladr-regate"
LIMIT = 0.200  # seconds, p95 of the moves that follow


class Client:
    """Asks a service, on a connection of its own each time."""

    def __init__(self, port: int, key: str) -> None:
        self.port, self.key = port, key

    def ask(self, method: str, path: str, body: bytes | None = None, **headers: str) -> dict:
        """Return what is answered."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
        try:
            head = {"Authorization": f"Bearer {self.key}", **headers}
            connection.request(method, path, body, head)
            answer = connection.getresponse()
            said = answer.read()
        finally:
            connection.close()
        if answer.status not in {200, 201}:
            raise SystemExit(f"{method} {path}: {answer.status} {said.decode()}")
        return json.loads(said)

    def send(self, path: str, wanted: object, **headers: str) -> dict:
        """Send JSON."""
        body = json.dumps(wanted).encode()
        return self.ask("POST", path, body, **{"Content-Type": "application/json", **headers})

    def upload(self, path: str, file: Path, **fields: str) -> dict:
        """Send a form with a file."""
        parts = [_part(f'name="{name}"', text.encode()) for name, text in fields.items()]
        parts.append(_part(f'name="file"; filename="{file.name}"', file.read_bytes()))
        body = b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()
        kind = {"Content-Type": f"multipart/form-data; boundary={BOUNDARY}"}
        return self.ask("POST", path, body, **kind)

    def moved(self, analysis: dict, **wanted: object) -> tuple[dict, float]:
        """Change the gates of an analysis; what is answered, and how long it took."""
        path = f"/api/v1/analyses/{analysis['id']}/gates/moved"
        begun = time.perf_counter()
        told = self.send(path, wanted, **{"If-Match": f'"{analysis["version"]}"'})
        return told, time.perf_counter() - begun


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--events", type=int, default=300_000)
    parser.add_argument("--tubes", type=int, default=6)
    parser.add_argument("--moves", type=int, default=30, help="of each tube")
    parser.add_argument("--workers", type=int, default=2)
    wanted = parser.parse_args(arguments)
    with (
        tempfile.TemporaryDirectory(prefix="hladr-regate-") as folder,
        served(Path(folder), wanted) as client,
    ):
        first, following, back = measured(client, Path(folder), wanted)
    print(f"{wanted.events:,} events, {wanted.tubes} tubes, {wanted.workers} processes, SQLite")
    print("| move | number | p50, ms | p95, ms |\n| --- | ---: | ---: | ---: |")
    for name, seconds in (
        ("first of a tube", first), ("those that follow", following), ("automatic again", back),
    ):  # fmt: skip
        print(
            f"| {name} | {len(seconds)} | {_share(seconds, 50):.0f} | {_share(seconds, 95):.0f} |"
        )
    slow = _share(following, 95) > 1e3 * LIMIT
    print(f"limit {1e3 * LIMIT:.0f} ms: {'not kept' if slow else 'kept'}")
    return int(slow)


def measured(
    client: Client, folder: Path, wanted: argparse.Namespace
) -> tuple[list[float], list[float], list[float]]:
    """Seconds of the first moves, of those that follow, and of ways back to the automatic gate."""
    first, following, back = [], [], []
    for number in range(wanted.tubes):
        truth = simulate_pair("sepsis", number + 1, folder, events=wanted.events)
        analysis = analysed(client, truth.beads_path, truth.blood_path, str(truth.lot), number)
        told, seconds = client.moved(analysis, automatic=True)
        first.append(seconds)
        vertices = next(each["vertices"] for each in told["gates"] if each["gate"] == GATE)
        for turn in range(wanted.moves):
            shifted = [[x + 0.002 * (turn % 7 - 3), y] for x, y in vertices]
            told, seconds = client.moved(told, gate=GATE, vertices=shifted)
            following.append(seconds)
            if turn % 5 == 4:
                told, seconds = client.moved(told, automatic=True)
                back.append(seconds)
    return first, following, back


def analysed(client: Client, beads: Path, blood: Path, lot: str, number: int) -> dict:
    """Calibrate and measure a tube."""
    assigned = [float(each) for each in lot.split(",")]
    instrument = client.send("/api/v1/instruments", {"name": f"cytometer {number}"})
    made = client.send("/api/v1/lots", {"number": f"lot {number}", "assigned": assigned})
    ids = {"instrument_id": instrument["id"], "lot_id": made["id"]}
    calibration = client.upload("/api/v1/calibrations", beads, **ids)
    said = {"calibration_id": calibration["id"], "subject": f"subject {number}"}
    return client.upload("/api/v1/analyses", blood, **said)


@contextlib.contextmanager
def served(folder: Path, wanted: argparse.Namespace) -> Iterator[Client]:
    """A new service, and a client with its key, until the block ends."""
    with running(folder, wanted.workers) as (port, process):
        client = Client(port, process.stdout.readline().partition(": ")[2].strip())
        wait(client)
        yield client


@contextlib.contextmanager
def running(folder: Path, workers: int) -> Iterator[tuple[int, subprocess.Popen]]:
    """``hladr serve`` as a process at a port, until the block ends."""
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port = found.getsockname()[1]
    process = subprocess.Popen(
        [sys.executable, "-c", PROGRAM, "serve", "--data", str(folder / "data"),
         "--port", str(port), "--workers", str(workers)],
        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, start_new_session=True,
        env={**os.environ, "HLADR_LEAST_FREE": "0", "HLADR_REQUESTS_A_MINUTE": "1000000"},
    )  # fmt: skip
    try:
        yield port, process
    finally:
        os.killpg(process.pid, signal.SIGTERM)
        process.wait(60)


def wait(client: Client) -> None:
    """Wait until a service answers."""
    for _ in range(300):
        with contextlib.suppress(OSError):
            client.ask("GET", "/health")
            break
        time.sleep(0.2)


def _part(name: str, content: bytes) -> bytes:
    head = f"--{BOUNDARY}\r\nContent-Disposition: form-data; {name}\r\n\r\n"
    return head.encode() + content + b"\r\n"


def _share(seconds: Sequence[float], percent: int) -> float:
    """Milliseconds that this share took at most."""
    return 1e3 * float(np.percentile(seconds, percent))


if __name__ == "__main__":
    sys.exit(main())
