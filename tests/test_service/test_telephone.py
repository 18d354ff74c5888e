"""Who was told a released result by telephone, and whether it was read back."""

import datetime as dt

import pytest
from laboratory import describe, release, rows, two_people

from service import moment
from service.analyses import signing
from service.store import database

CALL = {"told": "Dr Papadaki, ICU", "read_back": True}


@pytest.fixture
def analysis(service):
    two_people(service)
    return service.analyse(service.calibration())


def tell(service, analysis, status=201, **more):
    path, now = f"analyses/{analysis['id']}/notices", dt.datetime.now(dt.UTC).isoformat()
    said = {**CALL, "told_at": now, **more}
    return service.post(path, status, json=said, version=analysis["version"])


def test_nobody_is_told_what_was_not_released(service, analysis):
    service.sign(analysis, "anna", "performed")
    assert tell(service, analysis, 409)["code"] == "NOT_RELEASED"
    assert rows(service, "notices") == 0


def test_a_preliminary_result_is_told(service, analysis):
    at = dt.datetime.now(dt.timezone(dt.timedelta(hours=2))).replace(microsecond=0)
    told = tell(service, service.sign(analysis, "anna", "preliminary"), told_at=at.isoformat())
    (notice,) = told["notices"]
    assert notice["told"] == "Dr Papadaki, ICU"
    assert notice["told_at"] == f"{at.astimezone(dt.UTC):%Y-%m-%dT%H:%M:%S}.000000Z"
    assert (notice["version"], notice["read_back"]) == (1, True)
    assert service.audit()[-1] == "analysis.told"


def test_what_is_told_is_the_release_and_not_the_newest_version(service, analysis):
    changed = describe(service, release(service, analysis), visit="D7")
    assert tell(service, changed)["notices"][0]["version"] == 1


@pytest.mark.parametrize("minutes", [120, -690, 0])
def test_a_time_with_all_its_digits_is_kept(service, analysis, minutes):
    released = service.sign(analysis, "anna", "preliminary")
    zone = dt.timezone(dt.timedelta(minutes=minutes))
    at = dt.datetime.now(zone).replace(microsecond=123456)
    told = tell(service, released, told_at=at.isoformat())
    assert told["notices"][0]["told_at"].endswith(".123456Z")


def test_nobody_was_told_before_it_was_released(service, analysis):
    released = service.sign(analysis, "anna", "preliminary")
    before = dt.datetime.now(dt.UTC) - dt.timedelta(minutes=6)
    assert tell(service, released, 409, told_at=before.isoformat())["code"] == "NOT_RELEASED"
    assert rows(service, "notices") == 0


def test_who_was_called_was_told_what_was_out_then(service, analysis, monkeypatch):
    first = release(service, analysis)
    called = dt.datetime.now(dt.UTC)
    later = moment.now() + dt.timedelta(minutes=10)
    monkeypatch.setattr(database, "now", lambda: later)
    monkeypatch.setattr(signing, "now", lambda: later)
    amended = release(service, describe(service, first, visit="D7"))
    assert amended["release"]["version"] == 2
    assert tell(service, amended, told_at=called.isoformat())["notices"][0]["version"] == 1
    assert tell(service, amended, told_at=later.isoformat())["notices"][1]["version"] == 2


def test_a_call_that_is_still_to_come_was_not_made(service, analysis):
    released = service.sign(analysis, "anna", "preliminary")
    later = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=6)
    assert tell(service, released, 422, told_at=later.isoformat())["code"] == "TOLD_LATER"
    assert rows(service, "notices") == 0
    ahead = dt.datetime.now(dt.UTC) + dt.timedelta(minutes=4)
    assert tell(service, released, told_at=ahead.isoformat())["notices"]


def test_a_time_without_a_zone_is_refused(service, analysis):
    released = service.sign(analysis, "anna", "preliminary")
    assert tell(service, released, 422, told_at="2026-03-14T11:02")["code"] == "INVALID_REQUEST"
