"""A saved curve: what comes back, and what is refused."""

import copy
import dataclasses
import datetime as dt
import json
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from calibration import (
    AcceptanceLimits,
    BeadLot,
    InvalidCurveRecord,
    Provenance,
    calibrate,
    combine,
    curve_from_dict,
    curve_to_dict,
    interval,
    judge_again,
)
from calibration.background import fit_background
from calibration.levels import back_calculated, log_line

RUN = Provenance(
    file="beads.fcs",
    sha256="ab" * 32,
    cytometer="FACSCanto II",
    serial="V96300001",
    detector="PE-A",
    marker="HLA-DR",
    voltage=412.0,
    gain=1.0,
    log_decades=0.0,
    range=262144.0,
    acquired_at=dt.datetime.fromisoformat("2026-03-14T09:05:41"),
    compensated=False,
)


@pytest.fixture
def curve(bead_tube):
    tube = bead_tube(1)
    lot = BeadLot(assigned=tube.lot.assigned, number="96597", expires=dt.date(2027, 5, 31))
    day = dt.date(2026, 3, 14)
    return calibrate(tube.values, lot, saturation=tube.saturation, provenance=RUN, on=day)


def through_json(curve):
    return json.loads(json.dumps(curve_to_dict(curve), allow_nan=False))


def test_a_curve_comes_back_from_json_as_it_was(curve):
    assert curve_from_dict(through_json(curve)) == curve


@pytest.mark.parametrize(
    "changes",
    [
        {"top": 60_000.0},
        {"gain": 0.04},
        {"missing": (2,)},
        {"assigned": (474.0, 5359.0)},
        {"assigned": (474.0, 5359.0, 23843.0)},
        {"n_events": 300},
    ],
    ids=str,
)
def test_doubtful_curves_come_back_with_their_doubts(bead_tube, changes):
    tube = bead_tube(5, **changes)
    curve = calibrate(tube.values, tube.lot, saturation=tube.saturation)
    assert {finding.code for finding in curve.findings} > {"LOT_EXPIRY_UNKNOWN"}
    assert curve_from_dict(through_json(curve)) == curve


def test_a_curve_with_a_blank_comes_back(bead_tube):
    tube = bead_tube(5, assigned=(60.0, 5359.0, 23843.0, 62336.0), gain=0.5)
    lot = BeadLot(assigned=(None, *tube.lot.assigned[1:]))
    curve = calibrate(tube.values, lot, saturation=None)
    assert curve_from_dict(through_json(curve)) == curve


def test_the_record_carries_what_the_result_shows(curve):
    record = curve_to_dict(curve)
    assert record["schema"] == "hladr.curve/1"
    assert record["model"] == "log-log line"
    assert record["lot"]["sha256"] == curve.lot.sha256
    assert record["accepted"] is True
    for key in ("slope", "intercept", "r_squared", "max_residual_percent"):
        assert record[key] == getattr(curve, key)
    assert record["provenance"]["acquired_at"] == "2026-03-14T09:05:41"


def paths(record, here=()):
    """Every key of the record, nested ones too."""
    items = record.items() if isinstance(record, dict) else enumerate(record)
    for key, value in items:
        if isinstance(record, dict):
            yield (*here, key)
        if isinstance(value, dict | list):
            yield from paths(value, (*here, key))


def at(record, path):
    for key in path:
        record = record[key]
    return record


def test_no_field_can_be_left_out_or_added(curve):
    good = through_json(curve)
    hashed = {("lot", "number"), ("lot", "expires")}
    for path in paths(good):
        if path == ("lot", "unit"):  # PE molecules unless stated
            continue
        broken = copy.deepcopy(good)
        del at(broken, path[:-1])[path[-1]]
        with pytest.raises(InvalidCurveRecord) as caught:
            curve_from_dict(broken)
        assert ("sha256" if path in hashed else path[-1]) in str(caught.value)
    for path in {p[:-1] for p in paths(good)}:
        broken = copy.deepcopy(good)
        at(broken, path)["surprise"] = 1
        with pytest.raises(InvalidCurveRecord):
            curve_from_dict(broken)


@pytest.mark.parametrize("wrong", [[], {}, True, "x", "", -1, 1e9, "NaN", 3.5, None], ids=repr)
def test_no_field_can_be_of_another_kind(curve, wrong):
    good = through_json(curve)
    free = {"file", "sha256", "cytometer", "serial", "detector", "marker", "code", "message"}
    numbers = {"voltage", "gain", "log_decades", "range", "median", "cv_percent", "events", "low",
               "high", "standard_error", "overlap", "saturated_fraction", "fit_sd"}  # fmt: skip
    nullable = numbers | free | {"acquired_at", "compensated", "severity"}
    for path in paths(good):
        key = path[-1]
        # A text may be another text, a measured number another number: nothing contradicts it.
        if (key in free and isinstance(wrong, str)) or key in {"compensated", "cut_below"}:
            continue
        if key in numbers and isinstance(wrong, int | float) and not isinstance(wrong, bool):
            continue
        if wrong is None and (key in nullable or path[0] == "lot"):
            continue
        if at(good, path) == wrong:
            continue
        broken = copy.deepcopy(good)
        at(broken, path[:-1])[key] = wrong
        with pytest.raises(InvalidCurveRecord):
            curve_from_dict(broken)


@pytest.mark.parametrize(
    ("path", "factor"),
    [
        (("slope",), 1.001),
        (("intercept",), 1.001),
        (("r_squared",), 0.999),
        (("residual_sd",), 1.1),
        (("max_residual_percent",), 1.1),
        (("fit_dof",), 2.0),
        (("fit_sd",), 1e-3),
        (("background", "molecules"), 1.1),
        (("background", "slope"), 1.001),
        (("background", "intercept"), 1.01),
        (("peaks", 1, "geometric_mean"), 1.001),
        (("peaks", 1, "residual_percent"), 1.01),
        (("peaks", 1, "assigned"), 1.001),
    ],
)
def test_a_number_that_does_not_follow_from_the_peaks_is_refused(curve, path, factor):
    broken = through_json(curve)
    at(broken, path[:-1])[path[-1]] *= factor
    with pytest.raises(InvalidCurveRecord):
        curve_from_dict(broken)


def test_lot_values_cannot_be_changed_under_their_hash(curve):
    broken = through_json(curve)
    broken["lot"]["expires"] = "2030-01-01"
    with pytest.raises(InvalidCurveRecord, match=r"record.lot.sha256"):
        curve_from_dict(broken)


def test_a_rejected_curve_cannot_call_itself_accepted(bead_tube):
    tube = bead_tube(5, top=60_000.0)
    broken = through_json(calibrate(tube.values, tube.lot, saturation=tube.saturation))
    broken["accepted"] = True
    with pytest.raises(InvalidCurveRecord, match=r"record.accepted: expected False, found True"):
        curve_from_dict(broken)


def test_peaks_out_of_order_are_refused(curve):
    broken = through_json(curve)
    broken["peaks"].reverse()
    with pytest.raises(InvalidCurveRecord, match="levels of the lot in their order"):
        curve_from_dict(broken)


@pytest.mark.parametrize(
    ("path", "value", "sentence"),
    [
        (("schema",), "hladr.curve/2", r"record.schema: expected 'hladr.curve/1', found 'hladr"),
        (("slope",), None, "record.slope: expected a number, found None"),
        (("slope",), float("nan"), "record.slope: expected a finite number"),
        (("peaks", 0, "events"), 3.5, "peaks.0..events: expected a whole number, found 3.5"),
        (("peaks", 0, "geometric_mean"), -1.0, "expected a number from 1e-06 to 1e.12, found -1.0"),
        (("findings",), {}, "record.findings: expected a list"),
        (("provenance",), [], "record.provenance: expected an object"),
        (("provenance", "acquired_at"), "yesterday", "expected a time such as 2026-03-14T09:31"),
        (("lot", "assigned"), [5, 4], "record.lot|saved curve, lot"),
    ],
)
def test_the_sentence_says_where_what_was_expected_and_what_to_do(curve, path, value, sentence):
    broken = through_json(curve)
    at(broken, path[:-1])[path[-1]] = value
    with pytest.raises(InvalidCurveRecord, match=sentence) as caught:
        curve_from_dict(broken)
    assert caught.value.code == "INVALID_CURVE_RECORD"
    assert "calibrate again from the bead file" in str(caught.value)


@pytest.mark.parametrize("time", ["2026-03-14T09:05:41Z", "2026-03-14T17:05:41+08:00"])
def test_a_time_with_a_zone_comes_back_with_it(curve, time):
    record = through_json(curve)
    record["provenance"]["acquired_at"] = time
    again = curve_from_dict(record)
    assert again.provenance.acquired_at == dt.datetime(2026, 3, 14, 9, 5, 41, tzinfo=dt.UTC)
    assert curve_from_dict(through_json(again)) == again


NUMBERS = st.floats(allow_nan=False, allow_infinity=False) | st.sampled_from(
    [0.0, 1e308, -1e308, 1e-308, 1e12, 1e-6]
)


@settings(max_examples=300)
@given(st.data())
def test_a_number_beyond_any_instrument_is_refused_or_gives_a_finite_curve(data):
    record = json.loads(SOUND)
    peak = data.draw(st.sampled_from(record["peaks"]))
    key = data.draw(st.sampled_from(["standard_error", "overlap", "saturated_fraction", "fit_sd"]))
    (record if key == "fit_sd" else peak)[key] = data.draw(NUMBERS)
    try:
        again = curve_from_dict(record)
    except InvalidCurveRecord:
        return
    judged = judge_again(again, AcceptanceLimits())
    for fluorescence in (1.0, 600.0, 262143.0):
        term = judged.curve_term(fluorescence)
        low, high = interval(1.0, combine([term, judged.model_term(fluorescence)]))
        assert 0.0 <= low < high < math.inf


@settings(max_examples=300)
@given(means=st.lists(st.floats(1e-300, 1e300), min_size=4, max_size=4))
def test_peaks_of_any_brightness_but_their_own_are_refused(means):
    record = json.loads(SOUND)
    for peak, mean in zip(record["peaks"], means, strict=True):
        peak["geometric_mean"] = mean
    with pytest.raises(InvalidCurveRecord):
        curve_from_dict(record)


@pytest.mark.parametrize("fit_sd", [1e308, 1.1, 1e-9])
def test_a_scatter_that_no_line_has_is_refused(curve, fit_sd):
    broken = through_json(curve)
    broken["fit_sd"] = fit_sd
    with pytest.raises(InvalidCurveRecord, match=r"record.fit_sd: expected no less than"):
        curve_from_dict(broken)


@pytest.mark.parametrize("steepness", [0.0, 0.01, -1.0, 300.0])
def test_a_line_that_no_detector_gives_is_refused_however_well_it_fits(curve, steepness):
    """Every number of the record follows from the means."""
    record = through_json(curve)
    lot = BeadLot(assigned=(1000.0, 1001.0, 1002.0, 1003.0)) if steepness > 100.0 else curve.lot
    centre = math.sqrt(lot.values[0] * lot.values[-1])
    means = [1000.0 * (value / centre) ** steepness for value in lot.values]
    points = list(zip(lot.values, means, strict=True))
    line, background = log_line(points), fit_background(lot.values, means)
    for peak, (value, mean) in zip(record["peaks"], points, strict=True):
        residual = 100.0 * back_calculated(line, value, mean) if line.slope else 0.0
        peak |= {"assigned": value, "geometric_mean": mean, "residual_percent": residual}
    record |= {
        "lot": {**lot.to_dict(), "sha256": lot.sha256},
        "slope": line.slope, "intercept": line.intercept, "r_squared": line.r_squared,
        "residual_sd": line.residual_sd, "background": dataclasses.asdict(background),
        "max_residual_percent": max(abs(p["residual_percent"]) for p in record["peaks"]),
    }  # fmt: skip
    with pytest.raises(InvalidCurveRecord, match=r"a slope from 0\.1 to 100"):
        curve_from_dict(record)


def test_a_geometric_mean_without_its_error_is_refused(curve):
    broken = through_json(curve)
    broken["peaks"][1]["standard_error"] = None
    with pytest.raises(InvalidCurveRecord, match="standard_error"):
        curve_from_dict(broken)


def sound_record():
    rng = np.random.default_rng(1)
    lot = BeadLot.parse("474,5359,23843,62336")
    beads = np.concatenate([1.3 * m * rng.lognormal(0, 0.08, 2500) for m in lot.values])
    return json.dumps(curve_to_dict(calibrate(beads, lot, saturation=262143)))


SOUND = sound_record()
JSON = st.recursive(
    st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@given(JSON)
def test_no_json_raises_anything_but_our_error(junk):
    with pytest.raises(InvalidCurveRecord):
        curve_from_dict(junk)
