"""Draw, stain, blood on the cytometer, beads before it; and what nobody said of a tube."""

import pytest
from laboratory import codes, describe, tube_file

MEASURED = "2026-03-14T09:31"  # healthy.fcs; its beads at 09:05
WHOLE = {
    "tube_type": "EDTA", "preparation": "lyse, no wash", "antibody_lot": "7", "operator": "anna",
    "site": "Athens", "visit": "D3",
}  # fmt: skip


@pytest.fixture
def send(service):
    calibration = service.calibration()

    def send(keywords=None, **tube):
        return service.analyse(calibration, tube_file(**(keywords or {})), **{**WHOLE, **tube})

    return send


def found(told):
    return codes(told["findings"]) | codes(told["result"]["findings"])


def test_blood_that_was_measured_before_it_was_drawn_is_a_finding(send):
    told = send(drawn_at="2026-03-14T10:00", stained_at="2026-03-14T10:10")
    assert "ACQUIRED_BEFORE_DRAW" in found(told)
    assert told["verdict"] == "review"


def test_beads_after_blood_are_a_finding(send):
    told = send({"_DATE": "13-MAR-2026"})
    assert "BEADS_AFTER_BLOOD" in found(told)
    assert told["verdict"] == "review"
    assert "BEADS_AFTER_BLOOD" not in found(send())


@pytest.mark.parametrize(
    ("tube_type", "stained", "old"),
    [
        ("EDTA", "2026-03-14T09:00", False),
        ("EDTA", "2026-03-14T09:01", True),
        ("Cyto-Chex BCT", "2026-03-17T05:00", False),
        ("Cyto-Chex BCT", "2026-03-17T05:01", True),
    ],
)
def test_blood_waits_as_long_as_its_tube_allows(send, tube_type, stained, old):
    told = send(tube_type=tube_type, drawn_at="2026-03-14T05:00", stained_at=stained)
    assert ("BLOOD_OLD" in found(told)) is old


def test_a_tube_type_that_is_corrected_moves_the_limit(service, send):
    told = send(drawn_at="2026-03-13T09:00", stained_at="2026-03-14T09:00")
    assert "BLOOD_OLD" in found(told)
    changed = describe(service, told, tube_type="Cyto-Chex BCT")
    assert "BLOOD_OLD" not in found(changed)
    assert changed["result"]["hla_dr"] == told["result"]["hla_dr"]


@pytest.mark.parametrize("missing", sorted(WHOLE))
def test_what_nobody_said_is_a_finding(send, missing):
    told = send(**{missing: None})
    (note,) = [each for each in told["findings"] if each["code"] == "CONTEXT_UNKNOWN"]
    assert missing.replace("_", " ") in note["message"]


def test_what_was_said_is_none(send):
    told = send(drawn_at="2026-03-14T08:00", stained_at="2026-03-14T08:30")
    unknown = {"CONTEXT_UNKNOWN", "DRAW_TIME_UNKNOWN", "STAIN_TIME_UNKNOWN"}
    assert not found(told) & unknown


def test_a_draw_of_an_unknown_hour_is_a_finding(send):
    assert "DRAW_TIME_UNKNOWN" in found(send())
    assert "STAIN_TIME_UNKNOWN" in found(send(drawn_at="2026-03-14T08:00"))


@pytest.mark.parametrize(
    "time", ["yesterday", "2026-03-14T25:00", "0001-01-01T00:00", "9999-12-31"]
)
def test_a_time_that_cannot_be_is_refused(send, time):
    assert send(status=422, drawn_at=time)["code"] == "FORM_INVALID"
