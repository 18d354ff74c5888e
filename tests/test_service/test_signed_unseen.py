"""Nobody stands for what they cannot have seen: files that are gone, findings that came since."""

import html
import re

import pytest
from laboratory import BEADS, PASSWORD, answer, tube_file
from moved_gates import GATE, move, shifted, vertices_of
from test_damaged_file import double_hla_dr, put, stored

from service.analyses import by_password
from service.doors.report import figures
from service.http.heavy import HeavyCalls, TooBusy
from service.pages.sample.drawings import Drawings
from service.store.database import DatabaseUnavailable


def state(service, analysis):
    return service.get(f"analyses/{analysis['id']}")["state"]


def signatures(service, analysis):
    return [each["meaning"] for each in service.get(f"analyses/{analysis['id']}")["signatures"]]


def form(browser, analysis):
    """Hidden fields of the first form of a sample that signs, and what stands on its page."""
    page = browser.client.get(f"/samples/{analysis['id']}").text
    first = page.partition("/signatures")[2].partition("</form>")[0]
    fields = dict(re.findall(r'<input type="hidden" name="([^"]*)" value="([^"]*)"', first))
    return {name: html.unescape(value) for name, value in fields.items()}, page


def send(browser, analysis, status, **fields):
    path = f"/samples/{analysis['id']}/signatures"
    answered = browser.client.post(path, data=fields, follow_redirects=False)
    assert answered.status_code == status, answered.text
    return answered.text


@pytest.mark.usefixtures("anna")
@pytest.mark.parametrize("meaning", ["performed", "preliminary"])
def test_a_file_that_is_lost_or_damaged_is_not_signed_but_rejected(service, calibration, meaning):
    made = service.analyse(calibration)
    path = stored(service, made["file"]["sha256"])
    double_hla_dr(path)
    assert service.sign(made, "anna", meaning, 500, comment="x")["code"] == "FILE_DAMAGED"
    path.unlink()
    refused = service.sign(made, "anna", meaning, 500, comment="x")
    assert refused["code"] == "FILE_LOST"
    assert "send it again" in refused["detail"]
    assert (state(service, made), signatures(service, made)) == ("open", [])
    service.sign(made, "anna", "rejected", comment="the file is gone")
    assert state(service, made) == "rejected"


def test_beads_that_are_damaged_are_seen_by_page_and_signature(service, anna):
    lot, instrument = service.lot(), service.instrument()
    calibration = service.calibration(lot, instrument)
    made = service.analyse(calibration)
    path = stored(service, calibration["file"]["sha256"])
    put(path, path.read_bytes()[:-1])
    refused = service.sign(made, "anna", "performed", 500, comment="x")
    assert refused["code"] == "FILE_DAMAGED"
    _, page = form(anna, made)
    assert f"The bead file {BEADS.name} is lost or damaged" in page
    assert "Send the same bead file again under New run, with no tubes" in page
    assert 'value="performed"' not in page
    service.calibration(lot, instrument)  # sent again
    service.sign(made, "anna", "performed", comment="x")


def test_gates_that_are_damaged_are_seen_by_page_and_signature(
    service, anna, calibration, automatic
):
    made = service.analyse(calibration)
    made = move(service, made, gate=GATE, vertices=shifted(vertices_of(automatic)))
    path = stored(service, made["gates_sha256"])
    put(path, path.read_bytes().replace(b"0.", b"0.1", 1))
    refused = service.sign(made, "anna", "performed", 500, comment="x")
    assert refused["code"] == "FILE_DAMAGED"
    _, page = form(anna, made)
    assert "The file of the gates is lost or damaged" in page
    assert "Only a backup brings it back: tell whoever operates the service" in page


@pytest.mark.usefixtures("anna")
def test_a_review_is_refused_as_well_until_the_file_is_sent_again(service, calibration):
    service.user("boris", "reviewer")
    sent = tube_file()
    made = service.analyse(calibration, sent)
    service.sign(made, "anna", "performed", comment="x")
    stored(service, made["file"]["sha256"]).unlink()
    assert service.sign(made, "boris", "reviewed", 500, comment="x")["code"] == "FILE_LOST"
    service.analyse(calibration, sent)
    service.sign(made, "boris", "reviewed", comment="x")
    assert signatures(service, made) == ["performed", "reviewed"]


@pytest.mark.usefixtures("anna")
def test_a_signature_that_was_given_is_told_again_though_its_file_is_gone(service, calibration):
    made = service.analyse(calibration)
    said = {"name": "anna", "password": PASSWORD, "meaning": "performed", "comment": "x"}
    path = f"analyses/{made['id']}/signatures"
    service.post(path, json=said, version=1, key="once")
    stored(service, made["file"]["sha256"]).unlink()
    assert service.post(path, json=said, version=1, key="once")["state"] == "performed"


def test_a_number_that_does_not_come_out_again_is_not_signed_on_its_page(
    service, anna, calibration, monkeypatch
):
    made = service.analyse(calibration)
    seen, page = form(anna, made)
    assert 'value="performed"' in page
    anna.client.app.state.drawings._kept.clear()
    monkeypatch.setattr(figures, "_same", lambda *_: False)
    _, page = form(anna, made)
    assert 'value="performed"' not in page
    assert "does not give this number again, so nobody can look at how it was measured" in page
    assert "Sign as rejected" in page
    said = {**seen, "meaning": "performed", "password": PASSWORD, "comment": "x"}
    assert "Change what is said of it, with the reason" in send(anna, made, 409, **said)
    assert signatures(service, made) == []
    send(anna, made, 303, **said | {"meaning": "rejected", "once": "another"})
    assert state(service, made) == "rejected"


def test_a_finding_that_comes_between_the_look_and_the_signature_is_not_signed(
    service, anna, calibration, monkeypatch
):
    made = service.analyse(calibration, tube_file(_COM="a"), barcode="B-1")
    seen, _ = form(anna, made)
    whole = by_password.require_files

    def meanwhile(*given):
        monkeypatch.setattr(by_password, "require_files", whole)
        service.analyse(calibration, tube_file(_COM="b"), barcode="B-1")
        answer(service, made, "BARCODE_TWICE")
        return whole(*given)

    monkeypatch.setattr(by_password, "require_files", meanwhile)
    said = {**seen, "meaning": "performed", "password": PASSWORD, "comment": "x"}
    assert "A finding came since you looked: BARCODE_TWICE" in send(anna, made, 412, **said)
    assert signatures(service, made) == []


def test_a_database_that_does_not_answer_is_not_called_another_number(
    service, anna, calibration, monkeypatch
):
    made = service.analyse(calibration)
    fields, _ = form(anna, made)

    def silent(*_):
        raise DatabaseUnavailable

    monkeypatch.setattr(figures, "again_of", silent)
    service.app.state.drawings = Drawings()  # nothing is at hand
    said = send(anna, made, 503, **fields, password=PASSWORD, comment="x")
    assert "DATABASE_UNAVAILABLE" in said
    assert "does not give this number" not in said
    assert (state(service, made), signatures(service, made)) == ("open", [])


def test_what_was_typed_stays_where_all_places_to_measure_are_taken(
    service, anna, calibration, monkeypatch
):
    made = service.analyse(calibration)
    fields, _ = form(anna, made)

    async def taken(*_):
        raise TooBusy

    monkeypatch.setattr(HeavyCalls, "do", taken)
    service.app.state.drawings = Drawings()
    said = send(anna, made, 503, **fields, password=PASSWORD, comment="as I SAW it")
    assert "as I SAW it" in said
    assert PASSWORD not in said
    assert "all places to measure are taken" in said
