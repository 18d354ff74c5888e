"""The whole job on simulated tubes, and every rule that turns a number into pass, review, reject.

Each rule is tried on a tube that passes, with the one thing changed that the rule is about.
"""

import dataclasses
import io
import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from types import MappingProxyType

import numpy as np
import pytest

import hladr
from calibration import Provenance
from calibration.finding import Severity
from hladr.assay.loading import load_assay
from hladr.bead_run import calibrate_beads
from hladr.curve_file import curve_text, read_curve
from hladr.result import Verdict
from hladr.simulate import BEAD_CASES, CASES, beads, blood, canto, make_pair
from hladr.spillover import Spillover

ASSAY = load_assay("quantibrite-340827")
TOP = 262143.0


def written(recording, *, channels=None, values=None, keywords=None, drop=()):
    """Bytes of a recording, some of it changed: settings, stored numbers, keywords, columns."""
    changed = []
    for channel in recording.channels:
        if channel.name in drop:
            continue
        new = dataclasses.replace(channel, **(channels or {}).get(channel.name, {}))
        if channel.name in (values or {}):
            stored = np.array(channel.values, dtype=np.float64)
            new = dataclasses.replace(new, values=values[channel.name](stored))
        changed.append(new)
    words = {**recording.keywords, **(keywords or {})}
    kept = MappingProxyType({key: word for key, word in words.items() if word is not None})
    return dataclasses.replace(recording, channels=tuple(changed), keywords=kept).to_bytes()


def exported(table, *, values=None, keywords=None):
    """The table as analysis software exports it: compensated, columns called Comp-, no matrix."""
    spillover = Spillover.from_table(table)
    columns, markers, words = {}, {}, dict(keywords or {})
    for number, channel in enumerate(table.channels, start=1):
        stain = channel.name in spillover.detectors
        name = f"Comp-{channel.name}" if stain else channel.name
        column = np.array(spillover.compensated(table, channel))
        columns[name] = (values or {}).get(name, lambda stored: stored)(column)
        if channel.marker:
            markers[name] = channel.marker
        if channel.voltage is not None:
            words |= {f"$P{number}V": f"{channel.voltage:g}", f"$P{number}G": "1"}
    for key in ("$CYT", "$CYTSN", "$DATE", "$BTIM"):
        words.setdefault(key, table.keyword(key))
    return hladr.EventTable.from_columns(columns, markers=markers, keywords=words, name="exported")


@dataclasses.dataclass(frozen=True, eq=False)
class Bench:
    """A bead tube and a blood tube of one instrument, and the way from them to a result."""

    beads: object
    blood: object

    @property
    def lot(self):
        return ",".join(f"{value:g}" for value in self.beads.truth.assigned)

    @property
    def truth(self):
        return self.blood.truth.abc

    def table(self, **changes):
        return hladr.read_fcs(io.BytesIO(written(self.blood.recording, **changes)))

    def bead_table(self, **changes):
        return hladr.read_fcs(io.BytesIO(written(self.beads.recording, **changes)))

    def result(self, sample=None, *, bead_table=None, **options):
        sample = self.table() if sample is None else sample
        if "curve" not in options:
            options.setdefault("lot", self.lot)
            options["beads"] = self.bead_table() if bead_table is None else bead_table
        return hladr.quantify(sample, **options)


def bench(case, seed=5, events=25_000):
    pair = make_pair(case, seed, events=events)
    return Bench(pair.beads, pair.blood)


@pytest.fixture(scope="module")
def sepsis():
    """HLA-DR near 9,500 AB/c: no class is near."""
    return bench("sepsis")


@pytest.fixture(scope="module")
def paralysed():
    """HLA-DR near 3,200 AB/c."""
    return bench("immunoparalysis")


@pytest.fixture(scope="module")
def passed(sepsis):
    return sepsis.result()


@pytest.fixture(scope="module")
def paralysed_monocytes(paralysed):
    return np.flatnonzero(monocytes(paralysed.result()))


def population(result, name):
    return next(each for each in result.gating.populations if each.name == name)


def monocytes(result):
    return population(result, "monocytes").mask


def severities(result):
    return {(finding.code, finding.severity) for finding in result.findings}


def codes(result, *, least=Severity.NOTE):
    counted = {Severity.NOTE, Severity.WARN, Severity.REJECT}
    counted -= {Severity.NOTE} if least is not Severity.NOTE else set()
    return {finding.code for finding in result.findings if finding.severity in counted}


def doubts(result):
    """Codes that keep a result from passing."""
    return codes(result, least=Severity.WARN)


def put(where, value):
    """Change of a column: this value at these events."""

    def change(stored):
        stored[where] = value
        return stored

    return change


# The main job ------------------------------------------------------------------------------------


def test_a_clean_pair_passes_with_the_true_number_inside_both_intervals(sepsis, passed):
    measured = passed.hla_dr
    assert passed.verdict is Verdict.PASS
    assert measured.abc == pytest.approx(sepsis.truth, rel=0.05)
    assert measured.ci95[0] < measured.ci95_analysis[0] < sepsis.truth
    assert sepsis.truth < measured.ci95_analysis[1] < measured.ci95[1]
    assert measured.abc_median == pytest.approx(sepsis.blood.truth.abc_median, rel=0.05)
    assert passed.unreleasable is None


def test_the_number_is_the_geometric_mean_of_the_gate_on_the_curve(passed):
    """Worked out again from the evidence, with NumPy alone."""
    values = passed.evidence.columns["hla_dr"][monocytes(passed)]
    mean = np.mean(np.log10(values[values > 0]))
    expected = 10 ** ((mean - passed.curve.intercept) / passed.curve.slope)
    assert passed.measured.abc == pytest.approx(expected, rel=1e-12)
    assert passed.measured.mfi == pytest.approx(10**mean, rel=1e-12)
    assert passed.measured.monocytes == values.size
    median = np.log10(np.median(values))
    expected = 10 ** ((median - passed.curve.intercept) / passed.curve.slope)
    assert passed.measured.abc_median == pytest.approx(expected, rel=1e-12)


def test_populations_are_nested_and_counted(passed):
    everything, *within = passed.gating.populations
    assert everything.count == passed.sample.events
    assert {"singlets", "leukocytes", "monocytes", "lymphocytes"} < {each.name for each in within}
    for each in within:
        parent = population(passed, each.parent)
        assert not np.any(each.mask & ~parent.mask)
        assert each.percent_of_parent == pytest.approx(100 * each.mask.sum() / parent.mask.sum())


def test_what_is_not_known_of_the_interval_is_named_and_not_taken_for_zero(passed):
    terms = {term.name for term in passed.measured.interval_terms}
    assert terms == {"curve", "counting", "gate", "model", "repeatability"}
    assert set(passed.measured.not_included) == {"fp_ratio", "bead_values", "autofluorescence"}


def test_an_assay_with_two_fluorophores_an_antibody_halves_the_number(sepsis, passed):
    doubled = sepsis.result(assay=dataclasses.replace(ASSAY, fp_ratio=2.0))
    assert doubled.measured.abc == pytest.approx(passed.measured.abc / 2, rel=1e-12)
    assert doubled.measured.fp_ratio == 2.0


@pytest.mark.parametrize("options", [{}, {"curve": "x", "lot": "1,2"}, {"lot": "474,5359"}])
def test_a_call_without_one_calibration_is_the_programmers_mistake(sepsis, options):
    with pytest.raises(TypeError, match="curve"):
        hladr.quantify(sepsis.table(), **options)


# Compensation ------------------------------------------------------------------------------------


def test_compensated_data_are_not_compensated_again(sepsis, passed):
    """Comp-PE-A is taken as it is, whether or not the export kept the matrix."""
    table = sepsis.table()
    for keywords in ({}, {"$SPILLOVER": table.keyword("$SPILLOVER")}):
        result = sepsis.result(exported(table, keywords=keywords))
        assert result.measured.abc == pytest.approx(passed.measured.abc, rel=1e-9)
        assert result.verdict is Verdict.PASS
        assert not {code for code in codes(result) if code.startswith("SPILLOVER")}


def test_a_matrix_in_other_units_is_brought_to_a_unit_diagonal(sepsis, passed):
    spillover = Spillover.from_table(sepsis.table())
    factors = np.array([1.0, 2.5, 0.3, 10.0])[: len(spillover.detectors)]
    scaled = spillover.matrix * factors[:, np.newaxis]
    numbers = ",".join(f"{value:.17g}" for value in scaled.ravel())
    text = f"{len(factors)},{','.join(spillover.detectors)},{numbers}"
    result = sepsis.result(sepsis.table(keywords={"$SPILLOVER": text}))
    assert result.measured.abc == pytest.approx(passed.measured.abc, rel=1e-9)
    assert ("SPILLOVER_NORMALISED", Severity.NOTE) in severities(result)
    assert result.verdict is Verdict.PASS


def test_beads_without_a_matrix_are_no_mismatch(sepsis, passed):
    result = sepsis.result(bead_table=sepsis.bead_table(keywords={"$SPILLOVER": None}))
    assert result.measured.abc == passed.measured.abc
    assert severities(result) == severities(passed)


def test_blood_without_a_matrix_needs_a_signature(sepsis):
    result = sepsis.result(sepsis.table(keywords={"$SPILLOVER": None}))
    assert ("SPILLOVER_MISSING", Severity.WARN) in severities(result)
    assert result.verdict is Verdict.REVIEW


# Beads and blood alike ---------------------------------------------------------------------------


def of_pe(**settings):
    return {"channels": {"PE-A": settings}}


@pytest.mark.parametrize(
    ("bead_changes", "code"),
    [
        (of_pe(voltage=411.0), "VOLTAGE_DIFFERS"),
        (of_pe(gain=1.25), "GAIN_DIFFERS"),
        ({"drop": ("PE-A",)}, "DETECTOR_DIFFERS"),  # only the pulse height is left
        ({"keywords": {"$CYTSN": "V99999999"}}, "INSTRUMENT_DIFFERS"),
        ({"keywords": {"$CYTSN": None, "$CYT": "Navios"}}, "INSTRUMENT_DIFFERS"),
    ],
)
def test_beads_measured_otherwise_reject(sepsis, bead_changes, code):
    result = sepsis.result(bead_table=sepsis.bead_table(**bead_changes), ferritin_ng_ml=800)
    assert (code, Severity.REJECT) in severities(result)
    assert_rejected(result)


def assert_rejected(result):
    """The number stands under unreleasable, and no class rests on it."""
    assert result.verdict is Verdict.REJECT
    assert result.hla_dr is None
    assert result.unreleasable is result.measured
    record = result.to_dict()
    assert record["hla_dr"] is None
    assert "abc" in record["unreleasable"]
    assert record["classification"]["class"] == "undetermined"
    assert record["classification"]["decisive"] is None
    assert record["classification"]["probability"] is None


@pytest.mark.parametrize(
    ("bead_changes", "code"),
    [
        (of_pe(voltage=None, gain=None), "SETTINGS_UNVERIFIED"),
        (of_pe(voltage=None), "SETTINGS_UNVERIFIED"),
        ({"keywords": {"$DATE": "13-MAR-2026"}}, "BEADS_OTHER_DAY"),
        ({"keywords": {"$DATE": "14-MAR-2025"}}, "BEADS_OTHER_DAY"),
        ({"keywords": {"$BTIM": "22:59:00"}}, "BEADS_OLD"),
    ],
)
def test_beads_that_may_have_been_measured_otherwise_need_a_signature(sepsis, bead_changes, code):
    result = sepsis.result(bead_table=sepsis.bead_table(**bead_changes))
    assert (code, Severity.WARN) in severities(result)
    assert result.verdict is Verdict.REVIEW
    assert result.hla_dr is not None


@pytest.mark.parametrize(
    ("bead_changes", "code"),
    [
        ({"keywords": {"$CYTSN": None}}, "SERIAL_UNKNOWN"),
        ({"keywords": {"$DATE": None}}, "ACQUISITION_TIME_UNKNOWN"),
    ],
)
def test_what_beads_do_not_say_of_instrument_and_time_is_noted(sepsis, bead_changes, code):
    result = sepsis.result(bead_table=sepsis.bead_table(**bead_changes))
    assert (code, Severity.NOTE) in severities(result)
    assert result.verdict is Verdict.PASS


def test_another_voltage_of_the_sample_rejects_however_good_the_beads(sepsis):
    result = sepsis.result(sepsis.table(channels={"PE-A": {"voltage": 395.0}}))
    assert ("VOLTAGE_DIFFERS", Severity.REJECT) in severities(result)
    assert_rejected(result)


# A saved curve -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def run(sepsis):
    return calibrate_beads(sepsis.bead_table(), sepsis.lot, assay=ASSAY)


def saved(curve, folder):
    (folder / "curve.json").write_text(curve_text(curve), encoding="utf-8")
    return folder / "curve.json"


def test_a_saved_curve_gives_the_result_of_its_beads(sepsis, passed, run, tmp_path):
    path = saved(run.curve, tmp_path)
    expected = passed.to_dict()
    for curve in (run, run.curve, read_curve(path), path, str(path)):
        assert sepsis.result(curve=curve).to_dict() == expected


def test_a_saved_curve_is_checked_against_the_sample_as_its_beads_are(sepsis, run, tmp_path):
    path = saved(run.curve, tmp_path)
    for changes, code in (
        (of_pe(voltage=395.0), "VOLTAGE_DIFFERS"),
        (of_pe(gain=2.0), "GAIN_DIFFERS"),
        ({"keywords": {"$CYTSN": "V99999999"}}, "INSTRUMENT_DIFFERS"),
    ):
        result = sepsis.result(sepsis.table(**changes), curve=path)
        assert (code, Severity.REJECT) in severities(result)
        assert_rejected(result)


def test_a_curve_of_the_pulse_height_is_none_of_the_area(sepsis, tmp_path):
    run = calibrate_beads(sepsis.bead_table(), sepsis.lot, assay=ASSAY, detector="PE-H")
    result = sepsis.result(curve=saved(run.curve, tmp_path))
    assert ("DETECTOR_DIFFERS", Severity.REJECT) in severities(result)


def test_a_curve_that_does_not_say_where_it_comes_from_needs_a_signature(sepsis, passed, run):
    curve = dataclasses.replace(run.curve, provenance=Provenance())
    result = sepsis.result(curve=curve)
    assert ("SETTINGS_UNVERIFIED", Severity.WARN) in severities(result)
    assert result.verdict is Verdict.REVIEW
    assert result.hla_dr.abc == passed.hla_dr.abc


def test_a_curve_that_is_not_accepted_rejects(sepsis):
    wrong = "474,5359,31000,62336"
    result = sepsis.result(lot=wrong)
    assert ("RESIDUAL_HIGH", Severity.REJECT) in severities(result)
    assert not result.curve.accepted
    assert_rejected(result)


# Counts and values -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kept", "finding", "verdict"),
    [
        (1250, ("FEW_MONOCYTES", Severity.NOTE), Verdict.PASS),
        (700, ("FEW_MONOCYTES", Severity.WARN), Verdict.REVIEW),
        (200, ("TOO_FEW_MONOCYTES", Severity.REJECT), Verdict.REJECT),
    ],
)
def test_few_monocytes_are_noted_then_signed_then_rejected(sepsis, passed, kept, finding, verdict):
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


@pytest.mark.parametrize(
    ("share", "finding", "verdict"),
    [
        (0.004, None, Verdict.PASS),
        (0.010, ("NONPOSITIVE_VALUES", Severity.WARN), Verdict.REVIEW),
        (0.030, ("NONPOSITIVE_VALUES", Severity.REJECT), Verdict.REJECT),
    ],
)
@pytest.mark.parametrize("value", [0.0, -250.0])
def test_values_without_a_logarithm(sepsis, passed, share, finding, verdict, value):
    inside = np.flatnonzero(monocytes(passed))
    rows = inside[: int(share * inside.size)]
    table = exported(sepsis.table(), values={"Comp-PE-A": put(rows, value)})
    result = sepsis.result(table)
    assert result.measured.nonpositive_fraction == pytest.approx(share, abs=0.001)
    assert finding is None or finding in severities(result)
    assert result.verdict is verdict
    if verdict is Verdict.REJECT:
        assert_no_geometric_mean(result)
    else:
        assert result.hla_dr.abc == pytest.approx(passed.measured.abc, rel=0.03)


def assert_no_geometric_mean(result):
    """No number in its place, and no silent switch: the median stands where it always stands."""
    assert_rejected(result)
    record = result.to_dict()["unreleasable"]
    assert record["statistic"] == "geometric_mean"
    for absent in ("abc", "mfi"):
        assert record[absent] is None
    assert record["ci95"] == record["ci95_analysis"] == [None, None]
    assert record["abc_median"] > 0


@pytest.mark.parametrize(("share", "severity"), [(0.01, Severity.WARN), (0.03, Severity.REJECT)])
def test_channel_0_of_a_log_amplifier_is_a_value_without_a_logarithm(share, severity):
    calibur = bench("sepsis_calibur", events=20_000)
    inside = np.flatnonzero(monocytes(calibur.result()))
    rows = inside[: int(share * inside.size)]
    result = calibur.result(calibur.table(values={"FL2-H": put(rows, 0)}))
    assert ("NONPOSITIVE_VALUES", severity) in severities(result)
    assert result.measured.nonpositive_fraction == pytest.approx(share, abs=0.002)


def test_a_laboratory_that_reports_medians_is_not_stopped_by_them(sepsis, passed):
    inside = np.flatnonzero(monocytes(passed))
    table = exported(sepsis.table(), values={"Comp-PE-A": put(inside[: inside.size // 40], -50.0)})
    result = sepsis.result(table, assay=dataclasses.replace(ASSAY, statistic="median"))
    assert result.measured.statistic == "median"
    assert result.measured.abc == result.measured.abc_median


def test_numbers_that_are_none_are_in_no_gate_and_counted(sepsis, passed):
    inside = np.flatnonzero(monocytes(passed))
    lymphocytes = np.flatnonzero(population(passed, "lymphocytes").mask)
    rows = np.concatenate([inside[:6], lymphocytes[:6]])
    for none in (np.nan, np.inf, -np.inf):
        result = sepsis.result(exported(sepsis.table(), values={"Comp-PE-A": put(rows, none)}))
        finding = next(f for f in result.findings if f.code == "VALUES_NOT_FINITE")
        assert finding.severity is Severity.NOTE
        assert finding.message.startswith("12 of ")
        assert not monocytes(result)[rows].any()
        assert result.hla_dr.abc == pytest.approx(passed.hla_dr.abc, rel=0.02)
        assert result.internal_control.bright_abc is not None


# The detector's top, and the beads' range --------------------------------------------------------


def saturated(tubes, rows):
    """The blood with these events at the top of the PE detector, their spill in the others."""
    spillover = Spillover.from_table(tubes.table())
    leak = dict(
        zip(spillover.detectors, spillover.matrix[spillover.detectors.index("PE-A")], strict=True)
    )
    added = TOP - tubes.table().column("PE-A")[rows]

    def change(share):
        def add(stored):
            stored[rows] = np.minimum(stored[rows] + share * added, TOP)
            return stored

        return add

    return tubes.table(values={name: change(share) for name, share in leak.items()})


@pytest.mark.parametrize(
    ("share", "options", "severity"),
    [
        (0.005, {}, None),
        (0.02, {}, Severity.REJECT),
        (0.02, {"ferritin_ng_ml": 9000}, Severity.WARN),  # MALS whatever HLA-DR is
    ],
)
def test_monocytes_at_the_detectors_top_reject_where_the_class_could_change(
    paralysed, paralysed_monocytes, share, options, severity
):
    """Judged on the detector: compensation takes the pile-up off the top."""
    rows = paralysed_monocytes[: int(share * paralysed_monocytes.size)]
    result = paralysed.result(saturated(paralysed, rows), **options)
    found = {f.severity for f in result.findings if f.code == "MONOCYTES_SATURATED"}
    assert found == ({severity} if severity else set())


def test_saturation_far_above_every_cut_off_needs_a_signature_only():
    bright = bench("healthy")
    rows = np.flatnonzero(monocytes(bright.result()))
    result = bright.result(saturated(bright, rows[: rows.size // 30]), ferritin_ng_ml=500)
    assert ("MONOCYTES_SATURATED", Severity.WARN) in severities(result)
    assert result.verdict is Verdict.REVIEW


def on_canto(hla_dr, voltage=410.0):
    instrument = canto().at_voltage("PE", voltage)
    rng = np.random.default_rng(11)
    spec = dataclasses.replace(CASES["healthy"], hla_dr=hla_dr, events=25_000)
    return Bench(beads(BEAD_CASES["good"], instrument, rng), blood(spec, instrument, rng))


def test_above_the_top_bead_is_extrapolated_said_and_passes():
    bright = on_canto(90_000.0, voltage=370.0)
    result = bright.result()
    assert result.measured.range == "above"
    assert ("ABOVE_TOP_BEAD", Severity.NOTE) in severities(result)
    assert result.verdict is Verdict.PASS
    assert result.hla_dr.abc == pytest.approx(bright.truth, rel=0.05)


def test_below_the_lowest_bead_needs_a_signature():
    dim = on_canto(400.0)
    result = dim.result()
    assert result.measured.range == "below"
    assert ("BELOW_LOWEST_BEAD", Severity.WARN) in severities(result)
    assert result.verdict is Verdict.REVIEW


def test_within_the_beads_nothing_is_said(passed):
    assert passed.measured.range == "within"
    assert not {"ABOVE_TOP_BEAD", "BELOW_LOWEST_BEAD"} & codes(passed)


# Two statistics, one class -----------------------------------------------------------------------


def test_two_populations_of_monocytes_make_the_statistics_disagree(sepsis, passed):
    inside = np.flatnonzero(monocytes(passed))[::3]

    def split(stored):
        stored[inside] *= 0.12
        return stored

    result = sepsis.result(exported(sepsis.table(), values={"Comp-PE-A": split}))
    assert result.measured.abc_median / result.measured.abc > 1.10
    assert ("STATISTICS_DISAGREE", Severity.WARN) in severities(result)
    assert result.verdict is Verdict.REVIEW
    assert "STATISTICS_DISAGREE" not in codes(passed)


def test_statistics_on_either_side_of_a_cut_off_disagree_however_close(sepsis, passed):
    """The lot's values are scaled so that 5,000 lies between the mean and the median."""
    between = np.sqrt(passed.measured.abc * passed.measured.abc_median)
    values = (float(value) * 5000.0 / between for value in sepsis.lot.split(","))
    result = sepsis.result(lot=",".join(f"{value:.6f}" for value in values), ferritin_ng_ml=500)
    assert (result.measured.abc < 5000) != (result.measured.abc_median < 5000)
    assert ("STATISTICS_DISAGREE", Severity.WARN) in severities(result)
    assert result.verdict is Verdict.REVIEW


def test_a_cut_off_inside_the_interval_of_the_analysis_needs_a_signature():
    result = bench("hla_dr_5000").result(ferritin_ng_ml=500)
    assert ("CUT_OFF_WITHIN_INTERVAL", Severity.WARN) in severities(result)
    assert result.classification.decisive is False
    assert result.verdict is Verdict.REVIEW


def test_classes_of_sound_samples(sepsis, paralysed):
    for sample, ferritin, expected in (
        (paralysed, 500, "immunoparalysis"),
        (sepsis, 500, "unclassified"),
        (paralysed, 9000, "MALS"),
        (paralysed, None, "undetermined"),
    ):
        classified = sample.result(ferritin_ng_ml=ferritin).to_dict()["classification"]
        assert classified["class"] == expected
        assert expected == "undetermined" or classified["decisive"] is True


def test_mals_rests_on_ferritin_alone_even_where_the_number_may_not_be_used(paralysed):
    beads_elsewhere = paralysed.bead_table(keywords={"$CYTSN": "V99999999"})
    result = paralysed.result(bead_table=beads_elsewhere, ferritin_ng_ml=9000)
    assert result.verdict is Verdict.REJECT
    assert result.to_dict()["classification"]["class"] == "MALS"


# The internal control ----------------------------------------------------------------------------


def test_b_cells_and_t_cells_prove_the_stain(sepsis, passed):
    control = passed.internal_control
    b_cells = sepsis.blood.antibodies[sepsis.blood.are("B cell")]
    truth = np.exp(np.mean(np.log(b_cells)))
    assert 0.5 * truth < control.bright_abc < 1.2 * truth  # activated T cells are among them
    assert 0 < control.negative_abc < 500
    assert passed.evidence.bright.sum() == control.bright_events
    assert not np.any(passed.evidence.bright & passed.evidence.negative)


def test_no_b_cells_needs_a_signature():
    result = bench("no_b_cells").result()
    assert ("NO_BRIGHT_CLUSTER", Severity.WARN) in severities(result)
    assert result.internal_control.bright_abc is None
    assert result.verdict is Verdict.REVIEW


def test_a_forgotten_hla_dr_stain_is_not_immunoparalysis():
    result = bench("hla_dr_forgotten").result(ferritin_ng_ml=500)
    assert ("NO_HLA_DR_STAIN", Severity.REJECT) in severities(result)
    assert_rejected(result)


def test_a_laboratorys_own_range_of_the_control_is_in_force(sepsis, passed):
    bright, negative = passed.internal_control.bright_abc, passed.internal_control.negative_abc
    own = dataclasses.replace(
        ASSAY.internal_control, bright=(0.9 * bright, 1.1 * bright), negative=(0.0, negative)
    )
    result = sepsis.result(assay=dataclasses.replace(ASSAY, internal_control=own))
    assert doubts(result) == {"CONTROL_NEGATIVE_OUT_OF_RANGE"}
    own = dataclasses.replace(own, bright=(1.1 * bright, 2.0 * bright), negative=None)
    result = sepsis.result(assay=dataclasses.replace(ASSAY, internal_control=own))
    assert doubts(result) == {"CONTROL_BRIGHT_OUT_OF_RANGE"}


# What the number may not depend on ---------------------------------------------------------------


def test_the_gate_never_looks_at_hla_dr(sepsis):
    table = exported(sepsis.table())
    expected = sepsis.result(table)
    rng = np.random.default_rng(8)
    for change in (rng.permutation, lambda stored: np.full(stored.size, 3.0e4)):
        result = sepsis.result(exported(sepsis.table(), values={"Comp-PE-A": change}))
        for one, other in zip(expected.gating.populations, result.gating.populations, strict=True):
            np.testing.assert_array_equal(one.mask, other.mask)
        assert result.gating.confidence == expected.gating.confidence
        assert result.measured.mfi != expected.measured.mfi


@pytest.mark.parametrize(("data_type", "byte_order"), [("I", "big"), ("F", "little"), ("D", "big")])
def test_the_way_numbers_are_stored_does_not_matter(data_type, byte_order):
    """The same whole numbers as integers, floats and doubles, either end first."""
    navios = bench("healthy_navios", events=15_000)
    expected = navios.result()
    style = dataclasses.replace(
        navios.blood.recording.style, data_type=data_type, byte_order=byte_order
    )
    again = dataclasses.replace(navios.blood.recording, style=style)
    result = navios.result(io.BytesIO(again.to_bytes()))
    np.testing.assert_array_equal(monocytes(expected), monocytes(result))
    assert result.measured.abc == expected.measured.abc


def test_the_same_files_give_the_same_record_in_any_thread(sepsis):
    files = [written(tube.recording) for tube in (sepsis.blood, sepsis.beads)]

    def record(_):
        blood_file, bead_file = map(io.BytesIO, files)
        return hladr.quantify(blood_file, beads=bead_file, lot=sepsis.lot).to_dict()

    with ThreadPoolExecutor(3) as pool:
        records = list(pool.map(record, range(3)))
    assert records[0] == records[1] == records[2] == record(0)


AGAIN = """
import json, sys, hladr
blood, beads, lot = sys.argv[1:]
print(json.dumps(hladr.quantify(blood, beads=beads, lot=lot).to_dict(), sort_keys=True))
"""


def test_the_same_files_give_the_same_record_in_another_process_and_time(sepsis, tmp_path):
    paths = [tmp_path / "blood.fcs", tmp_path / "beads.fcs"]
    for path, tube in zip(paths, (sepsis.blood, sepsis.beads), strict=True):
        path.write_bytes(written(tube.recording))
    here = hladr.quantify(paths[0], beads=paths[1], lot=sepsis.lot).to_dict()
    root = hladr.__file__.rsplit("/", 2)[0]
    ran = subprocess.run(
        [sys.executable, "-c", AGAIN, *map(str, paths), sepsis.lot],
        capture_output=True, text=True, check=True, cwd=root,
        env={"PATH": "", "TZ": "Pacific/Kiritimati", "PYTHONHASHSEED": "7", "PYTHONPATH": root},
    )  # fmt: skip
    assert ran.stdout.strip() == json.dumps(here, sort_keys=True)
