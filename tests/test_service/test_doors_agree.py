"""Result, report, FHIR, HL7, REDCap and table say the same numbers, field by field."""

import csv
import io
import json

import pytest
from laboratory import answer, describe, release, two_people
from receivers import fields
from test_report import record, words

from hladr.criterion import format_abc, load_criterion
from hladr.criterion.definition import Quantity
from service.doors.report.printed import NOT_SAID

CRITERION = load_criterion("immunosep-2025")
CUTOFFS = CRITERION.cutoffs(Quantity.ABC)
LABELS = {rule.name.value: rule.label for rule in CRITERION.rules}
CASES = [
    ("healthy.fcs", "1240"), ("borderline.fcs", "4420"), ("mals.fcs", ">40000"),
    ("borderline.fcs", None),
]  # fmt: skip


@pytest.fixture(params=CASES, ids=lambda case: f"{case[0]}-{case[1]}")
def told(request, service):
    """A released analysis, as the service tells it."""
    file, ferritin = request.param
    two_people(service)
    said = {} if ferritin is None else {"ferritin_ng_ml": ferritin}
    made = service.analyse(service.calibration(), file, drawn_at="2026-03-14T08:00",
                           **said)  # fmt: skip
    for finding in made["open_findings"]:
        answer(service, made, finding)
    return release(service, made)


def printed_as(abc):
    return format_abc(abc, CUTOFFS).replace(",", "")


def number_in(text):
    return float(text) if text else None


def expected(told):
    """What the result says, its numbers as they are printed."""
    number, of = told["result"]["hla_dr"], told["result"]["classification"]
    printed = [
        format_abc(each, CUTOFFS).replace(",", "") for each in (number["abc"], *number["ci95"])
    ]
    return {
        "abc": printed[0], "low": printed[1], "high": printed[2],
        "monocytes": str(number["monocytes"]), "class": of["class"], "decisive": of["decisive"],
        "probability": of["probability"], "ferritin": of["ferritin_ng_ml"],
    }  # fmt: skip


def of_fhir(service, told):
    bundle = service.call("GET", f"analyses/{told['id']}/fhir").json()
    found = {
        each["resource"]["code"]["coding"][0]["code"]: each["resource"]
        for each in bundle["entry"]
        if each["resource"]["resourceType"] == "Observation"
    }
    abc, class_ = found["HLADR-ABC"], found["HLADR-CLASS"]
    parts = {each["code"]["coding"][0]["code"]: each for each in abc["component"]}
    range_ = parts.pop("HLADR-CI95")["valueRange"]
    (cells,) = parts.values()
    of_class = {each["code"]["coding"][0]["code"]: each for each in class_.get("component", ())}
    decisive = [each["valueBoolean"] for each in of_class.values() if "valueBoolean" in each]
    probability = [
        each["valueQuantity"]["value"] for each in of_class.values() if "valueQuantity" in each
    ]
    ferritin = found.get("2276-4", {}).get("valueQuantity")
    return {
        "abc": str(abc["valueQuantity"]["value"]), "low": str(range_["low"]["value"]),
        "high": str(range_["high"]["value"]), "monocytes": str(cells["valueInteger"]),
        "class": class_["valueCodeableConcept"]["text"] if "valueCodeableConcept" in class_
        else "undetermined",
        "decisive": decisive[0] if decisive else None,
        "probability": probability[0] if probability else None,
        "ferritin": None if ferritin is None
        else f"{ferritin.get('comparator', '')}{ferritin['value']}",
    }  # fmt: skip


def of_hl7(service, told):
    found = fields(service.call("GET", f"analyses/{told['id']}/hl7").content)["OBX"]
    decisive, ferritin = found["HLADR-DECISIVE"][5].split("^")[0], found.get("2276-4")
    return {
        "abc": found["HLADR-ABC"][5], "low": found["HLADR-ABC-LOW"][5],
        "high": found["HLADR-ABC-HIGH"][5], "monocytes": found["HLADR-MONOCYTES"][5],
        "class": found["HLADR-CLASS"][5].split("^")[0],
        "decisive": {"Y": True, "N": False, "": None}[decisive],
        "probability": number_in(found["HLADR-PROBABILITY"][5]),
        "ferritin": (ferritin[5].replace("^", "") or None) if ferritin else None,
    }  # fmt: skip


def of_redcap(service, told):
    found = service.get(f"analyses/{told['id']}/redcap")
    return {
        "abc": found["hladr_abc"], "low": found["hladr_abc_low"], "high": found["hladr_abc_high"],
        "monocytes": found["hladr_monocytes"], "class": found["hladr_class"],
        "decisive": {"1": True, "0": False, "": None}[found["hladr_decisive"]],
        "probability": number_in(found["hladr_probability"]),
        "ferritin": found["hladr_ferritin"] or None,
    }  # fmt: skip


def of_table(service):
    text = service.call("GET", "results.csv").text
    (row,) = csv.DictReader(io.StringIO(text.removeprefix("\ufeff")))
    printed = [printed_as(float(row[name])) for name in ("abc", "ci95_low", "ci95_high")]
    decisive = {"true": True, "false": False, "": None}[row["decisive"].lower()]
    return {
        "abc": printed[0], "low": printed[1], "high": printed[2], "monocytes": row["monocytes"],
        "class": row["class"], "decisive": decisive,
        "probability": number_in(row["probability"]),
        "ferritin": row["ferritin_ng_ml"].lstrip("'") or None,
    }  # fmt: skip


def test_every_door_says_what_the_result_says(service, told):
    wanted = expected(told)
    assert of_fhir(service, told) == wanted
    assert of_hl7(service, told) == wanted
    assert of_redcap(service, told) == wanted
    assert of_table(service) == wanted


@pytest.mark.parametrize("ferritin", ["> 40000", "1240.0", None])
def test_every_door_tells_the_ferritin_of_a_tube_without_a_number(service, ferritin):
    said = {"subject": "Z", "outcome": "clotted", "ferritin_ng_ml": ferritin}
    parts = {name: (None, text) for name, text in said.items() if text is not None}
    made = service.post("analyses", files=parts)
    wanted = None if ferritin is None else ferritin.replace(" ", "").removesuffix(".0")
    resources = service.get(f"analyses/{made['id']}/fhir")["entry"]
    quantities = [each["resource"].get("valueQuantity") for each in resources]
    of_fhir_ = [f"{each.get('comparator', '')}{each['value']}" for each in quantities if each]
    line = fields(service.call("GET", f"analyses/{made['id']}/hl7").content)["OBX"].get("2276-4")
    record_ = service.get(f"analyses/{made['id']}/redcap")
    (row,) = csv.DictReader(io.StringIO(service.call("GET", "results.csv").text))
    text = service.call("GET", f"analyses/{made['id']}/report.html").text
    page, attached = words(text), record(text)
    assert attached["ferritin_ng_ml"] == wanted
    assert (attached["outcome"], attached["verdict"], attached["result"]) == ("clotted", None, None)
    assert of_fhir_ == ([] if wanted is None else [wanted])
    assert (None if line is None else line[5].replace("^", "")) == wanted
    assert (record_["hladr_ferritin"] or None) == wanted
    assert (row["ferritin_ng_ml"].lstrip("'") or None) == wanted
    assert f"Ferritin {NOT_SAID if wanted is None else f'{wanted} ng/mL'}" in page


def test_a_ferritin_that_was_told_wrongly_of_it_is_told_to_be_none(service):
    said = {"subject": "Z", "outcome": "clotted", "ferritin_ng_ml": "812"}
    made = service.post("analyses", files={name: (None, text) for name, text in said.items()})
    describe(service, made, ferritin_ng_ml=None)
    line = fields(service.call("GET", f"analyses/{made['id']}/hl7").content)["OBX"]["2276-4"]
    assert (line[5], line[11]) == ("", "X")


def test_the_report_prints_what_the_result_says(service, told):
    page = service.call("GET", f"analyses/{told['id']}/report.html").text
    shown, wanted = words(page), expected(told)
    assert json.dumps(record(page)["result"], sort_keys=True) == json.dumps(
        told["result"], sort_keys=True
    )
    abc, low, high = (f"{int(wanted[name]):,}" for name in ("abc", "low", "high"))
    assert f"HLA-DR on monocytes {abc} AB/c 95 % interval {low} to {high}" in shown
    assert f"of {int(wanted['monocytes']):,} monocytes" in shown
    assert f"Class {LABELS.get(wanted['class'], wanted['class'])} " in shown
    said = NOT_SAID if wanted["ferritin"] is None else f"{wanted['ferritin']} ng/mL, as told"
    assert shown.count(f"Ferritin {said}") == 2  # beside the class, and of the specimen
    if wanted["ferritin"] is not None:
        assert shown.count(f"Ferritin {said} with the tube") == 1
    if wanted["probability"] is not None:
        word = "Decisive" if wanted["decisive"] else "Not decisive"
        assert f"{word}; probability {wanted['probability']:.3f}" in shown


def test_what_is_told_in_words_has_the_same_numbers(service, told):
    wanted = expected(told)
    bundle = service.call("GET", f"analyses/{told['id']}/fhir").json()
    said = bundle["entry"][0]["resource"]["conclusion"]
    interval = f"(95 % interval {wanted['low']} to {wanted['high']})"
    assert said.startswith(f"{wanted['abc']} AB/c {interval}; {wanted['class']} by immunosep-2025")


def test_what_decisive_means_is_the_same_by_every_door(service, told):
    """A yes is a yes to the same words, whether the interval leaves no other class."""
    words_ = "the interval leaves no other class"
    bundle = service.call("GET", f"analyses/{told['id']}/fhir").json()
    parts = [
        part
        for each in bundle["entry"]
        for part in each["resource"].get("component", ())
        if "valueBoolean" in part
    ]
    line = fields(service.call("GET", f"analyses/{told['id']}/hl7").content)["OBX"]
    _, of_hl7_, _ = line["HLADR-DECISIVE"][3].split("^")
    text = service.call("GET", "redcap/dictionary.csv").text
    rows = {row["Variable / Field Name"]: row for row in csv.DictReader(io.StringIO(text))}
    of_redcap_ = rows["hladr_decisive"]
    assert of_redcap_["Field Label"].lower() == words_
    assert of_redcap_["Choices, Calculations, OR Slider Labels"] == "1, yes | 0, no"
    assert of_hl7_ == f"Whether {words_}"
    assert {part["code"]["text"] for part in parts} <= {f"Whether {words_}"}
    decisive = told["result"]["classification"]["decisive"]
    assert [part["valueBoolean"] for part in parts] == ([] if decisive is None else [decisive])
    assert line["HLADR-DECISIVE"][5] == {True: "Y^Yes^HL70136", False: "N^No^HL70136"}.get(
        decisive, ""
    )
