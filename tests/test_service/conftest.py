"""A service on SQLite and on a real PostgreSQL server, each test with a database of its own."""

import json

import laboratory
import moved_gates
import postgresql_server
import pytest
import receivers
from browser import signed_in
from operator_at_work import Operator, empty_database
from pwdlib import PasswordHash
from pwdlib.hashers.argon2 import Argon2Hasher
from statements import Statements
from waiting import Waiting
from ward import LOW, opened

from calibration.errors import CalibrationError
from hladr.errors import HladrError
from service.doors.courier import courier
from service.measuring import apart
from service.people import password
from service.recalculations import runner, worker
from service.recalculations.work import do
from service.settings import Settings
from service.store import database

_CHEAP = PasswordHash((Argon2Hasher(time_cost=1, memory_cost=8, parallelism=1),))


@pytest.fixture(autouse=True)
def quick_passwords(monkeypatch):
    """Argon2 as everywhere, without its cost: passwords are asked for thousands of times here."""
    password._nobodys.cache_clear()
    monkeypatch.setattr(password, "_hasher", lambda: _CHEAP)
    yield
    password._nobodys.cache_clear()


@pytest.fixture
def slow_passwords(monkeypatch):
    """Passwords at the cost that they have outside of tests."""
    monkeypatch.undo()
    assert password._hasher() is not _CHEAP


class Here:
    """What measures items of a recalculation in this process."""

    def do(self, work):
        return do(work)

    def end(self):
        pass


@pytest.fixture(autouse=True)
def quick_recalculations(request, monkeypatch):
    """Recalculations that begin at once, and without a process for each service."""
    if "worker_processes" not in request.fixturenames:
        monkeypatch.setattr(runner, "_IDLE_SECONDS", 0.05)
        monkeypatch.setattr(worker, "InProcess", Here)


@pytest.fixture(autouse=True, scope="session")
def quick_statements():
    """Statements that are put into SQL once, and not for each test's database anew."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(database, "engine_of", Statements().engine_of)
        yield


@pytest.fixture
def worker_processes():
    """Recalculations as outside of tests: in processes of their own."""
    assert worker.InProcess is not Here


def answered_here(order):
    """What the process of a gate file answers to an order, in this process."""
    told = json.loads(order)
    try:
        said = apart._measured(told) if "curve" in told else apart._rewritten(told)
    except (HladrError, CalibrationError) as error:
        said = {"error": {"code": error.code, "message": str(error)}}
    return json.loads(json.dumps(said, allow_nan=False))


@pytest.fixture(autouse=True)
def quick_gate_files(request, monkeypatch):
    """Honest gate files that are read in this process."""
    if "gate_processes" not in request.fixturenames:
        monkeypatch.setattr(apart, "_answer", answered_here)


@pytest.fixture
def gate_processes():
    """Gate files as outside of tests: each in a process of its own with limits."""
    assert apart._answer is not answered_here


@pytest.fixture(scope="session")
def postgresql():
    with postgresql_server.running() as server:
        if server is None:
            pytest.skip("no PostgreSQL server is installed here")
        yield server


@pytest.fixture
def database_url(either):
    """Address of a database; None is SQLite in the data folder."""
    return either


@pytest.fixture(params=["sqlite", "postgresql"])
def either(request):
    """Both databases, also for tests of a module that asks one of them elsewhere."""
    if request.param == "sqlite":
        yield None
        return
    server = request.getfixturevalue("postgresql")
    url = server.fresh()
    yield url
    server.drop(url)


@pytest.fixture
def settings(tmp_path, database_url):
    return Settings(
        data_dir=tmp_path / "data", database_url=database_url, least_free=0, log_level="CRITICAL",
        concurrency=2, lease_seconds=2.0, time_zone="UTC",
    )  # fmt: skip


@pytest.fixture
def service(settings):
    """A service that runs, with an administrator's key."""
    with laboratory.running(settings) as found:
        yield found


@pytest.fixture
def hasty(monkeypatch):
    """Settings by which messages are tried again at once, and not for long."""
    monkeypatch.setattr(courier, "_IDLE_SECONDS", 0.02)
    return {"send_seconds": 1.0, "longest_pause_seconds": 0.05, "send_tries": 5}


@pytest.fixture
def bench(service):
    """A service that runs, with Anna at the bench and Boris who reviews."""
    laboratory.two_people(service)
    return service


@pytest.fixture
def calibration(service):
    """A curve of good beads."""
    return service.calibration()


@pytest.fixture
def anna(service):
    """Anna of the bench, who has just signed in at a browser."""
    return signed_in(service, "anna", "technician")


@pytest.fixture
def analysis(service):
    """A tube that was measured by the automatic gate."""
    return service.analyse(service.calibration())


@pytest.fixture(scope="module")
def automatic():
    """The automatic gates of that tube."""
    return moved_gates.automatic()


@pytest.fixture
def waiting(settings):
    """Makes a recalculation of some analyses, on which the service does not work by itself."""
    still = settings.model_copy(update={"recalculation_workers": 0})
    with laboratory.running(still) as found:
        yield lambda n=1: Waiting(found, n)


@pytest.fixture
def server(tmp_path):
    """What takes HL7 messages by MLLP, in a process of its own."""
    with receivers.begun(receivers.MllpServer(tmp_path / "mllp")) as found:
        yield found


@pytest.fixture
def folder(tmp_path):
    """Where HL7 messages are put for the laboratory system."""
    made = tmp_path / "to-the-lis"
    made.mkdir()
    return made


@pytest.fixture
def operator(tmp_path, database_url):
    """Whoever operates the service, at a command line."""
    return Operator(tmp_path, database_url)


@pytest.fixture
def there(request, tmp_path, database_url):
    """An operator with an empty database, to restore to."""
    return Operator(tmp_path, empty_database(request, database_url))


@pytest.fixture
def stored(settings):
    """A service that was at work, and has ended; its data folder."""
    with laboratory.running(settings) as service:
        calibration = service.calibration()
        for name in ("healthy.fcs", "borderline.fcs"):
            service.analyse(calibration, name)
    return settings.data_dir


@pytest.fixture
def place(bench):
    """A lot and an instrument."""
    return bench.lot(), bench.instrument()


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    """Patients over time, for tests each of which has a patient of its own."""
    with opened(tmp_path_factory.mktemp("ward"), laboratory="St. Elsewhere") as found:
        yield found


@pytest.fixture
def patient(ward):
    """Somebody below 5,000 AB/c with ferritin of 900."""
    subject = ward.patient()
    ward.draw(subject, 1, LOW, "900")
    return subject
