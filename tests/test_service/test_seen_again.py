"""A number that nobody can look at, and the ways by which it can be looked at again."""

import pytest
from laboratory import PASSWORD, describe, regate, tube_file
from moved_gates import stored as as_stored
from test_damaged_file import put, stored
from test_signed_unseen import form, send, signatures

from hladr.gate_files import write_gatingml
from hladr.version import ALGORITHM
from service.analyses import analysing
from service.doors.report import figures
from service.measuring import apart
from service.measuring.apart import GateFileHarmful
from service.measuring.layout import Layout


@pytest.mark.usefixtures("anna")
def test_beads_that_were_damaged_once_are_drawn_when_they_are_sent_again(service):
    lot, instrument = service.lot(), service.instrument()
    calibration = service.calibration(lot, instrument)
    path = stored(service, calibration["file"]["sha256"])
    put(path, path.read_bytes()[:-4] + bytes(4))  # it stays a file that can be read
    service.analyse(calibration)  # by the line alone
    service.calibration(lot, instrument)  # sent again
    made = service.analyse(calibration, tube_file(_COM="of the whole beads"))
    drawn = figures.figures_of(service.laboratory, as_stored(service, made), Layout.BENCH)
    assert "<svg" in drawn.html["beads"]


def test_a_number_whose_beads_do_not_give_their_line_again_is_not_signed(
    service, anna, calibration, monkeypatch
):
    monkeypatch.setattr(service.laboratory.curves, "of", lambda _, curve, __: curve)
    made = service.analyse(calibration)
    _, page = form(anna, made)
    assert "does not give the line of the beads again" in page
    assert 'value="performed"' not in page
    assert "Sign as rejected" in page


def test_a_number_of_earlier_software_is_measured_again_by_another_description(
    service, anna, calibration, monkeypatch
):
    with monkeypatch.context() as earlier:
        measured = analysing.measured

        def otherwise(*given):
            told = measured(*given)
            hla_dr = {**told["hla_dr"], "mfi": told["hla_dr"]["mfi"] * 1.01}
            return {**told, "hla_dr": hla_dr, "software": {**told["software"], "algorithm": "1"}}

        earlier.setattr(analysing, "measured", otherwise)
        made = service.analyse(calibration)
    _, page = form(anna, made)
    assert "this result by algorithm 1" in page
    assert 'value="performed"' not in page
    now = describe(service, made, reason="by the software that is installed")
    assert now["result"]["software"]["algorithm"] == ALGORITHM
    seen, page = form(anna, now)
    assert "<svg" in page
    send(anna, now, 303, **seen, meaning="performed", password=PASSWORD, comment="x")
    assert signatures(service, now) == ["performed"]


def test_a_blood_file_that_is_sent_again_as_the_page_says_blocks_nothing(
    service, anna, calibration
):
    sent, said = tube_file(), {"subject": "X", "barcode": "B-1"}
    made = service.analyse(calibration, sent, **said)
    stored(service, made["file"]["sha256"]).unlink()
    _, page = form(anna, made)
    assert "Send the same file again in its run, with the same subject and barcode" in page
    again = service.analyse(calibration, sent, **said)
    service.sign(again, "anna", "rejected", comment="sent for its file")
    seen, page = form(anna, made)
    assert "is lost or damaged" not in page
    send(anna, made, 303, **seen, meaning="performed", password=PASSWORD, comment="x")
    assert signatures(service, made) == ["performed"]


def test_gates_that_took_too_long_once_are_not_called_another_number(
    service, anna, calibration, automatic, monkeypatch
):
    made = service.analyse(calibration)
    text = write_gatingml(automatic).replace("  <", "\t<")  # not as we write them
    made = regate(service, made, gates=("g.xml", text.encode(), "application/xml"))

    def slow(_):
        raise GateFileHarmful

    with monkeypatch.context() as busy:
        busy.setattr(apart, "_answer", slow)
        _, page = form(anna, made)
    assert "Not drawn: its gates took too long this time. Load the page anew." in page
    assert "The gates took too much time or memory this time." in page
    assert "does not give this number" not in page
    assert 'value="performed"' not in page
    _, page = form(anna, made)
    assert 'value="performed"' in page
