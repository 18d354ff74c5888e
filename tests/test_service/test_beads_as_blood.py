"""Beads that are sent as blood and blood that is sent as beads: refused, and nothing is stored."""

import pytest
from laboratory import BEADS, SAMPLES, files_kept, part, rows, tube_file

OTHER_BEADS = ("canto-beads.fcs", "calibur-beads.fcs")


def stored(service):
    tables = ("analyses", "analysis_versions", "files", "audit", "bytes_received")
    return {table: rows(service, table) for table in tables}, files_kept(service)


def test_the_bead_file_itself_is_no_blood(service):
    calibration = service.calibration()
    before = stored(service)
    refused = service.analyse(calibration, part(BEADS, "healthy.fcs"), 422)
    assert refused["code"] == "SAMPLE_LOOKS_LIKE_BEADS"
    assert stored(service) == before


@pytest.mark.parametrize("source", OTHER_BEADS)
def test_other_beads_are_no_blood(service, source):
    calibration = service.calibration()
    before = stored(service)
    refused = service.analyse(calibration, tube_file(source, _SRC="ATH-0101"), 422)
    assert refused["code"] == "SAMPLE_LOOKS_LIKE_BEADS"
    assert stored(service) == before


def test_the_bead_file_of_another_calibration_is_no_blood(service, monkeypatch):
    # Whatever it looks like: beads of another lot are not those that this curve explains.
    monkeypatch.setattr("service.measuring.measuring.looks_like_beads", lambda *_: False)
    lot, instrument = service.lot(), service.instrument()
    beads = SAMPLES / "calibur-beads.fcs"
    service.calibration(lot, instrument, beads)
    calibration = service.calibration(lot, instrument)
    refused = service.analyse(calibration, part(beads), 422)
    assert refused["code"] == "SAMPLE_LOOKS_LIKE_BEADS"


@pytest.mark.parametrize("name", ["healthy.fcs", "mals.fcs", "immunoparalysis.fcs"])
def test_blood_gives_no_calibration(service, name):
    lot, instrument = service.lot(), service.instrument()
    before = stored(service)
    service.calibration(lot, instrument, SAMPLES / name, status=422)
    assert stored(service) == before
    assert service.get("calibrations")["calibrations"] == []


@pytest.mark.parametrize("content", [b"", b"no cytometer wrote this", b"FCS3.0" + b"\0" * 200])
def test_what_is_no_fcs_file_leaves_nothing(service, content):
    calibration = service.calibration()
    before = stored(service)
    refused = service.analyse(calibration, ("x.fcs", content, "text/plain"), 422)
    assert refused["code"]
    assert stored(service) == before


def test_a_tube_for_which_the_quota_is_used_up_leaves_nothing(service):
    calibration = service.calibration()
    key = service.api_key("read", "analyse", bytes_a_day=1000)
    before = stored(service)
    refused = service.as_key(key["key"]).analyse(calibration, status=429)
    assert refused["code"] == "QUOTA_USED"
    assert stored(service) == before
