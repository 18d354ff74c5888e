"""When a file was acquired, and whether beads and blood were measured alike."""

import dataclasses
import datetime as dt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from calibration import Provenance
from calibration.finding import Severity
from hladr.acquisition import acquired_at, compare_settings, provenance
from hladr.assay.definition import SettingLimits
from hladr.fcs.table import EventTable

NOTE, WARN, REJECT = Severity.NOTE, Severity.WARN, Severity.REJECT
USUAL = {
    "$CYT": "FACSCanto II", "$CYTSN": "V96300123", "$DATE": "14-MAR-2026", "$BTIM": "10:30:00",
    "$P1V": "480", "$P1G": "1.0",
}  # fmt: skip
LIMITS = SettingLimits()


def tube(name="PE-A", **changes):
    """A table with one channel and the usual settings; None takes a keyword away."""
    words = {**USUAL, **{f"${key}": value for key, value in changes.items()}}
    kept = {key: value for key, value in words.items() if value is not None}
    return EventTable.from_columns({name: np.arange(3.0)}, keywords=kept, name="blood.fcs")


def beads(name="PE-A", **changes):
    table = tube(name, **changes)
    return provenance(table, table.channels[0])


def said(origin, table, limits=LIMITS):
    found = compare_settings(origin, table, table.channels[0], limits)
    return [(finding.code, finding.severity) for finding in found]


# Time --------------------------------------------------------------------------------------------


@given(st.datetimes(dt.datetime(1990, 1, 1), dt.datetime(2060, 1, 1)))  # noqa: DTZ001 - FCS has no zones
def test_date_and_time_in_the_standards_form_are_read_back(moment):
    whole = moment.replace(microsecond=0)
    months = ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"]
    date = f"{whole.day:02d}-{months[whole.month - 1]}-{whole.year:04d}"
    assert acquired_at(tube(DATE=date, BTIM=f"{whole:%H:%M:%S}")) == whole


@pytest.mark.parametrize(
    ("date", "clock"),
    [
        ("14-Mar-2026", "09:31:07"),
        ("14-mar-26", "09:31:07"),
        ("2026-03-14", "09:31:07"),
        ("2026-Mar-14", "9:31:07"),
        ("14.03.2026", "09:31:07.25"),
        (" 14-MAR-2026 ", " 09:31:07:33 "),  # FCS 2.0 counts sixtieths
    ],
)
def test_forms_of_date_and_time_that_files_have(date, clock):
    expected = dt.datetime(2026, 3, 14, 9, 31, 7)  # noqa: DTZ001
    assert acquired_at(tube(DATE=date, BTIM=clock)) == expected


def test_fcs_32_writes_both_in_one_word():
    found = acquired_at(tube(DATE=None, BTIM=None, BEGINDATETIME="2026-03-14T09:31:07+01:00"))
    assert found.isoformat() == "2026-03-14T09:31:07+01:00"


@pytest.mark.parametrize(
    ("date", "clock"),
    [
        (None, "09:31:07"),
        ("14-MAR-2026", None),
        ("31-FEB-2026", "09:31:07"),
        ("today", "09:31:07"),
        ("03/04/2026", "09:31:07"),  # day or month first cannot be told
        ("14-MAR-2026", "25:00:00"),
        ("14-MAR-2026", "noon"),
    ],
)
def test_what_cannot_be_read_is_not_known(date, clock):
    assert acquired_at(tube(DATE=date, BTIM=clock)) is None


# Provenance --------------------------------------------------------------------------------------


def test_provenance_is_what_the_file_says():
    origin = beads()
    assert (origin.detector, origin.voltage, origin.gain) == ("PE-A", 480.0, 1.0)
    assert (origin.cytometer, origin.serial) == ("FACSCanto II", "V96300123")
    assert origin.acquired_at == dt.datetime(2026, 3, 14, 10, 30)  # noqa: DTZ001
    assert (origin.file, origin.compensated) == ("blood.fcs", False)
    assert len(origin.sha256) == 64
    assert beads("Comp-PE-A").compensated is True
    assert beads("FJComp-PE-A").compensated is True
    labelled = tube(P1S="HLA-DR")
    assert provenance(labelled, labelled.channels[0]).marker == "HLA-DR"
    assert origin.marker is None


# Alike or not ------------------------------------------------------------------------------------


def test_the_same_settings_are_not_remarked_upon():
    assert said(beads(), tube()) == []


@pytest.mark.parametrize("other", ["PE-H", "FITC-A", "YG-PE-A", "PE"])
def test_another_detector_or_pulse_feature_rejects(other):
    assert ("DETECTOR_DIFFERS", REJECT) in said(beads(), tube(other))


@pytest.mark.parametrize("same", ["Comp-PE-A", "pe-a", "<PE-A>"])
def test_a_compensated_column_is_of_the_same_detector(same):
    assert said(beads(), tube(same)) == []


@pytest.mark.parametrize(
    ("volts", "expected"),
    [
        ("480.04", []),
        ("480.06", [("VOLTAGE_DIFFERS", REJECT)]),
        ("479", [("VOLTAGE_DIFFERS", REJECT)]),
        ("0", [("VOLTAGE_DIFFERS", REJECT)]),
        (None, [("SETTINGS_UNVERIFIED", WARN)]),
    ],
)
def test_voltage(volts, expected):
    assert said(beads(), tube(P1V=volts)) == expected
    assert said(beads(P1V=volts), tube()) == expected


@pytest.mark.parametrize(
    ("gain", "expected"),
    [("1.0004", []), ("1.002", [("GAIN_DIFFERS", REJECT)]), ("2", [("GAIN_DIFFERS", REJECT)])],
)
def test_gain(gain, expected):
    assert said(beads(), tube(P1G=gain)) == expected
    assert said(beads(P1G=gain), tube()) == expected


def test_a_gain_of_one_and_none_recorded_are_alike_where_voltages_show_the_rest():
    assert said(beads(P1G=None), tube()) == []
    assert said(beads(), tube(P1G=None)) == []


def test_gain_alone_shows_the_settings_of_an_avalanche_diode():
    assert said(beads(P1V=None, P1G="300"), tube(P1V=None, P1G="300")) == []
    assert said(beads(P1V=None, P1G="300"), tube(P1V=None, P1G="250")) == [("GAIN_DIFFERS", REJECT)]


@pytest.mark.parametrize("volts", [None, "0"])
def test_no_volts_and_a_gain_of_one_tell_nothing(volts):
    settings = {"P1V": volts, "P1G": "1.0"}
    assert said(beads(**settings), tube(**settings)) == [("SETTINGS_UNVERIFIED", WARN)]


def test_settings_that_are_not_recorded_need_a_signature():
    nothing = {"P1V": None, "P1G": None}
    assert said(beads(**nothing), tube(**nothing)) == [("SETTINGS_UNVERIFIED", WARN)]
    assert ("SETTINGS_UNVERIFIED", WARN) in said(Provenance(), tube())


def test_a_logarithmic_and_a_linear_amplifier_are_not_alike():
    origin = dataclasses.replace(beads(), log_decades=4.0)
    assert ("AMPLIFICATION_DIFFERS", REJECT) in said(origin, tube())


@pytest.mark.parametrize(
    ("bead_words", "expected"),
    [
        ({"CYTSN": "V96300124"}, [("INSTRUMENT_DIFFERS", REJECT)]),
        ({"CYTSN": " v96300123 "}, []),
        ({"CYTSN": None}, [("SERIAL_UNKNOWN", NOTE)]),
        ({"CYTSN": None, "CYT": "FACSCantoII"}, [("SERIAL_UNKNOWN", NOTE)]),
        ({"CYTSN": None, "CYT": "LSRII"}, [("INSTRUMENT_DIFFERS", REJECT)]),
    ],
)
def test_the_instrument(bead_words, expected):
    assert said(beads(**bead_words), tube()) == expected


@pytest.mark.parametrize(
    ("date", "clock", "expected"),
    [
        ("14-MAR-2026", "22:30:00", []),  # twelve hours
        ("14-MAR-2026", "22:30:01", [("BEADS_OLD", WARN)]),
        ("13-MAR-2026", "23:59:59", [("BEADS_OTHER_DAY", WARN)]),
        ("15-MAR-2026", "00:00:00", [("BEADS_OTHER_DAY", WARN)]),
        ("14-MAR-2025", "10:30:00", [("BEADS_OTHER_DAY", WARN)]),
        (None, "10:30:00", [("ACQUISITION_TIME_UNKNOWN", NOTE)]),
    ],
)
def test_the_age_of_the_beads(date, clock, expected):
    assert said(beads(DATE=date, BTIM=clock), tube()) == expected
    assert said(beads(), tube(DATE=date, BTIM=clock)) == expected


@pytest.mark.parametrize(
    ("bead_start", "start", "expected"),
    [
        ("2026-03-14T09:31:00Z", "2026-03-14T17:31:00+08:00", []),  # one instant
        ("2026-03-14T17:31:00+08:00", "2026-03-14T22:30:00Z", [("BEADS_OTHER_DAY", WARN)]),
        ("2026-03-14T22:30:00Z", "2026-03-15T07:31:00+08:00", []),  # a day at the beads' place
        ("2026-03-14T00:30:00Z", "2026-03-14T13:30:00+01:00", []),
        ("2026-03-14T00:30:00Z", "2026-03-14T12:31:00-01:00", [("BEADS_OLD", WARN)]),
        ("2026-03-14T09:31:00", "2026-03-14T17:31:00+08:00", []),  # clocks on the wall, 8 h apart
        ("2026-03-14T01:31:00", "2026-03-14T17:31:00+08:00", [("BEADS_OLD", WARN)]),
        ("0001-01-01T00:00:00-12:00", "0001-01-01T00:00:00+14:00", []),  # before the calendar
    ],
)
def test_zones_count_where_both_sides_have_one(bead_start, start, expected):
    plain = {"DATE": None, "BTIM": None}
    origin = beads(BEGINDATETIME=bead_start, **plain)
    assert said(origin, tube(BEGINDATETIME=start, **plain)) == expected


def test_a_laboratorys_own_limits_are_in_force():
    wide = SettingLimits(voltage_tolerance=2.0, gain_tolerance=0.5, bead_age_hours=1.0)
    assert said(beads(P1V="481.5", P1G="1.3"), tube(), wide) == []
    assert said(beads(BTIM="09:00:00"), tube(), wide) == [("BEADS_OLD", WARN)]


def test_messages_name_both_settings():
    table = tube(P1V="505")
    (finding,) = compare_settings(beads(), table, table.channels[0], LIMITS)
    assert "480" in finding.message
    assert "505" in finding.message
