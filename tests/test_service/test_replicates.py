"""Tubes of one draw that were measured more than once: their mean, and how far they are apart."""

import math

import pytest
from laboratory import SAMPLES, describe, running, tube_file, two_people

from service.analyses.replicates import Replicates


@pytest.fixture
def pair(service):
    calibration = service.calibration()
    first = service.analyse(calibration, "mals.fcs")

    def add(file, relation="duplicate", **more):
        return service.analyse(calibration, file, related_to=first["id"], relation=relation, **more)

    return first, add


def number(told):
    return told["result"]["hla_dr"]["abc"]


def test_two_tubes_have_a_mean_a_difference_and_a_limit(pair, service):
    first, add = pair
    second = add("healthy.fcs")
    a, b = number(first), number(second)
    told = second["replicates"]
    assert told["analyses"] == [first["id"], second["id"]]
    assert told["mean"] == pytest.approx(math.sqrt(a * b))
    assert told["difference_percent"] == pytest.approx(100 * abs(a - b) / math.sqrt(a * b))
    assert told["limit_percent"] == pytest.approx(2.77 * 3.2)
    assert told["within"] is False
    assert service.get(f"analyses/{first['id']}")["replicates"] == told


def test_the_same_number_twice_is_within(pair):
    first, add = pair
    told = add(tube_file("mals.fcs"))["replicates"]
    assert told["difference_percent"] == pytest.approx(0, abs=1e-9)
    assert told["mean"] == pytest.approx(number(first))
    assert told["within"] is True


@pytest.mark.parametrize(("apart", "within"), [(1.0886, True), (1.0887 + 0.006, False)])
def test_the_limit_is_of_the_difference_of_two(apart, within):
    told = Replicates.of([10_000, 10_000 * apart], 0.032).to_dict()
    assert told["within"] is within


def test_the_laboratory_says_how_well_it_repeats(settings):
    with running(settings.model_copy(update={"repeatability": 0.019})) as service:
        calibration = service.calibration()
        first = service.analyse(calibration)
        said = {"related_to": first["id"], "relation": "duplicate"}
        told = service.analyse(calibration, tube_file(), **said)["replicates"]
    assert told["limit_percent"] == pytest.approx(2.77 * 1.9)


def test_one_tube_has_no_replicates(pair):
    assert pair[0]["replicates"] is None


def test_a_tube_that_was_acquired_again_is_beside_the_first(pair):
    first, add = pair
    told = add(tube_file("mals.fcs", name="again.fcs"), "reacquisition")
    assert told["tube"]["relation"] == "reacquisition"
    assert told["replicates"]["analyses"] == [first["id"], told["id"]]


def test_a_rejected_number_is_in_no_mean(pair, service):
    first, add = pair
    told = add(tube_file("healthy.fcs", _CYTSN="V00000002"))
    assert told["verdict"] == "reject"
    assert told["replicates"] == {"analyses": [first["id"], told["id"]]}
    two_people(service)
    good = add("healthy.fcs")
    assert good["replicates"]["mean"] > 0
    service.sign(good, "anna", "rejected", comment="the wrong tube")
    assert "mean" not in service.get(f"analyses/{first['id']}")["replicates"]


def test_a_tube_without_a_number_is_in_no_mean(pair, service):
    first, _ = pair
    said = {"outcome": "insufficient", "related_to": first["id"], "relation": "duplicate"}
    parts = {name: (None, text) for name, text in said.items()}
    told = service.post("analyses", files=parts)["replicates"]
    assert set(told) == {"analyses"}


def test_a_relation_is_to_the_first_tube_of_the_draw(pair, service):
    first, add = pair
    second = add("healthy.fcs")
    calibration = {"id": second["calibration"]["id"]}
    said = {"related_to": second["id"], "relation": "duplicate"}
    assert service.analyse(calibration, status=422, **said)["code"] == "FORM_INVALID"
    other = service.analyse(calibration, "borderline.fcs")
    changed = describe(service, first, 422, related_to=other["id"], relation="duplicate")
    assert changed["code"] == "FORM_INVALID"


@pytest.mark.parametrize("said", [{"relation": "duplicate"}, {"relation": "twin"}])
def test_a_relation_is_to_some_tube(pair, service, said):
    calibration = {"id": pair[0]["calibration"]["id"]}
    assert service.analyse(calibration, status=422, **said)["code"] == "FORM_INVALID"
    assert (SAMPLES / "mals.fcs").exists()
