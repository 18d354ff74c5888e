"""A lot is corrected: what rests on it is measured again, and the old results stay."""

from importlib.resources import files

import pytest
from laboratory import (
    correct_lot,
    describe,
    finished,
    items,
    recalculate,
    release,
    rows,
    running,
    two_people,
)

from service.recalculations import wanted


class Corrected:
    """Two analyses, one of them released, on a lot that is corrected afterwards."""

    def __init__(self, service):
        two_people(service)
        self.service = service
        self.lot = service.lot()
        self.instrument = service.instrument()
        self.calibration = service.calibration(self.lot, self.instrument)
        self.first = release(service, service.analyse(self.calibration))
        self.second = service.analyse(self.calibration, "borderline.fcs", ferritin_ng_ml="812")
        self.lot = correct_lot(service, self.lot)

    def outdated(self):
        return self.service.get(f"lots/{self.lot['id']}/outdated")["analyses"]

    def now(self, analysis):
        return self.service.get(f"analyses/{analysis['id']}")


@pytest.fixture
def corrected(service):
    return Corrected(service)


def test_what_rests_on_the_old_values_is_listed_until_it_is_measured_again(corrected, service):
    assert corrected.outdated() == [corrected.first["id"], corrected.second["id"]]
    told = finished(service, recalculate(service, lot_id=corrected.lot["id"]))
    assert told["items"] == {
        "waiting": 0, "running": 0, "done": 2, "same": 0, "refused": 0, "dead": 0, "cancelled": 0,
    }  # fmt: skip
    assert corrected.outdated() == []


@pytest.mark.usefixtures("worker_processes")
def test_the_number_is_that_of_a_new_analysis_with_the_corrected_lot(corrected, service):
    finished(service, recalculate(service, lot_id=corrected.lot["id"]))
    calibration = service.calibration(corrected.lot, corrected.instrument)
    for before, file in ((corrected.first, "healthy.fcs"), (corrected.second, "borderline.fcs")):
        again = corrected.now(before)["result"]
        fresh = service.analyse(calibration, file)["result"]
        for part in ("hla_dr", "calibration", "gating", "findings", "verdict"):
            assert again[part] == fresh[part]
        old = before["result"]["hla_dr"]["abc"]
        assert again["hla_dr"]["abc"] == pytest.approx(1.1 * old, rel=1e-9)


def test_the_new_version_is_unsigned_and_the_old_release_stands(corrected, service):
    finished(service, recalculate(service, lot_id=corrected.lot["id"]))
    told = corrected.now(corrected.first)
    assert (told["version"], told["state"], told["cause"]) == (2, "open", "recalculated")
    assert told["reason"] == "the lot was corrected"
    assert told["made_by"] == "system"
    assert told["release"] == {"version": 1, "status": "final", "replaces": None}
    old = service.get(f"analyses/{corrected.first['id']}/versions/1")
    assert old["result"] == corrected.first["result"]


def test_the_calibration_has_a_new_version_once(corrected, service):
    finished(service, recalculate(service, lot_id=corrected.lot["id"]))
    told = service.get(f"calibrations/{corrected.calibration['id']}")
    assert (told["version"], told["lot"]["version"]) == (2, 2)
    old = service.get(f"calibrations/{corrected.calibration['id']}/versions/1")
    assert old == corrected.calibration
    assert rows(service, "calibration_versions") == 2


def test_the_comparison_says_what_changed(corrected, service):
    told = finished(service, recalculate(service, lot_id=corrected.lot["id"]))["comparison"]
    assert told["schema"] == "hladr.comparison/1"
    assert told["samples"]["matched_by_sha256"] == 2
    (change,) = told["changes"]  # from below the cut-off to above it
    assert change["sample"] == corrected.second["id"]
    assert told["unexplained"] == []
    assert told["agreement"]["bland_altman_percent"]["bias"] == pytest.approx(10.0, abs=0.6)


def test_the_same_file_twice_is_compared_twice(corrected, service):
    service.analyse(corrected.calibration, ferritin_ng_ml="812")
    told = finished(service, recalculate(service))
    assert (told["items"]["done"], told["items"]["same"]) == (2, 1)
    assert told["comparison"]["samples"]["matched_by_sha256"] == 3


@pytest.mark.usefixtures("worker_processes")
def test_each_item_says_what_became_of_it(corrected, service):
    made = recalculate(service, lot_id=corrected.lot["id"])
    finished(service, made)
    first, second = items(service, made)
    assert first == {
        "analysis_id": corrected.first["id"], "state": "done", "old_version": 1, "new_version": 2,
        "code": None, "message": None,
    }  # fmt: skip
    assert second["analysis_id"] == corrected.second["id"]
    actions = service.audit()
    assert actions.count("recalculation.item") == 2
    assert actions.count("analysis.recalculated") == 2


def test_nothing_new_makes_no_version(corrected, service):
    finished(service, recalculate(service, lot_id=corrected.lot["id"]))
    before = rows(service, "analysis_versions"), rows(service, "calibration_versions")
    told = finished(service, recalculate(service))
    assert (told["items"]["same"], told["items"]["done"]) == (2, 0)
    assert told["comparison"]["changes"] == []
    after = rows(service, "analysis_versions"), rows(service, "calibration_versions")
    assert after == before


def test_another_criterion_moves_the_class_and_not_the_number(corrected, service):
    chosen = {"analyses": [corrected.second["id"]], "criterion": "provide"}
    known = service.post("recalculations", 422, json={"reason": "x", **chosen, "criterion": "no"})
    assert known["code"] == "DEFINITION_UNKNOWN"
    name = next(
        each for each in known["detail"].split(";")[0].removeprefix("expected one of ").split(", ")
        if each != "immunosep-2025"
    )  # fmt: skip
    finished(service, recalculate(service, **{**chosen, "criterion": name}))
    told = corrected.now(corrected.second)["result"]
    assert told["classification"]["criterion"]["name"] == name


@pytest.mark.parametrize(("content", "code"), [(None, "FILE_LOST"), (b"FCS3.1", "FILE_DAMAGED")])
def test_an_item_that_gives_no_number_keeps_its_version(corrected, service, content, code):
    path = service.laboratory.archive.path(corrected.first["file"]["sha256"])
    path.unlink()
    if content is not None:
        path.write_bytes(content)
    made = recalculate(service, analyses=[corrected.first["id"]])
    told = finished(service, made)
    assert (told["items"]["refused"], told["comparison"]) == (1, None)
    (item,) = items(service, made)
    assert (item["state"], item["new_version"], item["code"]) == ("refused", None, code)
    assert item["message"]
    assert corrected.now(corrected.first)["version"] == 1


def test_a_rejected_number_is_in_no_comparison(corrected, service):
    number = str(corrected.second["result"]["hla_dr"]["abc"])[:9]
    service.sign(corrected.second, "anna", "rejected", comment="the wrong tube")
    made = recalculate(service, analyses=[corrected.second["id"]])
    finished(service, made)
    assert number not in service.call("GET", f"recalculations/{made['id']}").text


def test_tubes_without_a_number_are_not_measured_again(corrected, service):
    none = service.post("analyses", files={"outcome": (None, "clotted")})
    chosen = [none["id"], corrected.first["id"]]
    assert finished(service, recalculate(service, analyses=chosen))["items"]["done"] == 1


def test_an_empty_recalculation_is_finished_at_once(service):
    told = recalculate(service)
    assert told["finished_at"] is not None
    assert sum(told["items"].values()) == 0


@pytest.mark.parametrize("chosen", [{}, {"everything": True, "analyses": ["a" * 8]}])
def test_one_way_of_choosing_is_meant(service, chosen):
    refused = service.post("recalculations", 422, json={"reason": "x", **chosen})
    assert refused["code"] == "INVALID_REQUEST"


def test_an_analysis_that_is_not_there_is_told(service):
    nothing = "00000000-0000-4000-8000-000000000000"
    said = {"reason": "x", "analyses": [nothing]}
    assert service.post("recalculations", 404, json=said)["code"] == "NOT_FOUND"


def test_more_analyses_than_one_recalculation_holds_are_not_cut_off(
    corrected, service, monkeypatch
):
    monkeypatch.setattr(wanted, "MOST", 1)
    said = {"reason": "x", "everything": True}
    assert service.post("recalculations", 422, json=said)["code"] == "TOO_MANY_ANALYSES"
    recalculate(service, analyses=[corrected.first["id"]])


def test_a_tube_that_was_described_anew_is_measured_with_its_new_words(corrected, service):
    described = describe(service, corrected.second, ferritin_ng_ml="8000")
    correct_lot(service, corrected.lot, 1.2)
    finished(service, recalculate(service, lot_id=corrected.lot["id"]))
    told = corrected.now(corrected.second)
    assert (told["version"], told["tube"]["ferritin_ng_ml"]) == (3, "8000")
    assert told["result"]["classification"]["class"] == "MALS"
    before = described["result"]["hla_dr"]["abc"]
    assert told["result"]["hla_dr"]["abc"] == pytest.approx(1.2 * before, rel=1e-9)


def test_a_new_tube_is_measured_by_the_corrected_lot(corrected, service):
    told = service.analyse(corrected.calibration)
    assert told["version"] == 1
    assert told["result"]["hla_dr"]["abc"] == pytest.approx(
        1.1 * corrected.first["result"]["hla_dr"]["abc"], rel=1e-9
    )
    again = service.analyse(corrected.calibration, "borderline.fcs")
    head = service.get(f"calibrations/{corrected.calibration['id']}")
    assert (head["version"], head["lot"]["version"]) == (2, 2)
    assert rows(service, "calibration_versions") == 2  # made once
    assert corrected.outdated() == [corrected.first["id"], corrected.second["id"]]
    finished(service, recalculate(service, lot_id=corrected.lot["id"]))
    assert corrected.outdated() == []
    assert corrected.now(again)["version"] == 1


def test_what_a_person_rejected_stays_rejected(corrected, service):
    service.sign(corrected.second, "anna", "rejected", comment="the wrong tube")
    assert corrected.outdated() == [corrected.first["id"]]
    made = recalculate(service)
    told = finished(service, made)
    assert (told["items"]["done"], told["items"]["same"]) == (1, 1)
    assert told["comparison"]["samples"]["matched_by_sha256"] == 1
    _, item = items(service, made)
    assert (item["state"], item["new_version"], item["code"]) == (
        "same", None, "REJECTED_BY_PERSON"
    )  # fmt: skip
    now = corrected.now(corrected.second)
    assert (now["version"], now["state"]) == (1, "rejected")
    assert corrected.outdated() == []


def corrected_again(service, lot, **changes):
    said = {name: lot[name] for name in ("maker", "product", "number", "assigned")}
    wanted = {**said, "reason": "looked at again", **changes}
    return service.put(f"lots/{lot['id']}", json=wanted, version=lot["version"])


def test_a_correction_that_changes_nothing_leaves_nothing_outdated(corrected, service):
    finished(service, recalculate(service, lot_id=corrected.lot["id"]))
    lot = corrected_again(service, corrected.lot)
    assert lot["version"] == 3
    assert corrected.outdated() == []
    told = finished(service, recalculate(service))
    assert told["items"]["same"] == 2
    assert corrected.outdated() == []


@pytest.mark.parametrize("change", [{"maker": "somebody"}, {"expires": "2001-01-31"}])
def test_words_of_a_lot_are_corrected_in_what_rests_on_it(corrected, service, change):
    finished(service, recalculate(service, lot_id=corrected.lot["id"]))
    corrected_again(service, corrected.lot, **change)
    assert corrected.outdated() == [corrected.first["id"], corrected.second["id"]]
    told = finished(service, recalculate(service, lot_id=corrected.lot["id"]))
    assert told["items"]["done"] == 2
    assert corrected.outdated() == []


def strict_assay(folder):
    """An assay of the laboratory's own, whose curve limits no beads keep."""
    text = (files("hladr.assay") / "quantibrite-340827.toml").read_text()
    for old, new in (
        ('name = "quantibrite-340827"', 'name = "strict"'),
        ("residual_warn = 3.0 ", "residual_warn = 1e-7 "),
        ("residual_reject = 5.0", "residual_reject = 1e-6"),
    ):
        assert old in text
        text = text.replace(old, new)
    (folder / "assays").mkdir(parents=True)
    (folder / "assays" / "strict.toml").write_text(text)


@pytest.mark.parametrize("way", ["recalculated", "posted"])
def test_another_assay_says_nothing_of_tubes_by_the_usual_one(settings, tmp_path, way):
    strict_assay(tmp_path / "own")
    with running(settings.model_copy(update={"definitions_dir": tmp_path / "own"})) as service:
        calibration = service.calibration()
        before = service.analyse(calibration)
        if way == "posted":
            other = service.analyse(calibration, "borderline.fcs", assay="strict")
        else:
            other = service.analyse(calibration, "borderline.fcs")
            wanted = {"analyses": [other["id"]], "assay": "strict"}
            assert finished(service, recalculate(service, **wanted))["items"]["done"] == 1
            other = service.get(f"analyses/{other['id']}")
        assert other["verdict"] == "reject"
        head = service.get(f"calibrations/{calibration['id']}")
        assert (head["version"], head["accepted"]) == (2, False)
        after = service.analyse(calibration)
        assert after["calibration"] == before["calibration"]
        assert after["result"] == before["result"]
        told = finished(service, recalculate(service, analyses=[before["id"]]))
        assert told["items"]["same"] == 1
        assert rows(service, "calibration_versions") == 2
