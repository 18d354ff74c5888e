"""Limits written in an assay file are the limits that hold: each one moved until it bites.

The tube is sound, but has a little of every flaw: one monocyte in a hundred and fifty without a
logarithm or at the detector's top, a voltage and a gain that differ in the last digit.
"""

import dataclasses
import io
from types import MappingProxyType

import numpy as np
import pytest

import hladr
from calibration.finding import Severity
from hladr.assay.loading import load_assay
from hladr.bead_run import calibrate_beads
from hladr.simulate import make_pair
from hladr.spillover import Spillover

NOTE, WARN, REJECT = Severity.NOTE, Severity.WARN, Severity.REJECT
TOP = 262143.0
SHIPPED = load_assay("quantibrite-340827")
CHANNELS = "\n".join(
    f"[channels.{role}]\nmarkers = {list(rule.markers)}\ndetectors = {list(rule.detectors)}\n"
    f"dyes = {list(rule.dyes)}\noptional = {'true' if rule.optional else 'false'}"
    for role, rule in SHIPPED.channels.items()
)
HEAD = f"""
schema = "hladr.assay/1"
name = "own"
version = "1"
title = "Our own"
criterion = "immunosep-2025"
{CHANNELS}
"""


def table_of(recording, *, values=MappingProxyType({}), **pe):
    changed = []
    for channel in recording.channels:
        new = dataclasses.replace(channel, **(pe if channel.name == "PE-A" else {}))
        if channel.name in values:
            new = dataclasses.replace(new, values=values[channel.name])
        changed.append(new)
    again = dataclasses.replace(recording, channels=tuple(changed))
    return hladr.read_fcs(io.BytesIO(again.to_bytes()))


def lot_of(pair):
    return ",".join(f"{value:g}" for value in pair.beads.truth.assigned)


@pytest.fixture(scope="module")
def flawed():
    """Beads, blood and lot of the tube with a little of every flaw."""
    pair = make_pair("sepsis", 5, events=25_000)
    beads = table_of(pair.beads.recording, voltage=410.03, gain=1.0003)
    blood = table_of(pair.blood.recording)
    lot = lot_of(pair)
    sound = hladr.quantify(blood, beads=beads, lot=lot)
    inside = np.flatnonzero(sound.gating.populations[-2].mask)[:9]
    nothing, saturated = inside[:5], inside[5:]
    spillover = Spillover.from_table(blood)
    leak = spillover.matrix[spillover.detectors.index("PE-A")]
    light = {name: blood.column(name).copy() for name in spillover.detectors}
    for rows, wanted in ((nothing, -250.0), (saturated, TOP)):
        added = wanted - light["PE-A"][rows]
        for name, share in zip(spillover.detectors, leak, strict=True):
            light[name][rows] += share * added
    return beads, table_of(pair.blood.recording, values=light), lot


@pytest.fixture(scope="module")
def result(flawed, tmp_path_factory):
    """The tube by an assay file with these lines."""
    beads, blood, lot = flawed
    folder = tmp_path_factory.mktemp("assays")

    def by(lines):
        path = folder / f"{len(list(folder.iterdir()))}.toml"
        path.write_text(f"{HEAD}\n{lines}\n", encoding="utf-8")
        return hladr.quantify(blood, beads=beads, lot=lot, assay=path)

    return by


@pytest.fixture(scope="module")
def usual(result):
    return result("")


def severities(result):
    return {(finding.code, finding.severity) for finding in result.findings}


def test_the_flaws_are_within_the_usual_limits(usual):
    assert usual.verdict is hladr.Verdict.PASS
    assert 0.0 < usual.measured.nonpositive_fraction < 0.005


@pytest.mark.parametrize(
    ("lines", "code", "severity"),
    [
        ("[limits.events]\nmonocytes_warn = 2000", "FEW_MONOCYTES", WARN),
        ("[limits.events]\nmonocytes_warn = 2000\nmonocytes_reject = 2000", "TOO_FEW_MONOCYTES",
         REJECT),
        ("[limits.values]\nnonpositive_warn = 0.001", "NONPOSITIVE_VALUES", WARN),
        ("[limits.values]\nnonpositive_warn = 0.001\nnonpositive_reject = 0.001",
         "NONPOSITIVE_VALUES", REJECT),
        ("[limits.values]\nsaturated_reject = 0.001", "MONOCYTES_SATURATED", WARN),
        ("[limits.values]\nstatistics_disagree = 0.001", "STATISTICS_DISAGREE", WARN),
        ("[limits.settings]\nvoltage_tolerance = 0.02", "VOLTAGE_DIFFERS", REJECT),
        ("[limits.settings]\ngain_tolerance = 0.0002", "GAIN_DIFFERS", REJECT),
        ("[limits.settings]\nbead_age_hours = 0.01", "BEADS_OLD", WARN),
        ("[limits.gate]\nconfidence_warn = 1.0", "GATE_UNCERTAIN", WARN),
        ("[limits.gate]\nboundary_shift_warn = 0.0", "BOUNDARY_SENSITIVE", WARN),
        ("[limits.internal_control]\nbright_least = 500000", "NO_BRIGHT_CLUSTER", WARN),
        ("[limits.internal_control]\nbright_least = 500000\nabsent_reject_below = 99999",
         "NO_HLA_DR_STAIN", REJECT),
        ("[limits.internal_control]\nbright = [1, 2]", "CONTROL_BRIGHT_OUT_OF_RANGE", WARN),
        ("[limits.internal_control]\nnegative = [1, 2]", "CONTROL_NEGATIVE_OUT_OF_RANGE", WARN),
        ("[limits.curve]\nresidual_warn = 0.001", "RESIDUAL_HIGH", WARN),
        ("[limits.curve]\nresidual_warn = 0.001\nresidual_reject = 0.001", "RESIDUAL_HIGH", REJECT),
        ("[limits.curve]\nslope_warn = [0.999999, 1.000001]", "SLOPE_OUT_OF_RANGE", WARN),
        ("[limits.curve]\nslope_warn = [0.999999, 1.000001]\nslope_reject = [0.999998, 1.000002]",
         "SLOPE_OUT_OF_RANGE", REJECT),
        ("[limits.curve]\nevents_warn = 9999", "FEW_BEAD_EVENTS", WARN),
        ("[limits.curve]\nevents_warn = 9999\nevents_reject = 9999", "FEW_BEAD_EVENTS", REJECT),
    ],
)  # fmt: skip
def test_a_limit_that_is_moved_bites(result, usual, lines, code, severity):
    assert (code, severity) not in severities(usual)
    assert (code, severity) in severities(result(lines))


def test_the_limit_of_the_samples_drift_is_the_files(tmp_path):
    pair = make_pair("blood_drift", 3)
    path = tmp_path / "own.toml"
    path.write_text(f"{HEAD}\n[limits.drift]\nsample_warn = 0.9\n", encoding="utf-8")
    tubes = {"beads": table_of(pair.beads.recording), "lot": lot_of(pair)}
    by_shipped, by_own = (
        hladr.quantify(table_of(pair.blood.recording), assay=assay, **tubes)
        for assay in ("quantibrite-340827", path)
    )
    assert ("SAMPLE_DRIFT", WARN) in severities(by_shipped)
    assert by_shipped.verdict is hladr.Verdict.REVIEW
    assert ("SAMPLE_DRIFT", WARN) not in severities(by_own)


def test_a_note_goes_where_the_laboratory_wants_fewer_cells(result, usual):
    assert ("FEW_MONOCYTES", NOTE) in severities(usual)
    assert ("FEW_MONOCYTES", NOTE) not in severities(
        result("[limits.events]\nmonocytes_note = 1000")
    )


TIGHT, TIGHTER = "[0.999999, 1.000001]", "[0.999998, 1.000002]"


@pytest.mark.parametrize(
    ("case", "lines", "comes", "goes"),
    [
        ("sepsis_calibur", f"log_slope_warn = {TIGHT}", ("SLOPE_OUT_OF_RANGE", WARN), None),
        ("sepsis_calibur", f"log_slope_warn = {TIGHT}\nlog_slope_reject = {TIGHTER}",
         ("SLOPE_OUT_OF_RANGE", REJECT), None),
        ("beads_wide_levels", "overlap_warn = 0.4\noverlap_reject = 0.5", None,
         ("PEAKS_OVERLAP", WARN)),
        ("beads_wide_levels", "overlap_warn = 0.00001\noverlap_reject = 0.00001",
         ("PEAKS_OVERLAP", REJECT), ("PEAKS_OVERLAP", WARN)),
        ("beads_saturated", "saturated_warn = 0.5\nsaturated_reject = 1.0", None,
         ("TOP_BEAD_SATURATED", REJECT)),
        ("beads_drift", "[limits.drift]\nbeads_reject = 0.9", ("BEADS_DRIFT", WARN),
         ("BEADS_DRIFT", REJECT)),
        ("beads_drift", "[limits.drift]\nbeads_warn = 0.9\nbeads_reject = 0.9", None,
         ("BEADS_DRIFT", REJECT)),
    ],
)  # fmt: skip
def test_limits_that_other_beads_bring_up(tmp_path, case, lines, comes, goes):
    pair = make_pair(case, 3, events=1_000)
    beads = hladr.read_fcs(io.BytesIO(pair.beads.recording.to_bytes()))
    found = []
    for number, text in enumerate(("", lines)):
        path = tmp_path / f"{number}.toml"
        head = HEAD if text.startswith("[") else f"{HEAD}\n[limits.curve]"
        path.write_text(f"{head}\n{text}\n", encoding="utf-8")
        run = calibrate_beads(beads, lot_of(pair), assay=load_assay(path))
        found.append({(f.code, f.severity) for f in run.curve.findings})
    assert comes is None or comes in found[1] - found[0]
    assert goes is None or goes in found[0] - found[1]


def test_the_statistic_and_the_fluorophores_an_antibody_are_the_files(result, usual):
    by_median = result('[quantity]\nstatistic = "median"')
    assert by_median.measured.abc == usual.measured.abc_median
    halved = result("[quantity]\nfp_ratio = 2.0")
    assert halved.measured.abc == pytest.approx(usual.measured.abc / 2)


def test_a_stricter_gate_keeps_fewer_cells(result, usual):
    assert result("[gating]\npurity = 0.99").measured.monocytes < usual.measured.monocytes


@pytest.mark.parametrize(
    ("lines", "name"),
    [
        ("repeatability = 0.2", "repeatability"),
        ("fp_ratio = 0.2", "fp_ratio"),
        ("bead_values = 0.2", "bead_values"),
    ],
)
def test_declared_terms_widen_the_interval_and_not_that_of_the_analysis(result, usual, lines, name):
    wide = result(f"[interval]\n{lines}").measured
    assert {term.name: term.relative for term in wide.interval_terms}[name] == 0.2
    assert name not in wide.not_included
    assert wide.ci95[1] > 1.3 * usual.measured.ci95[1]
    assert wide.ci95_analysis == usual.measured.ci95_analysis


def test_the_floor_of_the_residuals_widens_the_interval_of_the_analysis(result, usual):
    wide = result("[limits.curve]\nresidual_floor = 0.05").measured
    assert wide.abc == usual.measured.abc
    terms = {term.name: term.relative for term in wide.interval_terms}
    before = {term.name: term.relative for term in usual.measured.interval_terms}
    assert terms["curve"] == pytest.approx(0.05 / usual.curve.fit_sd * before["curve"])
    assert wide.ci95_analysis[1] > usual.measured.ci95_analysis[1]


def test_the_criterion_is_the_assays_unless_one_is_given(flawed, result, tmp_path):
    beads, blood, lot = flawed
    path = tmp_path / "meisel.toml"
    path.write_text(HEAD.replace("immunosep-2025", "meisel-2009"), encoding="utf-8")
    by_assay = hladr.quantify(blood, beads=beads, lot=lot, assay=path)
    assert by_assay.classification.criterion.name == "meisel-2009"
    given = hladr.quantify(blood, beads=beads, lot=lot, assay=path, criterion="immunosep-2025")
    assert given.classification.criterion.name == "immunosep-2025"
    assert result("").assay.name == "own"
