"""Counts of monocytes, values without a logarithm, values that are no numbers."""

import dataclasses
import io

import numpy as np
import pytest

from calibration.finding import Severity
from hladr.assay.loading import load_assay
from hladr.result import Verdict

ASSAY = load_assay("quantibrite-340827")


@pytest.fixture
def without_logarithm(sepsis, passed, monocytes, put):
    """Set a share of the monocytes to a value without a logarithm."""

    def make(share, value):
        inside = np.flatnonzero(monocytes(passed))
        rows = inside[: int(share * inside.size)]
        return sepsis.exported(values={"Comp-PE-A": put(rows, value)})

    return make


@pytest.mark.parametrize(
    ("kept", "finding", "verdict"),
    [
        (1250, ("FEW_MONOCYTES", Severity.NOTE), Verdict.PASS),
        (700, ("FEW_MONOCYTES", Severity.WARN), Verdict.REVIEW),
        (200, ("TOO_FEW_MONOCYTES", Severity.REJECT), Verdict.REJECT),
    ],
)
def test_few_monocytes_are_noted_then_signed_then_rejected(
    sepsis, passed, kept, finding, verdict, severities, monocytes
):
    others = ~(sepsis.blood.monocytes | monocytes(passed))
    some = np.flatnonzero(monocytes(passed))[:kept]
    rows = np.sort(np.concatenate([np.flatnonzero(others), some]))
    channels = tuple(
        dataclasses.replace(channel, values=np.asarray(channel.values)[rows])
        for channel in sepsis.blood.recording.channels
    )
    thinned = dataclasses.replace(sepsis.blood.recording, channels=channels)
    result = sepsis.result(io.BytesIO(thinned.to_bytes()))
    assert result.measured.monocytes == pytest.approx(kept, rel=0.05)
    assert finding in severities(result)
    assert result.verdict is verdict


@pytest.mark.parametrize("value", [0.0, -250.0])
@pytest.mark.parametrize(
    ("share", "expected"),
    [
        (0.004, None),
        (0.010, ("NONPOSITIVE_VALUES", Severity.WARN)),
        (0.030, ("NONPOSITIVE_VALUES", Severity.REJECT)),
    ],
)
def test_values_without_a_logarithm(sepsis, share, expected, value, without_logarithm):
    result = sepsis.result(without_logarithm(share, value))
    assert result.measured.nonpositive_fraction == pytest.approx(share, abs=0.001)
    said = {(f.code, f.severity) for f in result.findings if f.severity is not Severity.NOTE}
    assert said == ({expected} if expected else set())


def test_some_are_left_out_of_the_geometric_mean(sepsis, passed, without_logarithm):
    result = sepsis.result(without_logarithm(0.01, 0.0))
    assert result.hla_dr.abc == pytest.approx(passed.hla_dr.abc, rel=0.02)


def test_many_leave_no_geometric_mean(sepsis, without_logarithm, assert_rejected):
    """No number in its place, and no silent switch: the median stands where it always stands."""
    result = sepsis.result(without_logarithm(0.03, -250.0))
    assert_rejected(result)
    record = result.to_dict()["unreleasable"]
    assert record["statistic"] == "geometric_mean"
    for absent in ("abc", "mfi"):
        assert record[absent] is None
    assert record["ci95"] == record["ci95_analysis"] == [None, None]
    assert record["abc_median"] > 0


def test_of_a_geometric_mean_that_is_not_given_no_finding_speaks(
    paralysed, monocytes, put, assert_rejected
):
    """Neither that it disagrees with the median, nor that it lies near a cut-off."""
    before = paralysed.result()
    inside = np.flatnonzero(monocytes(before))
    brighter = inside[: inside.size // 3]
    apart = (5060.0 / before.measured.abc) ** (inside.size / brighter.size)

    def codes(n_without):
        rows = inside[inside.size // 3 :][:n_without]

        def change(stored):
            stored[brighter] *= apart
            return put(rows, -250.0)(stored)

        sample = paralysed.exported(values={"Comp-PE-A": change})
        result = paralysed.result(sample, ferritin_ng_ml=800)
        if n_without:
            assert_rejected(result)
        return {finding.code for finding in result.findings}

    spoken = {"STATISTICS_DISAGREE", "CUT_OFF_WITHIN_INTERVAL"}
    assert codes(0) >= spoken
    assert codes(inside.size // 40) & (spoken | {"NONPOSITIVE_VALUES"}) == {"NONPOSITIVE_VALUES"}


@pytest.mark.parametrize(("share", "severity"), [(0.01, Severity.WARN), (0.03, Severity.REJECT)])
def test_channel_0_of_a_log_amplifier_is_a_value_without_a_logarithm(
    share, severity, severities, monocytes, put, bench
):
    calibur = bench("sepsis_calibur", events=20_000)
    inside = np.flatnonzero(monocytes(calibur.result()))
    rows = inside[: int(share * inside.size)]
    result = calibur.result(calibur.table(values={"FL2-H": put(rows, 0)}))
    assert ("NONPOSITIVE_VALUES", severity) in severities(result)
    assert result.measured.nonpositive_fraction == pytest.approx(share, abs=0.002)


def test_a_laboratory_that_reports_medians_is_not_stopped_by_them(sepsis, passed, monocytes, put):
    inside = np.flatnonzero(monocytes(passed))
    table = sepsis.exported(values={"Comp-PE-A": put(inside[: inside.size // 40], -50.0)})
    result = sepsis.result(table, assay=dataclasses.replace(ASSAY, statistic="median"))
    assert result.measured.statistic == "median"
    assert result.measured.abc == result.measured.abc_median


def test_numbers_that_are_none_are_in_no_gate_and_counted(
    sepsis, passed, monocytes, population, put
):
    inside = np.flatnonzero(monocytes(passed))
    lymphocytes = np.flatnonzero(population(passed, "lymphocytes").mask)
    rows = np.concatenate([inside[:6], lymphocytes[:6]])
    for none in (np.nan, np.inf, -np.inf):
        result = sepsis.result(sepsis.exported(values={"Comp-PE-A": put(rows, none)}))
        finding = next(f for f in result.findings if f.code == "VALUES_NOT_FINITE")
        assert finding.severity is Severity.NOTE
        assert finding.message.startswith("12 of ")
        assert not monocytes(result)[rows].any()
        assert result.hla_dr.abc == pytest.approx(passed.hla_dr.abc, rel=0.02)
        assert result.internal_control.bright_abc is not None
