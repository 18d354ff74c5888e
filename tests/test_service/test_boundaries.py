"""Cut-offs exactly met, and numbers that are missing, through every call that states a class."""

import json

import pytest
from laboratory import BEADS, LOT, part, tube_file
from ward import HIGH, LOW, MIDDLE, opened

EDGE = """
schema = "hladr.criterion/1"
name = "{name}"
version = "1"
title = "Cut-offs that lie exactly on what samples give"
[source]
citation = "none: of the tests"
[[class]]
name = "MALS"
label = "MALS"
certainty = "stated"
when = [{{ quantity = "ferritin", above = 4420 }}]
[[class]]
name = "immunoparalysis"
label = "immunoparalysis"
certainty = "stated"
when = [{{ quantity = "ferritin", at_or_below = 4420 }}, {{ quantity = "abc", below = {low} }}]
[[class]]
name = "unclassified"
label = "unclassified"
certainty = "stated"
[[restoration]]
entry_class = "immunoparalysis"
certainty = "{certainty}"
source = "none: of the tests"
when = [{{ quantity = "abc", above = {high} }}, {{ quantity = "ferritin", below = 4420 }}]
"""
EDGES = {
    "on-the-edge": (0.0, 0.0, "stated"), "above-it": (1e-6, 0.0, "stated"),
    "beyond-it": (1e-6, 1e-6, "stated"), "without-a-source": (1e-6, 1e-6, "unverified"),
}  # fmt: skip
"""How far the low cut-off lies above a sample, and the high one below another."""


@pytest.fixture(scope="module")
def ward(tmp_path_factory):
    """A ward with criteria whose cut-offs are what the samples give, and a little more."""
    folder = tmp_path_factory.mktemp("ward")
    criteria = folder / "definitions" / "criteria"
    criteria.mkdir(parents=True)
    with opened(folder, definitions_dir=folder / "definitions") as found:
        abc = {name: _abc(found, name) for name in (LOW, MIDDLE)}
        for name, (low, high, certainty) in EDGES.items():
            cuts = {"low": abc[LOW] + low, "high": abc[MIDDLE] - high}
            text = EDGE.format(name=name, certainty=certainty, **cuts)
            (criteria / f"{name}.toml").write_text(text)
        yield found


def _abc(ward, name):
    lot = ",".join(map(str, LOT["assigned"]))
    files = {"sample": tube_file(name), "beads": part(BEADS)}
    told = ward.service.post("quantify", 200, files=files, data={"lot": lot})
    return told["hla_dr"]["abc"]


CLASSES = [
    # ferritin 4,420 exactly is not MALS
    (9000, "4420", "immunosep-2025", "unclassified"),
    (9000, "4420.0", "immunosep-2025", "unclassified"),
    (9000, "4420.1", "immunosep-2025", "MALS"),
    (4999, "4420", "immunosep-2025", "immunoparalysis"),
    # HLA-DR 5,000 exactly is not immunoparalysis
    (5000, "900", "immunosep-2025", "unclassified"),
    (4999.999, "900", "immunosep-2025", "immunoparalysis"),
    # MALS goes before, whatever HLA-DR says, and is stated without it
    (4000, "4421", "immunosep-2025", "MALS"),
    (None, "4421", "immunosep-2025", "MALS"),
    (None, ">40000", "immunosep-2025", "MALS"),
    # without ferritin there is no immunoparalysis, without either nothing is left over
    (4000, None, "immunosep-2025", "undetermined"),
    (9000, None, "immunosep-2025", "undetermined"),
    (None, "4420", "immunosep-2025", "undetermined"),
    (None, "<5", "immunosep-2025", "undetermined"),
    # each trial has its own cut-offs, by its name
    (7999, "900", "immunosep-2025", "unclassified"),
    (7999, "900", "provide-2022", "unclassified"),
    (7999, "900", "grid-2023", "undetermined"),  # of day 3, which nobody said
    (7999, "900", "meisel-2009", "undetermined"),  # of one day alone
    (4999, "900", "provide-2022", "immunoparalysis"),
    (5000, "900", "provide-2022", "unclassified"),
    (4000, None, "provide-2022", "undetermined"),
]


@pytest.mark.parametrize(("abc", "ferritin", "criterion", "class_name"), CLASSES)
def test_numbers_that_are_typed_in(ward, abc, ferritin, criterion, class_name):
    said = {"abc": abc, "ferritin_ng_ml": ferritin, "criterion": criterion}
    told = ward.service.post("classify", 200, json=said)
    assert told["class"] == class_name
    assert told["criterion"] == {**told["criterion"], "name": criterion, "version": "1"}
    if class_name == "undetermined":
        assert (told["decisive"], told["probability"]) == (None, None)


@pytest.mark.parametrize(
    ("ferritin", "code"),
    [("4420 µg/L", None), ("4420 ng/mL", None), ("9.9 nmol/L", "FERRITIN_UNIT"),
     ("4420 pmol/L", "FERRITIN_UNIT"), ("4.420", "AMBIGUOUS_FERRITIN"),
     ("4,420", "AMBIGUOUS_FERRITIN")],
)  # fmt: skip
def test_a_unit_is_ng_ml_or_the_same_and_never_assumed(ward, ferritin, code):
    said = {"abc": 4000, "ferritin_ng_ml": ferritin}
    told = ward.service.post("classify", 200 if code is None else 422, json=said)
    assert told.get("code") == code
    assert told.get("class") == (None if code else "immunoparalysis")
    subject = ward.patient()
    if code is not None:
        blood = tube_file(LOW, _SRC=subject)
        said = {"subject": subject, "ferritin_ng_ml": ferritin}
        assert ward.service.analyse(ward.run, blood, 422, **said)["code"] == code


TUBES = [
    (LOW, "4420", "immunosep-2025", "immunoparalysis"),
    (MIDDLE, "4420", "immunosep-2025", "unclassified"),
    (MIDDLE, "4420.1", "immunosep-2025", "MALS"),
    (LOW, None, "immunosep-2025", "undetermined"),
    (LOW, "900", "on-the-edge", "unclassified"),  # exactly the cut-off is not below it
    (LOW, "900", "beyond-it", "immunoparalysis"),
]


@pytest.mark.parametrize(("file", "ferritin", "criterion", "class_name"), TUBES)
def test_tubes_that_are_measured(ward, file, ferritin, criterion, class_name):
    subject = ward.patient()
    made = ward.draw(subject, 1, file, ferritin, criterion=criterion)
    found = made["result"]["classification"]
    assert (found["class"], found["criterion"]["name"]) == (class_name, criterion)
    (point,) = ward.course(subject)["points"]
    assert point["class"] == class_name
    assert ward.course(subject)["entry"]["class"] == class_name


def test_a_rejected_number_leaves_the_class_that_rests_on_ferritin_alone(ward):
    for ferritin, class_name in (("4421", "MALS"), ("4420", "undetermined")):
        subject = ward.patient()
        made = ward.tube(subject, 1, LOW, ferritin)
        ward.service.sign(made, "anna", "rejected", comment="clumps")
        (point,) = ward.course(subject)["points"]
        assert (point["hla_dr"], point["class"]) == (None, class_name)
        if class_name == "MALS":
            assert ward.assess(subject)["record"]["eligible_for"] == "anakinra or placebo"
        else:
            assert ward.assess(subject, 409)["code"] == "CLASS_NOT_RELEASED"


RESTORED = [
    # MALS: a fall of exactly 15 % counts, and HLA-DR does not
    ("immunosep-2025", (MIDDLE, "10000"), (LOW, "8500"), "met"),
    ("immunosep-2025", (MIDDLE, "10000"), (HIGH, "8501"), "not met"),
    ("immunosep-2025", (MIDDLE, "10000"), (HIGH, None), "not known"),
    # immunoparalysis: HLA-DR above, and ferritin below, neither exactly
    ("immunosep-2025", (LOW, "900"), (MIDDLE, "4419.9"), "met"),
    ("immunosep-2025", (LOW, "900"), (MIDDLE, "4420"), "not met"),
    ("immunosep-2025", (LOW, "900"), (MIDDLE, None), "not known"),
    ("immunosep-2025", (LOW, "900"), (LOW, None), "not met"),  # whatever ferritin is
    ("beyond-it", (LOW, "900"), (MIDDLE, "900"), "met"),
    ("above-it", (LOW, "900"), (MIDDLE, "900"), "not met"),  # exactly the cut-off is not above it
    # no other class has a rule
    ("immunosep-2025", (HIGH, "900"), (HIGH, "100"), "not known"),
    ("immunosep-2025", (LOW, None), (HIGH, "100"), "not known"),
]


@pytest.mark.parametrize(("criterion", "entry", "later", "answer"), RESTORED)
def test_restoration_by_the_class_at_entry_and_no_other(ward, criterion, entry, later, answer):
    subject = ward.patient()
    ward.draw(subject, 1, *entry, criterion=criterion)
    ward.draw(subject, 4, *later, criterion=criterion)
    (judged,) = ward.course(subject)["restoration"]
    assert judged["answer"] == answer, json.dumps(judged)
    assert judged["criterion"]["name"] == criterion


def test_hla_dr_below_without_ferritin_is_missing_a_class_for_a_trial(ward):
    subject = ward.patient()
    ward.draw(subject, 1, LOW)
    assert "class" in [each["item"] for each in ward.eligibility(subject)["missing"]]
    assert ward.assess(subject, 409)["code"] == "CLASS_NOT_RELEASED"


def test_a_record_names_its_rule_and_both_inputs_with_their_times_and_is_no_advice(ward):
    subject = ward.patient()
    ward.draw(subject, 1, LOW, "900")
    record = ward.assess(subject)["record"]
    assert record["criterion"]["name"] == "immunosep-2025"
    assert record["criterion"]["version"] == "1"
    for name in ("hla_dr", "ferritin"):
        assert record["classification"][name]["drawn_at"] == "2026-03-01T08:00"
    for told in (record, ward.course(subject)):
        assert "Research use only" in told["note"]
        assert "advice" in told["note"]


def test_a_threshold_without_a_source_is_told_as_unverified(ward):
    subject = ward.patient()
    for day, file in ((1, LOW), (5, MIDDLE)):
        ward.draw(subject, day, file, "900", criterion="without-a-source")
    (judged,) = ward.course(subject)["restoration"]
    assert (judged["certainty"], judged["answer"]) == ("unverified", "met")
    assert any("unverified" in each for each in judged["reasons"])
