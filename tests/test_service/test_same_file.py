"""One file that comes twice: for the same subject, or for two."""

import pytest
from laboratory import answer, codes, describe, rows, site_key, tube_file, two_people

from service.analyses import receiving


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


def test_a_file_that_comes_for_another_subject_later_blocks_the_first(service, send):
    two_people(service)
    first = send("ATH-0101")
    second = send("ATH-0102")
    told = service.get(f"analyses/{first['id']}")
    assert (told["open_findings"], told["verdict"]) == (["FILE_OF_ANOTHER_SUBJECT"], "review")
    assert any(second["id"] in each["message"] for each in told["findings"])
    refused = service.sign(first, "anna", "performed", 409, comment="looked at")
    assert refused["findings"] == ["FILE_OF_ANOTHER_SUBJECT"]
    assert answer(service, first, "FILE_OF_ANOTHER_SUBJECT")["open_findings"] == []
    assert service.sign(first, "anna", "performed", comment="looked at")["state"] == "performed"


def test_an_answer_holds_for_those_who_were_known(service, send):
    first = send("ATH-0101")
    send("ATH-0102")
    assert answer(service, first, "FILE_OF_ANOTHER_SUBJECT")["open_findings"] == []
    assert answer(service, first, "FILE_OF_ANOTHER_SUBJECT", 409)["code"] == "ANSWERED_ALREADY"
    send("ATH-0103")
    path = f"analyses/{first['id']}"
    assert service.get(path)["open_findings"] == ["FILE_OF_ANOTHER_SUBJECT"]
    told = answer(service, first, "FILE_OF_ANOTHER_SUBJECT", text="of a third as well")
    assert told["open_findings"] == []
    assert [each["answer"] for each in told["answers"]][-1] == "of a third as well"


def test_a_file_that_came_for_another_subject_since_blocks_the_review(service, send):
    two_people(service)
    first = send("ATH-0101")
    service.sign(first, "anna", "performed")
    send("ATH-0102")
    refused = service.sign(first, "boris", "reviewed", 409, comment="looked at")
    assert refused["code"] == "FINDING_UNANSWERED"


def test_of_two_that_come_at_once_for_two_subjects_both_are_told(service, send, monkeypatch):
    keep, others = receiving.keep_files, []

    def while_another_comes(*arguments):
        keep(*arguments)
        if not others:
            others.append(None)
            others.append(send("ATH-0102"))

    monkeypatch.setattr(receiving, "keep_files", while_another_comes)
    first = send("ATH-0101")
    assert first["open_findings"] == ["FILE_OF_ANOTHER_SUBJECT"]
    for told in (first, others[1]):
        path = f"analyses/{told['id']}"
        assert service.get(path)["open_findings"] == ["FILE_OF_ANOTHER_SUBJECT"]
    changed = describe(service, first, visit="D7")
    assert "FILE_OF_ANOTHER_SUBJECT" in codes(
        service.get(f"analyses/{first['id']}/versions/1")["findings"]
    )
    assert changed["open_findings"] == ["FILE_OF_ANOTHER_SUBJECT"]


def test_a_site_reads_no_id_of_another_site(service, send):
    berlin, own = send("ATH-0101", site="Berlin"), send("ATH-0103", site="Athens")
    told = send("ATH-0102", site="Athens")
    athens = site_key(service, "Athens")
    for each in (told, own):
        text = athens.call("GET", f"analyses/{each['id']}").text
        assert "FILE_OF_ANOTHER_SUBJECT" in text
        assert berlin["id"] not in text
    assert berlin["id"] in service.call("GET", f"analyses/{told['id']}").text


def test_of_the_same_subject_the_one_that_came_first_says_nothing_of_the_later(service, send):
    first = send("ATH-0101")
    send("ATH-0101")
    for visit in ("D7", "D8"):
        first = describe(service, first, visit=visit)
    for version in (1, 2, 3):
        told = service.get(f"analyses/{first['id']}/versions/{version}")
        assert "FILE_SEEN_BEFORE" not in codes(told["findings"]), version
