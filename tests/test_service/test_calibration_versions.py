"""The version of a calibration that a tube rests on: by lot and instrument as they are now."""

import pytest
from laboratory import (
    SAMPLES,
    codes,
    correct_lot,
    describe,
    finished,
    recalculate,
    regate,
    release,
    rows,
    tube_file,
    two_people,
)

RIGHT, WRONG = "V00000001", "V00000002"  # of the bead file, and of none


def say_serial(service, instrument, serial):
    said = {"name": instrument["name"], "serial": serial, "reason": "read from the back"}
    return service.put(f"instruments/{instrument['id']}", json=said, version=instrument["version"])


def number(analysis):
    return analysis["result"]["hla_dr"]["abc"]


def described(service, analysis, status=200):
    return describe(service, analysis, status, visit="D7")


AGAIN = pytest.mark.parametrize("again", [regate, described])


@pytest.fixture
def mistyped(service):
    """An instrument whose serial number was mistyped, and a calibration of its beads."""
    instrument = service.instrument(serial=WRONG)
    return instrument, service.calibration(service.lot(), instrument)


def test_a_tube_is_not_doubted_for_an_entry_that_was_corrected(service, mistyped):
    instrument, calibration = mistyped
    assert codes(calibration["findings"]) == {"INSTRUMENT_OTHER"}
    say_serial(service, instrument, RIGHT)
    told = service.analyse(calibration)
    assert (told["open_findings"], told["calibration"]["version"]) == ([], 2)
    head = service.get(f"calibrations/{calibration['id']}")
    assert (head["instrument"]["version"], head["findings"]) == (2, [])
    assert head["curve"] == calibration["curve"]
    service.analyse(calibration, "borderline.fcs")
    assert rows(service, "calibration_versions") == 2  # made once


@AGAIN
def test_a_correction_of_the_instrument_reaches_an_analysis_that_is_changed(
    service, mistyped, again
):
    instrument, calibration = mistyped
    told = service.analyse(calibration)
    assert told["open_findings"] == ["INSTRUMENT_OTHER"]
    say_serial(service, instrument, RIGHT)
    after = again(service, told)
    assert (after["open_findings"], after["verdict"]) == ([], "pass")
    assert number(after) == number(told)
    assert after["calibration"]["version"] == 2


@pytest.mark.parametrize(("before", "after"), [(WRONG, RIGHT), (RIGHT, WRONG)])
def test_a_recalculation_doubts_the_instrument_as_it_is_now(service, before, after):
    instrument = service.instrument(serial=before)
    calibration = service.calibration(service.lot(), instrument)
    first = service.analyse(calibration)
    say_serial(service, instrument, after)
    assert finished(service, recalculate(service))["items"]["done"] == 1
    told = service.get(f"analyses/{first['id']}")
    assert told["open_findings"] == (["INSTRUMENT_OTHER"] if after is WRONG else [])
    assert told["result"] == first["result"]
    fresh = service.analyse(calibration, "borderline.fcs")
    assert fresh["open_findings"] == told["open_findings"]
    assert fresh["calibration"] == told["calibration"]
    assert finished(service, recalculate(service))["items"]["same"] == 2


def test_a_recalculation_by_another_lot_doubts_the_instrument_and_the_file(service):
    two_people(service)
    instrument, lot = service.instrument(serial=RIGHT), service.lot()
    calibration = service.calibration(lot, instrument)
    file = tube_file(_SRC=None)
    first = release(service, service.analyse(calibration, file, subject="P-1", operator="Mia"))
    service.analyse(calibration, file, subject="P-2")
    say_serial(service, instrument, WRONG)
    correct_lot(service, lot)
    finished(service, recalculate(service, analyses=[first["id"]]))
    told = service.get(f"analyses/{first['id']}")
    assert told["version"] == 2
    assert set(told["open_findings"]) == {"INSTRUMENT_OTHER", "FILE_OF_ANOTHER_SUBJECT"}
    assert codes(first["findings"]) < codes(told["findings"])
    with service.laboratory.database.reading() as connection:  # kept, not only told
        kept = connection.exec_driver_sql(
            f"SELECT findings FROM analysis_versions WHERE id = '{first['id']}' AND version = 2"  # noqa: S608
        ).scalar_one()
    assert "FILE_OF_ANOTHER_SUBJECT" in kept
    service.sign(told, "anna", "performed", 409, comment="looked at")


def test_a_correction_of_other_words_of_the_instrument_makes_no_version_of_an_analysis(
    service, mistyped
):
    instrument, calibration = mistyped
    service.analyse(calibration)
    said = {"name": "Canto 1", "serial": WRONG, "note": "laser changed", "reason": "x"}
    service.put(f"instruments/{instrument['id']}", json=said, version=1)
    assert finished(service, recalculate(service))["items"]["same"] == 1
    assert rows(service, "analysis_versions") == 1


@AGAIN
def test_an_analysis_that_is_changed_rests_on_the_corrected_lot(service, again):
    lot = service.lot()
    calibration = service.calibration(lot)
    first = service.analyse(calibration)
    correct_lot(service, lot)
    told = again(service, first)
    assert number(told) == pytest.approx(1.1 * number(first), rel=1e-9)
    assert told["calibration"] == {"id": calibration["id"], "version": 2}
    assert service.get(f"lots/{lot['id']}/outdated")["analyses"] == []
    assert service.analyse(calibration)["calibration"] == told["calibration"]


@AGAIN
def test_a_change_without_beads_for_the_corrected_lot_is_refused(service, again):
    lot = service.lot()
    calibration = service.calibration(lot)
    first = service.analyse(calibration)
    service.laboratory.archive.path(calibration["file"]["sha256"]).unlink()
    correct_lot(service, lot)
    refused = again(service, first, 500)
    assert refused["code"] == "FILE_LOST"
    assert service.get(f"analyses/{first['id']}")["version"] == 1


def test_a_tube_that_is_refused_leaves_no_version_of_its_calibration(service):
    lot = service.lot()
    calibration = service.calibration(lot)
    correct_lot(service, lot)
    before = service.audit()
    no_file = ("x.fcs", b"no cytometer wrote this", "text/plain")
    service.analyse(calibration, no_file, 422)
    service.analyse(calibration, ("b.fcs", (SAMPLES / "calibur-beads.fcs").read_bytes()), 422)
    assert service.audit() == before
    assert rows(service, "calibration_versions") == 1
    service.analyse(calibration)
    assert rows(service, "calibration_versions") == 2
