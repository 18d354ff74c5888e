"""How long a technician waits for the page of a sample that nobody has opened since a restart.

    python bench/first_view.py
    python bench/first_view.py --events 300000 --tubes 6

A service of its own on SQLite. All tubes but the last are gated by hand; then the service is ended
and started again, so that nothing is kept, and each sample is opened twice over HTTP.
"""

import argparse
import http.client
import json
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import regate

from hladr.simulate import simulate_pair

NAME, PASSWORD = "anna", "a sentence that is long enough"
LIMIT = 1.0  # seconds of a first view


@dataclass(frozen=True, slots=True)
class View:
    """A page of a sample: by which gates, how often it was opened, seconds, bytes."""

    gates: str
    time: str
    seconds: float
    size: int


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure, print; the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--events", type=int, default=300_000)
    parser.add_argument("--tubes", type=int, default=6)
    parser.add_argument("--workers", type=int, default=1)
    parser.add_argument("--settled", type=float, default=5.0, help="seconds after the restart")
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="hladr-first-view-") as folder:
        with regate.served(Path(folder), wanted) as client:
            samples = made(client, Path(folder), wanted)
        with regate.running(Path(folder), wanted.workers) as (port, _):
            regate.wait(regate.Client(port, ""))
            time.sleep(wanted.settled)
            views = viewed(port, samples)
    print(f"{wanted.events:,} events, {wanted.tubes} tubes, after a restart, SQLite")
    print("| gates | view | number | least, ms | most, ms | kB |")
    print("| --- | --- | ---: | ---: | ---: | ---: |")
    for gates, turn in sorted({(each.gates, each.time) for each in views}):
        print(
            row(gates, turn, [each for each in views if (each.gates, each.time) == (gates, turn)])
        )
    slow = max(each.seconds for each in views) > LIMIT
    print(f"limit {1e3 * LIMIT:.0f} ms: {'not kept' if slow else 'kept'}")
    return int(slow)


def made(client: regate.Client, folder: Path, wanted: argparse.Namespace) -> dict[str, str]:
    """Somebody who looks, and samples: by which gates each is, by its id."""
    said = {"name": NAME, "full_name": "Anna", "password": PASSWORD, "roles": ["technician"]}
    client.send("/api/v1/users", said)
    samples = {}
    for number in range(wanted.tubes):
        truth = simulate_pair("sepsis", number + 1, folder, events=wanted.events)
        files = truth.beads_path, truth.blood_path
        analysis = regate.analysed(client, *files, str(truth.lot), number)
        by_hand = number < wanted.tubes - 1
        if by_hand:
            told, _ = client.moved(analysis, automatic=True)
            gates = {each["gate"]: each for each in told["gates"]}
            moved = [[x + 0.004, y] for x, y in gates[regate.GATE]["vertices"]]
            client.moved(told, gate=regate.GATE, vertices=moved)
        samples[analysis["id"]] = "by hand" if by_hand else "automatic"
    return samples


def viewed(port: int, samples: dict[str, str]) -> list[View]:
    """Open each sample, then each once more."""
    body = json.dumps({"name": NAME, "password": PASSWORD})
    answer, _ = asked(port, "POST", "/api/v1/session", body, **{"Content-Type": "application/json"})
    cookie = answer.getheader("Set-Cookie").partition(";")[0]
    views = []
    for turn in ("first", "second"):
        for sample, gates in samples.items():
            begun = time.perf_counter()
            _, page = asked(port, "GET", f"/samples/{sample}", Cookie=cookie)
            views.append(View(gates, turn, time.perf_counter() - begun, len(page)))
    return views


def asked(
    port: int, method: str, path: str, body: str | None = None, **headers: str
) -> tuple[http.client.HTTPResponse, bytes]:
    """Ask as a browser; the answer and its bytes."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
    try:
        connection.request(method, path, body, headers)
        answer = connection.getresponse()
        text = answer.read()
    finally:
        connection.close()
    if answer.status not in {200, 201}:
        raise SystemExit(f"{method} {path}: {answer.status}")
    return answer, text


def row(gates: str, turn: str, views: Sequence[View]) -> str:
    """A line of the table."""
    took = [1e3 * each.seconds for each in views]
    sizes = [each.size / 1e3 for each in views]
    return (
        f"| {gates} | {turn} | {len(views)} | {min(took):.0f} | {max(took):.0f} | "
        f"{min(sizes):.0f} to {max(sizes):.0f} |"
    )


if __name__ == "__main__":
    sys.exit(main())
