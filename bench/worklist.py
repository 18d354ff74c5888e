"""The worklist and the release list over many analyses: how long a page takes.

    python bench/worklist.py

One sample is measured by a service; its row is copied in the database as often as is asked, each
copy with a subject, a barcode, a moment and a file of its own, in the states that a laboratory has.
"""

import argparse
import json
import statistics
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

# In the place of this folder, in which there is a service.py.
sys.path[0] = str(Path(__file__).resolve().parents[1] / "tests" / "test_service")

import laboratory  # noqa: E402
from fastapi.testclient import TestClient  # noqa: E402
from sqlalchemy import text  # noqa: E402

from service.settings import Settings  # noqa: E402

PAGES = (
    "/", "/?state=all", "/?state=all&page=400", "/?state=signed", "/?q=P-1999", "/?q=nothing",
    "/?barcode=B-77&state=all", "/release", "/release?reason=verdict:pass",
)  # fmt: skip
STATES = ("final",) * 17 + ("rejected", "performed", "open")
HEADS = """
INSERT INTO analyses (id, version, state, file_sha256, file_name, kind, subject, plain_subject,
 barcode, created_at, created_by)
SELECT :id, version, :state, :sha256, file_name, kind, :subject, :plain, :barcode, :at, created_by
FROM analyses WHERE id = :source
"""
VERSIONS = """
INSERT INTO analysis_versions (id, version, cause, calibration_id, calibration_version,
 assay_sha256, criterion_sha256, tube, result, verdict, findings, made_at, made_by)
SELECT :id, version, cause, calibration_id, calibration_version, assay_sha256, criterion_sha256,
 :tube, result, verdict, findings, :at, made_by
FROM analysis_versions WHERE id = :source
"""


def main(arguments: Sequence[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--analyses", type=int, default=20_000)
    parser.add_argument("--times", type=int, default=7)
    wanted = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(prefix="hladr-worklist-") as folder:
        settings = Settings(data_dir=Path(folder), least_free=0, log_level="CRITICAL")
        with laboratory.running(settings) as service:
            fill(service, wanted.analyses)
            print(f"{wanted.analyses:,} analyses, SQLite; milliseconds: median, slowest; kB")
            for path, seconds, size in pages(service, wanted.times):
                middle, most = (1e3 * each for each in (statistics.median(seconds), max(seconds)))
                print(f"{path:32} {middle:7.0f} {most:7.0f} {size / 1e3:7.0f}")
    return 0


def fill(service: laboratory.Service, number: int) -> None:
    """Copy an analysis, and note tubes that wait."""
    laboratory.two_people(service)
    source = service.analyse(service.calibration(), ferritin_ng_ml="812")
    for each in range(60):
        service.post("receptions", json={"barcode": f"R-{each}", "drawn_at": laboratory.now_text()})
    with service.laboratory.database.writing("bench") as writing:
        rows = [row(source, each) for each in range(number)]
        files = [{"sha256": each["sha256"], "at": each["at"]} for each in rows]
        writing.connection.execute(text("INSERT INTO files VALUES (:sha256, 1, :at)"), files)
        writing.connection.execute(text(HEADS), rows)
        writing.connection.execute(text(VERSIONS), rows)


def row(source: dict, number: int) -> dict:
    """What a copy has of its own."""
    subject, barcode = f"P-{number // 4}", f"B-{number}"
    tube = {**source["tube"], "subject": subject, "barcode": barcode}
    return {
        "source": source["id"], "id": f"{number:08x}-0000-4000-8000-{number:012x}",
        "state": STATES[number % len(STATES)], "sha256": f"{number:064x}", "subject": subject,
        "plain": f"p{number // 4}", "barcode": barcode, "tube": json.dumps(tube),
        "at": f"2026-{1 + number % 10:02d}-{1 + number % 28:02d}T08:00:00.{number % 10**6:06d}Z",
    }  # fmt: skip


def pages(service: laboratory.Service, times: int):
    """Seconds that each page took, and its bytes."""
    client = TestClient(service.app, base_url="http://testserver")
    said = {"name": "boris", "password": laboratory.PASSWORD}
    assert client.post("/api/v1/session", json=said).status_code == 200
    for path in PAGES:
        seconds = []
        for _ in range(times):
            begun = time.perf_counter()
            answer = client.get(path, follow_redirects=False)
            seconds.append(time.perf_counter() - begun)
            assert answer.status_code in {200, 303}, answer.text
        yield path, seconds, len(answer.content)


if __name__ == "__main__":
    raise SystemExit(main())
