"""Tables of what left: the numbers of results, subjects as pseudonyms, nothing that is hidden."""

import csv
import io
import json
from collections import Counter
from dataclasses import replace

import pyarrow.parquet as pq
from fhir_r4 import observation, validated
from laboratory import describe, rejected, release, running, site_key, tube_file
from leaks import leaked

from hladr.result_row import COLUMNS
from hladr.result_table import read_results
from service.doors.leaving import leaving
from service.doors.number import Absence, Absent
from service.doors.tables.row import row_of

MORE = ("status", "version", "replaces", "released_at", "site", "visit", "drawn_at", "acquired_at",
        "kind", "study")  # fmt: skip
RANDOMISED = "2026-03-14T08:00:00+00:00"
BEFORE, AFTER = "2026-03-14T07:30", "2026-03-14T08:30"


def released(service, calibration, file="borderline.fcs", **tube):
    return release(service, service.analyse(calibration, file, **tube))


def as_csv(service, **asked):
    answer = service.call("GET", "results.csv", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert int(answer.headers["Hladr-Rows"]) == len(rows)
    return rows, int(answer.headers["Hladr-Embargoed"])


def as_parquet(service, **asked):
    answer = service.call("GET", "results.parquet", params=asked)
    assert answer.status_code == 200, answer.text
    file = pq.ParquetFile(io.BytesIO(answer.content))
    table, kept = file.read(), file.metadata.metadata
    said = {key.decode(): value.decode() for key, value in kept.items()}
    assert said["hladr.rows"] == answer.headers["Hladr-Rows"] == str(table.num_rows)
    assert said["hladr.embargoed"] == answer.headers["Hladr-Embargoed"]
    return table


def no_result(service, **said):
    tube = {"subject": "P-2", "outcome": "clotted", **said}
    return service.post("analyses", files={name: (None, text) for name, text in tube.items()})


def test_a_row_is_the_result_field_by_field(bench, tmp_path):
    told = released(bench, bench.calibration(), subject="P-1", ferritin_ng_ml="1240", site="Athens",
                    visit="D1", drawn_at=BEFORE)  # fmt: skip
    (row,), embargoed = as_csv(bench)
    assert (tuple(row), embargoed) == ((*COLUMNS, *MORE), 0)
    result = told["result"]
    hla_dr, class_ = result["hla_dr"], result["classification"]
    low, high = hla_dr["ci95"]
    expected = {
        "sample": told["id"], "abc": hla_dr["abc"], "ci95_low": low, "ci95_high": high,
        "abc_median": hla_dr["abc_median"], "monocytes": hla_dr["monocytes"],
        "class": class_["class"], "decisive": class_["decisive"], "verdict": told["verdict"],
        "probability": class_["probability"], "range": hla_dr["range"], "ferritin_ng_ml": "1240",
        "slope": result["calibration"]["slope"], "sample_sha256": told["file"]["sha256"],
        "lot": result["calibration"]["lot"]["number"], "status": "final", "version": 1,
        "site": "Athens", "visit": "D1", "drawn_at": BEFORE, "kind": "patient", "error": None,
        "acquired_at": result["sample"]["acquired_at"], "replaces": None, "study": None,
        "software_version": result["software"]["version"],
        "released_at": max(each["at"] for each in told["signatures"]),
    }  # fmt: skip
    (own,) = as_parquet(bench).to_pylist()
    for name, value in expected.items():
        assert own[name] == value, name
        assert row[name] == cell(value), name
    codes = {each["code"] for each in (*result["findings"], *told["findings"])}
    assert set(row["findings"].split()) == set(own["findings"]) == codes
    for name, answer in (("t.csv", "results.csv"), ("t.parquet", "results.parquet")):
        (tmp_path / name).write_bytes(bench.call("GET", answer).content)
        table = read_results(tmp_path / name)  # as the library reads its own
        assert table.rows[0].abc == hla_dr["abc"]


def cell(value):
    """A value as it stands in CSV, every digit of a number."""
    if isinstance(value, bool):
        return str(value).lower()
    return "" if value is None else str(value)


def test_fhir_and_the_table_say_the_same(bench):
    told = released(bench, bench.calibration(), "mals.fcs", ferritin_ng_ml=">40000")
    bundle = validated(bench.call("GET", f"analyses/{told['id']}/fhir").text)
    ((row,), _) = as_csv(bench)
    number, class_ = observation(bundle, "HLADR-ABC"), observation(bundle, "HLADR-CLASS")
    range_ = number["component"][0]["valueRange"]
    assert number["valueQuantity"]["value"] == round(float(row["abc"]))
    assert range_["low"]["value"] == round(float(row["ci95_low"]))
    assert range_["high"]["value"] == round(float(row["ci95_high"]))
    assert str(number["component"][1]["valueInteger"]) == row["monocytes"]
    assert class_["valueCodeableConcept"]["text"] == row["class"]
    assert class_["component"][1]["valueQuantity"]["value"] == float(row["probability"])
    ferritin = observation(bundle, "2276-4")["valueQuantity"]
    assert ferritin["comparator"] + str(ferritin["value"]) == row["ferritin_ng_ml"]
    assert number["issued"] == row["released_at"]


def test_every_way_to_leave_has_a_row_and_what_did_not_leave_has_none(bench):
    calibration = bench.calibration()
    bench.analyse(calibration, "healthy.fcs")  # nobody signed it
    performed = bench.analyse(calibration, "healthy.fcs", visit="D2")
    bench.sign(performed, "anna", "performed")
    night = bench.analyse(calibration, "healthy.fcs", visit="D3")
    bench.sign(night, "anna", "preliminary")
    changed = released(bench, calibration)
    release(bench, describe(bench, changed, visit="D4"))
    nothing = no_result(bench)
    rows = {row["sample"]: row for row in as_csv(bench)[0]}
    assert set(rows) == {night["id"], changed["id"], nothing["id"]}
    assert rows[night["id"]]["status"] == "preliminary"
    assert [rows[changed["id"]][name] for name in ("status", "version", "replaces")] == [
        "amended", "2", "1",
    ]  # fmt: skip
    assert rows[nothing["id"]]["error"] == "CLOTTED"
    assert rows[nothing["id"]]["abc"] == rows[nothing["id"]]["verdict"] == ""


def bytes_of(service, **asked):
    """What both tables hold, the Parquet read."""
    text = service.call("GET", "results.csv", params=asked).text
    return text + json.dumps(as_parquet(service, **asked).to_pylist())


def test_a_rejected_and_a_withdrawn_number_are_not_told(bench):
    bad = rejected(bench)
    bench.sign(bad, "anna", "rejected", comment="of another instrument")
    good = released(bench, {"id": bad["calibration"]["id"]}, "mals.fcs", ferritin_ng_ml="50000")
    assert leaked(good, bytes_of(bench))
    bench.user("clara", "reviewer")
    bench.sign(good, "clara", "rejected", comment="swapped")
    rows, _ = as_csv(bench)
    assert [(row["abc"], row["verdict"], row["error"]) for row in rows] == [("", "reject", "")] * 2
    assert [row["status"] for row in rows] == ["final", "withdrawn"]
    assert [row["class"] for row in rows] == ["undetermined", "MALS"]
    text = bytes_of(bench)
    for told in (bad, good):
        assert not leaked(told, text)


def test_a_row_has_no_number_but_the_one_that_leaves(bench):
    told, laboratory = released(bench, bench.calibration()), bench.laboratory
    with laboratory.database.reading() as connection:
        found = leaving(connection, laboratory, told["id"], None)
    row = row_of(replace(found, number=Absent(Absence.REJECTED, None)), "S")
    numbers = ("abc", "ci95_low", "ci95_high", "abc_median", "range")
    assert [row[name] for name in (*numbers, "verdict")] == [None] * 5 + ["reject"]


def test_what_a_study_hides_is_counted_and_not_told(bench):
    study = bench.post("studies", json={"name": "ImmunoSep"})
    path = f"studies/{study['id']}/subjects/ATH-0101"
    bench.put(path, json={"randomised_at": RANDOMISED})
    calibration, said = bench.calibration(), {"subject": "ATH-0101", "study": study["id"]}
    before, after = (
        released(bench, calibration, tube_file(file, _SRC="ATH-0101"), drawn_at=drawn_at, **said)
        for file, drawn_at in (("mals.fcs", BEFORE), ("borderline.fcs", AFTER))
    )
    rows, embargoed = as_csv(bench)
    assert ([row["sample"] for row in rows], embargoed) == ([before["id"]], 1)
    text = bytes_of(bench)
    assert str(before["result"]["hla_dr"]["abc"]) in text
    assert not leaked(after, text)
    assert after["id"] not in text
    bench.post(f"studies/{study['id']}/unblinding", 200, json={"reason": "locked"})
    assert Counter(as_csv(bench)[0][1].values())[str(after["result"]["hla_dr"]["abc"])] == 1
    assert as_csv(bench)[1] == 0


def test_subjects_are_those_outside_knows_and_file_names_are_none(bench):
    calibration = bench.calibration()
    study = bench.post("studies", json={"name": "Coded", "coded": True})
    file = tube_file("borderline.fcs", "Papadopoulou.fcs", _SRC="Papadopoulou")
    said = {"subject": "Papadopoulou", "operator": "Papadopoulou", "barcode": "Papadopoulou"}
    released(bench, calibration, file, **said)
    released(bench, calibration, tube_file("healthy.fcs", _SRC="ATH-1"), subject="ATH-1",
             study=study["id"])  # fmt: skip
    no_result(bench, subject="papadopoulou", outcome_reason="Papadopoulou fainted")
    rows, _ = as_csv(bench)
    first, coded, nothing = (row["subject"] for row in rows)
    assert (coded, len(first), first == nothing) == ("ATH-1", 16, True)
    assert "apadopoulou" not in bytes_of(bench)


def test_what_is_asked_for_is_what_is_told(bench):
    calibration = bench.calibration()
    study = bench.post("studies", json={"name": "S"})
    first = released(bench, calibration, "healthy.fcs", site="Athens", study=study["id"])
    second = released(bench, calibration, site="Lyon")
    between = bench.get(f"analyses/{second['id']}")["signatures"][-1]["at"]

    def told(service=bench, **asked):
        found = [row["sample"] for row in as_csv(service, **asked)[0]]
        assert found == [each["sample"] for each in as_parquet(service, **asked).to_pylist()]
        return found

    assert told() == [first["id"], second["id"]]
    assert told(study=study["id"]) == [first["id"]]
    assert told(site="Lyon") == [second["id"]]
    assert told(since=between) == [second["id"]]
    assert told(until=between) == [first["id"]]
    athens = site_key(bench, "Athens", "read")
    assert told(athens) == [first["id"]]
    assert told(athens, site="Lyon") == []
    nothing = "00000000-0000-4000-8000-000000000000"
    assert bench.get(f"results.csv?study={nothing}", 404)["code"] == "NOT_FOUND"
    bench.get("results.csv?subject=x", 422)
    site_key(bench, "Athens", "analyse").get("results.csv", 403)


def test_a_table_is_kept_and_not_shown(bench):
    for name in ("results.csv", "results.parquet"):
        answer = bench.call("GET", name)
        assert answer.headers["Content-Disposition"] == f'attachment; filename="{name}"'
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert answer.headers["Cache-Control"] == "no-store"
    incoming = bench.laboratory.settings.data_dir / "incoming"
    assert list(incoming.iterdir()) == []


def test_without_results_there_is_a_header_and_no_row(service):
    assert as_csv(service) == ([], 0)
    assert as_parquet(service).column_names == [*COLUMNS, *MORE]


def test_without_room_on_the_disk_it_is_refused(settings):
    with running(settings.model_copy(update={"least_free": 1 << 62})) as service:
        for name in ("results.csv", "results.parquet"):
            assert service.get(name, 507)["code"] == "DISK_FULL"
