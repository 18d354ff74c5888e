"""Findings on a sample: on which side of its limit each begins."""

import dataclasses
import math

import numpy as np
import pytest

from calibration import BeadLot, calibrate
from calibration.finding import Severity
from hladr.assay.definition import EventLimits, GateLimits, ValueLimits
from hladr.assay.loading import load_assay
from hladr.criterion import AbcEvidence, classify, load_criterion
from hladr.ferritin import parse_ferritin
from hladr.quantification import abundance, intensity
from hladr.sample_findings import (
    class_findings,
    count_findings,
    cutoff_findings,
    gate_findings,
    range_findings,
    value_findings,
)

ASSAY = load_assay("quantibrite-340827")
CRITERION = load_criterion("immunosep-2025")
LEVELS = np.array([474.0, 5359.0, 23843.0, 62336.0])
NOTE, WARN, REJECT = Severity.NOTE, Severity.WARN, Severity.REJECT


@pytest.fixture(scope="module")
def curve():
    rng = np.random.default_rng(3)
    beads = np.concatenate([1.7 * level * rng.lognormal(0.0, 0.06, 2000) for level in LEVELS])
    return calibrate(beads, BeadLot(tuple(LEVELS)), saturation=None)


@pytest.fixture(scope="module")
def measure(curve):
    """Intensity and abundance of a log-normal population at this level."""

    def at(level, *, spread=0.4, events=4001, saturated=0.0):
        quantiles = (np.arange(events) + 0.5) / events
        normal = np.sqrt(2) * np.array([_erfinv(2 * q - 1) for q in quantiles])
        values = curve.fluorescence(level) * np.exp(spread * normal)
        at_top = np.arange(events) < round(saturated * events)
        seen = intensity(values, bottom=0.0, at_top=at_top)
        found = abundance(
            seen, curve, statistic="geometric_mean", fp_ratio=1.0, gate_shift=0.005,
            declared=ASSAY.interval,
        )  # fmt: skip
        return seen, found

    return at


def _erfinv(y):
    from scipy.special import erfinv

    return float(erfinv(y))


def said(findings):
    return [(finding.code, finding.severity) for finding in findings]


@pytest.mark.parametrize(
    ("monocytes", "expected"),
    [
        (0, [("TOO_FEW_MONOCYTES", REJECT)]),
        (299, [("TOO_FEW_MONOCYTES", REJECT)]),
        (300, [("FEW_MONOCYTES", WARN)]),
        (999, [("FEW_MONOCYTES", WARN)]),
        (1000, [("FEW_MONOCYTES", NOTE)]),
        (2999, [("FEW_MONOCYTES", NOTE)]),
        (3000, []),
    ],
)
def test_monocyte_counts(monocytes, expected):
    assert said(count_findings(monocytes, EventLimits())) == expected


@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.0, []),
        (0.005, []),
        (0.00501, [("NONPOSITIVE_VALUES", WARN)]),
        (0.02, [("NONPOSITIVE_VALUES", WARN)]),
        (0.02001, [("NONPOSITIVE_VALUES", REJECT)]),
        (1.0, [("NONPOSITIVE_VALUES", REJECT)]),
    ],
)
def test_values_without_a_logarithm(measure, share, expected):
    seen, found = measure(9000.0)
    seen = dataclasses.replace(seen, nonpositive=share)
    assert said(value_findings(seen, found, ValueLimits())) == expected


@pytest.mark.parametrize("ratio", [1.099, 1 / 1.099, 1.101, 1 / 1.101])
def test_statistics_disagree_beyond_a_tenth_either_way(measure, ratio):
    seen, found = measure(9000.0)
    found = dataclasses.replace(found, abc_median=found.abc * ratio)
    apart = max(ratio, 1 / ratio) > 1.10
    expected = [("STATISTICS_DISAGREE", WARN)] if apart else []
    assert said(value_findings(seen, found, ValueLimits())) == expected


def test_nothing_is_said_of_a_geometric_mean_that_is_not_given(measure):
    seen, found = measure(9000.0)
    seen = dataclasses.replace(seen, nonpositive=0.03)
    found = dataclasses.replace(found, abc_median=found.abc * 2.0)
    assert said(value_findings(seen, found, ValueLimits())) == [("NONPOSITIVE_VALUES", REJECT)]


@pytest.mark.parametrize(("median", "apart"), [(4999.0, False), (5000.0, True), (5040.0, True)])
def test_statistics_in_different_classes_disagree_however_close(measure, median, apart):
    _, found = measure(4990.0)
    ferritin = parse_ferritin(500)
    one, other = (
        classify(CRITERION, abc=AbcEvidence(abc, 0.03, 20.0), ferritin=ferritin)
        for abc in (4990.0, median)
    )
    expected = [("STATISTICS_DISAGREE", WARN)] if apart else []
    assert said(class_findings(found, other, one)) == expected


def classified(found, ferritin=500):
    evidence = AbcEvidence(found.abc, found.whole.relative, found.whole.dof)
    given = None if ferritin is None else parse_ferritin(ferritin)
    return classify(CRITERION, abc=evidence, ferritin=given)


def with_intervals(found, analysis, whole):
    return dataclasses.replace(found, ci95_analysis=analysis, ci95=whole)


@pytest.mark.parametrize(
    ("analysis", "whole", "expected"),
    [
        ((5200, 5600), (5050, 5800), []),
        ((5200, 5600), (4900, 5900), [("CUT_OFF_WITHIN_INTERVAL", NOTE)]),
        ((4950, 5600), (4700, 5900), [("CUT_OFF_WITHIN_INTERVAL", WARN)]),
        ((4500, 5000), (4300, 5300), [("CUT_OFF_WITHIN_INTERVAL", WARN)]),
        ((4500, 4999), (4300, 4999.9), []),
    ],
)
def test_a_cut_off_inside_an_interval(measure, analysis, whole, expected):
    """Inside what the files tell a person can look; inside the method's scatter it is said."""
    found = with_intervals(measure(5300.0)[1], analysis, whole)
    assert said(cutoff_findings(found, classified(found), CRITERION)) == expected


def test_no_cut_off_matters_where_ferritin_decides(measure):
    found = with_intervals(measure(5000.0)[1], (4900, 5100), (4700, 5300))
    assert said(cutoff_findings(found, classified(found, 9000), CRITERION)) == []


@pytest.mark.parametrize(
    ("level", "safe", "expected"),
    [
        (9000.0, False, []),
        (70_000.0, True, [("ABOVE_TOP_BEAD", NOTE)]),
        (70_000.0, False, [("ABOVE_TOP_BEAD", WARN)]),
        (400.0, False, [("BELOW_LOWEST_BEAD", WARN)]),
        (400.0, True, [("BELOW_LOWEST_BEAD", WARN)]),
    ],
)
def test_outside_the_beads(measure, curve, level, safe, expected):
    seen, found = measure(level)
    assert said(range_findings(seen, found, curve, ASSAY, class_safe=safe)) == expected


@pytest.mark.parametrize(
    ("share", "safe", "expected"),
    [
        (0.0, False, []),
        (0.01, False, []),
        (0.011, False, [("MONOCYTES_SATURATED", REJECT)]),
        (0.011, True, [("MONOCYTES_SATURATED", WARN)]),
        (0.5, True, [("MONOCYTES_SATURATED", WARN)]),
    ],
)
def test_the_detectors_top(measure, curve, share, safe, expected):
    seen, found = measure(9000.0, events=4000, saturated=share)
    assert said(range_findings(seen, found, curve, ASSAY, class_safe=safe)) == expected


@pytest.mark.parametrize(
    ("confidence", "shift", "expected"),
    [
        (1.0, 0.0, []),
        (0.90, 0.05, []),
        (0.899, 0.05, [("GATE_UNCERTAIN", WARN)]),
        (0.95, 0.051, [("BOUNDARY_SENSITIVE", WARN)]),
        (0.5, 0.5, [("GATE_UNCERTAIN", WARN), ("BOUNDARY_SENSITIVE", WARN)]),
    ],
)
def test_a_gate_that_is_not_sure_of_itself(confidence, shift, expected):
    assert said(gate_findings(confidence, shift, GateLimits())) == expected


def test_a_shift_that_is_not_known_does_not_pass_for_none():
    """It is listed as not included in the interval; it cannot be compared."""
    assert said(gate_findings(1.0, math.nan, GateLimits())) == []


def test_every_message_names_what_was_found_and_the_limit(measure, curve):
    seen, found = measure(70_000.0, saturated=0.05)
    seen = dataclasses.replace(seen, nonpositive=0.031)
    findings = [
        *count_findings(123, EventLimits()),
        *value_findings(seen, found, ValueLimits()),
        *range_findings(seen, found, curve, ASSAY, class_safe=True),
        *gate_findings(0.71, 0.081, GateLimits()),
    ]
    for finding, numbers in zip(
        findings,
        (("123", "300"), ("3.1 %", "2 %"), ("62,336",), ("5.0 %", "1 %"), ("71", "90"),
         ("8.1", "5 %")),
        strict=True,
    ):  # fmt: skip
        assert all(number in finding.message for number in numbers), finding.message
