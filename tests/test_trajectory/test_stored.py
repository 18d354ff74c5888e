"""Points of stored results are those of the results; what is no result is refused."""

import contextlib
import copy
import json

import pytest
from courses import IMMUNOSEP
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration import curve_from_dict
from hladr.trajectory import (
    CurveOfOtherResult,
    InvalidResultRecord,
    point_of_record,
    point_of_result,
    trajectory,
)


@pytest.fixture(scope="session")
def own_curve(stored):
    return curve_from_dict(json.loads(stored[1]))


def test_the_course_of_stored_results_is_that_of_the_results(results, stored, own_curve):
    fresh = trajectory([point_of_result(each) for each in results], IMMUNOSEP)
    again = trajectory([point_of_record(each, own_curve) for each in stored[0]], IMMUNOSEP)
    assert again.to_dict() == fresh.to_dict()
    assert fresh.subject == "S-1"
    assert fresh.steps[0].shared_calibration
    assert fresh.points[1].day == 7.0


def test_a_single_point_has_the_interval_of_its_result(results):
    from hladr.trajectory import contrast

    for result in results:
        found = point_of_result(result).number
        factor = contrast([found], [1.0]).factor()
        expected = (found.abc / factor, found.abc * factor)
        assert expected == pytest.approx(result.hla_dr.ci95, rel=1e-12)


def test_a_rejected_result_gives_a_point_without_a_number(stored, own_curve):
    record = copy.deepcopy(stored[0][0])
    record["unreleasable"], record["hla_dr"], record["verdict"] = record["hla_dr"], None, "reject"
    found = point_of_record(record, own_curve)
    assert found.hla_dr is None
    assert found.verdict == "reject"


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("schema", "hladr.result/2"),
        ("sample", None),
        ("hla_dr.abc", -1.0),
        ("hla_dr.abc", "3000"),
        ("hla_dr.mfi", None),
        ("hla_dr.ci95", [1.0]),
        ("hla_dr.range", "inside"),
        ("hla_dr.interval_terms", {"counting": -0.1}),
        ("hla_dr.interval_terms", {"counting": True}),
        ("classification.class", "sick"),
        ("classification.ferritin_ng_ml", "4,420"),
        ("context.drawn_at", "yesterday"),
        ("verdict", "fine"),
        ("software.algorithm", 2),
    ],
)
def test_what_is_no_result_is_refused_by_its_field(stored, own_curve, path, value):
    record = copy.deepcopy(stored[0][0])
    *parents, last = path.split(".")
    part = record
    for name in parents:
        part = part[name]
    part[last] = value
    with pytest.raises(InvalidResultRecord) as refusal:
        point_of_record(record, own_curve)
    assert refusal.value.code == "INVALID_RESULT_RECORD"


@pytest.mark.parametrize(
    ("part", "field", "value"),
    [("lot", "sha256", "0" * 64), ("beads", "sha256", "0" * 64), (None, "slope", 1.5)],
)
def test_the_curve_of_another_result_is_refused(stored, own_curve, part, field, value):
    record = copy.deepcopy(stored[0][0])
    calibration = record["calibration"]
    (calibration if part is None else calibration[part])[field] = value
    with pytest.raises(CurveOfOtherResult, match="Give the curve"):
        point_of_record(record, own_curve)


json_values = st.recursive(
    st.none() | st.booleans() | st.floats(allow_nan=True) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)


@settings(max_examples=100)
@given(data=st.data())
def test_hostile_records_are_refused_and_never_break(stored, own_curve, data):
    record = copy.deepcopy(stored[0][0])
    part = record
    while True:
        name = data.draw(st.sampled_from(sorted(part)))
        if not (isinstance(part[name], dict) and part[name]) or data.draw(st.booleans()):
            break
        part = part[name]
    part[name] = data.draw(json_values)
    with contextlib.suppress(InvalidResultRecord, CurveOfOtherResult):
        point_of_record(record, own_curve)
