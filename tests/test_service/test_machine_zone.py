"""Without a zone in the settings the rules of the machine hold, in summer and in winter."""

import datetime as dt
import pickle
import time
from zoneinfo import ZoneInfo

import pytest
from laboratory import release, running, two_people
from receivers import fields

from service.settings import Settings
from service.told_time import MachineZone

ZONES = ("Europe/Athens", "America/New_York", "Australia/Lord_Howe", "Asia/Kathmandu", "UTC")
SUMMER, WINTER = "2026-07-14T09:00", "2026-01-14T09:00"


@pytest.fixture
def machine(monkeypatch):
    """Sets the clock of the machine to a zone until the test ends."""

    def be_in(zone):
        monkeypatch.setenv("TZ", zone)
        time.tzset()

    yield be_in
    monkeypatch.undo()
    time.tzset()


@pytest.mark.parametrize("name", ZONES)
def test_it_is_the_zone_that_the_machine_is_in_at_every_hour(machine, name):
    machine(name)
    own, expected = Settings().zone, ZoneInfo(name)
    assert isinstance(own, MachineZone)
    start = dt.datetime(2026, 1, 1, tzinfo=dt.UTC)
    for utc in (start + dt.timedelta(minutes=30) * number for number in range(2 * 24 * 365)):
        mine, other = utc.astimezone(own), utc.astimezone(expected)
        assert (mine.replace(tzinfo=None), mine.fold) == (other.replace(tzinfo=None), other.fold)
        assert (mine.utcoffset(), mine.tzname()) == (other.utcoffset(), other.tzname())
        assert mine.astimezone(dt.UTC) == utc
    assert pickle.loads(pickle.dumps(own)).utcoffset(start) == own.utcoffset(start)  # noqa: S301


def test_rules_that_have_no_name_hold_as_well(machine):
    machine("EET-2EEST,M3.5.0/3,M10.5.0/4")
    offsets = [dt.datetime.fromisoformat(each).replace(tzinfo=Settings().zone).utcoffset()
               for each in (SUMMER, WINTER)]  # fmt: skip
    assert offsets == [dt.timedelta(hours=3), dt.timedelta(hours=2)]


@pytest.mark.parametrize(
    ("drawn_at", "utc", "hl7"),
    [
        (SUMMER, "2026-07-14T06:00:00Z", "20260714090000+0300"),
        (WINTER, "2026-01-14T07:00:00Z", "20260114090000+0200"),
    ],
)
def test_a_time_without_a_zone_leaves_by_the_rules_of_its_season(
    settings, machine, drawn_at, utc, hl7
):
    machine("Europe/Athens")
    with running(settings.model_copy(update={"time_zone": None})) as service:
        two_people(service)
        told = release(service, service.analyse(service.calibration(), drawn_at=drawn_at))
        path = f"analyses/{told['id']}"
        assert f'"collectedDateTime":"{utc}"' in service.call("GET", f"{path}/fhir").text
        message = fields(service.call("GET", f"{path}/hl7").content)
        assert message["OBR"][0][7] == message["SPM"][0][17] == hl7
