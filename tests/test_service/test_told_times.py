"""Times that people and cytometers say leave by every door as they were said, or not at all."""

import re

import pytest
from laboratory import answer, release, running, site_key, tube_file, two_people
from receivers import fields

from service.doors.report.printed import NOT_SAID

DAY = "2026-03-14"


@pytest.fixture
def database_url():
    return None


@pytest.fixture
def service(settings):
    with running(settings.model_copy(update={"time_zone": "Europe/Berlin"})) as found:
        two_people(found)
        yield found


def released(service, calibration, *file, **tube):
    told = service.analyse(calibration, *file, **{"subject": "X", **tube})
    for finding in told["open_findings"]:
        told = answer(service, told, finding)
    return release(service, told)


def of_fhir(service, told):
    """DateTimes of a Bundle by the names of their elements."""
    found, text = {}, service.call("GET", f"analyses/{told['id']}/fhir").text
    for name, at in re.findall(r'"(\w+(?:DateTime|Time))": ?"([^"]+)"', text):
        found.setdefault(name, set()).add(at)
    return found


def printed(service, told, name):
    text = service.call("GET", f"analyses/{told['id']}/report.html").text
    return re.search(rf"{name}</[^>]*>\s*<[^>]*>([^<]*)<", text)[1]


def hl7(service, told):
    return fields(service.call("GET", f"analyses/{told['id']}/hl7").content)


def redcap(service, told):
    return service.get(f"analyses/{told['id']}/redcap")


def test_a_day_alone_stays_a_day(service):
    told = released(service, service.calibration(), drawn_at=DAY, received_at=DAY, stained_at=DAY)
    bundle = of_fhir(service, told)
    assert {bundle[name].pop() for name in ("collectedDateTime", "receivedTime")} == {DAY}
    assert bundle["timeDateTime"] == {DAY}
    assert DAY in bundle["effectiveDateTime"]
    message = hl7(service, told)
    assert message["OBR"][0][7] == message["SPM"][0][17] == "20260314"
    assert message["OBX"]["HLADR-ABC"][14] == "20260314"
    record = redcap(service, told)
    assert {record[f"hladr_{name}_at"] for name in ("drawn", "received", "stained")} == {""}
    assert {printed(service, told, name) for name in ("Drawn", "Received", "Stained")} == {DAY}
    page = service.call("GET", f"analyses/{told['id']}/report.html").text
    assert "2026-03-14 00:00" not in page


def test_a_time_without_a_zone_is_the_laboratorys_by_every_door(service):
    told = released(service, service.calibration(), drawn_at="2026-07-14T09:00")
    assert "2026-07-14T07:00:00Z" in of_fhir(service, told)["collectedDateTime"]
    assert hl7(service, told)["OBR"][0][7] == "20260714090000+0200"
    assert redcap(service, told)["hladr_drawn_at"] == "2026-07-14 09:00:00"
    assert printed(service, told, "Drawn") == "2026-07-14 09:00:00 +02:00"


@pytest.mark.parametrize(
    ("date", "at"),
    [("01-JAN-0001", "00:10:00"), ("31-DEC-1899", "23:59:00"), ("01-JAN-2200", "00:10:00"),
     ("31-DEC-9999", "23:30:00")],
)  # fmt: skip
@pytest.mark.parametrize("zone", ["Europe/Berlin", "America/New_York"])
def test_a_year_that_cannot_be_believed_is_told_by_no_door(settings, date, at, zone):
    year = date[-4:]
    with running(settings.model_copy(update={"time_zone": zone})) as service:
        two_people(service)
        calibration = service.calibration()
        file = tube_file(_DATE=date, _BTIM=at)
        odd = released(service, calibration, file)
        assert odd["result"]["sample"]["acquired_at"].startswith(year)
        other = released(service, calibration, "borderline.fcs", drawn_at="2026-03-15T09:00")
        for told in (odd, other):
            for door in ("report.html", "fhir", "redcap", "hl7"):
                answered = service.call("GET", f"analyses/{told['id']}/{door}")
                assert answered.status_code == 200, door
        assert not hl7(service, odd)["OBX"]["HLADR-ABC"][19:]
        assert redcap(service, odd)["hladr_acquired_at"] == ""
        assert printed(service, odd, "Acquired") == NOT_SAID
        assert f"{year}-" not in str(of_fhir(service, odd))
        table = service.call("GET", "results.csv")
        assert table.status_code == 200
        assert not re.search(rf"\b{year}-\d\d-\d\d\b", table.text)


@pytest.mark.parametrize("year", ["1900", "2199"])
def test_the_first_and_the_last_year_are_told(service, year):
    told = released(service, service.calibration(), tube_file(_DATE=f"01-JUL-{year}"))
    assert hl7(service, told)["OBX"]["HLADR-ABC"][19].startswith(f"{year}0701")
    assert redcap(service, told)["hladr_acquired_at"].startswith(f"{year}-07-01")


def test_a_clock_that_was_never_set_opens_no_embargo(service):
    study = service.post("studies", json={"name": "ImmunoSep"})
    path = f"studies/{study['id']}/subjects/ATH-0101"
    service.put(path, json={"randomised_at": "2026-03-14T07:00:00+00:00"})
    file = tube_file(_SRC="ATH-0101", _DATE="01-JAN-0001")
    tube = {"subject": "ATH-0101", "study": study["id"], "site": "Athens"}
    told = service.analyse(service.calibration(), file, **tube)
    assert told["result"]["sample"]["acquired_at"].startswith("0001")
    site = site_key(service, "Athens")
    assert site.get(f"analyses/{told['id']}")["result"] is None
