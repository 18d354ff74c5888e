"""One barcode that two blood files come under, or that was noted as somebody else's."""

import pytest
from laboratory import answer, codes, describe, site_key, tube_file, two_people


@pytest.fixture
def send(service):
    calibration = service.calibration()
    names = iter("abcdefgh")

    def send(subject="ATH-0101", barcode="B-1", **tube):
        file = tube_file(_SRC=None, _COM=next(names))
        return service.analyse(calibration, file, subject=subject, barcode=barcode, **tube)

    return send


def is_open(service, analysis):
    return service.get(f"analyses/{analysis['id']}")["open_findings"]


def test_two_files_of_one_barcode_block_both(service, send):
    two_people(service)
    first, other = send(), send(barcode="B-2")
    assert first["open_findings"] == []
    second = send("ATH-0102")
    assert second["open_findings"] == ["BARCODE_TWICE"]
    told = service.get(f"analyses/{first['id']}")
    assert (told["open_findings"], told["verdict"]) == (["BARCODE_TWICE"], "review")
    assert is_open(service, other) == []
    refused = service.sign(first, "anna", "performed", 409, comment="looked at")
    assert refused["findings"] == ["BARCODE_TWICE"]
    assert answer(service, first, "BARCODE_TWICE")["open_findings"] == []
    third = send()
    assert is_open(service, first) == ["BARCODE_TWICE"]  # the answer was to the second alone
    assert describe(service, third, barcode="B-3")["open_findings"] == []


def test_a_corrected_barcode_lets_both_go(service, send):
    first, second = send(), send()
    assert describe(service, second, barcode="B-2")["open_findings"] == []
    assert is_open(service, first) == []


def test_a_repeat_is_said_to_be_one(service, send):
    first = send()
    said = ("reacquisition", "duplicate")
    repeats = [send(related_to=first["id"], relation=each) for each in said]
    for each in (first, *repeats):
        assert is_open(service, each) == []


def test_what_gives_no_number_and_controls_count_for_nothing(service, send):
    two_people(service)
    first = send()
    service.sign(first, "anna", "rejected", comment="clotted")
    assert send()["open_findings"] == []
    controls = [send("vial", "C-1", kind="control") for _ in range(2)]
    assert [is_open(service, each) for each in controls] == [[], []]


def test_a_site_learns_nothing_of_another_site(service, send):
    own, theirs = send(site="Athens"), send(site="Berlin")
    assert is_open(service, own) == is_open(service, theirs) == []
    unsaid = send()
    athens = site_key(service, "Athens")
    text = athens.call("GET", f"analyses/{own['id']}").text
    assert "BARCODE_TWICE" in text
    assert theirs["id"] not in text
    assert unsaid["id"] not in text


def test_a_tube_that_was_noted_of_another_subject_blocks(service, send):
    service.post("receptions", json={"barcode": "B-1", "subject": "ATH-0102"})
    made = send()
    assert (made["open_findings"], made["verdict"]) == (["RECEPTION_MISMATCH"], "review")
    assert describe(service, made, visit="D7")["open_findings"] == ["RECEPTION_MISMATCH"]
    now = service.get(f"analyses/{made['id']}")
    assert describe(service, now, subject="ath 0102")["open_findings"] == []


def test_a_barcode_that_is_said_later_is_held_against_what_waits(service, send):
    service.post("receptions", json={"barcode": "B-2", "subject": "ATH-0102"})
    made = send()
    told = describe(service, made, barcode="B-2")
    assert told["open_findings"] == ["RECEPTION_MISMATCH"]
    assert describe(service, told, barcode="B-1")["open_findings"] == []


@pytest.mark.parametrize("noted", [None, "ath 0101"])
def test_a_tube_that_was_noted_of_the_same_subject_passes(service, send, noted):
    service.post("receptions", json={"barcode": "B-1", "subject": noted})
    assert send()["open_findings"] == []
    service.post("receptions", json={"barcode": "B-2", "subject": "ATH-0101"})
    assert codes(send(None, "B-2")["findings"]) >= {"SUBJECT_UNKNOWN"}
    assert "RECEPTION_MISMATCH" not in codes(send("ATH-0101", "B-2")["findings"])
