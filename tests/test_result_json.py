"""The JSON of a result and of a refusal, as scripts rely on it."""

import dataclasses
import json
import math

import numpy as np
import pytest

from calibration import BeadLot, Provenance, Term, calibrate
from calibration.errors import InvalidLot
from calibration.finding import Finding, Severity
from hladr.context import Context
from hladr.criterion import AbcEvidence, classify, load_criterion
from hladr.evidence import SampleEvidence
from hladr.fcs.table import Channel
from hladr.ferritin import InvalidFerritin, parse_ferritin
from hladr.internal_control import InternalControl
from hladr.measurement import DefinitionReference, SampleIdentity
from hladr.population import all_events, gated
from hladr.result import AbcResult, Gating, HlaDr
from hladr.result_json import error_to_dict, result_to_dict

REJECT = Finding("VOLTAGE_DIFFERS", Severity.REJECT, "480 V and 505 V. Run beads again.")
NOTE = Finding("DRAW_TIME_UNKNOWN", Severity.NOTE, "Not given. Enter it.")
KEYS = (
    "schema software sample context assay calibration gating hla_dr internal_control "
    "classification findings verdict"
)
LOT = BeadLot((474.0, 5359.0, 23843.0, 62336.0), number="96597")

PE = Channel(5, "PE-A", "HLA-DR", 32, 262144.0, 0.0, 1.0, 1.0, 480.0)


@pytest.fixture(scope="module")
def curve():
    rng = np.random.default_rng(2)
    beads = np.concatenate([1.2 * m * rng.lognormal(0, 0.05, 800) for m in LOT.values])
    return calibrate(
        beads, LOT, saturation=262143.0, provenance=Provenance(file="beads.fcs", sha256="b" * 64)
    )


@pytest.fixture(scope="module")
def result(curve):
    leukocytes = gated(all_events("events", 4), "leukocytes", np.array([True, True, True, False]))
    monocytes = gated(leukocytes, "monocytes", np.array([True, False, False, False]))
    nothing = gated(all_events("events", 4), "none", np.zeros(4, bool))
    columns, no_event = {"hla_dr": np.zeros(4)}, np.zeros(4, bool)
    return AbcResult(
        sample=SampleIdentity("patient.fcs", "a" * 64, 4, "FACSCanto II", None, None),
        detector=PE,
        criterion=load_criterion("immunosep-2025"),
        context=Context(subject="S-1", tube_type="EDTA"),
        assay=DefinitionReference("quantibrite-340827", "1", "c" * 64),
        curve=curve,
        gating=Gating(
            "automatic", None, 0.98, (leukocytes, monocytes, gated(nothing, "child", no_event))
        ),
        measured=HlaDr(
            abc=np.float64(4999.6),
            ci95=(np.float64(4600.0), 5433.2),
            ci95_analysis=(4800.0, 5207.5),
            interval_terms=(Term("curve", 0.011, 2.0), Term("repeatability", 0.032)),
            not_included=("fp_ratio", "bead_values"),
            statistic="geometric_mean",
            abc_median=5010.0,
            mfi=5999.5,
            monocytes=np.int64(1),
            nonpositive_fraction=0.0,
            fp_ratio=1.0,
            range="within",
        ),
        internal_control=InternalControl(None, 0, 88.1, 812),
        classification=classify(
            load_criterion("immunosep-2025"),
            abc=AbcEvidence(4999.6, 0.04, 10.0),
            ferritin=parse_ferritin("<5 ng/mL"),
        ),
        findings=(NOTE,),
        evidence=SampleEvidence(columns, {"hla_dr": "PE-A"}, (), None, no_event, no_event, None),
        bead_evidence=None,
    )


@pytest.fixture(scope="module")
def rejected(result):
    return dataclasses.replace(result, findings=(NOTE, REJECT))


def test_a_result_has_the_keys_of_its_schema(result):
    record = result_to_dict(result)
    assert list(record) == KEYS.split()
    assert record["schema"] == "hladr.result/1"
    assert set(record["software"]) == {"name", "version", "algorithm"}
    assert record["sample"] == {
        "file": "patient.fcs",
        "sha256": "a" * 64,
        "events": 4,
        "cytometer": "FACSCanto II",
        "serial": None,
        "acquired_at": None,
    }
    assert record["context"] == {
        "subject": "S-1",
        "drawn_at": None,
        "stained_at": None,
        "tube_type": "EDTA",
        "preparation": None,
        "site": None,
        "visit": None,
    }
    assert record["assay"] == {"name": "quantibrite-340827", "version": "1", "sha256": "c" * 64}
    assert record["verdict"] == "pass"
    assert record == result.to_dict()


def test_the_number_is_unrounded_and_its_terms_are_named(result):
    assert result_to_dict(result)["hla_dr"] == {
        "abc": 4999.6,
        "ci95": [4600.0, 5433.2],
        "ci95_analysis": [4800.0, 5207.5],
        "interval_terms": {"curve": 0.011, "repeatability": 0.032},
        "not_included": ["fp_ratio", "bead_values"],
        "statistic": "geometric_mean",
        "abc_median": 5010.0,
        "mfi": 5999.5,
        "monocytes": 1,
        "nonpositive_fraction": 0.0,
        "fp_ratio": 1.0,
        "range": "within",
    }


def test_the_calibration_names_its_inputs_and_every_peak(result, curve):
    calibration = result_to_dict(result)["calibration"]
    assert calibration["beads"] == {"file": "beads.fcs", "sha256": "b" * 64}
    assert calibration["lot"] == {"number": "96597", "sha256": LOT.sha256}
    assert calibration["model"] == "log-log line"
    assert calibration["slope"] == curve.slope
    assert calibration["accepted"] is True
    assert [peak["assigned"] for peak in calibration["peaks"]] == list(LOT.values)
    assert set(calibration["peaks"][0]) == {
        "assigned",
        "geometric_mean",
        "median",
        "cv_percent",
        "events",
        "residual_percent",
    }


def test_populations_carry_their_parents_and_shares(result):
    gating = result_to_dict(result)["gating"]
    assert {key: gating[key] for key in ("method", "gates_sha256", "confidence")} == {
        "method": "automatic",
        "gates_sha256": None,
        "confidence": 0.98,
    }
    assert gating["populations"][1] == {
        "name": "monocytes",
        "parent": "leukocytes",
        "events": 1,
        "percent_of_parent": pytest.approx(100 / 3),
    }


def test_a_share_of_nothing_is_null(result):
    assert result_to_dict(result)["gating"]["populations"][2]["percent_of_parent"] is None


def test_class_control_and_findings_stand_beside_the_number(result):
    record = result_to_dict(result)
    assert record["classification"]["class"] == "immunoparalysis"
    assert record["classification"]["ferritin_ng_ml"] == "<5"
    assert record["classification"]["criterion"] == {"name": "immunosep-2025", "version": "1"}
    assert record["internal_control"] == {
        "bright_abc": None,
        "bright_events": 0,
        "negative_abc": 88.1,
        "negative_events": 812,
    }
    assert record["findings"] == [
        {"code": "DRAW_TIME_UNKNOWN", "severity": "note", "message": "Not given. Enter it."}
    ]


def test_a_rejected_number_stands_under_unreleasable_only(result, rejected):
    record = result_to_dict(rejected)
    assert record["verdict"] == "reject"
    assert record["hla_dr"] is None
    assert record["unreleasable"] == result_to_dict(result)["hla_dr"]
    assert "unreleasable" not in result_to_dict(result)


@pytest.mark.parametrize("nothing", [math.nan, math.inf, -math.inf, np.float64("nan")])
def test_what_is_no_number_is_null(nothing, rejected):
    absent = dataclasses.replace(rejected.measured, abc=nothing, mfi=nothing, ci95=(nothing, 1.0))
    record = result_to_dict(dataclasses.replace(rejected, measured=absent))
    assert record["unreleasable"]["abc"] is None
    assert record["unreleasable"]["ci95"] == [None, 1.0]
    assert json.loads(json.dumps(record, allow_nan=False)) == record


def kinds(value):
    if isinstance(value, dict):
        return {type(value)} | set().union(*(kinds(each) for each in value.values()))
    if isinstance(value, list):
        return {type(value)} | set().union(set(), *(kinds(each) for each in value))
    return {type(value)}


def test_only_plain_python_values_leave(result, rejected):
    for each in (result, rejected):
        assert kinds(result_to_dict(each)) <= {dict, list, str, int, float, bool, type(None)}


def test_the_record_survives_the_way_through_json(result):
    record = result_to_dict(result)
    assert json.loads(json.dumps(record, allow_nan=False)) == record


@pytest.mark.parametrize(
    "error",
    [
        InvalidFerritin(text="x", reason="it is not one plain number"),
        InvalidLot(field="assigned", expected="a list of values", found="none"),
    ],
)
def test_a_refusal_is_a_record_with_its_code_and_sentence(error):
    record = error_to_dict("patient.fcs", error)
    assert record == {
        "schema": "hladr.error/1",
        "sample": {"file": "patient.fcs"},
        "error": {"code": error.code, "message": str(error)},
    }
    assert record["error"]["code"] in {"INVALID_FERRITIN", "INVALID_LOT"}
