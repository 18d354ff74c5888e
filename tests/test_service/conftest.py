"""A service on SQLite and on a real PostgreSQL server, each test with a database of its own."""

import laboratory
import postgresql_server
import pytest

from service.doors.courier import courier
from service.settings import Settings


@pytest.fixture(scope="session")
def postgresql():
    with postgresql_server.running() as server:
        if server is None:
            pytest.skip("no PostgreSQL server is installed here")
        yield server


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request):
    """Address of a database; None is SQLite in the data folder."""
    if request.param == "sqlite":
        return None
    return request.getfixturevalue("postgresql").fresh()


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
