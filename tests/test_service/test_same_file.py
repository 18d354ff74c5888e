"""One file that comes twice: for the same subject, or for two."""

import pytest
from laboratory import codes, describe, rows, tube_file


@pytest.fixture
def send(service):
    calibration = service.calibration()
    file = tube_file(_SRC=None)

    def send(subject, **tube):
        return service.analyse(calibration, file, subject=subject, **tube)

    return send


def test_the_same_file_under_two_subjects_blocks_the_second(send):
    assert send("ATH-0101")["open_findings"] == []
    told = send("ATH-0102")
    assert told["open_findings"] == ["FILE_OF_ANOTHER_SUBJECT"]
    assert told["verdict"] == "review"


def test_the_same_file_for_the_same_subject_is_noted(send):
    first = send("ATH-0101")
    told = send("ath 0101")
    assert told["open_findings"] == []
    (found,) = [each for each in told["findings"] if each["code"] == "FILE_SEEN_BEFORE"]
    assert found["severity"] == "note"
    assert first["id"] in found["message"]


def test_the_same_file_of_somebody_and_of_nobody_blocks(send):
    send("ATH-0101")
    assert "FILE_OF_ANOTHER_SUBJECT" in send(None)["open_findings"]


def test_a_file_is_kept_once(service, send):
    send("ATH-0101")
    before = rows(service, "files")
    send("ATH-0101")
    assert rows(service, "files") == before


def test_an_analysis_is_no_other_file_of_itself(service, send):
    told = describe(service, send("ATH-0101"), visit="D7")
    assert not codes(told["findings"]) & {"FILE_SEEN_BEFORE", "FILE_OF_ANOTHER_SUBJECT"}


def test_a_subject_that_is_corrected_is_held_against_the_others(service, send):
    send("ATH-0101")
    second = send("ATH-0101")
    told = describe(service, second, subject="ATH-0102")
    assert told["open_findings"] == ["FILE_OF_ANOTHER_SUBJECT"]
