"""A laboratory that works with a service: what it sends, and what it asks."""

import contextlib
import datetime as dt
import itertools
import tempfile
import time
import tomllib
from functools import cache
from pathlib import Path

from sqlalchemy.engine import make_url
from starlette.testclient import TestClient

from service.app import create_app
from service.start import first_key
from service.store import schema
from service.store.database import Database

SAMPLES = Path(__file__).parents[2] / "sample_fcs"
BEADS = SAMPLES / "canto-beads.fcs"
LOT = tomllib.loads((SAMPLES / "simulated-lot.toml").read_text())
PASSWORD = "a sentence that is long enough"  # noqa: S105 - of the tests


class Service:
    """A running service and a client with a key."""

    def __init__(self, app, client, key):
        self.app, self.client, self.key = app, client, key
        self.laboratory = app.state.laboratory

    def as_key(self, key):
        """The same service, asked with another key."""
        client = TestClient(self.app, base_url="http://testserver")
        client.headers["Authorization"] = f"Bearer {key}"
        return Service(self.app, client, key)

    def as_nobody(self):
        return Service(self.app, TestClient(self.app, base_url="http://testserver"), None)

    def call(self, method, path, *, version=None, key=None, **more):
        headers = dict(more.pop("headers", {}))
        if version is not None:
            headers["If-Match"] = f'"{version}"'
        if key is not None:
            headers["Idempotency-Key"] = key
        path = path if path.startswith("/") else f"/api/v1/{path}"
        return self.client.request(method, path, headers=headers, **more)

    def get(self, path, status=200, **more):
        return self.told(self.call("GET", path, **more), status)

    def post(self, path, status=201, **more):
        return self.told(self.call("POST", path, **more), status)

    def put(self, path, status=200, **more):
        return self.told(self.call("PUT", path, **more), status)

    def delete(self, path, status=200, **more):
        return self.told(self.call("DELETE", path, **more), status)

    @staticmethod
    def told(answer, status):
        assert answer.status_code == status, (answer.status_code, answer.text)
        return answer.json() if answer.content else None

    def instrument(self, **more):
        return self.post("instruments", json={"name": "Canto 1", **more})

    def lot(self, **more):
        said = {"maker": "nobody", "product": "beads", "number": LOT["number"]}
        return self.post("lots", json={**said, "assigned": LOT["assigned"], **more})

    def calibration(self, lot=None, instrument=None, file=BEADS, **more):
        lot, instrument = lot or self.lot(), instrument or self.instrument()
        ids = {"lot_id": lot["id"], "instrument_id": instrument["id"]}
        return self.post("calibrations", files={"file": part(file)}, data=ids, **more)

    def analyse(self, calibration, file="healthy.fcs", status=201, key=None, **tube):
        said = {"subject": "blood", "calibration_id": calibration["id"], **tube}
        files = {"file": part(SAMPLES / file) if isinstance(file, str) else file}
        return self.post("analyses", status, files=files, data=said, key=key)

    def user(self, name, *roles, **more):
        said = {"name": name, "full_name": name.title(), "password": PASSWORD}
        return self.post("users", json={**said, "roles": list(roles), **more})

    def api_key(self, *scopes, **more):
        said = {"label": "-".join(scopes), "scopes": list(scopes)}
        return self.post("keys", json={**said, **more})

    def sign(self, analysis, name, meaning, status=201, **more):
        said = {"name": name, "password": PASSWORD, "meaning": meaning, **more}
        path = f"analyses/{analysis['id']}/signatures"
        return self.post(path, status, json=said, version=analysis["version"])

    def audit(self):
        """Actions of the audit in their order, after it was found intact."""
        assert self.post("audit/verification", 200)["intact"]
        return [each["action"] for each in self.get("audit?most=1000")["entries"]]


@cache
def empty_database():
    """Bytes of the SQLite database that a service makes in an empty folder."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "made.sqlite"
        with contextlib.closing(Database(f"sqlite:///{path}")) as database:
            schema.upgrade(database)
        return path.read_bytes()


@contextlib.contextmanager
def running(settings):
    """Run a service in this process; a new one has its empty database, made once for all."""
    is_new = settings.database_url is None and not settings.data_dir.exists()
    app = create_app(settings)
    if is_new:
        Path(make_url(settings.url).database).write_bytes(empty_database())
    with TestClient(app, base_url="http://testserver") as client:
        key = first_key(app.state.laboratory)
        if key is not None:
            client.headers["Authorization"] = f"Bearer {key}"
        yield Service(app, client, key)


def part(path, name=None):
    """A file as a part of a form."""
    return (name or path.name, path.read_bytes(), "application/octet-stream")


def tube_file(source="healthy.fcs", name="tube.fcs", **keywords):
    """A sample as a part of a form, with other keywords; None leaves one out.

    Its TEXT stands behind its data, where FCS allows it as well. `$` and blanks are written as
    `_`, so that `_SRC` is $SRC and `PATIENT_ID` is PATIENT ID.
    """
    raw = (SAMPLES / source).read_bytes()
    first, last = int(raw[10:18]), int(raw[18:26])
    text = raw[first : last + 1]
    parts = text[1:-1].split(text[:1])
    entries = dict(zip(parts[::2], parts[1::2], strict=True))
    for key, value in keywords.items():
        keyword = ("$" + key[1:] if key.startswith("_") else key.replace("_", " ")).encode()
        entries.pop(keyword, None)
        if value is not None:
            entries[keyword] = value.encode()
    new = text[:1] + text[:1].join(itertools.chain(*entries.items())) + text[:1]
    head = raw[:10] + b"%8d%8d" % (len(raw), len(raw) + len(new) - 1)
    return (name, head + raw[26:] + new, "application/octet-stream")


def codes(findings):
    """Codes of some findings."""
    return {each["code"] for each in findings}


def now_text():
    """The moment, as a program sends it."""
    return dt.datetime.now(dt.UTC).isoformat()


def rows(service, table):
    """How many rows a table has."""
    with service.laboratory.database.reading() as connection:
        return connection.exec_driver_sql(f"SELECT count(*) FROM {table}").scalar_one()  # noqa: S608


def files_kept(service):
    """Files in the data folder, also those on their way in."""
    folder = service.laboratory.settings.data_dir
    return {
        str(path.relative_to(folder))
        for part in ("files", "incoming", "without-row")
        for path in (folder / part).rglob("*")
        if path.is_file()
    }


def site_key(service, site, *scopes):
    """The service as a system of a site asks it."""
    made = service.api_key(*(scopes or ("read", "analyse")), site=site)
    return service.as_key(made["key"])


def regate(service, analysis, status=201, *, gates=None, key=None, **said):
    """Measure an analysis by other gates: those of a file, or the automatic ones."""
    if gates is None:
        parts = {name: (None, text) for name, text in {"automatic": "true", **said}.items()}
    else:
        parts = {"gates": gates, **{name: (None, text) for name, text in said.items()}}
    path = f"analyses/{analysis['id']}/gates"
    return service.post(path, status, version=analysis["version"], key=key, files=parts)


def describe(service, analysis, status=200, reason="it was written wrong", **changes):
    """Describe a tube anew: what it was, with these changes; None takes a field away."""
    tube = {**analysis["tube"], **changes}
    said = {"tube": {name: value for name, value in tube.items() if value is not None}}
    path = f"analyses/{analysis['id']}/tube"
    return service.put(path, status, json={**said, "reason": reason}, version=analysis["version"])


def two_people(service):
    """Anna at the bench, and Boris who reviews."""
    service.user("anna", "technician")
    service.user("boris", "reviewer")
    return "anna", "boris"


def release(service, analysis, comment="looked at"):
    """Sign an analysis by two people."""
    service.sign(analysis, "anna", "performed", comment=comment)
    return service.sign(analysis, "boris", "reviewed", comment=comment)


def answer(service, analysis, finding, status=201, text="both labels were held against each other"):
    """Answer for a finding, as Otto, who comes to the bench for it."""
    otto = {"name": "otto", "full_name": "Otto", "roles": ["technician"], "password": PASSWORD}
    service.call("POST", "users", json=otto)  # the second time he is there
    path = f"analyses/{analysis['id']}/answers"
    said = {"finding": finding, "answer": text, "name": "otto", "password": PASSWORD}
    return service.post(path, status, json=said, version=analysis["version"])


def rejected(service, **tube):
    """An analysis whose number its findings reject: the blood is of another instrument."""
    told = service.analyse(service.calibration(), tube_file(_CYTSN="V00000002"), **tube)
    assert told["verdict"] == "reject"
    return told


def correct_lot(service, lot, factor=1.1):
    """A lot whose values were misread: a new version, every value this much higher."""
    said = {name: lot[name] for name in ("maker", "product", "number")}
    assigned = [factor * value for value in lot["assigned"]]
    wanted = {**said, "assigned": assigned, "reason": "misread from the flyer"}
    return service.put(f"lots/{lot['id']}", json=wanted, version=lot["version"])


def recalculate(service, **chosen):
    """Ask for a recalculation."""
    wanted = chosen or {"everything": True}
    return service.post("recalculations", json={"reason": "the lot was corrected", **wanted})


def finished(service, recalculation, seconds=60.0):
    """A recalculation when all its items have ended."""
    until = time.monotonic() + seconds
    path = f"recalculations/{recalculation['id']}"
    while (told := service.get(path))["finished_at"] is None:
        assert time.monotonic() < until, told
        time.sleep(0.05)
    return told


def items(service, recalculation):
    return service.get(f"recalculations/{recalculation['id']}/items")["items"]
