"""What the specification of FHIR R4 says of the resources that leave, written from its pages.

`fhir.resources` knows which elements there are and of which kind; it knows no value set, takes a
status of "finalish", and follows no reference.
"""

import json
import re

from fhir.resources.R4B import get_fhir_model_class

OBSERVATION_STATUS = {
    "registered", "preliminary", "final", "amended", "corrected", "cancelled", "entered-in-error",
    "unknown",
}  # fmt: skip
REPORT_STATUS = OBSERVATION_STATUS | {"partial", "appended"}
STATUS = {
    "Observation": OBSERVATION_STATUS,
    "DiagnosticReport": REPORT_STATUS,
    "Specimen": {"available", "unavailable", "unsatisfactory", "entered-in-error"},
    "Device": {"active", "inactive", "entered-in-error", "unknown"},
    "QuestionnaireResponse": {"in-progress", "completed", "amended", "entered-in-error", "stopped"},
}
REQUIRED = {
    "Bundle": {"type"},
    "Observation": {"status", "code"},
    "DiagnosticReport": {"status", "code"},
    "Specimen": set(),
    "Device": set(),
    "Provenance": {"target", "recorded", "agent"},
    "QuestionnaireResponse": {"status"},
}
BUNDLE_TYPES = {
    "document", "message", "transaction", "transaction-response", "batch", "batch-response",
    "history", "searchset", "collection",
}  # fmt: skip
HL7 = "http://terminology.hl7.org/CodeSystem/"
CODES = {
    HL7 + "observation-category": {
        "social-history", "vital-signs", "imaging", "laboratory", "procedure", "survey", "exam",
        "therapy", "activity",
    },
    HL7 + "data-absent-reason": {
        "unknown", "asked-unknown", "temp-unknown", "not-asked", "asked-declined", "masked",
        "not-applicable", "unsupported", "as-text", "error", "not-a-number", "negative-infinity",
        "positive-infinity", "not-performed", "not-permitted",
    },
    HL7 + "v3-ObservationInterpretation": {
        "<", ">", "A", "AA", "H", "HH", "L", "LL", "N", "HU", "LU", "E", "IND", "NEG", "POS", "ND",
        "DET", "I", "MS", "NS", "R", "S", "B", "D", "U", "W", "IE", "EXP", "UNE", "NR", "RR", "WR",
    },
    HL7 + "v2-0074": {"LAB", "IMM", "HM", "CH", "MB", "OTH", "PAT", "TX", "VR"},
    HL7 + "v2-0487": {"BLD", "SER", "PLAS", "UR"},
    HL7 + "v2-0493": {"AUT", "CFU", "CLOT", "CON", "COOL", "FROZ", "HEM", "LIVE", "ROOM", "SNR"},
    HL7 + "provenance-participant-type": {
        "enterer", "performer", "author", "verifier", "legal", "attester", "informant",
        "custodian", "assembler", "composer",
    },
}  # fmt: skip
"""Codes by system, as far as they come up; a code of these systems that is not here is wrong."""
BOUND = {
    ("Observation", "category"): HL7 + "observation-category",
    ("Observation", "dataAbsentReason"): HL7 + "data-absent-reason",
    ("DiagnosticReport", "category"): HL7 + "v2-0074",
    ("Specimen", "type"): HL7 + "v2-0487",
}
"""Which system an element's codes are of."""
COMPARATORS = {"<", "<=", ">=", ">"}
DEVICE_NAMES = {
    "udi-label-name", "user-friendly-name", "patient-reported-name", "manufacturer-name",
    "model-name", "other",
}  # fmt: skip
ENTITY_ROLES = {"derivation", "revision", "quotation", "source", "removal"}
TARGETS = {
    ("Observation", "subject"): {"Patient", "Group", "Device", "Location"},
    ("Observation", "performer"): {
        "Practitioner", "PractitionerRole", "Organization", "CareTeam", "Patient", "RelatedPerson",
    },
    ("Observation", "specimen"): {"Specimen"},
    ("Observation", "device"): {"Device", "DeviceMetric"},
    ("QuestionnaireResponse", "author"): {
        "Device", "Practitioner", "PractitionerRole", "Patient", "RelatedPerson", "Organization",
    },
    ("Observation", "derivedFrom"): {
        "DocumentReference", "ImagingStudy", "Media", "QuestionnaireResponse", "Observation",
        "MolecularSequence",
    },
    ("DiagnosticReport", "subject"): {"Patient", "Group", "Device", "Location"},
    ("DiagnosticReport", "performer"): {
        "Practitioner", "PractitionerRole", "Organization", "CareTeam",
    },
    ("DiagnosticReport", "resultsInterpreter"): {
        "Practitioner", "PractitionerRole", "Organization", "CareTeam",
    },
    ("DiagnosticReport", "specimen"): {"Specimen"},
    ("DiagnosticReport", "result"): {"Observation"},
    ("Specimen", "subject"): {"Patient", "Group", "Device", "Substance", "Location"},
}  # fmt: skip
ID = re.compile(r"[A-Za-z0-9\-.]{1,64}")
CODE = re.compile(r"\S+(\s\S+)*")
DATE_TIME = re.compile(
    r"\d{4}(-\d\d(-\d\d(T\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d))?)?)?"
)  # with a time there are seconds and a zone
INSTANT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?(Z|[+-]\d\d:\d\d)")
MOMENTS = {
    "effectiveDateTime": DATE_TIME, "collectedDateTime": DATE_TIME, "receivedTime": DATE_TIME,
    "timeDateTime": DATE_TIME, "authored": DATE_TIME, "valueDateTime": DATE_TIME,
    "occurredDateTime": DATE_TIME, "issued": INSTANT, "recorded": INSTANT, "timestamp": INSTANT,
}  # fmt: skip
UCUM = re.compile(r"1|[munp]?[gL](/[munp]?[gL])*|\{[!-z|~]+\}(/\{[!-z|~]+\})*")
"""As far as our units go: mass and volume with prefixes; annotations, which have no dimension."""


def validated(text):
    """The Bundle of an answer, after it was held against the specification."""
    get_fhir_model_class("Bundle").model_validate_json(text)
    bundle = json.loads(text)
    assert bundle["type"] in BUNDLE_TYPES
    urls = [each["fullUrl"] for each in bundle["entry"]]
    assert len(urls) == len(set(urls))
    there = {each["fullUrl"]: each["resource"]["resourceType"] for each in bundle["entry"]}
    for each in bundle["entry"]:
        assert each["fullUrl"] == f"urn:uuid:{each['resource']['id']}"
        check_resource(each["resource"], there)
    check_values("Bundle", {name: value for name, value in bundle.items() if name != "entry"})
    return bundle


def check_resource(resource, there):
    kind = resource["resourceType"]
    assert set(resource) >= REQUIRED[kind], (kind, set(resource))
    if kind in STATUS and "status" in resource:
        assert resource["status"] in STATUS[kind]
    check_values(kind, resource)
    for (of, name), system in BOUND.items():
        if of == kind and name in resource:
            for concept in listed(resource[name]):
                assert {each["system"] for each in concept["coding"]} == {system}
    for name, value in resource.items():
        for reference in filter(is_reference, listed(value)):
            check_reference(reference, TARGETS.get((kind, name)), there)
    if kind == "Observation":
        check_observation(resource)
    assert {each["type"] for each in resource.get("deviceName", [])} <= DEVICE_NAMES
    assert {each["role"] for each in resource.get("entity", [])} <= ENTITY_ROLES
    for agent in resource.get("agent", []):
        check_reference(agent["who"], None, there)


def check_observation(resource):
    values = [name for name in resource if name.startswith("value")]
    assert len(values) <= 1
    # obs-6: dataAbsentReason only where there is no value. One of the two is always told here.
    assert bool(values) != ("dataAbsentReason" in resource)
    for each in resource.get("component", []):
        assert len([name for name in each if name.startswith("value")]) == 1
        assert each["code"] != resource["code"]  # obs-7


def check_values(kind, value):
    """Whatever has a known form, at any depth."""
    if isinstance(value, list):
        assert value, kind
        for each in value:
            check_values(kind, each)
        return
    if isinstance(value, str):
        assert value, kind
        assert all(sign >= " " for sign in value), value
        value.encode("utf-8")
    if not isinstance(value, dict):
        return
    assert value, kind
    if "id" in value:
        assert ID.fullmatch(value["id"])
    if "code" in value and isinstance(value["code"], str) and "display" in value:
        assert CODE.fullmatch(value["code"])
        assert value["code"] in CODES.get(value["system"], {value["code"]}), value
    if value.get("system") == "http://unitsofmeasure.org":
        assert UCUM.fullmatch(value["code"]), value
        assert value["unit"]
        assert isinstance(value["value"], int | float)
        assert value.get("comparator", "<") in COMPARATORS
    for name, each in value.items():
        if name in MOMENTS:
            assert MOMENTS[name].fullmatch(each), (name, each)
        check_values(kind, each)


def check_reference(reference, kinds, there):
    assert kinds is None or reference["type"] in kinds, reference
    if "reference" in reference:
        assert there[reference["reference"]] == reference["type"]
    else:
        assert reference.get("identifier") or reference.get("display")


def is_reference(value):
    return (
        isinstance(value, dict)
        and "type" in value
        and bool({"reference", "identifier", "display"} & set(value))
        and isinstance(value["type"], str)
    )


def listed(value):
    return value if isinstance(value, list) else [value]


def resources(bundle, kind):
    """Resources of a kind in a Bundle."""
    every = (each["resource"] for each in bundle["entry"])
    return [each for each in every if each["resourceType"] == kind]


def observation(bundle, code):
    """The observation of a code; None without one."""
    for each in resources(bundle, "Observation"):
        if code in {coding["code"] for coding in each["code"]["coding"]}:
            return each
    return None


def fhir(service, analysis, **asked):
    """What a service answers as FHIR, after it was held against the specification."""
    answer = service.call("GET", f"analyses/{analysis['id']}/fhir", params=asked)
    assert answer.status_code == 200, answer.text
    assert answer.headers["Content-Type"] == "application/fhir+json"
    return validated(answer.text)
