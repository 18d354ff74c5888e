"""Everything that is corrected keeps what it was, and who changed it from where."""

import threading

import pytest
from laboratory import LOT, describe, now_text, regate, rows

LOT_SAID = {"maker": "nobody", "product": "beads", "number": "7", "assigned": LOT["assigned"]}
THINGS = {
    "instruments": ({"name": "Canto 1"}, {"serial": "V1"}),
    "lots": (LOT_SAID, {"assigned": [474, 5359, 23843, 62337]}),
}


@pytest.mark.parametrize("kind", THINGS)
def test_a_correction_is_a_new_version_and_the_old_one_stays(service, kind):
    said, change = THINGS[kind]
    made = service.post(kind, json=said)
    path = f"{kind}/{made['id']}"
    changed = service.put(path, json={**said, **change, "reason": "misread"}, version=1)
    assert (changed["version"], changed["reason"]) == (2, "misread")
    assert service.get(f"{path}/versions/1") == made
    assert service.get(f"{path}/versions/2") == service.get(path) == changed
    service.get(f"{path}/versions/3", 404)
    entry = service.get("audit?most=1000")["entries"][-1]
    assert entry["action"] == f"{kind[:-1]}.changed"
    assert entry["facts"]["reason"] == "misread"


@pytest.mark.parametrize("kind", THINGS)
def test_a_correction_names_the_version_it_changes(service, kind):
    said, change = THINGS[kind]
    made = service.post(kind, json=said)
    path, wanted = f"{kind}/{made['id']}", {**said, **change, "reason": "misread"}
    assert service.put(path, 428, json=wanted)["code"] == "VERSION_NOT_NAMED"
    service.put(path, json=wanted, version=1)
    refused = service.put(path, 412, json=wanted, version=1)
    assert (refused["code"], refused["current_version"]) == ("VERSION_MOVED", 2)
    for unreadable in ("*", "one", '"0"', '"01"', '"1", "2"'):
        headers = {"If-Match": unreadable}
        told = service.put(path, 412, json=wanted, headers=headers)
        assert told["code"] == "VERSION_UNREADABLE"


@pytest.mark.parametrize("kind", THINGS)
def test_a_change_says_why(service, kind):
    said, _ = THINGS[kind]
    made = service.post(kind, json=said)
    assert service.put(f"{kind}/{made['id']}", 422, json=said, version=1)["code"]


def test_an_answer_carries_its_version_as_etag(service):
    made = service.call("POST", "lots", json=LOT_SAID)
    assert made.headers["ETag"] == '"1"'
    assert made.headers["Location"] == f"/api/v1/lots/{made.json()['id']}"
    assert service.call("GET", made.headers["Location"]).headers["ETag"] == '"1"'


def test_a_lot_without_values_is_refused_and_leaves_nothing(service):
    before = rows(service, "audit")
    service.post("lots", 422, json={**LOT_SAID, "assigned": [474, 400, 300]})
    assert rows(service, "lots") == 0
    assert rows(service, "audit") == before


def test_a_calibration_rests_on_the_versions_of_its_day(service):
    lot, instrument = service.lot(), service.instrument()
    made = service.calibration(lot, instrument)
    said = {"name": "Canto 1", "serial": "V00000001", "reason": "it was missing"}
    service.put(f"instruments/{instrument['id']}", json=said, version=1)
    kept = service.get(f"calibrations/{made['id']}")
    assert kept == made == service.get(f"calibrations/{made['id']}/versions/1")
    assert kept["instrument"] == {"id": instrument["id"], "version": 1}
    assert service.calibration(lot, instrument)["instrument"]["version"] == 2


def test_an_analysis_keeps_every_version(service):
    first = service.analyse(service.calibration())
    second = describe(service, first, visit="D7", reason="it was forgotten")
    assert (second["version"], second["cause"], second["reason"]) == (
        2, "context", "it was forgotten",
    )  # fmt: skip
    old = service.get(f"analyses/{first['id']}/versions/1")
    assert old == {**first, "newest_version": 2}
    assert "visit" not in old["tube"]
    assert service.get(f"analyses/{first['id']}") == second
    service.get(f"analyses/{first['id']}/versions/3", 404)


@pytest.mark.parametrize("call", ["gates", "tube", "answers", "signatures", "notices"])
def test_every_change_of_an_analysis_names_its_version(service, call):
    made = service.analyse(service.calibration())
    said = {
        "tube": {"tube": {}, "reason": "x"},
        "answers": {"finding": "X", "answer": "y", "name": "anna", "password": "z" * 12},
        "signatures": {"meaning": "performed", "name": "anna", "password": "z" * 12},
        "notices": {"told": "ICU", "told_at": now_text(), "read_back": True},
    }
    body = {"files": {"automatic": (None, "true")}} if call == "gates" else {"json": said[call]}
    method = "PUT" if call == "tube" else "POST"
    answered = service.call(method, f"analyses/{made['id']}/{call}", **body)
    assert (answered.status_code, answered.json()["code"]) == (428, "VERSION_NOT_NAMED")


def test_ferritin_moves_the_class_and_not_the_number(service):
    first = service.analyse(service.calibration(), "mals.fcs")
    assert first["result"]["classification"]["class"] == "undetermined"
    second = describe(service, first, ferritin_ng_ml="8000")
    assert second["result"]["classification"]["class"] == "MALS"
    assert second["result"]["hla_dr"] == first["result"]["hla_dr"]


def test_a_change_that_cannot_be_meant_changes_nothing(service):
    first = service.analyse(service.calibration())
    describe(service, first, 422, ferritin_ng_ml="much")
    describe(service, first, 422, outcome="clotted")
    describe(service, first, 422, criterion="none-of-ours")
    describe(service, first, 404, study="00000000-0000-4000-8000-000000000000")
    describe(service, first, 422, related_to=first["id"], relation="duplicate")
    assert service.get(f"analyses/{first['id']}") == first


def test_two_people_regate_one_sample_and_one_is_told_so(service):
    made = service.analyse(service.calibration())
    together, statuses = threading.Barrier(2), []

    def person():
        together.wait()
        parts = {"automatic": (None, "true")}
        path = f"analyses/{made['id']}/gates"
        statuses.append(service.call("POST", path, version=1, files=parts).status_code)

    people = [threading.Thread(target=person) for _ in range(2)]
    for each in people:
        each.start()
    for each in people:
        each.join()
    assert sorted(statuses) == [201, 412]
    assert service.get(f"analyses/{made['id']}")["version"] == 2


def test_definitions_are_kept_by_their_hash(service):
    made = service.analyse(service.calibration())
    result = made["result"]
    with service.laboratory.database.reading() as connection:
        kept = connection.exec_driver_sql("SELECT kind, name, sha256 FROM definitions").all()
    named = {(kind, name): sha256 for kind, name, sha256 in kept}
    assert named["assay", result["assay"]["name"]] == result["assay"]["sha256"]
    assert named["criterion", "immunosep-2025"]
    regate(service, made)
    assert rows(service, "definitions") == len(kept)
