"""Freeze a database and a data folder as this version writes them, for the versions to come.

    python tests/upgrade/freeze.py

Run once for each version that is released; a folder that is there is never written again. What is
in it: ``data`` (SQLite and files), ``postgresql.sql`` (the same laboratory on PostgreSQL, by
pg_dump), ``expected.json`` (what each call answered).
"""

import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.append(str(HERE.parent / "test_service"))

import laboratory  # noqa: E402 - of the tests
import postgresql_server  # noqa: E402

from hladr.version import software_version  # noqa: E402
from service.settings import Settings  # noqa: E402

FILES = ("borderline.fcs", "forgotten-stain.fcs")


def settings(folder, url=None):
    """A service on a frozen folder, or on a copy of it."""
    return Settings(
        data_dir=folder, database_url=url, least_free=0, log_level="CRITICAL", time_zone="UTC"
    )


def days_work(service):
    """A little of everything that is kept; what the calls answer about it."""
    service.user("anna", "administrator")
    service.user("tina", "technician")
    service.user("rita", "reviewer")
    reader = service.api_key("read", label="reader")
    lot = service.lot()
    calibration = service.calibration(lot)
    study = service.post("studies", json={"name": "IMMUNO"})
    tube = {"subject": "ATH-001", "site": "Athens", "drawn_at": "2026-03-14T08:00+02:00"}
    first = service.analyse(calibration, FILES[0], study=study["id"], ferritin_ng_ml="1240", **tube)
    second = service.analyse(calibration, FILES[1], subject="ATH-002")
    clotted = {"subject": (None, "ATH-003"), "outcome": (None, "clotted")}
    service.post("analyses", files=clotted)
    service.put(
        f"studies/{study['id']}/subjects/ATH-001",
        json={"randomised_at": "2026-03-15T08:00:00+02:00"},
    )
    change = {"tube": {**first["tube"], "tube_type": "EDTA"}, "reason": "the label was read"}
    first = service.put(f"analyses/{first['id']}/tube", json=change, version=1)
    for analysis in (first, second):
        for finding in analysis["open_findings"]:
            person = {"name": "tina", "password": laboratory.PASSWORD}
            said = {"finding": finding, "answer": "looked at the tube", **person}
            path = f"analyses/{analysis['id']}/answers"
            service.post(path, json=said, version=analysis["version"])
    service.sign(first, "tina", "performed", comment="looked at")
    service.sign(first, "rita", "reviewed", comment="looked at")
    service.sign(second, "tina", "rejected", comment="no stain")
    told = {"told": "ward 3", "told_at": laboratory.now_text(), "read_back": True}
    service.post(f"analyses/{first['id']}/notices", json=told, version=first["version"])
    values = {name: lot[name] for name in ("maker", "product", "number")}
    corrected = {**values, "assigned": [1.02 * each for each in lot["assigned"]]}
    service.put(f"lots/{lot['id']}", json={**corrected, "reason": "another flyer"}, version=1)
    recalculation = service.post("recalculations", json={"reason": "a slip", "lot_id": lot["id"]})
    path = f"recalculations/{recalculation['id']}"
    while service.get(path)["finished_at"] is None:
        time.sleep(0.1)
    return {
        "reader": reader["key"],
        "key": service.key,
        "head": service.get("audit/head"),
        "answers": {path: service.get(path) for path in paths(service)},
    }


def paths(service):
    """Everything that can be asked for and does not change by itself."""
    for analysis in service.get("analyses")["analyses"]:
        for version in range(1, analysis["version"] + 1):
            yield f"analyses/{analysis['id']}/versions/{version}"
    for what in ("lots", "instruments", "calibrations"):
        for each in service.get(what)[what]:
            for version in range(1, each["version"] + 1):
                yield f"{what}/{each['id']}/versions/{version}"
    yield from ("studies", "users", "recalculations")


def main():
    """Freeze this version."""
    target = HERE / software_version()
    if target.exists():
        raise SystemExit(f"{target} is there already, and frozen")
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name) / "data"
        with laboratory.running(settings(folder)) as service:
            expected = {"sqlite": days_work(service)}
        with postgresql_server.running() as server:
            if server is None:
                raise SystemExit("a PostgreSQL server must be installed")
            database = server.fresh_name()
            other = settings(Path(name) / "other", server.url(database))
            with laboratory.running(other) as service:
                expected["postgresql"] = days_work(service)
            dump = subprocess.run(
                [server.programs / "pg_dump", "--no-owner", "--inserts", "-h", str(server.folder),
                 "-U", "hladr", database],
                capture_output=True, text=True, check=True,
            ).stdout  # fmt: skip
        target.mkdir()
        shutil.copytree(folder / "files", target / "data" / "files")
        with sqlite3.connect(folder / "hladr.sqlite") as store:
            store.execute("VACUUM INTO ?", (str(target / "data" / "hladr.sqlite"),))
        store.close()
        (target / "postgresql.sql").write_text(dump, encoding="utf-8")
        text = json.dumps(expected, indent=1, sort_keys=True)
        (target / "expected.json").write_text(text + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
