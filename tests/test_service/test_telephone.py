"""Who was told a released result by telephone, and whether it was read back."""

import datetime as dt

import pytest
from laboratory import describe, release, rows, two_people

CALL = {"told": "Dr Papadaki, ICU", "told_at": "2026-03-14T11:02+02:00", "read_back": True}


@pytest.fixture
def analysis(service):
    two_people(service)
    return service.analyse(service.calibration())


def tell(service, analysis, status=201, **more):
    path = f"analyses/{analysis['id']}/notices"
    return service.post(path, status, json={**CALL, **more}, version=analysis["version"])


def test_nobody_is_told_what_was_not_released(service, analysis):
    service.sign(analysis, "anna", "performed")
    assert tell(service, analysis, 409)["code"] == "NOT_RELEASED"
    assert rows(service, "notices") == 0


def test_a_preliminary_result_is_told(service, analysis):
    told = tell(service, service.sign(analysis, "anna", "preliminary"))
    (notice,) = told["notices"]
    assert notice["told"] == "Dr Papadaki, ICU"
    assert notice["told_at"] == "2026-03-14T09:02:00.000000Z"
    assert (notice["version"], notice["read_back"]) == (1, True)
    assert service.audit()[-1] == "analysis.told"


def test_what_is_told_is_the_release_and_not_the_newest_version(service, analysis):
    changed = describe(service, release(service, analysis), visit="D7")
    assert tell(service, changed)["notices"][0]["version"] == 1


@pytest.mark.parametrize("zone", ["+02:00", "-11:30", "Z"])
def test_a_time_with_all_its_digits_is_kept(service, analysis, zone):
    released = service.sign(analysis, "anna", "preliminary")
    told = tell(service, released, told_at=f"2026-03-14T11:02:07.123456{zone}")
    assert told["notices"][0]["told_at"].endswith(".123456Z")


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
