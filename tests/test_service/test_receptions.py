"""A tube is noted when it comes; it waits until an analysis has its barcode."""

import hostile_texts
import pytest
from laboratory import BEADS, describe, files_kept, rows, site_key, tube_file

from hladr.context import STABLE_HOURS


def receive(service, status=201, key=None, **said):
    return service.post("receptions", status, json={"barcode": "B-1", **said}, key=key)


@pytest.fixture
def calibration(service):
    return service.calibration()


def is_now(service, reception):
    return service.get(f"receptions/{reception['id']}")


def test_it_waits_as_long_as_blood_of_its_tube_type_keeps(service):
    drawn = "2026-03-14T08:00:00+01:00"
    for barcode, tube_type, due in (
        ("1", "K2-EDTA", "2026-03-14T11:00:00.000000Z"), ("2", None, "2026-03-14T11:00:00.000000Z"),
        ("3", "Cyto-Chex BCT (K3EDTA)", "2026-03-17T07:00:00.000000Z"), ("4", "heparin", None),
    ):  # fmt: skip
        told = receive(service, barcode=barcode, tube_type=tube_type, drawn_at=drawn)
        assert (told["due_at"], told["state"], told["version"]) == (due, "open", 1)
    assert STABLE_HOURS == {"CYTOCHEX": 72.0, "EDTA": 4.0}


@pytest.mark.parametrize("drawn", [None, "2026-03-14", "0001-01-01T00:00", "1899-12-31T23:00"])
def test_without_the_hour_of_the_draw_nobody_knows_when_it_is_due(service, drawn):
    if drawn is None or len(drawn) == 10:
        assert receive(service, drawn_at=drawn)["due_at"] is None
    else:
        receive(service, 422, drawn_at=drawn)


def test_times_without_a_zone_are_those_of_the_laboratory(service):
    told = receive(service, drawn_at="2026-03-14T08:00", received_at="2026-03-14T09:30")
    assert told["due_at"] == "2026-03-14T12:00:00.000000Z"
    assert told["received_at"] == "2026-03-14T09:30:00.000000Z"
    told = receive(service, barcode="B-2")
    assert told["received_at"] == told["created_at"]


def test_an_analysis_with_the_barcode_ends_it_and_takes_nothing_of_it(service, calibration):
    waits = receive(service, subject="Q-9", tube_type="EDTA")
    other = receive(service, barcode="B-2")
    made = service.analyse(calibration, barcode="B-1")
    assert made["tube"]["subject"] == "blood"
    assert "tube_type" not in made["tube"]
    told = is_now(service, waits)
    assert (told["state"], told["analysis_id"]) == ("analysed", made["id"])
    assert is_now(service, other)["state"] == "open"
    assert service.audit()[-2:] == ["analysis.analysed", "reception.analysed"]


def test_an_analysis_that_is_described_by_the_barcode_ends_it_as_well(service, calibration):
    waits = receive(service)
    made = service.analyse(calibration)
    assert is_now(service, waits)["state"] == "open"
    describe(service, made, barcode="B-1")
    assert is_now(service, waits)["analysis_id"] == made["id"]


def test_blood_that_clotted_is_an_analysis_with_an_outcome(service):
    waits = receive(service)
    form = {"subject": (None, "P"), "barcode": (None, "B-1"), "outcome": (None, "clotted")}
    made = service.post("analyses", files=form)
    assert is_now(service, waits)["analysis_id"] == made["id"]


def test_a_file_that_is_refused_leaves_the_tube_waiting(service, calibration):
    waits, before = receive(service), files_kept(service)
    service.analyse(calibration, BEADS.name, 422, barcode="B-1")
    assert is_now(service, waits) == waits
    assert files_kept(service) == before


def test_what_is_sent_twice_ends_it_once(service, calibration):
    waits = receive(service)
    for _ in range(2):
        service.analyse(calibration, barcode="B-1", key="k")
    assert is_now(service, waits)["version"] == 2


def test_no_two_that_wait_have_one_barcode(service, calibration):
    receive(service)
    assert receive(service, 409)["code"] == "ALREADY_THERE"
    second = receive(service, barcode="B-2")
    wanted = {"barcode": "B-1", "reason": "typed wrong"}
    path = f"receptions/{second['id']}"
    assert service.put(path, 409, json=wanted, version=1)["code"] == "ALREADY_THERE"
    service.analyse(calibration, barcode="B-1")
    again = receive(service)  # a tube whose label is used again
    assert service.get("receptions?barcode=B-1&state=open")["receptions"] == [again]
    assert len(service.get("receptions?barcode=B-1")["receptions"]) == 2


def test_it_is_described_anew_by_who_looked_at_it(service):
    made = receive(service, drawn_at="2026-03-14T08:00", subject="P-1")
    path, wanted = f"receptions/{made['id']}", {"barcode": "B-1", "drawn_at": "2026-03-14T07:00"}
    service.put(path, 428, json={**wanted, "reason": "misread"})
    service.put(path, 422, json=wanted, version=1)
    told = service.put(path, json={**wanted, "reason": "misread"}, version=1)
    assert (told["version"], told["due_at"]) == (2, "2026-03-14T11:00:00.000000Z")
    assert (told["subject"], told["received_at"]) == (None, made["received_at"])
    assert service.put(path, 412, json={**wanted, "reason": "late"}, version=1)["code"]
    said = [
        each for each in service.get("audit?most=99")["entries"] if each["subject"] == told["id"]
    ]
    assert [each["action"] for each in said] == ["reception.made", "reception.changed"]
    assert said[0]["facts"]["subject"] == "P-1"


def test_one_that_nobody_will_measure_is_closed_with_a_reason(service, calibration):
    made = receive(service)
    path = f"receptions/{made['id']}"
    service.post(f"{path}/closing", 422, json={}, version=1)
    said = {"reason": "sent by mistake"}
    told = service.post(f"{path}/closing", 200, json=said, version=1)
    assert (told["state"], told["reason"]) == ("closed", "sent by mistake")
    again = service.post(f"{path}/closing", 409, json=said, version=2)
    assert again["code"] == "RECEPTION_ENDED"
    wanted = {"barcode": "B-1", "reason": "late"}
    assert service.put(path, 409, json=wanted, version=2)["code"] == "RECEPTION_ENDED"
    made = service.analyse(calibration, barcode="B-1")
    assert is_now(service, told) == told


def test_the_same_request_notes_it_once(service):
    first = receive(service, key="k")
    assert receive(service, key="k") == first
    assert receive(service, 422, key="k", subject="other")["code"] == "IDEMPOTENCY_KEY_REUSED"
    assert rows(service, "receptions") == 1


def test_a_study_that_is_not_there_is_refused(service):
    receive(service, 404, study="0" * 36)
    study = service.post("studies", json={"name": "S"})
    assert receive(service, study=study["id"])["study"] == study["id"]


def test_a_site_sees_notes_and_ends_its_own_alone(service, calibration):
    theirs = receive(service, site="north")
    south = site_key(service, "south")
    own = receive(south, barcode="B-2")
    assert own["site"] == "south"
    assert receive(south, 403, barcode="B-3", site="north")["code"] == "NOT_ALLOWED"
    assert south.get("receptions")["receptions"] == [own]
    south.get(f"receptions/{theirs['id']}", 404)
    said = {"reason": "x"}
    south.post(f"receptions/{theirs['id']}/closing", 404, json=said, version=1)
    south.analyse(calibration, tube_file(), barcode="B-1")
    assert is_now(service, theirs)["state"] == "open"
    service.analyse(calibration, tube_file(), barcode="B-1", site="south")
    assert is_now(service, theirs)["state"] == "open"
    service.analyse(calibration, tube_file(), barcode="B-1")
    assert is_now(service, theirs)["state"] == "analysed"
    unsaid = receive(service, barcode="B-4")
    south.analyse(calibration, tube_file(), barcode="B-4")
    assert is_now(service, unsaid)["state"] == "open"


def test_they_are_listed_page_by_page(service):
    made = [receive(service, barcode=str(number)) for number in range(5)]
    found, after = [], ""
    while after is not None:
        told = service.get(f"receptions?most=2{after and '&after=' + after}")
        found += told["receptions"]
        after = told["next"]
    assert found == made
    service.get("receptions?after=nonsense", 422)
    service.get("receptions?barcode=%00", 422)


@pytest.mark.parametrize("text", hostile_texts.ALL.values(), ids=hostile_texts.ALL)
def test_hostile_texts_are_kept_as_they_are_or_refused(service, text):
    said = {"barcode": text, "subject": text, "visit": text}
    try:
        answer = service.call("POST", "receptions", json=said)
    except UnicodeEncodeError:
        return  # nothing that JSON could say
    if answer.status_code == 422:
        assert rows(service, "receptions") == 0
        return
    assert answer.json()["barcode"] == text
    assert len(service.get("receptions", params={"barcode": text})["receptions"]) == 1
    assert service.post("audit/verification", 200)["intact"]


def test_who_may_only_read_notes_nothing(service):
    reader = service.as_key(service.api_key("read")["key"])
    receive(reader, 403)
    assert reader.get("receptions")["receptions"] == []


def test_a_site_cannot_tell_that_a_barcode_waits_elsewhere(service):
    receive(service, site="north")
    receive(service)
    south = site_key(service, "south")
    own = receive(south)
    assert south.get("receptions?barcode=B-1")["receptions"] == [own]
    assert receive(south, 409)["code"] == "ALREADY_THERE"
    other = receive(south, barcode="B-2")
    receive(service, barcode="B-3", site="north")
    wanted = {"barcode": "B-3", "reason": "misread"}
    assert south.put(f"receptions/{other['id']}", json=wanted, version=1)["barcode"] == "B-3"
    for site in (None, "north", "south"):
        assert receive(service, 409, site=site)["code"] == "ALREADY_THERE"
    assert len(service.get("receptions?barcode=B-1&state=open")["receptions"]) == 3


def test_the_laboratory_says_of_which_site_a_barcode_is(service, calibration):
    north, south = (receive(service, site=site) for site in ("north", "south"))
    refused = service.analyse(calibration, tube_file(), 409, barcode="B-1")
    assert refused["code"] == "BARCODE_AMBIGUOUS"
    assert "north, south" in refused["detail"]
    assert service.get("analyses")["analyses"] == []
    made = service.analyse(calibration, tube_file(), barcode="B-1", site="south")
    assert is_now(service, south)["analysis_id"] == made["id"]
    assert is_now(service, north)["state"] == "open"
    made = service.analyse(calibration, tube_file(), barcode="B-1")  # one is left to be meant
    assert is_now(service, north)["analysis_id"] == made["id"]


def test_a_tube_of_no_site_is_meant_where_no_site_is_said(service, calibration):
    theirs, own = receive(service, site="north"), receive(service)
    made = service.analyse(calibration, barcode="B-1")
    assert is_now(service, own)["analysis_id"] == made["id"]
    assert is_now(service, theirs)["state"] == "open"


def test_another_word_about_a_tube_ends_no_wait_of_its_barcode(service, calibration):
    made = service.analyse(calibration, barcode="B-1")
    again = receive(service)  # the label is used again
    now = describe(service, made, visit="D7")
    assert is_now(service, again)["state"] == "open"
    north, south = (receive(service, site=site, barcode="B-2") for site in ("north", "south"))
    now = describe(service, now, barcode="B-2", site="south")
    describe(service, now, visit="D8")
    assert [is_now(service, each)["state"] for each in (north, south)] == ["open", "analysed"]
